"""A line that was down and is back: its followers say so within two seconds, however it was cut and for how long."""

import asyncio
import contextlib
import random
import time
from enum import Enum

import msgspec
import pytest

from hall_controller.bus import wire
from hall_controller.bus.bundle import Bundle
from hall_controller.bus.client import HallClient, NoController
from tests.hall.bad_cable import BadCable
from tests.hall.test_bus_client import until
from tests.support import RunningHall

AT_MOST_S = 3.0
"""Two, and one for a machine that is busy with other tests."""


class Cut(Enum):
    RESET = "connections end at once, new ones too"
    FROZEN = "nothing gets through, and arrives afterwards"
    SWALLOWED = "nothing gets through, and nobody is told"


def cut(cable: BadCable, how: Cut) -> None:
    match how:
        case Cut.RESET:
            cable.unplug()
        case Cut.FROZEN:
            cable.freeze()
        case Cut.SWALLOWED:
            cable.swallows = True


def mend(cable: BadCable) -> None:
    cable.plug_in()
    cable.thaw()
    cable.swallows = False


async def asking(client: HallClient) -> None:
    """As a terminal does whose clerk goes on pressing keys."""
    while True:
        with contextlib.suppress(NoController):
            await client.ask(wire.Status())
        await asyncio.sleep(0.5)


async def until_back_s(bundle: Bundle, how: Cut, length_s: float, *, asks: bool) -> float:
    async with BadCable(bundle.commands) as commands, BadCable(bundle.events) as events:
        far = msgspec.structs.replace(bundle, commands=commands.endpoint, events=events.endpoint)
        async with HallClient(far) as client:
            client.follow()
            await until(lambda: client.connected, "the hall")
            busy = asyncio.create_task(asking(client)) if asks else None
            for cable in (commands, events):
                cut(cable, how)
            await asyncio.sleep(length_s)  # how long the line is down
            assert not client.connected
            mended_s = time.monotonic()
            for cable in (commands, events):
                mend(cable)
            await until(lambda: client.connected, "the hall again")
            if busy is not None:
                busy.cancel()
            return time.monotonic() - mended_s


async def all_back(hall: RunningHall, lengths_s: list[float]) -> None:
    kinds = [(how, length_s, asks) for how in Cut for length_s in lengths_s for asks in (False, True)]
    bundle = hall.bundle("counter-1")
    took_s = await asyncio.gather(*(until_back_s(bundle, how, length_s, asks=asks) for how, length_s, asks in kinds))
    slow = [(*kind, round(took, 2)) for kind, took in zip(kinds, took_s, strict=True) if took > AT_MOST_S]
    assert not slow


async def test_a_line_that_is_back_is_told_at_once(hall: RunningHall) -> None:
    chance = random.Random(1)  # at any moment of what the client does meanwhile
    await all_back(hall, [second + chance.random() for second in (4.5, 6, 8, 10, 12)])


@pytest.mark.nightly("faults")
@pytest.mark.timeout(300)
async def test_so_is_one_that_was_down_for_long(hall: RunningHall) -> None:
    await all_back(hall, [20.3, 27.9, 33.1, 40.6])
