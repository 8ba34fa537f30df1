"""A scan is told from fingers, whatever comes in between."""

from hypothesis import given
from hypothesis import strategies as st

from counter_client.papers.scanner import Ear, prefixes
from hall_controller.domain import commands as c
from hall_controller.domain.acceptance import Carries
from hall_controller.domain.rules_acceptance import AcceptanceRules
from tests.terminal.local_hall import LocalHall

RECEIPT = "BA001-261128-0007"
LETTERS = {"BA"}


def heard(ear: Ear, keys: str) -> tuple[list[str], list[str]]:
    """What is pressed, and what is scanned, of keys in a row; `\\n` is Enter, `.` a while without a key."""
    pressed, scanned = [], []
    for one in keys:
        if one == ".":
            sound = ear.silence()
        else:
            sound = ear.hear(None if one == "\n" else one, "enter" if one == "\n" else one, LETTERS)
        pressed += [sound.press] if sound.press else []
        scanned += [sound.scan] if sound.scan else []
        if one != "." and not sound.taken:
            pressed.append("enter" if one == "\n" else one)
    return pressed, scanned


def test_a_scan_presses_no_key() -> None:
    assert heard(Ear(), f"{RECEIPT}\n") == ([], [RECEIPT])


def test_a_scan_under_caps_lock_and_one_without_enter() -> None:
    assert heard(Ear(), f"{RECEIPT.lower()}\n{RECEIPT}.") == ([], [RECEIPT.lower(), RECEIPT])


def test_a_finger_s_key_is_pressed_after_a_moment() -> None:
    assert heard(Ear(), "b.") == (["b"], [])


def test_keys_in_quick_succession_are_all_pressed_in_their_order() -> None:
    assert heard(Ear(), "bcb\n") == (["b", "c", "b", "enter"], [])


def test_a_scan_that_breaks_off_presses_nothing() -> None:
    assert heard(Ear(), "BA00.c") == (["c"], [])


def test_without_a_scanner_nothing_is_held_back() -> None:
    assert heard(Ear(0), "ba0\n") == (["b", "a", "0", "enter"], [])
    assert Ear(0).waits_s is None


@given(st.text("abcfs0 ", max_size=12))
def test_no_press_is_lost_or_doubled(keys: str) -> None:
    """Fingers that pause after each key: every key is pressed once, in order."""
    pressed, scanned = heard(Ear(), "".join(f"{key}." for key in keys))
    assert ("".join(pressed), scanned) == (keys, [])


def test_the_letters_of_all_halls_that_send_here_begin_a_scan() -> None:
    local = LocalHall(acceptance=AcceptanceRules(district_hall="QU135"))
    local.do(
        c.AnnounceConsignment(
            consignment="NT-2-261120-C01",
            carries=Carries.MATERIALS,
            receipts=("NT-2-261120-0001",),
            sent_at_ms=local.at_ms,
            due_ms=local.at_ms,
        )
    )
    assert prefixes(local.state) == {"BA", "QU", "NT"}
