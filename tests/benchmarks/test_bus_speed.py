"""Speed of the durable bus, as ratios against a bare echo and a bare commit in the same run."""

import json
import statistics
import subprocess
import sys
import time
from pathlib import Path

import pytest
import zmq

from hall_controller.bus import wire
from hall_controller.bus.keys import KeyPair, load_server_pair
from hall_controller.domain import commands as c
from tests.benchmarks.conftest import Report
from tests.benchmarks.load import commit_s, connect, echo, run_load
from tests.benchmarks.slow_disk_controller import EXTRA_S
from tests.support import MATTER, RunningHall, make_hall, start_controller, started

ROUNDS = 5
ISSUE = wire.encode(c.IssueTicket(matter=MATTER))


@pytest.mark.timeout(120)
def test_32_clients_on_a_slow_disk(tmp_path: Path, report: Report) -> None:
    directory = make_hall(tmp_path)
    process = subprocess.Popen(
        [sys.executable, "-m", "tests.benchmarks.slow_disk_controller", str(directory)], text=True
    )
    with started(process):
        hall = RunningHall.__new__(RunningHall)
        hall.dir = directory
        hall.do(wire.Status())
        bundle = hall.bundle("reception")
        one = run_load(bundle, bundle.commands, lambda _: ISSUE, 20, 1, "one")
        load = run_load(bundle, bundle.commands, lambda _: ISSUE, 1500, 32, "many")
    ratio = load.median_s / one.median_s
    assert one.median_s >= EXTRA_S
    numbers = {json.loads(reply)["number"] for reply in load.replies}
    assert len(numbers) == 1500
    shown = f"{load.median_s * 1e3:.0f} ms of {one.median_s * 1e3:.0f} ms for one commit"
    report("32 clients, fsync 30 ms, median", shown, ratio, "< 3")
    assert ratio < 3


@pytest.mark.timeout(120)
def test_call_next_reaches_a_subscriber(tmp_path: Path, report: Report) -> None:
    directory = make_hall(tmp_path)
    pair = load_server_pair(directory)
    with echo(pair) as baseline, start_controller(directory) as hall:
        manager = hall.bundle("manager")
        hall.do(c.OpenCounter(counter=1, clerk="007"))
        run_load(manager, manager.commands, lambda _: ISSUE, 400, 32, "issue")
        context: zmq.Context[zmq.Socket[bytes]] = zmq.Context()
        dealer = connect(context, manager, manager.commands)
        sub = context.socket(zmq.SUB)
        sub.curve_serverkey, sub.curve_publickey = manager.server_public_key.encode(), manager.public_key.encode()
        sub.curve_secretkey = manager.secret_key.encode()
        sub.subscribe(wire.TOPIC_EVENT)
        sub.connect(manager.events)
        _hear_first(dealer, sub)
        wholes_s, seen_s = [], []
        for number in range(ROUNDS):
            round_trip_s = run_load(manager, baseline, lambda _: ISSUE, 200, 1, f"e{number}").median_s
            wholes_s.append(round_trip_s + commit_s(tmp_path, ISSUE * 6) + _hop_s(pair))
            seen_s.append(statistics.median(_press(dealer, sub, 60 * number + press) for press in range(60)))
        context.destroy(linger=0)
    ratio = statistics.median(seen / whole for seen, whole in zip(seen_s, wholes_s, strict=True))
    whole_s, measured_s = statistics.median(wholes_s), statistics.median(seen_s)
    report("call_next -> seen by a subscriber", f"{measured_s * 1e6:.0f} us of {whole_s * 1e6:.0f} us", ratio, "<= 5")
    assert ratio <= 5


def _hear_first(dealer: zmq.Socket[bytes], sub: zmq.Socket[bytes]) -> None:
    """Until the subscription stands: a slow joiner hears nothing."""
    number = 0
    while not sub.poll(50):
        number += 1
        notice = wire.encode(c.SetNotice(zh=str(number)))
        dealer.send_multipart([wire.VERSION, f"n{number}".encode(), notice])
        dealer.recv_multipart()
    while sub.poll(50):
        sub.recv_multipart()


def _press(dealer: zmq.Socket[bytes], sub: zmq.Socket[bytes], number: int) -> float:
    """Seconds from pressing call_next to seeing `ticket_called`; then the counter is made free again."""
    at = time.perf_counter()
    dealer.send_multipart([wire.VERSION, f"c{number}".encode(), wire.encode(c.CallNext(counter=1))])
    _hear(sub, "ticket_called")
    took_s = time.perf_counter() - at
    dealer.recv_multipart()
    dealer.send_multipart([wire.VERSION, f"m{number}".encode(), wire.encode(c.Missed(counter=1))])
    dealer.recv_multipart()
    _hear(sub, "ticket_missed")
    return took_s


def _hear(sub: zmq.Socket[bytes], kind: str) -> None:
    """The hall may say something else between: that people have waited long, say."""
    while json.loads(sub.recv_multipart()[-1])["type"] != kind:
        pass


def _hop_s(pair: KeyPair) -> float:
    """Median of one PUB -> SUB hop with CURVE, in this process."""
    context: zmq.Context[zmq.Socket[bytes]] = zmq.Context()
    pub, sub = context.socket(zmq.PUB), context.socket(zmq.SUB)
    public, secret = zmq.curve_keypair()
    pub.curve_server, sub.curve_serverkey = True, pair.public_key.encode()
    pub.curve_publickey, pub.curve_secretkey = pair.public_key.encode(), pair.secret_key.encode()
    sub.curve_publickey, sub.curve_secretkey = public, secret
    port = pub.bind_to_random_port("tcp://127.0.0.1")
    sub.subscribe(b"")
    sub.connect(f"tcp://127.0.0.1:{port}")
    while not sub.poll(20):
        pub.send(b"first")
    while sub.poll(50):
        sub.recv()
    took = []
    for _ in range(500):
        at = time.perf_counter()
        pub.send(ISSUE * 3)
        sub.recv()
        took.append(time.perf_counter() - at)
    context.destroy(linger=0)
    return statistics.median(took)
