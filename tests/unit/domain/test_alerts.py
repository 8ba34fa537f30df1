"""Alerts: each is raised once at its threshold, cleared by itself, and never comes when it is switched off."""

from collections.abc import Mapping

import msgspec
import pytest
from msgspec.structs import replace

from hall_controller.domain import commands as c
from hall_controller.domain import events as e
from hall_controller.domain.alert import Alert, AlertKind, DeviceSeen, Surroundings
from hall_controller.domain.alert_words import mend, tell
from hall_controller.domain.alerts.find import next_alert_ms
from hall_controller.domain.commands import DeviceState
from hall_controller.domain.rules import DEFAULT_HOURS, LUNCH, Between, Mode
from hall_controller.domain.rules_managing import AlertRules
from hall_controller.domain.sender import HALL, Role, Sender
from hall_controller.rehearsal.business import Business, is_due
from tests.unit.domain.account import check_replay
from tests.unit.domain.support import PRINTER, RECEPTION, Pretend, at, terminal

OK, WARNING, FAILED = DeviceState.OK, DeviceState.WARNING, DeviceState.FAILED
VOICE = Sender("voice", Role.VOICE)


def alerting(start: str = "2026-11-24 09:00:00", **limits: float) -> Pretend:
    return alerting_of(limits, start)


def alerting_of(limits: Mapping[str, float], start: str = "2026-11-24 09:00:00") -> Pretend:
    """All alerts are switched off but those whose thresholds are given."""
    off = {name: 0 for name in AlertRules.__struct_fields__ if name not in {"no_shows_of", "slow_service_at_least_s"}}
    alerts = msgspec.convert({**off, "slow_service_at_least_s": 0, **limits}, AlertRules)
    return Pretend(start, alerts=alerts)


def standing(hall: Pretend) -> list[str]:
    return sorted(hall.hall.alerts)


def told(hall: Pretend) -> list[str]:
    """All that was raised and cleared, in order."""
    marks = {e.AlertRaised: "+", e.AlertCleared: "-"}
    return [
        f"{marks[type(event)]}{event.alert}/{event.subject}"
        for event in hall.events
        if isinstance(event, e.AlertRaised | e.AlertCleared)
    ]


def pass_time(hall: Pretend, seconds: int) -> None:
    """Second by second, as a hall lives."""
    for _ in range(seconds):
        hall.later(1)


# --- the room ------------------------------------------------------------------------------------


def test_a_long_wait_is_raised_once_and_cleared_when_the_visitor_is_called() -> None:
    hall = alerting(long_wait_s=600)
    hall.open(1)
    hall.take_many(2)
    hall.later(599)
    assert standing(hall) == []
    hall.later(1)
    assert standing(hall) == ["long_wait/"]
    raised = hall.last(e.AlertRaised)
    assert isinstance(raised, e.AlertRaised)
    assert (raised.value, raised.since_ms) == (600, at("2026-11-24 09:00:00"))
    pass_time(hall, 30)
    hall.call(1)
    hall.later(1)
    assert standing(hall) == ["long_wait/"], "the second has waited as long"
    hall.missed(1)
    hall.call(1)
    hall.later(1)
    assert told(hall) == ["+long_wait/", "-long_wait/"]
    check_replay(hall.hall, hall.events)


def test_a_long_wait_stands_until_it_is_well_below_the_threshold() -> None:
    hall = alerting(long_wait_s=600)
    hall.open(1)
    hall.take()
    hall.later(60)
    hall.take()
    hall.later(200)
    hall.take()
    hall.later(340)
    hall.call(1)
    hall.later(1)
    assert standing(hall) == ["long_wait/"], "541 s are more than four fifths of 600"
    hall.missed(1)
    hall.call(1)
    hall.later(1)
    assert standing(hall) == [], "342 s are not"


def test_a_lunch_break_is_no_waiting_and_nothing_flaps_over_it() -> None:
    hall = Pretend("2026-11-24 11:20:00", between=Between.ISSUE, alerts=AlertRules(long_wait_s=1800, counter_idle_s=0))
    hall.open(1)
    hall.take()
    hall.until("2026-11-24 11:50:00")
    assert told(hall) == ["+long_wait/"]
    for minute in range(1, 140):
        hall.later(minutes=1)
        assert told(hall) == ["+long_wait/"], minute
    hall.call(1)
    hall.later(1)
    hall.until("2026-11-24 14:11:00")
    assert told(hall) == ["+long_wait/", "-long_wait/"]


