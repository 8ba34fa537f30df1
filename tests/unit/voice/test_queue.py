"""The queue of calls to be spoken: in order, each once, never late, and never for a visitor who is no longer called."""

from random import Random

import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, precondition, rule

from display_board.voice.queue import Call, Queue, add, call_of, prune, standing, stands, step, take
from hall_controller.domain import commands as c
from hall_controller.domain.sender import HALL
from hall_controller.domain.ticket import Language
from tests.unit.domain.support import Pretend, terminal

STALE_MS = 60_000
SHORT_MS = 5_000


def call(ticket: int, at_ms: int = 0, before: int | None = None, calls: int = 1, counter: int = 1) -> Call:
    return Call(
        ticket=ticket,
        number=f"A{ticket:03d}",
        counter=counter,
        language=Language.MANDARIN,
        before=at_ms if before is None else before,
        at_ms=at_ms,
        calls=calls,
        nth=calls,
    )


def queue_of(*calls: Call) -> Queue:
    queue = Queue()
    for each in calls:
        queue = add(queue, each)
    return queue


def take_at(queue: Queue, now_ms: int) -> tuple[Call | None, bool, list[int], Queue]:
    taken = take(queue, now_ms, stale_ms=STALE_MS, short_after_ms=SHORT_MS)
    return taken.call, taken.short, [stale.ticket for stale in taken.stale], taken.queue


def test_two_calls_close_together_are_both_spoken_in_order() -> None:
    first, _, _, rest = take_at(queue_of(call(1, 0), call(2, 20)), 20)
    second, _, _, rest = take_at(rest, 4_000)
    assert first is not None
    assert second is not None
    assert (first.ticket, second.ticket, rest.waiting) == (1, 2, ())


def test_a_recall_of_one_still_waiting_is_said_once_in_its_turn_and_as_a_first_call() -> None:
    queue = queue_of(call(1, 0), call(2, 10), call(1, 9_000, before=0, calls=2))
    assert [waiting.ticket for waiting in queue.waiting] == [1, 2]
    first, _, _, _ = take_at(queue, 9_001)
    assert first is not None
    assert (first.nth, first.calls, first.at_ms) == (1, 2, 9_000)


def test_a_recall_keeps_a_call_from_growing_stale() -> None:
    spoken, _, stale, _ = take_at(queue_of(call(1, 0), call(1, 50_000, before=0, calls=2)), 70_000)
    assert spoken is not None
    assert not stale


def test_a_ticket_called_anew_goes_behind_with_its_new_counter() -> None:
    queue = queue_of(call(1, 0), call(2, 10), call(1, 5_000, counter=4))
    assert [(waiting.ticket, waiting.counter) for waiting in queue.waiting] == [(2, 1), (1, 4)]


def test_stale_calls_are_handed_over_and_not_spoken() -> None:
    spoken, _, stale, rest = take_at(queue_of(call(1, 0), call(2, 100), call(3, 30_000)), 60_101)
    assert spoken is not None
    assert (spoken.ticket, stale, rest.waiting) == (3, [1, 2], ())


def test_only_stale_calls_leave_nothing_to_say() -> None:
    assert take_at(queue_of(call(1, 0)), 60_001) == (None, False, [1], Queue())


def test_the_short_form_when_others_wait_or_the_call_has_waited() -> None:
    assert take_at(queue_of(call(1)), 50_000)[1] is False, "nobody waits for its end"
    assert take_at(queue_of(call(1), call(2)), 4_999)[1] is False
    assert take_at(queue_of(call(1), call(2)), 5_000)[1] is True
    assert take_at(queue_of(call(1), call(2), call(3)), 0)[1] is True


# --- with a real hall ---


def test_a_call_and_its_recall_come_from_the_halls_events() -> None:
    play = Pretend()
    play.open(3)
    ticket = play.take(language=Language.CANTONESE)
    play.call(3)
    spoken = call_of(play.events[-1], play.hall)
    assert spoken is not None
    assert (spoken.ticket, spoken.counter, spoken.nth, spoken.language) == (ticket, 3, 1, Language.CANTONESE)
    play.later(5)
    play.do(c.Recall(counter=3), terminal(3))
    again = call_of(play.events[-1], play.hall)
    assert again is not None
    assert (again.nth, again.before, again.at_ms) == (2, spoken.before, spoken.at_ms + 5_000)
    assert stands(spoken, play.hall)


