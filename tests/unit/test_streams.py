import errno
import io
import logging
import sys

import pytest
from hypothesis import given
from hypothesis import strategies as st

from hall_controller.part import Trouble, _OneLine
from hall_controller.streams import READER_GONE, PlainStream, plain_streams
from tests.hostile import HOSTILE, unreadable

TEXTS = st.text(st.characters(codec=None, categories=None), max_size=30) | st.text(st.sampled_from(HOSTILE))


def written(text: str, encoding: str = "utf-8") -> str:
    raw = io.BytesIO()
    stream = PlainStream(io.TextIOWrapper(raw, encoding), is_output=True)
    stream.write(text)
    stream.flush()
    return raw.getvalue().decode(encoding)


@given(TEXTS)
def test_no_control_character_leaves_whatever_is_written(text: str) -> None:
    assert not unreadable(written(text).replace("\r\n", "\n"))
    assert written(text).count("\n") == text.count("\n")


@given(TEXTS, st.sampled_from(["latin-1", "gb18030", "utf-8"]))
def test_what_a_terminal_cannot_show_is_escaped_and_nothing_fails(text: str, encoding: str) -> None:
    assert not unreadable(written(text, encoding).replace("\r\n", "\n"))


def test_ordinary_text_leaves_as_it_is() -> None:
    assert written("号 number\tA001\r\n".replace("\t", " ")) == "号 number A001\r\n"
    assert written("大厅", "latin-1") == "\\u5927\\u5385"


def say(stream: PlainStream) -> None:
    stream.write("a")
    stream.flush()


class Full(io.BytesIO):
    def __init__(self, error: int) -> None:
        super().__init__()
        self.error = error

    def write(self, _: object) -> int:
        raise OSError(self.error, "no more")


def test_a_reader_that_has_seen_enough_ends_the_command_quietly_as_a_signal_would() -> None:
    stream = PlainStream(io.TextIOWrapper(Full(errno.EPIPE)), is_output=True)
    with pytest.raises(SystemExit) as left:
        say(stream)
    assert left.value.code == READER_GONE
    stream.detach()


def test_a_full_disk_behind_the_output_is_one_sentence() -> None:
    stream = PlainStream(io.TextIOWrapper(Full(errno.ENOSPC)), is_output=True)
    with pytest.raises(Trouble, match="standard output cannot be written: no more"):
        say(stream)
    stream.detach()


def test_a_log_that_nobody_reads_stops_nothing() -> None:
    stream = PlainStream(io.TextIOWrapper(Full(errno.EPIPE)), is_output=False)
    say(stream)
    stream.detach()


def test_streams_that_were_closed_by_whoever_started_us_are_no_trouble(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sys, "stdout", None)
    with plain_streams():
        print("into nothing")
    assert sys.stdout is None


def test_a_record_is_one_line_also_with_a_traceback() -> None:
    try:
        int(HOSTILE)
    except ValueError:
        record = logging.LogRecord("x", logging.ERROR, "x", 1, "said %s", (HOSTILE,), sys.exc_info())
    line = _OneLine("part: %(levelname)s %(message)s").format(record)
    assert line.isprintable()
    assert line.startswith("part: ERROR said ")
    assert "Traceback" in line
