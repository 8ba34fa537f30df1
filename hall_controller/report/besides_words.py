"""What people read of an account besides visits, in Chinese and English."""

import textwrap
from collections.abc import Mapping, Sequence
from typing import Any

from hall_controller.domain.commands import RatingReason
from hall_controller.domain.matters import Catalogue, How
from hall_controller.report import words

WAYS = {
    How.HERE: ("窗口", "at a counter"),
    How.ANY_HALL: ("就近大厅", "any hall"),
    How.ZERO_RUN: ("零跑动", "without a visit"),
    How.SELF_SERVICE: ("自助终端", "self-service"),
    How.INSTANT: ("秒批", "instant approval"),
    How.BY_PHONE: ("电话办理", "by phone"),
}
REASONS = {
    RatingReason.WAIT: ("等候太久", "the wait"),
    RatingReason.UNCLEAR: ("没讲清楚", "not explained"),
    RatingReason.UNFRIENDLY: ("态度不好", "unfriendly"),
    RatingReason.SENT_AWAY: ("让再跑一趟", "sent away"),
    RatingReason.NOT_SOLVED: ("没办成", "not solved"),
    RatingReason.PLACE: ("环境不好", "the place"),
}
MATTERS = {
    "handled": ("办结事项", "matters handled"),
    "left": ("留待下次", "left for another day"),
    "bundles": ("一次办多项的人次", "visits for several matters"),
}
ACCEPTANCES = {
    "accepted": ("受理", "accepted"),
    "on_credit": ("其中容缺受理", "of these with documents to come"),
    "supplied": ("补齐材料", "documents completed"),
    "withdrawn": ("撤回受理", "withdrawn"),
    "granted": ("准予", "granted"),
    "rejected": ("不予", "rejected"),
    "handed_out": ("窗口领取结果", "results handed out"),
    "delivered": ("邮寄或电子送达", "sent by post or electronically"),
}
STANDING = {
    "documents_outstanding": ("容缺待补", "documents outstanding"),
    "documents_overdue": ("其中逾期", "of these overdue"),
    "results_ready": ("结果待领取", "results waiting"),
}
PAPERS = {
    "sent": ("送出交接单", "lists sent"),
    "received": ("收到交接单", "lists received"),
    "under_way": ("在途", "under way"),
    "overdue": ("其中逾期", "of these overdue"),
}
BOOKINGS = {
    "booked": ("新预约", "booked"),
    "cancelled": ("取消预约", "cancelled"),
    "came": ("预约到场", "came"),
    "on_time": ("其中按时", "of these on time"),
    "late": ("其中迟到", "of these late"),
    "no_show": ("预约未到", "did not come"),
}
WAITED = {
    "on_time": ("预约按时", "booked, on time"),
    "late": ("预约迟到", "booked, late"),
    "walk_in": ("现场取号", "without a booking"),
}


def way(code: str) -> tuple[str, str]:
    return WAYS.get(How(code), (code, code))


def reason(code: str) -> tuple[str, str]:
    return REASONS.get(RatingReason(code), (code, code))


def mean_stars(ratings: Mapping[str, Any]) -> str:
    if not ratings["count"]:
        return words.NOTHING
    return f"{sum(int(stars) * count for stars, count in ratings['stars'].items()) / ratings['count']:.1f}"


def is_anything(found: Mapping[str, Any]) -> bool:
    return any(value for key, value in found.items() if isinstance(value, int))


# --- the page of text --------------------------------------------------------------------------


def text_lines(besides: Mapping[str, Any], catalogue: Catalogue | None) -> list[list[str]]:
    """Tables of lines; none of what did not happen."""
    tables = [
        _diversions(besides["diversions"], catalogue),
        _matters(besides["matters"]),
        _amounts("acceptances", besides["acceptances"], ACCEPTANCES, STANDING),
        _amounts("papers between halls", besides["papers"], PAPERS),
        _ratings(besides["ratings"]),
        _bookings(besides["bookings"]),
    ]
    return [[short for line in lines for short in _wrapped(line)] for lines in tables if lines]


