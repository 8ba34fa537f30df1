"""docs/protocol.md is enough: a client written from it alone issues, calls, follows, and loses nothing."""

import json
import re
import uuid
from collections.abc import Iterator
from pathlib import Path

import pytest
import zmq

from hall_controller.domain.events import Origin
from hall_controller.journal.epoch import start_epoch
from tests.hall.page_client import Json, PageClient, Silence
from tests.support import MATTER, RunningHall, make_hall, start_controller

PAGE = (Path(__file__).parents[2] / "docs" / "protocol.md").read_text("utf-8")


@pytest.fixture(scope="module")
def running(tmp_path_factory: pytest.TempPathFactory) -> Iterator[RunningHall]:
    with start_controller(make_hall(tmp_path_factory.mktemp("page"))) as hall:
        yield hall


def client(hall: RunningHall, name: str) -> PageClient:
    return PageClient(hall.dir / "devices" / f"{name}.toml")


def issue_many(kiosk: PageClient, count: int) -> int:
    """Issue `count` tickets without waiting for each answer; returns the last seq."""
    body = json.dumps({"type": "issue_ticket", "matter": MATTER}).encode()
    for _ in range(count):
        kiosk.send(b"1", uuid.uuid4().hex.encode(), body)
    for _ in range(count):
        kiosk.receive()
    return int(kiosk.ask("status")["seq"])


def test_a_stranger_serves_a_visitor(running: RunningHall) -> None:
    with client(running, "kiosk") as kiosk, client(running, "counter-3") as counter, client(running, "board") as board:
        board.follow()
        soon = kiosk.now_ms() + 6_000
        assert counter.ask("open_counter", counter=3, clerk="007", expires_at_ms=soon)["type"] == "accepted"
        issued = kiosk.ask("issue_ticket", matter=MATTER, language="yue", expires_at_ms=soon)
        foretold = {"ahead", "predicted_wait_s", "predicted_bound_s"}
        assert set(issued) == {"type", "seq", "ticket", "number", *foretold, "token"}
        called = counter.ask("call_next", counter=3, expires_at_ms=soon)
        assert called == {
            "type": "accepted", "seq": issued["seq"] + 1,
            "ticket": issued["ticket"], "number": issued["number"], "counter": 3,
        }  # fmt: skip
        for act in ("start_service", "finish_service"):
            assert counter.ask(act, counter=3, ticket=issued["ticket"])["type"] == "accepted"
        board.follow_until(called["seq"] + 2)
        told = [(event["type"], event.get("number"), event.get("counter")) for event in board.events]
        assert told == [
            ("counter_opened", None, 3), ("ticket_issued", issued["number"], None),
            ("ticket_called", issued["number"], 3),
            ("service_started", issued["number"], 3), ("service_finished", issued["number"], 3),
        ]  # fmt: skip
        assert {event["by"] for event in board.events} == {"counter-3", "kiosk"}
        empty = counter.ask("call_next", counter=3)
        assert (empty["type"], empty["ticket"], empty["number"]) == ("accepted", None, None)
        counter.ask("close_counter", counter=3)


def test_the_hexadecimal_example_works_as_printed(running: RunningHall) -> None:
    blocks = dict(re.findall(r"<!-- example: (\w+) -->\n```\n(.*?)\n```", PAGE, re.DOTALL))
    frames = [bytes.fromhex(line) for line in blocks["request"].splitlines()]
    with client(running, "kiosk") as kiosk:
        before = kiosk.ask("status")["seq"]
        kiosk.send(*frames)
        reply = kiosk.receive()
        printed = [bytes.fromhex(line) for line in blocks["reply"].splitlines()]
        assert reply[:2] == printed[:2]
        shape = r'("(?:seq|ticket|ahead|predicted_wait_s)":)(?:\d+|null)|("(?:number|token)":)"[^"]*"'
        assert re.sub(shape, r"\1\2", reply[2].decode()) == re.sub(shape, r"\1\2", printed[2].decode())
        # As the page says: the very same frames again, the very same reply, no second ticket.
        kiosk.send(*frames)
        assert kiosk.receive() == reply
        assert kiosk.ask("status")["seq"] == before + 1


