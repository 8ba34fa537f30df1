"""The relay's systemd unit, within the sandbox of all hall units."""

import shutil
import subprocess
from pathlib import Path

import pytest

DEPLOY = Path(__file__).parents[2] / "deploy"
UNIT = "hall-district-relay.service"


@pytest.fixture
def units(tmp_path: Path) -> Path:
    """As installed, with a program that exists on this machine."""
    copy = tmp_path / "system"
    shutil.copytree(DEPLOY / "systemd", copy)
    text = (DEPLOY / "district/systemd" / UNIT).read_text("utf-8")
    assert "ExecStart=/opt/hall/bin/hall district relay " in text
    (copy / UNIT).write_text(text.replace("/opt/hall/bin/hall", "/bin/true"), "utf-8")
    return copy


@pytest.mark.parametrize("words", [("verify", "--man=no"), ("security", "--offline=yes", "--threshold=25")])
def test_systemd_has_nothing_against_it(units: Path, words: tuple[str, ...]) -> None:
    said = subprocess.run(
        ["systemd-analyze", *words, f"./{UNIT}"], cwd=units, capture_output=True, text=True, check=False
    )
    assert said.returncode == 0, said.stdout + said.stderr
    if words[0] == "verify":
        assert said.stdout + said.stderr == ""
