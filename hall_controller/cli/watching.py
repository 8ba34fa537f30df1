"""hall watch, hall show: the event stream, and the hall now."""

import asyncio
import unicodedata
from pathlib import Path

import click

from hall_controller.bus import wire
from hall_controller.bus.bundle import Bundle
from hall_controller.bus.client import HallClient, NoController
from hall_controller.cli.asking import bundle_of, snapshot_of
from hall_controller.domain.alert_words import mend, tell
from hall_controller.domain.counter import Counter
from hall_controller.domain.day import StopCause
from hall_controller.domain.events import Event
from hall_controller.domain.hall import Hall, Issuing, in_force
from hall_controller.domain.hours import Stretch, day_kind, is_promised, local, next_opening, opening_at, openings
from hall_controller.domain.plain_text import visible
from hall_controller.domain.prediction import predict
from hall_controller.domain.ticket import TicketState
from hall_controller.i18n import times, waits
from hall_controller.i18n.hours import reserve
from hall_controller.i18n.terms import term
from hall_controller.part import EXIT_NO_CONTROLLER, Trouble, part_argument, until_told_to_stop

OTHERS = (TicketState.HELD, TicketState.MISSED, TicketState.UNCLAIMED, TicketState.BOOKED)
WHY_NOT = {
    StopCause.MANAGER: "stopped by the manager",
    StopCause.LAST_TICKET: "the last ticket is out (a newcomer would be called after closing)",
    StopCause.LUNCH: "between two openings",
    StopCause.SHUT: "outside the hours",
}


@click.command()
@part_argument
@click.option("--since", type=click.IntRange(0), help="Begin after this seq; by default with the next event.")
@click.option("--until-now", is_flag=True, help="Stop at the last event there is.")
@click.option("--as", "device", default="manager", show_default=True, help="The device to listen as.")
def watch(path: Path, since: int | None, until_now: bool, device: str) -> None:
    """Print the events, one JSON object a line."""
    try:
        asyncio.run(_watch(bundle_of(path, device), since, until_now))
    except NoController as error:
        click.echo(f"hall: {error}", err=True)
        raise SystemExit(EXIT_NO_CONTROLLER) from None


async def _watch(bundle: Bundle, since: int | None, until_now: bool) -> None:
    async with HallClient(bundle) as client:
        live: asyncio.Queue[Event | None] = asyncio.Queue()
        client.on_event(live.put_nowait)
        client.on_sync(lambda: live.put_nowait(None))
        client.on_connection(lambda on: None if on else click.echo("hall: connection lost; still trying", err=True))
        if until_now:
            await _print_pages(client, since or 0)
            return
        client.follow()
        hall = await client.synced(client.give_up_s)
        epoch = hall.epoch
        printed = await _print_pages(client, since) if since is not None else hall.seq
        stop = asyncio.create_task(until_told_to_stop())
        while True:
            waiting = asyncio.create_task(live.get())
            await asyncio.wait({stop, waiting}, return_when=asyncio.FIRST_COMPLETED)
            if stop.done():
                waiting.cancel()
                return
            event = waiting.result()
            hall = client.hall or hall
            if event is None:
                if hall.epoch != epoch:
                    # Restored from a backup: it may have gone back to before what was printed.
                    click.echo(f"hall: a new epoch, {hall.epoch}, from event {hall.seq} on", err=True)
                    epoch, printed = hall.epoch, hall.seq
                elif hall.seq < printed:
                    click.echo(f"hall: it has lost what it had after event {hall.seq}", err=True)
                    printed = hall.seq
                elif hall.seq > printed:
                    printed = await _print_pages(client, printed)
            elif event.seq > printed:
                _print(wire.encode_event(event))
                printed = event.seq


async def _print_pages(client: HallClient, since: int) -> int:
    """Print what happened after `since`; returns the last seq."""
    while True:
        page = await client.ask(wire.EventsSince(since))
        if not isinstance(page, wire.EventsReply):
            raise Trouble(page.message)
        if page.oldest_seq > since + 1:
            click.echo(f"hall: events before {page.oldest_seq} are archived", err=True)
        for raw in page.events:
            _print(bytes(raw))
        if len(page.events) < wire.PAGE:
            return page.last_seq
        since = wire.read_event(page.events[-1]).seq


def _print(line: bytes) -> None:
    click.echo(line.decode())


@click.command()
@part_argument
@click.option("--json", "as_json", is_flag=True, help="The whole state as JSON.")
@click.option("--as", "device", default="manager", show_default=True)
def show(path: Path, as_json: bool, device: str) -> None:
    """Show the hall now: hours, counters, queue, predicted waits."""
    try:
        snapshot = asyncio.run(snapshot_of(bundle_of(path, device)))
    except NoController as error:
        click.echo(f"hall: {error}", err=True)
        raise SystemExit(EXIT_NO_CONTROLLER) from None
    if as_json:
        hall = snapshot.state
        waits = [
            {
                "ticket": ticket,
                "number": hall.tickets[ticket].number,
                "ahead": told.ahead,
                "predicted_wait_s": told.wait_s,
                "predicted_bound_s": told.bound_s,
            }
            for ticket, told in predict(hall, snapshot.now_ms).items()
        ]
        made = {**_as_dict(snapshot), "hours": hours_of(hall, snapshot.now_ms), "predicted": waits}
        click.echo(wire.encode(made).decode())
    else:
        click.echo(render(visible(snapshot.state), snapshot.now_ms))


def _as_dict(snapshot: wire.SnapshotReply) -> dict[str, object]:
    return {"epoch": snapshot.epoch, "seq": snapshot.seq, "now_ms": snapshot.now_ms, "state": snapshot.state}


