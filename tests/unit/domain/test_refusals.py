"""Every way in which the core says no: with its code, a sentence, and a hall that stays as it was."""

from collections.abc import Callable

import msgspec
import pytest

from hall_controller.domain import commands as c
from hall_controller.domain.credit import Rating
from hall_controller.domain.decide import DECISIONS
from hall_controller.domain.decisions.common import Refuse, must_be
from hall_controller.domain.refusal import Code, Refusal
from hall_controller.domain.rules import Mode
from hall_controller.domain.sender import Role, Sender
from hall_controller.domain.ticket import TicketState
from tests.unit.domain.conftest import MakeHall
from tests.unit.domain.support import KIOSK, MANAGER, Pretend, at, terminal

OF_THE_WIRE = {
    Code.UNKNOWN_COMMAND,
    Code.UNSUPPORTED_VERSION,
    Code.TOO_LARGE,
    Code.STORAGE,
    Code.INTERNAL,
    Code.UNKNOWN_KIOSK,
}
"""Refused before or after the core decides; proved where the bus is tested."""

Scene = Callable[[Pretend], c.Command]


def _busy(hall: Pretend) -> c.Command:
    hall.open(1)
    hall.take_many(2)
    hall.call(1)
    return c.CallNext(counter=1)


def _paused(hall: Pretend) -> c.Command:
    hall.open(1)
    hall.do(c.PauseCounter(counter=1))
    return c.CallNext(counter=1)


def _narrowed(hall: Pretend) -> c.Command:
    hall.open(1)
    hall.open(2, groups=("pickup",))
    hall.take(matter="pension")
    hall.begin(1)
    return c.Transfer(counter=1, to_counter=2)


def _open(hall: Pretend) -> c.Command:
    hall.open(1)
    return c.OpenCounter(counter=1, clerk="x")


def _elsewhere(hall: Pretend) -> c.Command:
    hall.open(1)
    return c.OpenCounter(counter=2, clerk="clerk-1")


def _nobody(hall: Pretend) -> c.Command:
    hall.open(1)
    return c.StartService(counter=1)


def _stale(hall: Pretend) -> c.Command:
    hall.open(1)
    hall.take()
    hall.call(1)
    return c.StartService(counter=1, ticket=77)


def _wrong_state(hall: Pretend) -> c.Command:
    hall.open(1)
    hall.take()
    hall.call(1)
    return c.FinishService(counter=1)


def _push(hall: Pretend) -> c.Command:
    hall.do(c.SetMode(mode=Mode.PUSH))
    hall.open(1)
    return c.CallNext(counter=1)


def _grace_over(hall: Pretend) -> c.Command:
    hall.open(1)
    ticket = hall.take()
    hall.call(1)
    hall.missed(1)
    hall.later(hours=1)
    return c.ReturnToQueue(ticket=ticket)


def _stopped(hall: Pretend) -> c.Command:
    hall.do(c.StopIssuing())
    return c.IssueTicket(matter="pension")


def _closed(hall: Pretend) -> c.Command:
    hall.do(c.CloseHall(reason="typhoon"))
    return c.IssueTicket(matter="pension")


def _nothing_to_undo(hall: Pretend) -> c.Command:
    hall.open(1)
    return c.Undo(counter=1)


def _no_slot(hall: Pretend) -> c.Command:
    return c.BookTicket(matter="pension", slot_at_ms=hall.now_ms + 60_000)


def _visitors_waiting(hall: Pretend) -> c.Command:
    hall.open(1)
    hall.take()
    hall.until("2026-11-24 20:00:00")
    return c.CloseCounter(counter=1)


def _rated(hall: Pretend) -> c.Command:
    hall.open(1)
    hall.take()
    ticket = hall.serve(1)
    hall.do(c.Rate(ticket=ticket, stars=5))
    return c.Rate(ticket=ticket, stars=1)


def _booked(hall: Pretend, *slots: str) -> c.Command:
    for slot in slots:
        hall.do(c.BookTicket(matter="pension", slot_at_ms=at(slot), holder="x"))
    return c.BookTicket(matter="pension", slot_at_ms=at("2026-11-24 17:00:00"), holder="x")


def _served(hall: Pretend, *matters: str) -> None:
    hall.open(1)
    hall.do(c.IssueTicket(matter=matters[0], more=matters[1:]))
    hall.begin(1)


def _accept(hall: Pretend, matter: str, outstanding: tuple[int, ...] = (), times: int = 0) -> c.Command:
    _served(hall, matter)
    command = c.AcceptMatter(counter=1, outstanding=outstanding)
    for _ in range(times):
        hall.do(command)
    return command


def _barred(hall: Pretend) -> c.Command:
    _served(hall, "grant")
    hall.rating = Rating.DISCREDITED
    return c.AcceptMatter(counter=1, applicant="91440300MA5DA0000X")


def _not_ready(hall: Pretend) -> c.Command:
    _served(hall, "licence")
    return c.HandOut(counter=1, receipt=hall.accept(1))


