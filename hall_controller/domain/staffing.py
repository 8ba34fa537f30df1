"""How many counters to open, now and tomorrow, so that nine in ten are called within a quarter of an hour.

`advise` holds what is planned against what the coming hours need and says the difference in a few sentences;
`suggest_roster` plans a whole day. Both read the hall's state alone: whoever holds it, the controller or a screen, says
the same.
"""

import datetime as dt
from collections.abc import Iterator, Sequence
from itertools import groupby
from typing import NamedTuple

import msgspec

from hall_controller.domain.advice_words import Advised, Sentence, sentence
from hall_controller.domain.counter import CounterState
from hall_controller.domain.day import StopCause
from hall_controller.domain.forecast import Basis, forecast, pace
from hall_controller.domain.hall import Hall, Issuing, in_force, waiting_count
from hall_controller.domain.hours import local, moment_ms, opening_at
from hall_controller.domain.needs import LEAST_STAY_MS, Held, Needs, Stretch, course_of, stretches_of
from hall_controller.domain.roster import planned
from hall_controller.domain.roster import spans as planned_spans
from hall_controller.domain.rules import RosterSpan, Rules
from hall_controller.domain.supply import Supply, supply

NO_MORE = (StopCause.MANAGER, StopCause.LAST_TICKET)
"""Why issuing may be stopped for the rest of the day: nobody else comes then."""
GRID_MS = 600_000
"""The moment until which a window must be open is told in tens of minutes."""
LAST_MOMENT = dt.time(23, 59)
SENTENCES_MOST = 4
TOLERANCE = 0.01
"""A target missed by so little is not worth a word."""


class Outlook(msgspec.Struct, frozen=True, kw_only=True):
    """A stretch of the day: who is expected, and what comes of it."""

    start_ms: int
    end_ms: int
    visitors: float
    planned: float | None
    """Counters that will be open, by the roster and by who is there; None for a day that is not today."""
    advised: int
    share: float | None
    """Of these visitors, called in time as planned."""
    share_advised: float
    """The same with as many counters as advised."""


class Advice(msgspec.Struct, frozen=True, kw_only=True):
    at_ms: int
    day: str
    basis: Basis | None
    """What the forecast was made from; None when nothing is known."""
    sentences: tuple[Sentence, ...]
    """The most urgent first."""
    outlook: tuple[Outlook, ...] = ()
    spans: tuple[RosterSpan, ...] = ()
    """For `set_roster`: the day as advised."""


def advise(hall: Hall, at_ms: int) -> Advice:
    """For now and the rest of the day."""
    rules = in_force(hall)
    day = _day_of(hall, at_ms)
    told = Advice(at_ms=at_ms, day=day.isoformat(), basis=None, sentences=())
    coming = forecast(hall, day, at_ms)
    if hall.issuing is Issuing.CLOSED:
        return _only(rules, told, Advised.SHUT)
    if coming is None:
        return _only(rules, told, Advised.UNKNOWN)
    if hall.issuing is Issuing.STOPPED and hall.stop_cause in NO_MORE:
        coming = coming._replace(visitors=(0.0,) * len(coming.visitors))
    takes = pace(hall, rules.advice.target_wait_s)
    from_ms = at_ms - at_ms % 60_000
    stretches = stretches_of(hall, day, coming, takes, from_ms, rules.advice.notice_s * 1000)
    if not any(stretch.serves for stretch in stretches):
        return _only(rules, told, Advised.SHUT)
    # A roster that changes at this very moment has changed.
    able = supply(hall, at_ms + 1, takes.turn_s, takes.spread)
    needs = Needs(stretches, takes, rules.advice, coming.restless)
    course = course_of(hall, len(able.left) + waiting_count(hall))
    plan = [_there(able, stretch, at_ms) for stretch in stretches]
    as_planned = needs.course(course, plan)
    advised = _settled(needs, plan, needs.fewest(course, plan[:1]), as_planned)
    as_advised = needs.course(course, [plan[0], *advised[1:]])
    moves = _moves(needs, plan, advised, as_planned, as_advised)
    # What the notice is too short for stays as it was planned, if it was.
    settled = int(planned(hall, from_ms) is not None)
    earlier = _before(planned_spans(hall, day), day, local(rules, stretches[0].end_ms if settled else from_ms))
    return Advice(
        at_ms=at_ms,
        day=day.isoformat(),
        basis=coming.basis,
        sentences=tuple(sentence(rules, one) for one in _with_paused(hall, moves[:SENTENCES_MOST])),
        outlook=_outlook(stretches, advised, as_advised, plan, as_planned),
        spans=_joined((*earlier, *_spans(rules, day, stretches[settled:], advised[settled:]))),
    )


def _with_paused(hall: Hall, moves: Sequence[Sentence]) -> Iterator[Sentence]:
    """The first that asks for counters names those whose pause has no end: they are the nearest to be had."""
    paused = tuple(
        number
        for number, counter in sorted(hall.counters.items())
        if counter.state is CounterState.PAUSED and counter.back_at_ms is None
    )
    for place, one in enumerate(moves):
        asks = place == 0 and one.kind in (Advised.OPEN, Advised.SHORT)
        yield msgspec.structs.replace(one, paused=paused) if asks else one


