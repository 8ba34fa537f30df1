"""The register of ratings, and the guard around whatever source a district installs."""

import logging
import os
from hashlib import sha256
from pathlib import Path

import pytest

from hall_controller.credit import lookup
from hall_controller.credit.lookup import Lookup, open_lookup
from hall_controller.credit.register import RegisterTrouble, read_register
from hall_controller.domain.credit import Rating

WHOM = "91440300MA5DA0000X"


def write(directory: Path, *rows: str, name: str = "credit.csv") -> Path:
    file = directory / name
    file.write_text("\n".join(("applicant,rating", *rows)) + "\n", "utf-8")
    return file


def test_a_number_is_looked_up_as_people_type_it_and_may_be_hidden(tmp_path: Path) -> None:
    hidden = sha256(b"110101199001011234").hexdigest()
    write(tmp_path, f"{WHOM},good", f"{hidden},discredited")
    asked = open_lookup(tmp_path, "csv", {})
    assert asked.rating(f" {WHOM.lower()} ") is Rating.GOOD
    assert asked.rating("110101199001011234") is Rating.DISCREDITED
    assert asked.rating("somebody else") is Rating.ORDINARY


def test_another_file_is_read_at_once(tmp_path: Path) -> None:
    file = write(tmp_path, f"{WHOM},good", name="register.csv")
    asked = open_lookup(tmp_path, "csv", {"file": "register.csv"})
    assert asked.rating(WHOM) is Rating.GOOD
    new = write(tmp_path, f"{WHOM},discredited", name="new.csv")
    os.utime(new, (1, 1))
    new.replace(file)
    assert asked.rating(WHOM) is Rating.DISCREDITED


def test_a_register_that_is_gone_or_wrong_leaves_ratings_unknown(
    tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    asked = open_lookup(tmp_path, "csv", {})
    with caplog.at_level(logging.ERROR):
        assert asked.rating(WHOM) is None
        file = write(tmp_path, f"{WHOM},excellent")
        assert asked.rating(WHOM) is None
    assert "copy the register there" in caplog.text
    assert "row 2: rating 'excellent' is unknown; use good, ordinary, discredited" in caplog.text
    assert WHOM not in caplog.text
    file.write_text(f"applicant,rating\n{WHOM},good\n", "utf-8")
    assert asked.rating(WHOM) is Rating.GOOD


@pytest.mark.parametrize(
    ("text", "problem"),
    [
        ("number,rating\n1,good\n", "row 1: column applicant is missing"),
        ("applicant,rating\n,good\n", "row 2: applicant is empty"),
        ("applicant,rating\nx,good\nX,discredited\n", "row 3: this applicant has another rating above"),
        ("applicant,rating\n" + "x,?\n" * 9, "and 4 more"),
    ],
)
def test_a_bad_row_spoils_the_file_and_is_named(tmp_path: Path, text: str, problem: str) -> None:
    file = tmp_path / "credit.csv"
    file.write_text(text, "utf-8")
    with pytest.raises(RegisterTrouble, match=problem):
        read_register(file)


def test_a_source_that_fails_or_talks_nonsense_stops_nothing(caplog: pytest.LogCaptureFixture) -> None:
    class Broken:
        def rating(self, applicant: str) -> Rating:
            raise OSError("the line is down")

    class Odd:
        def rating(self, applicant: str) -> Rating:
            return "splendid"  # type: ignore[return-value]  # a program of others may say anything

    assert Lookup(Broken()).rating(WHOM) is None
    assert Lookup(Odd()).rating(WHOM) is None
    assert "the line is down" in caplog.text


class Always:
    def rating(self, applicant: str) -> Rating:
        return Rating.GOOD


def test_an_installed_source_is_found_by_its_name(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    class Entry:
        @staticmethod
        def load() -> object:
            def make(directory: Path, options: object) -> object:
                assert (directory, options) == (tmp_path, {"city": "sz"})
                return Always()

            return make

    def installed(*, group: str, name: str) -> list[type[Entry]]:
        return [Entry] if (group, name) == ("hall.credit_sources", "city") else []

    monkeypatch.setattr(lookup, "entry_points", installed)
    assert open_lookup(tmp_path, "city", {"city": "sz"}).rating(WHOM) is Rating.GOOD
    assert open_lookup(tmp_path, "nowhere", {}).rating(WHOM) is None
    assert "there is no credit source 'nowhere'" in caplog.text
