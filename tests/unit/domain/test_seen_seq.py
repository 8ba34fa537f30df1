"""Acts carry the picture that they were made on: what has changed since is not acted on."""

import msgspec
import pytest

from hall_controller.bus import wire
from hall_controller.bus.features import Feature, understood
from hall_controller.domain import commands as c
from hall_controller.domain.commands import PrintOutcome
from hall_controller.domain.hall import Hall
from hall_controller.domain.refusal import Code, Refusal
from tests.unit.domain.support import KIOSK, PRINTER, PRIORITY, RECEPTION, Pretend, terminal


def refusal(pretend: Pretend, command: c.Command) -> Refusal:
    refused = pretend.try_(command)
    assert isinstance(refused, Refusal), refused
    return refused


def test_a_start_made_on_the_screen_from_before_an_undo_is_stale() -> None:
    pretend = Pretend()
    pretend.open(3)
    ticket = pretend.take()
    pretend.call(3)
    seen_seq = pretend.hall.seq
    pretend.undo(3)
    pretend.call(3)
    start = c.StartService(counter=3, ticket=ticket, seen_seq=seen_seq)
    refused = refusal(pretend, start)
    assert (refused.code, refused.field) == (Code.STALE, "seen_seq")
    assert (
        refused.message == f"seen_seq is {seen_seq}, but event {seen_seq + 2} has changed counter 3 since; look again."
    )
    pretend.do(msgspec.structs.replace(start, seen_seq=pretend.hall.seq))


def test_what_happens_elsewhere_makes_no_act_stale() -> None:
    pretend = Pretend()
    pretend.open(3, 4)
    first, second = pretend.take(), pretend.take()
    pretend.call(3)
    seen_seq = pretend.hall.seq
    pretend.take(PRIORITY)
    pretend.call(4)
    pretend.do(c.Recall(counter=3, ticket=first))
    pretend.start(4)
    pretend.do(c.AmendTicket(ticket=second, matter="id-card"), RECEPTION)
    pretend.do(c.StartService(counter=3, ticket=first, seen_seq=seen_seq))


def test_that_the_paper_came_out_and_that_others_went_before_is_no_change() -> None:
    pretend = Pretend()
    pretend.open(3, 4)
    ticket = pretend.take(by=KIOSK)
    pretend.take(PRIORITY)
    seen_seq = pretend.hall.seq
    pretend.do(c.ReportPrint(ticket=ticket, outcome=PrintOutcome.PRINTED), PRINTER)
    pretend.call(4)
    assert pretend.ticket(ticket).passed, "somebody went before"
    pretend.do(c.CallTicket(counter=3, ticket=ticket, seen_seq=seen_seq))


@pytest.mark.parametrize("command", ["amend", "assign", "cancel"])
def test_a_ticket_that_was_moved_or_amended_is_not_called_on_an_old_picture(command: str) -> None:
    pretend = Pretend()
    pretend.open(3, 4)
    ticket = pretend.take()
    seen_seq = pretend.hall.seq
    match command:
        case "amend":
            pretend.do(c.AmendTicket(ticket=ticket, visitor_class=PRIORITY))
        case "assign":
            pretend.do(c.AssignTicket(ticket=ticket, to_counter=4))
        case _:
            pretend.do(c.CancelTicket(ticket=ticket))
    refused = refusal(pretend, c.CallTicket(counter=3, ticket=ticket, seen_seq=seen_seq))
    assert (refused.code, refused.field) == (Code.STALE, "seen_seq")
    assert "has changed ticket A001 since" in refused.message


def test_taking_over_a_counter_looks_at_both() -> None:
    pretend = Pretend()
    pretend.open(3, 4)
    pretend.take()
    seen_seq = pretend.hall.seq
    pretend.call(3)
    command = c.TakeOverCounter(counter=4, from_counter=3, seen_seq=seen_seq)
    assert "counter 3" in refusal(pretend, command).message


def test_a_sender_that_is_ahead_of_the_hall_is_refused() -> None:
    """The hall has lost its last events."""
    pretend = Pretend()
    seq = pretend.hall.seq
    refused = refusal(pretend, c.IssueTicket(matter="pension", seen_seq=seq + 1))
    assert refused.message == f"seen_seq is {seq + 1}, but this hall has no event after {seq}; look again."
    assert refused.code is Code.STALE


def test_it_outlives_a_restart_and_a_night() -> None:
    pretend = Pretend()
    pretend.open(3)
    ticket = pretend.take()
    seen_seq = pretend.hall.seq
    pretend.begin(3)
    pretend.hall = msgspec.msgpack.decode(msgspec.msgpack.encode(pretend.hall), type=Hall)
    pretend.until("2026-11-25 08:00:00")
    assert pretend.refused(c.FinishService(counter=3, ticket=ticket, seen_seq=seen_seq), terminal(3)) is Code.STALE
    pretend.do(c.FinishService(counter=3, ticket=ticket, seen_seq=pretend.hall.seq))
    pretend.until("2026-11-26 08:00:00")
    assert not pretend.hall.changes.tickets, "nothing is kept of yesterday's"


def test_a_hall_without_the_feature_gets_the_bytes_that_it_knows() -> None:
    command = c.CallNext(counter=3, seen_seq=7)
    assert wire.encode(understood(command, frozenset())) == b'{"type":"call_next","counter":3}'
    assert (
        wire.encode(understood(command, frozenset({Feature.SEEN_SEQ})))
        == b'{"type":"call_next","counter":3,"seen_seq":7}'
    )