def test_who_takes_a_ticket_for_the_afternoon_waits_from_the_afternoon_on() -> None:
    alerts = AlertRules(long_wait_s=1800, counter_idle_s=0, no_counter_s=0)
    hall = Pretend("2026-11-24 11:59:00", between=Between.ISSUE, alerts=alerts)
    hall.until("2026-11-24 12:30:00")
    hall.take()
    hall.until("2026-11-24 14:29:59")
    assert told(hall) == []
    hall.until("2026-11-24 14:30:00")
    assert told(hall) == ["+long_wait/"]


def test_before_the_doors_open_nobody_is_told_that_people_wait() -> None:
    hall = Pretend("2026-11-24 08:00:00", alerts=AlertRules(long_wait_s=1200, counter_idle_s=120))
    hall.until("2026-11-24 08:30:00")
    hall.take()
    hall.open(1)
    hall.until("2026-11-24 09:01:59")
    assert told(hall) == []
    hall.until("2026-11-24 09:02:00")
    assert told(hall) == ["+counter_idle/1"]


def test_by_night_nobody_is_told_of_a_ticket_that_was_left_over() -> None:
    hall = alerting("2026-11-24 19:50:00", long_wait_s=1200)
    hall.open(1)
    hall.take()
    hall.until("2026-11-24 20:15:00")
    assert standing(hall) == ["long_wait/"], "who holds a ticket is served after closing still"
    hall.do(c.CloseCounter(counter=1))
    for hour in range(1, 5):
        hall.later(hours=hour)
    assert told(hall) == ["+long_wait/", "-long_wait/"]


def test_a_counter_that_calls_nobody_while_people_wait() -> None:
    hall = alerting(counter_idle_s=180)
    hall.open(1)
    hall.later(minutes=30)
    assert standing(hall) == [], "nobody waits"
    hall.take()
    hall.later(179)
    assert standing(hall) == []
    hall.later(1)
    assert standing(hall) == ["counter_idle/1"]
    pass_time(hall, 20)
    hall.call(1)
    hall.later(1)
    assert told(hall) == ["+counter_idle/1", "-counter_idle/1"]


def test_an_idle_counter_is_no_alert_while_nobody_waits_whom_it_may_serve() -> None:
    hall = alerting(counter_idle_s=180)
    hall.open(1, groups=("business",))
    ticket = hall.take(matter="pension")
    hall.later(minutes=20)
    assert standing(hall) == []
    hall.do(c.AmendTicket(ticket=ticket, matter="licence"), RECEPTION)
    hall.later(179)
    assert standing(hall) == [], "it may serve that visitor for three minutes only"
    hall.later(1)
    assert standing(hall) == ["counter_idle/1"]
    hall.do(c.CancelTicket(ticket=ticket), RECEPTION)
    hall.later(1)
    assert standing(hall) == []


def test_a_visitor_who_is_sent_on_has_not_waited_there_before() -> None:
    hall = alerting(counter_idle_s=180)
    hall.take()
    hall.open(1)
    hall.begin(1)
    hall.open(2)
    hall.later(minutes=10)
    hall.do(c.Transfer(counter=1, to_counter=2), terminal(1))
    hall.later(179)
    assert standing(hall) == []
    hall.later(1)
    assert standing(hall) == ["counter_idle/2"]


def test_in_push_mode_no_counter_is_idle() -> None:
    hall = Pretend(mode=Mode.PUSH)
    hall.open(1)
    hall.take()
    hall.later(minutes=10)
    assert standing(hall) == []


def test_a_service_far_over_its_usual_time() -> None:
    hall = alerting(slow_service_times=3)
    hall.open(1)
    hall.take_many(2)
    hall.begin(1)
    hall.later(minutes=3 * 8, seconds=-1)
    assert standing(hall) == []
    hall.later(1)
    assert standing(hall) == ["slow_service/1"], "eight minutes are usual"
    pass_time(hall, 20)
    hall.finish(1)
    hall.later(1)
    assert told(hall) == ["+slow_service/1", "-slow_service/1"]


