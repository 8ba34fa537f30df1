"""The bytes that go to a printer: golden files, and what a printer makes of them."""

import os
import subprocess
from pathlib import Path

import pytest
from msgspec.structs import replace
from PIL import Image

from hall_controller.domain.ticket import Language, VisitorClass
from tests.unit.ticket_printer.test_layout import FACTS
from tests.unit.ticket_printer.test_receipts import LIST, RECEIPT
from tests.unit.ticket_printer.test_slips import BOOKING, DOCUMENTS
from ticket_printer.printer.encode import in_rom, ticket_bytes
from ticket_printer.printer.font import NoFontError, find_font
from ticket_printer.printer.layout import Line, TicketFacts, ticket_layout
from ticket_printer.printer.receipts import consignment_layout, receipt_layout
from ticket_printer.printer.screen.paper import pictures
from ticket_printer.printer.screen.reader import Cut, QrCode, Raster, TextLine, Unknown, read, text_of
from ticket_printer.printer.settings import Chinese, PrinterSettings
from ticket_printer.printer.settings import Cut as CutSetting
from ticket_printer.printer.settings import QrCode as QrSetting
from ticket_printer.printer.slips import booking_layout, documents_layout

GOLDEN = Path(__file__).with_name("golden")
CASES: dict[str, tuple[TicketFacts, PrinterSettings]] = {
    "zh-80": (FACTS, PrinterSettings()),
    "zh-58": (FACTS, PrinterSettings(width_mm=58)),
    "en-priority-80": (
        replace(FACTS, language=Language.ENGLISH, visitor_class=VisitorClass.PRIORITY, number="P012"),
        PrinterSettings(cut=CutSetting.FULL),
    ),
    "copy-58": (replace(FACTS, copy=1, printed_at=FACTS.issued_at), PrinterSettings(width_mm=58, cut=CutSetting.NONE)),
}


FULL_RECEIPT = replace(
    RECEIPT,
    outstanding_zh=("公司章程", "照片"),
    outstanding_en=("Articles of association", "Photo"),
    documents_due="12月9日 周三",
    result_due="12月2日 周三",
    pickup="领取结果",
    phone_url="http://127.0.0.1:8082/t/12.abc",
)
SLIPS = {
    "booking-80": ticket_bytes(booking_layout(BOOKING, 80), PrinterSettings()),
    "booking-en-58": ticket_bytes(
        booking_layout(replace(BOOKING, language=Language.ENGLISH, day="Thursday 26 Nov"), 58),
        PrinterSettings(width_mm=58),
    ),
    "documents-80": ticket_bytes(documents_layout(DOCUMENTS, 80), PrinterSettings()),
    "documents-of-several-80": ticket_bytes(
        documents_layout(
            replace(
                DOCUMENTS,
                more_zh=("食品经营许可证核发", "公章刻制备案"),
                later=(2, 5),
                documents_zh=DOCUMENTS.documents_zh[:6],
            ),
            80,
        ),
        PrinterSettings(),
    ),
    "receipt-80": ticket_bytes(receipt_layout(FULL_RECEIPT, 80), PrinterSettings()),
    "receipt-en-58": ticket_bytes(
        receipt_layout(replace(FULL_RECEIPT, language=Language.ENGLISH, documents_due="Wednesday 9 Dec"), 58),
        PrinterSettings(width_mm=58),
    ),
    "consignment-80": ticket_bytes(consignment_layout(LIST, 80), PrinterSettings()),
    "documents-58": ticket_bytes(documents_layout(DOCUMENTS, 58), PrinterSettings(width_mm=58)),
}


def encoded(facts: TicketFacts, settings: PrinterSettings) -> bytes:
    return ticket_bytes(ticket_layout(facts, settings.width_mm), settings)


@pytest.mark.parametrize("name", [*CASES, *SLIPS])
def test_bytes_are_those_that_were_looked_at(name: str) -> None:
    """After a change that is meant: look at the pictures, then write the files anew with GOLDEN=write."""
    data = SLIPS.get(name) or encoded(*CASES[name])
    file = GOLDEN / f"{name}.bin"
    if os.environ.get("GOLDEN") == "write":
        file.write_bytes(data)
    assert data == file.read_bytes()


def test_chinese_is_gb18030_between_the_printers_own_switches() -> None:
    """Decoded here by hand, without the reader that the on-screen printer uses."""
    data = encoded(*CASES["zh-80"])
    pieces = [piece.split(b"\x1c\x2e")[0].decode("gb18030") for piece in data.split(b"\x1c\x26")[1:]]
    assert "福海街道便民服务中心" in pieces
    assert "事项      社会保险参保登记（灵活就业人员）" in pieces
    assert "过号后30分钟内，请找工作人员重新排队。" in pieces
    outside = b"".join(piece.split(b"\x1c\x2e")[-1] for piece in data.split(b"\x1c\x26"))
    assert all(byte < 0x80 for byte in outside)


