"""`hall district`. Each subcommand imports what it needs when it is run, so that none waits for another's libraries."""

import contextlib
import time
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from hall_controller.domain.days import named_day
from hall_controller.part import Trouble
from hall_controller.streams import echo_table

if TYPE_CHECKING:
    from metrics.district.inventory import Inventory

FILE = click.Path(dir_okay=False, path_type=Path)
DIRECTORY = click.Path(file_okay=False, path_type=Path)
inventory_option = click.option(
    "--inventory",
    "file",
    type=FILE,
    default="deploy/district/halls.toml",
    show_default=True,
    help="The district's halls.",
)
EXIT_OUT_OF_DATE = 1


@click.group()
def district() -> None:
    """The district: its inventory of halls, targets for Prometheus, and the ledger of visits."""


def _load(file: Path) -> "Inventory":
    from metrics.district.inventory import InventoryTrouble, load_inventory

    try:
        return load_inventory(file)
    except InventoryTrouble as error:
        raise Trouble("\nhall: ".join(error.sentences)) from None


@district.command()
@inventory_option
@click.option("--json", "as_json", is_flag=True)
@click.option("--sample", is_flag=True, help="Print a sample inventory of 135 halls, as TOML, and end.")
def halls(file: Path, as_json: bool, sample: bool) -> None:
    """Check the inventory and list its halls, street by street. Exit code 2 when it has mistakes."""
    import msgspec

    from metrics.district import sample as made_up
    from metrics.district.inventory import by_street

    if sample:
        click.echo(made_up.text(made_up.inventory()), nl=False)
        return
    inventory = _load(file)
    if as_json:
        click.echo(msgspec.json.encode(inventory).decode())
        return
    for street, group in by_street(inventory).items():
        areas = sum(area.street == street for area in inventory.self_service)
        click.echo(f"{street}  {len(group)} halls, {areas} self-service areas")
        for hall in group:
            counters = f"{hall.counters} counters"
            click.echo(f"  {hall.id:<8} {hall.tier:<10} {counters:>12}  {hall.host:<16} {hall.name_zh}")
    total, areas = len(inventory.hall), len(inventory.self_service)
    click.echo(f"{inventory.name_zh}: {total} halls, {areas} self-service areas, hours in {inventory.hours}")
    if inventory.sample:
        click.echo("hall: this is sample data; its addresses lead nowhere", err=True)


@district.command()
@inventory_option
@click.option("--out", type=DIRECTORY, help="Write halls.json and inventory.yml there, for the district's Prometheus.")
@click.option("--json", "as_json", is_flag=True, help="Print halls.json instead.")
@click.option("--agent", metavar="ID", help="Print the labels for this hall's own Prometheus instead.")
@click.option("--check", is_flag=True, help="Write nothing; exit code 1 when a file is out of date.")
def targets(file: Path, out: Path | None, as_json: bool, agent: str | None, check: bool) -> None:
    """The halls as Prometheus targets, with the labels hall, tier and street.

    halls.json lists those to be scraped. inventory.yml is a file of rules that names every hall that is expected.
    """
    from metrics.district import targets as made

    inventory = _load(file)
    if as_json:
        click.echo(made.targets(inventory), nl=False)
        return
    if agent is not None:
        hall = inventory.find(agent)
        if hall is None:
            raise Trouble(f"--agent {agent}: the inventory has no such hall; `hall district halls` lists them")
        if hall.id not in inventory.agents:
            click.echo(f"hall: {agent} is scraped too; put it into `agents` of {file}, or it counts twice", err=True)
        click.echo(made.agent_labels(hall), nl=False)
        return
    if out is None:
        raise Trouble("where to? Give --out DIR, or --json to print the targets")
    try:
        up_to_date = made.is_up_to_date(inventory, out) if check else not made.write_targets(inventory, out)
    except OSError as error:
        raise Trouble(f"{out}: {error.strerror or error}; choose another directory with --out") from None
    said = "up to date" if up_to_date else "OUT OF DATE; `hall district targets` writes it" if check else "written"
    click.echo(f"{out}: {len(inventory.hall)} halls, {said}")
    if check and not up_to_date:
        raise SystemExit(EXIT_OUT_OF_DATE)


def seconds_option(name: str, default: float, said: str) -> Callable[[Any], Any]:
    kind = click.FloatRange(0.05, 3600)
    return click.option(f"--{name}", f"{name}_s", type=kind, default=default, show_default=True, metavar="S", help=said)


