"""hall acceptances: what was accepted and not handed out yet, for a department; and the papers between halls."""

import asyncio
import sqlite3
from pathlib import Path
from typing import Any

import click
import msgspec

from hall_controller.bus.client import NoController
from hall_controller.cli.asking import bundle_of, snapshot_of
from hall_controller.domain.acceptance import (
    Acceptance,
    AcceptanceState,
    Consignment,
    is_decided,
    is_overdue,
    is_under_way,
)
from hall_controller.domain.hall import Hall, in_force
from hall_controller.domain.hours import local
from hall_controller.domain.plain_text import visible
from hall_controller.journal.journal import Journal, JournalTrouble
from hall_controller.lock import is_locked
from hall_controller.part import EXIT_NO_CONTROLLER, Trouble, part_argument


@click.command()
@part_argument
@click.option("--department", help="Of this department alone.")
@click.option("--state", type=click.Choice([str(state) for state in AcceptanceState]), help="That stand so.")
@click.option("--overdue", is_flag=True, help="Whose documents, result or papers are late.")
@click.option("--consignments", is_flag=True, help="The papers between this hall and others instead.")
@click.option("--json", "as_json", is_flag=True, help="As JSON, one list.")
@click.option("--as", "device", default="manager", show_default=True, help="The device to ask as.")
def acceptances(
    path: Path,
    department: str | None,
    state: str | None,
    overdue: bool,
    consignments: bool,
    as_json: bool,
    device: str,
) -> None:
    """List what was accepted at the counters and not handed out yet, oldest first."""
    try:
        hall, now_ms = _hall(path, device)
    except NoController as error:
        click.echo(f"hall: {error}", err=True)
        raise SystemExit(EXIT_NO_CONTROLLER) from None
    today = local(in_force(hall), now_ms).date().isoformat() if hall.rules else ""
    found: list[Any]
    if consignments:
        found = [one for one in hall.consignments.values() if is_overdue(one, now_ms) or not overdue]
    else:
        found = [
            one
            for one in sorted(hall.acceptances.values(), key=lambda one: (one.accepted_at_ms, one.receipt))
            if department in (None, one.department)
            and state in (None, one.state)
            and (is_late(hall, one, today, now_ms) or not overdue)
        ]
    if as_json:
        click.echo(msgspec.json.encode(found).decode())
        return
    hall = visible(hall)
    for one in visible(found):
        click.echo(_papers(hall, one, now_ms) if isinstance(one, Consignment) else _line(hall, one, today, now_ms))
    if not found:
        click.echo("hall: there is nothing of the kind", err=True)


def is_late(hall: Hall, one: Acceptance, today: str, now_ms: int) -> bool:
    """Documents or the result are past their day, or its papers are past their time on the way."""
    papers = hall.consignments.get(one.consignment or "")
    return (
        (bool(one.outstanding_zh) and (one.documents_due_day or today) < today)
        or (not is_decided(one) and (one.result_due_day or today) < today)
        or (papers is not None and one.state is AcceptanceState.SENT and is_overdue(papers, now_ms))
    )


def _line(hall: Hall, one: Acceptance, today: str, now_ms: int) -> str:
    told = [one.receipt, f"{one.state:<9}", one.matter or "?", one.department or "-"]
    if one.outstanding_zh:
        told.append(f"lacks {'、'.join(one.outstanding_zh)} until {one.documents_due_day}")
    if one.result_due_day and not is_decided(one):
        told.append(f"result by {one.result_due_day}")
    if one.state is AcceptanceState.ACCEPTED and one.to_hall:
        told.append(f"papers for {one.to_hall}")
    if one.consignment and one.state is AcceptanceState.SENT:
        told.append(f"on {one.consignment}")
    if one.from_hall:
        told.append(f"of {one.from_hall}")
    if is_late(hall, one, today, now_ms):
        told.append("OVERDUE")
    return "  ".join(told)


def _papers(hall: Hall, one: Consignment, now_ms: int) -> str:
    due = f"due {local(in_force(hall), one.due_ms):%Y-%m-%d %H:%M}" if one.due_ms is not None else "unannounced"
    count = f"{len(one.receipts) - len(one.missing)} of {len(one.receipts)} there" if one.received_at_ms else ""
    late = "OVERDUE" if is_overdue(one, now_ms) else "" if is_under_way(one) else "settled"
    told = (one.consignment, f"{one.state:<9}", f"{one.from_hall} -> {one.to_hall}", str(one.carries), due, count, late)
    return "  ".join(text for text in told if text)


def _hall(path: Path, device: str) -> tuple[Hall, int]:
    """Asked of the running hall; of one that is off, read in its journal. Raises Trouble, NoController."""
    if path.is_dir() and not is_locked(path):
        try:
            with Journal(path, read_only=True) as journal:
                hall = journal.load()
        except (JournalTrouble, sqlite3.Error) as error:
            raise Trouble(str(error)) from None
        return hall, hall.at_ms
    snapshot = asyncio.run(snapshot_of(bundle_of(path, device)))
    return snapshot.state, snapshot.now_ms