def test_a_gap_is_filled_page_by_page(running: RunningHall) -> None:
    with client(running, "kiosk") as kiosk, client(running, "board") as board:
        board.follow()
        assert board.sub is not None
        start = board.seq
        board.sub.disconnect(board.bundle["events"])
        last = issue_many(kiosk, 1_150)
        board.sub.connect(board.bundle["events"])
        board.follow_until(last)
        assert (board.snapshots, board.pages >= 2) == (1, True)
        assert [event["seq"] for event in board.events] == list(range(start + 1, last + 1))


def test_a_pulse_alone_shows_what_was_missed(running: RunningHall) -> None:
    with client(running, "kiosk") as kiosk, client(running, "board") as board:
        board.follow()
        assert board.sub is not None
        last = kiosk.ask("issue_ticket", matter=MATTER)["seq"]
        while board._hear()[0] != b"event":  # the one message that tells of it is lost on the way
            pass
        assert board.seq == last - 1
        board.follow_until(last)
        assert [event["type"] for event in board.events] == ["ticket_issued"]


def test_pages_of_events(running: RunningHall) -> None:
    with client(running, "district") as district, client(running, "kiosk") as kiosk:
        kiosk.ask("issue_ticket", matter=MATTER)
        last = district.ask("status")["seq"]
        page = district.ask("events_since", seq=0, limit=2)
        assert (page["oldest_seq"], page["last_seq"], [event["seq"] for event in page["events"]]) == (1, last, [1, 2])
        assert page["events"][0]["type"] == "epoch_started"
        assert district.ask("events_since", seq=last)["events"] == []
        assert district.ask("events_since", seq=last + 1_000)["events"] == []
        assert "limit is 1001; give a whole number" in district.ask("events_since", seq=0, limit=1001)["message"]
        assert "seq is -1" in district.ask("events_since", seq=-1)["message"]


def test_a_follower_outlives_a_power_cut_of_the_controller(running: RunningHall) -> None:
    with client(running, "kiosk") as kiosk, client(running, "board") as board:
        board.follow()
        start = board.seq
        kiosk.ask("issue_ticket", matter=MATTER)
        running.kill()
        running.start()
        kiosk.reconnect()
        last = kiosk.ask("issue_ticket", matter=MATTER)["seq"]
        while board.seq < last:
            try:
                board.step()
            except Silence:
                board.resume()
        assert board.snapshots == 1
        assert [event["seq"] for event in board.events] == list(range(start + 1, last + 1))
        assert [event["type"] for event in board.events] == ["ticket_issued"] * 2


def test_a_new_epoch_makes_a_follower_start_afresh(running: RunningHall) -> None:
    with client(running, "board") as board:
        board.follow()
        old = board.epoch
        running.stop()
        start_epoch(running.dir, Origin.RESTORE)
        running.start()
        board.resume()
        while board.epoch == old:
            board.step()
        assert board.snapshots == 2
        assert board.state["epoch"] == board.epoch
        assert board.seq == board.ask("status")["seq"]


def test_the_pulse_tells_the_halls_clock(running: RunningHall) -> None:
    with client(running, "voice") as voice:
        voice.follow()
        heard: list[Json] = []
        while len(heard) < 2:
            voice.step()
            if voice.pulse and voice.pulse not in heard:
                heard.append(voice.pulse)
        assert heard[0]["type"] == "pulse"
        assert heard[0]["rate"] == 1.0
        assert 500 < heard[1]["now_ms"] - heard[0]["now_ms"] < 5_000
        assert abs(voice.now_ms() - heard[1]["now_ms"]) < 5_000


def test_a_reader_that_stands_still_does_not_stop_the_hall(running: RunningHall) -> None:
    """Its messages are dropped or wait; the others hear everything, and it catches up when it reads again."""
    with client(running, "kiosk") as kiosk, client(running, "board") as lazy, client(running, "voice") as eager:
        eager.follow()
        lazy.follow()
        assert lazy.sub is not None
        lazy.sub.close(linger=0)
        lazy.sub = lazy.connect(zmq.SUB, rcvhwm=1, rcvbuf=4_096)
        while lazy._hear()[0] != b"pulse":
            pass
        last = issue_many(kiosk, 600)
        eager.follow_until(last)
        lazy.follow_until(last)
        assert lazy.events[-1] == eager.events[-1]
