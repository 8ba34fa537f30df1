"""`hall counter`, `hall reception` and `hall manager`."""

import asyncio
import contextlib
import os
import select
import signal
import sys
import threading
import traceback
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING, TypeVar

import click
from msgspec.structs import replace

from counter_client.settings import CounterSettings, ManagerSettings, ReceptionSettings
from hall_controller.bus.bundle import BundleError, load_bundle
from hall_controller.domain.sender import Role
from hall_controller.part import Trouble, load_part, part_argument

if TYPE_CHECKING:
    from counter_client.desk import Link
    from counter_client.terminal import TerminalApp, TerminalScreen
    from hall_controller.bus.bundle import Bundle
    from hall_controller.domain.hall import Hall

HUNG_UP = 128 + signal.SIGHUP
"""The exit code of a program that a hang-up has ended."""
LANGUAGE = click.option(
    "--language", type=click.Choice(["zh", "en"]), help="Which language stands first on the screen."
)


@click.command()
@part_argument
@click.option("--number", type=click.IntRange(1, 200), help="The counter; a counter's bundle knows its own.")
@click.option("--clerk", help="The clerk's id; asked for when the counter is opened, if not given.")
@LANGUAGE
def counter(path: Path, number: int | None, clerk: str | None, language: str | None) -> None:
    """The clerk's terminal at one counter."""
    if path.is_dir() and number is None:
        raise Trouble(f"{path} is a hall with many counters; say which one, e.g. --number 3")
    _check_role(path, Role.COUNTER)
    bundle, settings = load_part(path, f"counter-{number}", CounterSettings)
    at = bundle.counter if bundle.role is Role.COUNTER else number
    if at is None:
        raise Trouble(f"{path} does not say which counter it is for; give --number")
    if number not in (None, at):
        raise Trouble(
            f"{path} is the bundle of counter {at}, not {number}; leave --number out or take the other bundle"
        )
    if clerk is not None and not 1 <= len(clerk) <= 64:
        raise Trouble(f"--clerk has {len(clerk)} letters; give 1 to 64")

    def screen(link: "Link") -> "TerminalScreen":
        from counter_client.clerk.screen import ClerkScreen

        return ClerkScreen(link, at, clerk=clerk, settings=_in(settings, language))

    hall = _run(bundle, screen)
    here = hall.counters.get(at) if hall is not None else None
    if here is not None and here.clerk is not None:
        click.echo(f"Counter {at} is still open for clerk {here.clerk} ({here.state}); start again to go on.", err=True)


@click.command()
@part_argument
@LANGUAGE
def reception(path: Path, language: str | None) -> None:
    """The greeter's terminal at the door: issue, find, amend, return, reprint."""
    _check_role(path, Role.RECEPTION)
    bundle, settings = load_part(path, "reception", ReceptionSettings)

    def screen(link: "Link") -> "TerminalScreen":
        from counter_client.reception.screen import ReceptionScreen

        return ReceptionScreen(link, settings=_in(settings, language))

    _run(bundle, screen)


@click.command()
@part_argument
@LANGUAGE
def manager(path: Path, language: str | None) -> None:
    """The manager's console: the whole hall, what comes, and every act on one key."""
    _check_role(path, Role.MANAGER)
    bundle, settings = load_part(path, "manager", ManagerSettings)

    def screen(link: "Link") -> "TerminalScreen":
        from counter_client.manager.screen import ManagerScreen

        return ManagerScreen(link, settings=_in(settings, language))

    _run(bundle, screen)


def _check_role(path: Path, role: Role) -> None:
    """Before the settings are read: those of another kind of device would be complained of instead."""
    if path.is_dir():
        return
    with contextlib.suppress(BundleError):
        found = load_bundle(path).role
        if found not in (role, Role.MANAGER):
            raise Trouble(f"{path} is the bundle of a {found}; take that of a {role}")


Settings = TypeVar("Settings", CounterSettings, ManagerSettings, ReceptionSettings)


def _in(settings: Settings, language: str | None) -> Settings:
    return replace(settings, language=language) if language else settings


def _run(bundle: "Bundle", make_screen: "Callable[[Link], TerminalScreen]") -> "Hall | None":
    """Until Ctrl+Q, SIGTERM or a hang-up; returns the hall as last seen.

    Raises Trouble without a terminal, and for a crash: one sentence, never a traceback.
    """
    if not (sys.stdin.isatty() and sys.stdout.isatty()):
        raise Trouble("this needs a terminal to draw on; over ssh, use `ssh -t`")
    from counter_client.terminal import TerminalApp
    from hall_controller.bus.client import HallClient

    threading.Thread(target=_end_with_the_terminal, args=(sys.stdin.fileno(),), daemon=True).start()
    app = TerminalApp(lambda: HallClient(bundle), make_screen, quiet=True)
    asyncio.run(_until_left(app))
    if app.failure is not None:
        if os.environ.get("HALL_LOG", "").upper() == "DEBUG":
            traceback.print_exception(app.failure)
        what = f"{type(app.failure).__name__}: {app.failure}"
        raise Trouble(f"the terminal failed ({what}); counter and visitors stand as they were: start it again")
    return app.link.hall if app.link is not None else None


def _end_with_the_terminal(file: int) -> None:
    """Of a broken line: Textual would wait for its writer for ever, and meanwhile read as fast as it can.

    Nothing is lost by leaving at once: a terminal keeps nothing, and its commands are done once.
    """
    gone = select.poll()
    gone.register(file, 0)  # asked for nothing, it tells of a hang-up all the same
    gone.poll()
    os._exit(HUNG_UP)


async def _until_left(app: "TerminalApp") -> None:
    for number in (signal.SIGTERM, signal.SIGHUP):
        asyncio.get_running_loop().add_signal_handler(number, app.exit)
    await app.run_async()
