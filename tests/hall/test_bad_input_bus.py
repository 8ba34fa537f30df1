"""Whatever a device sends: one clear refusal or a cut connection, and the hall goes on serving others."""

import json
import socket
import uuid
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st

from hall_controller.bus import wire
from hall_controller.domain.refusal import Code
from tests.hall.page_client import Json, PageClient
from tests.support import MATTER, RunningHall, make_hall, start_controller, wait_for

BIG = "a" * 16_000


@pytest.fixture(scope="module")
def running(tmp_path_factory: pytest.TempPathFactory) -> Iterator[RunningHall]:
    with start_controller(make_hall(tmp_path_factory.mktemp("bad"))) as hall:
        yield hall
        assert hall.process.poll() is None, "the hall did not live through this"


def bundle(hall: RunningHall, name: str) -> Path:
    return hall.dir / "devices" / f"{name}.toml"


@pytest.fixture
def manager(running: RunningHall) -> Iterator[PageClient]:
    with PageClient(bundle(running, "manager")) as client:
        yield client


@pytest.fixture(autouse=True)
def others_are_served(running: RunningHall) -> Iterator[None]:
    """After each of these, somebody else gets a ticket, and nobody has led to another event meanwhile."""
    with PageClient(bundle(running, "kiosk")) as kiosk:
        before = kiosk.ask("status")["seq"]
        yield
        kiosk.ask("issue_ticket", matter=MATTER)
        # The hall may have said something by itself: that a board is silent, that the box's clock was set.
        found = [event for event in kiosk.ask("events_since", seq=before)["events"] if event["by"] != "hall"]
        assert [event["type"] for event in found] == ["ticket_issued"]


def refused(body: bytes) -> Json:
    reply: Json = json.loads(body)
    assert reply["type"] == "refused", reply
    message = reply["message"]
    assert message.endswith((".", "?"))
    assert len(message) < 400, "a refusal is a sentence, not an echo"
    assert "\n" not in message
    assert "Traceback" not in message
    return reply