def test_what_is_usual_is_learned_and_a_short_service_may_be_many_times_as_long() -> None:
    hall = alerting(slow_service_times=3, slow_service_at_least_s=600)
    hall.open(1)
    for _ in range(40):
        hall.take()
        hall.serve(1, seconds=60)
    hall.take()
    hall.begin(1)
    hall.later(599)
    assert standing(hall) == []
    hall.later(1)
    assert standing(hall) == ["slow_service/1"]


def test_a_held_visitor_is_no_slow_service() -> None:
    hall = alerting(slow_service_times=2)
    hall.open(1)
    hall.take()
    hall.begin(1)
    hall.later(minutes=17)
    hall.hold(1)
    hall.later(1)
    assert told(hall) == ["+slow_service/1", "-slow_service/1"]


def test_calls_to_which_again_and_again_nobody_comes() -> None:
    hall = alerting(no_shows=5, no_shows_of=10)
    hall.open(1)
    hall.take_many(30)
    hall.calls(1, 4)
    hall.later(1)
    assert standing(hall) == []
    hall.calls(1, 1)
    pass_time(hall, 3)
    assert told(hall) == ["+no_shows/"]
    for _ in range(6):
        hall.serve(1, 5)
    hall.later(1)
    assert told(hall) == ["+no_shows/", "-no_shows/"], "four of the last ten are few enough"


def test_a_call_that_was_given_up_by_mistake_is_not_counted() -> None:
    hall = alerting(no_shows=2, no_shows_of=10)
    hall.open(1)
    hall.take_many(3)
    hall.calls(1, 1)
    hall.call(1)
    hall.missed(1)
    hall.undo(1)
    hall.start(1)
    hall.later(1)
    assert standing(hall) == []
    assert [missed for _, missed in hall.hall.recent_calls] == [True, False]


def test_a_new_day_begins_without_yesterdays_no_shows() -> None:
    hall = alerting("2026-11-24 19:50:00", no_shows=2, no_shows_of=10)
    hall.open(1)
    hall.take_many(2)
    hall.calls(1, 2)
    hall.later(1)
    assert standing(hall) == ["no_shows/"]
    hall.until("2026-11-24 20:00:00")
    hall.later(1)
    assert standing(hall) == []
    hall.until("2026-11-25 09:00:00")
    assert hall.hall.recent_calls == ()


# --- the devices' reports ------------------------------------------------------------------------

REPORTS = [
    ("paper_low", "paper", WARNING, PRINTER),
    ("paper_out", "paper", FAILED, PRINTER),
    ("printer_failing", "printer", FAILED, PRINTER),
    ("sound_failing", "sound", FAILED, VOICE),
    ("voice_backlog", "queue", WARNING, VOICE),
]


@pytest.mark.parametrize(("alert", "kind", "state", "by"), REPORTS)
def test_what_a_device_reports(alert: str, kind: str, state: DeviceState, by: Sender) -> None:
    hall = alerting_of({f"{alert}_s": 30})
    hall.do(c.ReportDevice(kind=kind, state=state), by)
    hall.later(29)
    assert told(hall) == []
    pass_time(hall, 20)
    assert told(hall) == [f"+{alert}/{by.name}"]
    hall.do(c.ReportDevice(kind=kind, state=OK), by)
    pass_time(hall, 20)
    assert told(hall) == [f"+{alert}/{by.name}", f"-{alert}/{by.name}"]


@pytest.mark.parametrize(("alert", "kind", "state", "by"), REPORTS)
def test_what_a_device_reports_is_no_alert_when_it_is_switched_off(
    alert: str, kind: str, state: DeviceState, by: Sender
) -> None:
    others = {f"{other}_s": 1 for other, *_ in REPORTS if other != alert}
    hall = alerting_of(others)
    hall.do(c.ReportDevice(kind=kind, state=state), by)
    hall.later(minutes=30)
    assert told(hall) == []