def suggest_roster(hall: Hall, day: dt.date) -> tuple[RosterSpan, ...]:
    """How many counters to plan in each half hour of a day that has not begun; none where nothing is known."""
    return plan_day(hall, day).spans


def plan_day(hall: Hall, day: dt.date) -> Advice:
    """A whole day, from its first opening to its last closing."""
    rules = in_force(hall)
    told = Advice(at_ms=hall.at_ms, day=day.isoformat(), basis=None, sentences=())
    coming = forecast(hall, day, hall.at_ms)
    if coming is None:
        return _only(rules, told, Advised.UNKNOWN)
    takes = pace(hall, rules.advice.target_wait_s)
    stretches = stretches_of(hall, day, coming, takes)
    if not stretches:
        return _only(rules, told, Advised.SHUT)
    needs = Needs(stretches, takes, rules.advice, coming.restless)
    course = course_of(hall, 0)
    advised = needs.fewest(course)
    held = needs.course(course, advised)
    most = max(advised)
    busiest = next(group for group in _groups(stretches, advised) if advised[group[0]] == most)
    plan = Sentence(
        kind=Advised.PLAN,
        counters=most,
        by_ms=stretches[busiest[0]].start_ms,
        until_ms=stretches[busiest[-1]].end_ms,
    )
    return Advice(
        at_ms=hall.at_ms,
        day=day.isoformat(),
        basis=coming.basis,
        sentences=tuple(sentence(rules, one) for one in (plan, *_short(needs, advised, held))[:SENTENCES_MOST]),
        outlook=_outlook(stretches, advised, held),
        spans=_joined(_spans(rules, day, stretches, advised)),
    )


def _only(rules: Rules, told: Advice, kind: Advised) -> Advice:
    return msgspec.structs.replace(told, sentences=(sentence(rules, Sentence(kind=kind)),))


def _day_of(hall: Hall, at_ms: int) -> dt.date:
    """Today, or yesterday while its extended hours run on."""
    rules = in_force(hall)
    now = opening_at(rules, at_ms, hall.extension)
    return local(rules, now.start_ms if now is not None else at_ms).date()


def _there(able: Supply, stretch: Stretch, at_ms: int) -> float:
    """Counters on average, as far as anybody knows."""
    start_s, end_s = (stretch.start_ms - at_ms) / 1000, (stretch.end_ms - at_ms) / 1000
    there = float(len(able.left))
    for from_s, counters in able.changes:
        there += counters * min(1.0, max(0.0, (end_s - from_s) / (end_s - start_s)))
    return min(max(0.0, there), float(stretch.most)) if stretch.serves else 0.0


# --- what is different from the plan -------------------------------------------------------------


def _settled(needs: Needs, planned: Sequence[float], wanted: Sequence[int], as_planned: Sequence[Held]) -> list[int]:
    """As planned wherever that will do, or where the difference is not worth a change."""
    settled = list(wanted)
    signs = [(number > plan) - (number < plan) for number, plan in zip(wanted, map(round, planned), strict=True)]
    for group in _groups(needs.stretches, signs):
        first, last = group[0], group[-1]
        late = any(as_planned[number].share < needs.target for number in group)
        lasts_ms = needs.stretches[last].end_ms - needs.stretches[first].start_ms
        if (signs[first] > 0 and not late) or (signs[first] < 0 and lasts_ms < LEAST_STAY_MS):
            for number in group:
                settled[number] = round(planned[number])
    return settled


def _moves(
    needs: Needs,
    planned: Sequence[float],
    advised: Sequence[int],
    as_planned: Sequence[Held],
    as_advised: Sequence[Held],
) -> list[Sentence]:
    """What is missing and what cannot be had, the soonest first; then what is too much."""
    stretches = needs.stretches
    more = [0, *(number - round(there) for number, there in zip(advised[1:], planned[1:], strict=True))]
    opened: list[Sentence] = []
    soonest = next((number for number, counters in enumerate(more) if counters > 0), None)
    for first, group in groupby(_shifts(stretches, more), key=lambda shift: shift.first):
        shifts = list(group)
        last = max(shift.last for shift in shifts)
        by_ms = _latest(needs, as_advised, planned, advised, first) if first == soonest else stretches[first].start_ms
        opened.append(
            Sentence(
                kind=Advised.OPEN,
                counters=sum(shift.counters for shift in shifts),
                by_ms=by_ms,
                until_ms=stretches[last].end_ms,
                all_until_ms=stretches[min(shift.last for shift in shifts)].end_ms,
                share=min(as_planned[number].share for number in range(first, last + 1)),
            )
        )
    closed = [
        Sentence(
            kind=Advised.CLOSE,
            counters=shift.counters,
            by_ms=stretches[shift.first].start_ms,
            until_ms=stretches[shift.last].end_ms,
        )
        for shift in _shifts(stretches, [-counters for counters in more])
    ]
    short = _short(needs, advised, as_advised)
    if opened or short:
        return [*sorted((*opened, *short), key=lambda one: one.by_ms or 0), *closed]
    return [Sentence(kind=Advised.HOLDS, until_ms=stretches[-1].end_ms), *closed]


