"""hall report --html as a shell user has it: one file, whole or not at all, with the figures of --json."""

import json
import re
import subprocess
import sys
from pathlib import Path

import pytest
from click.testing import CliRunner

from hall_controller.bus.wire import encode
from hall_controller.cli import main
from hall_controller.journal.journal import Entry, Journal
from tests.support import hall_command, make_hall
from tests.unit.domain.support import Pretend

DAY, BEFORE, MONTH = "2026-11-24", "2026-11-10", "2026-11"
"""The Tuesday between had no visitors."""


@pytest.fixture(scope="module")
def directory(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A hall with two visits on one Tuesday, and three on another, one of them in the evening."""
    room = make_hall(tmp_path_factory.mktemp("page"), counters=2)
    hall = Pretend(f"{BEFORE} 10:00:00", counters=2)
    for day, visits in ((BEFORE, 2), ("2026-11-17", 0), (DAY, 2)):
        hall.until(f"{day} 10:00:00")
        hall.open(1)
        hall.take_many(visits)
        for _ in range(visits):
            hall.serve(1, 300)
        hall.close(1)
    hall.until(f"{DAY} 18:10:00")
    hall.open(1)
    hall.take()
    hall.serve(1)
    hall.close(1)
    with Journal(room) as journal:
        seq = journal.last_seq()
        journal.commit([Entry.of(event, encode(event)) for event in hall.events if event.seq > seq], [])
    return room


def sentence(*words: str | Path) -> str:
    done = CliRunner().invoke(main, ["report", *map(str, words)])
    assert (done.exit_code, done.stdout) == (2, "")
    assert done.stderr.startswith("hall: ")
    assert done.stderr.count("\n") == 1
    return done.stderr


def figure(page: str, name: str) -> str:
    found = re.search(rf'data-figure="{name}">([^<]*)<', page)
    assert found is not None
    return found[1]


def test_the_page_has_the_figures_that_json_has(directory: Path, tmp_path: Path) -> None:
    file = tmp_path / "十一月二十四日.html"
    file.write_text("an old page")
    done = hall_command("report", directory, "--day", DAY, "--html", file)
    assert (done.returncode, done.stderr) == (0, "")
    assert done.stdout == f"{file}: 3 visits, 1 of them in extended hours\n"
    assert [one.name for one in tmp_path.iterdir()] == [file.name]
    made = json.loads(hall_command("report", directory, "--day", DAY, "--json").stdout)
    page = file.read_text()
    assert figure(page, "visits") == str(made["visits"]["total"]) == "3"
    assert figure(page, "extended") == str(made["extended"])
    assert made["course"]["waits"]["count"] == 3
    assert figure(page, "median_wait") == "0:00"


def test_a_day_is_compared_to_the_last_such_weekday_on_which_anybody_came(directory: Path, tmp_path: Path) -> None:
    file = tmp_path / "day.html"
    assert hall_command("report", directory, "--day", DAY, "--html", file).returncode == 0
    assert "11-10 周二" in file.read_text()
    assert hall_command("report", directory, "--day", BEFORE, "--html", file).returncode == 0
    assert "日志中没有此前同一星期几的服务日" in file.read_text()


def test_a_month_has_its_calendar_and_can_do_without_clerks(directory: Path, tmp_path: Path) -> None:
    file = tmp_path / "month.html"
    done = hall_command("report", directory, "--month", MONTH, "--html", file, "--without-clerks", "--json")
    assert done.returncode == 0
    assert "clerk-1" in json.loads(done.stdout)["by"]["clerk"]
    page = file.read_text()
    assert f'data-day="{DAY}"' in page
    assert figure(page, "visits") == "5"
    assert figure(page, "daily") == "2.5"
    assert "clerk-1" not in page


def test_a_day_without_anything_is_a_page_that_says_so(directory: Path, tmp_path: Path) -> None:
    file = tmp_path / "empty.html"
    done = hall_command("report", directory, "--day", "2025-01-01", "--html", file)
    assert done.returncode == 0
    assert "这一天日志中没有取号，也没有办理。" in file.read_text()


def test_what_cannot_be_is_told_in_a_sentence(directory: Path, tmp_path: Path) -> None:
    nowhere = tmp_path / "nowhere" / "day.html"
    said = sentence(directory, "--day", DAY, "--html", nowhere)
    assert said == f"hall: {nowhere}: cannot be written: No such file or directory; choose another place\n"
    assert "is a folder; give a file in it" in sentence(directory, "--day", DAY, "--html", tmp_path)
    assert "--without-clerks is given without --html" in sentence(directory, "--day", DAY, "--without-clerks")


def test_the_library_that_draws_is_named_where_it_is_missing(directory: Path, tmp_path: Path) -> None:
    program = (
        "import sys\n"
        "class Block:\n"
        "    def find_spec(self, name, path=None, target=None):\n"
        "        if name.split('.')[0] in {'openpyxl', 'matplotlib', 'numpy', 'PIL'}:\n"
        "            raise ModuleNotFoundError(name, name=name)\n"
        "sys.meta_path.insert(0, Block())\n"
        "from hall_controller.cli import main\n"
        "main(prog_name='hall')\n"
    )
    file = tmp_path / "day.html"
    command = [sys.executable, "-c", program, "report", str(directory), "--day", DAY, "--html", str(file)]
    done = subprocess.run(command, capture_output=True, text=True, timeout=60, check=False)
    assert done.returncode == 2
    assert "`hall report` needs the Python package 'matplotlib" in done.stderr
    assert not file.exists()
