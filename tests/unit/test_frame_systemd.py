"""The systemd units: silent under `systemd-analyze verify`, one for each part, none of them as root."""

import configparser
import shutil
import subprocess
from pathlib import Path

import pytest

from hall_controller.supervisor import PARTS

UNITS = Path(__file__).parents[2] / "deploy/systemd"
PROGRAM = "/opt/hall/bin/hall"
MOST_EXPOSED = 25
"""In tenths of systemd's own scale: below 2.5 is "OK"."""


@pytest.fixture(scope="module")
def units(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A copy whose program exists on this machine, since verify looks for it."""
    copy = tmp_path_factory.mktemp("units") / "systemd"
    shutil.copytree(UNITS, copy)
    for unit in copy.glob("*.service"):
        text = unit.read_text("utf-8")
        assert f"ExecStart={PROGRAM} " in text
        unit.write_text(text.replace(PROGRAM, "/bin/true"), "utf-8")
    return copy


def analyze(*words: str, units: Path) -> subprocess.CompletedProcess[str]:
    return subprocess.run(["systemd-analyze", *words], cwd=units, capture_output=True, text=True, check=False)


def test_verify_is_silent(units: Path) -> None:
    names = [f"./{unit.name}" for unit in units.iterdir() if unit.suffix in {".service", ".target"}]
    result = analyze("verify", "--man=no", *names, units=units)
    assert (result.returncode, result.stdout + result.stderr) == (0, "")


def test_each_part_of_hall_run_has_its_unit_and_the_target_wants_them_all() -> None:
    assert {unit.stem for unit in UNITS.glob("*.service")} == {f"hall-{part}" for part in PARTS}
    assert set(read("hall.target")["Unit"]["Wants"].split()) == {f"hall-{part}.service" for part in PARTS}


@pytest.mark.parametrize("part", PARTS)
def test_a_unit_waits_for_ready_and_stays_out_of_the_system(part: str, units: Path) -> None:
    service = read(f"hall-{part}.service")["Service"]
    assert service["Type"] == "notify"
    assert service["User"] == "hall"
    assert service["ExecStart"] == f"{PROGRAM} {part} /var/lib/hall"
    result = analyze("security", "--offline=yes", f"--threshold={MOST_EXPOSED}", f"./hall-{part}.service", units=units)
    assert result.returncode == 0, result.stdout[-300:]


def test_a_part_is_started_again_for_ever_and_may_write_only_the_halls_directory() -> None:
    shared = read("hall-.service.d/sandbox.conf")
    assert shared["Service"]["Restart"] == "always"
    assert shared["Unit"]["StartLimitIntervalSec"] == "0"
    assert shared["Service"]["ProtectSystem"] == "strict"
    assert shared["Service"]["ReadWritePaths"] == "/var/lib/hall"


def read(name: str) -> configparser.ConfigParser:
    # DeviceAllow stands several times in a unit, which is right there.
    parser = configparser.ConfigParser(strict=False, interpolation=None, delimiters=("=",))
    parser.optionxform = str  # type: ignore[assignment,method-assign]  # systemd's keys keep their case
    parser.read_string((UNITS / name).read_text("utf-8"))
    return parser
