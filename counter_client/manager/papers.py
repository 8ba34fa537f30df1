"""The pane of acceptances: papers between halls, documents to come, results that wait; the overdue on top. Pure."""

from collections.abc import Iterator

import msgspec
from textual.content import Content

from counter_client.manager.view import Matters
from counter_client.papers.screen import common_acts
from counter_client.papers.sending import to_send
from counter_client.papers.words import (
    accepted_matter,
    consignment_words,
    is_past,
    outstanding,
    owed_words,
    where_words,
)
from counter_client.widgets.dialogs import Entry
from counter_client.widgets.look import SOFT, cut, line, pair
from counter_client.words import Tongue, Words
from hall_controller.domain.acceptance import Acceptance, AcceptanceState, Consignment, is_overdue, is_under_way
from hall_controller.domain.hall import Hall, in_force
from hall_controller.i18n.terms import CARRIES

NAME = 18
"""Columns of a receipt's or a list's number."""
NAMED_IN_PALETTE = 60


class Standing(msgspec.Struct, frozen=True):
    """How much there is of each."""

    outstanding: int
    overdue: int
    """Of these, past their day."""
    lists: int
    lists_overdue: int
    to_send: int
    ready: int


def is_anything(hall: Hall) -> bool:
    return bool(hall.acceptances) or any(map(is_under_way, hall.consignments.values()))


def standing(hall: Hall, at_ms: int) -> Standing:
    acceptances = list(hall.acceptances.values())
    lists = [one for one in hall.consignments.values() if is_under_way(one)]
    return Standing(
        outstanding=sum(bool(one.outstanding_zh) for one in acceptances),
        overdue=sum(is_late(hall, one, at_ms) for one in acceptances),
        lists=len(lists),
        lists_overdue=sum(is_overdue(one, at_ms) for one in lists),
        to_send=sum(len(batch.receipts) for batch in to_send(hall)),
        ready=sum(one.state is AcceptanceState.READY for one in acceptances),
    )


def is_late(hall: Hall, one: Acceptance, at_ms: int) -> bool:
    """Documents are outstanding, and their day is past."""
    due = one.documents_due_day
    return bool(one.outstanding_zh) and due is not None and is_past(due, in_force(hall), at_ms)


def rows(hall: Hall, at_ms: int) -> list[str]:
    """Numbers of lists and receipts: the overdue, then lists, documents to come, results, and all else."""
    lists = [one for one in hall.consignments.values() if is_under_way(one)]
    found = [(0 if is_overdue(one, at_ms) else 2, one.due_ms or 0, one.consignment) for one in lists]
    found += [(_rank(hall, one, at_ms), one.accepted_at_ms, one.receipt) for one in hall.acceptances.values()]
    return [name for _, _, name in sorted(found)]


def _rank(hall: Hall, one: Acceptance, at_ms: int) -> int:
    if is_late(hall, one, at_ms):
        return 1
    if one.outstanding_zh:
        return 3
    return 4 if one.state is AcceptanceState.READY else 5


def head(found: Standing, tongue: Tongue, columns: int) -> Content:
    """`容缺待补 3（逾期 1）  交接单在途 2  待送 4  结果可领 5`."""

    def part(words: Words, count: int, late: int = 0) -> Content:
        told = line((f"{words.first(tongue)} ", SOFT), (str(count), "bold" if count else SOFT))
        if not late:
            return told
        return line(told, (Words(f"（逾期 {late}）", f" ({late} overdue)").first(tongue), "bold $error"))

    parts = (
        part(Words("容缺待补", "documents"), found.outstanding, found.overdue),
        part(Words("交接单在途", "papers"), found.lists, found.lists_overdue),
        part(Words("待送", "to send"), found.to_send),
        part(Words("结果可领", "ready"), found.ready),
    )
    return cut(line(" ", Content("  ").join(parts)), columns)


def row(name: str, hall: Hall, matters: Matters, at_ms: int, tongue: Tongue, columns: int) -> Content:
    consignment = hall.consignments.get(name)
    if consignment is not None:
        return cut(_list_row(consignment, hall, at_ms, tongue), columns)
    one = hall.acceptances.get(name)
    return cut(_receipt_row(one, hall, matters, at_ms, tongue), columns) if one is not None else Content(name)


def _list_row(one: Consignment, hall: Hall, at_ms: int, tongue: Tongue) -> Content:
    late, rules = is_overdue(one, at_ms), in_force(hall)
    way = f"-> {one.to_hall}" if one.from_hall == rules.hall else f"<- {one.from_hall}"
    words = consignment_words(one, rules, at_ms)
    return line(
        ("!! " if late else "   ", "bold $error"),
        (one.consignment.ljust(NAME), "bold"),
        f" {CARRIES[one.carries].first(tongue)} {way}  ",
        (words.first(tongue), "bold $error" if late else ""),
    )


def _receipt_row(one: Acceptance, hall: Hall, matters: Matters, at_ms: int, tongue: Tongue) -> Content:
    late, owed = is_late(hall, one, at_ms), owed_words(one)
    where = where_words(one).first(tongue)
    style = "$success" if one.state is AcceptanceState.READY else ""
    told = line(
        ("!! " if late else "   ", "bold $error"),
        (one.receipt.ljust(NAME), "bold"),
        " ",
        (owed.first(tongue) if owed else where, "bold $error" if late else "$warning" if owed else style),
        "  ",
        pair(accepted_matter(one, matters), tongue),
    )
    names = "、".join(document.first(tongue) for document in outstanding(one))
    return line(told, (f"  {names}", SOFT)) if names else told


def entries(hall: Hall, matters: Matters, at_ms: int, tongue: Tongue) -> Iterator[Entry]:
    """For the palette: what can be done with each receipt now."""
    receipts = [name for name in rows(hall, at_ms) if name in hall.acceptances]
    for receipt in receipts[:NAMED_IN_PALETTE]:
        one = hall.acceptances[receipt]
        for act in common_acts(one):
            if act.why_not is None:
                told = Words(f"{act.label.zh} {receipt}", f"{act.label.en} {receipt}")
                text = line(
                    "     ", (f"{told.first(tongue)}  ", "bold"), pair(accepted_matter(one, matters), tongue, SOFT)
                )
                yield Entry(f"paper:{act.key}:{receipt}", text, f"{told.zh} {told.en} {text.plain}")
