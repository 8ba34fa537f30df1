"""Random months, counted twice: by the report, and here from the journal's bare JSON with a band table of its own.

Each month has its own hours, holidays and make-up days, extensions, undone keys, handovers, restarts, a clock that
people set, emergencies, services over midnight, and rules that change in between.
"""

import datetime as dt
import json
import random
from collections import Counter as Tally
from typing import Any

import msgspec
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from msgspec.structs import replace

from hall_controller.bus import wire
from hall_controller.domain import commands as c
from hall_controller.domain.counter import CounterState
from hall_controller.domain.hall import Hall
from hall_controller.domain.refusal import Refusal
from hall_controller.domain.rules import DEFAULT_HOURS, HOLIDAY, LUNCH, Band, Between, DayKind, Span, SpecialDay, Window
from hall_controller.domain.sender import HALL
from hall_controller.domain.ticket import TicketState
from hall_controller.report import make_report
from tests.nightly import record_steps
from tests.unit.domain.support import KIOSK, MANAGER, RECEPTION, Pretend, terminal

Json = dict[str, Any]
MONTHS = ["2026-02", "2026-10", "2026-12", "2027-01", "2028-02"]
"""A spring festival, a golden week, a turn of the year, a leap day."""
HOLIDAY_MORNING = Window(days=(HOLIDAY,), start=dt.time(9), end=dt.time(12), band=Band.HOLIDAY)
HOURS = [
    DEFAULT_HOURS,
    (*DEFAULT_HOURS, LUNCH),
    (*DEFAULT_HOURS, LUNCH, HOLIDAY_MORNING),
    DEFAULT_HOURS[:2],
    DEFAULT_HOURS[:3],
]
EPOCH = dt.datetime(1970, 1, 1)  # noqa: DTZ001 - the table below is of wall times
WORTH_UNDOING = 0.08


