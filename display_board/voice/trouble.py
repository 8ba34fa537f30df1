"""What staff are told: calls that were not spoken, and sound that does not come out."""

import msgspec

from display_board.voice.queue import Call
from hall_controller.domain.commands import DeviceKind, DeviceState, ReportDevice

CLEAR_MS = 300_000
"""Five minutes without a lost call, and the warning clears itself."""
UPDATE_MS = 30_000
"""The count in the warning is brought up to date no more often than this: each change is an event of the hall."""
DETAIL_LENGTH = 400


class Unspoken(msgspec.Struct, frozen=True):
    """Calls lost since the trouble began; times by the hall's clock."""

    count: int = 0
    last: Call | None = None
    reason: str = ""
    last_ms: int = 0
    told: str = ""
    told_ms: int = 0


def lose(unspoken: Unspoken, call: Call, reason: str, at_ms: int) -> Unspoken:
    return msgspec.structs.replace(unspoken, count=unspoken.count + 1, last=call, reason=reason, last_ms=at_ms)


def queue_report(unspoken: Unspoken, now_ms: int) -> tuple[Unspoken, ReportDevice]:
    """How the queue is, worded anew at most each half minute; and the trouble forgotten once it is over."""
    if unspoken.last is not None and now_ms - unspoken.last_ms > CLEAR_MS:
        unspoken = Unspoken()
    if unspoken.last is None:
        return unspoken, ReportDevice(kind=DeviceKind.QUEUE, state=DeviceState.OK)
    if not unspoken.told or now_ms - unspoken.told_ms >= UPDATE_MS:
        calls = "1 call was" if unspoken.count == 1 else f"{unspoken.count} calls were"
        last = f"{unspoken.last.number} for counter {unspoken.last.counter}"
        told = f"{calls} not spoken, the last {last} ({unspoken.reason}); the board shows them"
        unspoken = msgspec.structs.replace(unspoken, told=told, told_ms=now_ms)
    return unspoken, ReportDevice(
        kind=DeviceKind.QUEUE, state=DeviceState.WARNING, detail=unspoken.told[:DETAIL_LENGTH]
    )


def sound_report(troubles: dict[str, str]) -> ReportDevice:
    """One report of all that keeps sound from coming out: speaker, files, synthesiser, each by its sentence."""
    detail = "; ".join(sentence for sentence in troubles.values() if sentence)
    state = DeviceState.FAILED if detail else DeviceState.OK
    return ReportDevice(kind=DeviceKind.SOUND, state=state, detail=detail[:DETAIL_LENGTH])
