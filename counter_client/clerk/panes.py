"""The clerk's screen as lines of text: from the view to what stands in each pane. Pure, for any width."""

from textual.content import Content

from counter_client.clerk.acts import BEYOND, KEYS, MAIN, MORE, Act
from counter_client.clerk.bundles import matter_lines
from counter_client.clerk.view import ClerkView, Given, Visitor, nobody_words
from counter_client.widgets.block_letters import block_letters
from counter_client.widgets.key_bar import OWN_KEYS, key_row, key_rows
from counter_client.widgets.look import (
    CLASS_COLOURS,
    FAINT,
    SOFT,
    STATE_COLOURS,
    badge,
    cut,
    line,
    lines,
    pair,
    pair_in,
    spread,
)
from counter_client.words import CLASSES, Tongue, Words
from hall_controller.domain.counter import CounterState
from hall_controller.domain.ticket import VisitorClass
from hall_controller.i18n import times

WHAT_NOW = {
    CounterState.CLOSED: Words("按 空格 开窗", "Space opens the counter"),
    CounterState.READY: Words("按 空格 叫下一位", "Space calls the next visitor"),
    CounterState.PAUSED: Words("按 空格 恢复", "Space ends the pause"),
    CounterState.WRAPPING_UP: Words("整理完按 空格", "Space when the paperwork is done"),
}

NEXT = Words("接下来", "Next")
USUAL_ROWS = 13
"""What stands at the side on other days; with fewer rows left by receipts only the waiting stays."""


def visitor_pane(view: ClerkView, tongue: Tongue, columns: int, rows: int) -> Content:
    """The state, the number as large as it fits, and what the clerk needs to know of the visitor."""
    colour = STATE_COLOURS.get(view.state, "")
    top = spread(_state(view, tongue), _clock(view, tongue), columns)
    if view.visitor is None:
        return lines([top, *_nobody(view, tongue, columns, rows - 1)])
    about = _about(view.visitor, tongue, columns, rows)
    spare = rows - 1 - len(about)
    number = [line((row, f"bold {colour}")) for row in block_letters(view.visitor.number, columns, max(1, spare))]
    gap = max(0, spare - len(number))
    above = [Content("")] * (1 if gap > 1 else 0)
    below = [Content("")] * min(2, gap - len(above))
    return lines([top, *above, *number, *below, *about])


def frame(view: ClerkView, tongue: Tongue, columns: int) -> tuple[Content, Content]:
    """For the border: until when the hall is open above; below, what is out of the ordinary."""
    out = Words("末号已发", "last ticket is out") if view.last_ticket else None
    beside = [words for words in (view.lunch, out) if words is not None]
    below = Words("；".join(words.zh for words in beside), "; ".join(words.en for words in beside))
    room = columns - 4
    return (
        pair_in(view.hours, tongue, room, "bold"),
        pair_in(below, tongue, room, "bold $accent") if beside else Content(""),
    )


def _state(view: ClerkView, tongue: Tongue) -> Content:
    state = badge(view.state_words.both(tongue), STATE_COLOURS.get(view.state, ""))
    if view.pausing:
        pause = (Words("办完午休", "then LUNCH") if view.lunch else Words("办完暂停", "then PAUSE")).both(tongue)
        return line(state, " ", badge(pause, STATE_COLOURS[CounterState.PAUSED]))
    if view.visitor is not None and view.visitor.calls > 1 and view.state is CounterState.CALLING:
        return line(state, " ", pair(Words(f"第{view.visitor.calls}次", f"call {view.visitor.calls}"), tongue))
    if view.visitor is not None and view.visitor.resumed and view.state is CounterState.SERVING:
        return line(state, " ", pair(Words("续办", "resumed"), tongue))
    return state


def _clock(view: ClerkView, tongue: Tongue) -> Content:
    """How long it has been so; while serving, against the usual time of the matter."""
    if view.state is CounterState.CLOSED:
        return Content("")
    if view.visitor is None or view.state is not CounterState.SERVING:
        return line((times.clock(view.since_s).first(tongue), "bold"))
    now = times.clock(view.visitor.here_s).first(tongue)
    if view.visitor.usual_s is None or view.pausing:
        return line((now, "bold"))
    usual = f"{view.visitor.usual_s // 60}"
    if view.visitor.over_usual:
        over = Words(f"超过常规 {usual} 分", f"over {usual} min").first(tongue)
        return line((now, "bold $warning"), " ", (over, "$warning"))
    return line((now, "bold"), " ", (Words(f"常规 {usual} 分", f"usual {usual} min").first(tongue), SOFT))


