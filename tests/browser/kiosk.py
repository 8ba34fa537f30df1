"""A hall with a kiosk, and a visitor's finger on it."""

import contextlib
import re
from collections.abc import Iterator
from contextlib import ExitStack
from pathlib import Path
from typing import Any, Self

from selenium.webdriver.common.by import By
from selenium.webdriver.remote.webdriver import WebDriver

from hall_controller.domain.ticket import Ticket
from tests.browser.browser import see, text_of
from tests.support import (
    RunningHall,
    free_port_row,
    hall_command,
    make_hall_at,
    start_controller,
    start_part,
    started,
    wait_for,
)

MORNING = "2026-11-25 10:00"
"""A Wednesday in the hall's hours."""


class KioskHall:
    """A controller, and kiosks at the door: `kiosk` with a printer, `kiosk-2` without.

    A rehearsal hall, whose clock begins at a moment of the test's own: a kiosk shows something else by night.
    """

    def __init__(self, where: Path, stack: ExitStack, at: str = MORNING, tier: str = "street", **settings: Any) -> None:
        self.dir = make_hall_at(where, at, counters=8, tier=tier)
        for key, value in settings.items():
            self.set_line(key, value)
        enrolled = hall_command("enroll", self.dir, "kiosk-2", "--role", "kiosk")
        assert enrolled.returncode == 0, enrolled.stderr
        self.hall: RunningHall = stack.enter_context(start_controller(self.dir))
        self.clock(at)

    def set_line(self, key: str, value: Any) -> None:
        """Replace a line of hall.toml."""
        file = self.dir / "hall.toml"
        text, count = re.subn(rf"(?m)^{key} = [^#\n]*", f"{key} = {value} ", file.read_text("utf-8"))
        assert count, f"hall.toml has no line {key}"
        file.write_text(text, "utf-8")

    def clock(self, at: str = MORNING) -> None:
        """It is this moment in the hall, or later already, and time goes on."""
        self.hall.set_clock(at, rate=1.0)

    def start_again(self) -> None:
        """The controller after a kill: the clock of a rehearsal stands still until somebody drives it."""
        self.hall.start()
        self.clock()

    def print_at(self, address: str) -> None:
        """The printer stands at this network address."""
        file = self.dir / "hall.toml"
        table = f'[device.printer]\ntransport = "network"\naddress = "{address}"\npoll_s = 0.2\n\n'
        text, count = re.subn(r"(?ms)^\[device\.printer\]$.*?(?=^\[)", table, file.read_text("utf-8"))
        assert count == 1
        file.write_text(text, "utf-8")

    @contextlib.contextmanager
    def kiosk(self, device: str, *, printer: bool = False, **settings: Any) -> Iterator["Kiosk"]:
        """A kiosk with these settings; long times unless a test is about them."""
        port = free_port_row()
        bundle = self.dir.parent / f"{device}.toml"
        table = {
            "port": port, "phone_url": "http://127.0.0.1:8082/t/",
            "idle_s": 300, "ticket_s": 300, "print_wait_s": 20, **settings,
        }  # fmt: skip
        lines = "".join(f"{key} = {_toml(value)}\n" for key, value in table.items())
        enrolled = (self.dir / "devices" / f"{device}.toml").read_text("utf-8").split("[settings]")[0]
        bundle.write_text(enrolled + "[settings]\n" + lines, "utf-8")
        with ExitStack() as stack:
            kiosk = Kiosk(bundle, f"http://127.0.0.1:{port}/")
            stack.enter_context(kiosk)
            if printer:
                stack.enter_context(started(start_part(self.dir, "printer")))
            yield kiosk

    def sample(self) -> None:
        """The sample district's 1,038 matters, with themes and other ways than a counter."""
        imported = hall_command("matters", self.dir, "--import", "sample")
        assert imported.returncode == 0, imported.stderr

    def ticket(self, number: str) -> Ticket:
        return next(ticket for ticket in self.hall.state().tickets.values() if ticket.number == number)


