"""The frame around the code: the lock, the wheel, the scripts' manners, and the pages' links."""

import itertools
import os
import re
import shutil
import subprocess
import sys
import tomllib
import zipfile
from pathlib import Path

import click
import msgspec
import pytest

from hall_controller.cli import main
from hall_controller.cli.doing import KINDS

ROOT = Path(__file__).parents[2]
PROJECT = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))
PACKAGES = PROJECT["tool"]["hatch"]["build"]["targets"]["wheel"]["packages"]
LOCK = (ROOT / "requirements.lock").read_text("utf-8")
PAGES = sorted([*ROOT.glob("*.md"), *ROOT.glob("docs/**/*.md")])


def script(*words: str, **options: object) -> subprocess.CompletedProcess[str]:
    """Run `sh WORDS…` from another directory, as a user might."""
    command = ["/bin/sh", str(ROOT / words[0]), *words[1:]]
    settings: dict[str, object] = {"cwd": "/", "stdin": subprocess.DEVNULL, **options}
    return subprocess.run(command, capture_output=True, text=True, check=False, timeout=30, **settings)  # type: ignore[call-overload,no-any-return]  # options are subprocess.run's own


# --- the lock ------------------------------------------------------------------------------------


def test_the_lock_names_no_host_and_how_it_is_made() -> None:
    assert "://" not in LOCK
    assert "sh deploy/lock" in LOCK.splitlines()[1]


def test_every_required_package_is_locked_with_a_hash() -> None:
    locked = set(re.findall(r"(?m)^([a-z0-9.-]+)==\S+ \\\n    --hash=sha256:", LOCK))
    extras = PROJECT["project"]["optional-dependencies"].values()
    wanted = itertools.chain(PROJECT["project"]["dependencies"], *extras, PROJECT["dependency-groups"]["dev"])
    names = {re.split(r"[\[<>=~ ]", requirement)[0] for requirement in wanted} - {PROJECT["project"]["name"]}
    assert names - locked == set()
    assert len(re.findall(r"(?m)^\S+==", LOCK)) == len(locked)


# --- the wheel -----------------------------------------------------------------------------------


@pytest.fixture(scope="module")
def wheel(tmp_path_factory: pytest.TempPathFactory) -> set[str]:
    """The names of all files in a wheel built here."""
    where = tmp_path_factory.mktemp("wheel")
    command = [sys.executable, "-m", "hatchling", "build", "-t", "wheel", "-d", str(where)]
    subprocess.run(command, cwd=ROOT, check=True, capture_output=True)
    (built,) = where.glob("*.whl")
    with zipfile.ZipFile(built) as archive:
        return set(archive.namelist())


def test_the_wheel_holds_every_file_of_the_packages_and_no_test(wheel: set[str]) -> None:
    ignored = {"__pycache__"}
    files = {
        str(file.relative_to(ROOT))
        for package in PACKAGES
        for file in (ROOT / package).rglob("*")
        if file.is_file() and not ignored & set(file.parts)
    }
    assert files - wheel == set()
    assert {"hall_controller/hall.toml.in", "hall_controller/data/matters.csv"} <= wheel
    assert {name.split("/")[0] for name in wheel if ".dist-info/" not in name} == set(PACKAGES)


def test_the_wheel_is_typed_and_carries_its_licence(wheel: set[str]) -> None:
    assert {f"{package}/py.typed" for package in PACKAGES} <= wheel
    assert any(name.endswith("licenses/LICENSE") for name in wheel)


# --- the scripts ---------------------------------------------------------------------------------


@pytest.mark.parametrize("name", ["deploy/run", "deploy/test", "deploy/lock"])
def test_each_script_explains_itself_and_installs_nothing_for_that(name: str) -> None:
    result = script(name, "--help", env={"PATH": os.environ["PATH"], "HALL_VENV": "/nonexistent"})
    assert result.returncode == 0
    assert result.stderr == ""
    assert f"sh {name}" in result.stdout


def test_an_unknown_option_is_named_in_one_sentence() -> None:
    result = script("deploy/run", "--demmo")
    assert result.returncode == 2
    assert result.stderr == "deploy/run: unknown option --demmo; sh deploy/run --help lists them\n"


def test_two_directories_are_one_too_many() -> None:
    result = script("deploy/run", "a", "b")
    assert result.returncode == 2
    assert result.stderr == "deploy/run: one directory, please: got a and b\n"


