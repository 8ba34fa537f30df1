"""Lines to pick from: matters and tickets, findable by whatever a person would type."""

from collections.abc import Callable, Mapping, Sequence

from counter_client.widgets.dialogs import Entry, matching
from counter_client.widgets.look import SOFT, cut, fill, line, pair
from counter_client.words import CLASSES, TICKET_STATES, Tongue, Words
from hall_controller.domain.matters import Matter
from hall_controller.domain.search import Search
from hall_controller.domain.ticket import Ticket, TicketState
from hall_controller.i18n import times


def matter_entries(matters: Mapping[str, Matter], tongue: Tongue) -> list[Entry]:
    return [
        Entry(
            matter.code,
            line(
                fill(line((Words(matter.group_zh, matter.group_en).first(tongue), SOFT)), 12),
                " ",
                pair(Words(matter.name_zh, matter.name_en), tongue, "bold"),
            ),
            f"{matter.code} {matter.name_zh} {matter.name_en} {matter.group} {matter.group_zh} {matter.group_en}",
        )
        for matter in matters.values()
    ]


def found_in(matters: Mapping[str, Matter]) -> Callable[[Sequence[Entry], str], list[Entry]]:
    """Which matters may be meant by what is typed: those that hold it as it stands, then those that are like it.

    The index is made for the first word that needs it, and kept until the catalogue changes.
    """

    def find(entries: Sequence[Entry], typed: str) -> list[Entry]:
        held = matching(entries, typed)
        if not typed.strip():
            return held
        by_code = {entry.id: entry for entry in entries}
        like = [by_code[hit.matter.code] for hit in _index(matters).find(typed) if hit.matter.code in by_code]
        if not held:
            return like
        # What is typed in full, or stands there as it was typed, is never pushed down by what is only like it.
        best = [entry for entry in like if entry in held]
        return [*best, *(entry for entry in held if entry not in best), *(entry for entry in like if entry not in held)]

    return find


_INDEXED: list[tuple[Mapping[str, Matter], Search]] = []
"""The last catalogues that were searched: a terminal has one, and one with its themes."""


def _index(matters: Mapping[str, Matter]) -> Search:
    found = next((index for of, index in _INDEXED if of is matters), None)
    if found is None:
        found = Search(matters.values())
        _INDEXED[:] = [(matters, found), *_INDEXED[:1]]
    return found


def ticket_entry(ticket: Ticket, at_ms: int, matters: Mapping[str, Matter], tongue: Tongue) -> Entry:
    """Number, class, time in the hall, matter; the state where it is not plain waiting."""
    number = ticket.number or f"#{ticket.ticket}"
    matter = matters.get(ticket.matter)
    name = Words(matter.name_zh, matter.name_en) if matter else Words(ticket.matter, ticket.matter)
    state = "" if ticket.state is TicketState.WAITING else f"[{TICKET_STATES[ticket.state].both(tongue)}] "
    waited = times.clock((at_ms - ticket.issued_at_ms) / 1000).first(tongue)
    text = line(
        (number.ljust(7), "bold"),
        fill(pair(CLASSES[ticket.visitor_class], tongue), 14),
        (waited.rjust(8), ""),
        "  ",
        (state, "bold $warning"),
        cut(pair(name, tongue), 44),
    )
    search = f"{number} {name.zh} {name.en} {ticket.matter} {TICKET_STATES[ticket.state].both(tongue)}"
    return Entry(number, text, search)
