"""Every mistake in a scenario is named by file, line, field, value and mend."""

from pathlib import Path

import pytest

from hall_controller.rehearsal.scenario import (
    SAMPLES,
    ScenarioTrouble,
    find_scenario,
    load_scenario,
    sample_names,
)
from tests.unit.rehearsal.memory_stage import CATALOGUE

GOOD = """\
name = "good"
tier = "street"
counters = 4
trainee = 3
hours = [{ days = ["mon", "tue"], start = 09:00:00, end = 12:00:00 },
  { days = ["mon"], start = 14:00:00, end = 18:00:00 }]

[half_hours]
start = 09:00:00
visitors = [5, 6, 7.5]

[[arrivals]]
start = 14:00:00
end = 16:00:00
visitors = 20

[people]
priority = 0.1
booked = 0.2
patience_minutes = 60

[[matters]]
code = "social-card"
share = 2

[[matters]]
code = "id-card-renew"
minutes = 7

[[roster]]
start = 09:00:00
end = 12:00:00
counters = 3

[[roster]]
start = 14:00:00
end = 18:00:00
counters = 4

[[incident]]
kind = "counter_lost"
at = 10:00:00
until = 11:00:00
counter = 2

[[incident]]
kind = "rush"
at = 14:10:00
visitors = 12

[[incident]]
kind = "emergency"
at = 15:00:00
reason = "drill"
"""
"""Every line of it is wrong in one of the tests."""


def trouble(tmp_path: Path, text: str) -> str:
    file = tmp_path / "day.toml"
    file.write_text(text, "utf-8")
    with pytest.raises(ScenarioTrouble) as caught:
        load_scenario(file, CATALOGUE)
    sentence = str(caught.value)
    assert "\n" not in sentence
    assert "`" not in sentence
    return sentence.removeprefix(f"{file}, ")


def changed(find: str, replacement: str) -> tuple[str, int]:
    """GOOD with its first such place changed, and that line."""
    assert find in GOOD, find
    return GOOD.replace(find, replacement, 1), GOOD[: GOOD.index(find)].count("\n") + 1


def test_the_good_one_is_good(tmp_path: Path) -> None:
    file = tmp_path / "day.toml"
    file.write_text(GOOD, "utf-8")
    scenario = load_scenario(file, CATALOGUE)
    assert [stretch.visitors for stretch in scenario.coming()] == [20, 5, 6, 7.5]
    assert scenario.rules().counters == 4


