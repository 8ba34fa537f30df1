"""How late the voice says it is."""

from display_board.voice.lateness import WINDOW_MS, Lateness


def test_the_worst_of_the_last_minute_is_told() -> None:
    lateness = Lateness()
    assert lateness.worst_ms(0) is None
    lateness.add(call_ms=1_000, now_ms=9_000)
    lateness.add(call_ms=10_000, now_ms=12_000)
    assert lateness.worst_ms(12_000) == 8_000
    assert lateness.worst_ms(9_000 + WINDOW_MS) == 2_000
    assert lateness.worst_ms(12_000 + WINDOW_MS) is None


def test_a_clock_that_was_set_back_makes_nobody_early() -> None:
    lateness = Lateness()
    lateness.add(call_ms=50_000, now_ms=20_000)
    assert lateness.worst_ms(21_000) == 0