def _toml(value: Any) -> str:
    return str(value).lower() if isinstance(value, bool) else repr(value).replace("'", '"')


class Kiosk:
    """A kiosk process."""

    def __init__(self, bundle: Path, address: str) -> None:
        self.bundle = bundle
        self.address = address
        self.log_file = bundle.with_suffix(".log")
        self.process = start_part(bundle, "kiosk", log=self.log_file)

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *error: object) -> None:
        with started(self.process):
            pass

    def kill_and_start_again(self) -> None:
        self.process.kill()
        self.process.wait()
        self.process = start_part(self.bundle, "kiosk", log=self.log_file)

    def log(self) -> str:
        return self.log_file.read_text("utf-8")


SCREEN = """
const root = document.documentElement, tiles = document.querySelector('.tiles');
const large = root.classList.contains('large'), upright = innerHeight >= innerWidth;
const columns = upright ? (large ? 1 : 2) : (large ? 2 : 3);
const usual = ['groups', 'matters', 'days'].includes(root.dataset.screen);
if (usual && tiles && +tiles.style.getPropertyValue('--columns') !== columns) return 'not yet drawn for this size';
return root.dataset.screen || '';
"""


FIELD = "return document.querySelector('input.field').value"


class Finger:
    """A visitor at the touch screen."""

    def __init__(self, driver: WebDriver, address: str) -> None:
        self.driver = driver
        self.address = address

    def open(self) -> None:
        """As a browser that has never been here: each test begins with a journey of its own."""
        self.driver.get(self.address)
        self.driver.delete_all_cookies()
        self.driver.get(self.address)

    def screen(self) -> str:
        return str(self.driver.execute_script(SCREEN))

    def at(self, *names: str, bound_s: float = 20.0) -> None:
        see(self.driver, lambda: self.screen() in names, f"screen {names}, seen {self.screen()}", bound_s)

    def touch(self, css: str) -> None:
        """Touch what is there, as slowly as people do: not within a double touch of the touch before."""
        wait_for(lambda: not self.driver.execute_script("return document.documentElement.dataset.resting"), "rest")

        def touched() -> bool:
            self.driver.find_element(By.CSS_SELECTOR, css).click()
            return True

        see(self.driver, touched, css)

    def read(self, css: str) -> str:
        return see(self.driver, lambda: self.driver.find_element(By.CSS_SELECTOR, css).text, css)

    def go_to_confirm(self, group: str = "person", matter: str = "id-card-renew") -> None:
        self.at("groups")
        self.touch(f".tile[data-key={group}]")
        self.at("matters")
        self.touch(f".tile[data-key={matter}]")
        self.at("confirm")

    def type_code(self, code: str) -> None:
        """As fast as a finger goes: the keypad takes the same key twice."""
        for key in code:
            self.touch(f".key[data-key='{key}']")

    def type_on(self, text: str, already: str = "") -> None:
        """On the touch keyboard, key by key."""
        for key in text.lower():
            self.touch(f"[data-types='{'space' if key == ' ' else key}']")
        see(self.driver, lambda: self.driver.execute_script(FIELD) == already + text.lower(), text)

    def search(self, text: str) -> None:
        """From the start page: type it on the touch keyboard."""
        self.at("groups")
        self.touch(".search-bar")
        self.at("search")
        self.type_on(text)

    def found(self) -> list[str]:
        """The names of the tiles below the field, the best first."""
        names = self.driver.execute_script(
            "return [...document.querySelectorAll('.found .tile')].map(t => t.firstElementChild.innerText)"
        )
        return [str(name) for name in names]

    def choose(self, code: str) -> None:
        """A tile that the search has found."""
        self.touch(f".found .tile[data-key='{code}']")

    def see(self, words: str) -> None:
        see(self.driver, lambda: words in text_of(self.driver), words)

    def take(self) -> str:
        """The number of a ticket taken from the start, by the shortest way."""
        self.go_to_confirm()
        self.touch(".take")
        self.at("ticket")
        return self.read(".number")