@pytest.mark.parametrize(
    ("find", "replacement", "said"),
    [
        ('name = "good"', "name = 3", "name is 3; give text"),
        ('name = "good"', 'name = "good', "not TOML"),
        ('name = "good"', 'title = "good"', 'day.toml has no field "title"; it takes name, about, date'),
        ('tier = "street"', 'tier = "village"', 'tier "village" is unknown; use district, street, community'),
        ("counters = 4", "counters = 0", "counters is 0; a hall has 1 to 200"),
        ("counters = 4", "counters = 4.5", "counters is 4.5; give a whole number"),
        ("trainee = 3", "trainee = 5", "trainee is 5; the hall has counters 1 to 4"),
        ("trainee = 3", "favoured_limit = 99", "favoured_limit is 99; give 1 to 20"),
        ("trainee = 3", "last_ticket_s = -1", "last_ticket_s is -1; give 0 to 86400 seconds"),
        ("trainee = 3", 'policy = "vip"', 'policy "vip" is unknown; use fcfs, priority'),
        ("trainee = 3", "date = 2026-11-29", "the hall is shut on 2026-11-29, a Sunday; choose another"),
        ("trainee = 3", 'date = "Monday"', "date is no date; write one that exists, as 2026-10-01, without quotes"),
        ("end = 16:00:00", 'end = "four"', "end is no time; write it as 20:00:00, without quotes"),
        ("trainee = 3", "date = 2026-11-31", "write a date that exists as 2026-10-01"),
        ('hours = [{ days = ["mon", "tue"]', 'hours = [{ days = ["mo"]', "hours day 'mo' is unknown; use mon, tue"),
        ("end = 12:00:00 }", "end = 08:00:00 }", "hours end 08:00:00 is not after start 09:00:00; swap them"),
        ("end = 12:00:00 }", "end = 15:00:00 }", "hours start 14:00:00 lies before end 15:00:00 on mon"),
        ("start = 09:00:00\nvisitors", "start = 9:00\nvisitors", "write a time with seconds, e.g. 09:00:00"),
        ("visitors = [5, 6, 7.5]", "visitors = []", "half_hours visitors is empty; give a number for each half hour"),
        ("visitors = [5, 6, 7.5]", "visitors = [5, -6]", "half_hours visitors is -6; give 0 to 5000"),
        ("visitors = [5, 6, 7.5]", "visitors = [5, nan]", "half_hours visitors is nan; give 0 to 5000"),
        ("visitors = [5, 6, 7.5]", 'visitors = [5, "six"]', "six"),
        ("visitors = [5, 6, 7.5]", f"visitors = {[1] * 31}", "reach beyond midnight; give 30 at most"),
        ("visitors = [5, 6, 7.5]", f"visitors = {[1] * 11}", "let the one begin where the other ends"),
        ("end = 16:00:00", "end = 13:00:00", "arrivals end 13:00:00 is not after start 14:00:00; swap them"),
        ("visitors = 20", "visitors = -1", "arrivals visitors is -1; give 0 to 5000"),
        ("visitors = 20", "visitors = 5001", "arrivals visitors is 5001; give 0 to 5000"),
        ("visitors = 20", "visitors = 4990", "arrivals visitors are 5008.5 in all; give 5000 at most"),
        ("visitors = 20", 'visitors = "many"', 'visitors is "many"; give a number'),
        ("visitors = 20", "visitors = 20\ncount = 3", '[arrivals] has no field "count"; it takes start, end, visitors'),
        ("priority = 0.1", "priority = -0.1", "priority is -0.1; give 0 to 1, a share of all visitors"),
        ("priority = 0.1", "priority = 12", "priority is 12; give 0 to 1, a share of all visitors"),
        ("priority = 0.1", "absent = inf", "absent is inf; give 0 to 1, a share of all visitors"),
        ("priority = 0.1", "pace = 0", "pace is 0; give 0.1 to 10"),
        ("priority = 0.1", "rude = 0.5", '[people] has no field "rude"; it takes priority, booked'),
        ("booked = 0.2", "booked = 0.9", "booked and reception and unticketed are 1.09 together; give 1 at most"),
        ("patience_minutes = 60", "patience_minutes = 0", "patience_minutes is 0; give 1 to 100000"),
        (
            'code = "social-card"',
            'code = "social-cart"',
            "'social-cart' is not in the catalogue; did you mean 'social-card'",
        ),
        (
            'code = "social-card"',
            'code = "xyzzy"',
            "matters code 'xyzzy' is not in the catalogue; hall matters lists them",
        ),
        ("share = 2", "share = -2", "matters share is -2; give 0 to"),
        ("minutes = 7", "minutes = 0", "matters minutes is 0; give 0.5 to 480"),
        ("counters = 3", "counters = 9", "roster counters is 9, but the hall has 4; plan no more of them"),
        ("counters = 3", "counters = -1", "roster counters is -1; give 0 to 200"),
        ('kind = "counter_lost"', 'kind = "flood"', 'kind "flood" is unknown; use counter_lost, late_opening'),
        ("until = 11:00:00", "until = 09:30:00", "incident until 09:30:00 is not after at 10:00:00; swap them"),
        ("counter = 2", "counter = 7", "incident counter is 7; the hall has counters 1 to 4"),
        ("counter = 2", "counter = 3", "incident counter 3 is the trainee's; choose another counter"),
        ("visitors = 12", "visitors = 0", "incident visitors is 0; give 1 to 5000"),
        ("visitors = 12", "visitors = 12\nminutes = 0", "incident minutes is 0; give 1 to 480"),
        ('reason = "drill"', 'reason = ""', "incident reason has 0 characters; give 1 to 64"),
        ('reason = "drill"', "counter = 2", "incident emergency has no counter; it takes at and until and reason"),
    ],
)
def test_a_mistake_is_named_with_line_value_and_mend(tmp_path: Path, find: str, replacement: str, said: str) -> None:
    text, line = changed(find, replacement)
    lines = range(line, line + replacement.count("\n") + 1)
    sentence = trouble(tmp_path, text)
    assert said in sentence
    at = int(sentence.removeprefix("line ").partition(":")[0])
    assert at in lines or "begin where" in said or "on mon" in said or "shut" in said, sentence
    assert text.splitlines()[at - 1].strip(), sentence