@pytest.mark.parametrize(
    ("body", "code", "field", "said"),
    [
        (b"", "malformed", None, "cannot be read as JSON"),
        (b"\x00\xff\xfe garbage", "malformed", None, "cannot be read as JSON"),
        (b'{"type":"set_notice","zh":"\xff"}', "malformed", None, "not UTF-8: invalid start byte (0xff)"),
        (b'\xef\xbb\xbf{"type":"status"}', "malformed", None, "cannot be read as JSON"),
        (b'{"type":"status"} {"type":"status"}', "malformed", None, "trailing characters"),
        (b'{"type":"status"', "malformed", None, "truncated"),
        (b"null", "malformed", None, "A request is a JSON object"),
        (b"[]", "malformed", None, "A request is a JSON object"),
        (b'["call_next"]', "malformed", None, "A request is a JSON object"),
        (b'"status"', "malformed", None, "A request is a JSON object"),
        (b"{}", "malformed", "type", "has no type"),
        (b'{"type":3}', "malformed", "type", "has no type"),
        (b'{"type":null}', "malformed", "type", "has no type"),
        (b'{"type":"call_nxt"}', "unknown_command", "type", "did you mean call_next?"),
        (b'{"type":"CALL_NEXT","counter":1}', "unknown_command", "type", "There is no command"),
        (b'{"type":"tick"}', "unknown_command", "type", "There is no command"),
        (b'{"type":"change_rules","rules":{}}', "unknown_command", "type", "There is no command"),
        (b'{"type":"ticket_called"}', "unknown_command", "type", "There is no command"),
        (b'{"type":"%s"}' % BIG.encode(), "unknown_command", "type", "There is no command"),
        (b'{"type":"call_next"}', "malformed", "counter", "call_next needs the field counter; it takes counter,"),
        (b'{"type":"call_next","counter":"1"}', "malformed", "counter", 'counter is "1"; give a whole number.'),
        (b'{"type":"call_next","counter":1.0}', "malformed", "counter", "counter is 1.0; give a whole number."),
        (b'{"type":"call_next","counter":true}', "malformed", "counter", "counter is true; give a whole number."),
        (b'{"type":"call_next","counter":null}', "malformed", "counter", "counter is null; give a whole number."),
        (b'{"type":"call_next","counter":[1]}', "malformed", "counter", "counter is [1]; give a whole number."),
        (b'{"type":"call_next","counter":0}', "malformed", "counter", "counter is 0; give a whole number >= 1."),
        (b'{"type":"call_next","counter":201}', "malformed", "counter", "counter is 201; give a whole number <= 200."),
        (b'{"type":"call_next","counter":99}', "unknown_counter", "counter", "this hall has 1 to 8"),
        (b'{"type":"call_next","counter":1%s}' % (b"0" * 400), "malformed", "counter", "<= 200"),
        (b'{"type":"call_next","counter":-1e999}', "malformed", None, "Number out of range"),
        (b'{"type":"call_next","counter":NaN}', "malformed", None, "cannot be read as JSON"),
        (b'{"type":"call_next","counter":Infinity}', "malformed", None, "cannot be read as JSON"),
        (b'{"type":"call_next","counter":1,"speed":9}', "malformed", "speed", 'call_next has no field "speed"'),
        (b'{"type":"call_next","counter":1,"%s":9}' % BIG.encode(), "malformed", BIG[:60], "call_next has no field"),
        (b'{"type":"call_next","counter":1,"type":"recall"}', "malformed", "type", "give it once"),
        (b'{"type":"call_next","counter":1}' + b" " * 20_000, "too_large", None, "at most 16384 are taken"),
        (b'{"x":' + b"[" * 16_000, "malformed", None, "nested too deeply"),
        (b'{"type":"call_next","counter":' + b'{"a":' * 3_000, "malformed", None, "nested too deeply"),
        (b'{"type":"issue_ticket","matter":"no-such"}', "unknown_matter", "matter", "There is no matter 'no-such'"),
        (b'{"type":"issue_ticket","matter":""}', "malformed", "matter", 'matter is ""; give text of length >= 1.'),
        (
            b'{"type":"issue_ticket","matter":"x","visitor_class":"vip"}', "malformed", "visitor_class",
            'visitor_class "vip" is unknown; use priority, appointment, ordinary.',
        ),
        (
            b'{"type":"issue_ticket","matter":"id-card-renew","print_at":"board"}', "unknown_kiosk", "print_at",
            "There is no kiosk 'board' to print at.",
        ),
        (b'{"type":"open_counter","counter":1,"clerk":"x","groups":["a",3]}', "malformed", "groups", "groups[1] is 3"),
        (
            b'{"type":"open_counter","counter":1,"clerk":"x","languages":["fr"]}', "malformed", "languages",
            'languages[0] "fr" is unknown; use zh, yue, en.',
        ),
        (
            b'{"type":"open_counter","counter":1,"clerk":"x","groups":[%s"x"]}' % (b'"x",' * 60), "malformed", "groups",
            "give a list of length <= 50",
        ),
        (b'{"type":"close_counter","counter":1}', "counter_closed", "counter", "Counter 1 is closed; open it first."),
        (b'{"type":"recall","counter":1}', "counter_closed", "counter", "Counter 1 is closed"),
        (b'{"type":"cancel_ticket","ticket":987654}', "unknown_ticket", "ticket", "There is no ticket 987654 today"),
        (b'{"type":"cancel_ticket"}', "malformed", "ticket", "give ticket or token"),
        (b'{"type":"rate","stars":6,"ticket":1}', "malformed", "stars", "stars is 6; give a whole number <= 5."),
        (b'{"type":"book_ticket","matter":"id-card-renew","slot_at_ms":1}', "malformed", "slot_at_ms", "in the past"),
        (
            b'{"type":"book_ticket","matter":"id-card-renew","slot_at_ms":9007199254740991}', "malformed", "slot_at_ms",
            "after the year 9000",
        ),
        (b'{"type":"events_since","seq":18446744073709551615}', "malformed", "seq", "give a whole number"),
        (b'{"type":"ticket_status","token":"1.\xc3\xa9"}', "unknown_ticket", "token", "This link is not valid here"),
        (b'{"type":"advance_clock","to_ms":1}', "not_allowed", "type", "Only a rehearsal's clock can be moved."),
        (b'{"type":"set_notice","zh":"%s"}' % BIG.encode()[:500], "malformed", "zh", "give text of length <= 400."),
    ],
    ids=lambda value: value[:40].decode("ascii", "replace") if isinstance(value, bytes) else "",
)  # fmt: skip
def test_a_bad_request_is_refused_in_one_sentence(
    manager: PageClient, body: bytes, code: str, field: str | None, said: str
) -> None:
    reply = refused(manager.exchange(body))
    assert (reply["code"], reply["field"]) == (code, field)
    assert said in reply["message"]


