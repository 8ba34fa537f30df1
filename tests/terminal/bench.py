"""A terminal under test: real keys, a screen that can be read, waiting with a bound."""

import contextlib
import time
from collections.abc import AsyncIterator, Callable

from textual import events
from textual.pilot import Pilot
from textual.widgets import Static

from counter_client.clerk.guard import Guard
from counter_client.clerk.screen import ClerkScreen
from counter_client.desk import Link
from counter_client.manager.screen import ManagerScreen
from counter_client.reception.screen import ReceptionScreen
from counter_client.terminal import Steady, TerminalApp, TerminalScreen
from counter_client.widgets.pane import Pane
from hall_controller.bus.client import HallClient
from hall_controller.domain.counter import Counter
from hall_controller.domain.hall import Hall
from hall_controller.domain.ticket import Ticket
from tests.support import BOUND_S, RunningHall


class Bench:
    def __init__(self, pilot: Pilot[None], screen: TerminalScreen) -> None:
        self.pilot, self.screen = pilot, screen

    async def press(self, *keys: str) -> None:
        await self.pilot.press(*keys)

    async def type(self, text: str) -> None:
        await self.pilot.press(*text)

    async def burst(self, *keys: str) -> None:
        """All of them at once, as a slow line or a scanner brings them: none waits for what the one before has done."""
        driver = self.pilot.app._driver
        assert driver is not None
        for key in keys:
            character = {"space": " ", "slash": "/"}.get(key, key if len(key) == 1 else None)
            driver.send_message(events.Key(key, character))
        await self.pilot.pause()

    async def until(self, condition: Callable[[], object], what: str) -> None:
        deadline = time.monotonic() + BOUND_S
        while not condition():
            assert time.monotonic() < deadline, f"{what} did not come; the screen says:\n{self.text()}"
            await self.pilot.pause(0.02)

    async def until_told(self, text: str) -> None:
        await self.until(lambda: text in self.told, f"“{text}”")

    async def until_dialog(self) -> None:
        await self.until(lambda: self.pilot.app.screen is not self.screen, "a dialog")
        await self.pilot.pause()

    async def until_dialog_with(self, *texts: str) -> None:
        def shows() -> bool:
            now = self.pilot.app.screen
            said = "\n".join(str(one.content) for one in (*now.query(Static), *now.query(Pane)))
            said += "".join(f"\n{box.border_title}" for box in now.query(".box"))
            return now is not self.screen and all(text in said for text in texts)

        await self.until(shows, f"a dialog with {texts}")

    async def until_main(self) -> None:
        await self.until(lambda: self.pilot.app.screen is self.screen, "the main screen")

    @property
    def told(self) -> str:
        return f"{self.screen.told.words.zh} {self.screen.told.words.en}"

    def above(self, pane: str) -> str:
        """What stands in the upper border."""
        return str(self.screen.query_one(f"#{pane}", Pane).border_title or "")

    def below(self, pane: str) -> str:
        return str(self.screen.query_one(f"#{pane}", Pane).border_subtitle or "")

    def shown(self, pane: str) -> str:
        return str(self.screen.query_one(f"#{pane}", Pane).content)

    def text(self) -> str:
        return "\n".join(f"[{pane.id}]\n{pane.content}" for pane in self.screen.query(Pane))

    @property
    def hall(self) -> Hall:
        assert self.screen.link.hall is not None
        return self.screen.link.hall

    def counter(self, number: int = 3) -> Counter:
        return self.hall.counters.get(number) or Counter(counter=number)

    def ticket(self, number: str) -> Ticket | None:
        return next((ticket for ticket in self.hall.tickets.values() if ticket.number == number), None)


def client(hall: RunningHall, device: str) -> Callable[[], Link]:
    """Less patient than a real one, for short tests of a dead controller; yet patient with a busy machine."""
    return lambda: HallClient(hall.bundle(device), timeout_s=0.5, give_up_s=4.0)


@contextlib.asynccontextmanager
async def bench(
    make_link: Callable[[], Link],
    make_screen: Callable[[Link], TerminalScreen],
    size: tuple[int, int] = (80, 24),
) -> AsyncIterator[Bench]:
    app = TerminalApp(make_link, make_screen)
    async with app.run_test(size=size) as pilot:
        await pilot.pause()
        screen = app.screen
        assert isinstance(screen, TerminalScreen)
        made = Bench(pilot, screen)
        await made.until(lambda: screen.link.connected and screen.matters, "the hall")
        yield made


def patient_fingers() -> Guard:
    """For tests of what keys do; the guard has tests of its own."""
    return Guard(repeat_s=0, settle_s=0, scan_s=0)


@contextlib.asynccontextmanager
async def clerk_at(
    hall: RunningHall,
    number: int = 3,
    *,
    clerk: str | None = "007",
    guard: Guard | None = None,
    steady: Steady = time.monotonic,
) -> AsyncIterator[Bench]:
    def screen(link: Link) -> ClerkScreen:
        return ClerkScreen(link, number, clerk=clerk, guard=guard or patient_fingers(), steady=steady)

    async with bench(client(hall, f"counter-{number}"), screen) as made:
        yield made


@contextlib.asynccontextmanager
async def greeter(hall: RunningHall) -> AsyncIterator[Bench]:
    async with bench(client(hall, "reception"), lambda link: ReceptionScreen(link, guard=patient_fingers())) as made:
        yield made


@contextlib.asynccontextmanager
async def manager_at(hall: RunningHall, size: tuple[int, int] = (80, 24)) -> AsyncIterator[Bench]:
    async with bench(client(hall, "manager"), lambda link: ManagerScreen(link, guard=patient_fingers()), size) as made:
        yield made
