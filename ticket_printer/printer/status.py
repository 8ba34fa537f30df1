"""What a printer says of itself (DLE EOT 1 to 4), and what that means to staff: pure."""

from enum import StrEnum

import msgspec

from hall_controller.domain.commands import DeviceKind, DeviceState

ASK_PRINTER, ASK_OFFLINE, ASK_ERROR, ASK_PAPER = (b"\x10\x04" + bytes([n]) for n in (1, 2, 3, 4))
ASK_AFTER_PRINT = b"\x1dr\x01"
"""GS r 1: read by the printer in its turn, so its answer means that all before it was worked off."""


class Fault(StrEnum):
    """Why nothing comes out."""

    PAPER_OUT = "paper_out"
    COVER_OPEN = "cover_open"
    OFFLINE = "offline"
    ERROR = "error"
    HANGING = "hanging"
    VANISHED = "vanished"


SENTENCES = {
    Fault.PAPER_OUT: "缺纸，请换纸卷 · paper out, put in a new roll",
    Fault.COVER_OPEN: "上盖未关，请合上 · cover open, close it",
    Fault.OFFLINE: "打印机脱机，请按联机键 · printer offline, press its online button",
    Fault.ERROR: "打印机故障（切刀或过热），请检查后重启 · printer error (cutter or heat), clear it and restart it",
    Fault.HANGING: "打印机无响应，请关机再开 · printer does not answer, switch it off and on",
    Fault.VANISHED: "找不到打印机，请检查电源和连线 · printer not found, check power and cable",
}
NEAR_END = "纸将用完，请备好纸卷 · paper nearly out, have a new roll ready"


class Paper(StrEnum):
    OK = "ok"
    NEAR_END = "near_end"
    OUT = "out"
    UNKNOWN = "unknown"


class PrinterStatus(msgspec.Struct, frozen=True, kw_only=True):
    fault: Fault | None = None
    paper: Paper = Paper.UNKNOWN
    detail: str = ""
    """What the system said, for a technician: e.g. `Connection refused`."""


OK_WITHOUT_ANSWERS = PrinterStatus()
"""Of a printer that cannot be asked but takes what it is given."""


class NotAStatusError(ValueError):
    """The byte is no answer to DLE EOT: a late or garbled one. Nothing of this connection can be trusted."""


def read_status(printer: bytes, offline: bytes, error: bytes, paper: bytes) -> PrinterStatus:
    """The status from the four answers. Raises NotAStatusError."""
    for answer in (printer, offline, error, paper):
        if len(answer) != 1 or answer[0] & 0b1001_0011 != 0b0001_0010:
            raise NotAStatusError(f"answer {answer.hex() or 'empty'} to a status question")
    sensors = Paper.OUT if paper[0] & 0x60 else Paper.NEAR_END if paper[0] & 0x0C else Paper.OK
    if offline[0] & 0x04:
        fault: Fault | None = Fault.COVER_OPEN
    elif sensors is Paper.OUT or offline[0] & 0x20:
        fault, sensors = Fault.PAPER_OUT, Paper.OUT
    elif error[0] & 0x68 or offline[0] & 0x40:
        fault = Fault.ERROR
    elif printer[0] & 0x08:
        fault = Fault.OFFLINE
    else:
        fault = None
    return PrinterStatus(fault=fault, paper=sensors)


Report = tuple[DeviceState, str]


def reports(status: PrinterStatus) -> dict[DeviceKind, Report]:
    """What to tell the hall, by kind: of the paper, while it is known, and of the printer."""
    told: dict[DeviceKind, Report] = {}
    if status.paper is Paper.OUT:
        told[DeviceKind.PAPER] = (DeviceState.FAILED, SENTENCES[Fault.PAPER_OUT])
    elif status.paper is Paper.NEAR_END:
        told[DeviceKind.PAPER] = (DeviceState.WARNING, NEAR_END)
    elif status.paper is Paper.OK:
        told[DeviceKind.PAPER] = (DeviceState.OK, "")
    if status.fault in (None, Fault.PAPER_OUT):
        told[DeviceKind.PRINTER] = (DeviceState.OK, "")
    else:
        told[DeviceKind.PRINTER] = (DeviceState.FAILED, sentence(status))
    return told


def sentence(status: PrinterStatus) -> str:
    if status.fault is None:
        return NEAR_END if status.paper is Paper.NEAR_END else "正常 · ready"
    return SENTENCES[status.fault] + (f" ({status.detail})" if status.detail else "")