SCENES: dict[Code, Scene] = {
    Code.MALFORMED: lambda hall: c.AmendTicket(ticket=hall.take()),
    Code.NOT_ALLOWED: lambda hall: c.CancelTicket(ticket=hall.take(by=Sender("kiosk-2", Role.KIOSK))),
    Code.STALE: _stale,
    Code.UNKNOWN_MATTER: lambda _: c.IssueTicket(matter="nothing"),
    Code.UNKNOWN_TICKET: lambda _: c.CancelTicket(ticket=999),
    Code.UNKNOWN_COUNTER: lambda _: c.OpenCounter(counter=99, clerk="x"),
    Code.WRONG_STATE: _wrong_state,
    Code.COUNTER_CLOSED: lambda _: c.CallNext(counter=1),
    Code.COUNTER_OPEN: _open,
    Code.COUNTER_BUSY: _busy,
    Code.COUNTER_PAUSED: _paused,
    Code.COUNTER_NARROWED: _narrowed,
    Code.NO_VISITOR: _nobody,
    Code.CLERK_ELSEWHERE: _elsewhere,
    Code.PUSH_MODE: _push,
    Code.GRACE_OVER: _grace_over,
    Code.TOO_EARLY: lambda hall: c.CheckIn(ticket=hall.book("2026-11-24 16:00:00")),
    Code.ISSUING_STOPPED: _stopped,
    Code.HALL_CLOSED: _closed,
    Code.NOTHING_TO_UNDO: _nothing_to_undo,
    Code.ALREADY_RATED: _rated,
    Code.NO_SLOT: _no_slot,
    Code.VISITORS_WAITING: _visitors_waiting,
    Code.ALREADY_BOOKED: lambda hall: _booked(hall, "2026-11-24 15:00:00"),
    Code.TOO_MANY_BOOKINGS: lambda hall: _booked(
        hall, "2026-11-25 10:00:00", "2026-11-26 10:00:00", "2026-11-27 10:00:00"
    ),
    Code.ALREADY_ACCEPTED: lambda hall: _accept(hall, "licence", times=1),
    Code.CREDIT_NEEDED: lambda hall: _accept(hall, "grant"),
    Code.DOCUMENTS_NEEDED: lambda hall: _accept(hall, "licence", (2,)),
    Code.BARRED: _barred,
    Code.NOT_READY: _not_ready,
    Code.UNKNOWN_RECEIPT: lambda _: c.WithdrawAcceptance(receipt="BA001-261124-0001"),
}


@pytest.mark.parametrize("code", SCENES)
def test_refusal(make: MakeHall, code: Code) -> None:
    hall = make()
    command = SCENES[code](hall)
    senders = {Code.NOT_ALLOWED: KIOSK, Code.NO_SLOT: KIOSK, Code.VISITORS_WAITING: terminal(1)}
    assert hall.refused(command, senders.get(code, MANAGER)) == code


def test_every_code_of_the_core_is_reached() -> None:
    assert set(SCENES) | OF_THE_WIRE == set(Code)
    assert not set(SCENES) & OF_THE_WIRE


def test_every_command_that_may_come_over_the_bus_has_a_decision() -> None:
    assert set(c.EXTERNAL) <= set(DECISIONS)


def test_a_command_that_has_expired_is_refused_whatever_it_is(hall: Pretend) -> None:
    hall.later(1)
    before_ms = hall.now_ms - 1
    for command in (
        c.IssueTicket(matter="x", expires_at_ms=before_ms),
        c.CloseHall(reason="x", expires_at_ms=before_ms),
    ):
        assert hall.refused(command) == Code.STALE


@pytest.mark.parametrize("state", TicketState)
def test_a_refusal_names_a_state_in_words(hall: Pretend, state: TicketState) -> None:
    """Terminals, gateway and `hall do` show these sentences as they are."""
    ticket = hall.take()
    for one, wanted in ((state, TicketState.NO_SHOW), (TicketState.NO_SHOW, state)):
        if one is not wanted:
            with pytest.raises(Refuse) as refused:
                must_be(msgspec.structs.replace(hall.hall.tickets[ticket], state=one), wanted)
            assert "_" not in refused.value.refusal.message


def test_no_refusal_of_a_clerk_names_a_state_or_group_by_its_code(hall: Pretend) -> None:
    hall.open(1)
    hall.open(2, groups=("pickup",))
    ended = hall.take()
    hall.call(1)
    hall.do(c.Missed(counter=1), terminal(1))
    hall.later(hours=2)
    hall.take()
    hall.begin(1)
    for command in (c.EndWrapUp(counter=2), c.Transfer(counter=1, to_counter=2), c.CallTicket(counter=1, ticket=ended)):
        refusal = hall.try_(command)
        assert isinstance(refusal, Refusal)
        assert "_" not in refusal.message, refusal
        assert "pickup" not in refusal.message, refusal
