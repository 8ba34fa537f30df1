"""Standard output and errors of the `hall` command: only text that can be read leaves, and a closed pipe is no trouble.

Names, notices and comments come from people and from old journals. Whatever prints them, no control character of theirs
reaches the terminal: this is the one place that every command writes through.
"""

import contextlib
import errno
import io
import os
import stat
import sys
from collections.abc import Iterator
from typing import Any, TextIO

import click

from hall_controller.domain.plain_text import escaped
from hall_controller.part import Trouble

READER_GONE = 141
"""What a shell shows of a program that SIGPIPE has ended."""


def readable(text: str) -> str:
    """Escaped line by line: line ends stay."""
    if text.isascii() and text.isprintable():
        return text
    return "\n".join(
        escaped(line[:-1]) + "\r" if line.endswith("\r") and number else escaped(line)
        for number, line in zip(range(text.count("\n"), -1, -1), text.split("\n"), strict=True)
    )


class PlainStream(io.TextIOWrapper):
    """Escapes what is written; what its encoding has not is escaped too."""

    def __init__(self, inner: TextIO, *, is_output: bool) -> None:
        encoding = inner.encoding or "utf-8"
        if encoding.lower().replace("-", "") in ("ascii", "usascii", "ansi_x3.41968", "646"):
            encoding = "utf-8"  # as click does: such a locale says nothing of the terminal
        inner.flush()
        super().__init__(inner.buffer, encoding, "backslashreplace", line_buffering=bool(inner.line_buffering))
        self.inner = inner
        """Takes escape sequences of our own: a progress bar."""
        self._is_output = is_output

    def write(self, text: str, /) -> int:
        return self.write_styled(readable(text))

    def write_styled(self, text: str) -> int:
        """Text of which every control character is ours."""
        try:
            return super().write(text)
        except OSError as error:
            self._lost(error)
            return len(text)

    def flush(self) -> None:
        try:
            super().flush()
        except OSError as error:
            self._lost(error)

    def _lost(self, error: OSError) -> None:
        """Whoever read has seen enough, or the disk is full. A part whose log is gone goes on serving.

        What is still held goes nowhere, lest it be tried again at the end.
        """
        with contextlib.suppress(OSError, ValueError):
            nowhere = os.open(os.devnull, os.O_WRONLY)
            os.dup2(nowhere, self.fileno())
            os.close(nowhere)
        if not self._is_output:
            return
        if error.errno == errno.EPIPE:
            raise SystemExit(READER_GONE)
        raise Trouble(f"standard output cannot be written: {error.strerror}; write it elsewhere")


@contextlib.contextmanager
def plain_streams() -> Iterator[None]:
    """Standard output and errors are plain meanwhile."""
    before = sys.stdout, sys.stderr
    wrapped: list[PlainStream] = []

    def wrap(stream: Any, *, is_output: bool) -> Any:
        if stream is None:  # closed by whoever started us
            return nowhere.enter_context(open(os.devnull, "w", encoding="utf-8"))  # noqa: PTH123
        if isinstance(stream, PlainStream) or not isinstance(stream, io.TextIOWrapper):
            return stream
        wrapped.append(PlainStream(stream, is_output=is_output))
        return wrapped[-1]

    with contextlib.ExitStack() as nowhere:
        sys.stdout, sys.stderr = wrap(sys.stdout, is_output=True), wrap(sys.stderr, is_output=False)
        try:
            yield
        finally:
            sys.stdout, sys.stderr = before
            for stream in wrapped:
                stream.flush()
                stream.detach()


def own_stderr() -> TextIO:
    """For what draws with escape sequences of its own and shows nothing that was read."""
    return sys.stderr.inner if isinstance(sys.stderr, PlainStream) else sys.stderr


def echo_table(text: str) -> None:
    """Print a CSV: into a file with a mark of its encoding, as spreadsheets need it; into a pipe without."""
    if isinstance(sys.stdout, PlainStream) and _is_file(sys.stdout):
        sys.stdout.write_styled("\ufeff")
    click.echo(text, nl=False)


def _is_file(stream: TextIO) -> bool:
    """Which nothing was written to yet."""
    try:
        there = os.fstat(stream.fileno())
    except (OSError, ValueError):
        return False
    return stat.S_ISREG(there.st_mode) and there.st_size == 0


def echo_styled(text: str) -> None:
    """Print text that was escaped before it was styled."""
    if isinstance(sys.stdout, PlainStream):
        sys.stdout.write_styled(text + "\n")
    else:
        click.echo(text)
