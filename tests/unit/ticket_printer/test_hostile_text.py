"""No byte of a name is a command to a printer, and no surname is blanked."""

from hypothesis import given
from hypothesis import strategies as st

from hall_controller.domain.plain_text import one_line
from tests.hostile import HOSTILE
from ticket_printer.printer.encode import CHINESE_OFF, CHINESE_ON, in_rom, ticket_bytes
from ticket_printer.printer.layout import Line, clean
from ticket_printer.printer.settings import PrinterSettings

BARE = ticket_bytes((Line(""),), PrinterSettings())
AROUND = BARE.split(CHINESE_ON + CHINESE_OFF)


@given(st.text(st.sampled_from("\x1b\x1d\x1c\x10\x00\n\r\u2028\u202e张A9-")) | st.just(HOSTILE))
def test_what_goes_to_the_printer_is_the_text_between_the_same_commands(text: str) -> None:
    plain = one_line(text)
    assert in_rom(plain)
    assert ticket_bytes((Line(text),), PrinterSettings()) == (
        AROUND[0] + CHINESE_ON + plain.encode("gb18030") + CHINESE_OFF + AROUND[1]
    )
    assert not set(plain) & set("\x1b\x1d\x1c\x10\x00\n\r")


def test_private_use_characters_stay_and_are_drawn() -> None:
    assert clean("\ue000丽") == "\ue000丽"
    assert not in_rom("\ue000丽")
