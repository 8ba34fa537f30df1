"""Every mistake in hall.toml and matters.csv is named by file, line and mend."""

import datetime as dt
import re
from pathlib import Path

import pytest

from hall_controller.calendar import Holidays
from hall_controller.config import ConfigTrouble, load_catalogue, load_config
from hall_controller.domain.rules import Tier
from hall_controller.making import make_hall
from hall_controller.part import Trouble


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> Path:
    directory = tmp_path_factory.mktemp("made") / "hall"
    make_hall(directory, "BA001", Tier.DISTRICT, 8, port=5701)
    return directory


@pytest.fixture
def hall_dir(made: Path, tmp_path: Path) -> Path:
    for name in ("hall.toml", "hours.toml", "matters.csv"):
        (tmp_path / name).write_bytes((made / name).read_bytes())
    return tmp_path


def edit(directory: Path, find: str, replacement: str, name: str = "hall.toml") -> int:
    """Replace the first match in the file; returns the line it began in, from 1."""
    file = directory / name
    text = file.read_text("utf-8")
    match = re.search(find, text, re.MULTILINE)
    assert match, find
    file.write_text(text[: match.start()] + replacement + text[match.end() :], "utf-8")
    return text.count("\n", 0, match.start()) + 1


def trouble(directory: Path) -> str:
    with pytest.raises(ConfigTrouble) as caught:
        load_config(directory)
    sentence = str(caught.value)
    assert "\n" not in sentence
    assert "`" not in sentence
    return sentence


def test_what_hall_init_writes_is_read_back_in_full(made: Path) -> None:
    config = load_config(made)
    rules = config.rules()
    assert (rules.hall, rules.tier, rules.counters, rules.timezone) == ("BA001", Tier.DISTRICT, 8, "Asia/Shanghai")
    assert len(config.hours) == 5  # the district hall serves through lunch
    assert {"kiosk", "board", "printer", "voice"} <= set(config.device)


def test_names_with_quotes_and_backslashes_are_kept(tmp_path: Path) -> None:
    names = ('宝安"大厅"', "C:\\hall line")
    make_hall(tmp_path / "hall", "BA001", Tier.STREET, 1, names=names, port=5701)
    config = load_config(tmp_path / "hall")
    assert (config.hall.name_zh, config.hall.name_en) == names


@pytest.mark.parametrize(
    ("find", "replacement", "said"),
    [
        (r"^tier = .*", 'tier = "village"', 'tier "village" is unknown; use district, street, community'),
        (r"^counters = 8", 'counters = "8"', 'counters is "8"; give a whole number'),
        (r"^counters = 8", "counters = 0", "counters is 0; a hall has 1 to 200"),
        (r"^counters = 8", "counterz = 8", '[hall] has no field "counterz"; it takes id, tier, counters,'),
        (r'^id = "BA001"', 'id = "B A"', "hall id 'B A' is not 1 to 16 letters"),
        (r"^timezone = .*", 'timezone = "Mars/Base"', "timezone 'Mars/Base' is unknown; write e.g. 'Asia/Shanghai'"),
        (r'^mode = "pull"', 'mode = "shove"', 'mode "shove" is unknown; use pull, push'),
        (r'^policy = "priority"', 'policy = "vip"', 'policy "vip" is unknown; use fcfs, priority'),
        (r"^favoured_limit = 2", "favoured_limit = 99", "favoured_limit is 99; give 1 to 20"),
        (r"^claim_s = 90", "claim_s = -1", "claim_s is -1; give 0 to 86400 seconds"),
        (r"^claim_s = 90", "claim_s = 1.5", "claim_s is 1.5; give a whole number"),
        (r"^appointment_late_s = 600", f"appointment_late_s = {10**20}", "give 0 to 86400 seconds"),
        (r"^width = 3", "width = 9", "numbers.width is 9; give a width from 1 to 6"),
        (r'^default = "A"', 'default = "a1"', "prefix 'a1' is not one to three capital letters; write e.g. 'A'"),
        (r'^unticketed = "W"', 'unticketed = "A"', "unticketed 'A' is used for tickets too; choose another letter"),
        (r'^priority = "P"', 'priority = "99"', "prefix '99' is not one to three capital letters"),
        (r"^# \[narrow.3\]\n# groups", "[narrow.30]\ngroups", "narrow names counter 30, but the hall has counters 1"),
        (r"^# \[narrow.3\]\n# groups", "[narrow.x]\ngroups", "[narrow.x] is no number; write e.g. [narrow.3]"),
        (r"^between = .*", 'between = "close"', 'between "close" is unknown; use pause, issue'),
        (r"^# lunch_counters = .*", "lunch_counters = [9]", "names counter 9, but the hall has counters 1 to 8"),
        (r"^announce_s = .*", "announce_s = [5]", "announce_s holds 5; give 60 to 7200 seconds"),
        (r"^booking_days = 7", "booking_days = 90", "booking_days is 90; give 0 to 60 days"),
        (r"^long_wait_s = .*", "long_wait_s = -5", "long_wait_s is -5; give 10 to 86400 seconds, or 0 to switch it"),
        (r"^board_silent_s = .*", "board_silent_s = 20", "alerts.board_silent_s is 20; give 45 to 86400 seconds"),
        (r"^no_shows = .*", "no_shows = 30", "alerts.no_shows is 30, but alerts.no_shows_of only 20; give no more"),
        (r"^long_wait_s = .*", 'long_wait_s = "5"', 'long_wait_s is "5"; give a whole number'),
        (r"^clock_off_s = .*", "clock_of_s = 5", '[alerts] has no field "clock_of_s"; it takes long_wait_s, counter'),
        (r"^# country = .*", 'country = "China"', "country 'China' is no country; write its two letters, e.g. 'CN'"),
        (r"^commands = .*", 'commands = "tcp://127.0.0.1:99999"', "'tcp://127.0.0.1:99999'; write e.g. 'tcp://127"),
        (r"^events = .*", 'events = "127.0.0.1:5702"', "bus.events is '127.0.0.1:5702'; write e.g."),
        (r"^\[bus\]", "[buss]", 'hall.toml has no field "buss"; it takes hall, bus,'),
        (r"^\[hall\]", "[hall", "not TOML"),
        (r"^name_zh = .*", "name_zh = 宝安", "not TOML: Invalid value; check the quotes"),
    ],
)  # fmt: skip
def test_a_mistake_is_named_by_line_and_mend(hall_dir: Path, find: str, replacement: str, said: str) -> None:
    line = edit(hall_dir, find, replacement)
    sentence = trouble(hall_dir)
    assert sentence.startswith(f"{hall_dir / 'hall.toml'}, line {line}: "), f"line {line} is at fault: {sentence}"
    assert said in sentence