def test_paper_that_was_low_runs_out() -> None:
    hall = Pretend()
    hall.do(c.ReportDevice(kind="paper", state=WARNING), PRINTER)
    hall.later(minutes=5)
    hall.do(c.ReportDevice(kind="paper", state=FAILED), PRINTER)
    hall.later(minutes=5)
    assert told(hall) == ["+paper_low/printer", "-paper_low/printer", "+paper_out/printer"]


def test_paper_that_runs_out_by_night_is_an_alert_of_the_morning() -> None:
    hall = alerting("2026-11-24 21:00:00", paper_out_s=30)
    hall.do(c.ReportDevice(kind="paper", state=FAILED), PRINTER)
    hall.until("2026-11-25 08:29:59")
    assert told(hall) == []
    hall.until("2026-11-25 08:30:00")
    assert told(hall) == ["+paper_out/printer"]
    for _ in range(20):
        hall.later(hours=1)
    assert told(hall) == ["+paper_out/printer"], "nothing comes and goes, by day or by night"


# --- the surroundings ----------------------------------------------------------------------------


def around(hall: Pretend, **changes: object) -> Surroundings:
    """All is well, and the controller was started an hour ago."""
    surroundings = Surroundings(
        started_ms=hall.now_ms - 3_600_000, devices={}, clock_off_ms=0, disk_free_percent=50, backup_age_s=3600
    )
    return replace(surroundings, **changes)


def look(hall: Pretend, **changes: object) -> None:
    hall.do(c.Tick(surroundings=around(hall, **changes)), HALL)


def seen(role: Role, seconds_ago: int | None, hall: Pretend, counter: int | None = None) -> DeviceSeen:
    return DeviceSeen(role, counter, None if seconds_ago is None else hall.now_ms - seconds_ago * 1000)


DEVICES = [Role.KIOSK, Role.PRINTER, Role.BOARD, Role.VOICE]


@pytest.mark.parametrize("role", DEVICES)
def test_a_device_that_falls_silent_and_is_heard_again(role: Role) -> None:
    hall = alerting_of({f"{role}_silent_s": 120})
    hall.until("2026-11-24 10:00:00")
    for seconds in (20, 119):
        look(hall, devices={"it": seen(role, seconds, hall)})
    assert told(hall) == []
    for seconds in (120, 200):
        look(hall, devices={"it": seen(role, seconds, hall)})
    assert told(hall) == [f"+{role}_silent/it"]
    look(hall, devices={"it": seen(role, 110, hall)})
    assert standing(hall) == [f"{role}_silent/it"], "nearly as long"
    hall.tick()
    assert standing(hall) == [f"{role}_silent/it"], "a tick that knows nothing changes nothing"
    for seconds in (5, 20, 30):
        look(hall, devices={"it": seen(role, seconds, hall)})
    assert told(hall) == [f"+{role}_silent/it", f"-{role}_silent/it"]


@pytest.mark.parametrize("role", DEVICES)
def test_a_silent_device_is_no_alert_when_it_is_switched_off(role: Role) -> None:
    others = {f"{other}_silent_s": 120 for other in DEVICES if other is not role}
    hall = alerting_of(others)
    hall.until("2026-11-24 10:00:00")
    look(hall, devices={"it": seen(role, 3000, hall)})
    assert told(hall) == []


def test_by_night_and_before_it_can_have_started_no_device_need_speak() -> None:
    hall = alerting("2026-11-24 19:58:00", board_silent_s=120)
    board = seen(Role.BOARD, 0, hall)
    for local_time in ("20:00:00", "20:30:00", "23:59:00"):
        hall.until(f"2026-11-24 {local_time}")
        look(hall, devices={"board": board})
    for local_time in ("07:00:00", "08:29:00", "08:31:59"):
        hall.until(f"2026-11-25 {local_time}")
        look(hall, devices={"board": board})
        assert told(hall) == [], local_time
    hall.until("2026-11-25 08:32:00")
    look(hall, devices={"board": board})
    assert told(hall) == ["+board_silent/board"]
    hall.until("2026-11-25 12:30:00")
    look(hall, devices={"board": board})
    assert standing(hall) == ["board_silent/board"], "over lunch it is missed as well"
    hall.until("2026-11-25 20:00:00")
    look(hall, devices={"board": board})
    assert standing(hall) == []


