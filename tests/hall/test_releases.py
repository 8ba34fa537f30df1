"""Clients and halls of different releases, over the real bus: each of tests/releases.txt beside today's."""

import contextlib
import json
import shutil
import sqlite3
from collections.abc import Iterator
from pathlib import Path

import pytest

from hall_controller.bus import wire
from hall_controller.bus.client import SILENCE_S, HallClient
from hall_controller.bus.features import Feature
from hall_controller.domain import commands as c
from hall_controller.domain.refusal import Code, Refusal
from hall_controller.domain.ticket import TicketState
from tests.browser.boards import board_of
from tests.district.ledgers import District, last_seqs, read_to
from tests.district.watching import Exporter
from tests.gateway.gateways import enroll, gateway
from tests.hall.board_page import calls_on, page
from tests.hall.releases import RELEASES, Release, check_out, differences, play, state_of
from tests.hall.test_bus_client import until
from tests.support import (
    BOUND_S,
    MATTER,
    RunningHall,
    hall_command,
    make_hall,
    start_controller,
    start_part,
    started,
    wait_for,
)
from tests.terminal.bench import clerk_at, greeter, manager_at
from tests.terminal.test_clerk import called, issue, opened

pytestmark = pytest.mark.nightly("releases")
COUNTED_ANEW = {"passed"}
"""What a release counts in its own way, for the next call alone."""


@pytest.fixture(scope="module", params=RELEASES, ids=lambda release: release.name)
def release(request: pytest.FixtureRequest) -> Release:
    return request.param  # type: ignore[no-any-return]


@pytest.fixture(scope="module")
def tree(release: Release, tmp_path_factory: pytest.TempPathFactory) -> Path:
    return check_out(release, tmp_path_factory.mktemp(release.name))


@pytest.fixture
def older(tree: Path, tmp_path: Path) -> Iterator[RunningHall]:
    """A hall of this release."""
    with start_controller(make_hall(tmp_path, tree=tree), tree) as hall:
        yield hall


def told_apart(one: object, other: object) -> list[str]:
    return [path for path in differences(one, other) if path.rpartition(".")[2] not in COUNTED_ANEW]


# --- clients of today at an older hall ---------------------------------------------------------------


def test_a_client_of_today_follows_an_older_hall(older: RunningHall) -> None:
    replies, followed = play(older)
    assert "refused" not in {reply["type"] for reply in replies}
    assert followed is not None
    assert told_apart(followed, state_of(older)) == []


async def test_an_older_hall_is_not_sent_what_it_does_not_list(older: RunningHall, release: Release) -> None:
    """The pulses are heard for longer than the silence of a lost connection."""
    heard: list[bool] = []
    async with HallClient(older.bundle("counter-1")) as client, HallClient(older.bundle("reception")) as reception:
        client.on_connection(heard.append)
        client.follow()
        await client.synced(BOUND_S)
        begun_ms = client.now_ms()
        if not release.reads_what_is_new:
            assert client.features == frozenset()
        assert isinstance(await client.ask(c.OpenCounter(counter=1, clerk="007", seen_seq=1)), wire.Accepted)
        issued = await reception.ask(c.IssueTicket(matter=MATTER, seen_seq=1))
        await until(lambda: client.hall is not None and issued.ticket in client.hall.tickets, "the visitor")
        seen_seq = client.hall.seq if client.hall else 0
        assert (await client.ask(c.CallNext(counter=1, seen_seq=seen_seq))).ticket == issued.ticket
        again = await client.ask(c.StartService(counter=1, ticket=issued.ticket, seen_seq=seen_seq))
        assert isinstance(again, Refusal) == (Feature.SEEN_SEQ in client.features)
        moved = await reception.ask(c.RebookTicket(ticket=issued.ticket, slot_at_ms=client.now_ms()))
        assert isinstance(moved, Refusal)
        assert (moved.code is Code.UNKNOWN_COMMAND) == (Feature.REBOOK not in client.features)
        await until(lambda: client.now_ms() > begun_ms + SILENCE_S * 1000 + 1500, "some pulses")
        assert heard == [True]


async def test_terminals_of_today_work_at_an_older_hall(older: RunningHall) -> None:
    async with clerk_at(older) as clerk, greeter(older) as reception, manager_at(older) as manager:
        [number] = issue(older)
        await opened(clerk)
        await called(clerk, number)
        for at in (reception, manager):
            await at.until(lambda at=at: at.counter().state == "calling", "the call")  # type: ignore[misc]
        await clerk.press("s")
        await clerk.until_told(f"{number} 开始办理")
        await clerk.press("z")
        await clerk.until(lambda: clerk.counter().state == "calling", "the start taken back")
        await clerk.press("s")
        await clerk.until(lambda: clerk.counter().state == "serving", "the service again")
        await clerk.press("f")
        await clerk.until(lambda: number not in {one.number for one in clerk.hall.tickets.values()}, "the end of it")


