"""Every visit once: on the day, in the hour and in the band in which its service began."""

import pytest
from msgspec.structs import replace

from hall_controller.domain import commands as c
from hall_controller.domain.rules import DEFAULT_HOURS, Band, DayKind, SpecialDay
from hall_controller.domain.sender import HALL
from hall_controller.report import make_report
from tests.unit.domain.support import Pretend, terminal
from tests.unit.report.accounts import DAY, WITH_LUNCH, counted, report_of, visits


def open_hall(start: str, **rules: object) -> Pretend:
    hall = Pretend(start, 8, **rules)
    hall.open(1, 2)
    return hall


def test_a_start_undone_after_the_band_has_changed_is_taken_back_from_its_own_band() -> None:
    hall = open_hall(f"{DAY} 17:55:00")
    hall.take()
    hall.until(f"{DAY} 17:59:50")
    hall.begin(1)
    assert visits(hall) == {"regular": 1}
    hall.until(f"{DAY} 18:00:20")
    hall.undo(1)
    assert visits(hall) == {}
    hall.start(1)
    made = report_of(hall)
    assert counted(made["visits"]) == {"evening": 1}
    assert {hour: counted(row) for hour, row in made["hours"].items() if row["total"]} == {"18": {"evening": 1}}
    assert counted(made["days"][DAY]) == {"evening": 1}


def test_an_unticketed_visit_that_was_undone_is_none() -> None:
    hall = open_hall(f"{DAY} 12:10:00", hours=WITH_LUNCH)
    hall.do(c.ServeUnticketed(counter=1, matter="licence"), terminal(1))
    assert visits(hall) == {"lunch": 1}
    hall.undo(1)
    made = report_of(hall)
    assert (made["visits"]["total"], made["extended"], made["roster"]["clerk-1"]["extended_visits"]) == (0, 0, 0)


def test_a_visit_that_is_held_and_taken_up_in_the_evening_is_one_regular_visit() -> None:
    hall = open_hall(f"{DAY} 17:50:00")
    ticket = hall.take()
    hall.begin(1)
    hall.later(minutes=5)
    hall.hold(1)
    hall.until(f"{DAY} 18:10:00")
    hall.do(c.ResumeTicket(counter=2, ticket=ticket), terminal(2))
    hall.later(minutes=10)
    hall.finish(2)
    made = report_of(hall)
    assert counted(made["visits"]) == {"regular": 1}
    assert made["by"]["band"]["regular"]["service_s"] == 15 * 60
    assert made["by"]["clerk"]["clerk-1"]["visits"] == 1
    assert made["by"]["clerk"]["clerk-2"]["finished"] == 1


def test_a_transferred_visit_counts_where_it_began_and_its_service_where_it_ended() -> None:
    hall = open_hall(f"{DAY} 10:00:00")
    hall.take()
    hall.begin(1)
    hall.later(minutes=5)
    hall.do(c.Transfer(counter=1, matter="licence", to_counter=2), terminal(1))
    hall.serve(2, 600)
    by = report_of(hall)["by"]
    assert {code: (row["visits"], row["finished"]) for code, row in by["matter"].items()} == {
        "pension": (1, 0),
        "licence": (0, 1),
    }
    assert by["counter"]["2"]["service_s"] == 900
    assert by["band"]["regular"]["waits"] == 1, "the second call ends no second wait"


def test_a_visit_over_midnight_belongs_to_the_day_on_which_it_began() -> None:
    hall = open_hall(f"{DAY} 19:50:00")
    hall.take_many(2)
    hall.until(f"{DAY} 23:50:00")
    hall.begin(1)
    hall.until("2026-11-25 00:20:00")
    hall.finish(1)
    hall.serve(1)
    assert (visits(hall, DAY), visits(hall, "2026-11-25")) == ({"evening": 1}, {"evening": 1})
    finished = [report_of(hall, day)["by"]["band"]["evening"]["finished"] for day in (DAY, "2026-11-25")]
    assert finished == [0, 2]
    assert set(report_of(hall)["hours"]) == {"00", "23"}