def test_after_a_restart_devices_have_time_to_be_heard_and_what_stood_stands() -> None:
    hall = alerting(board_silent_s=60, voice_silent_s=60)
    hall.until("2026-11-24 10:00:00")
    look(hall, devices={"board": seen(Role.BOARD, 300, hall), "voice": seen(Role.VOICE, 5, hall)})
    assert told(hall) == ["+board_silent/board"]
    started_ms = hall.now_ms
    for _ in range(17):
        devices = {"board": seen(Role.BOARD, None, hall), "voice": seen(Role.VOICE, None, hall)}
        look(hall, started_ms=started_ms, devices=devices)
        hall.now_ms += 10_000
    assert told(hall) == ["+board_silent/board"]
    hall.now_ms += 20_000
    look(hall, started_ms=started_ms, devices=devices)
    assert told(hall) == ["+board_silent/board", "+voice_silent/voice"]
    devices = {"board": seen(Role.BOARD, 1, hall), "voice": seen(Role.VOICE, 1, hall)}
    look(hall, started_ms=started_ms, devices=devices)
    assert standing(hall) == []


def test_a_terminal_need_speak_while_its_counter_works() -> None:
    hall = alerting(terminal_silent_s=120)
    hall.until("2026-11-24 10:00:00")
    hall.open(1, 2)
    silent = {f"counter-{number}": seen(Role.COUNTER, 500, hall, number) for number in (1, 2, 3)}
    hall.do(c.PauseCounter(counter=2), terminal(2))
    look(hall, devices=silent)
    assert told(hall) == ["+terminal_silent/1"], "2 is paused and 3 is closed"
    hall.close(1)
    look(hall, devices=silent)
    assert told(hall) == ["+terminal_silent/1", "-terminal_silent/1"]


def test_one_of_two_terminals_at_a_counter_is_enough() -> None:
    hall = alerting(terminal_silent_s=120)
    hall.until("2026-11-24 10:00:00")
    hall.open(1)
    look(hall, devices={"counter-1": seen(Role.COUNTER, 500, hall, 1), "spare": seen(Role.COUNTER, 5, hall, 1)})
    assert told(hall) == []


def test_terminals_are_no_alert_when_they_are_switched_off() -> None:
    hall = alerting(board_silent_s=120)
    hall.until("2026-11-24 10:00:00")
    hall.open(1)
    look(hall, devices={"counter-1": seen(Role.COUNTER, 500, hall, 1)})
    assert told(hall) == []


def test_a_revoked_printer_leaves_no_alert_behind() -> None:
    hall = alerting(paper_out_s=5)
    hall.do(c.ReportDevice(kind="paper", state=FAILED), PRINTER)
    hall.later(10)
    assert standing(hall) == ["paper_out/printer"]
    look(hall, devices={})
    assert standing(hall) == []


BOX = [
    ("clock_off", {"clock_off_s": 10}, "clock_off_ms", [0, 9_900], [-10_000, 12_000], [9_000, -8_100], [7_900, 0]),
    ("disk_filling", {"disk_filling_percent": 10}, "disk_free_percent", [50, 10], [9, 1], [10, 12], [13, 60]),
    (
        "backup_old", {"backup_old_hours": 48}, "backup_age_s",
        [0, 48 * 3600 - 1], [48 * 3600, 90 * 3600], [48 * 3600], [60],
    ),
]  # fmt: skip


@pytest.mark.parametrize(("alert", "limit", "figure", "well", "ill", "still", "well_again"), BOX)
def test_the_box(
    alert: str, limit: dict[str, float], figure: str, well: list[int], ill: list[int], still: list[int],
    well_again: list[int],
) -> None:  # fmt: skip
    hall = alerting_of(limit)
    for value in well:
        look(hall, **{figure: value})
    assert told(hall) == []
    for value in (*ill, *still):
        look(hall, **{figure: value})
        assert told(hall) == [f"+{alert}/"], value
    hall.tick()
    for value in well_again:
        look(hall, **{figure: value})
    assert told(hall) == [f"+{alert}/", f"-{alert}/"]
    off = alerting()
    for value in ill:
        look(off, **{figure: value})
    assert told(off) == []


