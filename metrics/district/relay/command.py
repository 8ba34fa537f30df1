"""What `hall district relay` does, apart from its options."""

import asyncio
import contextlib
from pathlib import Path
from typing import Any

import click
import msgspec

from hall_controller.part import EXIT_NO_CONTROLLER, Trouble, log_to_stderr
from metrics.district.inventory import Inventory
from metrics.district.ledger.collect import Pace
from metrics.district.relay.outbox import Outbox, OutboxTrouble
from metrics.district.relay.relay import Relay
from metrics.district.relay.relay import run as run_relay
from metrics.district.relay.shown import make_status, needs_someone, status_lines

EXIT_NEEDS_SOMEONE = 1


def run(inventory: Inventory, **options: Any) -> int:
    """The exit code. Raises Trouble."""
    outbox: Path = options["outbox"]
    try:
        if options["again"] or options["dismiss"]:
            _mend(outbox, options["again"], options["dismiss"])
        elif not options["is_status"]:
            code = _pass_on(inventory, options)
            if not options["as_json"]:
                return code
            _show(inventory, outbox, as_json=True)
            return code
        return _show(inventory, outbox, as_json=options["as_json"])
    except OutboxTrouble as error:
        raise Trouble(str(error)) from None


def _pass_on(inventory: Inventory, options: dict[str, Any]) -> int:
    if options["bundles"] is None:
        raise Trouble("where are the halls' bundles? Give --bundles DIR")
    log_to_stderr("relay")
    pace = Pace(options["every_s"], options["patience_s"], options["retry_s"])

    async def passing() -> int:
        relay = Relay([hall.id for hall in inventory.hall], options["bundles"], pace)
        outcome = await run_relay(relay, options["outbox"], rehearsal=options["rehearsal"], once=options["once"])
        if outcome is None:
            return 0
        if not options["as_json"]:
            click.echo(f"{outcome.halls - len(outcome.away)} of {outcome.halls} halls were read, and told what waited")
        if outcome.away:
            click.echo(f"hall: away: {', '.join(outcome.away)}", err=True)
        return EXIT_NO_CONTROLLER if outcome.away else 0

    return asyncio.run(passing())


def _mend(file: Path, again: tuple[int, ...], dismissed: tuple[int, ...]) -> None:
    with contextlib.closing(Outbox(file)) as outbox:
        for message in (*again, *dismissed):
            if not outbox.mend(message, again=message in again):
                raise Trouble(
                    f"{message}: no message of this number has failed; `hall district relay --status` lists them"
                )


def _show(inventory: Inventory, file: Path, *, as_json: bool) -> int:
    with contextlib.closing(Outbox(file)) as outbox:
        status = make_status(outbox, frozenset(hall.id for hall in inventory.hall))
    click.echo(msgspec.json.encode(status).decode() if as_json else "\n".join(status_lines(status)))
    return EXIT_NEEDS_SOMEONE if needs_someone(status) else 0
