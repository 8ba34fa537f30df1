"""A command is done once, never too late, and never for the wrong visitor."""

import json
import uuid
from collections.abc import Iterator
from pathlib import Path
from threading import Thread

import pytest

from hall_controller.config import load_config
from hall_controller.domain.sender import Role
from hall_controller.making import enroll_device
from tests.hall.page_client import Json, PageClient
from tests.support import MATTER, RunningHall, make_hall, start_controller

ISSUE = {"type": "issue_ticket", "matter": MATTER}


@pytest.fixture(scope="module")
def running(tmp_path_factory: pytest.TempPathFactory) -> Iterator[RunningHall]:
    with start_controller(make_hall(tmp_path_factory.mktemp("once"), counters=20)) as hall:
        yield hall


def bundle(hall: RunningHall, name: str) -> Path:
    return hall.dir / "devices" / f"{name}.toml"


@pytest.fixture
def kiosk(running: RunningHall) -> Iterator[PageClient]:
    with PageClient(bundle(running, "kiosk")) as client:
        yield client


@pytest.fixture
def manager(running: RunningHall) -> Iterator[PageClient]:
    with PageClient(bundle(running, "manager")) as client:
        yield client


def open_counter(manager: PageClient, number: int) -> int:
    """An open counter with its own visitor waiting; returns the ticket."""
    manager.ask("close_counter", counter=number)
    assert manager.ask("open_counter", counter=number, clerk=f"clerk-{number}")["type"] == "accepted"
    return int(manager.ask("issue_ticket", matter=MATTER)["ticket"])


def drain_queue(manager: PageClient) -> None:
    for ticket, state in manager.ask("snapshot")["state"]["tickets"].items():
        if state["state"] == "waiting":
            manager.ask("cancel_ticket", ticket=int(ticket))


def test_a_repeat_gets_the_same_reply_and_leads_to_no_second_event(kiosk: PageClient) -> None:
    before = kiosk.ask("status")["seq"]
    key = uuid.uuid4().hex
    # Four in one go: they are very likely in one batch, where the first is not committed yet.
    for _ in range(4):
        kiosk.send(b"1", key.encode(), json.dumps(ISSUE).encode())
    at_once = [kiosk.receive() for _ in range(4)]
    later = kiosk.exchange(ISSUE, key)
    kiosk.reconnect()
    reconnected = kiosk.exchange(ISSUE, key)
    assert {bytes(reply[2]) for reply in at_once} | {later, reconnected} == {later}
    assert kiosk.ask("status")["seq"] == before + 1


def test_a_repeat_is_known_by_its_id_alone(kiosk: PageClient) -> None:
    key = uuid.uuid4().hex
    first = kiosk.exchange(ISSUE, key)
    assert kiosk.exchange({**ISSUE, "visitor_class": "priority"}, key) == first
    binary = b"\x00\xff\x80" * 21
    kiosk.send(b"1", binary, json.dumps(ISSUE).encode())
    version, request_id, body = kiosk.receive()
    kiosk.send(b"1", binary, json.dumps(ISSUE).encode())
    assert kiosk.receive() == [version, request_id, body]
    assert request_id == binary


def test_the_same_id_from_another_device_is_another_command(kiosk: PageClient, manager: PageClient) -> None:
    key = uuid.uuid4().hex
    one, other = json.loads(kiosk.exchange(ISSUE, key)), json.loads(manager.exchange(ISSUE, key))
    assert one["ticket"] != other["ticket"]
    assert one["number"] != other["number"]


def test_a_power_cut_forgets_no_answer(running: RunningHall, kiosk: PageClient) -> None:
    keys = [uuid.uuid4().hex for _ in range(20)]
    replies = [kiosk.exchange(ISSUE, key) for key in keys]
    running.kill()
    running.start()
    kiosk.reconnect()
    before = kiosk.ask("status")["seq"]
    assert [kiosk.exchange(ISSUE, key) for key in keys] == replies
    assert kiosk.ask("status")["seq"] == before


