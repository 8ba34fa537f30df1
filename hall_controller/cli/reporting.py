"""hall report: the account of a day or a month, whether the hall runs or not."""

import contextlib
import datetime as dt
import sqlite3
import sys
from collections.abc import Callable, Iterable, Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click
import msgspec

from hall_controller.checking import today_in
from hall_controller.config import ConfigTrouble, load_catalogue, load_config
from hall_controller.domain.days import WORDS, named_day
from hall_controller.domain.events import Origin
from hall_controller.domain.matters import Catalogue
from hall_controller.domain.plain_text import escaped, visible
from hall_controller.journal.catalogues import catalogue_of
from hall_controller.journal.epoch import first_origin
from hall_controller.journal.journal import Journal, JournalTrouble
from hall_controller.journal.orm import DatabaseError
from hall_controller.part import Trouble
from hall_controller.streams import echo_table, own_stderr

if TYPE_CHECKING:
    from hall_controller.report.source import Source

HALL_DIR = click.Path(exists=True, file_okay=False, path_type=Path)
FILE = click.Path(dir_okay=False, path_type=Path)
Render = Callable[[dict[str, Any], Catalogue | None], bytes]
RenderPage = Callable[[dict[str, Any], Catalogue | None, dict[str, Any] | None], bytes]
PICTURES = (".svg", ".png")
LONG = 30_000
"""Events that take long enough to be worth a progress bar."""


@click.command()
@click.argument("directory", metavar="DIR", type=HALL_DIR)
@click.option("--day", metavar="DAY", help="One service day: today (the default), yesterday, or YYYY-MM-DD.")
@click.option("--month", metavar="YYYY-MM", help="One month.")
@click.option("--json", "as_json", is_flag=True, help="Print all figures as JSON.")
@click.option("--csv", "as_csv", is_flag=True, help="Print one table as CSV, a row for each thing and band.")
@click.option("--xlsx", metavar="FILE.xlsx", type=FILE, help="Write a workbook.")
@click.option("--picture", metavar="FILE.svg|.png", type=FILE, help="Draw the visits by hour and band.")
@click.option(
    "--html",
    metavar="FILE.html",
    type=click.Path(path_type=Path),
    help="Write a page with charts, for a meeting or to print.",
)
@click.option("--without-clerks", is_flag=True, help="Leave the clerks' figures out of the page.")
def report(
    directory: Path,
    day: str | None,
    month: str | None,
    as_json: bool,
    as_csv: bool,
    xlsx: Path | None,
    picture: Path | None,
    html: Path | None,
    without_clerks: bool,
) -> None:
    """Visits, waits, service times and extended hours of a day or a month, from the journal.

    Visits are counted in all and by band, day, hour, matter, counter and clerk; extended hours by clerk. Prints a page
    of text unless --json, --csv or a file is asked for. The workbook needs openpyxl, picture and page matplotlib.
    """
    period = _period(directory, day, month)
    if as_json and as_csv:
        raise Trouble("--json and --csv are both given; choose one of them")
    if without_clerks and html is None:
        raise Trouble("--without-clerks is given without --html; it is the page that can do without them")
    # A library that is missing is told before the journal is read.
    writers = _writers(xlsx, picture)
    page = _page(html, clerks=not without_clerks)
    made, before = _read(directory, period, with_course=as_json or page is not None, with_before=page is not None)
    catalogue = _catalogue(directory, period)
    if made.get("rehearsal"):
        click.echo(f"hall: {directory} is a rehearsal: these visits never took place and count nowhere", err=True)
    if page is not None:
        file, render_page = page
        writers.append((file, lambda made, catalogue: render_page(made, catalogue, before)))
    for file, render in writers:
        _write(file, render(made, catalogue))
    if as_json:
        click.echo(msgspec.json.encode(made).decode())
    elif as_csv:
        from hall_controller.report import table

        echo_table(table.render(made))
    elif writers:
        for file, _ in writers:
            click.echo(f"{file}: {made['visits']['total']} visits, {made['extended']} of them in extended hours")
    else:
        from hall_controller.report import text

        click.echo(text.render(visible(made), visible(catalogue)))


