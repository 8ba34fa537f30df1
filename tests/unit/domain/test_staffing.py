"""How many counters to open: what the advice says, what it is made from, and what a suggested roster keeps to."""

import datetime as dt
from itertools import pairwise

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from hall_controller.domain import commands as c
from hall_controller.domain.advice_words import Advised, Sentence
from hall_controller.domain.erlang import Rates
from hall_controller.domain.flow import Learned
from hall_controller.domain.forecast import Basis, forecast, pace
from hall_controller.domain.needs import LEAST_STAY_MS, Stretch, steady
from hall_controller.domain.rules import DEFAULT_HOURS, LUNCH, RosterSpan, RosterWindow
from hall_controller.domain.rules_managing import AdviceRules
from hall_controller.domain.staffing import Advice, advise, plan_day, suggest_roster
from tests.unit.domain.support import Pretend, at, frozen

MONDAY, TUESDAY, SUNDAY = dt.date(2026, 11, 30), dt.date(2026, 12, 1), dt.date(2026, 12, 6)
HOURS = (*DEFAULT_HOURS, LUNCH)
RUSH = {"09:00": 12.0, "10:00": 30.0, "11:00": 30.0, "12:00": 8.0, "14:00": 20.0, "16:00": 10.0, "18:00": 6.0}
"""Visitors in each half hour from then on."""


def day_of(shape: dict[str, float], until: str = "20:00") -> tuple[float, ...]:
    means, now = [], 0.0
    for half in range(48):
        time = f"{half // 2:02}:{half % 2 * 30:02}"
        now = shape.get(time, now) if time < until else 0.0
        means.append(now)
    return tuple(means)


def hall_at(
    time: str, counters: int = 12, shape: dict[str, float] | None = None, day: str = "mon", **rules: object
) -> Pretend:
    """On a Monday at this time, at ten minutes a visitor; it knows the visitors of such days."""
    hall = Pretend("2026-11-30 07:00:00", counters=counters, **{"hours": HOURS, **rules})
    hall.until(f"2026-11-30 {time}:00")
    if shape is not None:
        hall.hall.arrivals = {day: day_of(shape)}
    hall.hall.learned = {"": Learned(200, 560.0), "pension": Learned(200, 560.0)}
    return hall


def roster(*spans: tuple[str, str, int]) -> tuple[RosterWindow, ...]:
    time = dt.time.fromisoformat
    return tuple(RosterWindow(days=("mon",), start=time(a), end=time(b), counters=n) for a, b, n in spans)


def advice_of(hall: Pretend) -> Advice:
    """And asking changes nothing."""
    before = frozen(hall.hall)
    advice = advise(hall.hall, hall.now_ms)
    assert frozen(hall.hall) == before
    return advice


def one(advice: Advice, kind: Advised) -> Sentence:
    found = [sentence for sentence in advice.sentences if sentence.kind is kind]
    assert found, advice.sentences
    return found[0]


def opened_h(advice: Advice) -> float:
    """Counter hours beyond the plan."""
    return sum(
        (sentence.counters or 0) * ((sentence.until_ms or 0) - (sentence.by_ms or 0)) / 3_600_000
        for sentence in advice.sentences
        if sentence.kind is Advised.OPEN
    )


# --- what it says --------------------------------------------------------------------------------


def test_where_a_rush_is_coming_it_says_how_many_windows_to_open_and_by_when() -> None:
    hall = hall_at("09:40", shape=RUSH)
    hall.open(1, 2, 3, 4, 5)
    advice = advice_of(hall)
    told = advice.sentences[0]
    assert told.kind is Advised.OPEN
    assert sum(sentence.counters or 0 for sentence in advice.sentences if sentence.kind is Advised.OPEN) in range(5, 9)
    assert told.by_ms in {at("2026-11-30 10:00:00"), at("2026-11-30 10:10:00"), at("2026-11-30 10:20:00")}
    assert told.share is not None
    assert told.share < 0.9
    by = f"{10}:{(told.by_ms or 0) // 60_000 % 60:02}"
    windows = "window" if told.counters == 1 else "windows"
    assert told.en.startswith(f"Open {told.counters} more {windows} by {by}, ")
    assert "to keep nine in ten under 15 minutes; as planned only " in told.en
    assert told.zh.startswith(f"请在{by}前增开{told.counters}个窗口，到")
    assert "十位中有九位在15分钟内叫到" in told.zh


def test_where_too_many_are_open_it_says_how_many_can_close() -> None:
    hall = hall_at("14:05", shape={"09:00": 4.0})
    hall.open(*range(1, 11))
    advice = advice_of(hall)
    assert advice.sentences[0].kind is Advised.HOLDS
    told = one(advice, Advised.CLOSE)
    assert told.counters in range(5, 9)
    assert told.en == f"{told.counters} windows can close from 14:15 until 20:00."
    assert told.zh == f"14:15起可少开{told.counters}个窗口，到20:00为止。"


