"""Speed of `issue_ticket` in a hall at work, beside the machine's own limits: docs/benchmarks.md is this table.

A number is issued with a prediction, over the counters that are open and all who wait. So there is a hall with 8
counters and 60 waiting, one with 40 and 500, and for comparison a closed one, which predicts nothing. Each round of a
hall stands beside a round of the echo; figures are medians of rounds, with the middle half of them.
"""

import json
import statistics
from collections.abc import Sequence
from pathlib import Path
from typing import Any, NamedTuple

import pytest

from hall_controller.bus import wire
from hall_controller.bus.keys import load_server_pair
from hall_controller.domain import commands as c
from hall_controller.domain.ticket import TicketState
from tests.benchmarks.conftest import Report
from tests.benchmarks.load import Load, Measured, commit_s, echo
from tests.support import RunningHall, make_hall, start_controller

MATTERS = ("id-card-renew", "residence-permit", "social-card", "medical-refund", "business-change", "permit-food-small")
IN_FLIGHT = 32
ISSUED, ECHOED, ALONE = 64, 640, 12
"""Requests of one round: in the hall with many clients, at the echo, in the hall with one client."""
ROUNDS = 21


class Site(NamedTuple):
    counters: int
    waiting: int
    """In the middle of each round; 0 for a hall that is closed."""
    least: float
    """Of the echo's rate: half of what was measured, or less, so that it holds on a machine that does other work."""
    most_alone: float
    """Of what one client waits at least: twice what was measured, or more, likewise."""


SITES = {
    "closed, nobody predicted": Site(8, 0, 0.08, 5),
    "8 counters, 60 waiting": Site(8, 60, 0.005, 12),
    "40 counters, 500 waiting": Site(40, 500, 0.002, 25),
}


class Round(NamedTuple):
    echoed: Measured
    issued: Measured
    limit_s: float
    """What one client would wait at least: a round trip to the echo and a bare durable commit."""
    alone_s: float


@pytest.mark.timeout(600)
@pytest.mark.parametrize("name", SITES)
def test_numbers_are_issued_in_a_hall_at_work(tmp_path: Path, report: Report, name: str) -> None:
    site = SITES[name]
    directory = make_hall(tmp_path, counters=site.counters)
    with (
        echo(load_server_pair(directory)) as baseline,
        start_controller(directory) as hall,
        Load(hall.bundle("manager"), hall.bundle("manager").commands, IN_FLIGHT) as work,
        Load(hall.bundle("reception"), baseline, IN_FLIGHT) as echoing,
        Load(hall.bundle("reception"), hall.bundle("reception").commands, IN_FLIGHT) as issuing,
        Load(hall.bundle("reception"), baseline, 1) as echoing_alone,
        Load(hall.bundle("reception"), hall.bundle("reception").commands, 1) as issuing_alone,
    ):
        if site.waiting:
            _open(work, issuing, site)

        def play(number: int) -> Round:
            echoed = echoing.run(_issue, ECHOED, f"e{number}")
            issued = issuing.run(_issue, ISSUED, f"i{number}")
            _cancel(work, issued.replies, f"ci{number}")
            limit_s = echoing_alone.run(_issue, ECHOED, f"a{number}").median_s + commit_s(tmp_path, _issue(0) * 6, 100)
            alone = issuing_alone.run(_issue, ALONE, f"j{number}")
            _cancel(work, alone.replies, f"cj{number}")
            return Round(echoed, issued, limit_s, alone.median_s)

        rounds = [play(number) for number in range(ROUNDS + 1)][1:]  # the first one fills the caches
        _check(hall, site, rounds)
    _tell(report, name, site, rounds)


def _issue(number: int) -> bytes:
    return wire.encode(c.IssueTicket(matter=MATTERS[number % len(MATTERS)]))


def _all(load: Load, commands: Sequence[c.Command], tag: str) -> list[Any]:
    """The replies, none of which is a refusal."""
    bodies = [wire.encode(command) for command in commands]
    replies = [json.loads(reply) for reply in load.run(bodies.__getitem__, len(bodies), tag).replies]
    assert all(reply["type"] == "accepted" for reply in replies), replies[0]
    return replies


def _open(work: Load, issuing: Load, site: Site) -> None:
    """Every counter serves somebody; as many wait that `site.waiting` do in the middle of a round."""
    counters = range(1, site.counters + 1)
    _all(work, [c.OpenCounter(counter=number, clerk=f"{number:03}") for number in counters], "open")
    issuing.run(_issue, site.counters + site.waiting - ISSUED // 2, "first")
    called = _all(work, [c.CallNext(counter=number) for number in counters], "call")
    starts = [c.StartService(counter=reply["counter"], ticket=reply["ticket"]) for reply in called]
    _all(work, starts, "start")


def _cancel(work: Load, replies: list[bytes], tag: str) -> None:
    """So that the next round finds as many waiting as this one."""
    _all(work, [c.CancelTicket(ticket=json.loads(reply)["ticket"]) for reply in replies], tag)


def _check(hall: RunningHall, site: Site, rounds: list[Round]) -> None:
    numbers = [json.loads(reply)["number"] for one in rounds for reply in one.issued.replies]
    assert len(set(numbers)) == len(numbers) == ROUNDS * ISSUED, "a number was given twice"
    state = hall.state()
    waiting = [ticket for ticket in state.tickets.values() if ticket.state is TicketState.WAITING]
    assert len(waiting) == max(0, site.waiting - ISSUED // 2)
    told = [json.loads(reply).get("predicted_wait_s") for one in rounds for reply in one.issued.replies]
    assert all((wait is None) is (site.waiting == 0) for wait in told), "a hall at work tells each visitor a wait"


def _tell(report: Report, name: str, site: Site, rounds: list[Round]) -> None:
    ratios = [one.issued.rate / one.echoed.rate for one in rounds]
    rate, echoed = middle([one.issued.rate for one in rounds]), middle([one.echoed.rate for one in rounds])
    shown = f"{rate}/s of {echoed}/s echoed"
    report(f"issue_ticket, {IN_FLIGHT} in flight; {name}", shown, statistics.median(ratios), f">= {site.least:g}")
    alone = middle([one.alone_s * 1e6 for one in rounds])
    limit = middle([one.limit_s * 1e6 for one in rounds])
    times = [one.alone_s / one.limit_s for one in rounds]
    report(
        f"issue_ticket, one client; {name}",
        f"{alone} us of {limit} us",
        statistics.median(times),
        f"<= {site.most_alone:g}",
    )
    assert statistics.median(ratios) >= site.least
    assert statistics.median(times) <= site.most_alone


def middle(values: list[float]) -> str:
    """The median, with the middle half of the values."""
    low, median, high = statistics.quantiles(values, n=4)
    return f"{median:,.0f} ({low:,.0f} to {high:,.0f})"
