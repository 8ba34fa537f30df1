"""Fingers that bounce, keys that are held down, presses meant for someone else."""

from counter_client.clerk.acts import Act, Seen
from counter_client.clerk.guard import Guard
from hall_controller.domain.counter import CounterState


def test_a_key_held_down_is_one_press_for_as_long_as_it_is_held() -> None:
    guard = Guard()
    assert not guard.repeats("x", 0.0)
    assert all(guard.repeats("x", 0.4 / 10 * step + 0.03) for step in range(200))
    assert not guard.repeats("x", 9.0)


def test_two_different_keys_are_two_presses() -> None:
    guard = Guard()
    assert not guard.repeats("s", 0.0)
    assert not guard.repeats("f", 0.05)


def test_a_key_for_the_last_visitor_does_nothing_to_the_next_one() -> None:
    guard = Guard()
    guard.show(Seen(CounterState.CALLING, 1, "A001"), 0.0)
    assert guard.too_soon(Act.NO_SHOW, 5.0, by_primary=False) is None
    guard.show(Seen(CounterState.CALLING, 2, "A002"), 5.0)
    assert guard.too_soon(Act.NO_SHOW, 5.3, by_primary=False) is not None
    assert guard.too_soon(Act.NO_SHOW, 6.0, by_primary=False) is None


def test_start_and_finish_in_quick_succession_is_allowed_by_their_own_keys_but_not_by_space() -> None:
    guard = Guard()
    guard.show(Seen(CounterState.CALLING, 1, "A001"), 0.0)
    guard.show(Seen(CounterState.SERVING, 1, "A001"), 5.0)
    assert guard.too_soon(Act.FINISH, 5.1, by_primary=False) is None
    assert guard.too_soon(Act.START, 5.1, by_primary=True) is not None


def test_calling_the_next_needs_no_look() -> None:
    guard = Guard()
    guard.show(Seen(CounterState.READY, None, None), 5.0)
    assert guard.too_soon(Act.NEXT, 5.1, by_primary=False) is None
