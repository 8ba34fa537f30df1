"""`hall counter`, `hall reception` and `hall manager` as a shell user meets them."""

import fcntl
import os
import pty
import signal
import struct
import subprocess
import termios
import time
from pathlib import Path

import pytest

from hall_controller.domain.counter import CounterState
from tests.support import BOUND_S, HALL, RunningHall, hall_command


class Tty:
    """A program on a terminal of 80 by 24."""

    def __init__(self, *words: str | Path, **environment: str) -> None:
        self.ours, theirs = pty.openpty()
        fcntl.ioctl(theirs, termios.TIOCSWINSZ, struct.pack("HHHH", 24, 80, 0, 0))
        self.process = subprocess.Popen(
            [*HALL, *map(str, words)],
            stdin=theirs,
            stdout=theirs,
            stderr=theirs,
            start_new_session=True,
            env={**os.environ, "TERM": "xterm-256color", "LANG": "C.UTF-8", **environment},
        )
        os.close(theirs)
        os.set_blocking(self.ours, False)
        self.output = ""

    def until(self, text: str) -> None:
        deadline = time.monotonic() + BOUND_S
        raw = self.output.encode()
        while text not in self.output:
            assert time.monotonic() < deadline, f"{text!r} did not come: {self.output[-2000:]!r}"
            try:
                raw += os.read(self.ours, 65_536)
            except BlockingIOError:
                time.sleep(0.02)
            self.output = raw.decode(errors="replace")

    def press(self, keys: str) -> None:
        os.write(self.ours, keys.encode())

    def close(self) -> int:
        self.process.send_signal(signal.SIGTERM)
        code = self.process.wait(BOUND_S)
        os.close(self.ours)
        return code


def test_a_counter_on_a_real_terminal_opens_by_key_and_stops_by_sigterm(hall: RunningHall) -> None:
    tty = Tty("counter", hall.dir / "devices" / "counter-3.toml", "--clerk", "007")
    tty.until("CLOSED")
    tty.press("o")
    tty.until("READY")
    assert tty.close() == 0
    assert hall.state().counters[3].state is CounterState.READY, "leaving the terminal closes nothing"


@pytest.mark.parametrize("words", [("counter", "--number", "3"), ("reception",), ("manager",)])
def test_it_ends_with_its_terminal(hall: RunningHall, words: tuple[str, ...]) -> None:
    """A broken ssh line must not leave a process behind that uses a whole processor."""
    tty = Tty(words[0], hall.dir, *words[1:], "--language", "en")
    tty.until("onnected")
    os.close(tty.ours)
    assert tty.process.wait(BOUND_S) == 128 + signal.SIGHUP


@pytest.mark.parametrize(
    ("words", "shown"), [(("counter", "--number", "3"), "CLOSED"), (("manager", "--language", "en"), "Counters")]
)
def test_no_color_is_honoured(hall: RunningHall, words: tuple[str, ...], shown: str) -> None:
    tty = Tty(words[0], hall.dir, *words[1:], NO_COLOR="1")
    tty.until(shown)
    assert tty.close() == 0
    assert "\x1b[38;" not in tty.output
    assert "\x1b[48;" not in tty.output


def test_the_console_on_a_real_terminal_opens_a_counter_by_keys_and_stops_by_sigterm(hall: RunningHall) -> None:
    tty = Tty("manager", hall.dir / "devices" / "manager.toml", "--language", "en")
    tty.until("Connected.")
    tty.press("o")
    tty.until("for which clerk")
    tty.press("chen\r")
    tty.until("is open for clerk chen")
    assert tty.close() == 0
    assert hall.state().counters[1].clerk == "chen"


def test_a_hall_that_is_not_there_is_waited_for(hall: RunningHall) -> None:
    hall.kill()
    tty = Tty("reception", hall.dir)
    tty.until("connecting")
    hall.start()
    tty.until("Connected.")
    assert tty.close() == 0


@pytest.mark.parametrize(
    ("words", "sentence"),
    [
        (("counter", "{dir}"), "say which one, e.g. --number 3"),
        (("counter", "{dir}", "--number", "3"), "this needs a terminal to draw on"),
        (("counter", "{dir}", "--number", "150"), "counter-150.toml: no such bundle"),
        (("counter", "{dir}/devices/counter-3.toml", "--number", "4"), "is the bundle of counter 3, not 4"),
        (("counter", "{dir}/devices/kiosk.toml"), "is the bundle of a kiosk; take that of a counter"),
        (("reception", "{dir}/devices/counter-3.toml"), "is the bundle of a counter; take that of a reception"),
        (("counter", "{dir}/hall.toml"), "not a device bundle"),
        (("counter", "{dir}/devices/manager.toml"), "give --number"),
        (("manager", "{dir}"), "this needs a terminal to draw on"),
        (("manager", "{dir}/devices/reception.toml"), "is the bundle of a reception; take that of a manager"),
    ],
)
def test_bad_input_gets_one_sentence(hall: RunningHall, words: tuple[str, ...], sentence: str) -> None:
    done = hall_command(*(word.format(dir=hall.dir) for word in words))
    assert done.returncode == 2
    assert sentence in done.stderr
    assert "Traceback" not in done.stderr
    assert len(done.stderr.strip().splitlines()) == 1
