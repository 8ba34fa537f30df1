"""Board, counter displays and phone pages beside the hall."""

import asyncio
from collections.abc import Callable, Iterator
from typing import cast

import msgspec

from display_board.pages.board_view import BoardView, Shape, board_view
from display_board.pages.calls import Timing
from display_board.pages.counter_view import counter_view
from display_board.pages.live import Live
from display_board.pages.phone_view import Known, phone_view
from display_board.pages.words import Words
from hall_controller.bus.client import HallClient
from hall_controller.domain.counter import CounterState
from hall_controller.domain.hall import Hall, in_force, waiting_count
from hall_controller.domain.prediction import predict
from hall_controller.domain.ticket import TicketState
from tests.unit.projections import truth
from tests.unit.projections.follower import Follower
from tests.unit.projections.plain import check_english, check_plain

PHONES = 6
"""So many visitors look at their phone after each step."""


class Board:
    def __init__(self, follower: Follower) -> None:
        self.follower = follower
        self.stage_ms = 0
        self._loop = asyncio.new_event_loop()
        self.live = Live(cast("HallClient", follower), Timing())
        self.live.stage_ms = lambda: self.stage_ms  # type: ignore[method-assign]

    def close(self) -> None:
        self._loop.close()

    def run(self, what: Callable[[], None]) -> None:
        """Something that the client tells, inside the board's own loop."""

        async def work() -> None:
            what()
            others = [task for task in asyncio.all_tasks() if task is not asyncio.current_task()]
            await asyncio.gather(*others, return_exceptions=True)

        self._loop.run_until_complete(work())

    def check(self, hall: Hall, now_ms: int) -> None:
        mine = self.follower.hall
        assert mine is not None
        view = board_view(mine, self.live.scene(), Shape(recent=1_000))
        check_calls(view, hall)
        assert view.waiting == waiting_count(hall)
        for zh, en in said(view):
            check_plain(zh, "the board", *free_words(hall))
            check_plain(en, "the board", *free_words(hall))
            check_english(en, "the board", *free_words(hall))
        self._check_counters(mine, hall, now_ms)
        check_phones(mine, now_ms)

    def _check_counters(self, mine: Hall, hall: Hall, now_ms: int) -> None:
        for number in range(1, in_force(hall).counters + 1):
            here = hall.counters.get(number)
            ticket = hall.tickets.get(here.ticket or 0) if here is not None else None
            view = counter_view(mine, number, now_ms, fresh=self.live.is_fresh(here.ticket if here else None))
            assert view.number == (ticket.number if ticket is not None else "")
            assert view.state == (here.state if here is not None else CounterState.CLOSED)
            assert not view.fresh or (here is not None and here.state is CounterState.CALLING)


def check_calls(view: BoardView, hall: Hall) -> None:
    """Whoever is shown as called is called, at that counter; nobody stands in two lists, and nobody nowhere."""
    called, missed = truth.called(hall), truth.numbers(hall, TicketState.MISSED)
    panel = [(row.number, row.counter) for row in view.calls]
    recent = [(row.number, row.counter) for row in view.recent]
    assert set(panel) == called, f"the panel calls {panel}, the hall {called}"
    lists = [{n for n, _ in panel}, {n for n, _ in recent}, set(view.missed)]
    assert sum(map(len, lists)) == len(set.union(*lists)), f"a number stands twice: {lists}"
    assert len(panel) == len(lists[0])
    assert set(view.missed) <= missed
    assert len(view.missed) + view.missed_more == len(missed)
    waiting = truth.numbers(hall, TicketState.WAITING, TicketState.UNCLAIMED)
    assert not waiting & {n for n, _ in (*panel, *recent)}, "the board shows somebody as called who waits"


def said(view: BoardView) -> Iterator[tuple[str, str]]:
    """All phrases of a view."""
    for value in msgspec.structs.astuple(view):
        yield from _phrases(value)


def _phrases(value: object) -> Iterator[tuple[str, str]]:
    if isinstance(value, Words):
        yield value.zh, value.en
    elif isinstance(value, msgspec.Struct):
        for part in msgspec.structs.astuple(value):
            yield from _phrases(part)
    elif isinstance(value, tuple | list):
        for part in value:
            yield from _phrases(part)


def free_words(hall: Hall) -> tuple[str, ...]:
    """What staff have typed."""
    rules = in_force(hall)
    typed = (hall.notice_zh, hall.notice_en, hall.issuing_reason, rules.name_zh, rules.name_en)
    return tuple(filter(None, typed))


def check_phones(hall: Hall, now_ms: int) -> None:
    estimates = predict(hall, now_ms)
    for number, ticket in list(hall.tickets.items())[-PHONES:]:
        view = phone_view(hall, number, Known(now_ms=now_ms, estimate=estimates.get(number)))
        assert view is not None
        assert view.number == (ticket.number or "")
        assert view.state == ticket.state or (view.state, ticket.state) == ("stranded", TicketState.BOOKED)
        match ticket.state:
            case TicketState.CALLED | TicketState.SERVING | TicketState.HELD:
                assert view.big == str(ticket.counter)
            case TicketState.WAITING:
                assert view.big == str(estimates[number].ahead)
            case _:
                pass
        assert bool(view.alarm) == (ticket.state is TicketState.CALLED)
        _check_words(hall, view)
    for number in list(hall.ended)[-PHONES:]:
        view = phone_view(hall, number, Known(now_ms=now_ms))
        assert view is not None
        assert view.state == hall.ended[number].state
        _check_words(hall, view)


def _check_words(hall: Hall, view: msgspec.Struct) -> None:
    for zh, en in _phrases(view):
        check_plain(zh, "a phone", *free_words(hall))
        check_plain(en, "a phone", *free_words(hall))
        check_english(en, "a phone", *free_words(hall), *_names(hall))


def _names(hall: Hall) -> tuple[str, ...]:
    """Of documents and departments, which a catalogue may have in Chinese alone."""
    return tuple(
        name for one in hall.acceptances.values() for name in (*one.outstanding_zh, *one.outstanding_en, one.department)
    )
