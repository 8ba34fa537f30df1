"""A wall clock that was set while the hall ran: the manager sees it, and accepts it after a yes."""

from pathlib import Path

import pytest

from counter_client.manager.acts import Act
from counter_client.manager.screen import ManagerScreen
from hall_controller.bus import wire
from hall_controller.bus.bundle import load_bundle
from hall_controller.bus.client import HallClient
from tests.hall.in_process import WallClock, controller_of
from tests.support import make_hall
from tests.terminal.bench import bench, patient_fingers

HOUR_MS = 3_600_000


async def test_an_hour_back_is_seen_and_accepted(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    wall, directory = WallClock(monkeypatch), make_hall(tmp_path)
    with controller_of(directory):

        def link() -> HallClient:
            return HallClient(load_bundle(directory, "manager"))

        async with bench(link, lambda link: ManagerScreen(link, guard=patient_fingers())) as at:
            screen = at.screen
            assert isinstance(screen, ManagerScreen)
            wall.ahead_ms = -HOUR_MS
            screen.poll()
            await at.until(lambda: Act.CLOCK in screen.able(at.hall), "the clock's step")
            await at.press("5")
            await at.until(lambda: "K 接受" in at.shown("devices"), "what to do about it")
            seq = at.hall.seq
            await at.press("k")
            await at.until_dialog_with("接受时钟")
            await at.press("y")
            await at.until_told("时钟已接受")
            await at.until(lambda: at.hall.seq > seq, "the step in the journal")
            reply = await screen.link.ask(wire.EventsSince(seq))
            assert wire.decode_event(reply.events[0]).__struct_config__.tag == "clock_stepped"
