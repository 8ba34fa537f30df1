"""What a client makes of a newer hall: unknown events, fields and values are kept, shown and followed over."""

import json
from typing import Any

import msgspec
import pytest

from hall_controller.bus import wire
from hall_controller.bus.bundle import Bundle
from hall_controller.bus.client import HallClient
from hall_controller.domain import commands as c
from hall_controller.domain import events as e
from hall_controller.domain.hall import Hall
from hall_controller.domain.open_enum import OpenEnum
from hall_controller.domain.refusal import Refusal
from hall_controller.domain.rules import Tier
from hall_controller.domain.sender import Role
from hall_controller.domain.ticket import TicketState
from tests.unit.domain.support import Pretend
from tests.unit.wire.novel import NOVEL, enums_of, novel_body
from tests.unit.wire.test_recorded_frames import bodies

KINDS = {str(kind.__struct_config__.tag): kind for kind in e.ALL}
KEY = "rq:rM>}U?@Lns47E1%kR.o@n%FcmmsL/@{H8]yf7"
BUNDLE = Bundle(
    hall="BA001", name="board", role=Role.BOARD, commands="tcp://127.0.0.1:9", events="tcp://127.0.0.1:9",
    server_public_key=KEY, public_key=KEY, secret_key=KEY,
)  # fmt: skip
UNKNOWN = b'{"type":"coffee_served","epoch":"e1","seq":%d,"at_ms":9,"service_day":"2026-11-24","by":"cup","cups":[1]}'


def test_every_value_that_a_client_reads_is_of_an_open_enum() -> None:
    replies = (
        wire.SnapshotReply,
        wire.StatusReply,
        wire.TicketStatusReply,
        wire.CreditReply,
        wire.MattersReply,
        Refusal,
    )
    assert {kind for kind in enums_of((*e.ALL, *replies)) if not issubclass(kind, OpenEnum)} == set()


@pytest.mark.parametrize("body", bodies(b"event"), ids=lambda body: json.loads(body)["type"])
def test_an_event_with_novel_values_and_fields_keeps_them(body: bytes) -> None:
    kind = KINDS[json.loads(body)["type"]]
    later = novel_body(body, kind)
    event = wire.read_event(later)
    assert type(event) is kind
    assert wire.encode(event).count(f'"{NOVEL}"'.encode()) >= later.count(f'"{NOVEL}"'.encode())
    if f'"{NOVEL}"'.encode() in later:
        with pytest.raises(msgspec.ValidationError):
            wire.decode_event(later)


def test_an_event_of_an_unknown_kind_keeps_envelope_and_body() -> None:
    body = UNKNOWN % 7
    event = wire.read_event(body)
    assert isinstance(event, e.UnknownEvent)
    assert (event.kind, event.epoch, event.seq, event.at_ms, event.by) == ("coffee_served", "e1", 7, 9, "cup")
    assert wire.encode_event(event) == body
    with pytest.raises(msgspec.ValidationError):
        wire.decode_event(body)
    for none in (b"{}", b"[1]", b'{"type":"x","epoch":1,"seq":1}', b"\xff"):
        with pytest.raises((msgspec.DecodeError, UnicodeDecodeError)):
            wire.read_event(none)


def test_commands_with_novel_values_stay_refused() -> None:
    for body in bodies(b"request"):
        kind = wire.KINDS[json.loads(body)["type"]]
        later = json.loads(novel_body(body, kind))
        del later["of_later"]
        if NOVEL in later.values():
            with pytest.raises(wire.BadRequest, match='"novel" is unknown; use '):
                wire.decode_request(json.dumps(later).encode())


class LaterHall:
    """Answers as a hall of later years does, and counts its snapshots."""

    def __init__(self, hall: Hall, frames: list[list[bytes]]) -> None:
        self.connections = 0
        self.snapshots = 0
        self._hall, self._frames = hall, frames

    async def exchange(self, request: wire.Request, request_id: str) -> wire.Reply:
        if isinstance(request, wire.Snapshot):
            self.snapshots += 1
            state = wire.encode(wire.SnapshotReply("e1", self._hall.seq, 5, self._hall))
            return wire.decode_reply(novel_body(state, wire.SnapshotReply))
        return wire.StatusReply(
            "BA001", Tier.STREET, "", "", "9", "e1", self._hall.seq, 5, 1.0, 0, rehearsal=False, devices={}
        )

    def drop(self) -> None:
        pass

    async def recv_multipart(self) -> list[bytes]:
        if not self._frames:
            raise TimeoutError
        return self._frames.pop(0)


def pulse(seq: int, now_ms: int) -> list[bytes]:
    body = wire.encode(wire.Pulse(seq, now_ms))[:-1] + b',"of_later":[1]}'
    return [wire.TOPIC_PULSE, b"1", b"e1", seq.to_bytes(8, "big"), body]


async def test_a_follower_goes_on_over_what_it_does_not_know(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("hall_controller.bus.client.UNSURE_S", 0.0)
    pretend = Pretend()
    pretend.open(1)
    pretend.take()
    seq = pretend.hall.seq
    later = [UNKNOWN % (seq + 1)]
    later.append(
        novel_body(wire.encode(e.CounterClosed(epoch="e1", seq=seq + 2, counter=1, clerk="x")), e.CounterClosed)
    )
    later.append(wire.encode(e.TicketCancelled(epoch="e1", seq=seq + 3, ticket=99, number=None, reason="x", state="x")))  # type: ignore[arg-type]  # fmt: skip
    frames = [
        pulse(seq, 10),
        *(
            [wire.TOPIC_EVENT, b"1", b"e1", (seq + 1 + place).to_bytes(8, "big"), body]
            for place, body in enumerate(later)
        ),
        pulse(seq + 3, 11),
    ]
    hall = LaterHall(pretend.hall, frames)
    heard: list[Any] = []
    async with HallClient(BUNDLE) as client:
        client._requests = hall  # type: ignore[assignment]
        client.on_event(lambda event: heard.append((type(event).__name__, event.seq)))
        with pytest.raises(TimeoutError):
            await client._follow(hall)  # type: ignore[arg-type]
        assert heard == [("UnknownEvent", seq + 1), ("CounterClosed", seq + 2), ("TicketCancelled", seq + 3)]
        assert hall.snapshots == 2, "one to begin with, one for what was not understood"
        assert client.hall is not None
        assert {str(ticket.state) for ticket in client.hall.tickets.values()} == {NOVEL}
        assert isinstance(next(iter(client.hall.tickets.values())).state, TicketState)


def test_no_command_is_lenient_after_a_reply_was_read() -> None:
    wire.decode_reply(bodies(b"reply")[0])
    with pytest.raises(wire.BadRequest):
        wire.decode_request(b'{"type":"set_mode","mode":"novel"}')
    assert isinstance(wire.decode_request(b'{"type":"set_mode","mode":"push"}'), c.SetMode)