def ordinary_user_with(tools: list[str], where: Path) -> dict[str, str]:
    """An environment of someone who is not root and has only these tools."""
    (where / "id").write_text("#!/bin/sh\necho 1000\n")
    (where / "id").chmod(0o755)
    for tool in ("cat", "dirname", "find", "sed", *tools):
        found = shutil.which(tool)
        assert found, tool
        (where / tool).symlink_to(found)
    return {"PATH": str(where), "HALL_VENV": str(where / "venv")}


@pytest.mark.parametrize("name", ["deploy/run", "deploy/test"])
def test_an_ordinary_user_hears_in_one_sentence_what_is_missing_and_how_to_get_it(name: str, tmp_path: Path) -> None:
    result = script(name, env=ordinary_user_with([], tmp_path))
    assert result.returncode == 2
    (line,) = result.stderr.splitlines()
    assert line.startswith(f"{name}: missing: ")
    assert "espeak-ng" in line
    assert "python3-venv" in line
    assert "get it with: sudo apt-get install --no-install-recommends " in line
    assert not (tmp_path / "venv").exists()


def test_what_is_there_is_not_asked_for_again(tmp_path: Path) -> None:
    environment = ordinary_user_with(["espeak-ng"], tmp_path)
    (tmp_path / "python3").symlink_to(sys.executable)
    line = script("deploy/test", env=environment).stderr
    assert "sox" in line
    assert "espeak-ng" not in line
    assert "python3" not in line


def test_an_environment_that_cannot_be_written_is_named_with_its_mend(tmp_path: Path) -> None:
    blocked = tmp_path / "file"
    blocked.write_text("not a directory")
    result = script("deploy/run", env={"PATH": os.environ["PATH"], "HALL_VENV": str(blocked / "venv")})
    assert result.returncode == 2
    assert "set HALL_VENV to a directory that you may write" in result.stderr.splitlines()[-1]


def test_hooks_run_the_locked_tools_and_fetch_nothing() -> None:
    text = (ROOT / ".pre-commit-config.yaml").read_text("utf-8")
    assert "://" not in text
    assert re.findall(r"repo: (\S+)", text) == ["local"]
    for entry in re.findall(r"entry: (\S+)", text):
        assert entry.startswith(".venv/bin/")


# --- the pages -----------------------------------------------------------------------------------


def test_every_ignored_rule_says_why() -> None:
    text = (ROOT / "pyproject.toml").read_text("utf-8")
    section = text[text.index("[tool.ruff.lint]") : text.index("[tool.ruff.lint.isort]")]
    rules = [line for line in section.splitlines() if re.search(r'"[A-Z]+\d*"', line) and "select" not in line]
    assert rules
    assert [line for line in rules if "  # " not in line] == []


@pytest.mark.parametrize("page", PAGES, ids=lambda page: str(page.relative_to(ROOT)))
def test_every_link_within_the_repository_leads_somewhere(page: Path) -> None:
    text = page.read_text("utf-8")
    links = [link.split("#")[0] for link in re.findall(r"\]\(([^)\s]+)\)", text)]
    local = [link for link in links if link and not re.match(r"[a-z]+:", link)]
    assert [link for link in local if not (page.parent / link).exists()] == []


def code(page: str) -> list[str]:
    """What a page shows as code: the lines of its blocks, and the words between backticks."""
    text = (ROOT / page).read_text("utf-8")
    blocks = re.findall(r"(?ms)^```.*?\n(.*?)^```", text)
    inline = re.findall(r"`([^`\n]+)`", re.sub(r"(?ms)^```.*?^```", "", text))
    return [*(line for block in blocks for line in block.splitlines()), *inline]


def commands(page: str) -> set[str]:
    """The `hall` subcommands that a page shows in code."""
    found = (re.search(r"(?:^|-- |/bin/)hall ([a-z]+)\b", line) for line in code(page))
    return {match.group(1) for match in found if match}


def test_both_readmes_show_the_same_commands() -> None:
    assert commands("README.md") == commands("README.zh.md")
    assert {"init", "run", "do", "watch", "counter", "reception"} <= commands("README.md")


@pytest.mark.parametrize("page", ["README.md", "README.zh.md", "docs/install.md"])
def test_every_command_of_a_page_exists(page: str) -> None:
    known = main.list_commands(click.Context(main))
    assert commands(page) - set(known) == set()


@pytest.mark.parametrize("page", ["README.md", "README.zh.md", "docs/install.md"])
def test_every_command_sent_by_a_page_has_these_fields(page: str) -> None:
    sent = [match.groups() for line in code(page) if (match := re.search(r"hall do \S+ ([a-z_]+)(.*)", line))]
    for name, rest in sent:
        options = set(re.findall(r"--([a-z_]+)", rest)) - {"help"}
        assert options <= {field.name for field in msgspec.structs.fields(KINDS[name])}, name