@pytest.mark.parametrize("act", ["undo", "missed", "start", "closed"])
def test_a_call_taken_back_before_it_was_spoken_is_not_spoken(act: str) -> None:
    play = Pretend()
    play.open(3)
    play.take()
    play.call(3)
    waiting = call_of(play.events[-1], play.hall)
    assert waiting is not None
    queue = queue_of(waiting)
    assert prune(queue, play.hall) is queue
    match act:
        case "undo":
            play.undo(3)
        case "missed":
            play.missed(3)
        case "start":
            play.start(3)
        case _:
            play.do(c.CloseHall(reason="typhoon"))
    assert prune(queue, play.hall).waiting == ()


def test_a_visitor_taken_over_by_another_counter_is_called_there() -> None:
    play = Pretend()
    play.open(3, 5)
    ticket = play.take()
    play.call(3)
    before = call_of(play.events[-1], play.hall)
    assert before is not None
    play.later(1)
    play.do(c.TakeOverCounter(counter=5, from_counter=3))
    after = call_of(play.events[-1], play.hall)
    assert after is not None
    assert (after.ticket, after.counter) == (ticket, 5)
    queue = add(prune(queue_of(before), play.hall), after)
    assert [waiting.counter for waiting in queue.waiting] == [5]


def test_what_is_being_called_now_is_read_from_a_snapshot_the_oldest_first() -> None:
    play = Pretend()
    play.open(1, 2, 3)
    play.take_many(3)
    for counter in (2, 1):
        play.call(counter)
        play.later(3)
    play.begin(3)
    assert [(call.counter, call.number) for call in standing(play.hall)] == [(2, "A001"), (1, "A002")]


# --- under load ---

SECONDS = {(1, False): 5.4, (1, True): 2.9, (2, False): 9.4, (2, True): 6.4}
"""Length of an announcement by number of languages and form, as measured; the longest are taken."""


def busy_hall(calls_a_minute: float, hours: float, seed: int, *, short_form: bool = True) -> tuple[list[float], int]:
    """Delays from call to sound in seconds, and how many calls were too old, with calls that come by chance."""
    chance = Random(seed)
    arrivals: list[tuple[int, int]] = []
    now_s = 0.0
    while now_s < hours * 3600:
        now_s += chance.expovariate(calls_a_minute / 60)
        arrivals.append((int(now_s * 1000), 2 if chance.random() < 0.4 else 1))
    delays: list[float] = []
    lost = 0
    queue = Queue()
    free_ms = at = 0
    while at < len(arrivals) or queue.waiting:
        now_ms = free_ms if queue.waiting else max(free_ms, arrivals[at][0])
        while at < len(arrivals) and arrivals[at][0] <= now_ms:
            queue = add(queue, call(at, arrivals[at][0]))
            at += 1
        taken = take(queue, now_ms, stale_ms=STALE_MS, short_after_ms=SHORT_MS)
        queue = taken.queue
        lost += len(taken.stale)
        if taken.call is not None:
            delays.append((now_ms - taken.call.at_ms) / 1000)
            length_s = SECONDS[arrivals[taken.call.ticket][1], taken.short and short_form]
            free_ms = now_ms + int(length_s * 1000)
    return sorted(delays), lost