def test_a_ticket_in_the_wrong_state(manager: PageClient, running: RunningHall) -> None:
    before = manager.ask("status")["seq"]
    tickets = manager.ask("snapshot")["state"]["tickets"]
    waiting = next(int(ticket) for ticket, state in tickets.items() if state["state"] == "waiting")
    assert refused(manager.exchange({"type": "check_in", "ticket": waiting}))["code"] == "wrong_state"
    assert refused(manager.exchange({"type": "rate", "ticket": waiting, "stars": 5}))["code"] == "wrong_state"
    reply = refused(manager.exchange({"type": "return_to_queue", "ticket": waiting}))
    assert "is waiting, not missed" in reply["message"]
    assert manager.ask("status")["seq"] == before


@pytest.mark.parametrize(
    ("frames", "code", "said"),
    [
        ([b""], "malformed", "A request has 3 frames (version, request_id, JSON), not 1."),
        ([b"1", b'{"type":"status"}'], "malformed", "not 2"),
        ([b"1", b"id", b'{"type":"status"}', b"", b""], "malformed", "not 5"),
        ([b"", b"1", b"id", b'{"type":"status"}'], "malformed", "not 4"),
        ([b"x"] * 500, "malformed", "not 500"),
        ([b"2", b"id", b'{"type":"status"}'], "unsupported_version", "speaks version 1, not '2'; update the client."),
        ([b"", b"id", b'{"type":"status"}'], "unsupported_version", "version 1, not ''"),
        ([b"\xff" * 1_000, b"id", b"{}"], "unsupported_version", "update the client"),
        ([b"1", b"", b'{"type":"status"}'], "malformed", "request_id has 0 bytes; give 1 to 64."),
        ([b"1", b"i" * 65, b'{"type":"status"}'], "malformed", "request_id has 65 bytes; give 1 to 64."),
        ([b"1", b"id", b"x" * 900_000], "too_large", "The request has 900000 bytes; at most 16384 are taken."),
    ],
)  # fmt: skip
def test_frames_that_are_no_request(manager: PageClient, frames: list[bytes], code: str, said: str) -> None:
    manager.send(*frames)
    version, request_id, body = manager.receive()
    assert version == b"1"
    assert request_id == (frames[1] if len(frames) == 3 else b"")
    reply = refused(body)
    assert reply["code"] == code
    assert said in reply["message"]
    assert manager.ask("status")["type"] == "status", "the same connection goes on"


def test_a_frame_beyond_all_measure_cuts_the_connection_and_no_other(manager: PageClient, running: RunningHall) -> None:
    with PageClient(bundle(running, "reception")) as other:
        other.ask("status")
        manager.send(b"1", b"huge", b"x" * 3_000_000)
        assert not manager.dealer.poll(700)
        manager.reconnect()
        assert manager.ask("status")["type"] == "status"
        assert other.ask("status")["type"] == "status"


