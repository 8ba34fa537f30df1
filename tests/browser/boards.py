"""A real `hall board` beside a real controller, and what can be read from its pages."""

import contextlib
import subprocess
import tomllib
from collections.abc import Iterator
from typing import Any

from selenium.webdriver.remote.webdriver import WebDriver

from tests.support import RunningHall, start_part, started


class Board:
    """A board process that can be killed and started again at the same address."""

    def __init__(self, hall: RunningHall) -> None:
        self._hall = hall
        settings = tomllib.loads((hall.dir / "hall.toml").read_text("utf-8"))["device"]["board"]
        self.address = f"http://127.0.0.1:{settings['port']}"
        self.process: subprocess.Popen[str] = self.start()

    def start(self) -> subprocess.Popen[str]:
        self.process = start_part(self._hall.dir, "board")
        return self.process

    def kill(self) -> None:
        self.process.kill()
        self.process.wait()


@contextlib.contextmanager
def board_of(hall: RunningHall, **settings: Any) -> Iterator[Board]:
    """Settings are added to `[device.board]`."""
    if settings:
        file = hall.dir / "hall.toml"
        lines = "".join(f"{key} = {value}\n" for key, value in settings.items())
        file.write_text(file.read_text("utf-8").replace("[device.board]\n", f"[device.board]\n{lines}"), "utf-8")
    board = Board(hall)
    try:
        yield board
    finally:
        with started(board.process):
            pass


def calls(page: WebDriver, where: str = ".panel .call") -> list[tuple[str, int]]:
    """(number, counter) of what stands in the large panel, or in the list with `where=".recent li"`."""
    script = f"return [...document.querySelectorAll('{where}')].map(e => [e.dataset.number, Number(e.dataset.counter)])"
    return [(number, counter) for number, counter in page.execute_script(script)]
