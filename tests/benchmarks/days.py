"""Halls in the middle of a day, made by the core itself and written to their journals in large commits."""

import time
from pathlib import Path

from hall_controller.bus.wire import encode
from hall_controller.config import load_catalogue, load_config
from hall_controller.domain import commands as c
from hall_controller.domain.decide import decide
from hall_controller.domain.decisions.common import Moment
from hall_controller.domain.evolve import evolve
from hall_controller.domain.sender import HALL
from hall_controller.journal.journal import Entry, Journal
from tests.support import MATTER


def seed_day(directory: Path, tickets: int, waiting: int, *, checkpoint: bool = True) -> None:
    """`tickets` issued today, of which `waiting` still wait and the rest were served at counter 1."""
    rules, catalogue = load_config(directory).rules(), load_catalogue(directory)
    with Journal(directory) as journal:
        hall = journal.load()
        entries: list[Entry] = []
        # A minute ago, so that the clock of the controller goes on from here.
        at_ms = max(time.time_ns() // 1_000_000 - 60_000, hall.at_ms)

        def do(command: c.Command) -> None:
            events = decide(hall, command, Moment(at_ms=at_ms, by=HALL, catalogue=catalogue))
            assert isinstance(events, list), events
            for event in events:
                evolve(hall, event)
                entries.append(Entry.of(event, encode(event)))

        do(c.ChangeRules(rules=rules))
        do(c.Tick())
        do(c.OpenCounter(counter=1, clerk="seed"))
        for number in range(tickets):
            do(c.IssueTicket(matter=MATTER))
            if number >= waiting:
                do(c.CallNext(counter=1))
                do(c.StartService(counter=1))
                do(c.FinishService(counter=1))
        do(c.CloseCounter(counter=1))
        journal.commit(entries, [])
        if checkpoint:
            journal.checkpoint(hall)