def hours_of(hall: Hall, now_ms: int) -> dict[str, object]:
    """Today's hours, whether the hall is open, and what comes next, for scripts."""
    rules = in_force(hall)
    day = local(rules, now_ms).date()
    now, following = opening_at(rules, now_ms, hall.extension), next_opening(rules, now_ms)
    return {
        "day": day.isoformat(),
        "kind": day_kind(rules, day),
        "stretches": [stretch._asdict() for stretch in _stretches(hall, now_ms)],
        "open": now is not None,
        "until_ms": now.end_ms if now else None,
        "next_ms": following.start_ms if following else None,
        "next_confirmed": is_promised(rules, following.start_ms, now_ms) if following else None,
        "extended_minutes": hall.extended_minutes,
    }


def _stretches(hall: Hall, now_ms: int) -> list[Stretch]:
    rules = in_force(hall)
    today = openings(rules, local(rules, now_ms).date(), hall.extension)
    return [stretch for opening in today for stretch in opening.stretches]


def _hours_lines(hall: Hall, now_ms: int) -> list[str]:
    """Today's hours with their bands, until when the hall is open, and why no tickets are issued."""
    rules = in_force(hall)
    today = local(rules, now_ms).date()
    special = rules.calendar.get(today.isoformat())
    name = f", {special.name_en or special.name_zh}" if special and (special.name_en or special.name_zh) else ""

    def at(at_ms: int) -> str:
        when = local(rules, at_ms)
        return f"{when:%H:%M}" if when.date() == today else f"{when:%Y-%m-%d %H:%M}"

    stretches = _stretches(hall, now_ms)
    spans = ", ".join(f"{at(one.start_ms)}-{at(one.end_ms)} {term(one.band).en}" for one in stretches) or "shut all day"
    now, following = opening_at(rules, now_ms, hall.extension), next_opening(rules, now_ms)
    state = f"open until {at(now.end_ms)}" if now else "shut now"
    if following is not None:
        state += f", opens {'again ' if now else ''}{at(following.start_ms)}"
        state += reserve(rules, following.start_ms, now_ms).en
    if hall.extended_minutes:
        state += f", extended by {hall.extended_minutes} min today"
    return [f"hours today ({day_kind(rules, today)}{name}): {spans}", state, _issuing(hall)]


def _alert_lines(hall: Hall, now_ms: int) -> list[str]:
    """One each, the oldest first."""
    alerts = sorted(hall.alerts.values(), key=lambda alert: (alert.raised_ms, alert.alert, alert.subject))
    return [f"alert {term(alert.alert).en}: {tell(hall, alert, now_ms).en}. {mend(alert.alert).en}" for alert in alerts]


def _issuing(hall: Hall) -> str:
    if hall.issuing is Issuing.OPEN:
        return "issuing is open"
    cause = hall.stop_cause or (StopCause.MANAGER if hall.issuing is Issuing.STOPPED else None)
    why = ": ".join(filter(None, (WHY_NOT.get(cause, str(cause)) if cause else "", hall.issuing_reason)))
    return f"issuing is {term(hall.issuing).en}: {why}"


def render(hall: Hall, now_ms: int) -> str:
    """The hall as a page of text."""
    rules = in_force(hall)
    now = local(rules, now_ms)
    named = f"{rules.hall} {rules.name_zh} {rules.name_en}  {now:%Y-%m-%d %H:%M:%S}"
    lines = [f"{named}  mode {term(hall.mode).en}, policy {term(hall.policy).en}"]
    lines += [*_hours_lines(hall, now_ms), *_alert_lines(hall, now_ms)]
    lines += ["", "counter  state          clerk     ticket  for"]
    for number in range(1, rules.counters + 1):
        counter = hall.counters.get(number) or Counter(counter=number)
        ticket = hall.tickets.get(counter.ticket or 0)
        for_s = max(0, now_ms - counter.since_ms) // 1000 if counter.since_ms else 0
        back = f"  lunch until {local(rules, counter.back_at_ms):%H:%M}" if counter.back_at_ms is not None else ""
        lines.append(
            f"{number:>7}  {_state(counter):<14} {_pad(counter.clerk or '-', 8)}"
            f"  {(ticket.number or '-') if ticket else '-':<6}  {times.clock(for_s).en}{back}"
        )
    expected = predict(hall, now_ms)
    lines += ["", f"waiting {len(expected)}, visits today {sum(hall.visits.values())}, tickets today {hall.issued}"]
    if expected:
        lines.append("number  class         waited  predicted  nine in ten  matter")
    for number, told in expected.items():
        ticket = hall.tickets[number]
        waited_s = max(0, now_ms - ticket.issued_at_ms) // 1000
        lines.append(
            f"{ticket.number:<6}  {term(ticket.visitor_class).en.lower():<11}  {times.clock(waited_s).en:>7}"
            f"  {waits.brief(told.wait_s).en:>9}  {waits.at_most(told.wait_s, told.bound_s).en:>11}  {ticket.matter}"
        )
    others = [t for t in hall.tickets.values() if t.state in OTHERS]
    lines += [f"{term(ticket.state).en}: {ticket.number or f'#{ticket.ticket}'}" for ticket in others]
    return "\n".join(lines)


def _state(counter: Counter) -> str:
    return term(counter.state).en.lower() + (" +pause" if counter.pausing else "")


def _pad(text: str, width: int) -> str:
    used = sum(2 if unicodedata.east_asian_width(letter) in "WF" else 1 for letter in text)
    return text + " " * max(0, width - used)
