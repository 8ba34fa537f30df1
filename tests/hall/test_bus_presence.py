"""Two terminals at one counter: the hall tells both, at once, and takes it back once one of them is gone."""

import asyncio
import signal
import subprocess
import sys
from collections.abc import Iterator

import pytest

from hall_controller.bus import wire
from hall_controller.bus.client import HallClient
from hall_controller.bus.presence import HEARD_S, Presence
from hall_controller.domain.sender import Role, Sender
from tests.hall.test_bus_client import until
from tests.support import BOUND_S, RunningHall, hall_command, make_hall, start_controller


@pytest.fixture(scope="module")
def running(tmp_path_factory: pytest.TempPathFactory) -> Iterator[RunningHall]:
    with start_controller(make_hall(tmp_path_factory.mktemp("presence"))) as hall:
        hall_command("enroll", hall.dir, "counter-3-left", "--role", "counter", "--counter", "3")
        yield hall


async def following(hall: RunningHall, device: str) -> HallClient:
    client = HallClient(hall.bundle(device))
    client.follow()
    await client.synced(BOUND_S)
    return client


@pytest.mark.parametrize("other", ["counter-3", "counter-3-left"])
async def test_both_terminals_of_a_counter_are_told_of_each_other(running: RunningHall, other: str) -> None:
    """Also where the second one was started with a copy of the first one's key."""
    told: list[frozenset[int]] = []
    first, neighbour = await following(running, "counter-3"), await following(running, "counter-4")
    first.on_devices(told.append)
    second = await following(running, other)
    try:
        await until(lambda: {3} == first.shared == second.shared == neighbour.shared, "the other terminal")
        status = await neighbour.ask(wire.Status())
        assert status.devices["counter-3"].counter == 3
        expected = {"counter-3": 2} if other == "counter-3" else {"counter-3": 1, other: 1}
        assert {
            name: one.sessions for name, one in status.devices.items() if one.sessions and one.counter == 3
        } == expected
        second._requests.drop()  # as after a request that was not answered in time
        await until(lambda: second._introduced == second._requests.connections, "the new connection's introduction")
        await until(lambda: first.shared == {3}, "the other terminal")
        await second.close()
        await until(lambda: first.shared == frozenset(), "the end of the other terminal")
        assert told[0] == {3}
        assert told[-1] == frozenset()
    finally:
        for client in (first, second, neighbour):
            await client.close()


async def test_a_terminal_that_dies_and_is_started_again_is_one(running: RunningHall) -> None:
    """A power cut of the terminal: no false alarm from its former self."""
    script = (
        "import asyncio, os, signal, sys; from pathlib import Path\n"
        "from hall_controller.bus.bundle import load_bundle\n"
        "from hall_controller.bus.client import HallClient\n"
        "async def main():\n"
        "    async with HallClient(load_bundle(Path(sys.argv[1]), 'counter-5')) as client:\n"
        "        client.follow(); await client.synced(20)\n"
        "        while client._introduced != client._requests.connections: await asyncio.sleep(0.01)\n"
        "        os.kill(os.getpid(), signal.SIGKILL)\n"
        "asyncio.run(main())"
    )
    dying = await asyncio.to_thread(subprocess.run, [sys.executable, "-c", script, str(running.dir)], check=False)
    assert dying.returncode == -signal.SIGKILL
    watcher = await following(running, "manager")
    told: list[frozenset[int]] = []
    watcher.on_devices(told.append)
    client = await following(running, "counter-5")
    try:
        await until(lambda: client._introduced == client._requests.connections, "the introduction")
        after_ms = client.now_ms() + 3_000
        await until(lambda: client.now_ms() > after_ms, "some pulses")
        assert not told
    finally:
        await client.close()
        await watcher.close()


def test_a_session_that_is_not_heard_any_more_ends() -> None:
    gone: set[bytes] = set()
    presence = Presence(lambda peer: peer not in gone)
    terminal, other = Sender("counter-3", Role.COUNTER, 3), Sender("counter-8", Role.COUNTER, 8)
    for session in ("a", "b"):
        presence.heard(terminal, session, session.encode(), 0.0)
    presence.heard(other, "c", b"c", 0.0)
    presence.heard(Sender("manager", Role.MANAGER), "d", b"d", 0.0)
    assert presence.shared(1.0) == (3,)
    presence.heard(terminal, "a", b"a", 30.0)
    assert presence.shared(HEARD_S + 1) == ()
    assert (presence.sessions("counter-3", 3), presence.sessions("counter-8", 8)) == (1, 0)
    presence.heard(terminal, "b", b"b", 50.0)
    assert presence.shared(51.0) == (3,)
    gone.add(b"b")
    assert presence.shared(52.0) == ()