@pytest.mark.parametrize("end", ["commands", "events"])
@pytest.mark.parametrize(
    "sent",
    [
        b"GET / HTTP/1.1\r\nHost: hall\r\n\r\n",
        b"\xff\x00\x00\x00\x00\x00\x00\x00\x01\x7f\x03\x01CURVE" + b"\x00" * 47,  # a greeting, then nothing true
        bytes(range(256)) * 64,
        b"",
    ],
    ids=["http", "half-a-greeting", "garbage", "nothing"],
)
def test_a_port_scanner_is_cut_off_or_ignored(running: RunningHall, end: str, sent: bytes) -> None:
    address = getattr(running.bundle("manager"), end).removeprefix("tcp://").split(":")
    with socket.create_connection((address[0], int(address[1])), 5) as stranger:
        stranger.sendall(sent + b"\x04\x26\x05READY" * 3)
        with PageClient(bundle(running, "board")) as board:
            assert board.ask("status")["type"] == "status"


def test_many_strangers_at_once_do_not_stop_the_hall(running: RunningHall, manager: PageClient) -> None:
    port = int(running.bundle("manager").commands.rpartition(":")[2])
    strangers = [socket.create_connection(("127.0.0.1", port), 5) for _ in range(200)]
    try:
        assert manager.ask("status")["type"] == "status"
    finally:
        for stranger in strangers:
            stranger.close()


NAMES = sorted(wire.KINDS)
FIELDS = sorted({field for kind in wire.KINDS.values() for field in kind.__struct_fields__} - {"slot_at_ms"})
SCALARS = (
    st.none() | st.booleans() | st.integers(-(2**70), 2**70) | st.floats() | st.text(max_size=20)
    | st.sampled_from([MATTER, "zh", "ordinary", "x" * 70, "\ud83d\ude00", "\x00", "1.é", 2**53, 2**63, -1, 1e308])
)  # fmt: skip
VALUES = st.recursive(
    SCALARS, lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(max_size=5), inner), max_leaves=8
)
REQUESTS: st.SearchStrategy[Any] = st.fixed_dictionaries(
    {"type": st.sampled_from(NAMES)}, optional=dict.fromkeys(FIELDS, VALUES)
) | st.dictionaries(st.sampled_from(["type", *FIELDS]) | st.text(max_size=5), VALUES, max_size=6)


@pytest.fixture(scope="module")
def district(running: RunningHall) -> Iterator[PageClient]:
    """May send nothing that changes the hall: so any event that comes about was forced."""
    with PageClient(bundle(running, "district")) as client:
        yield client


LIMITED = settings(
    max_examples=150, deadline=None, database=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)


def answered(client: PageClient, body: bytes) -> None:
    key = uuid.uuid4().hex.encode()
    client.send(b"1", key, body)
    version, request_id, answer = client.receive()
    assert (version, request_id) == (b"1", key)
    reply = json.loads(answer)
    if reply["type"] == "refused":
        refused(answer)
        assert reply["code"] in set(Code) - {"internal", "storage"}, reply


@LIMITED
@given(st.binary(max_size=200) | st.text(max_size=100).map(lambda text: text.encode("utf-8", "surrogatepass")))
@example(b'{"type":')
def test_any_bytes_are_answered(district: PageClient, body: bytes) -> None:
    answered(district, body)


@LIMITED
@given(REQUESTS)
@example({"type": "ticket_status", "token": "1.é"})
@example({"type": "events_since", "seq": 2**63})
def test_any_json_is_answered(district: PageClient, request_: Any) -> None:
    answered(district, json.dumps(request_).encode("utf-8", "surrogatepass"))


def test_any_json_from_the_manager_never_fails_the_hall(running: RunningHall, tmp_path: Path) -> None:
    """A hall of its own, since the manager may change everything: it must stay able to answer and to start again."""
    with start_controller(make_hall(tmp_path)) as hall, PageClient(bundle(hall, "manager")) as manager:

        @LIMITED
        @given(REQUESTS)
        def send(request_: Any) -> None:
            answered(manager, json.dumps(request_).encode("utf-8", "surrogatepass"))

        send()
        assert manager.ask("status")["type"] == "status"
        before = manager.ask("snapshot")
        hall.kill()
        hall.start()
        manager.reconnect()
        wait_for(lambda: manager.ask("status")["seq"] >= before["seq"])
