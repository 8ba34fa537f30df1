"""Closed sets are enums, and whoever reads one has an answer for each member; their bytes stay as they were."""

import pytest

from counter_client.words import ACTS, DEVICE_KINDS, device_kind_words
from hall_controller.bus import wire
from hall_controller.domain import commands as c
from hall_controller.domain import events as e
from hall_controller.domain.alerts.devices import REPORTED, reported_alert
from hall_controller.domain.commands import DeviceKind, DeviceState, device_kind
from hall_controller.domain.counter import CounterState, UndoableAct
from hall_controller.domain.hall import DeviceReport
from tests.unit.domain.support import Pretend


@pytest.mark.parametrize("act", UndoableAct)
def test_an_act_that_can_be_undone_is_a_command_with_words(act: UndoableAct) -> None:
    assert act in {str(command.__struct_config__.tag) for command in c.EXTERNAL}
    assert ACTS[act].zh
    assert ACTS[act].en
    assert act.is_call == act.startswith("call_")


@pytest.mark.parametrize("act", UndoableAct)
def test_an_undone_act_has_the_bytes_that_it_always_had(act: UndoableAct) -> None:
    event = e.ActUndone(
        counter=1, clerk="007", act=act, ticket=1, number="A001", ticket_state=None,
        counter_state=CounterState.READY, visit_band=None,
    )  # fmt: skip
    body = wire.encode(event)
    assert f'"act":"{act.value}"'.encode() in body
    assert wire.decode_event(body) == event


def test_no_command_that_can_be_undone_is_left_out_of_the_set(hall: Pretend) -> None:
    """Whatever a counter remembers to be undone is a member, by the type; and each member can be reached."""
    seen = set()
    hall.open(1, 2)
    hall.take_many(6)
    for command in (
        c.CallNext(counter=1), c.StartService(counter=1), c.Hold(counter=1), c.ResumeTicket(counter=1, ticket=1),
        c.Transfer(counter=1, to_counter=2), c.CallTicket(counter=1, ticket=3), c.Missed(counter=1),
        c.ServeUnticketed(counter=1, matter=hall.hall.tickets[3].matter), c.FinishService(counter=1),
        c.PauseCounter(counter=1), c.ResumeCounter(counter=1),
    ):  # fmt: skip
        hall.do(command)
        last = hall.hall.counters[1].last_act
        assert last is not None
        seen.add(last.act)
        if hall.hall.counters[1].state is CounterState.WRAPPING_UP:
            hall.do(c.EndWrapUp(counter=1))
    assert seen == set(UndoableAct)


@pytest.mark.parametrize("kind", DeviceKind)
def test_a_part_of_a_device_has_words_and_is_alerted_of_or_not(kind: DeviceKind) -> None:
    assert DEVICE_KINDS[kind] == device_kind_words(kind.value)
    for state in DeviceState:
        alert = reported_alert(DeviceReport(kind.value, state, "", 0))
        assert alert is None or alert in REPORTED
        assert state is not DeviceState.OK or alert is None


def test_a_part_that_only_its_device_knows_is_taken_and_shown_as_it_is_named(hall: Pretend) -> None:
    hall.do(c.ReportDevice(kind="cutter", state=DeviceState.FAILED, detail="jammed"))
    (report,) = hall.hall.devices.values()
    assert device_kind(report.kind) is None
    assert "cutter" in device_kind_words(report.kind).zh
    assert reported_alert(report) is None
