"""What every process of a hall shares: arguments, settings, one-line logs, a clean end, and saying it is ready."""

import logging
import os
import signal
import socket
import sys
import tomllib
from collections.abc import Callable
from pathlib import Path
from typing import Any, TextIO, TypeVar

import click
import msgspec

from hall_controller.bus.bundle import Bundle, BundleError, load_bundle
from hall_controller.domain.plain_text import NotPlain, escaped
from hall_controller.domain.text_files import NotText, checked_settings, decoded, why_unread

Settings = TypeVar("Settings", bound=msgspec.Struct)

EXIT_REFUSED = 3
EXIT_NO_CONTROLLER = 4


class Trouble(click.ClickException):
    """Anything a shell user must mend: one sentence on stderr, exit code 2."""

    exit_code = 2

    def show(self, file: Any = None) -> None:
        click.echo(f"hall: {self.message}", file=file or sys.stderr)


def load_part(path: Path, name: str, kind: type[Settings]) -> tuple[Bundle, Settings]:
    """The bundle of device `name` and its settings.

    From a hall's directory: `devices/NAME.toml` and the table `[device.NAME]` of hall.toml.
    From a bundle file (then `name` is not used): what was written into it. Raises Trouble.
    """
    try:
        bundle = load_bundle(path, name)
    except BundleError as error:
        raise Trouble(str(error)) from None
    table: dict[str, Any] = bundle.settings
    where = f"{path}: [settings]"
    if path.is_dir():
        where = f"{path / 'hall.toml'}: [device.{name}]"
        try:
            values = tomllib.loads(decoded((path / "hall.toml").read_bytes()))
            table = checked_settings(values).get("device", {}).get(name, {})
        except (OSError, NotText) as error:
            raise Trouble(f"{path / 'hall.toml'}: cannot be read: {why_unread(error)}") from None
        except (NotPlain, tomllib.TOMLDecodeError) as error:
            raise Trouble(f"{path / 'hall.toml'}: {error}; `hall check` names the line") from None
    try:
        return bundle, msgspec.convert(table, kind)
    except msgspec.ValidationError as error:
        raise Trouble(f"{where}: {error}") from None


def part_argument(function: Callable[..., Any]) -> Callable[..., Any]:
    """The first argument of every client command: a hall's directory or a bundle file."""
    kind = click.Path(exists=True, path_type=Path)
    return click.argument("path", metavar="DIR|BUNDLE", type=kind)(function)


class _OneLine(logging.Formatter):
    """A record is a line, also with a traceback: what was read from outside cannot write a line of its own."""

    def format(self, record: logging.LogRecord) -> str:
        return escaped(" | ".join(super().format(record).splitlines()))


class _ToStderr(logging.StreamHandler[TextIO]):
    """To whatever standard error is when something is logged: a command wraps it while it runs."""

    def __init__(self) -> None:
        logging.Handler.__init__(self)

    @property
    def stream(self) -> TextIO:  # type: ignore[override]
        return sys.stderr


def log_to_stderr(part: str) -> None:
    """One line each; the time is left to systemd's journal or to whoever looks."""
    handler = _ToStderr()
    handler.setFormatter(_OneLine(f"{part}: %(levelname)s %(message)s"))
    logging.basicConfig(handlers=[handler], level=os.environ.get("HALL_LOG", "INFO").upper())


def say_ready(address: str | None = None) -> None:
    """Tell systemd or `hall run` that this part is up, and where its page is. Does nothing when nobody listens."""
    target = os.environ.get("NOTIFY_SOCKET")
    if not target:
        return
    message = "READY=1" + (f"\nX_ADDRESS={address}" if address else "")
    with socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM) as notify:
        notify.sendto(message.encode(), target.replace("@", "\0", 1) if target.startswith("@") else target)


async def until_told_to_stop() -> None:
    """Return on SIGTERM or SIGINT."""
    import asyncio  # the controller does without: it must start fast and stay small

    stop = asyncio.Event()
    for number in (signal.SIGTERM, signal.SIGINT):
        asyncio.get_running_loop().add_signal_handler(number, stop.set)
    await stop.wait()


def listen(host: str, port: int, who: str, mend: str) -> socket.socket:
    """A listening socket; a port of 0 takes a free one. Raises Trouble."""
    listener = socket.socket(socket.AF_INET6 if ":" in host else socket.AF_INET, socket.SOCK_STREAM)
    listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    try:
        listener.bind((host, port))
        listener.listen(256)
    except (OSError, OverflowError) as error:
        listener.close()
        reason = (error.strerror if isinstance(error, OSError) else None) or error
        raise Trouble(f"{who} cannot serve at {host}:{port}: {reason}; {mend}") from None
    return listener


def address_of(listener: socket.socket) -> str:
    host, port = listener.getsockname()[:2]
    return f"http://[{host}]:{port}" if ":" in host else f"http://{host}:{port}"