def _period(directory: Path, day: str | None, month: str | None) -> str:
    if day is not None and month is not None:
        raise Trouble("give either --day YYYY-MM-DD or --month YYYY-MM")
    if month is not None:
        if named_day(f"{month}-01", dt.date.min) is None:
            raise Trouble(f"--month {escaped(month)}: there is no such month; write e.g. 2026-11")
        return month
    day = day or "today"
    named = named_day(day, _today(directory) if day in WORDS else dt.date.min)
    if named is None:
        raise Trouble(f"--day {escaped(day)}: there is no such day; write e.g. 2026-11-24, or today or yesterday")
    return named.isoformat()


def _today(directory: Path) -> dt.date:
    """By the hall's clock. Raises Trouble."""
    try:
        return today_in(directory, load_config(directory))
    except ConfigTrouble as error:
        raise Trouble(f"{error}; until then give --day YYYY-MM-DD") from None


def _writers(xlsx: Path | None, picture: Path | None) -> list[tuple[Path, Render]]:
    found: list[tuple[Path, Render]] = []
    if picture is not None and picture.suffix.lower() not in PICTURES:
        raise Trouble(f"--picture {picture}: give a name that ends in {' or '.join(PICTURES)}")
    if xlsx is not None:
        from hall_controller.report import workbook

        found.append((xlsx, workbook.render))
    if picture is not None:
        from hall_controller.report import picture as pictures

        kind = picture.suffix.lower()[1:]
        found.append((picture, lambda made, _: pictures.render(made, kind)))
    return found


def _page(html: Path | None, *, clerks: bool) -> tuple[Path, RenderPage] | None:
    if html is None:
        return None
    if html.is_dir():
        raise Trouble(f"--html {html}: is a folder; give a file in it, e.g. {html / 'report.html'}")
    from hall_controller.report import page

    return html, lambda made, catalogue, before: page.render(made, catalogue, before, clerks=clerks)


def _read(
    directory: Path, period: str, *, with_course: bool, with_before: bool
) -> tuple[dict[str, Any], dict[str, Any] | None]:
    """The period, and the one that it is compared to. Raises Trouble."""
    from hall_controller.report import make_report
    from hall_controller.report.before import report_before
    from hall_controller.report.source import read

    try:
        with Journal(directory, read_only=True) as journal:
            rehearsal = _is_rehearsal(directory, journal)
            source = read(journal, period)
            with _progress(source) as bodies:
                made = make_report(bodies, period, with_course=with_course)
            before = report_before(journal, period) if with_before else None
    except JournalTrouble as error:
        raise Trouble(str(error)) from None
    except (DatabaseError, sqlite3.Error) as error:
        raise Trouble(f"{journal.file}: cannot be read: {error}; restore a backup") from None
    except (msgspec.DecodeError, UnicodeDecodeError, LookupError) as error:
        raise Trouble(f"{journal.file}: an event cannot be counted: {error!r}; `hall check` tells more") from None
    if source.is_empty:
        click.echo(f"hall: the journal holds no service day of {period}: nothing is counted", err=True)
    if rehearsal:
        made["rehearsal"] = True
    return made, before


@contextlib.contextmanager
def _progress(source: "Source") -> Iterator[Iterable[bytes]]:
    """A bar for whoever sits at a terminal and would have to wait."""
    if source.length < LONG or not sys.stderr.isatty():
        yield source.bodies
        return
    bar = click.progressbar(
        source.bodies, length=source.length, label="events", file=own_stderr(), update_min_steps=source.length // 100
    )
    with bar as bodies:
        yield bodies


def _write(file: Path, content: bytes) -> None:
    """All or nothing: whoever has the old file open keeps it whole. Raises Trouble."""
    part = file.with_name(f".{file.name}.part")
    try:
        part.write_bytes(content)
        part.replace(file)
    except OSError as error:
        with contextlib.suppress(OSError):
            part.unlink(missing_ok=True)
        raise Trouble(f"{file}: cannot be written: {error.strerror}; choose another place") from None


def _catalogue(directory: Path, period: str) -> Catalogue | None:
    """For the names of matters alone, as they were then: an account is made without it too."""
    with contextlib.suppress(JournalTrouble, ValueError), Journal(directory, read_only=True) as journal:
        if (known := catalogue_of(journal, period)) is not None:
            return known
    with contextlib.suppress(ConfigTrouble):
        return load_catalogue(directory)
    return None


def _is_rehearsal(directory: Path, journal: Journal) -> bool:
    """By how its journal began, whatever hall.toml says now; by hall.toml where that beginning is archived."""
    if first_origin(journal) is Origin.REHEARSAL:
        return True
    with contextlib.suppress(ConfigTrouble):
        return load_config(directory).hall.rehearsal
    return False