def test_a_power_cut_between_the_event_and_the_answer_makes_no_second_ticket(
    running: RunningHall, kiosk: PageClient
) -> None:
    """Sent, killed without waiting for the answer, sent again after the restart: each id has exactly one ticket."""
    keys = [uuid.uuid4().hex for _ in range(300)]
    for key in keys:
        kiosk.send(b"1", key.encode(), json.dumps(ISSUE).encode())
    answered: dict[str, bytes] = {}
    for _ in range(5):
        _, request_id, body = kiosk.receive()
        answered[request_id.decode()] = body
    running.kill()
    while kiosk.dealer.poll(0):
        _, request_id, body = kiosk.dealer.recv_multipart()
        answered[request_id.decode()] = body
    running.start()
    kiosk.reconnect()
    final = {key: kiosk.exchange(ISSUE, key) for key in keys}
    assert {key: final[key] for key in answered} == answered
    tickets = [json.loads(body)["ticket"] for body in final.values()]
    assert len(set(tickets)) == len(keys)
    numbers = [json.loads(body)["number"] for body in final.values()]
    assert len(set(numbers)) == len(keys)


def test_a_late_command_is_stale(kiosk: PageClient) -> None:
    before = kiosk.ask("status")["seq"]
    late = kiosk.ask("issue_ticket", matter=MATTER, expires_at_ms=kiosk.now_ms() - 1_500)
    assert (late["type"], late["code"], late["field"]) == ("refused", "stale", "expires_at_ms")
    assert "s after it expired; look again" in late["message"]
    assert kiosk.ask("status")["seq"] == before
    assert kiosk.ask("issue_ticket", matter=MATTER, expires_at_ms=kiosk.now_ms() + 5_000)["type"] == "accepted"


def test_what_was_done_in_time_is_answered_as_done_however_late_it_is_asked_again(kiosk: PageClient) -> None:
    key, expires_at_ms = uuid.uuid4().hex, kiosk.now_ms() + 400
    timely = {**ISSUE, "expires_at_ms": expires_at_ms}
    first = kiosk.exchange(timely, key)
    assert json.loads(first)["type"] == "accepted"
    while kiosk.now_ms() <= expires_at_ms:
        pass
    assert kiosk.exchange(timely, key) == first


def test_a_command_about_a_visitor_who_has_gone_is_stale(manager: PageClient) -> None:
    drain_queue(manager)
    first = open_counter(manager, 5)
    second = manager.ask("issue_ticket", matter=MATTER)["ticket"]
    assert manager.ask("call_next", counter=5)["ticket"] == first
    assert manager.ask("missed", counter=5, ticket=first)["type"] == "accepted"
    assert manager.ask("call_next", counter=5)["ticket"] == second
    for act in ("start_service", "missed", "recall", "hold", "finish_service"):
        reply = manager.ask(act, counter=5, ticket=first)
        assert (reply["code"], reply["field"]) == ("stale", "ticket"), act
    assert manager.ask("transfer", counter=5, ticket=first, matter=MATTER)["code"] == "stale"
    assert manager.ask("start_service", counter=5, ticket=second)["type"] == "accepted"
    assert manager.ask("finish_service", counter=5, ticket=second)["type"] == "accepted"
    gone = manager.ask("finish_service", counter=5, ticket=second)
    assert gone["code"] == "stale"


def test_a_press_repeated_by_the_network_never_calls_two(manager: PageClient) -> None:
    drain_queue(manager)
    first = open_counter(manager, 6)
    manager.ask("issue_ticket", matter=MATTER)
    key = uuid.uuid4().hex
    assert manager.ask("call_next", counter=6, request_id=key)["ticket"] == first
    assert manager.ask("call_next", counter=6, request_id=key)["ticket"] == first
    assert manager.ask("missed", counter=6, ticket=first)["type"] == "accepted"
    # Even now that the counter is free again: the press was answered, and stays answered.
    assert manager.ask("call_next", counter=6, request_id=key)["ticket"] == first
    assert manager.ask("snapshot")["state"]["counters"]["6"]["ticket"] is None


