"""`hall district halls` and `hall district targets`, as a shell user meets them."""

import json
from pathlib import Path

from tests.support import hall_command


def test_the_halls_are_listed_by_street_and_said_to_be_a_sample() -> None:
    listed = hall_command("district", "halls")
    assert listed.returncode == 0
    assert "新安  23 halls, 6 self-service areas" in listed.stdout
    assert "135 halls, 36 self-service areas, hours in hours.toml" in listed.stdout
    assert "sample data" in listed.stderr
    assert len(json.loads(hall_command("district", "halls", "--json").stdout)["hall"]) == 135


def test_a_mistake_is_one_line_on_stderr_and_exit_code_2(tmp_path: Path) -> None:
    file = tmp_path / "halls.toml"
    text = hall_command("district", "halls", "--sample").stdout
    file.write_text(text.replace('street = "福海"', 'street = "复海"', 1), "utf-8")
    refused = hall_command("district", "targets", "--inventory", file, "--json")
    assert refused.returncode == 2
    assert refused.stdout == ""
    assert "street is '复海'; use one of 新安" in refused.stderr
    assert refused.stderr.count("\n") == 1


def test_targets_are_written_checked_and_found_out_of_date(tmp_path: Path) -> None:
    check = ("district", "targets", "--out", tmp_path, "--check")
    assert hall_command(*check).returncode == 1
    assert hall_command("district", "targets", "--out", tmp_path).returncode == 0
    assert hall_command(*check).returncode == 0
    printed = hall_command("district", "targets", "--json")
    assert printed.stdout == (tmp_path / "halls.json").read_text("utf-8")
    (tmp_path / "halls.json").write_text("[]")
    late = hall_command(*check)
    assert late.returncode == 1
    assert "OUT OF DATE" in late.stdout
    assert (tmp_path / "halls.json").read_text() == "[]"
    assert hall_command("district", "targets").returncode == 2


def test_a_hall_with_an_agent_gets_its_labels() -> None:
    printed = hall_command("district", "targets", "--agent", "BA002")
    assert printed.stdout == 'HALL="BA002"\nTIER="street"\nSTREET="新安"\n'
    assert "BA002 is scraped too; put it into `agents`" in printed.stderr
    refused = hall_command("district", "targets", "--agent", "XX9")
    assert refused.returncode == 2
    assert "--agent XX9: the inventory has no such hall" in refused.stderr