database_option = click.option(
    "--database",
    "url",
    envvar="HALL_LEDGER",
    default="sqlite:///ledger.db",
    show_default=True,
    metavar="URL",
    help="sqlite:///FILE or postgresql://USER:PASSWORD@HOST/NAME; HALL_LEDGER keeps a password off the command line.",
)


@district.command()
@inventory_option
@click.option(
    "--bundles", type=DIRECTORY, required=True, help="Holds ID.toml for each hall: its devices/district.toml."
)
@database_option
@seconds_option("every", 5.0, "Ask each hall for its news so often.")
@seconds_option("patience", 9.0, "Wait so long for a hall's answer.")
@seconds_option("retry", 60.0, "The longest pause before a hall that is away is tried again.")
@click.option("--page", type=click.IntRange(2, 1000), default=1000, show_default=True, help="Events written at once.")
@click.option("--until-now", is_flag=True, help="Read all that there is, and end; exit code 4 when a hall is away.")
@click.option("--afresh", multiple=True, metavar="ID", help="Forget what the ledger has of a hall, and read it anew.")
@click.option("--rehearsal", is_flag=True, help="Take rehearsed halls, into a ledger that says so of itself.")
def collect(file: Path, url: str, afresh: tuple[str, ...], until_now: bool, **options: Any) -> None:
    """Follow the journals of all halls and keep the ledger: every visit once, whatever is cut or killed.

    The bundle of a hall is BUNDLES/ID.toml, or in its directory BUNDLES/ID where halls run on this box.
    """
    import asyncio

    from hall_controller.part import EXIT_NO_CONTROLLER, log_to_stderr
    from metrics.district.ledger.collect import Collector, Pace, run
    from metrics.district.ledger.store import StoreTrouble

    log_to_stderr("district")
    inventory = _load(file)
    for hall in afresh:
        if inventory.find(hall) is None:
            raise Trouble(f"--afresh {hall}: the inventory has no such hall; `hall district halls` lists them")
    pace = Pace(options["every_s"], options["patience_s"], options["retry_s"], options["page"])
    collector = Collector(inventory.hall, options["bundles"], pace)
    try:
        away = asyncio.run(run(collector, url, afresh, rehearsal=options["rehearsal"], until_now=until_now))
    except StoreTrouble as error:
        raise Trouble(str(error)) from None
    if until_now:
        click.echo(f"{len(inventory.hall) - len(away)} of {len(inventory.hall)} halls are read to their last event")
    if away:
        click.echo(f"hall: not read: {', '.join(away)}", err=True)
        raise SystemExit(EXIT_NO_CONTROLLER)


@district.command()
@database_option
@click.option("--json", "as_json", is_flag=True)
def status(url: str, as_json: bool) -> None:
    """How far the ledger has read each hall, and what keeps it from one. Exit code 1 when something does."""
    import msgspec

    from metrics.district.ledger.account import make_status
    from metrics.district.ledger.shown import status_lines
    from metrics.district.ledger.store import Store, StoreTrouble

    try:
        with contextlib.closing(Store(url)) as store:
            rows = make_status(store)
    except StoreTrouble as error:
        raise Trouble(str(error)) from None
    click.echo(msgspec.json.encode(rows).decode() if as_json else "\n".join(status_lines(rows)))
    raise SystemExit(1 if any(row["trouble"] or row["heard_ms"] is None for row in rows) else 0)


@district.command()
@database_option
@click.option("--month", metavar="YYYY-MM")
@click.option("--day", metavar="DAY", help="today (the default), yesterday, or YYYY-MM-DD.")
@click.option("--json", "as_json", is_flag=True)
@click.option("--csv", "as_csv", is_flag=True)
@click.option("--xlsx", type=FILE, metavar="FILE", help="Write a workbook, a sheet for each table.")
def report(url: str, month: str | None, day: str | None, as_json: bool, as_csv: bool, xlsx: Path | None) -> None:
    """Visits by band, tier, street, hall and matter: the sum of the halls' own reports, to the visit."""
    import msgspec

    from metrics.district.ledger import shown
    from metrics.district.ledger.account import make_account
    from metrics.district.ledger.store import Store, StoreTrouble
    from metrics.district.page.questions import local

    if day is not None and month is not None:
        raise Trouble("give either --month YYYY-MM or --day YYYY-MM-DD")
    named = named_day(day or "today", local(time.time()).date())
    if month is None and named is None:
        raise Trouble(f"--day is {day!r}; give today, yesterday, or a date as 2026-11-24")
    try:
        with contextlib.closing(Store(url)) as store:
            account = make_account(store, month or str(named))
    except (StoreTrouble, ValueError) as error:
        raise Trouble(str(error)) from None
    for sentence in shown.warnings(account):
        click.echo(f"hall: {sentence}", err=True)
    if xlsx is not None:
        try:
            shown.as_workbook(account, xlsx)
        except OSError as error:
            raise Trouble(f"{xlsx}: cannot be written: {error.strerror or error}; choose another place") from None
        click.echo(f"{xlsx}: written", err=True)
    if as_json:
        click.echo(msgspec.json.encode(account).decode())
    elif as_csv:
        echo_table(shown.as_csv(account))
    elif xlsx is None:
        click.echo(shown.as_text(account))


