"""hall.toml has been changed; devices tell how they are; the manager's small commands."""

from msgspec.structs import replace

from hall_controller.domain import commands as c
from hall_controller.domain import events as e
from hall_controller.domain.commands import DeviceState
from hall_controller.domain.refusal import Code
from hall_controller.domain.rules import Mode, Narrowing, Policy
from hall_controller.domain.sender import HALL
from tests.unit.domain.support import PRINTER, Pretend, terminal


def change(hall: Pretend, **rules: object) -> list[e.Event]:
    return hall.do(c.ChangeRules(rules=replace(hall.hall.rules or hall.rules, **rules)), HALL)


def test_unchanged_rules_are_no_event(hall: Pretend) -> None:
    assert change(hall) == []


def test_rules_take_effect_from_now_on(hall: Pretend) -> None:
    hall.open(1)
    hall.take()
    change(hall, missed_grace_s=60)
    ticket = hall.call(1)
    hall.missed(1)
    hall.later(61)
    assert hall.state(ticket or 0) == "no_show"


def test_what_the_manager_chose_stays_unless_hall_toml_changed_just_that(hall: Pretend) -> None:
    hall.do(c.SetPolicy(policy=Policy.FCFS))
    hall.do(c.SetMode(mode=Mode.PUSH))
    change(hall, claim_s=60)
    assert (hall.hall.policy, hall.hall.mode) == (Policy.FCFS, Mode.PUSH)
    change(hall, favoured_limit=3)
    assert (hall.hall.policy, hall.hall.favoured_limit, hall.hall.mode) == (Policy.PRIORITY, 3, Mode.PUSH)


def test_a_counter_dropped_from_hall_toml_serves_its_visitor_out(hall: Pretend) -> None:
    hall.open(1, 8)
    hall.take_many(2)
    hall.begin(8)
    change(hall, counters=4)
    hall.finish(8)
    hall.begin(8)
    hall.do(c.TakeOverCounter(counter=1, from_counter=8))
    assert hall.refused(c.OpenCounter(counter=8, clerk="x"), terminal(8)) == Code.UNKNOWN_COUNTER
    hall.finish(1)


def test_a_narrowing_from_hall_toml_holds_from_the_next_opening(hall: Pretend) -> None:
    hall.open(1)
    change(hall, narrow={1: Narrowing(groups=("pickup",))})
    hall.take(matter="pension")
    assert hall.serve(1) is not None
    hall.close(1)
    hall.open(1)
    hall.take(matter="pension")
    assert hall.call(1) is None


def test_a_device_is_reported_only_when_something_changed(hall: Pretend) -> None:
    def report(state: DeviceState, detail: str = "") -> int:
        return len(hall.do(c.ReportDevice(kind="paper", state=state, detail=detail), PRINTER))

    steps = [
        report(DeviceState.OK),
        report(DeviceState.OK),
        report(DeviceState.WARNING, "near end"),
        report(DeviceState.WARNING, "near end"),
        report(DeviceState.FAILED, "out"),
        report(DeviceState.OK),
    ]
    assert steps == [1, 0, 1, 0, 1, 1]
    assert hall.hall.devices["printer/paper"].state == DeviceState.OK
    assert hall.do(c.ReportDevice(kind="cover", state=DeviceState.OK), PRINTER)


def test_the_notice_is_set_and_cleared(hall: Pretend) -> None:
    hall.do(c.SetNotice(zh="台风", en="Typhoon"))
    assert (hall.hall.notice_zh, hall.hall.notice_en) == ("台风", "Typhoon")
    hall.do(c.SetNotice())
    assert (hall.hall.notice_zh, hall.hall.notice_en) == ("", "")


def test_commands_with_nothing_to_do_are_accepted_and_say_nothing(hall: Pretend) -> None:
    assert hall.do(c.ResumeIssuing()) == []
    hall.do(c.StopIssuing())
    assert hall.do(c.StopIssuing()) == []
    assert hall.do(c.AcceptClock()) == []
    assert hall.later(1) == []