def test_screens_exporter_and_gateway_of_today_work_at_an_older_hall(older: RunningHall) -> None:
    play(older)
    calling = {(one.number, one.counter) for one in older.state().tickets.values() if one.state is TicketState.CALLED}
    assert len(calling) == 1
    with board_of(older) as board:
        wait_for(lambda: page(f"{board.address}/healthz") == "heard", "the hall on the board")
        wait_for(lambda: calls_on(board.address) == calling, "the call on the board")
    with started((exporter := Exporter(older.dir)).process):
        exporter.wait_for(1, "hall_up")
        exporter.wait_for(1, "hall_counters", state="calling")
    enroll(older.dir)
    with gateway(older.dir) as url:
        wait_for(lambda: json.loads(page(f"{url}/hall"))["waiting"], "the hall at the gateway")
    for part in ("kiosk", "printer"):
        with started(start_part(older.dir, part)):
            pass
        assert "Traceback" not in (log := (older.dir.parent / f"{part}.log").read_text("utf-8")), log


@pytest.mark.parametrize("live", [False, True])
def test_the_districts_ledger_of_today_counts_an_older_hall(tree: Path, tmp_path: Path, *, live: bool) -> None:
    """At the end of the day, or event by event."""
    district, url = District(tmp_path, halls=1, rehearsal=False), f"sqlite:///{tmp_path}/ledger.db"
    [directory] = map(district.dir, district.ids)
    shutil.rmtree(directory)
    make_hall(tmp_path, tree=tree).rename(directory)
    district.enlist(*district.ids)
    with start_controller(directory, tree) as older, district.collecting(url) if live else contextlib.nullcontext():
        play(older)
        if live:
            wait_for(lambda: read_to(url) >= last_seqs({"BA001": older}), "the ledger")
    with start_controller(directory, tree):
        assert district.must_agree(url)["visits"]["total"] > 0


# --- clients of an older release at today's hall ------------------------------------------------------


def test_an_older_client_acts_at_todays_hall_and_follows_it_or_says_that_it_does_not(
    tree: Path, release: Release, tmp_path: Path
) -> None:
    with start_controller(make_hall(tmp_path)) as hall:
        replies, followed = play(hall, tree)
        assert "refused" not in {reply["type"] for reply in replies}
        assert (followed is not None) == release.reads_what_is_new
        if followed is not None:
            assert told_apart(followed, state_of(hall)) == []


# --- the same hall, under a newer release ---------------------------------------------------------------


def test_an_older_halls_journal_goes_on_under_todays_release(older: RunningHall, tree: Path, tmp_path: Path) -> None:
    play(older, tree)
    before = state_of(older)
    older.stop()
    with start_controller(older.dir) as today:
        assert told_apart(before, state_of(today)) == []
        [visitor] = [one for one in today.state().tickets.values() if one.state is TicketState.CALLED]
        served = today.do(c.StartService(counter=visitor.counter or 0, ticket=visitor.ticket))
        assert isinstance(served, wire.Accepted)
        assert hall_command("check", today.dir).returncode == 0
        saved = hall_command("backup", today.dir, tmp_path / "hall.backup")
        assert saved.returncode == 0, saved.stderr


def test_an_older_halls_backup_is_restored_by_todays_release(older: RunningHall, tree: Path, tmp_path: Path) -> None:
    play(older, tree)
    before = state_of(older)
    saved = hall_command("backup", older.dir, tmp_path / "hall.backup", tree=tree)
    assert saved.returncode == 0, saved.stderr
    older.stop()
    restored = hall_command("restore", tmp_path / "hall.backup", tmp_path / "new")
    assert restored.returncode == 0, restored.stderr
    with start_controller(tmp_path / "new") as today:
        after = state_of(today)
        assert told_apart(before["tickets"], after["tickets"]) == []
        assert told_apart(before["counters"], after["counters"]) == []
        assert told_apart(before["acceptances"], after["acceptances"]) == []


def test_an_older_program_refuses_a_journal_with_what_it_does_not_know(older: RunningHall, tree: Path) -> None:
    """It never leaves an event out: going back to an older version is safe, or refused in one sentence."""
    last = older.do(c.SetNotice(zh="公告", en="notice")).seq
    older.stop()
    with contextlib.closing(sqlite3.connect(older.dir / "hall.db")) as database, database:
        columns = "seq, epoch, at_ms, service_day, type, device, body"
        body = "CAST(replace(body, 'notice_set', 'coffee_served') AS BLOB)"
        novel = f"{last + 1}, epoch, at_ms, service_day, 'coffee_served', device, {body}"
        database.execute(f"INSERT INTO events ({columns}) SELECT {novel} FROM events WHERE seq = {last}")
    refused = hall_command("controller", older.dir, tree=tree)
    assert refused.returncode == 2
    assert f"event {last + 1} cannot be applied" in refused.stderr
    assert "Traceback" not in refused.stderr
