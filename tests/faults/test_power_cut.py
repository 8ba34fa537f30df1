"""kill -9 of the controller under load: what was answered has happened once, and nothing else has."""

import asyncio
import json
import random
from collections import Counter
from contextlib import AsyncExitStack
from pathlib import Path
from typing import Any

import pytest

from hall_controller.bus.client import HallClient
from hall_controller.bus.wire import Accepted
from hall_controller.checking import check_hall
from hall_controller.domain import commands as c
from hall_controller.domain.refusal import Refusal
from hall_controller.journal.journal import Journal
from tests.nightly import record_steps
from tests.support import BOUND_S, MATTER, RunningHall, make_hall, run_async, start_controller

COUNTERS = 4


@pytest.mark.parametrize(
    "kills", [20, pytest.param(100, marks=[pytest.mark.nightly("faults"), pytest.mark.timeout(600)], id="nightly")]
)
@pytest.mark.timeout(120)
def test_every_answered_command_is_there_exactly_once(tmp_path: Path, kills: int) -> None:
    """The clients keep asking with the same request ids across the cuts, as the real ones do."""
    rng = random.Random(kills)
    with start_controller(make_hall(tmp_path, counters=COUNTERS)) as hall:
        for number in range(1, COUNTERS + 1):
            hall.do(c.OpenCounter(counter=number, clerk=f"{number:03}"))
        answered = run_async(lambda: _load_through_kills(hall, rng, kills))
        hall.stop()
        _check(hall.dir, answered)
    record_steps("kills", kills)
    record_steps("answers", len(answered))


async def _load_through_kills(hall: RunningHall, rng: random.Random, kills: int) -> list[Accepted]:
    answered: list[Accepted] = []
    done = asyncio.Event()
    async with AsyncExitStack() as stack:

        async def client(name: str) -> HallClient:
            # A short wait for each try: the reply that a kill swallowed is asked for again soon.
            return await stack.enter_async_context(HallClient(hall.bundle(name), timeout_s=0.3, give_up_s=BOUND_S))

        work = [_issue_for_ever(await client(name), answered, done) for name in ("kiosk", "reception")]
        work += [_serve_for_ever(await client(f"counter-{n}"), n, answered, done) for n in range(1, COUNTERS + 1)]
        workers = [asyncio.create_task(one) for one in work]
        for _ in range(kills):
            enough = len(answered) + rng.randint(1, 120)
            while len(answered) < enough:  # a random moment of the work, not of the wall clock
                await asyncio.sleep(0)
                for worker in workers:
                    if worker.done():
                        worker.result()
            await asyncio.to_thread(hall.kill)
            await asyncio.to_thread(hall.start)
        done.set()
        await asyncio.gather(*workers)
    return answered


async def _issue_for_ever(client: HallClient, answered: list[Accepted], done: asyncio.Event) -> None:
    while not done.is_set():
        answered.append(await _accepted(client, c.IssueTicket(matter=MATTER)))


async def _serve_for_ever(client: HallClient, counter: int, answered: list[Accepted], done: asyncio.Event) -> None:
    while not done.is_set():
        call = await _accepted(client, c.CallNext(counter=counter))
        answered.append(call)
        if not isinstance(call.ticket, int):
            continue
        answered.append(await _accepted(client, c.StartService(counter=counter, ticket=call.ticket)))
        answered.append(await _accepted(client, c.FinishService(counter=counter, ticket=call.ticket)))


async def _accepted(client: HallClient, command: c.Command) -> Accepted:
    reply: Any = await client.ask(command)
    assert not isinstance(reply, Refusal), f"{command} was refused: {reply.message}"
    assert isinstance(reply, Accepted)
    return reply


def _check(directory: Path, answered: list[Accepted]) -> None:
    with Journal(directory, read_only=True) as journal:
        events = [json.loads(body) for body in journal.bodies()]
        remembered = journal.count_answers()
    assert [event["seq"] for event in events] == list(range(1, len(events) + 1))
    kinds = Counter(event["type"] for event in events)
    # Answers of the type "nobody waits" led to no event and are not kept.
    effective = [reply for reply in answered if reply.ticket is not None]
    assert len({reply.seq for reply in effective}) == len(effective), "two commands were answered by one event"
    assert len(effective) + COUNTERS == remembered, "an answered command is missing, or one was done twice"
    issued = {event["ticket"]: event["number"] for event in events if event["type"] == "ticket_issued"}
    assert len(set(issued.values())) == len(issued), "a number was given twice"
    called = Counter(event["ticket"] for event in events if event["type"] == "ticket_called")
    assert set(called.values()) == {1}, "a ticket was called twice"
    replied = {reply.seq for reply in effective}
    assert replied <= {event["seq"] for event in events}
    assert kinds["service_started"] == kinds["service_finished"]
    assert all(finding.ok for finding in check_hall(directory) if finding.subject == "journal")
