"""Who serves on a whole day: a day shift, an evening shift, fewer at the weekend and over lunch.

The counters that serve through lunch are handed over at 13:00 and back at the end of lunch, and those of the evening
at 18:00: with a visitor at them, as it comes.
"""

import random
from collections.abc import Sequence

from hall_controller.domain.hours import Opening
from hall_controller.domain.rules import Band, Rules
from hall_controller.rehearsal.day import Break, Clerk, Lunch, draw_clerk

DAY, RELIEF, EVENING, WEEKEND = 100, 200, 300, 500
"""Clerk numbers begin here: 103 serves at counter 3 by day, 303 in the evening."""
HALF = 2
LEFT_FOR_AFTERNOON = 0.4
"""Days on which the clerks go to lunch at once, and leave those who wait for the afternoon."""
FINISH_WITHIN_S = 1800
"""On the others they call on for so long at most."""


class _Shift:
    """One stretch of work and who may be away when."""

    def __init__(self, rng: random.Random, numbers: Sequence[int], from_ms: int, to_ms: int) -> None:
        self.rng = rng
        self.numbers = numbers
        self.from_ms = from_ms
        self.to_ms = to_ms

    def soon(self, at_ms: int, low_s: float, high_s: float) -> int:
        return at_ms + round(self.rng.uniform(low_s, high_s) * 1000)

    def break_at(self, place: int, middle: float, long_s: tuple[float, float]) -> Break:
        """In turn around this share of the shift, so that few are away at once."""
        spread = 0.2 * ((place + 0.5) / len(self.numbers) - 0.5)
        at_ms = self.from_ms + round((self.to_ms - self.from_ms) * (middle + spread))
        return Break(self.soon(at_ms, -120, 120), round(self.rng.uniform(*long_s), 1))


def draw_roster(rng: random.Random, rules: Rules, openings: Sequence[Opening]) -> tuple[Clerk, ...]:
    """The clerks of a day with these openings; none on a day without."""
    if not openings:
        return ()
    numbers = range(1, rules.counters + 1)
    fewer = numbers[: -(-rules.counters // HALF)]
    stretches = [stretch for opening in openings for stretch in opening.stretches]
    workday = [stretch for stretch in stretches if stretch.band in (Band.REGULAR, Band.LUNCH)]
    evening = [stretch for stretch in stretches if stretch.band is Band.EVENING]
    if not workday:
        return _weekend(_Shift(rng, fewer, stretches[0].start_ms, stretches[-1].end_ms))
    by_day = _Shift(rng, numbers, workday[0].start_ms, workday[-1].end_ms)
    relieved = fewer if evening else ()
    clerks = [*_by_day(by_day, rules, openings, relieved)]
    if evening:
        clerks += _evening(_Shift(rng, fewer, evening[0].start_ms, evening[-1].end_ms))
    return tuple(clerks)


def _weekend(shift: _Shift) -> tuple[Clerk, ...]:
    """One shift, each with a meal in turn."""
    return tuple(
        draw_clerk(
            shift.rng,
            number,
            f"{WEEKEND + number}",
            shift.soon(shift.from_ms, -180, 60),
            breaks=(shift.break_at(place, 0.4, (1200, 2100)), shift.break_at(place, 0.75, (300, 720))),
        )
        for place, number in enumerate(shift.numbers)
    )


def _evening(shift: _Shift) -> list[Clerk]:
    return [
        draw_clerk(shift.rng, number, f"{EVENING + number}", shift.soon(shift.from_ms, -60, 240))
        for number in shift.numbers
    ]


def _by_day(shift: _Shift, rules: Rules, openings: Sequence[Opening], relieved: Sequence[int]) -> list[Clerk]:
    """Whoever nobody relieves in the evening goes home then, where there is an evening."""
    rng, clerks = shift.rng, []
    lunch = next((one for opening in openings for one in opening.stretches if one.band is Band.LUNCH), None)
    serving = rules.lunch_counters or shift.numbers
    leave_at_once = rng.random() < LEFT_FOR_AFTERNOON
    for place, number in enumerate(shift.numbers):
        name = f"{DAY + number}"
        leaves_ms = shift.to_ms if relieved and number not in relieved else None
        morning, afternoon = shift.break_at(place, 0.2, (300, 720)), shift.break_at(place, 0.75, (300, 720))
        opens_ms = shift.soon(shift.from_ms, -180, 60)
        if lunch is None or number not in serving:
            away = _lunch(shift, openings, leave_at_once=leave_at_once)
            clerks.append(
                draw_clerk(rng, number, name, opens_ms, leaves_ms=leaves_ms, breaks=(morning, afternoon), lunch=away)
            )
            continue
        middle_ms = (lunch.start_ms + lunch.end_ms) // 2
        relief_ms, back_ms = shift.soon(middle_ms, 0, 180), shift.soon(lunch.end_ms, -60, 180)
        clerks += [
            draw_clerk(rng, number, name, opens_ms, breaks=(morning,)),
            draw_clerk(rng, number, f"{RELIEF + number}", relief_ms),
            draw_clerk(rng, number, name, back_ms, leaves_ms=leaves_ms, breaks=(afternoon,)),
        ]
    return clerks


def _lunch(shift: _Shift, openings: Sequence[Opening], *, leave_at_once: bool) -> Lunch | None:
    """Where the hall shuts between morning and afternoon."""
    if len(openings) < 2:
        return None
    from_ms, back_ms = openings[0].end_ms, openings[1].start_ms
    # Even on the other days some go at once.
    at_once = leave_at_once or shift.rng.random() < LEFT_FOR_AFTERNOON
    finishes_by_ms = from_ms if at_once else min(from_ms + FINISH_WITHIN_S * 1000, back_ms)
    return Lunch(from_ms, shift.soon(back_ms, -180, 60), finishes_by_ms)
