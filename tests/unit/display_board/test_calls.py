"""Two calls close together: neither is lost, each is seen long enough (FQM #275, novosga #78)."""

from hypothesis import given
from hypothesis import strategies as st

from display_board.pages.calls import (
    CROWDED,
    USUAL,
    Call,
    Stage,
    Timing,
    advance,
    announce,
    forget,
    is_fresh,
    next_change_ms,
    remember,
    settle,
    withdraw,
)

TIMING = Timing(hold_ms=8_000, linger_ms=25_000)


def call(ticket: int, counter: int = 1, *, again: bool = False) -> Call:
    return Call(ticket, f"A{ticket:03d}", counter, ticket, again=again)


def numbers(stage: Stage) -> list[str]:
    return [shown.call.number for shown in stage.shown]


def test_a_call_is_up_at_once_and_stays_while_its_visitor_is_expected() -> None:
    stage = announce(Stage(), call(1), 0, TIMING)
    assert numbers(stage) == ["A001"]
    assert numbers(advance(stage, 3_600_000, TIMING)) == ["A001"]


def test_two_calls_in_one_moment_stand_side_by_side_the_newer_first() -> None:
    stage = announce(announce(Stage(), call(1), 0, TIMING), call(2), 1, TIMING)
    assert numbers(stage) == ["A002", "A001"]
    assert all(is_fresh(shown, 7_999, TIMING) for shown in stage.shown)


def test_a_fourth_call_waits_until_the_first_has_had_its_time() -> None:
    stage = Stage()
    for ticket in (1, 2, 3, 4):
        stage = announce(stage, call(ticket), ticket * 100, TIMING)
    assert numbers(stage) == ["A003", "A002", "A001"]
    assert numbers(advance(stage, 8_099, TIMING)) == ["A003", "A002", "A001"]
    assert numbers(advance(stage, 8_100, TIMING)) == ["A004", "A003", "A002"]


def test_a_visitor_who_has_come_makes_room_before_one_who_is_expected() -> None:
    stage = Stage()
    for ticket in (1, 2, 3):
        stage = announce(stage, call(ticket), ticket, TIMING)
    stage = settle(stage, 2, TIMING.linger_ms)
    stage = announce(stage, call(4), 10_000, TIMING)
    assert numbers(stage) == ["A004", "A003", "A001"]


def test_a_settled_call_leaves_after_lingering_and_never_before_its_hold() -> None:
    stage = settle(announce(Stage(), call(1), 0, TIMING), 1, TIMING.linger_ms)
    assert numbers(advance(stage, 24_999, TIMING)) == ["A001"]
    assert numbers(advance(stage, 25_000, TIMING)) == []
    missed = settle(announce(Stage(), call(1), 0, TIMING), 1, 0)
    assert numbers(advance(missed, 7_999, TIMING)) == ["A001"]
    assert numbers(advance(missed, 8_000, TIMING)) == []


def test_a_recall_is_highlighted_again_in_its_place() -> None:
    stage = announce(announce(Stage(), call(1), 0, TIMING), call(2), 0, TIMING)
    stage = announce(advance(stage, 20_000, TIMING), call(1, again=True), 20_000, TIMING)
    assert numbers(stage) == ["A002", "A001"]
    assert [is_fresh(shown, 20_001, TIMING) for shown in stage.shown] == [False, True]
    assert stage.shown[1].call.again


def test_a_recall_of_a_call_not_yet_up_keeps_its_turn_and_is_shown_once() -> None:
    stage = Stage()
    for ticket in (1, 2, 3, 4, 5):
        stage = announce(stage, call(ticket), 0, TIMING)
    stage = announce(stage, call(4, counter=7, again=True), 1, TIMING)
    assert [queued.ticket for queued in stage.queue] == [4, 5]
    stage = advance(stage, 8_000, TIMING)
    assert [(s.call.number, s.call.counter) for s in stage.shown][:2] == [("A005", 1), ("A004", 7)]


def test_a_call_taken_back_vanishes_at_once_and_the_next_moves_up() -> None:
    stage = Stage()
    for ticket in (1, 2, 3, 4):
        stage = announce(stage, call(ticket), 0, TIMING)
    stage = advance(withdraw(stage, 2), 1, TIMING)
    assert numbers(stage) == ["A004", "A003", "A001"]