class Month:
    """A month of a hall with three counters, played by chance."""

    def __init__(self, month: str, rng: random.Random) -> None:
        self.rng = rng
        self.first = dt.date.fromisoformat(f"{month}-01")
        self.hall = Pretend(
            f"{self.first - dt.timedelta(days=1)} 19:30:00",
            counters=3,
            hours=rng.choice(HOURS),
            calendar=self._calendar(),
            lunch_counters=rng.choice([(), (1,)]),
            between=rng.choice(list(Between)),
        )
        self.day_visits: dict[str, Json] = {}

    def _calendar(self) -> dict[str, SpecialDay]:
        rng, found = self.rng, {}
        for _ in range(rng.randrange(6)):
            day = self.first + dt.timedelta(days=rng.randrange(31))
            own = Span(start=dt.time(10), end=dt.time(16), band=rng.choice(list(Band)))
            found[day.isoformat()] = SpecialDay(
                kind=rng.choice(list(DayKind)), hours=rng.choice([None, None, (), (own,)])
            )
        return found

    def play(self) -> None:
        day = self.first
        while day.month == self.first.month:
            moments = sorted(self._moment(day) for _ in range(self.rng.randrange(4, 18)))
            for at_ms in moments:
                self.hall.now_ms = max(self.hall.now_ms, at_ms)
                self._tick()
                self._something()
            day += dt.timedelta(days=1)
        for number in (1, 2, 3):
            self._end_all(number)

    def _tick(self) -> None:
        """Time has passed; a day that ends leaves its figures as the board showed them."""
        day, shown = self.hall.hall.service_day, dict(self.hall.hall.visits)
        self.hall.tick()
        if self.hall.hall.service_day != day:
            self.day_visits[day] = {str(band): count for band, count in shown.items() if count}

    def _moment(self, day: dt.date) -> int:
        """Now and then to the millisecond at the edge of a band."""
        rng = self.rng
        hour = rng.choice([rng.randrange(24), rng.randrange(8, 21), rng.choice([9, 12, 14, 18, 20])])
        at = dt.datetime.combine(day, dt.time(hour), dt.timezone(dt.timedelta(hours=8)))
        shift_ms = rng.choice([-1, 0, 1, rng.randrange(3_600_000)])
        return int(at.timestamp() * 1000) + shift_ms

    def _something(self) -> None:
        rng, hall = self.rng, self.hall
        what = rng.random()
        if what < 0.03:
            hall.try_(c.ExtendHours(minutes=rng.choice([30, 60, 300])))
        elif what < 0.05:
            step_ms = rng.choice([-3_600_000, -60_000, 5_000, 3_600_000, -26 * 3_600_000])
            hall.now_ms += step_ms
            hall.do(c.StepClock(step_ms=step_ms), HALL)
            self._tick()
        elif what < 0.08:
            codec = msgspec.json if rng.random() < 0.5 else msgspec.msgpack
            hall.hall = codec.decode(codec.encode(hall.hall), type=Hall)
        elif what < 0.09:
            hall.try_(c.CloseHall(reason="typhoon"))
        elif what < 0.11:
            hall.rules = replace(hall.rules, hours=rng.choice(HOURS))
            hall.do(c.ChangeRules(rules=hall.rules), HALL)
        else:
            if not isinstance(hall.try_(c.ResumeIssuing(), MANAGER), Refusal):
                for _ in range(rng.randrange(1, 4)):
                    matter = rng.choice(["pension", "licence", "collect"])
                    hall.try_(c.IssueTicket(matter=matter), rng.choice([RECEPTION, KIOSK]))
            for number in (1, 2, 3):
                self._work(number)

    def _work(self, number: int) -> None:
        """A clerk presses a few keys; what makes no sense is refused."""
        rng, by = self.rng, terminal(number)
        clerk = f"clerk-{rng.randrange(5)}"
        for _ in range(rng.randrange(5)):
            self.hall.now_ms += rng.choice([0, 1, 20_000, 400_000])
            self._tick()
            counter = self.hall.hall.counters.get(number)
            held = [t for t, one in self.hall.hall.tickets.items() if one.state is TicketState.HELD]
            keys: dict[CounterState, list[c.Command]] = {
                CounterState.CLOSED: [c.OpenCounter(counter=number, clerk=clerk)],
                CounterState.READY: [
                    *[c.CallNext(counter=number)] * 4,
                    c.ServeUnticketed(counter=number, matter="licence"),
                    c.ResumeTicket(counter=number, ticket=held[0]) if held else c.PauseCounter(counter=number),
                    c.CloseCounter(counter=number),
                ],
                CounterState.CALLING: [*[c.StartService(counter=number)] * 4, c.Missed(counter=number)],
                CounterState.SERVING: [
                    *[c.FinishService(counter=number)] * 3,
                    c.Hold(counter=number),
                    c.Transfer(counter=number, matter="collect"),
                    c.HandOverCounter(counter=number, clerk=clerk),
                ],
                CounterState.PAUSED: [c.ResumeCounter(counter=number)],
            }
            command = rng.choice(keys[counter.state if counter else CounterState.CLOSED])
            self.hall.try_(c.Undo(counter=number) if rng.random() < WORTH_UNDOING else command, by)

    def _end_all(self, number: int) -> None:
        for command in (c.FinishService(counter=number), c.Missed(counter=number), c.CloseCounter(counter=number)):
            self.hall.try_(command)

    @property
    def bodies(self) -> list[bytes]:
        return [wire.encode(event) for event in self.hall.events]


# --- counted again -------------------------------------------------------------------------------


def local(at_ms: int) -> dt.datetime:
    return EPOCH + dt.timedelta(milliseconds=at_ms, hours=8)


def table(rules: Json, extension: Json | None, day: dt.date) -> list[tuple[dt.datetime, dt.datetime, str]]:
    """The day's windows as (from, to, band), in order."""
    special = rules.get("calendar", {}).get(day.isoformat())
    weekday = day.strftime("%a").lower()
    kind = special["kind"] if special else ("weekend" if weekday in ("sat", "sun") else "workday")
    if special and special.get("hours") is not None:
        spans = special["hours"]
    else:
        if kind == "holiday":
            weekday = "holiday"
        elif kind == "workday" and weekday in ("sat", "sun"):
            weekday = "mon"
        elif kind == "weekend" and weekday not in ("sat", "sun"):
            weekday = "sat"
        spans = [span for span in rules["hours"] if weekday in span["days"]]
    rows = sorted(
        (
            dt.datetime.combine(day, dt.time.fromisoformat(span["start"])),
            dt.datetime.combine(day, dt.time.fromisoformat(span["end"])),
            span["band"],
        )
        for span in spans
    )
    if rows and extension and extension["day"] == day.isoformat():
        until, band = local(extension["until_ms"]), rows[-1][2]
        if until > rows[-1][1]:
            rows.append((rows[-1][1], until, "evening" if band in ("regular", "lunch") else band))
    return rows