def test_where_the_roster_will_do_it_says_so_and_nothing_else() -> None:
    hall = hall_at("09:30", shape=RUSH, roster=())
    spans = suggest_roster(hall.hall, MONDAY)
    hall.do(c.SetRoster(day=MONDAY.isoformat(), spans=spans))
    there = next(span.counters for span in spans if span.start <= dt.time(9, 30) < span.end)
    hall.open(*range(1, there + 1))
    advice = advice_of(hall)
    assert [sentence.kind for sentence in advice.sentences if sentence.kind is not Advised.CLOSE] == [Advised.HOLDS]
    assert advice.sentences[0].en == "What is planned keeps nine in ten under 15 minutes until 20:00."
    assert all(row.share is not None and row.share >= 0.89 for row in advice.outlook)


def test_where_all_windows_together_are_too_few_it_says_that() -> None:
    hall = hall_at("09:50", counters=4, shape=RUSH)
    hall.open(1, 2, 3, 4)
    told = one(advice_of(hall), Advised.SHORT)
    assert told.counters == 4
    assert told.share is not None
    assert told.share < 0.5
    assert "even 4 windows call only" in told.en
    assert "即使4个窗口全开" in told.zh


def test_a_queue_that_stands_already_needs_more_windows_than_the_visitors_to_come() -> None:
    hall = hall_at("14:40", shape={"09:00": 8.0}, roster=roster(("09:00", "20:00", 4)))
    hall.open(1, 2, 3, 4)
    assert all(sentence.kind is not Advised.OPEN for sentence in advice_of(hall).sentences)
    hall.hall.arrived = ()
    hall.take_many(30)
    hall.hall.arrived = ()
    told = one(advice_of(hall), Advised.OPEN)
    assert told.by_ms == at("2026-11-30 14:50:00"), "at once: as soon as a window can be opened"
    assert told.until_ms is not None
    assert told.until_ms <= at("2026-11-30 16:30:00"), "and only until the queue is worked off"


def test_a_target_of_its_own_is_aimed_at_and_named() -> None:
    hall = hall_at("09:40", shape=RUSH, advice=AdviceRules(target_wait_s=300, target_share=0.85))
    hall.open(1, 2, 3)
    strict = one(advice_of(hall), Advised.OPEN)
    assert "85% under 5 minutes" in strict.en
    assert "85%的人在5分钟内叫到" in strict.zh
    patient = hall_at("09:40", shape=RUSH, advice=AdviceRules(target_wait_s=3600))
    patient.open(1, 2, 3)
    assert opened_h(advice_of(patient)) < opened_h(advice_of(hall))


def test_once_no_more_tickets_are_issued_only_the_queue_counts() -> None:
    hall = hall_at("14:05", shape=RUSH)
    hall.open(1, 2, 3)
    assert one(advice_of(hall), Advised.OPEN).counters
    hall.do(c.StopIssuing())
    stopped = advice_of(hall)
    assert sum(row.visitors for row in stopped.outlook) == 0
    assert stopped.sentences[0].kind is Advised.HOLDS
    hall.do(c.CloseHall(reason="typhoon"))
    assert [sentence.kind for sentence in advice_of(hall).sentences] == [Advised.SHUT]


def test_one_window_is_a_window() -> None:
    hall = hall_at("14:05", shape={"09:00": 6.0})
    hall.open(1, 2)
    told = one(advice_of(hall), Advised.OPEN)
    assert told.counters == 1
    assert "Open 1 more window by" in told.en


def test_after_the_last_closing_and_on_days_off_there_is_nothing_to_advise() -> None:
    hall = hall_at("20:30", shape=RUSH)
    assert [sentence.kind for sentence in advice_of(hall).sentences] == [Advised.SHUT]
    holiday = plan_day(hall_at("12:00", shape=RUSH, hours=DEFAULT_HOURS[:3]).hall, SUNDAY)
    assert [sentence.kind for sentence in holiday.sentences] in ([Advised.SHUT], [Advised.UNKNOWN])
    assert holiday.spans == ()


def test_the_spans_for_today_keep_the_morning_as_it_was_planned() -> None:
    hall = hall_at("10:12", shape=RUSH, roster=roster(("09:00", "12:00", 5), ("12:00", "20:00", 4)))
    hall.open(1, 2, 3, 4, 5)
    advice = advice_of(hall)
    assert advice.spans[0].start == dt.time(9)
    assert advice.spans[0].counters == 5
    assert advice.spans[-1].end == dt.time(20)
    for before, after in pairwise(advice.spans):
        assert before.end == after.start
    hall.do(c.SetRoster(day="2026-11-30", spans=advice.spans))


