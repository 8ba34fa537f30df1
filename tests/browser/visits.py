"""A hall with the sample district's catalogue and a register of credit, and visits in it from beginning to end."""

import contextlib
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from hall_controller.bus import wire
from hall_controller.catalogue.files import write_catalogue
from hall_controller.catalogue.sample import sample_district
from hall_controller.domain import commands as c
from tests.support import RunningHall, make_hall_at, start_controller

CATALOGUE = sample_district()
COMPANY, SEAL, *REST = [matter.code for matter in CATALOGUE.themes()["open-restaurant"].matters]
APPLICANT = "440300199001011234"


@contextlib.contextmanager
def sample_hall(where: Path) -> Iterator[RunningHall]:
    """On a Wednesday at ten, counters 1 and 2 open."""
    directory = make_hall_at(where, "2026-11-25 09:30")
    write_catalogue(CATALOGUE, directory / "matters.csv")
    (directory / "credit.csv").write_text(f"applicant,rating\n{APPLICANT},good\n", "utf-8")
    with start_controller(directory) as hall:
        hall.set_clock("2026-11-25 10:00")
        for counter in (1, 2):
            hall.do(c.OpenCounter(counter=counter, clerk=f"00{counter}"))
        yield hall


def take(hall: RunningHall, **fields: Any) -> wire.Accepted:
    reply = hall.do(c.IssueTicket(**{"matter": COMPANY, **fields}), as_="reception")
    assert isinstance(reply, wire.Accepted), reply
    return reply


def serve(hall: RunningHall, counter: int = 1) -> None:
    hall.do(c.CallNext(counter=counter))
    hall.do(c.StartService(counter=counter))


def finish(hall: RunningHall, counter: int = 1) -> None:
    reply = hall.do(c.FinishService(counter=counter))
    assert isinstance(reply, wire.Accepted), reply


def accept(hall: RunningHall, matter: str = COMPANY, **fields: Any) -> str:
    reply = hall.do(c.AcceptMatter(counter=1, matter=matter, **fields))
    assert isinstance(reply, wire.Accepted), reply
    return str(reply.receipt)
