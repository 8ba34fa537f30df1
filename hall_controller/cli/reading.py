"""hall matters: list, search, import and export the catalogue, whether the hall runs or not."""

import asyncio
import os
import uuid
from pathlib import Path

import click
import msgspec

from hall_controller.bus import wire
from hall_controller.bus.bundle import BundleError, load_bundle
from hall_controller.bus.client import HallClient, NoController
from hall_controller.catalogue.files import read_catalogue, replace_text, write_catalogue
from hall_controller.catalogue.sample import sample_district
from hall_controller.catalogue.uploads import parts_of
from hall_controller.config import CATALOGUE, ConfigTrouble, load_catalogue
from hall_controller.domain.catalogue_rows import TOLD, CatalogueError, catalogue_text
from hall_controller.domain.catalogue_versions import unpack
from hall_controller.domain.events import CatalogueChanged
from hall_controller.domain.matters import Catalogue, How, Matter
from hall_controller.domain.plain_text import visible
from hall_controller.domain.refusal import Refusal
from hall_controller.domain.search import Search
from hall_controller.journal.catalogues import catalogue_versions
from hall_controller.journal.journal import Journal, JournalTrouble
from hall_controller.lock import LockTrouble, is_locked, lock_hall
from hall_controller.part import EXIT_NO_CONTROLLER, EXIT_REFUSED, Trouble, part_argument

FOUND = 20
"""Of a search so many are shown."""
GIVE_UP_S = 20.0
FILE = click.Path(dir_okay=False, path_type=Path)
SAMPLE = "sample"


@click.command()
@part_argument
@click.argument("query", required=False)
@click.option("--json", "as_json", is_flag=True)
@click.option(
    "--import", "source", metavar="FILE", help="Put FILE (.csv or .xlsx) into force; `sample`: a sample district."
)
@click.option("--export", "target", type=FILE, help="Write the catalogue to FILE (.csv or .xlsx).")
@click.option("--versions", "wants_versions", is_flag=True, help="List the catalogues that were in force.")
@click.option("--version", type=click.IntRange(1), help="Take the catalogue as it was then.")
def matters(
    path: Path,
    query: str | None,
    as_json: bool,
    source: str | None,
    target: Path | None,
    wants_versions: bool,
    version: int | None,
) -> None:
    """List the catalogue, or the matters that QUERY may mean: Chinese, pinyin, initials or English, best first."""
    if source is not None:
        _import(path, source)
    elif wants_versions:
        _list_versions(_versions(path), as_json=as_json)
    else:
        catalogue = _catalogue(path, version)
        if target is not None:
            _export(catalogue, target)
        else:
            _show(catalogue, query, as_json=as_json)


# --- reading -------------------------------------------------------------------------------------


def _catalogue(path: Path, version: int | None) -> Catalogue:
    """Of a hall's directory, or asked of the running hall. Raises Trouble."""
    if version is not None:
        kept = {event.version: event for event in _versions(path)}
        if version not in kept:
            raise Trouble(f"there is no version {version}; --versions lists {len(kept)}")
        return unpack(kept[version].packed)
    if path.is_dir():
        try:
            return load_catalogue(path)
        except ConfigTrouble as error:
            raise Trouble(str(error)) from None
    reply = asyncio.run(_ask(path, [wire.Matters()]))
    if not isinstance(reply, wire.MattersReply):
        raise Trouble(f"{path}: the hall did not tell its matters: {reply}")
    return Catalogue({matter.code: matter for matter in reply.matters})


def _versions(path: Path) -> list[CatalogueChanged]:
    if not path.is_dir():
        raise Trouble(f"{path}: versions are read in the hall's directory; give DIR")
    try:
        with Journal(path, read_only=True) as journal:
            return list(catalogue_versions(journal))
    except JournalTrouble as error:
        raise Trouble(str(error)) from None


def _list_versions(versions: list[CatalogueChanged], *, as_json: bool) -> None:
    told = [
        {
            "version": event.version, "service_day": event.service_day, "at_ms": event.at_ms, "by": event.by,
            "digest": event.digest, "matters": event.matters,
            "added": event.added, "changed": event.changed, "removed": event.removed,
        }
        for event in versions
    ]  # fmt: skip
    if as_json:
        click.echo(msgspec.json.encode(told).decode())
        return
    for event in visible(versions):
        day = event.service_day or "before the first day"
        click.echo(f"version {event.version:<4} {day}  {event.by:<10} {_summary(event)}")


