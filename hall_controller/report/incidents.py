"""What was out of the ordinary on a day, as sentences in Chinese and English: an emergency, an extension, a failure."""

from collections.abc import Callable
from typing import Any, NamedTuple

from hall_controller.domain import events as e
from hall_controller.domain.alert import AlertKind
from hall_controller.domain.commands import DeviceState
from hall_controller.domain.day import StopCause
from hall_controller.domain.hours import local
from hall_controller.domain.rules import Mode, Policy, Rules
from hall_controller.i18n import waits


class Said(NamedTuple):
    kind: str
    """`emergency`, `alert`, `hours`, `issuing`, `roster`, `printing`, `device`, `clock`, `notice`, `rules`,
    `restored`."""
    zh: str
    en: str


POLICIES = {Policy.FCFS: ("先到先办", "first come, first served"), Policy.PRIORITY: ("优先", "priority")}
MODES = {Mode.PULL: ("窗口叫号", "clerks call"), Mode.PUSH: ("自动派号", "calls by itself")}

A = AlertKind
ALERTS = {
    A.LONG_WAIT: ("等候过久", "a long wait"),
    A.COUNTER_IDLE: ("有人等候而窗口空闲", "a counter idle while people waited"),
    A.SLOW_SERVICE: ("办理远超通常时长", "a service far over its usual time"),
    A.NO_SHOWS: ("连续过号", "repeated no-shows"),
    A.PAPER_LOW: ("纸将用完", "paper low"),
    A.PAPER_OUT: ("缺纸", "paper out"),
    A.PRINTER_FAILING: ("打印机故障", "printer failing"),
    A.SOUND_FAILING: ("声音故障", "sound failing"),
    A.VOICE_BACKLOG: ("语音积压", "voice backlog"),
    A.KIOSK_SILENT: ("取号机无应答", "kiosk silent"),
    A.PRINTER_SILENT: ("打印机无应答", "printer silent"),
    A.BOARD_SILENT: ("显示屏无应答", "board silent"),
    A.VOICE_SILENT: ("语音无应答", "voice silent"),
    A.TERMINAL_SILENT: ("窗口终端无应答", "terminal silent"),
    A.CLOCK_OFF: ("时钟偏差", "clock off"),
    A.DISK_FILLING: ("磁盘将满", "disk filling"),
    A.BACKUP_OLD: ("备份过旧", "backup old"),
    A.CONSIGNMENT_OVERDUE: ("交接单逾期", "papers between halls overdue"),
    A.BOOKINGS_STRANDED: ("预约落在关门时间", "bookings for when the hall is shut"),
    A.DOCUMENTS_OVERDUE: ("补交材料逾期", "outstanding documents overdue"),
    A.KEPT_WAIT: ("留给窗口的人等候过久", "a visitor kept waiting for one counter"),
    A.SECOND_WAIT: ("再次等候过久", "a long wait after an earlier call"),
    A.LONG_HOLD: ("挂起过久", "a visitor left on hold"),
    A.NO_COUNTER: ("有人等候而没有窗口办理", "people waited while no counter was at work"),
    A.NONE_SUITS: ("有人等候而没有窗口能叫", "people waited whom no counter could call"),
    A.RESULTS_AWAY: ("出件窗口不在", "people waited for results whose window was away"),
    A.RESULT_OVERDUE: ("办理结果逾期", "a promised result overdue"),
}


class Incidents:
    """In order; the same sentence on the same day is one incident that happened several times."""

    def __init__(self) -> None:
        self._found: dict[tuple[str, Said], dict[str, Any]] = {}

    def add(self, event: e.Event, rules: Rules) -> None:
        teller = _TELLERS.get(type(event))
        said = teller(event, rules) if teller else None
        if said is None:
            return
        if event.why:
            said = said._replace(zh=f"{said.zh}（{event.why}）", en=f"{said.en} ({event.why})")
        now = f"{local(rules, event.at_ms):%H:%M}"
        one = self._found.get((event.service_day, said))
        if one is None:
            self._found[event.service_day, said] = {
                "day": event.service_day, "time": now, "until": now, "count": 1, **said._asdict(),
            }  # fmt: skip
        else:
            one["until"] = now
            one["count"] += 1

    def made(self) -> list[dict[str, Any]]:
        return list(self._found.values())


