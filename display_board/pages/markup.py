"""Views as HTML: pure text in, escaped markup out. The board is cut into regions, so that only what changed is sent."""

import math

from display_board.pages.board_view import Banner, BannerKind, BoardView, CallRow
from display_board.pages.calls import CROWDED, USUAL
from display_board.pages.counter_view import CounterView
from display_board.pages.words import Words
from hall_controller.domain.plain_text import markup as escape

ARROW = '<svg class="arrow" viewBox="0 0 24 24" aria-hidden="true"><path d="M3 9h10V3l9 9-9 9v-6H3z"/></svg>'
WARNING_SIGN = (
    '<svg class="sign" viewBox="0 0 24 24" aria-hidden="true">'
    '<path fill-rule="evenodd" d="M12 1 24 22H0zm-1.3 7 .4 7h1.8l.4-7zm1.3 8.2a1.5 1.5 0 1 0 0 3 1.5 1.5 0 0 0 0-3z"/>'
    "</svg>"
)
CLOCK_SIGN = (
    '<svg class="sign" viewBox="0 0 24 24" aria-hidden="true">'
    '<path fill-rule="evenodd" d="M12 1a11 11 0 1 0 0 22 11 11 0 0 0 0-22zm0 2.4a8.6 8.6 0 1 1 0 17.2 8.6 8.6 0 0 1 '
    '0-17.2zM10.8 6v7l5 3 1.2-2-3.8-2.3V6z"/></svg>'
)

WIDE, TALL, BAR = (134, 66), (104, 95), 10
"""Width and height of a panel full of calls, about, on a screen that lies and one that stands; what a banner takes;"""
TILE_EM, TILE_HEIGHT_EM = 1.8, 1.25
"""and what one of many calls takes beside its letters, in multiples of their size."""
NOTICE_FITS_EM = 36.0
"""How wide a notice may be, in its own letters, before it runs along its line."""
NOTICE_EN_FITS_EM = 52.0
HEAD = 111.0
"""The width of the top line beside the clock, in hundredths of the screen's height as all of these are."""
NAME, NAME_EN, STATE, STATE_EN, TIMES, HEAD_GAPS = 4.7, 2.4, 3.0, 2.55, 3.7, 5.0
"""The letters of the hall's name, of what its hours are now, and of its hours; and what lies between."""
MARK = 30.0
"""What the mark of a rehearsal takes."""
NAME_LEAST = 18.0
EM_PER_S = 3.2
"""The speed of a running notice: slow enough to be read aloud."""


def em_width(text: str) -> float:
    """About how wide a text is in the board's bold letters, in multiples of their size."""
    return sum(_em(letter) for letter in text)


def _em(letter: str) -> float:
    if ord(letter) >= 0x2E80:
        return 1.0
    if letter in "MW":
        return 0.9
    if letter.isupper():
        return 0.67
    return 0.28 if letter in " .,:;'|!il" else 0.575


def both(words: Words) -> str:
    """Chinese first, English after it; nothing where a language has nothing to say."""
    zh = f'<span class="zh" lang="zh">{escape(words.zh)}</span>' if words.zh else ""
    en = f'<span class="en" lang="en">{escape(words.en)}</span>' if words.en else ""
    return f"{zh} {en}".strip()


COLUMNS = f'<span class="columns">{both(Words("号码", "Number"))}{ARROW}{both(Words("窗口", "Counter"))}</span>'


def board_regions(view: BoardView) -> dict[str, str]:
    """The board's HTML by region, in the order of the page."""
    return {
        "head": _head(view),
        "clock": _clock(view),
        "banners": "".join(_banner(banner) for banner in view.banners),
        "panel": _panel(view),
        "facts": _facts(view),
        "recent": _recent(view),
        "notice": _notice(view.notice),
    }


def _banner(banner: Banner) -> str:
    sign = CLOCK_SIGN if banner.kind is BannerKind.NEWS else WARNING_SIGN
    return f'<div class="banner {banner.kind}" role="status">{sign}<p>{both(banner.words)}</p></div>'