def band_of(rules: Json, extension: Json | None, at_ms: int) -> str:
    now = local(at_ms)
    today, yesterday = (table(rules, extension, now.date() - dt.timedelta(days=back)) for back in (0, 1))
    begun = [band for begins, _, band in today if begins <= now]
    if begun:
        return str(begun[-1])
    if yesterday and (now.hour < 4 or now < yesterday[-1][1]):
        return str(yesterday[-1][2])
    if today:
        return str(today[0][2])
    special = rules.get("calendar", {}).get(now.date().isoformat())
    weekend = special["kind"] == "weekend" if special else now.weekday() >= 5
    return "weekend" if weekend else "holiday"


def recount(bodies: list[bytes]) -> list[tuple[str, Json]]:
    """Every visit of the journal as (service day, its start): each ticket at most once."""
    rules: Json = {}
    extension: Json | None = None
    visits: dict[int, tuple[str, Json]] = {}
    over: set[str] = set()
    for event in map(json.loads, bodies):
        match event["type"]:
            case "rules_changed":
                rules = event["rules"]
            case "day_started":
                over.add(event["service_day"])
                if extension and extension["until_ms"] <= event["at_ms"]:
                    extension = None
            case "hours_extended":
                extension = event
            case "service_started":
                assert event["ticket"] not in visits, "one ticket, one visit"
                expected = band_of(rules, extension, event["at_ms"])
                assert event["band"] == expected, f"{local(event['at_ms'])} is {expected}"
                visits[event["ticket"]] = event["service_day"], event
            case "act_undone" if event["act"] in ("start_service", "serve_unticketed"):
                if event["visit_band"] is not None:
                    day, _ = visits.pop(event["ticket"])
                    assert day == event["service_day"], "an undo stays within its day"
            case _:
                pass
    return list(visits.values())


def tally(visits: list[Json], field: str) -> Json:
    return dict(Tally(str(visit[field]) for visit in visits))


def check(month: str, played: Month) -> int:
    """The report against the recount; how many visits there were."""
    bodies = played.bodies
    visits = recount(bodies)
    days = sorted({day for day, _ in visits if day.startswith(month)})
    for period in (month, *days[::7]):
        mine = [visit for day, visit in visits if day.startswith(period)]
        made = make_report(bodies, period)
        by_band = tally(mine, "band")
        assert made["visits"]["total"] == len(mine)
        assert {band: made["visits"][band] for band in by_band} == by_band
        assert sum(count for band, count in made["visits"].items() if band != "total") == len(mine)
        for field in ("band", "matter", "counter", "clerk"):
            counted = {key: row["visits"] for key, row in made["by"][field].items() if row["visits"]}
            assert counted == tally(mine, field), field
    for day, shown in played.day_visits.items():
        mine = [visit for visit_day, visit in visits if visit_day == day]
        assert shown == tally(mine, "band"), f"the board of {day}"
    return len(visits)


@given(month=st.sampled_from(MONTHS), seed=st.integers(0, 2**32))
@settings(max_examples=15, deadline=None)
def test_the_report_of_a_random_month_is_what_the_journal_holds(month: str, seed: int) -> None:
    played = Month(month, random.Random(seed))
    played.play()
    check(month, played)


@pytest.mark.nightly("months")
@pytest.mark.timeout(1800)
def test_five_hundred_random_months() -> None:
    visits = 0
    for seed in range(500):
        month = MONTHS[seed % len(MONTHS)]
        played = Month(month, random.Random(seed))
        played.play()
        found = check(month, played)
        visits += found
        record_steps("months", 1)
        record_steps("visits", found)
    print(f"500 months, {visits} visits")
    assert visits > 100_000