def test_the_leap_day_is_a_day_like_others() -> None:
    hall = open_hall("2028-02-29 19:00:00")
    hall.take_many(2)
    hall.serve(1)
    hall.until("2028-03-01 09:00:00")
    hall.serve(1)
    assert [visits(hall, period) for period in ("2028-02-29", "2028-02", "2028-03-01", "2028-03")] == [
        {"evening": 1},
        {"evening": 1},
        {"regular": 1},
        {"regular": 1},
    ]


def test_a_day_with_two_openings_and_an_extension() -> None:
    hall = open_hall(f"{DAY} 11:50:00", hours=DEFAULT_HOURS[:2])
    hall.take_many(4)
    hall.serve(1)
    hall.until(f"{DAY} 13:00:00")
    hall.serve(1)
    hall.until(f"{DAY} 17:30:00")
    hall.do(c.ExtendHours(minutes=60))
    hall.serve(1)
    hall.until(f"{DAY} 18:30:00")
    hall.serve(1)
    made = report_of(hall, DAY)
    assert counted(made["visits"]) == {"regular": 3, "evening": 1}
    assert made["extended"] == 1
    assert {hour: row["total"] for hour, row in made["hours"].items()} == {"11": 1, "13": 1, "17": 1, "18": 1}


def test_a_holiday_and_a_make_up_sunday() -> None:
    calendar = {
        "2026-10-10": SpecialDay(kind=DayKind.WORKDAY),
        "2026-10-11": SpecialDay(kind=DayKind.HOLIDAY),
    }
    hall = open_hall("2026-10-09 19:30:00", calendar=calendar)
    hall.take_many(3)
    for moment in ("2026-10-09 19:40:00", "2026-10-10 10:00:00", "2026-10-11 10:00:00"):
        hall.until(moment)
        hall.serve(1)
    days = {day: counted(row) for day, row in report_of(hall, "2026-10")["days"].items()}
    assert days == {"2026-10-09": {"evening": 1}, "2026-10-10": {"regular": 1}, "2026-10-11": {"holiday": 1}}


def test_each_matter_counter_and_clerk_is_told_by_band() -> None:
    hall = open_hall(f"{DAY} 17:40:00")
    hall.take_many(2)
    hall.serve(1)
    hall.until(f"{DAY} 18:10:00")
    hall.serve(1)
    by_band = report_of(hall)["by_band"]
    for name, key in (("matter", "pension"), ("counter", "1"), ("clerk", "clerk-1"), ("day", DAY)):
        assert {band: row["visits"] for band, row in by_band[name][key].items()} == {"regular": 1, "evening": 1}


def test_the_report_names_its_hall() -> None:
    hall = open_hall(f"{DAY} 10:00:00", name_zh="西乡街道大厅", name_en="Xixiang Hall")
    hall.do(c.ChangeRules(rules=replace(hall.rules, name_en="Xixiang Service Hall")), HALL)
    hall.later(60)
    made = report_of(hall, DAY)
    assert (made["hall"], made["tier"], made["name_zh"]) == ("BA001", "street", "西乡街道大厅")
    assert (made["name_en"], made["until_ms"]) == ("Xixiang Service Hall", hall.events[-1].at_ms)


def test_a_day_without_visits_is_listed_with_none() -> None:
    hall = open_hall(f"{DAY} 10:00:00")
    hall.until("2026-11-25 10:00:00")
    made = report_of(hall)
    assert {day: row["total"] for day, row in made["days"].items()} == {DAY: 0, "2026-11-25": 0}
    assert all(made["visits"][band] == 0 for band in Band)


@pytest.mark.parametrize("period", ["2026", "2026-13", "2026-02-29", "2026-1-1", "2026-W01-1", "20261101", "", "nov"])
def test_a_period_that_is_none_is_refused(period: str) -> None:
    with pytest.raises(ValueError, match="neither a day"):
        make_report([], period)
