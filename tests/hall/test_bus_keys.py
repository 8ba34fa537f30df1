"""Who is not enrolled gets in by neither socket; who is revoked is out within a second or two; nobody else is hurt."""

import contextlib
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
import zmq
from zmq.utils.monitor import recv_monitor_message

from tests.hall.page_client import Json, PageClient, Silence
from tests.support import MATTER, RunningHall, hall_command, make_hall, start_controller, wait_for

FAILED = {
    zmq.Event.HANDSHAKE_FAILED_AUTH, zmq.Event.HANDSHAKE_FAILED_PROTOCOL, zmq.Event.HANDSHAKE_FAILED_NO_DETAIL,
}  # fmt: skip
SOCKETS = pytest.mark.parametrize("kind", [zmq.DEALER, zmq.SUB], ids=["commands", "events"])


@pytest.fixture(scope="module")
def running(tmp_path_factory: pytest.TempPathFactory) -> Iterator[RunningHall]:
    with start_controller(make_hall(tmp_path_factory.mktemp("keys"))) as hall:
        yield hall


def bundle(hall: RunningHall, name: str) -> Path:
    return hall.dir / "devices" / f"{name}.toml"


def handshake(client: PageClient, kind: int, *, curve: bool = True) -> bool:
    """Whether a connection comes about; a request and a subscription are on their way from the first moment."""
    with client.context.socket(kind) as socket:
        socket.linger = 0
        if curve:
            socket.curve_serverkey = client.bundle["server_public_key"].encode()
            socket.curve_publickey = client.bundle["public_key"].encode()
            socket.curve_secretkey = client.bundle["secret_key"].encode()
        monitor = socket.get_monitor_socket()
        socket.connect(client.bundle["events" if kind == zmq.SUB else "commands"])
        if kind == zmq.SUB:
            socket.subscribe(b"")
        else:
            socket.send_multipart([b"1", b"x", b'{"type":"status"}'])
        try:
            while monitor.poll(10_000):
                event = recv_monitor_message(monitor)["event"]
                if event == zmq.Event.HANDSHAKE_SUCCEEDED:
                    return bool(socket.poll(5_000))
                if event in FAILED:
                    assert not socket.poll(0)
                    return False
        finally:
            socket.disable_monitor()
            monitor.close()
    raise AssertionError("neither in nor out")


def still_serves(hall: RunningHall) -> bool:
    with PageClient(bundle(hall, "kiosk")) as kiosk:
        return bool(kiosk.ask("issue_ticket", matter=MATTER)["type"] == "accepted")


def new_pair() -> dict[str, str]:
    public, secret = zmq.curve_keypair()
    return {"public_key": public.decode(), "secret_key": secret.decode()}


@SOCKETS
def test_an_enrolled_device_gets_in(running: RunningHall, kind: int) -> None:
    with PageClient(bundle(running, "board")) as board:
        assert handshake(board, kind)


@SOCKETS
def test_an_unknown_key_does_not_get_in(running: RunningHall, kind: int) -> None:
    with PageClient(bundle(running, "board"), **new_pair()) as stranger:
        assert not handshake(stranger, kind)
    assert still_serves(running)


@SOCKETS
def test_the_public_key_of_another_is_no_key(running: RunningHall, kind: int) -> None:
    """Public keys are not secret: without the secret that belongs to it, the manager's opens nothing."""
    with PageClient(bundle(running, "manager"), secret_key=new_pair()["secret_key"]) as thief:
        assert not handshake(thief, kind)
    assert still_serves(running)


@SOCKETS
def test_a_device_of_another_hall_does_not_take_this_one_for_its_own(running: RunningHall, kind: int) -> None:
    with PageClient(bundle(running, "board"), server_public_key=new_pair()["public_key"]) as lost:
        assert not handshake(lost, kind)
    assert still_serves(running)


@SOCKETS
def test_without_curve_nothing_is_said(running: RunningHall, kind: int) -> None:
    with PageClient(bundle(running, "board")) as naked:
        assert not handshake(naked, kind, curve=False)
    assert still_serves(running)


