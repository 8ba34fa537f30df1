"""Alerts about devices: what they report, and that they are silent."""

from collections.abc import Iterator
from typing import assert_never

from hall_controller.domain.alert import AlertKind, DeviceSeen, Surroundings
from hall_controller.domain.alerts.finding import NEVER, STILL, Finding
from hall_controller.domain.commands import DeviceKind, DeviceState, device_kind
from hall_controller.domain.counter import WORKING
from hall_controller.domain.hall import DeviceReport, Hall
from hall_controller.domain.rules_managing import AlertRules
from hall_controller.domain.sender import Role

GRACE_MS = 120_000
"""After a start of the controller its devices have so long to be heard again."""

SILENT = {
    Role.KIOSK: AlertKind.KIOSK_SILENT,
    Role.PRINTER: AlertKind.PRINTER_SILENT,
    Role.BOARD: AlertKind.BOARD_SILENT,
    Role.VOICE: AlertKind.VOICE_SILENT,
    Role.COUNTER: AlertKind.TERMINAL_SILENT,
}
REPORTED = (
    AlertKind.PAPER_LOW, AlertKind.PAPER_OUT, AlertKind.PRINTER_FAILING, AlertKind.SOUND_FAILING,
    AlertKind.VOICE_BACKLOG,
)  # fmt: skip
_THRESHOLDS = {alert: f"{alert}_s" for alert in (*SILENT.values(), *REPORTED)}


def reported_alert(report: DeviceReport) -> AlertKind | None:
    """What a device's report is to be alerted of as; None for nothing, and for a part that the hall does not know."""
    kind, failed = device_kind(report.kind), report.state is DeviceState.FAILED
    if kind is None or report.state is DeviceState.OK:
        return None
    match kind:
        case DeviceKind.PAPER:
            return AlertKind.PAPER_OUT if failed else AlertKind.PAPER_LOW
        case DeviceKind.PRINTER:
            return AlertKind.PRINTER_FAILING
        case DeviceKind.SOUND:
            return AlertKind.SOUND_FAILING
        case DeviceKind.QUEUE:
            return AlertKind.VOICE_BACKLOG
        case DeviceKind.PACK | DeviceKind.SCREEN:
            return None
        case _:
            assert_never(kind)


def reported(
    hall: Hall, rules: AlertRules, surroundings: Surroundings | None, day_ms: int | None, at_ms: int
) -> Iterator[Finding]:
    """Raised during the hall's day; cleared by the device alone."""
    for name, report in hall.devices.items():
        alert = reported_alert(report)
        if alert is None or not (limit_s := getattr(rules, _THRESHOLDS[alert])):
            continue
        device = name.rpartition("/")[0]
        if surroundings is not None and device not in surroundings.devices:
            continue  # It was revoked, and will report nothing better.
        since_ms = min(report.at_ms, at_ms)  # the clock may have been set back since
        due_ms = NEVER if day_ms is None else since_ms + limit_s * 1000
        yield Finding(alert, device, (at_ms - since_ms) // 1000, since_ms, due_ms, lasts=True)


def silent(
    hall: Hall, rules: AlertRules, surroundings: Surroundings, day_ms: int | None, at_ms: int
) -> Iterator[Finding]:
    """By night no device need speak, and a terminal only while its counter works."""
    if day_ms is None:
        return
    for subject, device in _expected(hall, surroundings):
        alert = SILENT[device.role]
        limit_ms = getattr(rules, _THRESHOLDS[alert]) * 1000
        if not limit_ms:
            continue
        heard_ms = surroundings.started_ms + GRACE_MS if device.seen_ms is None else device.seen_ms
        since_ms = max(day_ms, heard_ms)
        if device.seen_ms is None and device.counter is not None:
            since_ms = max(since_ms, hall.counters[device.counter].since_ms)
        due_ms = max(since_ms + limit_ms, surroundings.started_ms + GRACE_MS)
        # Of one that was silent before the controller was started again nothing is known yet.
        unknown = device.seen_ms is None and at_ms < due_ms
        lasts = unknown or at_ms >= since_ms + limit_ms * STILL
        yield Finding(alert, subject, max(0, at_ms - since_ms) // 1000, since_ms, due_ms, lasts)


def _expected(hall: Hall, surroundings: Surroundings) -> Iterator[tuple[str, DeviceSeen]]:
    """Who should be heard. Of two terminals at one counter, the one that was heard last."""
    terminals: dict[int, DeviceSeen] = {}
    for name, device in surroundings.devices.items():
        if device.counter is not None:
            other = terminals.get(device.counter)
            if other is None or (device.seen_ms or 0) > (other.seen_ms or 0):
                terminals[device.counter] = device
        elif device.role in SILENT:
            yield name, device
    for number, device in terminals.items():
        counter = hall.counters.get(number)
        if counter is not None and counter.state in WORKING:
            yield str(number), device