def _head(view: BoardView) -> str:
    state_zh, state_en = view.today.state.zh, view.today.state.en
    taken = max(STATE * em_width(state_zh), STATE_EN * em_width(state_en)) + HEAD_GAPS
    taken += TIMES * max(map(em_width, view.today.hours), default=0.0) + (MARK if view.rehearsal else 0.0)
    room = max(NAME_LEAST, HEAD - taken)
    fit = max(1.0, NAME * em_width(view.name.zh) / room)
    fit_en = max(1.0, NAME_EN * em_width(view.name.en) / room)
    mark = f'<span class="mark">{both(Words("演练", "Rehearsal"))}</span>' if view.rehearsal else ""
    times = "".join(f"<span>{hours}</span>" for hours in view.today.hours)
    state = f'<span class="state {view.today.phase}">{both(view.today.state)}</span>'
    return (
        f'<h1 style="--fit:{fit:.3f};--fit-en:{fit_en:.3f}">{both(view.name)}</h1>{mark}'
        f'<div class="hours">{state}<span class="times">{times}</span></div>'
    )


def _clock(view: BoardView) -> str:
    clock = view.clock
    special = f'<span class="special">{both(view.today.special)}</span>' if view.today.special.zh else ""
    return (
        f'<span class="date">{both(clock.date)}{special}</span>'
        f'<time data-ms="{clock.at_ms}" data-offset="{clock.offset_min}">{clock.time}</time>'
    )


def _panel(view: BoardView) -> str:
    calls = view.calls
    if not calls:
        head, detail = view.idle
        more = f'<p class="more">{both(detail)}</p>' if detail.zh else ""
        return f'<div class="idle {view.today.phase}"><p>{both(head)}</p>{more}</div>'
    title = both(Words("正在叫号", "Now calling"))
    if len(calls) > CROWDED:
        return f"<h2>{title}{COLUMNS}</h2>{_many(calls, len(view.banners) + bool(view.notice.zh))}"
    layout = f"n{len(calls)}" if len(calls) <= USUAL else "crowd"
    return f'<h2>{title}</h2><div class="calls {layout}">{"".join(_call(call) for call in calls)}</div>'


def _many(calls: tuple[CallRow, ...], bars: int) -> str:
    """All of them in the largest letters that fit: number and counter alone; `bars` counts banners and notice."""
    number, counter = max(em_width(call.number) for call in calls), max(em_width(str(call.counter)) for call in calls)
    width = number + counter + TILE_EM
    wide, tall = (_columns(len(calls), width, across / (high - BAR * bars)) for across, high in (WIDE, TALL))
    tiles = "".join(
        f"<div {_called(call)}>"
        f'<span class="number">{escape(call.number)}</span>{ARROW}'
        f'<span class="counter"><b>{call.counter}</b></span></div>'
        for call in calls
    )
    grids = "".join(
        f"--{name}columns:{columns};--{name}rows:{math.ceil(len(calls) / columns)};"
        for name, columns in (("", wide), ("tall-", tall))
    )
    return f'<div class="calls many" style="{grids}--width:{width:.2f}">{tiles}</div>'


def _columns(count: int, width_em: float, ratio: float) -> int:
    """In how many columns the letters of so many calls are the largest; `ratio` is the panel's width by its height."""
    return max(range(2, 13), key=lambda n: min(ratio / n / width_em, 1 / math.ceil(count / n) / TILE_HEIGHT_EM))


def _called(call: CallRow) -> str:
    """The attributes of one call, whatever its size."""
    number = escape(call.number)
    return (
        f'class="call{" fresh" if call.fresh else ""}" data-number="{number}" data-counter="{call.counter}"'
        f' role="alert" aria-label="请{number}号到{call.counter}号窗口"'
    )


def _call(call: CallRow) -> str:
    number, em = escape(call.number), em_width(call.number)
    return (
        f'<div {_called(call)} style="--number:{em:.2f};--counter:{em_width(str(call.counter)):.2f}">'
        f'<span class="number">{number}</span>{ARROW}{_counter(call)}</div>'
    )