@pytest.mark.parametrize("seed", range(5))
def test_forty_counters_five_calls_a_minute_the_voice_keeps_up(seed: int) -> None:
    delays, lost = busy_hall(5, hours=8, seed=seed)
    p50, p95 = delays[len(delays) // 2], delays[len(delays) * 95 // 100]
    print(
        f"5 a minute: {len(delays)} spoken, p50 {p50:.1f} s, p95 {p95:.1f} s, longest {delays[-1]:.1f} s, lost {lost}"
    )
    assert lost == 0
    assert p95 < 12
    assert delays[-1] < 35


@pytest.mark.parametrize("seed", range(5))
def test_at_twice_that_rate_the_short_form_keeps_what_would_be_lost(seed: int) -> None:
    delays, lost = busy_hall(10, hours=2, seed=seed)
    long_delays, long_lost = busy_hall(10, hours=2, seed=seed, short_form=False)
    print(f"10 a minute: p95 {delays[len(delays) * 95 // 100]:.1f} s, lost {lost}; always full: lost {long_lost}")
    assert lost <= len(delays) // 100
    assert long_lost > 10 * max(1, lost)
    assert long_delays[-1] <= 60


def test_forty_calls_at_once_the_voice_never_speaks_later_than_a_minute() -> None:
    queue = queue_of(*(call(ticket, ticket) for ticket in range(40)))
    now_ms, spoken, lost = 40, 0, 0
    while queue.waiting:
        taken = take(queue, now_ms, stale_ms=STALE_MS, short_after_ms=SHORT_MS)
        queue, lost = taken.queue, lost + len(taken.stale)
        if taken.call is not None:
            assert now_ms - taken.call.at_ms <= STALE_MS
            spoken += 1
            now_ms += 2_900
    assert spoken + lost == 40
    assert spoken >= 20


class AnyQueue(RuleBasedStateMachine):
    """Calls, recalls, withdrawals and takings in any order."""

    def __init__(self) -> None:
        super().__init__()
        self.queue = Queue()
        self.now_ms = 0
        self.since: dict[int, int] = {}
        self.calls: dict[int, int] = {}
        self.spoken: list[tuple[int, int, int]] = []
        self.asked: list[int] = []

    @rule(ms=st.integers(0, 30_000))
    def time_passes(self, ms: int) -> None:
        self.now_ms += ms

    @rule(ticket=st.integers(1, 8))
    def call(self, ticket: int) -> None:
        if ticket in self.since:
            self.calls[ticket] += 1
        else:
            self.since[ticket], self.calls[ticket] = self.now_ms, 1
        waited = any(waiting.ticket == ticket for waiting in self.queue.waiting)
        self.queue = add(self.queue, call(ticket, self.now_ms, self.since[ticket], self.calls[ticket]))
        if not waited:
            self.asked.append(ticket)

    @precondition(lambda self: self.queue.waiting)
    @rule()
    def take(self) -> None:
        taken = take(self.queue, self.now_ms, stale_ms=STALE_MS, short_after_ms=SHORT_MS)
        waiting = [waiting.ticket for waiting in self.queue.waiting]
        gone = {stale.ticket for stale in taken.stale}
        for stale in taken.stale:
            assert self.now_ms - stale.at_ms > STALE_MS
        assert all(self.now_ms - left.at_ms <= STALE_MS for left in taken.queue.waiting)
        expected = next((ticket for ticket in waiting if ticket not in gone), None)
        assert (taken.call.ticket if taken.call else None) == expected, "the first that is fresh"
        kept = {left.ticket for left in taken.queue.waiting}
        assert gone | kept | ({expected} if expected else set()) == set(waiting), "nothing vanishes unseen"
        if taken.call is not None:
            said = (taken.call.ticket, taken.call.before, taken.call.calls)
            assert said not in self.spoken, "nothing is said twice"
            self.spoken.append(said)
        self.queue = taken.queue

    @invariant()
    def each_ticket_waits_once(self) -> None:
        tickets = [waiting.ticket for waiting in self.queue.waiting]
        assert len(tickets) == len(set(tickets))

    @invariant()
    def in_the_order_in_which_they_were_first_asked_for(self) -> None:
        last = {ticket: index for index, ticket in enumerate(self.asked)}
        order = [last[waiting.ticket] for waiting in self.queue.waiting]
        assert order == sorted(order)


TestAnyQueue = AnyQueue.TestCase


@given(st.lists(st.tuples(st.integers(1, 5), st.integers(0, 5_000)), max_size=20))
def test_every_ticket_called_in_time_is_spoken_exactly_once(calls: list[tuple[int, int]]) -> None:
    queue = Queue()
    for ticket, at_ms in calls:
        queue = add(queue, call(ticket, at_ms, before=0))
    spoken = []
    while queue.waiting:
        taken = take(queue, 6_000, stale_ms=STALE_MS, short_after_ms=SHORT_MS)
        queue = taken.queue
        spoken.append(taken.call.ticket if taken.call else None)
    assert sorted(filter(None, spoken)) == sorted({ticket for ticket, _ in calls})


@pytest.mark.parametrize("step_s", [-26 * 3600, -2, 1, 7200])
def test_a_clock_that_is_set_neither_loses_a_call_nor_makes_it_old(step_s: int) -> None:
    play = Pretend()
    play.open(3)
    play.take()
    play.call(3)
    called = call_of(play.events[-1], play.hall)
    assert called is not None
    play.now_ms += step_s * 1000
    play.do(c.StepClock(step_ms=step_s * 1000), HALL)
    queue = prune(step(queue_of(called), step_s * 1000), play.hall)
    spoken, _, stale, _ = take_at(queue, play.now_ms)
    assert spoken is not None
    assert (spoken.number, stale) == ("A001", [])


@pytest.mark.parametrize("slip", [c.StartService, c.Missed])
def test_a_call_that_a_slip_of_the_finger_ended_is_asked_for_again(slip: type[c.AtCounter]) -> None:
    play = Pretend()
    play.open(3)
    play.take()
    play.call(3)
    called = call_of(play.events[-1], play.hall)
    assert called is not None
    play.do(slip(counter=3), terminal(3))
    queue = prune(queue_of(called), play.hall)
    assert not queue.waiting
    play.undo(3)
    again = call_of(play.events[-1], play.hall)
    assert again is not None
    assert again.before == called.before
