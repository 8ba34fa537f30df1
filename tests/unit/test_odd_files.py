"""Files of a hall as editors and broken disks leave them: read, or named in one sentence."""

import shutil
from collections.abc import Callable
from pathlib import Path

import pytest

from hall_controller import rare_letters
from hall_controller.bus.bundle import BundleError, load_bundle
from hall_controller.bus.keys import KeyTrouble, load_devices, load_server_pair, load_token_secret
from hall_controller.checking import Level, check_hall
from hall_controller.config import ConfigTrouble, load_catalogue, load_config
from hall_controller.credit.register import RegisterTrouble, read_register
from hall_controller.domain.rules import Tier
from hall_controller.making import make_hall
from hall_controller.rare_letters import undrawn

READERS: dict[str, Callable[[Path], object]] = {
    "hall.toml": load_config,
    "hours.toml": load_config,
    "matters.csv": load_catalogue,
    "credit.csv": lambda hall: read_register(hall / "credit.csv"),
    "keys/devices.toml": load_devices,
    "keys/server.toml": load_server_pair,
    "keys/token.key": load_token_secret,
    "devices/kiosk.toml": lambda hall: load_bundle(hall, "kiosk"),
}
TROUBLE = (ConfigTrouble, KeyTrouble, BundleError, RegisterTrouble)


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> Path:
    directory = tmp_path_factory.mktemp("odd") / "hall"
    make_hall(directory, "BA001", Tier.STREET, 2, port=20_000)
    return directory


@pytest.fixture
def hall(made: Path, tmp_path: Path) -> Path:
    return Path(shutil.copytree(made, tmp_path / "hall"))


@pytest.mark.parametrize("name", READERS)
def test_a_mark_of_the_encoding_and_the_line_ends_of_windows_change_nothing(hall: Path, name: str) -> None:
    before, file = READERS[name](hall), hall / name
    file.write_bytes(b"\xef\xbb\xbf" + file.read_bytes().replace(b"\n", b"\r\n"))
    assert READERS[name](hall) == before


@pytest.mark.parametrize("name", READERS)
@pytest.mark.parametrize(
    "damage",
    [
        lambda file: file.write_bytes(file.read_text("utf-8").encode("utf-16")),
        lambda file: file.write_bytes(b"\xb4\xf3\xcc\xfc" + file.read_bytes()),
        lambda file: file.write_bytes(b"\0" * 512),
        lambda file: (file.unlink(), file.mkdir()),
    ],
    ids=["utf-16", "gb18030", "zeros", "directory"],
)
def test_a_file_that_is_no_text_is_one_sentence(hall: Path, name: str, damage: Callable[[Path], object]) -> None:
    damage(hall / name)
    with pytest.raises(TROUBLE) as error:
        READERS[name](hall)
    said = str(error.value)
    assert name in said
    assert "cannot be read" in said
    assert said.isprintable()
    assert "codec" not in said
    assert "Errno" not in said


def test_an_escape_sequence_in_a_setting_is_named_by_line_and_key(hall: Path) -> None:
    file = hall / "hall.toml"
    text = file.read_text("utf-8").replace("name_zh = ", 'name_zh = "\\u001b[2J" #', 1)
    file.write_text(text, "utf-8")
    line = text[: text.index("name_zh =")].count("\n") + 1
    with pytest.raises(ConfigTrouble, match=rf"line {line}: hall.name_zh is '.u001b\[2J': it holds an escape char"):
        load_config(hall)


def test_a_cell_with_a_line_break_is_named_by_row_and_column(hall: Path) -> None:
    file = hall / "matters.csv"
    text = file.read_text("utf-8")
    first = text.splitlines()[1].split(",")
    file.write_text(text.replace(first[1], f'"{first[1]}\n(旧)"', 1), "utf-8")
    with pytest.raises(ConfigTrouble, match=r"row \d+: name_zh is .* it holds a line break \(U\+000A\); leave it out"):
        load_catalogue(hall)


def test_a_letter_that_no_font_draws_is_told_and_stays(hall: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(rare_letters, "_is_drawn", lambda letter: letter == "\U00020bb7")
    assert list(undrawn(["\ue000丽", "𠮷田", "张三"])) == [("\ue000", "\ue000丽")]
    file = hall / "hall.toml"
    file.write_text(file.read_text("utf-8").replace('name_zh = "', 'name_zh = "\ue000', 1), "utf-8")
    notes = [one.text for one in check_hall(hall) if (one.subject, one.level) == ("fonts", Level.NOTE)]
    assert len(notes) == 1
    assert "(U+E000), which no font of this box draws" in notes[0]
