"""What waits for whom and since when: for `hall district relay --status` and for whoever reads it by machine."""

import time
from collections.abc import Iterator
from typing import Any

from metrics.district.ledger.shown import ago
from metrics.district.relay.messages import State
from metrics.district.relay.models import HallRow, MessageRow
from metrics.district.relay.outbox import Outbox

LONG_MS = 2 * 86_400_000
"""What waits longer is somebody's business."""


def make_status(outbox: Outbox, known: frozenset[str]) -> dict[str, Any]:
    """`known`: the ids of the inventory."""
    halls = {row.hall: row for row in outbox.halls()}
    open_ = outbox.messages(State.WAITING, State.FAILED)
    return {
        "rehearsal": outbox.rehearsal,
        "counts": outbox.counts(),
        "waiting": [_message(row, halls, known) for row in open_ if row.state == State.WAITING],
        "failed": [_message(row, halls, known) for row in open_ if row.state == State.FAILED],
        "halls": [
            {"hall": row.hall, "heard_ms": row.heard_ms, "read_to": row.seq, "trouble": row.trouble,
             "trouble_ms": row.trouble_ms}
            for row in halls.values()
        ],
    }  # fmt: skip


def _message(row: MessageRow, halls: dict[str, HallRow], known: frozenset[str]) -> dict[str, Any]:
    return {
        "id": row.id,
        "to_hall": row.to_hall,
        "from_hall": row.from_hall,
        "kind": row.kind,
        "subject": row.subject,
        "said_ms": row.said_ms,
        "since_ms": row.noted_ms,
        "tries": row.tries,
        "reason": row.reason or _why(row.to_hall, halls.get(row.to_hall), known),
    }


def _why(hall: str, row: HallRow | None, known: frozenset[str]) -> str:
    """What keeps a message from a hall that has not even refused it."""
    if hall not in known:
        return f"the inventory has no hall {hall}; was the list sent to the right one?"
    if row is None:
        return f"there is no bundle of {hall} yet; copy its devices/district.toml to BUNDLES/{hall}.toml"
    return str(row.trouble)


def needs_someone(status: dict[str, Any]) -> bool:
    """Something failed, or waits so long that nobody can still wait for it."""
    now_ms = time.time_ns() // 1_000_000
    return bool(status["failed"]) or any(now_ms - one["since_ms"] > LONG_MS for one in status["waiting"])


def status_lines(status: dict[str, Any]) -> Iterator[str]:
    now_s = time.time()
    if status["rehearsal"]:
        yield "this is the outbox of a rehearsal: these papers never were"
    counts = status["counts"]
    done = counts[State.ACCEPTED] + counts[State.SUPERSEDED] + counts[State.DISMISSED]
    yield f"{counts[State.WAITING]} messages wait, {counts[State.FAILED]} failed, {done} are done"
    for name in ("failed", "waiting"):
        if status[name]:
            yield ""
            yield f"{name:<8}{'id':>5}  {'for hall':<10} {'what':<9}{'number':<20}{'since':>11}  why"
        for one in status[name]:
            since = ago(now_s - one["since_ms"] / 1000)
            what = f"{one['id']:>13}  {one['to_hall']:<10} {one['kind']:<9}{one['subject']:<20}{since:>11}"
            yield f"{what}  {one['reason']}".rstrip()
    troubled = [row for row in status["halls"] if row["trouble"]]
    if troubled:
        yield ""
        yield f"{'hall':<10}{'heard':>10}{'read to':>12}  trouble"
    for row in troubled:
        heard = "never" if row["heard_ms"] is None else ago(now_s - row["heard_ms"] / 1000)
        yield f"{row['hall']:<10}{heard:>10}{row['read_to']:>12}  {row['trouble']}"
