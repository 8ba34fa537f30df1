"""hall rehearse: a morning, whole days, a month, a year or a scenario of visitors and clerks, on a clock of its own."""

import asyncio
import datetime as dt
import os
import sys
from contextlib import ExitStack
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click
import msgspec

from hall_controller.bus.bundle import BundleError
from hall_controller.config import ConfigTrouble
from hall_controller.domain.days import named_day
from hall_controller.domain.hours import local
from hall_controller.domain.rules import Mode, Rules, Tier
from hall_controller.journal.journal import JournalTrouble
from hall_controller.part import EXIT_NO_CONTROLLER, Trouble, log_to_stderr
from hall_controller.streams import own_stderr

if TYPE_CHECKING:
    from hall_controller.rehearsal.place import Place
    from hall_controller.rehearsal.rehearse import Rehearsed


class Day(click.ParamType[dt.date]):
    """A date, by name too: of the box, as a hall that is still to be made has no clock."""

    name = "day"

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> dt.date:
        if isinstance(value, dt.date):
            return value
        day = named_day(str(value), dt.datetime.now(dt.UTC).astimezone().date())
        if day is None:
            self.fail(f"{value!r} is no day; give today, tomorrow, or a date as 2026-11-24.", param, ctx)
        return day


DIR = click.Path(file_okay=False, path_type=Path)
EXIT_BROKEN = 1
VISITORS = 100


@click.command()
@click.argument("directory", metavar="DIR", type=DIR, required=False)
@click.option(
    "--visitors",
    type=click.IntRange(1, 5_000),
    help="Of the morning; of whole days: on a full weekday on average.  [default: 100]",
)
@click.option("--scenario", metavar="FILE|NAME", help="A day as a TOML file describes it, or a sample by its name.")
@click.option("--scenarios", is_flag=True, help="List the samples, and end.")
@click.option(
    "--compare", nargs=2, metavar="A B", help="Play two scenarios on the same visitors, in memory; show what differs."
)
@click.option(
    "--seeds", type=click.IntRange(2, 1_000), metavar="N", help="Of a comparison: so many days.  [default: 20]"
)
@click.option("--seed", type=click.IntRange(0), default=1, show_default=True, help="Same seed, same day.")
@click.option("--tier", type=click.Choice([tier.value for tier in Tier]), help="Of a new hall; by default street.")
@click.option("--counters", type=click.IntRange(1, 200), help="Of a new hall; by default as many as the visitors need.")
@click.option("--mode", type=click.Choice([mode.value for mode in Mode]), help="pull: clerks press next; or push.")
@click.option("--day", type=Day(), metavar="DAY", help="YYYY-MM-DD, today or tomorrow; by default the hall's next.")
@click.option("--days", type=click.IntRange(1, 366), metavar="N", help="N whole days on which the hall serves.")
@click.option("--month", type=click.DateTime(["%Y-%m"]), metavar="YYYY-MM", help="All days of this month.")
@click.option("--year", type=click.DateTime(["%Y"]), metavar="YYYY", help="All days of this year.")
@click.option(
    "--from",
    "opening",
    type=click.DateTime(["%H:%M"]),
    metavar="HH:MM",
    help="When the counters open; by default as hall.toml says. Of a scenario: jump until then.",
)
@click.option(
    "--speed",
    type=click.FloatRange(0.1, 5_000),
    metavar="X",
    help="Run X times as fast as real time, to be watched; by default the clock jumps from event to event.",
)
@click.option("--watch", is_flag=True, help="Start kiosk, board, printer and voice too, and print their addresses.")
@click.option("--json", "as_json", is_flag=True, help="Print what happened as JSON.")
def rehearse(directory: Path | None, **options: Any) -> None:
    """Rehearse a morning of visitors and clerks in a rehearsal hall; or whole days, a month, a year, a scenario.

    Makes one in an empty DIR, or goes on with the one in DIR on its next day. A real controller runs, and every
    command goes over its bus; nothing of it is ever counted in accounts.

    Exit code 0: done, or stopped by SIGTERM or Ctrl-C. 1: the journal does not hold together. 2: it could not
    start. 4: the controller stopped answering.
    """
    from hall_controller.cli import scenarios

    if options["scenarios"]:
        scenarios.show_samples(as_json=options["as_json"])
        return
    scenarios.check(directory, options)
    if options["compare"]:
        scenarios.compare_two(options)
        return
    assert directory is not None
    # A morning is a thousand ordinary things: its parts speak up only when something is wrong.
    os.environ.setdefault("HALL_LOG", "WARNING")
    log_to_stderr("rehearse")
    if options["scenario"]:
        place, visitors = scenarios.find_place(directory, options["scenario"], options["seed"])
        raise SystemExit(_run(place, visitors, options["seed"], options))
    _check(options)
    raise SystemExit(_run(_found(directory, options), options["visitors"] or VISITORS, options["seed"], options))


def _found(directory: Path, options: dict[str, Any]) -> "Place":
    """Raises Trouble."""
    from hall_controller.rehearsal.place import Wish, find_place

    wish = Wish(
        visitors=options["visitors"] or VISITORS,
        seed=options["seed"],
        tier=Tier(options["tier"]) if options["tier"] else None,
        counters=options["counters"],
        day=options["day"],
        opening=options["opening"].time() if options["opening"] else None,
        days=options["days"],
        month=options["month"].date() if options["month"] else None,
        year=options["year"].date() if options["year"] else None,
    )
    try:
        return find_place(directory, wish)
    except (BundleError, ConfigTrouble, JournalTrouble) as error:
        raise Trouble(str(error)) from None


