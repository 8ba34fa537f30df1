"""What the advice says, in Chinese and English; its numbers are fields too."""

from enum import StrEnum

import msgspec

from hall_controller.domain.hours import local
from hall_controller.domain.rules import Rules


class Advised(StrEnum):
    OPEN = "open"
    """So many more counters than planned, by a moment."""
    CLOSE = "close"
    """So many fewer will do."""
    SHORT = "short"
    """All counters together do not hold the target."""
    HOLDS = "holds"
    """What is planned will do."""
    PLAN = "plan"
    """The most counters of a day, and when."""
    UNKNOWN = "unknown"
    """Nothing is known of who will come."""
    SHUT = "shut"


class Sentence(msgspec.Struct, frozen=True, kw_only=True):
    """One piece of advice."""

    kind: Advised
    counters: int | None = None
    by_ms: int | None = None
    """From this moment on."""
    until_ms: int | None = None
    all_until_ms: int | None = None
    """Until then all of them are needed; some until `until_ms`."""
    share: float | None = None
    """Called in time unless the advice is followed; with `short`, even if all counters are open."""
    paused: tuple[int, ...] = ()
    """Counters that are paused with no end told: the nearest that can be opened."""
    zh: str = ""
    en: str = ""


NAMED = 6
"""Paused counters that are named; of more only how many."""
TENTHS_ZH = {5: "五", 6: "六", 7: "七", 8: "八", 9: "九"}
TENTHS_EN = {5: "five", 6: "six", 7: "seven", 8: "eight", 9: "nine"}


def sentence(rules: Rules, one: Sentence) -> Sentence:
    """The same with its words."""
    zh, en = _WORDS[one.kind](rules, one)
    return msgspec.structs.replace(one, zh=zh, en=en)


def _goal(rules: Rules) -> tuple[str, str]:
    """What the hall aims at, e.g. 十位中有九位在15分钟内叫到, nine in ten under 15 minutes."""
    advice = rules.advice
    minutes = f"{advice.target_wait_s / 60:g}"
    tenths = round(advice.target_share * 10)
    if abs(advice.target_share * 10 - tenths) < 0.01 and tenths in TENTHS_EN:
        return (
            f"十位中有{TENTHS_ZH[tenths]}位在{minutes}分钟内叫到",
            f"{TENTHS_EN[tenths]} in ten under {minutes} minutes",
        )
    share = f"{advice.target_share:.0%}"
    return f"{share}的人在{minutes}分钟内叫到", f"{share} under {minutes} minutes"


def _at(rules: Rules, at_ms: int | None) -> str:
    return f"{local(rules, at_ms or 0):%H:%M}"


def _windows(number: int | None, *, more: bool = False) -> str:
    word = "more " if more else ""
    return f"{number or 0} {word}window{'s' if number != 1 else ''}"


def _paused(one: Sentence) -> tuple[str, str]:
    """The paused counters by their numbers; a few where there are many."""
    if not one.paused:
        return "", ""
    named, more = one.paused[:NAMED], len(one.paused) - NAMED
    zh = "、".join(map(str, named)) + (f"等{len(one.paused)}个" if more > 0 else "号")
    en = ", ".join(map(str, named)) + (f" and {more} more" if more > 0 else "")
    return f"（{zh}窗口正暂停，先恢复）", f" (resume {en} first: paused)"


def _open(rules: Rules, one: Sentence) -> tuple[str, str]:
    zh, en = _goal(rules)
    by, until, share = _at(rules, one.by_ms), _at(rules, one.until_ms), f"{one.share or 0:.0%}"
    till_zh, till_en = f"到{until}为止", f"until {until}"
    paused_zh, paused_en = _paused(one)
    more = _windows(one.counters, more=True)
    if one.all_until_ms not in (None, one.until_ms):
        till_zh = f"{_at(rules, one.all_until_ms)}起逐步减少，到{until}为止"
        till_en = f"fewer from {_at(rules, one.all_until_ms)}, the last until {until}"
    return (
        f"请在{by}前增开{one.counters}个窗口{paused_zh}，{till_zh}，使{zh}；按原安排只有{share}。",
        f"Open {more} by {by}{paused_en}, {till_en}, to keep {en}; as planned only {share}.",
    )


def _close(rules: Rules, one: Sentence) -> tuple[str, str]:
    by, until = _at(rules, one.by_ms), _at(rules, one.until_ms)
    return (
        f"{by}起可少开{one.counters}个窗口，到{until}为止。",
        f"{_windows(one.counters)} can close from {by} until {until}.",
    )


def _short(rules: Rules, one: Sentence) -> tuple[str, str]:
    by, until, share = _at(rules, one.by_ms), _at(rules, one.until_ms), f"{one.share or 0:.0%}"
    minutes = f"{rules.advice.target_wait_s / 60:g}"
    paused_zh, paused_en = _paused(one)
    few = f"even {_windows(one.counters)} call only {share} within {minutes} minutes"
    return (
        f"{by}到{until}，即使{one.counters}个窗口全开{paused_zh}，也只有{share}在{minutes}分钟内叫到；请分流或引导预约。",
        f"From {by} to {until} {few}{paused_en}; ask visitors to book, or to come later.",
    )


def _holds(rules: Rules, one: Sentence) -> tuple[str, str]:
    zh, en = _goal(rules)
    until = _at(rules, one.until_ms)
    return f"按现有安排，到{until}可使{zh}。", f"What is planned keeps {en} until {until}."


def _plan(rules: Rules, one: Sentence) -> tuple[str, str]:
    zh, en = _goal(rules)
    by, until = _at(rules, one.by_ms), _at(rules, one.until_ms)
    return (
        f"最多时（{by}到{until}）开{one.counters}个窗口，目标是使{zh}。",
        f"With {_windows(one.counters)} at the busiest ({by} to {until}), the roster aims at {en}.",
    )


def _unknown(rules: Rules, one: Sentence) -> tuple[str, str]:
    del rules, one
    return (
        "还不知道会来多少人：请等本厅积累至少一天，或今天先来几位。",
        "Nothing is known yet of who will come: let the hall learn from a day, or from today's first visitors.",
    )


def _shut(rules: Rules, one: Sentence) -> tuple[str, str]:
    del rules, one
    return "这一天不再服务，无需安排窗口。", "The hall does not serve any more on this day; no window is needed."


_WORDS = {
    Advised.OPEN: _open,
    Advised.CLOSE: _close,
    Advised.SHORT: _short,
    Advised.HOLDS: _holds,
    Advised.PLAN: _plan,
    Advised.UNKNOWN: _unknown,
    Advised.SHUT: _shut,
}