def _epoch_started(event: e.EpochStarted, _: Rules) -> Said | None:
    if event.origin is not e.Origin.RESTORE:
        return None
    return Said("restored", "日志自备份恢复", "the journal was restored from a backup")


def _hall_closed(event: e.HallClosed, _: Rules) -> Said:
    return Said("emergency", f"紧急关闭大厅：{event.reason}", f"hall closed in an emergency: {event.reason}")


def _hours_extended(event: e.HoursExtended, rules: Rules) -> Said:
    until = "" if event.until_ms is None else f"{local(rules, event.until_ms):%H:%M}"
    zh, en = (f"至 {until}", f" until {until}") if until else ("", "")
    return Said(
        "hours", f"当日共延时 {event.minutes} 分钟{zh}", f"hours extended by {event.minutes} minutes in all{en}"
    )


def _roster_set(event: e.RosterSet, _: Rules) -> Said:
    spans = "，".join(f"{span.start:%H:%M}–{span.end:%H:%M} {span.counters}" for span in event.spans) or "0"
    return Said("roster", f"{event.day} 计划窗口数：{spans}", f"counters planned: {spans}")


def _issuing_stopped(event: e.IssuingStopped, _: Rules) -> Said | None:
    if event.cause is StopCause.MANAGER:
        return Said("issuing", "停止取号", "issuing stopped")
    if event.cause is StopCause.LAST_TICKET:
        told = waits.wait(event.predicted_wait_s)
        zh, en = f"：预计等候{told.zh}", f": expected wait {told.en}"
        return Said("issuing", f"临近下班停止取号{zh}", f"last ticket before closing{en}")
    return None


def _issuing_resumed(*_: object) -> Said:
    return Said("issuing", "恢复取号", "issuing resumed")


def _print_failed(event: e.TicketPrintFailed, _: Rules) -> Said:
    return Said("printing", f"号票打印失败：{event.detail}", f"a ticket was not printed: {event.detail}")


def _device_reported(event: e.DeviceReported, _: Rules) -> Said | None:
    if event.state is DeviceState.OK:
        return None
    zh, en = ("故障", "failed") if event.state is DeviceState.FAILED else ("告警", "warns")
    name, detail = f"{event.device} {event.kind}", event.detail
    return Said("device", f"设备 {name} {zh}：{detail}", f"device {name} {en}: {detail}")


def _alert_raised(event: e.AlertRaised, _: Rules) -> Said:
    """Without its figure: what was raised again and again is one incident."""
    zh, en = ALERTS[event.alert]
    subject = f" {event.subject}" if event.subject else ""
    return Said("alert", f"告警：{zh}{subject}", f"alert: {en}{subject}")


def _clock_stepped(event: e.ClockStepped, _: Rules) -> Said:
    seconds = round(event.step_ms / 1000)
    return Said("clock", f"时钟调整 {seconds:+} 秒", f"the clock was set by {seconds:+} seconds")


def _notice_set(event: e.NoticeSet, _: Rules) -> Said:
    if not (event.zh or event.en):
        return Said("notice", "公告撤下", "notice taken down")
    zh, en = event.zh or event.en, event.en or event.zh
    return Said("notice", f"公告：{zh}", f"notice: {en}")


def _policy_set(event: e.PolicySet, _: Rules) -> Said:
    zh, en = POLICIES[event.policy]
    return Said("rules", f"派号规则改为{zh}（{event.favoured_limit}）", f"policy set to {en} ({event.favoured_limit})")


def _mode_set(event: e.ModeSet, _: Rules) -> Said:
    zh, en = MODES[event.mode]
    return Said("rules", f"叫号方式改为{zh}", f"mode set to {en}")


_TELLERS: dict[type[e.Event], Callable[[Any, Rules], Said | None]] = {
    e.EpochStarted: _epoch_started,
    e.HallClosed: _hall_closed,
    e.HoursExtended: _hours_extended,
    e.RosterSet: _roster_set,
    e.IssuingStopped: _issuing_stopped,
    e.IssuingResumed: _issuing_resumed,
    e.TicketPrintFailed: _print_failed,
    e.DeviceReported: _device_reported,
    e.AlertRaised: _alert_raised,
    e.ClockStepped: _clock_stepped,
    e.NoticeSet: _notice_set,
    e.PolicySet: _policy_set,
    e.ModeSet: _mode_set,
}
