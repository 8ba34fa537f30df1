"""No screen says what is not so: after all that was pressed, heard or resized it shows what a fresh drawing would."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from counter_client.manager.screen import ManagerScreen
from counter_client.widgets.drawn import Drawn
from counter_client.widgets.pane import Pane
from hall_controller.domain import commands as c
from hall_controller.domain.ticket import VisitorClass
from tests.terminal.bench import Bench, bench
from tests.terminal.local_hall import LocalHall, busy_hall
from tests.terminal.test_drawing import SCREENS

KEYS = [*"abcdefghijkmnopqrstuvwxyz0123456789l/", "enter", "space", "escape", "up", "down", "tab", "f1"]
SIZES = [(80, 24), (100, 30), (140, 40), (60, 20), (200, 60)]
COUNTERS = st.integers(1, 4)

KEY = st.lists(st.sampled_from(KEYS), min_size=1, max_size=3)
CROWD = st.sampled_from(
    [
        c.IssueTicket(matter="id-card-renew"),
        c.IssueTicket(matter="id-card-renew", visitor_class=VisitorClass.PRIORITY),
        c.SetNotice(zh="公告", en="notice"),
        c.SetNotice(),
        c.StopIssuing(),
        c.ResumeIssuing(),
        c.CloseHall(reason="storm"),
    ]
)
AT_COUNTER = st.sampled_from(
    [
        c.CallNext, c.StartService, c.FinishService, c.Missed, c.Hold, c.PauseCounter, c.ResumeCounter, c.CloseCounter,
        c.Undo, c.Recall,
    ]
)  # fmt: skip
OPENED = st.builds(c.OpenCounter, counter=COUNTERS, clerk=st.sampled_from(["003", "009"]))
ELSEWHERE = st.one_of(CROWD, OPENED, st.builds(lambda kind, at: kind(counter=at), AT_COUNTER, COUNTERS))
STEP = st.one_of(
    KEY,
    KEY,
    ELSEWHERE,
    ELSEWHERE,
    st.sampled_from(SIZES),
    st.integers(1, 900),
    st.booleans(),
)
"""Keys, what happens elsewhere, another size, seconds that pass, the line lost or back."""


async def settled(at: Bench) -> None:
    """Nothing is left to be drawn; what never comes is as bad as what is wrong."""

    def at_rest() -> bool:
        screen, top = at.screen, at.pilot.app.screen
        pending = screen._draw_is_due or screen._event_due or (isinstance(top, Drawn) and top._draw_is_due)
        return not pending and not (isinstance(screen, ManagerScreen) and not screen.pieces.at_rest)

    await at.pilot.pause()
    await at.until(at_rest, "the end of the drawing")


def panes(at: Bench) -> dict[str, list[str]]:
    """As they are painted, line by line."""
    return {
        pane.id or "": [pane.render_line(y).text for y in range(pane.size.height)]
        for pane in at.screen.query(Pane)
        if pane.display and pane.size.width
    }


def afresh(at: Bench) -> None:
    if isinstance(at.screen, ManagerScreen):
        at.screen.pieces.afresh = True
    for pane in at.screen.query(Pane):
        pane._strips.clear()
    at.screen.draw_at_once()


async def play(at: Bench, local: LocalHall, step: object) -> None:
    match step:
        case list():
            await at.press(*step)
        case bool():
            local.connect(step)
        case int():
            local.later(step)
            local.tick()
            local.do(c.SetNotice(zh=f"{step}", en=f"{step}"))
        case tuple():
            await at.pilot.resize_terminal(*step)
        case c.Command():
            local.do(step)


@pytest.mark.parametrize("kind", SCREENS)
@settings(max_examples=4, deadline=None)
@given(steps=st.lists(STEP, min_size=4, max_size=14))
async def test_a_screen_shows_what_a_fresh_drawing_would(kind: str, steps: list[object]) -> None:
    local = busy_hall()
    async with bench(lambda: local, SCREENS[kind]) as at:
        for step in steps:
            await play(at, local, step)
            await settled(at)
            shown = panes(at)
            afresh(at)
            assert shown == panes(at), f"after {step}"


async def test_what_was_told_goes_when_the_counter_no_longer_stands_so() -> None:
    local = LocalHall()
    local.do(c.OpenCounter(counter=3, clerk="007"))
    local.do(c.IssueTicket(matter="id-card-renew"))
    async with bench(lambda: local, SCREENS["clerk"]) as at:
        assert "现在：空闲" in at.shown("told")
        local.do(c.CallNext(counter=3))
        await at.until_told("派来 A001")
        local.do(c.Undo(counter=3))
        await at.until(lambda: "READY" in at.shown("visitor"), "the call that was taken back")
        await at.until(lambda: "A001" not in at.shown("told"), "the end of what was told")
        await at.press("c")
        await at.until_told("已叫 A001")
        local.do(c.SetNotice(zh="公告", en="notice"))
        await settled(at)
        assert "已叫 A001" in at.shown("told"), "it is still so"