def test_that_a_backup_is_old_is_said_in_the_morning() -> None:
    hall = alerting("2026-11-24 23:00:00", backup_old_hours=48)
    look(hall, backup_age_s=200_000)
    assert told(hall) == []
    hall.until("2026-11-25 08:30:00")
    look(hall, backup_age_s=230_000)
    assert told(hall) == ["+backup_old/"]


# --- all of them ---------------------------------------------------------------------------------


def test_a_clock_that_is_set_raises_nothing_and_clears_nothing() -> None:
    hall = alerting(long_wait_s=600, slow_service_times=3)
    hall.open(1, 2)
    hall.take_many(2)
    hall.begin(1)
    hall.later(minutes=10)
    assert standing(hall) == ["long_wait/"]
    before = hall.hall.alerts["long_wait/"]
    hall.set_clock("2026-11-24 10:10:00")
    assert told(hall) == ["+long_wait/"]
    after = hall.hall.alerts["long_wait/"]
    assert after == replace(before, since_ms=before.since_ms + 3_600_000, raised_ms=before.raised_ms + 3_600_000)
    check_replay(hall.hall, hall.events)


def test_an_alert_that_is_switched_off_while_it_stands_is_cleared() -> None:
    hall = alerting(long_wait_s=600)
    hall.take()
    hall.later(minutes=11)
    hall.do(c.ChangeRules(rules=replace(hall.rules, alerts=replace(hall.rules.alerts, long_wait_s=0))), HALL)
    hall.later(1)
    assert told(hall) == ["+long_wait/", "-long_wait/"]


def test_a_jumping_clock_stops_at_the_very_moment() -> None:
    hall = Pretend(hours=(*DEFAULT_HOURS, LUNCH), alerts=AlertRules(long_wait_s=1000, counter_idle_s=400))
    business = Business()
    hall.open(1, 2)
    hall.take_many(2)
    hall.begin(1)
    hall.do(c.ReportDevice(kind="paper", state=FAILED), PRINTER)
    start_ms, raised = hall.now_ms, {}
    while hall.now_ms < start_ms + 3_600_000:
        hall.now_ms = business.next_ms(hall.hall, hall.now_ms)
        if is_due(hall.hall, hall.now_ms):
            for event in hall.tick():
                if isinstance(event, e.AlertRaised):
                    raised[str(event.alert)] = (hall.now_ms - start_ms) // 1000
    assert raised == {"paper_out": 10, "counter_idle": 400, "long_wait": 1000, "slow_service": 1440}
    assert list(next_alert_ms(hall.hall, hall.now_ms)) == []


@pytest.mark.parametrize("kind", list(AlertKind))
def test_every_alert_says_what_is_wrong_and_what_to_do_in_both_languages(kind: AlertKind) -> None:
    hall = Pretend()
    hall.open(3)
    hall.take()
    hall.later(minutes=34)
    alert = Alert(kind, "3", 12, hall.now_ms - 2_040_000, hall.now_ms)
    what, do = tell(hall.hall, alert, hall.now_ms), mend(kind)
    for sentence in (what.zh, do.zh):
        assert any("\u4e00" <= letter <= "\u9fff" for letter in sentence)
    assert do.zh.endswith(("。", "？"))
    assert do.en.endswith(".")
    assert len(what.en) > 10
    if kind is AlertKind.LONG_WAIT:
        assert what == ("A001已等候34分钟", "A001 has waited for 34 min")


def test_a_threshold_out_of_range_is_named_with_what_to_give() -> None:
    with pytest.raises(ValueError, match=r"alerts.board_silent_s is 5; give 45 to 86400 seconds, or 0 to switch"):
        AlertRules(board_silent_s=5)
    with pytest.raises(ValueError, match=r"alerts.no_shows_of is 0; give 1 to 100 calls"):
        AlertRules(no_shows_of=0)
    with pytest.raises(ValueError, match=r"alerts.no_shows is 9, but alerts.no_shows_of only 5; give no more"):
        AlertRules(no_shows=9, no_shows_of=5)
    with pytest.raises(ValueError, match=r"slow_service_times is 1.0; give 1.2 to 50 times the usual"):
        AlertRules(slow_service_times=1.0)