def test_a_call_that_found_nobody_is_decided_afresh(manager: PageClient) -> None:
    drain_queue(manager)
    open_counter(manager, 7)
    drain_queue(manager)
    key = uuid.uuid4().hex
    assert manager.ask("call_next", counter=7, request_id=key)["ticket"] is None
    ticket = manager.ask("issue_ticket", matter=MATTER)["ticket"]
    assert manager.ask("call_next", counter=7, request_id=key)["ticket"] == ticket


def test_a_refusal_is_decided_afresh(manager: PageClient) -> None:
    manager.ask("close_counter", counter=8)
    key = uuid.uuid4().hex
    assert manager.ask("call_next", counter=8, request_id=key)["code"] == "counter_closed"
    open_counter(manager, 8)
    assert manager.ask("call_next", counter=8, request_id=key)["type"] == "accepted"


def race(hall: RunningHall, names: list[str], rounds: int) -> list[tuple[str, Json]]:
    """Each of these counters calls and misses `rounds` times, all at once; returns every answered call."""
    calls: list[tuple[str, Json]] = []

    def work(name: str) -> None:
        number = int(name.rpartition("-")[2])
        with PageClient(bundle(hall, name)) as counter:
            for _ in range(rounds):
                reply = counter.ask("call_next", counter=number)
                calls.append((name, reply))
                if reply.get("ticket") is not None:
                    counter.ask("missed", counter=number, ticket=reply["ticket"])

    threads = [Thread(target=work, args=(name,)) for name in names]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(50)
    assert len(calls) == len(names) * rounds, "somebody was not answered"
    return calls


def test_counters_that_race_never_get_the_same_visitor(running: RunningHall, manager: PageClient) -> None:
    """FQM under two workers calls the same ticket twice."""
    drain_queue(manager)
    numbers = range(11, 19)
    for number in numbers:
        manager.ask("open_counter", counter=number, clerk=f"racer-{number}")
    issued = [manager.ask("issue_ticket", matter=MATTER)["ticket"] for _ in range(100)]
    calls = race(running, [f"counter-{number}" for number in numbers], 15)
    called = [reply["ticket"] for _, reply in calls if reply["ticket"] is not None]
    assert sorted(called) == issued, "every waiting visitor exactly once; the rest of the presses found nobody"
    assert len(calls) - len(called) == 20


def test_sixteen_machines_at_peak_never_give_a_number_twice(running: RunningHall, manager: PageClient) -> None:
    """novosga #290: up to four visitors with A697."""
    config = load_config(running.dir)
    names = [f"peak-{number}" for number in range(16)]
    for name in names:
        enroll_device(running.dir, config, name, Role.KIOSK, None)
    enrolled_ms = manager.now_ms()
    manager.follow()
    while manager.pulse.get("now_ms", 0) <= enrolled_ms:
        manager.step()
    given: list[Json] = []

    def machine(name: str) -> None:
        with PageClient(bundle(running, name)) as client:
            for _ in range(50):
                client.send(b"1", uuid.uuid4().hex.encode(), json.dumps(ISSUE).encode())
            given.extend(json.loads(client.receive()[2]) for _ in range(50))

    threads = [Thread(target=machine, args=(name,)) for name in names]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(50)
    assert len(given) == 800
    counts = sorted(int(reply["number"][1:]) for reply in given)
    assert counts == list(range(counts[0], counts[0] + 800)), "a number twice, or one left out"
    assert len({reply["ticket"] for reply in given}) == 800
    manager.follow_until(max(reply["seq"] for reply in given))
    assert [event["number"] for event in manager.events if event["type"] == "ticket_issued"][-800:] == [
        reply["number"] for reply in sorted(given, key=lambda reply: int(reply["seq"]))
    ]
