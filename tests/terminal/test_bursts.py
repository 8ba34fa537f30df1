"""Keys that come faster than a person presses them one by one: typed ahead, scanned, or held up by a slow line.

They are sent to the terminal at once, as one packet of a line brings them; `press` would wait for each.
"""

import asyncio
from collections.abc import Callable

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from counter_client.clerk.guard import Guard
from counter_client.clerk.screen import ClerkScreen
from counter_client.desk import Link
from counter_client.manager.screen import ManagerScreen
from counter_client.reception.screen import ReceptionScreen
from counter_client.terminal import TerminalScreen
from hall_controller.domain import commands as c
from hall_controller.domain.counter import CounterState
from tests.terminal.bench import Bench, bench
from tests.terminal.local_hall import LocalHall, busy_hall

KEYS = st.sampled_from([*"abcdefghijklmnopqrstuvwxyz0123456789", "enter", "enter", "space"])
BURSTS = st.lists(KEYS, min_size=1, max_size=12)
GAP_S = 0.6
"""Of a key that is deliberate: what came before it is over."""
MARKS = (c.HandleMatter, c.FinishService)

CLERK: dict[str, tuple[type[c.Command], ...]] = {
    "f1": (),
    "t": (c.Transfer,),
    "e": (c.AmendTicket,),
    "v": (c.ReturnToQueue,),
    "i": (c.NarrowCounter,),
    "j": (c.HandOverCounter,),
    "a": (c.AcceptMatter, *MARKS),
    "k": (c.AmendTicket,),
    "d": (),
    "u": (),
    "y": (),
}
RECEPTION: dict[str, tuple[type[c.Command], ...]] = {
    "f1": (),
    "i": (c.IssueTicket, c.Divert),
    "f": (),
    "b": (c.BookTicket,),
    "d": (c.PrintDocuments,),
    "u": (),
    "y": (),
}
MANAGER: dict[str, tuple[type[c.Command], ...]] = {
    "f1": (),
    "m": (c.SetNotice,),
    "h": (c.ExtendHours,),
    "y": (c.SetPolicy,),
    "d": (c.SetMode,),
    "r": (c.SetRoster,),
    "q": (c.CloseHall,),
    "w": (c.StopIssuing, c.CloseCounter),
    "f": (),
    "slash": (),
    "8": (),
    "0": (),
}
TERMINALS: dict[str, tuple[Callable[[Link], TerminalScreen], dict[str, tuple[type[c.Command], ...]]]] = {
    "clerk": (lambda link: ClerkScreen(link, 3, guard=Guard()), CLERK),
    "reception": (lambda link: ReceptionScreen(link, guard=Guard()), RECEPTION),
    "manager": (lambda link: ManagerScreen(link, guard=Guard()), MANAGER),
}


async def over(at: Bench) -> None:
    """Leave every dialog, and let the burst be over."""
    while at.pilot.app.screen is not at.screen:
        await at.press("escape")
    await asyncio.sleep(GAP_S)


@pytest.mark.parametrize("kind", TERMINALS)
@settings(max_examples=4, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(data=st.data())
async def test_a_burst_into_a_dialog_does_what_the_dialog_does_and_nothing_besides(
    kind: str, data: st.DataObject
) -> None:
    make, dialogs = TERMINALS[kind]
    local = busy_hall()
    local.do(c.StartService(counter=3))
    async with bench(lambda: local, make) as at:
        await asyncio.sleep(GAP_S * 2)  # a visitor is looked at before a key does anything with them
        for key in data.draw(st.lists(st.sampled_from(list(dialogs)), min_size=2, max_size=4)):
            before, sent = local.state.counters.get(3), len(local.asked)
            await at.press(key)
            await at.pilot.pause()
            if at.pilot.app.screen is at.screen:
                continue  # not now
            await at.burst(*data.draw(BURSTS))
            await over(at)
            after = {type(one) for one in local.asked[sent:]}
            assert after <= set(dialogs[key]), f"{key} in {before}"


@pytest.mark.parametrize("kind", TERMINALS)
@settings(max_examples=3, deadline=None)
@given(data=st.data())
async def test_of_a_burst_on_the_main_screen_nothing_acts_that_comes_after_the_key_of_a_dialog(
    kind: str, data: st.DataObject
) -> None:
    """A slow line brings the key and what was meant for its dialog in one packet: no part of it may be taken alone."""
    make, dialogs = TERMINALS[kind]
    local = busy_hall()
    local.do(c.StartService(counter=3))
    async with bench(lambda: local, make) as at:
        await asyncio.sleep(GAP_S * 2)
        for key in data.draw(st.lists(st.sampled_from(list(dialogs)), min_size=2, max_size=4)):
            sent = len(local.asked)
            await at.burst(key, *data.draw(BURSTS))
            await over(at)
            assert not local.asked[sent:], key


async def test_two_answers_at_once_close_one_dialog() -> None:
    """The second one closed what was below: the main screen itself."""
    local = busy_hall()
    local.do(c.StartService(counter=3))
    async with bench(lambda: local, TERMINALS["clerk"][0]) as at:
        await asyncio.sleep(GAP_S * 2)
        for keys in (("f1", "q", "q", "q"), ("d", "enter", "enter", "enter"), ("e", "1", "enter", "escape", "escape")):
            await at.press(keys[0])
            await at.until_dialog()
            await at.burst(*keys[1:])
            await over(at)
            assert at.pilot.app.screen is at.screen
            assert at.screen.is_attached


async def test_letters_behind_a_dialogs_key_are_told_and_a_deliberate_key_works_again() -> None:
    local = LocalHall()
    local.do(c.OpenCounter(counter=3, clerk="007"))
    local.do(c.IssueTicket(matter="id-card-renew"))
    async with bench(lambda: local, TERMINALS["clerk"][0]) as at:
        await at.press("i")
        await at.until_dialog()
        await at.burst("1", "c", "c", "space", "enter")
        await over(at)
        assert local.state.counters[3].state is CounterState.READY
        await at.press("c")
        await at.until_told("已叫")


async def test_enter_does_nothing_on_a_main_screen_that_the_help_does_not_tell() -> None:
    local = LocalHall()
    local.do(c.OpenCounter(counter=3, clerk="007"))
    local.do(c.IssueTicket(matter="id-card-renew"))
    async with bench(lambda: local, TERMINALS["clerk"][0]) as at:
        for _ in range(3):
            await at.press("enter")
            await asyncio.sleep(GAP_S)
        assert not local.asked
        assert local.state.counters[3].state is CounterState.READY


async def test_enter_in_a_line_takes_what_was_typed_before_it_and_not_what_came_after() -> None:
    local = LocalHall()
    async with bench(lambda: local, TERMINALS["clerk"][0]) as at:
        await at.press("o")
        await at.until_dialog()
        await at.burst(*"007", "enter", *"xyz")
        await at.until(lambda: local.state.counters.get(3), "an open counter")
        assert local.state.counters[3].clerk == "007"