def test_the_reader_understands_every_byte_and_reads_the_ticket_back() -> None:
    for facts, settings in CASES.values():
        things = read(encoded(facts, settings))
        assert not [thing for thing in things if isinstance(thing, Unknown)]
        lines = [b.text for b in ticket_layout(facts, settings.width_mm) if isinstance(b, Line)]
        assert [line for line in text_of(things).splitlines() if not line.startswith("---")] == lines
        assert [t.content for t in things if isinstance(t, QrCode)] == [b"http://127.0.0.1:8082/t/abc"]
        assert len([t for t in things if isinstance(t, Cut)]) == (0 if settings.cut is CutSetting.NONE else 1)


def test_the_reader_understands_every_byte_of_a_slip() -> None:
    for data in SLIPS.values():
        things = read(data)
        assert not [thing for thing in things if isinstance(thing, Unknown)]
        assert "?" not in text_of(things)


def test_sizes_boldness_and_alignment_arrive() -> None:
    things = read(encoded(*CASES["zh-80"]))
    number = next(t for t in things if isinstance(t, TextLine) and t.text == "A001")
    assert (number.runs[0].style.wide, number.runs[0].style.high, number.runs[0].style.bold) == (8, 8, True)
    assert number.align == 1
    plain = next(t for t in things if isinstance(t, TextLine) and t.text.startswith("前面等候"))
    assert (plain.runs[0].style.wide, plain.runs[0].style.bold, plain.align) == (1, False, 0)


def test_a_ticket_that_forgets_to_switch_to_chinese_is_seen() -> None:
    data = encoded(*CASES["zh-80"]).replace(b"\x1c\x26", b"")
    assert "您的号码" not in text_of(read(data))


def test_full_width_marks_and_letters_come_out_right_and_rare_characters_are_drawn() -> None:
    facts = replace(FACTS, matter_zh="Ａ００１：“变更”，《登记》！", hall_zh="䶵洲大厅")
    assert not in_rom("䶵洲大厅")
    things = read(encoded(facts, PrinterSettings()))
    assert "事项      Ａ００１：“变更”，《登记》！" in text_of(things)
    assert "?" not in text_of(things)
    assert isinstance(next(t for t in things if isinstance(t, TextLine | Raster)), Raster)


def test_image_tickets_hold_no_text_at_all() -> None:
    for width_mm, dots in ((80, 576), (58, 384)):
        things = read(encoded(FACTS, PrinterSettings(width_mm=width_mm, chinese=Chinese.IMAGE)))
        assert not [t for t in things if isinstance(t, TextLine | Unknown)]
        assert {t.width_bytes * 8 for t in things if isinstance(t, Raster)} == {dots}


@pytest.mark.parametrize("chinese", list(Chinese))
@pytest.mark.parametrize("width_mm", [80, 58])
def test_a_phone_reads_the_qr_code_from_the_paper(chinese: Chinese, width_mm: int, tmp_path: Path) -> None:
    url = "http://10.20.30.40:8082/t/0123456789abcdef0123456789abcdef"
    for qr in QrSetting:
        settings = PrinterSettings(chinese=chinese, width_mm=width_mm, qr=qr)
        paper = pictures(encoded(replace(FACTS, phone_url=url), settings), width_mm, find_font(""))
        assert len(paper) == 1
        file = tmp_path / f"{qr}.png"
        paper[0].save(file)
        read_back = subprocess.run(["zbarimg", "-q", "--raw", str(file)], capture_output=True, text=True, check=True)
        assert read_back.stdout.strip() == url


def test_rom_and_image_tickets_look_alike() -> None:
    """The picture of the drawn ticket and that of the text ticket carry about the same ink."""

    def ink(picture: Image.Image) -> float:
        return picture.histogram()[0] / (picture.width * picture.height)

    rom, image = (
        pictures(encoded(FACTS, PrinterSettings(chinese=chinese)), 80, find_font(""))[0] for chinese in Chinese
    )
    assert abs(ink(rom) - ink(image)) < 0.2 * ink(rom)


def test_bytes_that_a_printer_is_told_at_first_come_first() -> None:
    assert encoded(FACTS, PrinterSettings(init_hex="1b 39 00")).startswith(b"\x1b@\x1b9\x00")


def test_a_missing_font_is_one_sentence() -> None:
    with pytest.raises(NoFontError, match="set `font` to a font file"):
        encoded(FACTS, PrinterSettings(chinese=Chinese.IMAGE, font="/nowhere.ttf"))
