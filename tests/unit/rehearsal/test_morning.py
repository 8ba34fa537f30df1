"""A morning played in memory: everybody comes, is served, and leaves; nobody presses a key that is refused."""

import asyncio

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from hall_controller.domain import commands as c
from hall_controller.domain import events as e
from hall_controller.domain.counter import CounterState
from hall_controller.domain.rules import Mode, Narrowing
from hall_controller.domain.ticket import ENDED, TicketState
from hall_controller.rehearsal.agenda import Answer
from hall_controller.rehearsal.managing import LATEST_MS, NOTICE_ZH
from hall_controller.rehearsal.morning import play
from tests.unit.domain.support import MANAGER, at, terminal
from tests.unit.rehearsal.memory_stage import CATALOGUE, MemoryStage, draw, play_through


@pytest.mark.parametrize("mode", list(Mode))
@pytest.mark.parametrize("seed", [1, 7, 42])
def test_everybody_is_served_and_nothing_is_refused(seed: int, mode: Mode) -> None:
    stage = MemoryStage(counters=5)
    played = play_through(stage, draw(seed, visitors=60, counters=5), mode)
    outcome = stage.outcome()
    assert played.to_the_end
    assert played.turned_away == 0
    assert stage.refusals == []
    assert outcome.issued == 60
    assert outcome.visits["total"] + outcome.no_shows + outcome.cancelled == 60
    assert not stage.hall.tickets
    assert all(counter.state is CounterState.CLOSED for counter in stage.hall.counters.values())
    assert stage.broken() == []


@settings(max_examples=15)
@given(seed=st.integers(0, 10_000), visitors=st.integers(1, 25), counters=st.integers(1, 6), mode=st.sampled_from(Mode))
def test_any_day_holds_together(seed: int, visitors: int, counters: int, mode: Mode) -> None:
    stage = MemoryStage(counters=counters)
    assert play_through(stage, draw(seed, visitors, counters), mode).to_the_end
    assert stage.refusals == []
    assert stage.broken() == []
    assert all(ticket.state in ENDED for ticket in stage.hall.ended.values())


def test_the_same_seed_plays_the_same_morning() -> None:
    first, second, other = MemoryStage(), MemoryStage(), MemoryStage()
    play_through(first, draw(seed=3))
    play_through(second, draw(seed=3))
    play_through(other, draw(seed=4))
    assert first.events == second.events
    assert first.events != other.events


def test_a_morning_has_all_that_mornings_have() -> None:
    """Over three hundred visitors, everything of the model is seen at least once."""
    stage = MemoryStage(counters=24)
    play_through(stage, draw(seed=7, visitors=300, counters=24))
    kinds = {type(event) for event in stage.events}
    assert kinds >= {
        e.TicketBooked, e.TicketCheckedIn, e.TicketPrinted, e.TicketPrintFailed, e.TicketAcknowledged,
        e.TicketUnclaimed, e.TicketRecalled, e.TicketMissed, e.TicketReturned, e.TicketNoShow, e.TicketTransferred,
        e.TicketCancelled, e.TicketAmended, e.ServiceHeld, e.ServiceResumed, e.CounterPaused, e.CounterPausePlanned,
        e.CounterResumed, e.ActUndone, e.NoticeSet,
    }  # fmt: skip
    undone = {event.act for event in stage.events if isinstance(event, e.ActUndone)}
    assert undone == {"call_next", "missed", "finish_service"}
    assert {event.channel for event in stage.events if isinstance(event, e.TicketIssued)} == {
        "kiosk",
        "reception",
        "counter",
    }


def test_screens_say_that_it_is_a_rehearsal() -> None:
    stage = MemoryStage()
    play_through(stage, draw(visitors=2))
    assert stage.hall.notice_zh == NOTICE_ZH


def test_with_a_real_printer_the_kiosk_touches_away_what_did_not_come_out() -> None:
    stage = MemoryStage()
    asyncio.run(play(stage, draw(visitors=20), CATALOGUE, prints=False))
    assert not [command for _, device, command in stage.sent if device == "printer"]
    assert [command for _, _, command in stage.sent if isinstance(command, c.AcknowledgeTicket)]
    assert stage.refusals == []


def test_someone_who_takes_a_ticket_in_person_is_called_and_served_too() -> None:
    stage = MemoryStage()
    ticket = stage.pretend.take(matter="id-card-renew")
    play_through(stage, draw(visitors=5))
    assert stage.hall.ended[ticket].state is TicketState.DONE


def test_a_counter_that_a_person_has_opened_is_left_to_them() -> None:
    stage = MemoryStage(counters=3)
    stage.pretend.do(c.OpenCounter(counter=2, clerk="anna"), terminal(2))
    day = draw(visitors=10, counters=3)

    async def until_noon() -> None:
        await play(stage, day, CATALOGUE, stopped=lambda: stage.now_ms > day.closing_ms)

    asyncio.run(until_noon())
    assert stage.hall.counters[2].clerk == "anna"
    assert [refusal.code for _, _, refusal in stage.refusals] == ["counter_open"]
    assert not [
        command for _, device, command in stage.sent[4:] if device == "counter-2" and "Open" not in str(command)
    ]


def test_a_person_who_serves_at_a_rehearsed_counter_does_not_confuse_its_clerk() -> None:
    """As the manager might: the visitor is taken from under the clerk's hands, and the day goes on."""

    class Meddled(MemoryStage):
        meddled = 0

        async def send(self, device: str, command: c.Command) -> Answer:
            answer = await super().send(device, command)
            if isinstance(command, c.StartService) and self.meddled < 3:
                self.meddled += 1
                self.pretend.do(c.FinishService(counter=command.counter), MANAGER)
            return answer

    stage = Meddled()
    assert play_through(stage, draw(visitors=30)).to_the_end
    assert stage.meddled == 3
    assert stage.outcome().visits["total"] >= 25
    assert stage.broken() == []


def test_visitors_whom_no_counter_may_serve_do_not_keep_the_clerks_for_ever() -> None:
    stage = MemoryStage(counters=2, narrow={n: Narrowing(groups=("pickup",)) for n in (1, 2)})
    day = draw(visitors=10, counters=2)
    assert play_through(stage, day).to_the_end
    assert stage.now_ms <= day.closing_ms + LATEST_MS + 3_600_000
    assert stage.hall.tickets
    assert all(counter.state is CounterState.CLOSED for counter in stage.hall.counters.values())
    assert stage.broken() == []


def test_after_an_interruption_the_next_day_begins_with_an_empty_hall() -> None:
    stage = MemoryStage()
    asyncio.run(play(stage, draw(), CATALOGUE, stopped=lambda: len(stage.hall.ended) >= 10))
    assert stage.hall.tickets
    played = play_through(stage, draw(seed=8, opening="2026-03-03 09:00:00"))
    assert played.to_the_end
    closed = next(event for event in stage.events if isinstance(event, e.HallClosed))
    assert closed.service_day == "2026-03-02"
    assert stage.hall.service_day == "2026-03-03"
    assert stage.hall.issued == 40
    assert stage.refusals == []
    assert stage.broken() == []


def test_nobody_comes_before_the_doors_open() -> None:
    stage = MemoryStage(start="2026-03-02 03:00:00")
    play_through(stage, draw())
    assert min(at_ms for at_ms, _, _ in stage.sent) == at("2026-03-02 08:50:00")