def _counter(call: CallRow) -> str:
    again = f'<span class="again">{both(Words("重呼", "Again"))}</span>' if call.again else ""
    word = both(Words("号窗口", "Counter"))
    return f'<span class="counter"><b>{call.counter}</b><span class="word">{word}{again}</span></span>'


def _facts(view: BoardView) -> str:
    classes = "".join(
        f'<span class="class"><span>{both(count.name)}</span> <b>{count.count}</b></span>' for count in view.by_class
    )
    most = f'<p class="most">{both(view.wait_most)}</p>' if view.wait_most.zh else ""
    return (
        f'<div class="fact waiting"><h3>{both(Words("等候人数", "Waiting"))}</h3>'
        f'<p class="value"><b>{view.waiting}</b>{classes and f"<span class=classes>{classes}</span>"}</p></div>'
        f'<div class="fact wait{" sure" if most else ""}"><h3>{both(view.wait_label)}</h3>'
        f'<p class="value">{both(view.wait)}</p>{most}</div>'
    )


def _recent(view: BoardView) -> str:
    rows = "".join(
        f'<li data-number="{escape(call.number)}" data-counter="{call.counter}">'
        f'<span class="number">{escape(call.number)}</span>{ARROW}{_counter(call)}</li>'
        for call in view.recent
    )
    more = f'<span class="more">+{view.missed_more}</span>' if view.missed_more else ""
    numbers = "".join(f'<span class="number">{escape(number)}</span>' for number in view.missed)
    missed = (
        f'<div class="missed"><h2>{both(Words("过号 请到导办台", "Missed: please ask at reception"))}</h2>'
        f"<p>{numbers}{more}</p></div>"
        if view.missed
        else ""
    )
    visits = f'<p class="visits">{both(view.visits)}</p>'
    return f"<h2>{both(Words('最近叫号', 'Called before'))}</h2><ol>{rows}</ol>{missed}{visits}"


def _notice(notice: Words) -> str:
    lines = _line(notice.zh, "zh", NOTICE_FITS_EM) + _line(notice.en, "en", NOTICE_EN_FITS_EM)
    return f'<div class="lines" role="note">{lines}</div>' if lines else ""


def _line(text: str, language: str, fits_em: float) -> str:
    """One line of the notice: still when it fits, else running through, as slowly however long it is."""
    if not text:
        return ""
    text = " ".join(text.split())
    width = em_width(text)
    if width <= fits_em:
        return f'<p class="{language}" lang="{language}">{escape(text)}</p>'
    seconds = (width + fits_em) / EM_PER_S
    return (
        f'<p class="{language} runs" lang="{language}">'
        f'<span style="animation-duration:{seconds:.1f}s">{escape(text)}</span></p>'
    )


def counter_markup(view: CounterView) -> str:
    """The whole small display."""
    number = escape(view.number)
    main = (
        f'<p class="lead">{both(view.lead)}</p>'
        f'<p class="number" style="--number:{em_width(view.number):.2f}">{number}'
        f'<span class="trail" lang="zh">{escape(view.trail.zh)}</span></p>'
        if view.number
        else f'<p class="alone">{both(view.lead)}</p>'
    )
    clerk = f"{both(Words('工号', 'Clerk'))} <b>{escape(view.clerk)}</b>" if view.clerk else ""
    word = f'<span class="word">{both(Words("号窗口", "Counter"))}</span>'
    after = both(Words("办完后暂停", "Pausing after this visitor")) if view.pausing else ""
    lost = both(Words("与叫号系统失去联系", "Connection lost"))
    warning = "" if view.heard else f'<div class="banner warning">{WARNING_SIGN}<p>{lost}</p></div>'
    return (
        f'<div class="display {escape(view.state)}{" fresh" if view.fresh else ""}" data-state="{escape(view.state)}"'
        f' data-number="{number}">'
        f'<header><span class="which"><b>{view.counter}</b>{word}</span><span class="clerk">{clerk}</span></header>'
        f'<section role="status">{main}</section><footer>{after}</footer>{warning}</div>'
    )
