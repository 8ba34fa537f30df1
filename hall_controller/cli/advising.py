"""hall advise: how many counters to open, for the rest of today or for a whole day to come."""

import asyncio
import datetime as dt
import sys
from pathlib import Path
from typing import Any

import click
import msgspec

from hall_controller.bus import wire
from hall_controller.bus.bundle import Bundle, BundleError, load_bundle
from hall_controller.bus.client import HallClient, NoController
from hall_controller.domain import commands as c
from hall_controller.domain.days import named_day
from hall_controller.domain.forecast import Basis
from hall_controller.domain.hall import Hall, in_force
from hall_controller.domain.hours import day_name, is_confirmed, local
from hall_controller.domain.plain_text import visible
from hall_controller.domain.refusal import Refusal
from hall_controller.domain.rules import RosterSpan
from hall_controller.domain.staffing import Advice, Outlook, advise, plan_day
from hall_controller.i18n.hours import TO_BE_CONFIRMED
from hall_controller.part import EXIT_NO_CONTROLLER, EXIT_REFUSED, Trouble, part_argument

FROM = {
    Basis.WEEKDAY: "earlier days like it",
    Basis.ALIKE: "other days, as there was none like it yet",
    Basis.TODAY: "today's visitors alone, as the hall knows no day yet",
}


@click.command("advise")
@part_argument
@click.option("--day", metavar="DAY", help="A whole day: tomorrow, or YYYY-MM-DD. By default the rest of today.")
@click.option("--json", "as_json", is_flag=True, help="All of it, for scripts.")
@click.option("--toml", "as_toml", is_flag=True, help="As [[roster]] of hall.toml, for that day of each week.")
@click.option("--set", "is_set", is_flag=True, help="Plan the day so: sends set_roster.")
@click.option("--as", "device", default="manager", show_default=True, help="The device to speak as.")
def advise_command(path: Path, day: str | None, *, as_json: bool, as_toml: bool, is_set: bool, device: str) -> None:
    """Say how many counters to open, so that visitors are called in time.

    What counts as in time stands in [advice] of hall.toml.
    """
    if as_json and as_toml:
        raise Trouble("--json and --toml exclude each other; give one of them")
    try:
        bundle = load_bundle(path, device)
    except BundleError as error:
        raise Trouble(str(error)) from None
    try:
        hall, advice, reply = asyncio.run(_advise(bundle, day, is_set=is_set))
    except NoController as error:
        click.echo(f"hall: {error}", err=True)
        raise SystemExit(EXIT_NO_CONTROLLER) from None
    if as_json:
        click.echo(wire.encode(advice).decode())
    elif as_toml:
        click.echo(toml(hall, advice), nl=False)
    else:
        click.echo(render(visible(hall), advice))
    if isinstance(reply, Refusal):
        click.echo(f"hall: refused ({reply.code}): {reply.message}", err=True)
        sys.exit(EXIT_REFUSED)
    if is_set:
        click.echo(f"hall: planned for {advice.day}", err=True)


async def _advise(bundle: Bundle, word: str | None, *, is_set: bool) -> tuple[Hall, Advice, Any]:
    async with HallClient(bundle) as client:
        snapshot = await client.ask(wire.Snapshot())
        if not isinstance(snapshot, wire.SnapshotReply):
            raise Trouble(snapshot.message)
        hall, now_ms = snapshot.state, snapshot.now_ms
        today = local(in_force(hall), now_ms).date()
        day = _day(word, today)
        advice = advise(hall, now_ms) if day == today else plan_day(hall, day)
        if not is_set:
            return hall, advice, None
        if not advice.spans:
            raise Trouble(f"there is nothing to plan for {advice.day}: {advice.sentences[0].en}")
        return hall, advice, await client.ask(c.SetRoster(day=advice.day, spans=advice.spans))


def _day(word: str | None, today: dt.date) -> dt.date:
    day = today if word is None else named_day(word, today)
    if day is None:
        raise Trouble(f"--day is {word!r}; give tomorrow, or a date as 2026-11-30")
    if day < today:
        raise Trouble(f"--day is {day}, which is over; give {today} or a later day")
    return day


def render(hall: Hall, advice: Advice) -> str:
    """As a page of text."""
    rules = in_force(hall)
    day = dt.date.fromisoformat(advice.day)
    but = "" if is_confirmed(rules, day) else f"{TO_BE_CONFIRMED.en}"
    head = f"{rules.hall} {rules.name_zh} {rules.name_en}".rstrip()
    source = f", by {FROM[advice.basis]}" if advice.basis is not None else ""
    lines = [head, f"{day} ({day_name(rules, day)}){but}{source}", ""]
    for one in advice.sentences:
        lines += [one.zh, one.en]
    if not advice.outlook:
        return "\n".join(lines)
    is_now = any(row.planned is not None for row in advice.outlook)
    minutes = f"{rules.advice.target_wait_s / 60:g}"
    lines += ["", _row("from", "visitors", "planned" if is_now else "", "advised", f"in {minutes} min", is_now=is_now)]
    lines += [_line(hall, row, is_now=is_now) for row in advice.outlook]
    return "\n".join(lines)


def _line(hall: Hall, row: Outlook, *, is_now: bool) -> str:
    start = f"{local(in_force(hall), row.start_ms):%H:%M}"
    better = f"{row.share_advised:.0%}"
    if is_now and row.share is not None and round(row.planned or 0) != row.advised:
        better = f"{row.share:.0%} -> {better}"
    return _row(start, f"{row.visitors:.0f}", f"{row.planned or 0:g}", str(row.advised), better, is_now=is_now)


def _row(start: str, visitors: str, planned: str, advised: str, share: str, *, is_now: bool) -> str:
    middle = f"{planned:>9}" if is_now else ""
    return f"{start:<6}{visitors:>9}{middle}{advised:>9}{share:>14}"


def toml(hall: Hall, advice: Advice) -> str:
    """Windows of hall.toml, for such days of the week."""
    day = day_name(in_force(hall), dt.date.fromisoformat(advice.day))
    return "".join(f'[[roster]]\ndays = ["{day}"]\n{_span(span)}\n' for span in advice.spans)


def _span(span: RosterSpan) -> str:
    fields = msgspec.structs.asdict(span)
    return "".join(f"{name} = {value}\n" for name, value in fields.items())
