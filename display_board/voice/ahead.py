"""What will likely be said next, so that it can be made while the voice is idle."""

from collections.abc import Iterator
from itertools import islice

from display_board.voice.phrases import Clause, counter_clause, languages_of, ticket_clause
from display_board.voice.settings import One
from hall_controller.domain.assignment import call_order
from hall_controller.domain.counter import CounterState
from hall_controller.domain.hall import Hall, in_force
from hall_controller.domain.rules import Narrowing
from hall_controller.domain.ticket import Language

HEADS = 12
"""Tickets at the head of the queue whose names are made ahead."""


def likely_clauses(hall: Hall, *, own_language: bool, one: One) -> Iterator[Clause]:
    """The most likely first: heads of the queue, open counters in Mandarin, then in the other languages."""
    narrowings = {counter.narrowing for counter in hall.counters.values()} - {Narrowing()}
    # Under narrowed counters the order of calls is a guess; ahead of it, a wider look costs little.
    heads = [hall.tickets[ticket] for ticket in islice(call_order(hall), HEADS * (1 + len(narrowings)))]
    open_counters = [c.counter for c in hall.counters.values() if c.state is not CounterState.CLOSED]
    for ticket in heads:
        for language in languages_of(ticket.language, own_language=own_language):
            yield ticket_clause(ticket.number or "", language, one=one)
    for short in (False, True):
        for language in Language if own_language else (Language.MANDARIN,):
            for counter in open_counters or range(1, in_force(hall).counters + 1):
                yield counter_clause(counter, language, short=short)
    for ticket in heads:
        for language in languages_of(ticket.language, own_language=own_language):
            yield ticket_clause(ticket.number or "", language, short=True, one=one)