def test_a_key_given_twice_and_one_left_out(hall_dir: Path) -> None:
    line = edit(hall_dir, r"^claim_s = 90", "claim_s = 90\nclaim_s = 91")
    assert f"line {line + 1}: not TOML: Cannot overwrite a value" in trouble(hall_dir)
    edit(hall_dir, r"^claim_s = 91", "#")
    header = edit(hall_dir, r"^events = .*\n", "") - 2
    assert f"line {header}: [bus] needs the field events; it takes commands, events" in trouble(hall_dir)


@pytest.mark.parametrize("name", ["hall.toml", "hours.toml", "matters.csv"])
def test_a_file_that_is_no_text(hall_dir: Path, name: str) -> None:
    (hall_dir / name).write_bytes(b"\xff\xfe\x00binary")
    with pytest.raises(ConfigTrouble, match=rf"{name}: cannot be read: .* UTF-8"):
        (load_catalogue if name == "matters.csv" else load_config)(hall_dir)


def test_files_that_are_not_there(tmp_path: Path) -> None:
    with pytest.raises(ConfigTrouble, match=r"hall.toml: no such file; is .* a hall\? `hall init` makes one"):
        load_config(tmp_path)
    with pytest.raises(ConfigTrouble, match=r"matters.csv: no such file; restore it"):
        load_catalogue(tmp_path)
    (tmp_path / "hall.toml").mkdir()
    with pytest.raises(ConfigTrouble, match="cannot be read"):
        load_config(tmp_path)


def test_every_bad_row_of_the_catalogue_is_named(hall_dir: Path) -> None:
    file = hall_dir / "matters.csv"
    rows = file.read_text("utf-8").splitlines()
    rows[2] = rows[2].replace("natural", "alien").replace("legal", "alien").replace("convenience", "alien")
    rows[4] = rows[3]
    file.write_text("\n".join(rows), "utf-8")
    with pytest.raises(ConfigTrouble) as caught:
        load_catalogue(hall_dir)
    assert "row 3: subject 'alien' is unknown; use natural, legal, convenience" in str(caught.value)
    assert "row 5: code" in str(caught.value)
    assert "appears twice" in str(caught.value)


def test_a_half_made_hall_leaves_nothing_behind(tmp_path: Path) -> None:
    with pytest.raises(Trouble, match=r"no hall was made: .*'tcp://::1:5701'"):
        make_hall(tmp_path / "hall", "BA001", Tier.STREET, 2, host="::1", port=5701)
    assert not list((tmp_path / "hall").iterdir())
    make_hall(tmp_path / "hall", "BA001", Tier.STREET, 2, port=5701)


def test_holidays_that_cannot_be_asked_now_stay_as_they_were(hall_dir: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    config = load_config(hall_dir)
    day = dt.date(2026, 10, 1)
    known = config.rules(day)
    assert known.calendar["2026-10-01"].kind == "holiday"
    monkeypatch.setattr("hall_controller.config.holidays_of", lambda *_: Holidays(trouble="the library is away"))
    assert config.rules(day).calendar == {}
    assert config.rules(day, known) == known