def test_extended_hours_past_midnight_are_advised_too() -> None:
    hall = hall_at("19:50", shape={**RUSH, "18:00": 10.0})
    hall.open(1)
    hall.do(c.ExtendHours(minutes=300))
    hall.until("2026-12-01 00:10:00")
    advice = advice_of(hall)
    assert advice.day == "2026-11-30"
    assert advice.outlook[-1].end_ms == at("2026-12-01 01:00:00")
    assert all(span.start < span.end for span in advice.spans)


# --- what it is made from ------------------------------------------------------------------------


def test_a_new_hall_says_that_it_knows_nothing_yet() -> None:
    hall = Pretend("2026-11-30 09:10:00", hours=HOURS)
    hall.open(1)
    told = advice_of(hall)
    assert [sentence.kind for sentence in told.sentences] == [Advised.UNKNOWN]
    assert told.basis is None
    assert suggest_roster(hall.hall, TUESDAY) == ()


def test_on_its_first_day_a_hall_goes_by_the_visitors_so_far() -> None:
    hall = Pretend("2026-11-30 08:50:00", hours=HOURS)
    hall.until("2026-11-30 09:00:00")
    hall.open(1)
    for _ in range(12):
        hall.later(minutes=5)
        hall.take()
    coming = forecast(hall.hall, MONDAY, hall.now_ms)
    assert coming is not None
    assert coming.basis is Basis.TODAY
    assert coming.visitors[21] == pytest.approx(6, abs=0.7), "twelve an hour"
    assert coming.visitors[40] == 0, "after closing"
    assert one(advice_of(hall), Advised.OPEN).counters in range(2, 7), "twelve wait"
    assert suggest_roster(hall.hall, TUESDAY), "and so it plans the next day"


def test_a_weekday_of_which_nothing_is_known_is_taken_to_be_like_the_others() -> None:
    hall = hall_at("09:00", shape=RUSH, day="thu")
    coming = forecast(hall.hall, TUESDAY, hall.now_ms)
    assert coming is not None
    assert coming.basis is Basis.ALIKE
    assert coming.visitors == day_of(RUSH)
    assert forecast(hall.hall, SUNDAY, hall.now_ms) is None, "a working day says nothing of a Sunday"


def test_a_day_busier_than_usual_is_expected_to_stay_so() -> None:
    hall = hall_at("11:00", shape=RUSH)
    usual = sum(day_of(RUSH)[18:22])
    hall.hall.arrived = tuple(round(mean) for mean in day_of(RUSH)[:22]) + (0,) * 26
    as_usual = forecast(hall.hall, MONDAY, hall.now_ms)
    hall.hall.arrived = tuple(2 * round(mean) for mean in day_of(RUSH)[:22]) + (0,) * 26
    busier = forecast(hall.hall, MONDAY, hall.now_ms)
    assert as_usual is not None
    assert busier is not None
    assert as_usual.visitors[30] == pytest.approx(20)
    assert busier.visitors[30] == pytest.approx(20 * (2 * usual + 40) / (usual + 40))
    tomorrow = forecast(hall.hall, dt.date(2026, 12, 7), hall.now_ms)
    assert tomorrow is not None
    assert tomorrow.visitors[30] == 20, "next Monday is a day of its own"


def test_visitors_who_gave_up_after_an_hour_do_not_make_the_counters_look_fast() -> None:
    hall = hall_at("09:40", shape=RUSH)
    calm = pace(hall.hall, 900).turn_s
    hall.hall.flow.called = [20.0, 20.0, 0, 0, 0, 0, 60.0, 60.0, 0, 0, 0, 0]
    hall.hall.flow.absent = [1.0, 1.0, 0, 0, 0, 0, 30.0, 40.0, 0, 0, 0, 0]
    hall.hall.flow.missed = 0.4
    assert pace(hall.hall, 900).turn_s == pytest.approx(calm, rel=0.02)


def test_matters_count_as_often_as_they_are_wanted() -> None:
    hall = hall_at("09:40", shape=RUSH)
    hall.hall.learned = {"pension": Learned(300, 300.0), "licence": Learned(100, 1500.0)}
    turn = pace(hall.hall, 900)
    assert turn.turn_s == pytest.approx(0.95 * 600 + 30, rel=0.05)
    assert turn.spread > 0.9, "few long ones among many short ones"


# --- a roster for tomorrow -----------------------------------------------------------------------