def _about(visitor: Visitor, tongue: Tongue, columns: int, rows: int) -> list[Content]:
    """Matter, class, language, wait, documents: six lines where there is little room, more where there is."""
    plain = visitor.visitor_class is VisitorClass.ORDINARY
    colour = CLASS_COLOURS.get(visitor.visitor_class, "")
    kind = CLASSES[visitor.visitor_class]
    wide = pair(kind, tongue) if plain else badge(kind.both(tongue), colour)
    narrow = line(kind.first(tongue)) if plain else badge(kind.first(tongue), colour)
    who = (
        line(wide, "  ", pair(visitor.language, tongue)),
        line(narrow, "  ", pair(visitor.language, tongue)),
        line(narrow, "  ", visitor.language.first(tongue)),
    )
    lasted = times.clock(visitor.wait_s)
    waited = line(Words(f"等了 {lasted.zh}", f"waited {lasted.en}").first(tongue))
    shown = next((one for one in who if one.cell_length + waited.cell_length < columns), who[-1])
    head = pair(visitor.matter, tongue, "bold")
    if visitor.matters:
        count = Words(f"{len(visitor.matters)} 件事项", f"{len(visitor.matters)} matters")
        head = line(badge(visitor.progress, "$primary"), " ", pair(visitor.theme or count, tongue, "bold"))
    about = [
        cut(head, columns),
        spread(shown, waited, columns),
    ]
    if rows >= 20:
        about.append(Content(""))
    least = 4 - (rows < 14) - (visitor.receipt is not None)
    if visitor.receipt is not None:
        about.append(_come_for(visitor, tongue, columns))
    if visitor.matters:
        return [*about, *_matters(visitor, tongue, columns, least if rows < 20 else 14)]
    head = pair(Words("材料", "Documents"), tongue, "bold $accent")
    if visitor.documents is None:
        return about
    if not visitor.documents:
        return [*about, line(head, " ", pair(Words("无需材料", "none needed"), tongue))]
    room = min(len(visitor.documents) + 1, least if rows < 20 else 10)
    return [*about, *_documents(head, visitor.documents, tongue, columns, room)]


def _come_for(visitor: Visitor, tongue: Tongue, columns: int) -> Content:
    """The receipt of the result, and whether it can be handed out."""
    stands = visitor.receipt_stands or Words("已发放", "handed out")
    return cut(
        line(
            pair(Words("回执", "Receipt"), tongue, "bold $accent"),
            " ",
            (visitor.receipt or "", "bold"),
            " ",
            (stands.first(tongue), "bold"),
        ),
        columns,
    )


def _matters(visitor: Visitor, tongue: Tongue, columns: int, room: int) -> list[Content]:
    told = [cut(row, columns) for row in matter_lines(visitor.matters, tongue, room)]
    hidden = len(visitor.matters) - len(told)
    if hidden > 0:
        more = line((Words(f"M 还有 {hidden} 件", f"M: {hidden} more").first(tongue), SOFT))
        told[-1] = spread(told[-1], more, columns)
    return told


def _documents(head: Content, documents: tuple[Words, ...], tongue: Tongue, columns: int, room: int) -> list[Content]:
    """One a line where there is room; otherwise the last line tells how many more there are."""
    if len(documents) + 1 <= room:
        return [head, *(cut(line("- ", pair(name, tongue)), columns) for name in documents)]
    names = "、".join(name.zh for name in documents) if tongue == "zh" else ", ".join(name.en for name in documents)
    count = Words(f"{len(documents)} 项", f"{len(documents)} items").first(tongue)
    return [line(head, " ", (count, SOFT)), *_wrapped(names, columns, room - 1)]


def _wrapped(text: str, columns: int, rows: int) -> list[Content]:
    wrapped = Content(text).wrap(columns) if text else []
    if len(wrapped) <= rows:
        return list(wrapped)
    return [*wrapped[: rows - 1], cut(line(wrapped[rows - 1], " " * columns), columns)]