class _Shift(NamedTuple):
    """So many counters more, from one stretch to another."""

    first: int
    last: int
    counters: int


def _shifts(stretches: Sequence[Stretch], more: Sequence[int]) -> list[_Shift]:
    """By which so many more come and go: the earliest first, and of these the longest."""
    shifts: dict[tuple[int, int], int] = {}
    for window in range(1, max(more, default=0) + 1):
        here = [int(counters >= window) for counters in more]
        for group in _groups(stretches, here):
            if here[group[0]]:
                span = (group[0], group[-1])
                shifts[span] = shifts.get(span, 0) + 1
    made = [_Shift(first, last, counters) for (first, last), counters in shifts.items()]
    return sorted(made, key=lambda shift: (shift.first, -shift.last))


def _latest(
    needs: Needs, as_advised: Sequence[Held], planned: Sequence[float], advised: Sequence[int], number: int
) -> int:
    """Until when the counters of a stretch must be open, in tens of minutes; its start, or somewhat later."""
    stretch = needs.stretches[number]
    latest_ms = stretch.start_ms
    if number == 0:
        return latest_ms
    before = as_advised[number - 1].after
    at_ms = -(-(stretch.start_ms + 1) // GRID_MS) * GRID_MS
    while at_ms < stretch.end_ms:
        share = (at_ms - stretch.start_ms) / (stretch.end_ms - stretch.start_ms)
        first = needs.hold(before, stretch._replace(end_ms=at_ms), planned[number])
        second = needs.hold(first.after, stretch._replace(start_ms=at_ms), advised[number])
        if share * first.share + (1 - share) * second.share < needs.target:
            break
        latest_ms, at_ms = at_ms, at_ms + GRID_MS
    return latest_ms


def _short(needs: Needs, advised: Sequence[int], held: Sequence[Held]) -> list[Sentence]:
    """Where all counters together are too few."""
    stretches = needs.stretches
    short = [
        int(stretch.visitors >= 1 and number >= stretch.most > 0 and one.share < needs.target - TOLERANCE)
        for stretch, number, one in zip(stretches, advised, held, strict=True)
    ]
    return [
        Sentence(
            kind=Advised.SHORT,
            counters=stretches[group[0]].most,
            by_ms=stretches[group[0]].start_ms,
            until_ms=stretches[group[-1]].end_ms,
            share=min(held[number].share for number in group),
        )
        for group in _groups(stretches, short)
        if short[group[0]]
    ]


def _groups(stretches: Sequence[Stretch], values: Sequence[int]) -> list[list[int]]:
    """Stretches of the hours that follow one another with the same value."""
    keyed = groupby(range(len(stretches)), key=lambda number: (stretches[number].serves, values[number]))
    return [list(group) for (serves, _), group in keyed if serves]


# --- as a roster ---------------------------------------------------------------------------------


def _outlook(
    stretches: Sequence[Stretch],
    advised: Sequence[int],
    as_advised: Sequence[Held],
    planned: Sequence[float] | None = None,
    as_planned: Sequence[Held] | None = None,
) -> tuple[Outlook, ...]:
    return tuple(
        Outlook(
            start_ms=stretch.start_ms,
            end_ms=stretch.end_ms,
            visitors=round(stretch.visitors, 1),
            planned=round(planned[number], 1) if planned is not None else None,
            advised=advised[number],
            share=round(as_planned[number].share, 3) if as_planned is not None else None,
            share_advised=round(as_advised[number].share, 3),
        )
        for number, stretch in enumerate(stretches)
        if stretch.serves
    )


def _spans(rules: Rules, day: dt.date, stretches: Sequence[Stretch], advised: Sequence[int]) -> list[RosterSpan]:
    midnight_ms = moment_ms(rules, day + dt.timedelta(days=1), dt.time())
    found = []
    for stretch, counters in zip(stretches, advised, strict=True):
        start = local(rules, stretch.start_ms).time()
        end = local(rules, stretch.end_ms).time() if stretch.end_ms < midnight_ms else LAST_MOMENT
        if stretch.serves and stretch.start_ms < midnight_ms and start < end:
            found.append(RosterSpan(start=start, end=end, counters=counters))
    return found


def _before(spans: Sequence[RosterSpan], day: dt.date, now: dt.datetime) -> list[RosterSpan]:
    """What was planned for the hours of this day until then."""
    time = now.time() if now.date() == day else LAST_MOMENT
    return [
        RosterSpan(start=span.start, end=min(span.end, time), counters=span.counters)
        for span in spans
        if span.start < time
    ]


def _joined(spans: Sequence[RosterSpan]) -> tuple[RosterSpan, ...]:
    found: list[RosterSpan] = []
    for span in spans:
        if found and found[-1].end == span.start and found[-1].counters == span.counters:
            found[-1] = RosterSpan(start=found[-1].start, end=span.end, counters=span.counters)
        else:
            found.append(span)
    return tuple(found)