def test_forty_counters_called_at_opening_are_all_shown_within_a_minute() -> None:
    stage = Stage()
    for ticket in range(1, 41):
        stage = announce(stage, call(ticket), 0, TIMING)
    seen: set[str] = set()
    for now_ms in range(0, 60_000, 100):
        stage = advance(stage, now_ms, TIMING)
        assert len(stage.shown) <= CROWDED
        seen |= set(numbers(stage))
    assert len(seen) == 40
    assert len(stage.shown) == USUAL, "the letters are large again once the rush is over"


def test_at_five_calls_a_minute_every_call_is_up_at_once() -> None:
    stage = Stage()
    for ticket in range(1, 300):
        now_ms = ticket * 12_000
        stage = announce(advance(stage, now_ms, TIMING), call(ticket), now_ms, TIMING)
        assert stage.shown[0].call.ticket == ticket
        assert not stage.queue


@given(st.lists(st.tuples(st.integers(0, 4_000), st.integers(1, 60)), min_size=1, max_size=80))
def test_whatever_the_calls_none_is_lost_and_each_is_held(arrivals: list[tuple[int, int]]) -> None:
    """Each call comes up, in order, and stays its hold without a gap; a recall starts its hold anew."""
    stage, now_ms = Stage(), 0
    expected: list[tuple[int, Call]] = []
    for seq, (pause_ms, ticket) in enumerate(arrivals):
        now_ms += pause_ms
        expected.append((now_ms, Call(ticket, f"A{ticket:03d}", 1 + seq % 40, seq)))
    timeline: dict[int, list[int]] = {}
    end_ms = now_ms + 200_000
    at_ms, pending = 0, list(expected)
    while at_ms <= end_ms:
        while pending and pending[0][0] <= at_ms:
            stage = announce(stage, pending.pop(0)[1], at_ms, TIMING)
        stage = advance(stage, at_ms, TIMING)
        assert len(stage.shown) <= CROWDED
        assert len({s.call.ticket for s in stage.shown}) == len(stage.shown)
        for shown in stage.shown:
            timeline.setdefault(shown.call.seq, []).append(at_ms)
        changes = [
            m for m in (next_change_ms(stage, at_ms, TIMING), pending[0][0] if pending else None) if m is not None
        ]
        if not changes:
            break
        at_ms = max(at_ms + 1, min(changes))
    assert not stage.queue
    superseded = {c.seq for i, (_, c) in enumerate(expected) if any(c.ticket == d.ticket for _, d in expected[i + 1 :])}
    for _, made in expected:
        if made.seq in superseded:
            continue
        moments = timeline[made.seq]
        still_up = any(shown.call.seq == made.seq for shown in stage.shown)
        assert still_up or moments[-1] - moments[0] + _gap(timeline, moments[-1], end_ms) >= TIMING.hold_ms


def _gap(timeline: dict[int, list[int]], last_ms: int, end_ms: int) -> int:
    """From the last look at which a call was up until the next look, at which it was gone."""
    looks = sorted({moment for moments in timeline.values() for moment in moments})
    return next((look for look in looks if look > last_ms), end_ms) - last_ms


@given(st.integers(1, 80), st.integers(0, 500))
def test_calls_come_up_in_the_order_in_which_they_were_made(count: int, pause_ms: int) -> None:
    stage, order = Stage(), []
    for now_ms in range(0, count * max(1, pause_ms) + 120_000, 250):
        made = [ticket for ticket in range(1, count + 1) if now_ms - 250 < ticket * pause_ms <= now_ms]
        if now_ms == 0 and pause_ms == 0:
            made = list(range(1, count + 1))
        for ticket in made if pause_ms or now_ms == 0 else []:
            stage = announce(stage, call(ticket), now_ms, TIMING)
        stage = advance(stage, now_ms, TIMING)
        order += [n for n in reversed(numbers(stage)) if n not in order]
    assert order == [f"A{ticket:03d}" for ticket in range(1, count + 1)]


def test_the_history_holds_each_visitor_once_the_newest_first() -> None:
    history: tuple[Call, ...] = ()
    for ticket in (1, 2, 3, 1):
        history = remember(history, call(ticket))
    assert [c.ticket for c in history] == [1, 3, 2]
    assert [c.ticket for c in forget(history, 3)] == [1, 2]
    for ticket in range(500):
        history = remember(history, call(ticket))
    assert len(history) <= 100
