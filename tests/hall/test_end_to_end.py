"""The hall as the issue's author would try it: init, controller, do, show, watch."""

import asyncio
import json

from hall_controller.bus.client import HallClient
from hall_controller.bus.wire import Accepted
from hall_controller.controller import CHECKPOINT_EVENTS
from hall_controller.domain import commands as c
from hall_controller.journal.journal import Journal
from tests.support import MATTER, RunningHall, hall_command, run_async


def test_a_ticket_is_issued_called_and_served(hall: RunningHall) -> None:
    assert isinstance(hall.do(c.OpenCounter(counter=3, clerk="007")), Accepted)
    issued = hall.do(c.IssueTicket(matter=MATTER))
    assert issued.number == "A001"
    called = hall.do(c.CallNext(counter=3), as_="counter-3")
    assert (called.ticket, called.number, called.counter) == (issued.ticket, "A001", 3)
    hall.do(c.StartService(counter=3, ticket=issued.ticket), as_="counter-3")
    hall.do(c.FinishService(counter=3, ticket=issued.ticket), as_="counter-3")
    assert hall.state().visits
    seen = [json.loads(line) for line in hall_command("watch", hall.dir, "--until-now").stdout.splitlines()]
    assert [event["seq"] for event in seen] == list(range(1, len(seen) + 1))
    assert [event["type"] for event in seen[-4:]] == [
        "ticket_issued", "ticket_called", "service_started", "service_finished",
    ]  # fmt: skip


def test_nobody_waiting_is_accepted_with_a_null_ticket(hall: RunningHall) -> None:
    hall.do(c.OpenCounter(counter=1, clerk="007"))
    reply = json.loads(hall_command("do", hall.dir, "call_next", "--counter", "1").stdout)
    assert reply["type"] == "accepted"
    assert reply["ticket"] is None


def test_exit_codes_of_hall_do(hall: RunningHall) -> None:
    refused = hall_command("do", hall.dir, "call_next", "--counter", "1")
    assert refused.returncode == 3
    assert "Counter 1 is closed" in refused.stderr
    assert hall_command("do", hall.dir, "call_nxt").returncode == 2
    hall.stop()
    silent = hall_command("do", hall.dir, "call_next", "--counter", "1", "--timeout", "1")
    assert silent.returncode == 4
    assert "no answer" in silent.stderr


def test_a_long_day_is_checkpointed_while_the_hall_runs(hall: RunningHall) -> None:
    async def notices() -> None:
        async with HallClient(hall.bundle("manager")) as client:
            for _ in range(25):
                await asyncio.gather(*(client.ask(c.SetNotice(zh=str(number))) for number in range(100)))

    run_async(notices)
    with Journal(hall.dir, read_only=True) as journal:
        assert journal.checkpoint_seq() >= CHECKPOINT_EVENTS