def _summary(event: CatalogueChanged) -> str:
    return f"{event.matters} matters: {event.added} new, {event.changed} changed, {event.removed} gone"


def _show(catalogue: Catalogue, query: str | None, *, as_json: bool) -> None:
    found: list[Matter] = list(catalogue.matters.values())
    if query:
        found = [hit.matter for hit in Search(found).find(query, FOUND)]
    if as_json:
        click.echo(msgspec.json.encode(found).decode())
        return
    for matter in visible(found):
        click.echo(
            f"{matter.code:<28} {matter.usual_minutes:>4g} min  {matter.name_zh}  {matter.name_en}{_marks(matter)}"
        )
    if not found:
        click.echo(f"hall: no matter is like {query!r}; try another word for it", err=True)


def _marks(matter: Matter) -> str:
    """What sets it apart: how else it can be done, and what only a clerk need know."""
    ways = [f"{way} {matter.route}" if way is How.ANY_HALL else str(way) for way in matter.how if way is not How.HERE]
    told = [*ways, *(f"theme {theme}" for theme in matter.themes), *(["subsidy"] if matter.subsidy else [])]
    told += ["示例 sample"] if matter.sample else []
    return f"  [{', '.join(told)}]" if told else ""


def _export(catalogue: Catalogue, target: Path) -> None:
    try:
        write_catalogue(catalogue, target)
    except OSError as error:
        raise Trouble(f"{target}: cannot be written: {error.strerror or error}; choose another place") from None
    click.echo(f"{target}: {len(catalogue.matters)} matters")


# --- importing -----------------------------------------------------------------------------------


def _import(path: Path, source: str) -> None:
    text = catalogue_text(_read(source))
    if path.is_dir() and not is_locked(path):
        _write(path, text)
        return
    upload = uuid.uuid4().hex
    try:
        reply = asyncio.run(_ask(path, list(parts_of(text, upload))))
    except NoController as error:
        click.echo(f"hall: {error}", err=True)
        raise SystemExit(EXIT_NO_CONTROLLER) from None
    if isinstance(reply, Refusal):
        click.echo(f"hall: refused ({reply.code}): {reply.message}", err=True)
        raise SystemExit(EXIT_REFUSED)
    if isinstance(reply, CatalogueChanged):
        click.echo(f"in force now, version {reply.version}: {_summary(reply)}")
    else:
        click.echo("nothing to do: this catalogue is in force already")


def _read(source: str) -> Catalogue:
    """Raises Trouble that names the bad rows, a line each."""
    if source == SAMPLE:
        return sample_district()
    try:
        return read_catalogue(Path(source))
    except OSError as error:
        raise Trouble(f"{source}: cannot be read: {error.strerror or error}; check the path") from None
    except CatalogueError as error:
        more = len(error.problems) - TOLD
        rows = "\n".join(f"  {problem}" for problem in error.problems[:TOLD])
        rest = f"\n  and {more} more" if more > 0 else ""
        raise Trouble(f"{source}: nothing was imported; mend these:\n{rows}{rest}") from None


def _write(directory: Path, text: str) -> None:
    """The hall is off: it journals the change when it starts."""
    try:
        lock = lock_hall(directory)
        try:
            replace_text(directory / CATALOGUE, text)
        finally:
            os.close(lock)
    except LockTrouble as error:
        raise Trouble(str(error)) from None
    except OSError as error:
        raise Trouble(f"{directory / CATALOGUE}: cannot be written: {error.strerror}; check the disk") from None
    click.echo(f"{directory / CATALOGUE}: written; in force when the hall starts")


async def _ask(path: Path, requests: list[wire.Request]) -> object:
    """One after another; the last reply, or the first refusal. Of an import what it changed. Raises Trouble."""
    try:
        bundle = load_bundle(path, "manager")
    except BundleError as error:
        raise Trouble(str(error)) from None
    async with HallClient(bundle, give_up_s=GIVE_UP_S) as client:
        before, reply = await client.ask(wire.Status()), None
        for request in requests:
            reply = await client.ask(request)
            if isinstance(reply, Refusal):
                return reply
        known = before.seq if isinstance(before, wire.StatusReply) else 0
        if isinstance(reply, wire.Accepted) and reply.seq > known:
            events = await client.ask(wire.EventsSince(seq=reply.seq - 1, limit=1))
            if isinstance(events, wire.EventsReply) and events.events:
                event = wire.read_event(events.events[0])
                return event if isinstance(event, CatalogueChanged) else reply
        return reply