def _wrapped(line: str) -> list[str]:
    """In 80 columns; what goes on is indented."""
    if words.columns(line) <= WIDTH:
        return [line]
    indent = " " * (len(line) - len(line.lstrip()) + 4)
    shown = line[len(indent) - 4 :]
    return textwrap.wrap(shown, WIDTH, initial_indent=indent[4:], subsequent_indent=indent)


WIDTH = 80


def _diversions(found: Mapping[str, Any], catalogue: Catalogue | None) -> list[str]:
    if not found["total"]:
        return []
    ways = ", ".join(f"{way(code)[1]} {count}" for code, count in found["way"].items())
    rows = {code: sum(ways.values()) for code, ways in found["matter"].items()}
    order = sorted(rows, key=lambda code: (-rows[code], code))[:TOP]
    return [
        f"visits that need not be: {found['total']} ({ways})",
        *(f"  {rows[code]:>6}  {' '.join(dict.fromkeys(words.matter_of(code, catalogue)))}" for code in order),
    ]


TOP = 5


def _matters(found: Mapping[str, int]) -> list[str]:
    if not (found["bundles"] or found["left"]):
        return []
    several = f"visits for several matters: {found['bundles']}"
    return [f"matters handled: {found['handled']}, left for another day: {found['left']}; {several}"]


def _amounts(title: str, found: Mapping[str, int], *names: Mapping[str, tuple[str, str]]) -> list[str]:
    if not is_anything(found):
        return []
    lines = [
        ", ".join(f"{said[1]} {found[key]}" for key, said in group.items() if found[key] or key in ALWAYS)
        for group in names
    ]
    first, *more = lines
    return [f"{title}: {first}", *(f"  at the end: {line}" for line in more if line)]


ALWAYS = ("accepted", "handed_out", "sent", "received")


def _ratings(found: Mapping[str, Any]) -> list[str]:
    if not found["count"]:
        return []
    counts = {number: found["stars"][number] for number in sorted(found["stars"], reverse=True)}
    stars = ", ".join(f"{'*' * int(number)} {count}" for number, count in counts.items() if count)
    lines = [f"ratings: {found['count']}, {mean_stars(found)} stars in the mean ({stars})"]
    if found["reasons"]:
        lines.append(
            "  reasons: " + ", ".join(f"{reason(code)[1]} {count}" for code, count in found["reasons"].items())
        )
    for one in found["low"]:
        where = f"counter {one['counter']}, {one['clerk']}" if one["counter"] is not None else ""
        why = ", ".join(reason(code)[1] for code in one["reasons"])
        said = f"“{one['comment']}”" if one["comment"] else ""
        line = "  ".join(part for part in (one["number"] or "", where, why, said) if part)
        lines.append(
            words.printable(f"  {one['day'][5:]} {one['time']}  {'*' * one['stars']:<4} {line}").replace("\n", " ")
        )
    return lines


def _bookings(found: Mapping[str, Any]) -> list[str]:
    if not is_anything(found):
        return []
    lines = ["bookings: " + ", ".join(f"{said[1]} {found[key]}" for key, said in BOOKINGS.items())]
    if not found["came"]:
        return lines
    lines.append(f"  {'waited':<22}{'visitors':>10}{'median':>10}{'9 in 10':>10}{'at most':>10}")
    for who, said in WAITED.items():
        waits = found["waits"][who]
        cells = (waits[key] for key in ("median_s", "nine_in_ten_s", "most_s"))
        times = "".join(f"{words.NOTHING if one is None else words.minutes(one, 1):>10}" for one in cells)
        lines.append(f"  {said[1]:<22}{waits['count']:>10}{times}")
    return lines


def rows(found: Mapping[str, Any]) -> Sequence[tuple[str, str, int]]:
    """For the table in CSV: what, which, how many."""
    made: list[tuple[str, str, int]] = [
        ("diversion", way_, count) for way_, count in found["diversions"]["way"].items()
    ]
    made += [("diverted_matter", code, sum(ways.values())) for code, ways in found["diversions"]["matter"].items()]
    for name in ("matters", "acceptances", "papers", "bookings"):
        made += [(name, key, count) for key, count in found[name].items() if isinstance(count, int)]
    made += [("stars", stars, count) for stars, count in found["ratings"]["stars"].items()]
    made += [("reason", code, count) for code, count in found["ratings"]["reasons"].items()]
    return [row for row in made if row[2]]