def test_tomorrows_roster_follows_the_visitors_and_keeps_to_hours_and_counters() -> None:
    hall = hall_at("17:00", shape=RUSH, day="tue", counters=24)
    plan = plan_day(hall.hall, TUESDAY)
    spans = plan.spans
    assert (spans[0].start, spans[-1].end) == (dt.time(9), dt.time(20))
    busiest = max(spans, key=lambda span: span.counters)
    assert dt.time(9, 30) <= busiest.start <= dt.time(11)
    assert busiest.counters in range(10, 15), "thirty in half an hour, ten minutes each"
    assert next(span.counters for span in spans if span.start <= dt.time(19) < span.end) in range(2, 5)
    assert all(row.share_advised >= 0.89 for row in plan.outlook)
    assert plan.sentences[0].kind is Advised.PLAN
    assert plan.sentences[0].counters == busiest.counters
    hall.do(c.SetRoster(day="2026-12-01", spans=spans))
    assert hall.hall.rosters["2026-12-01"] == spans


def test_where_it_cannot_be_held_all_counters_are_planned_and_it_says_so() -> None:
    plan = plan_day(hall_at("17:00", shape=RUSH, day="tue", counters=8).hall, TUESDAY)
    assert max(span.counters for span in plan.spans) == 8
    assert one(plan, Advised.SHORT).counters == 8


def test_over_lunch_no_more_are_planned_than_may_serve() -> None:
    hall = hall_at("17:00", shape=RUSH, day="tue", lunch_counters=(1, 2, 3))
    spans = suggest_roster(hall.hall, TUESDAY)
    lunch = [span for span in spans if span.start < dt.time(14) and span.end > dt.time(12)]
    assert [span.counters for span in lunch] == [3]
    assert (lunch[0].start, lunch[0].end) == (dt.time(12), dt.time(14))


def test_nobody_is_planned_while_the_hall_is_shut_over_lunch() -> None:
    hall = hall_at("17:00", shape=RUSH, day="tue", hours=DEFAULT_HOURS)
    spans = suggest_roster(hall.hall, TUESDAY)
    assert not any(span.start < dt.time(14) and span.end > dt.time(12) for span in spans)


def test_a_reserve_and_a_least_number_are_kept() -> None:
    plain = suggest_roster(hall_at("17:00", shape=RUSH, day="tue", counters=20).hall, TUESDAY)
    more = suggest_roster(
        hall_at("17:00", shape=RUSH, day="tue", counters=20, advice=AdviceRules(reserve=2)).hall, TUESDAY
    )
    assert max(span.counters for span in more) == max(span.counters for span in plain) + 2
    least = suggest_roster(
        hall_at("17:00", shape={"09:00": 0.5}, day="tue", advice=AdviceRules(least_counters=3)).hall, TUESDAY
    )
    assert [span.counters for span in least] == [3]


WANTED = st.lists(st.integers(0, 6), min_size=1, max_size=22)


@given(WANTED)
def test_a_window_that_opens_stays_open_for_an_hour_and_closes_for_no_less(wanted: list[int]) -> None:
    half_ms = 1_800_000
    stretches = [
        Stretch(n * half_ms, (n + 1) * half_ms, serves=True, most=6, visitors=1.0, rates=Rates(1, 1, 0))
        for n in range(len(wanted))
    ]
    made = steady(stretches, wanted)
    assert all(given_ >= needed for given_, needed in zip(made, wanted, strict=True))
    assert max(made) == max(wanted)
    for window in range(1, max(wanted) + 1):
        open_in = [int(number >= window) for number in made]
        runs = "".join(map(str, open_in)).strip("0").split("0")
        whole = len(wanted) * half_ms < LEAST_STAY_MS
        assert all(whole or len(run) * half_ms >= LEAST_STAY_MS for run in runs if run), made
        assert "101" not in "".join(map(str, open_in)), made


def test_windows_do_not_stay_open_beyond_the_hours_for_the_sake_of_an_hour() -> None:
    half_ms = 1_800_000
    rates = Rates(1, 1, 0)
    stretches = [
        Stretch(0, half_ms, serves=True, most=6, visitors=1.0, rates=rates),
        Stretch(half_ms, 2 * half_ms, serves=True, most=6, visitors=1.0, rates=rates),
        Stretch(2 * half_ms, 3 * half_ms, serves=False, most=0, visitors=0.0, rates=rates),
    ]
    assert steady(stretches, [1, 3, 0]) == [3, 3, 0]


@pytest.mark.parametrize(
    ("field", "value"),
    [("target_wait_s", 30), ("target_share", 1.0), ("target_share", 0.2), ("reserve", -1), ("away_share", 0.9)],
)
def test_a_setting_out_of_range_is_named_with_its_value_and_the_mend(field: str, value: float) -> None:
    with pytest.raises(ValueError, match=rf"advice\.{field} is {value}; give .* to "):
        AdviceRules(**{field: value})  # type: ignore[arg-type]


def test_advice_goes_over_the_wire_and_back() -> None:
    hall = hall_at("09:40", shape=RUSH)
    hall.open(1)
    advice = advice_of(hall)
    assert msgspec.json.decode(msgspec.json.encode(advice), type=Advice) == advice
    assert isinstance(advice.spans[0], RosterSpan)
