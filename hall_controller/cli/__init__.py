"""The `hall` command. Each subcommand is imported only when it is used, so that none waits for another's libraries."""

import importlib
import os
import sys
import traceback
from importlib.metadata import entry_points
from pathlib import Path
from typing import Any

import click

from hall_controller import __version__
from hall_controller.domain.plain_text import escaped
from hall_controller.part import Trouble
from hall_controller.streams import plain_streams

_OURS = {
    "init": "hall_controller.cli.making:init",
    "enroll": "hall_controller.cli.making:enroll",
    "revoke": "hall_controller.cli.making:revoke",
    "run": "hall_controller.cli.running:run",
    "controller": "hall_controller.cli.running:controller",
    "do": "hall_controller.cli.doing:do",
    "watch": "hall_controller.cli.watching:watch",
    "show": "hall_controller.cli.watching:show",
    "acceptances": "hall_controller.cli.acceptances:acceptances",
    "matters": "hall_controller.cli.reading:matters",
    "report": "hall_controller.cli.reporting:report",
    "hours": "hall_controller.cli.hours:hours",
    "advise": "hall_controller.cli.advising:advise_command",
    "check": "hall_controller.cli.keeping:check",
    "backup": "hall_controller.cli.keeping:backup",
    "restore": "hall_controller.cli.keeping:restore",
    "rehearse": "hall_controller.cli.rehearsing:rehearse",
}


class _Group(click.Group):
    def main(self, *args: Any, **extra: Any) -> Any:
        with plain_streams():
            return super().main(*args, **extra)

    def parse_args(self, ctx: click.Context, args: list[str]) -> list[str]:
        for number, word in enumerate(args, 1):
            if any("\ud800" <= letter <= "\udfff" for letter in word):
                typed = os.fsencode(word).decode("utf-8", "backslashreplace")
                mend = "type it in a terminal that speaks UTF-8, or rename the file"
                raise Trouble(f"argument {number} is not UTF-8: {escaped(typed)}; {mend}")
        return super().parse_args(ctx, args)

    def list_commands(self, ctx: click.Context) -> list[str]:
        del ctx
        return sorted({*_OURS, *(point.name for point in entry_points(group="hall.commands"))})

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        del ctx
        target = _OURS.get(cmd_name)
        if target is None:
            points = entry_points(group="hall.commands", name=cmd_name)
            target = next(iter(points)).value if points else None
        if target is None:
            return None
        module, _, name = target.partition(":")
        try:
            command = getattr(importlib.import_module(module), name)
        except ModuleNotFoundError as error:
            return _not_installed(cmd_name, error)
        assert isinstance(command, click.Command)
        return command

    def invoke(self, ctx: click.Context) -> Any:
        """No traceback reaches a shell user, unless asked for."""
        try:
            return super().invoke(ctx)
        except (click.ClickException, click.exceptions.Exit, click.Abort):
            raise
        except ModuleNotFoundError as error:
            raise _missing(ctx.invoked_subcommand, error) from None
        except Exception as error:
            if (sentence := _database_trouble(error)) is not None:
                raise Trouble(sentence) from None
            if os.environ.get("HALL_DEBUG"):
                raise
            where = traceback.extract_tb(error.__traceback__)[-1]
            what = f"{type(error).__name__}: {error} ({Path(where.filename).name}:{where.lineno})"
            raise click.ClickException(f"unexpected {what}; set HALL_DEBUG=1 to see more") from None


def _database_trouble(error: Exception) -> str | None:
    """A journal of which a page is damaged may be found so by whatever reads that page."""
    if "sqlite3" not in sys.modules or "peewee" not in sys.modules:
        return None
    import sqlite3

    from hall_controller.journal.orm import PeeweeException, cause_of, mend_of

    if not isinstance(error, (sqlite3.Error, PeeweeException)):
        return None
    return f"hall.db cannot be read: {cause_of(error)}; {mend_of(error)}"


def _missing(name: str | None, error: ModuleNotFoundError) -> click.ClickException:
    return Trouble(f"`hall {name}` needs the Python package {error.name!r}; install hall-appliance[all]")


def _not_installed(name: str, error: ModuleNotFoundError) -> click.Command:
    """Stands in the list in place of a command whose libraries this box has not: the others must be shown."""

    def refuse(words: tuple[str, ...]) -> None:
        del words
        raise _missing(name, error)

    return click.Command(
        name,
        callback=refuse,
        params=[click.Argument(["words"], nargs=-1, type=click.UNPROCESSED)],
        context_settings={"ignore_unknown_options": True},
        add_help_option=False,
        help=f"Not installed here: needs {error.name}.",
    )


@click.command(cls=_Group, context_settings={"help_option_names": ["-h", "--help"]})
@click.version_option(__version__, prog_name="hall")
def main() -> None:
    """A public-service hall: tickets, counters, voice, board, and an exact account of every visit."""