def _nobody(view: ClerkView, tongue: Tongue, columns: int, rows: int) -> list[Content]:
    """Nobody at the counter: who waits, and what to press."""
    told = [pair_in(words, tongue, columns, style) for words, style in _why_nobody(view)]
    if view.undo is not None:
        told.append(pair(Words(f"上一步：{view.undo.zh}", f"last: {view.undo.en}"), tongue))
        told.append(pair(Words("Z 可撤销", "Z takes it back"), tongue, SOFT))
    if view.held:
        names = " ".join(held.number for held in view.held)
        told.append(pair(Words(f"G 取回：{names}", f"G gets back {names}"), tongue))
    if view.state in WHAT_NOW and not view.shut and not (view.push and view.state is CounterState.READY):
        told += [Content(""), pair(WHAT_NOW[view.state], tongue, f"bold {STATE_COLOURS.get(view.state, '')}")]
    above = max(0, (rows - len(told)) // 2)
    return [Content("")] * above + [_centred(row, columns) for row in told]


def _why_nobody(view: ClerkView) -> list[tuple[Words, str]]:
    if view.shut:
        return [(view.hours, "bold $warning")]
    if view.state is CounterState.WRAPPING_UP and view.wrap_up_left_s is not None:
        return [(Words(f"{view.wrap_up_left_s} 秒后自动派号", f"next in {view.wrap_up_left_s} s"), "bold")]
    if view.state is CounterState.PAUSED:
        return [(view.lunch or Words("窗口暂停叫号", "no visitors are called here"), "bold")]
    if view.state is not CounterState.READY:
        return []
    if view.push:
        return [(Words("等待派号", "the next visitor comes by itself"), "bold")]
    if count := view.waiting.for_here:
        return [(Words(f"{count} 位可叫", f"{count} waiting for you"), "bold")]
    nobody = (nobody_words(view.waiting.total), "bold")
    if view.second_call is None:
        return [nobody]
    again = Words(f"过号的 {view.second_call} 再叫一次", f"{view.second_call} missed: one more call")
    return [nobody, (again, "bold $warning")]


def _centred(content: Content, columns: int) -> Content:
    return line(" " * max(0, (columns - content.cell_length) // 2), content)


def side_pane(view: ClerkView, tongue: Tongue, columns: int, rows: int, *, able: bool = True) -> Content:
    """The visitor's receipts first; who waits, the clerk's own day, who is held here."""
    given = view.visitor.receipts if view.visitor is not None else ()
    if not given:
        return lines(_usual_side(view, tongue, columns, rows, able=able))
    receipts = [*_given(given, tongue, rows - 3), Content("")]
    spare = rows - len(receipts)
    usual = _usual_side(view, tongue, columns, spare, able=able)
    if spare < USUAL_ROWS:
        usual = [usual[0], _oldest(view, tongue, columns), *([_next(view, tongue, columns)] if view.upcoming else [])]
    return lines([*receipts, *usual][:rows])


def _usual_side(view: ClerkView, tongue: Tongue, columns: int, rows: int, *, able: bool) -> list[Content]:
    """Where it is tight, those who come next share one line and the empty lines go."""
    waiting, today = view.waiting, view.today
    mean = times.clock(view.mean_service_s).first(tongue) if view.mean_service_s is not None else "-"
    above = [
        _row(Words("等候", "Waiting"), str(waiting.total), tongue, columns, "bold $accent"),
        *(
            _row(CLASSES[kind], str(count), tongue, columns, CLASS_COLOURS.get(kind, ""), indent=1)
            for kind, count in waiting.by_class.items()
        ),
    ]
    if waiting.for_here != waiting.total:
        above.append(_row(Words("本窗可叫", "For you"), str(waiting.for_here), tongue, columns, "bold", indent=1))
    above.append(_oldest(view, tongue, columns))
    who = f" {view.clerk}" if view.clerk else ""
    own = [
        line(pair(Words("今日", "Today"), tongue, "bold $accent"), (who, "bold")),
        *([_hand_over(able, tongue)] if view.clerk else []),
        _row(Words("办理", "Visits"), str(today.visits), tongue, columns, indent=1),
        _row(Words("平均", "Mean"), mean, tongue, columns, indent=1),
        _row(Words("过号", "No-shows"), str(today.no_shows), tongue, columns, indent=1),
    ]
    gap = [Content("")] if rows >= 14 else []
    tall = [*above, *gap, *own, *gap]
    tall += _held(view, tongue, columns, rows - len(tall))
    spare = rows - len(tall) - 2
    if not view.upcoming:
        return tall[: max(1, rows)]
    if spare < min(2, len(view.upcoming)):
        told = [*above, _next(view, tongue, columns), *own]
        return [*told, *_held(view, tongue, columns, rows - len(told))][: max(1, rows)]
    tall += [Content(""), pair(NEXT, tongue, "bold $accent")]
    tall += [
        line(" ", (number.ljust(6), "bold"), pair(CLASSES[kind], tongue, CLASS_COLOURS.get(kind, "")))
        for number, kind in view.upcoming[:spare]
    ]
    return tall[: max(1, rows)]


def _next(view: ClerkView, tongue: Tongue, columns: int) -> Content:
    """As many whole numbers as the line holds, each in the colour of its class."""
    told = line((NEXT.first(tongue), "bold $accent"))
    for number, kind in view.upcoming:
        if told.cell_length + 1 + len(number) > columns:
            break
        told = line(told, " ", (number, f"bold {CLASS_COLOURS.get(kind, '')}"))
    return told


def _oldest(view: ClerkView, tongue: Tongue, columns: int) -> Content:
    waiting = view.waiting
    oldest = times.clock(waiting.oldest_s).first(tongue) if waiting.oldest_s is not None else "-"
    return _row(Words("最久", "Longest"), oldest, tongue, columns, "bold")


def _given(given: tuple[Given, ...], tongue: Tongue, rows: int) -> list[Content]:
    """The receipts of this visit stand here until its visitor leaves, the last one always in sight."""
    told = []
    for one in given:
        told.append(line(" ", (one.receipt, "bold")))
        if one.owed is not None:
            told.append(line("  ", (one.owed.first(tongue), "bold $warning")))
    head = pair(Words(f"回执 {len(given)}", "Receipts"), tongue, "bold $accent")
    return [head, *told[max(0, len(told) - rows + 1) :]]


def _hand_over(able: bool, tongue: Tongue) -> Content:
    key = KEYS[Act.HAND_OVER]
    cap = f" {key.key.upper()} "
    return line(" ", (cap, "bold reverse" if able else FAINT), " ", pair(key.label, tongue, "" if able else FAINT))


def _held(view: ClerkView, tongue: Tongue, columns: int, rows: int) -> list[Content]:
    told = [_row(Words("挂起", "Held"), str(len(view.held)), tongue, columns, "bold $accent")]
    told += [
        spread(line(" ", (held.number, "bold")), line(times.clock(held.for_s).first(tongue)), columns)
        for held in view.held
    ]
    if len(told) > max(1, rows):
        names = " ".join(held.number for held in view.held)
        return [told[0], cut(line(" ", (names, "bold")), columns)][: max(1, rows)]
    if view.missed and len(told) < rows:
        told.append(_row(Words("过号待回", "Missed"), str(view.missed), tongue, columns))
    return told


def _row(words: Words, value: str, tongue: Tongue, columns: int, style: str = "", indent: int = 0) -> Content:
    return spread(line(" " * indent, pair(words, tongue, style)), line((value, "bold")), columns)


def keys_pane(able: frozenset[Act], view: ClerkView, tongue: Tongue, columns: int) -> Content:
    """All keys, those that do something now on light ground; the rarer ones in one line of their own."""
    more = [(KEYS[act].key, _label(act, view), act in able) for act in MORE]
    more += OWN_KEYS
    main = [(KEYS[act].key, _label(act, view), act in able) for act in MAIN]
    beyond = [(KEYS[act].key, KEYS[act].label, act in able) for act in BEYOND]
    return lines(
        [
            *key_rows(main, tongue, columns),
            *key_rows(more, tongue, columns, bold=False),
            key_row(beyond, tongue, columns),
        ]
    )


def _label(act: Act, view: ClerkView) -> Words:
    if act is Act.OPEN and view.state is not CounterState.CLOSED:
        return Words("关窗", "Close")
    if act is Act.PAUSE and (view.pausing or view.state is CounterState.PAUSED):
        return Words("恢复", "Resume")
    if act is Act.NEXT and view.push:
        return Words("完毕", "Ready")
    return KEYS[act].label