def _check(options: dict[str, Any]) -> None:
    """Raises Trouble for options that exclude each other."""
    whole = [name for name in ("days", "month", "year") if options[name] is not None]
    if len(whole) > 1:
        raise Trouble(f"--{whole[0]} and --{whole[1]} say different things; give one of them")
    if whole and options["opening"] is not None:
        raise Trouble(f"--from is for a morning; with --{whole[0]} the counters open as hall.toml says")
    if whole and whole[0] != "days" and options["day"] is not None:
        raise Trouble(f"--day says another first day than --{whole[0]}; leave --day out")


def _run(place: "Place", visitors: int, seed: int, options: dict[str, Any]) -> int:
    """Returns the exit code."""
    from hall_controller.cli import scenarios
    from hall_controller.rehearsal.rehearse import CannotStart, Show, rehearse
    from hall_controller.rehearsal.stage import StageTrouble

    rules, as_json = place.config.rules(), options["as_json"]
    codes: list[int] = []
    with ExitStack() as bars:
        bar = _bar(bars, visitors, place, rules)

        def say(line: str) -> None:
            click.echo(line, err=as_json)

        def progress(through: int, now_ms: int) -> None:
            if bar is not None:
                bar.update(through - bar.pos, now_ms)

        def done(result: "Rehearsed") -> None:
            bars.close()
            codes.append(EXIT_BROKEN if result.broken else 0)
            click.echo(msgspec.json.encode(result).decode() if as_json else render(result, place))
            for sentence in result.broken:
                click.echo(f"hall: the journal does not hold together: {sentence}", err=True)
            if options["watch"] and options["speed"] and as_json:
                sys.stdout.flush()

        from_ms = scenarios.runs_from_ms(place, options["opening"]) if place.scenario is not None else 0
        show = Show(speed=options["speed"], watch=options["watch"], say=say, progress=progress, from_ms=from_ms)
        if show.speed and not show.watch:
            say(f"The hall is in {place.directory}; look at it with hall board, hall counter, hall show or hall watch.")
        mode = Mode(options["mode"]) if options["mode"] else None
        try:
            asyncio.run(rehearse(place, seed, visitors, mode, show, done))
        except CannotStart as error:
            return error.code
        except StageTrouble as error:
            bars.close()
            click.echo(f"hall: the rehearsal stops: {error}", err=True)
            return EXIT_NO_CONTROLLER
    return codes[0] if codes else 0


def _bar(bars: ExitStack, visitors: int, place: "Place", rules: Rules) -> Any:
    """A progress bar for whoever sits at a terminal."""
    if not sys.stderr.isatty():
        return None

    period = place.period
    shape = "%H:%M" if period is None else "%Y-%m-%d"

    def clock(now_ms: int | None) -> str:
        return format(local(rules, now_ms), shape) if now_ms else ""

    length, label = visitors, "visitors"
    if period is not None:
        length, label = (period.last - period.first).days + 1 if period.last else period.service_days or 1, "days"
    bar: Any = click.progressbar(
        length=length, label=label, file=own_stderr(), show_eta=False, show_pos=True, item_show_func=clock
    )
    return bars.enter_context(bar)


def render(result: "Rehearsed", place: "Place") -> str:
    """What happened, as a page of text."""
    from hall_controller.rehearsal import outcome, rows

    rules = place.config.rules()
    begin, end = local(rules, result.from_ms), local(rules, result.to_ms)
    how, took = "Stopped" if result.interrupted else "Rehearsed", f"in {result.took_s:.1f} s"
    until = f"{end:%H:%M}" if begin.date() == end.date() else f"{end:%Y-%m-%d %H:%M}"
    lines = [
        f"{how}: {result.day} {begin:%H:%M} to {until} with seed {result.seed}, {took}",
        f"{result.hall}, {result.tier}, {result.counters} counters, {result.mode}, policy {rules.policy}",
        "",
    ]
    if result.days:
        lines += [rows.render(result.days, rules), ""]
    if result.scenario:
        lines.insert(1, f"scenario {result.scenario}")
    lines.append(outcome.render(result.outcome, by_half_hour=len(result.days) <= 1))
    if result.refused:
        lines.append(f"\nrefused commands: {len(result.refused)} ({', '.join(sorted(set(result.refused)))})")
    if result.turned_away:
        lines.append(f"\nvisitors turned away: {result.turned_away}")
    if result.gave_up:
        lines.append(f"\nvisitors who lost patience and left: {result.gave_up}")
    if result.controller_starts > 1:
        lines.append(f"\nthe controller ended and was started again: {result.controller_starts - 1} times")
    if not result.broken:
        lines.append("\nThe journal holds together: every ticket in one place, no number twice, all totals agree.")
    period = f"--month {result.day[:7]}" if result.days and not result.scenario else f"--day {result.day}"
    lines.append(f"The hall stays in {place.directory}: hall controller, hall report {period}, …")
    return "\n".join(lines)
