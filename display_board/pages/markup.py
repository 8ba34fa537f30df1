"""Views as HTML: pure text in, escaped markup out. The board is cut into regions, so that only what changed is sent."""

from html import escape

from display_board.pages.board_view import BoardView, CallRow
from display_board.pages.calls import USUAL
from display_board.pages.counter_view import CounterView
from display_board.pages.words import Words

ARROW = '<svg class="arrow" viewBox="0 0 24 24" aria-hidden="true"><path d="M3 9h10V3l9 9-9 9v-6H3z"/></svg>'
WARNING_SIGN = (
    '<svg class="sign" viewBox="0 0 24 24" aria-hidden="true">'
    '<path fill-rule="evenodd" d="M12 1 24 22H0zm-1.3 7 .4 7h1.8l.4-7zm1.3 8.2a1.5 1.5 0 1 0 0 3 1.5 1.5 0 0 0 0-3z"/>'
    "</svg>"
)

NOTICE_FITS_EM = 36.0
"""How wide a notice may be, in its own letters, before it runs along its line."""
NOTICE_EN_FITS_EM = 52.0
NAME_FITS_EM, NAME_EN_FITS_EM = 13.0, 26.0
"""How wide the hall's name may be before its letters get smaller."""
MARK_TAKES = 0.45
"""The part of that room that the mark of a rehearsal takes."""
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


def board_regions(view: BoardView) -> dict[str, str]:
    """The board's HTML by region, in the order of the page."""
    return {
        "head": _head(view),
        "clock": _clock(view),
        "banners": "".join(
            f'<div class="banner {escape(banner.kind)}" role="status">{WARNING_SIGN}<p>{both(banner.words)}</p></div>'
            for banner in view.banners
        ),
        "panel": _panel(view.calls),
        "facts": _facts(view),
        "recent": _recent(view),
        "notice": _notice(view.notice),
    }


def _head(view: BoardView) -> str:
    room = 1 - MARK_TAKES if view.rehearsal else 1.0
    fit = max(1.0, em_width(view.name.zh) / NAME_FITS_EM / room)
    fit_en = max(1.0, em_width(view.name.en) / NAME_EN_FITS_EM / room)
    mark = f'<span class="mark">{both(Words("演练", "Rehearsal"))}</span>' if view.rehearsal else ""
    times = "".join(f"<span>{hours}</span>" for hours in view.opening.hours)
    state = f'<span class="state">{both(view.opening.state)}</span>'
    return (
        f'<h1 style="--fit:{fit:.3f};--fit-en:{fit_en:.3f}">{both(view.name)}</h1>{mark}'
        f'<div class="hours">{state}<span class="times">{times}</span></div>'
    )


def _clock(view: BoardView) -> str:
    clock = view.clock
    return (
        f'<span class="date">{both(clock.date)}</span>'
        f'<time data-ms="{clock.at_ms}" data-offset="{clock.offset_min}">{clock.time}</time>'
    )


def _panel(calls: tuple[CallRow, ...]) -> str:
    if not calls:
        idle = both(Words("请留意屏幕和语音叫号", "Please watch this screen and listen for your number"))
        return f'<div class="idle">{idle}</div>'
    layout = f"n{len(calls)}" if len(calls) <= USUAL else "crowd"
    title = f"<h2>{both(Words('正在叫号', 'Now calling'))}</h2>"
    return f'{title}<div class="calls {layout}">{"".join(_call(call) for call in calls)}</div>'


def _call(call: CallRow) -> str:
    number, em = escape(call.number), em_width(call.number)
    return (
        f'<div class="call{" fresh" if call.fresh else ""}" data-number="{number}" data-counter="{call.counter}"'
        f' style="--number:{em:.2f};--counter:{em_width(str(call.counter)):.2f}"'
        f' role="alert" aria-label="请{number}号到{call.counter}号窗口">'
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
    return (
        f'<div class="fact waiting"><h3>{both(Words("等候人数", "Waiting"))}</h3>'
        f'<p class="value"><b>{view.waiting}</b>{classes and f"<span class=classes>{classes}</span>"}</p></div>'
        f'<div class="fact wait"><h3>{both(Words("现在取号需等", "Wait for a new ticket"))}</h3>'
        f'<p class="value">{both(view.wait)}</p></div>'
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
    return f"<h2>{both(Words('最近叫号', 'Called before'))}</h2><ol>{rows}</ol>{missed}"


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
