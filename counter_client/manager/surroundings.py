"""The hall's devices and its own box, as lines: who was last heard when, what they complain of. Pure."""

from collections.abc import Mapping

import msgspec
from textual.content import Content

from counter_client.manager.acts import CLOCK_OFF_MS
from counter_client.manager.fields import step
from counter_client.manager.panes import padded
from counter_client.widgets.look import SOFT, cut, line, pair
from counter_client.words import Tongue, Words, device_kind_words
from hall_controller.bus import wire
from hall_controller.domain.commands import DeviceState
from hall_controller.domain.hall import Hall
from hall_controller.domain.sender import Role
from hall_controller.i18n import times
from hall_controller.i18n.terms import term, unknown
from hall_controller.i18n.words import NOTHING

SILENT_MS = 60_000
"""A device speaks each twenty seconds; after three times in silence it is marked."""

COLOURS = {DeviceState.OK: "$success", DeviceState.WARNING: "bold $warning", DeviceState.FAILED: "bold $error"}


class Device(msgspec.Struct, frozen=True, kw_only=True):
    name: str
    role: str
    seen_s: int | None
    """Since it was last heard; None when it has not spoken since the controller started."""
    reports: tuple[tuple[str, DeviceState, str], ...]
    """Kind, state, detail; the gravest first."""
    delay_s: float | None
    silent: bool


GRAVITY = {DeviceState.FAILED: 0, DeviceState.WARNING: 1, DeviceState.OK: 2}


def devices(hall: Hall, known: Mapping[str, wire.DeviceStatus], at_ms: int, rate: float = 1.0) -> list[Device]:
    """Those in trouble first, then those who have gone silent, then the others; who never spoke stands last."""
    reports: dict[str, list[tuple[str, DeviceState, str]]] = {}
    for key, report in hall.devices.items():
        reports.setdefault(key.rpartition("/")[0], []).append((report.kind, report.state, report.detail))
    found = []
    for name in {*known, *reports}:
        status = known.get(name)
        last_ms = status.last_seen_ms if status else None
        seen_s = max(0, at_ms - last_ms) // 1000 if last_ms is not None else None
        found.append(
            Device(
                name=name,
                role=status.role if status else "",
                seen_s=seen_s,
                silent=seen_s is None or seen_s * 1000 > SILENT_MS * max(1.0, rate),
                reports=tuple(sorted(reports.get(name, ()), key=lambda one: GRAVITY[one[1]])),
                delay_s=status.delay_ms / 1000 if status and status.delay_ms is not None else None,
            )
        )
    return sorted(found, key=_rank)


def _rank(device: Device) -> tuple[int, int, str]:
    worst = min((GRAVITY[state] for _, state, _ in device.reports), default=2)
    quiet = 2 if device.seen_s is None else 0 if device.silent else 1
    return worst, quiet, device.name


def device_row(device: Device, tongue: Tongue, columns: int) -> Content:
    """Name, what it is where there is room, whether it is heard, what it complains of."""
    narrow = columns < 50
    role = role_words(device.role).first(tongue)
    if device.seen_s is None:
        seen, style = Words("没听到过", "not heard").first(tongue), SOFT
    elif device.silent:
        seen, style = (
            Words(f"{times.lasted(device.seen_s).zh}没声音", f"silent {times.lasted(device.seen_s).en}").first(tongue),
            "bold $warning",
        )
    else:
        seen, style = Words("在线", "alive").first(tongue), "$success"
    told: list[Content] = []
    for kind, state, detail in device.reports:
        if state is DeviceState.OK and len(told) > 0:
            continue
        words, colour = term(state), COLOURS.get(state, "")
        name = device_kind_words(kind).first(tongue)
        told.append(line((f"{name} {words.first(tongue)}", colour), (f" {detail}" if detail else "", colour)))
    if device.delay_s:
        told.append(line(Words(f"播报晚 {device.delay_s:.0f} 秒", f"{device.delay_s:.0f} s late").first(tongue)))
    named = line((padded(device.name, 11 if narrow else 13), "bold"))
    complaints = Content("  ").join(told)
    if narrow and told:
        return cut(line(named, complaints, "  ", (seen, style)), columns)  # what is wrong first: the end may be cut
    what = "" if narrow else padded(role, 10)
    return cut(line(named, (what, SOFT), (padded(seen, 16), style), complaints), columns)


def role_words(name: str) -> Words:
    return term(Role(name)) if name in set(Role) else unknown(name) if name else NOTHING


def box_row(status: wire.StatusReply | None, tongue: Tongue, columns: int) -> Content:
    """The hall's own machine: disk, backup, clock."""
    if status is None or status.process is None:
        return pair(Words("主机：……", "box: ..."), tongue, SOFT)
    process = status.process
    free = process.disk_free_bytes / max(1, process.disk_bytes)
    disk = Words(f"磁盘余 {free:.0%}", f"disk {free:.0%} free").first(tongue)
    if process.backed_up_ms is None:
        backup, style = Words("从未备份", "never backed up").first(tongue), "$warning"
    else:
        since = times.lasted((status.now_ms - process.backed_up_ms) / 1000)
        backup, style = Words(f"{since.zh}前备份", f"backup {since.en} ago").first(tongue), ""
    parts = [line((Words("主机", "box").first(tongue), "bold")), line(disk), line((backup, style))]
    if not process.journal_writable:
        parts.insert(1, line((Words("日志写不进", "journal not writable").first(tongue), "bold $error")))
    if abs(status.clock_off_ms) > CLOCK_OFF_MS:
        off = step(status.clock_off_ms)
        told = Words(f"时钟差 {off.zh}，K 接受", f"clock off {off.en}, K accepts")
        parts.append(line((told.first(tongue), "bold $warning")))
    return cut(Content("  ").join(parts), columns)
