"""What one hall's events mean to another, and the outbox that keeps it."""

import contextlib
from pathlib import Path

import pytest

from hall_controller.bus import wire
from hall_controller.domain import commands as c
from hall_controller.domain import events as e
from hall_controller.domain.acceptance import Carries, Decision
from hall_controller.domain.refusal import Code
from metrics.district.relay.messages import Kind, State, can_change, has_done, message_of
from metrics.district.relay.outbox import Outbox, OutboxTrouble


def sent(seq: int, receipts: tuple[str, ...] = ("BA003-261124-0001",), matters: tuple[str, ...] = ("m",)) -> e.Event:
    event = e.ConsignmentSent(
        consignment="BA003-261124-C01", to_hall="BA001", carries=Carries.MATERIALS, receipts=receipts, matters=matters,
        due_ms=9, kiosk=None,
    )  # fmt: skip
    return stamped(event, seq)


def received(seq: int, *receipts: str, missing: tuple[str, ...] = ()) -> e.Event:
    event = e.ConsignmentReceived(
        consignment="BA003-261124-C01", from_hall="BA003", carries=Carries.MATERIALS, receipts=receipts, missing=missing
    )
    return stamped(event, seq)


def stamped(event: e.Event, seq: int, epoch: str = "one") -> e.Event:
    event.epoch, event.seq, event.at_ms, event.service_day, event.by = epoch, seq, 7, "2026-11-24", "x"
    return event


def bodies(*events: e.Event) -> list[bytes]:
    return [wire.encode(event) for event in events]


def opened(tmp_path: Path) -> contextlib.closing[Outbox]:
    return contextlib.closing(Outbox(tmp_path / "relay.db", create=True, rehearsal=False))


def test_an_announcement_says_all_that_the_list_says() -> None:
    message = message_of("BA003", sent(1))
    assert message is not None
    assert (message.kind, message.to_hall, message.said_ms) == (Kind.ANNOUNCE, "BA001", 7)
    command = message.command
    assert isinstance(command, c.AnnounceConsignment)
    assert (command.receipts, command.matters, command.sent_at_ms, command.due_ms) == (
        ("BA003-261124-0001",), ("m",), 7, 9,
    )  # fmt: skip


def test_a_list_too_long_for_the_bus_is_announced_without_its_matters() -> None:
    receipts = tuple(f"COMMUNITY-HALL-1-261124-{number:04}" for number in range(200))
    message = message_of("BA003", sent(1, receipts, ("x" * 64,) * 200))
    assert message is not None
    assert isinstance(message.command, c.AnnounceConsignment)
    assert message.command.matters == ()
    assert message.command.receipts == receipts
    assert len(wire.encode(message.command)) < wire.MAX_REQUEST_BYTES


def test_results_are_announced_with_what_was_decided_however_long_the_list() -> None:
    receipts = tuple(f"COMMUNITY-HALL-1-261124-{number:04}" for number in range(200))
    event = sent(1, receipts, ("x" * 64,) * 200)
    assert isinstance(event, e.ConsignmentSent)
    event.carries, event.decisions = Carries.RESULTS, (Decision.REJECTED,) * 200
    message = message_of("BA003", event)
    assert message is not None
    assert isinstance(message.command, c.AnnounceConsignment)
    assert message.command.decisions == event.decisions
    assert len(wire.encode(message.command)) < wire.MAX_REQUEST_BYTES


def test_an_event_that_is_read_again_adds_nothing(tmp_path: Path) -> None:
    with opened(tmp_path) as outbox:
        assert len(outbox.append("BA003", bodies(sent(1)))) == 1
        outbox.begin_afresh("BA003")
        assert outbox.append("BA003", bodies(stamped(sent(1), 1, "two"))) == []
        assert outbox.cursor("BA003")[:2] == (1, "two")


def test_a_later_confirmation_says_all_that_an_earlier_one_said(tmp_path: Path) -> None:
    one, two = "BA003-261124-0001", "BA003-261124-0002"
    with opened(tmp_path) as outbox:
        outbox.append("BA001", bodies(received(1, one, missing=(two,))))
        early = outbox.due("BA003")
        assert early is not None
        outbox.append("BA001", bodies(received(2, one, two)))
        outbox.accepted(early.id, 5)  # it was on its way meanwhile
        due = outbox.due("BA003")
        assert due is not None
        assert isinstance(due.command, c.ConfirmConsignment)
        assert due.command.receipts == (one, two)
        assert [row.state for row in outbox.messages(*State)] == [State.SUPERSEDED, State.WAITING]


def test_what_a_restored_hall_does_not_show_is_told_under_another_request_id(tmp_path: Path) -> None:
    with opened(tmp_path) as outbox:
        outbox.append("BA003", bodies(sent(1)))
        first = outbox.due("BA001")
        assert first is not None
        outbox.accepted(first.id, 40)
        assert outbox.due("BA001") is None
        outbox.append("BA001", bodies(stamped(received(1, "BA002-261124-0001"), 1, "one")))
        outbox.append("BA001", bodies(stamped(received(2, "BA002-261124-0001"), 2, "two")))
        assert outbox.end_afresh("BA001", 1) == 1
        again = outbox.due("BA001")
        assert again is not None
        assert again.id == first.id
        assert again.request_id != first.request_id
        assert outbox.end_afresh("BA001", 1) == 0


def test_what_it_does_show_is_not_told_again(tmp_path: Path) -> None:
    announced = e.ConsignmentAnnounced(
        consignment="BA003-261124-C01", from_hall="BA003", carries=Carries.MATERIALS, receipts=("BA003-261124-0001",),
        matters=("m",), sent_at_ms=7, due_ms=9,
    )  # fmt: skip
    with opened(tmp_path) as outbox:
        outbox.append("BA003", bodies(sent(1)))
        due = outbox.due("BA001")
        assert due is not None
        outbox.accepted(due.id, 40)
        outbox.append("BA001", bodies(stamped(announced, 40, "one")))
        outbox.begin_afresh("BA001")
        outbox.append("BA001", bodies(stamped(announced, 40, "one")))
        assert outbox.end_afresh("BA001", 1) == 0


def test_a_confirmation_has_come_about_only_where_it_says_the_same() -> None:
    command = c.ConfirmConsignment(consignment="BA003-261124-C01", receipts=("a", "b", "stray"))
    confirmed = e.ConsignmentConfirmed(consignment="BA003-261124-C01", to_hall="BA001", receipts=("a", "b"), missing=())
    fewer = e.ConsignmentConfirmed(consignment="BA003-261124-C01", to_hall="BA001", receipts=("a",), missing=("b",))
    assert has_done(confirmed, command)
    assert not has_done(fewer, command)
    assert not has_done(received(1), command)


@pytest.mark.parametrize(("code", "may_change"), [(Code.STORAGE, True), (Code.STALE, True), (Code.WRONG_STATE, False)])
def test_which_refusals_are_tried_again(code: Code, *, may_change: bool) -> None:
    assert can_change(code) is may_change


def test_what_is_no_outbox_is_said(tmp_path: Path) -> None:
    with pytest.raises(OutboxTrouble, match="no such outbox"):
        Outbox(tmp_path / "none.db")
    (tmp_path / "text.db").write_text("this is no database, whatever its name says " * 40)
    with pytest.raises(OutboxTrouble, match="cannot be opened"):
        Outbox(tmp_path / "text.db", create=True)
    with pytest.raises(OutboxTrouble, match="cannot be opened"):
        Outbox(tmp_path / "nowhere" / "relay.db", create=True)