@pytest.mark.parametrize(
    ("find", "replacement", "line_says", "said"),
    [
        (
            "end = 12:00:00\ncounters = 3",
            "end = 14:30:00\ncounters = 3",
            "start = 14:00:00",
            "roster start 14:00:00 lies",
        ),
        ("counter = 2", "", "[[incident]]", "incident counter_lost names no counter; say which, e.g. counter = 3"),
        ("visitors = 12", "", "[[incident]]", "incident rush names no visitors; say which, e.g. visitors = 40"),
        ('code = "id-card-renew"', 'code = "social-card"', 'code = "social-card"', "is named twice; add up its shares"),
        ("share = 2", "share = 0", "share = 0", ""),
        (
            "at = 15:00:00",
            "at = 19:00:00",
            "at = 19:00:00",
            "incident at 19:00:00 lies outside the hours of that day, 09:00 to 12:00 and 14:00 to 18:00; choose",
        ),
        (
            "start = 14:00:00\nend = 16:00:00",
            "start = 20:00:00\nend = 21:00:00",
            "start = 20:00:00",
            "arrivals 20:00:00 to 21:00:00 lies outside the hours of that day",
        ),
        (
            "start = 14:00:00\nend = 18:00:00\ncounters",
            "start = 18:00:00\nend = 19:00:00\ncounters",
            "start = 18:00:00",
            "roster 18:00:00 to 19:00:00 lies outside the hours",
        ),
        (
            'kind = "rush"\nat = 14:10:00\nvisitors = 12',
            'kind = "emergency"\nat = 14:10:00',
            'kind = "emergency"',
            "incident emergency is there twice; a day has one at most",
        ),
        (
            'kind = "rush"\nat = 14:10:00\nvisitors = 12',
            'kind = "pace"\nat = 14:10:00',
            "[[incident]]",
            "incident pace names no times; say which, e.g. times = 1.5",
        ),
        (
            'kind = "rush"\nat = 14:10:00\nvisitors = 12',
            'kind = "crash"\nat = 14:10:00\nuntil = 15:00:00',
            "until = 15:00:00",
            "incident crash has no until; it takes at alone",
        ),
    ],
)
def test_what_does_not_fit_together_is_named_where_it_is_mended(
    tmp_path: Path, find: str, replacement: str, line_says: str, said: str
) -> None:
    text, _ = changed(find, replacement)
    if not said:  # one share of two may be nought
        text = text.replace('[[matters]]\ncode = "id-card-renew"\nminutes = 7\n', "")
        said = "matters share is 0 of all of them; give one of them more"
    sentence = trouble(tmp_path, text)
    assert said in sentence
    at = int(sentence.removeprefix("line ").partition(":")[0])
    assert text.splitlines()[at - 1] == line_says


def test_a_day_without_visitors_says_what_to_add(tmp_path: Path) -> None:
    assert "names no visitors; add [[arrivals]]" in trouble(tmp_path, 'name = "empty"\ncounters = 2\n')
    assert "counters" in trouble(tmp_path, 'name = "empty"\n')


def test_files_that_cannot_be_read(tmp_path: Path) -> None:
    with pytest.raises(ScenarioTrouble, match="no such file; hall rehearse --scenarios"):
        load_scenario(tmp_path / "none.toml", CATALOGUE)
    (tmp_path / "latin.toml").write_bytes(b'name = "caf\xe9"')
    with pytest.raises(ScenarioTrouble, match="text in UTF-8"):
        load_scenario(tmp_path / "latin.toml", CATALOGUE)
    with pytest.raises(ScenarioTrouble, match="cannot be read"):
        load_scenario(tmp_path, CATALOGUE)


def test_a_sample_is_found_by_its_name_and_a_wrong_name_lists_them() -> None:
    assert find_scenario("quiet") == SAMPLES / "quiet.toml"
    with pytest.raises(ScenarioTrouble, match="quite: no such file, and no sample; samples are counter-lost"):
        find_scenario("quite")


@pytest.mark.parametrize("name", sample_names())
def test_the_samples_hold_what_they_say(name: str) -> None:
    scenario = load_scenario(SAMPLES / f"{name}.toml", CATALOGUE)
    assert scenario.name == name
    assert scenario.about.endswith(".")
    assert "#" in (SAMPLES / f"{name}.toml").read_text("utf-8"), "a sample is commented"


def test_there_is_a_sample_of_each_kind() -> None:
    assert {"quiet", "monday-rush", "lunch-handover", "counter-lost", "printer-out", "training-day"} <= set(
        sample_names()
    )