@district.command()
@inventory_option
@click.option("--bundles", type=DIRECTORY, help="Holds ID.toml for each hall: its devices/district.toml.")
@click.option("--outbox", "outbox", type=FILE, default="relay.db", show_default=True, help="What waits for which hall.")
@seconds_option("every", 5.0, "Ask each hall for its news so often.")
@seconds_option("patience", 9.0, "Wait so long for a hall's answer.")
@seconds_option("retry", 60.0, "The longest pause before a hall that is away is tried again.")
@click.option("--once", is_flag=True, help="Read all halls, pass on what waits, and end; exit code 4 when one is away.")
@click.option(
    "--status", "is_status", is_flag=True, help="List what waits for whom; exit code 1 when it needs someone."
)
@click.option("--again", multiple=True, type=int, metavar="ID", help="Try a message again that failed.")
@click.option("--dismiss", multiple=True, type=int, metavar="ID", help="Note that a failed message was seen to.")
@click.option("--json", "as_json", is_flag=True, help="Print the status as JSON.")
@click.option("--rehearsal", is_flag=True, help="Take rehearsed halls, with an outbox that says so of itself.")
def relay(file: Path, **options: Any) -> None:
    """Tell each hall what others have sent to it, and what has arrived of its own: papers on transfer lists.

    The bundle of a hall is BUNDLES/ID.toml, or in its directory BUNDLES/ID where halls run on this box. A hall may be
    away for days: what concerns it waits in the outbox, and is told once.
    """
    from metrics.district.relay.command import run

    raise SystemExit(run(_load(file), **options))


@district.command()
@inventory_option
@click.option(
    "--prometheus",
    envvar="HALL_PROMETHEUS",
    default="http://127.0.0.1:9090",
    show_default=True,
    metavar="URL",
    help="The district's Prometheus; HALL_PROMETHEUS keeps a password off the command line.",
)
@click.option("--host", default="127.0.0.1", show_default=True, help="Serve at this address.")
@click.option("--port", type=click.IntRange(0, 65_535), default=8090, show_default=True, help="0 takes a free one.")
@seconds_option("every", 10.0, "Ask Prometheus so often, for all viewers together.")
def page(file: Path, prometheus: str, host: str, port: int, every_s: float) -> None:
    """Serve the district page: waits of all halls, streets, each hall, and where the wait is shortest."""
    if not prometheus.startswith(("http://", "https://")):
        raise Trouble(f"--prometheus is {prometheus!r}; write its address, e.g. http://127.0.0.1:9090")
    inventory = _load(file)
    try:
        from metrics.district.page.serve import run
    except ModuleNotFoundError as error:
        raise Trouble(f"{error.name} is missing; get it with: pip install 'hall-appliance[page]'") from None
    run(inventory, prometheus, host=host, port=port, every_s=every_s)


@district.command()
@click.argument("directory", metavar="DIR", type=DIRECTORY)
@inventory_option
@click.option("--halls", "count", default="all", show_default=True, metavar="N|all", help="So many of the inventory.")
@click.option("--visitors", type=click.IntRange(1, 100_000), default=20_000, show_default=True, help="In all halls.")
@click.option("--speed", type=click.FloatRange(1, 5_000), default=60.0, show_default=True, help="At most.")
@click.option("--seed", type=click.IntRange(0), default=1, show_default=True, help="Same seed, same day.")
@click.option("--json", "as_json", is_flag=True, help="Print what came of it as JSON.")
def rehearse(directory: Path, file: Path, count: str, visitors: int, speed: float, seed: int, as_json: bool) -> None:
    """Rehearse an extended day in all halls at once, and compare all totals: journal, report, ledger, Prometheus.

    Each hall is a real controller on this machine, in the new directory DIR. Exit code 1 when a total disagrees.
    """
    from metrics.district.day.command import run

    raise SystemExit(run(directory, _load(file), count, visitors, speed, seed, as_json=as_json))
