"""Frames of the first release stay readable; what clients write, they still write to the byte."""

import json
from pathlib import Path
from typing import Any

import pytest

from hall_controller.bus import wire

FRAMES = [tuple(line.split(b" ", 1)) for line in (Path(__file__).parent / "frames-first.txt").read_bytes().splitlines()]
"""Of each kind of request and event one with all fields and one with the fewest; the replies of a small hall."""


def bodies(kind: bytes) -> list[bytes]:
    return [body for what, body in FRAMES if what == kind]


def holds(new: Any, old: Any) -> bool:
    """Whether all that the old value says is still said; fields may have come."""
    match old:
        case dict():
            return isinstance(new, dict) and all(key in new and holds(new[key], value) for key, value in old.items())
        case list():
            return len(new) == len(old) and all(map(holds, new, old))
        case _:
            return bool(new == old)


def test_each_kind_of_the_first_release_is_there() -> None:
    assert len({json.loads(body)["type"] for body in bodies(b"request")}) == 61
    assert len({json.loads(body)["type"] for body in bodies(b"event")}) == 66


@pytest.mark.parametrize("body", bodies(b"request"), ids=lambda body: json.loads(body)["type"])
def test_requests_are_read_and_written_to_the_same_bytes(body: bytes) -> None:
    assert wire.encode(wire.decode_request(body)) == body


@pytest.mark.parametrize("body", bodies(b"event"), ids=lambda body: json.loads(body)["type"])
def test_events_are_read_and_say_what_they_said(body: bytes) -> None:
    event = wire.decode_event(body)
    assert holds(json.loads(wire.encode(event)), json.loads(body))
    assert wire.encode(wire.read_event(body)) == wire.encode(event)


@pytest.mark.parametrize("body", bodies(b"reply"), ids=lambda body: json.loads(body)["type"])
def test_replies_are_read_and_say_what_they_said(body: bytes) -> None:
    assert holds(json.loads(wire.encode(wire.decode_reply(body))), json.loads(body))


def test_a_pulse_is_read() -> None:
    [body] = bodies(b"pulse")
    assert holds(json.loads(wire.encode(wire.decode_pulse(body))), json.loads(body))
