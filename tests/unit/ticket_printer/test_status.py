"""What a printer's answers mean to staff."""

import pytest

from hall_controller.domain.commands import DeviceKind, DeviceState
from ticket_printer.printer.status import Fault, NotAStatusError, Paper, PrinterStatus, read_status, reports, sentence

WELL = (b"\x12", b"\x12", b"\x12", b"\x12")


@pytest.mark.parametrize(
    ("answers", "fault", "paper"),
    [
        (WELL, None, Paper.OK),
        ((b"\x12", b"\x12", b"\x12", b"\x1e"), None, Paper.NEAR_END),
        ((b"\x1a", b"\x32", b"\x12", b"\x7e"), Fault.PAPER_OUT, Paper.OUT),
        ((b"\x1a", b"\x32", b"\x12", b"\x12"), Fault.PAPER_OUT, Paper.OUT),
        ((b"\x1a", b"\x16", b"\x12", b"\x12"), Fault.COVER_OPEN, Paper.OK),
        ((b"\x1a", b"\x36", b"\x12", b"\x72"), Fault.COVER_OPEN, Paper.OUT),
        ((b"\x1a", b"\x12", b"\x12", b"\x12"), Fault.OFFLINE, Paper.OK),
        ((b"\x1a", b"\x52", b"\x1a", b"\x12"), Fault.ERROR, Paper.OK),
    ],
)
def test_answers_are_understood(answers: tuple[bytes, ...], fault: Fault | None, paper: Paper) -> None:
    status = read_status(*answers)
    assert (status.fault, status.paper) == (fault, paper)


@pytest.mark.parametrize("bad", [b"", b"\x12\x12", b"\x00", b"\x16\x00", b"\xff", b"\x0c"])
def test_an_answer_that_is_late_or_garbled_is_no_status(bad: bytes) -> None:
    """python-escpos takes silence for plenty of paper."""
    for position in range(4):
        answers = list(WELL)
        answers[position] = bad
        with pytest.raises(NotAStatusError):
            read_status(*answers)


def test_paper_and_printer_are_told_apart() -> None:
    assert reports(PrinterStatus(fault=Fault.PAPER_OUT, paper=Paper.OUT)) == {
        DeviceKind.PAPER: (DeviceState.FAILED, "缺纸，请换纸卷 · paper out, put in a new roll"),
        DeviceKind.PRINTER: (DeviceState.OK, ""),
    }
    assert reports(PrinterStatus(paper=Paper.NEAR_END))[DeviceKind.PAPER][0] is DeviceState.WARNING
    gone = reports(PrinterStatus(fault=Fault.VANISHED, detail="Connection refused"))
    assert set(gone) == {DeviceKind.PRINTER}
    assert gone[DeviceKind.PRINTER][1].endswith("(Connection refused)")


def test_every_fault_has_a_sentence_in_both_languages() -> None:
    for fault in Fault:
        assert " · " in sentence(PrinterStatus(fault=fault))
