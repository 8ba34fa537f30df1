"""The reader of ESC/POS bytes: what a printer knows, and what it does with bytes that it does not know."""

from hypothesis import given
from hypothesis import strategies as st

from ticket_printer.printer.font import find_font
from ticket_printer.printer.screen.paper import pictures
from ticket_printer.printer.screen.reader import Cut, Feed, QrCode, Raster, TextLine, Unknown, read


def test_text_outside_chinese_mode_is_code_page_437() -> None:
    (line,) = read(b"caf\x82\n")
    assert isinstance(line, TextLine)
    assert line.text == "café"


def test_a_chinese_character_whose_second_byte_looks_like_ascii_is_one_character() -> None:
    assert "俓".encode("gb18030")[1] < 0x80
    (line,) = read(b"\x1c\x26" + "俓A".encode("gb18030") + b"\x1c\x2e\n")
    assert isinstance(line, TextLine)
    assert line.text == "俓A"


def test_an_empty_line_feeds_a_line_and_cuts_are_of_two_kinds() -> None:
    assert read(b"\n") == [Feed(30)]
    assert read(b"\x1dV\x00\x1dV\x01\x1dVB\x10") == [Cut(part=False), Cut(part=True), Feed(16), Cut(part=True)]


def test_a_raster_that_is_torn_is_filled_with_white() -> None:
    (raster,) = read(b"\x1dv0\x00\x02\x00\x03\x00\xff\xff")
    assert isinstance(raster, Raster)
    assert raster.bits == b"\xff\xff" + bytes(4)


def test_unknown_commands_are_seen_and_status_questions_leave_no_mark() -> None:
    assert read(b"\x1bZ") == [Unknown(b"\x1bZ")]
    assert read(b"\x10\x04\x01\x1dr\x01") == []


def test_a_qr_code_is_stored_first_and_printed_when_told() -> None:
    store = b"\x1d(k\x06\x001P0abc"
    assert read(store) == []
    (code,) = read(store + b"\x1d(k\x03\x001Q0")
    assert isinstance(code, QrCode)
    assert code.content == b"abc"


@given(st.binary(max_size=300))
def test_no_bytes_whatever_stop_the_reader(data: bytes) -> None:
    read(data)


@given(
    st.lists(st.sampled_from([b"A", b"\n", b"\x1b@", b"\x1d!\x77", b"\x1c\x26\xd6\xd0\x1c\x2e", b"\x1bd\x02", b"\x07"]))
)
def test_whatever_can_be_read_can_be_drawn(parts: list[bytes]) -> None:
    for picture in pictures(b"".join(parts), 58, find_font("")):
        assert picture.width == 384 + 48