def ask_until(client: PageClient, good: Callable[[Json], bool]) -> None:
    """Ask for the status, on a fresh socket after each silence, until the answer is good."""

    def answer() -> bool:
        client.reconnect()
        with contextlib.suppress(Silence):
            client.send(b"1", b"x", b'{"type":"status"}')
            client.receive(500)
            return good(client.ask("status"))
        return False

    wait_for(answer, "the answer")


def test_a_device_enrolled_while_the_hall_runs_is_known_within_a_moment(running: RunningHall) -> None:
    printed = hall_command("enroll", running.dir, "kiosk-2", "--role", "kiosk")
    assert printed.returncode == 0, printed.stderr
    file = Path(printed.stdout.strip())
    assert file.stat().st_mode & 0o777 == 0o600
    start_s = time.monotonic()
    with PageClient(file) as kiosk:
        ask_until(kiosk, lambda reply: reply["type"] == "status")
        assert time.monotonic() - start_s < 5
        issued = kiosk.ask("issue_ticket", matter=MATTER)
        assert issued["type"] == "accepted"
        assert "kiosk-2" in kiosk.ask("status")["devices"]
    assert running.state().tickets[issued["ticket"]].kiosk == "kiosk-2"


def test_a_revoked_device_is_out_and_the_others_lose_no_event(running: RunningHall) -> None:
    hall_command("enroll", running.dir, "spy", "--role", "board")
    with PageClient(bundle(running, "spy")) as spy, PageClient(bundle(running, "board")) as board:
        ask_until(spy, lambda reply: reply["type"] == "status")
        spy.follow()
        board.follow()
        assert board.sub is not None
        start = board.seq
        with PageClient(bundle(running, "kiosk")) as kiosk:
            assert hall_command("revoke", running.dir, "spy").returncode == 0
            assert not bundle(running, "spy").exists()
            revoked_s = time.monotonic()
            # The very connection that was good a moment ago is refused, message by message.
            while (reply := spy.ask("status"))["type"] == "status":
                kiosk.ask("issue_ticket", matter=MATTER)
                assert time.monotonic() - revoked_s < 5
            assert (reply["type"], reply["code"]) == ("refused", "not_allowed")
            assert "not enrolled" in reply["message"]
            # The events it hears end, while the others go on: two pulses of theirs, none of its own.
            last = kiosk.ask("issue_ticket", matter=MATTER)["seq"]
            board.follow_until(last)
            assert [event["seq"] for event in board.events] == list(range(start + 1, last + 1))
            assert board.snapshots == 1
            assert spy.sub is not None
            while spy.sub.poll(0):
                assert int.from_bytes(spy.sub.recv_multipart()[3], "big") < last
            pulses: list[Json] = []
            while len(pulses) < 2:
                board.pulse = {}
                board.step()
                pulses += [board.pulse] if board.pulse else []
            assert not spy.sub.poll(0), "a revoked device still hears the hall"
            assert not handshake(spy, zmq.DEALER)
            assert not handshake(spy, zmq.SUB)


def test_a_name_enrolled_anew_has_a_new_key(running: RunningHall) -> None:
    hall_command("enroll", running.dir, "lost-board", "--role", "board")
    with PageClient(bundle(running, "lost-board")) as old:
        ask_until(old, lambda reply: reply["type"] == "status")
        assert hall_command("enroll", running.dir, "lost-board", "--role", "board").returncode == 2
        hall_command("revoke", running.dir, "lost-board")
        hall_command("enroll", running.dir, "lost-board", "--role", "board")
        with PageClient(bundle(running, "lost-board")) as new:
            ask_until(new, lambda reply: reply["type"] == "status")
            assert old.ask("status")["code"] == "not_allowed"


def test_a_broken_list_of_devices_locks_nobody_out(running: RunningHall) -> None:
    file = running.dir / "keys" / "devices.toml"
    good = file.read_text("utf-8")
    with PageClient(bundle(running, "board")) as board:
        board.follow()
        try:
            for damage in ("not = toml [", '["x"]\nrole = "emperor"\npublic_key = "x"\n', None):
                file.unlink()
                if damage is not None:
                    file.write_text(damage, "utf-8")
                damaged_ms = board.now_ms()
                while board.pulse.get("now_ms", 0) <= damaged_ms:  # the hall looks at the file before each pulse
                    board.step()
                assert still_serves(running), damage
                file.touch()
        finally:
            file.write_text(good, "utf-8")
    assert running.process.poll() is None
