"""A comment, a name, a notice that would command a terminal is shown by all of them, and obeyed by none."""

from collections.abc import Callable

import pytest
from msgspec.structs import replace
from textual.app import App
from textual.widgets import Static

from counter_client.terminal import TerminalApp
from counter_client.widgets.plain_lines import PlainLines
from hall_controller.domain import commands as c
from hall_controller.domain.hall import in_force
from hall_controller.domain.matters import Catalogue
from tests.hostile import HOSTILE, unreadable
from tests.terminal import local_hall
from tests.terminal.local_hall import CATALOGUE, LocalHall
from tests.terminal.test_manager_paper_screens import rated
from tests.terminal.test_manager_screens import console
from tests.terminal.test_screens import clerk, greeter

KEYS = [*"abdefghimnoprtw", "enter", "down", "f1"]
VIEWS = [*"1234567", "enter", "down", "f1"]
NAMED = {"name_zh", "name_en", "group_zh", "group_en", "department", "department_en"}


def sent(app: App[None]) -> str:
    """The text of all lines as they go to the terminal, without what Textual itself sends between them."""
    compositor = app.screen._compositor
    return "\n".join(
        segment.text for strip in compositor.render_strips(app.size) for segment in strip if not segment.control
    )


def hostile() -> LocalHall:
    """Of a hall that checked nothing: commands are decided here without its edge."""
    local = rated()
    rules = replace(in_force(local.state), name_zh=HOSTILE, name_en=HOSTILE)
    for command in (
        c.ChangeRules(rules=rules),
        c.SetNotice(zh=HOSTILE, en=HOSTILE, why=HOSTILE),
        c.OpenCounter(counter=7, clerk=HOSTILE),
        c.HandOverCounter(counter=3, clerk=HOSTILE),
        c.ReportDevice(kind=HOSTILE, state=c.DeviceState.FAILED, detail=HOSTILE),
        c.ReportDevice(kind="paper", state=c.DeviceState.FAILED, detail=HOSTILE),
        c.IssueTicket(matter="id-card-renew", why=HOSTILE),
        c.CallNext(counter=7),
        c.StartService(counter=7),
        c.FinishService(counter=7),
    ):
        local.do(command)
    local.do(c.Rate(ticket=max(local.state.ended), stars=1, comment=HOSTILE))
    local.do(c.StopIssuing(why=HOSTILE))
    local.tick()
    return local


@pytest.fixture
def named(monkeypatch: pytest.MonkeyPatch) -> None:
    """Every name of the catalogue is hostile."""
    bad = {
        code: replace(
            matter,
            documents_zh=(HOSTILE,) * len(matter.documents_zh),
            documents_en=(HOSTILE,) * len(matter.documents_en),
            **dict.fromkeys(NAMED, HOSTILE),
        )
        for code, matter in CATALOGUE.matters.items()
    }
    monkeypatch.setattr(local_hall, "CATALOGUE", Catalogue(bad))


@pytest.mark.usefixtures("named")
@pytest.mark.parametrize(
    ("make", "tongue", "keys"),
    [(clerk, "zh", KEYS), (greeter, "en", KEYS), (console, "zh", VIEWS), (console, "en", VIEWS)],
)
async def test_no_screen_and_no_dialog_sends_what_people_wrote_as_commands(
    make: Callable[..., TerminalApp], tongue: str, keys: list[str]
) -> None:
    app = make(hostile(), tongue)
    async with app.run_test(size=(120, 40)) as pilot:
        await pilot.pause()
        main, seen = app.screen, ""
        for key in keys:
            await pilot.press(key)
            await pilot.pause()
            seen += sent(app)
            for _ in range(4):
                if app.screen is not main:
                    await pilot.press("escape")
        assert not unreadable(seen)
        # It is told that there was something, and what.
        assert "\\u001b]0;pwned" in seen


async def test_whatever_draws_is_looked_at_last() -> None:
    class Bare(App[None]):
        def get_line_filters(self) -> list[PlainLines]:
            return [PlainLines()]

        def compose(self):  # type: ignore[no-untyped-def]  # noqa: ANN202
            box = Static(HOSTILE.replace("\n", "") + "\ud800" + "end", markup=False)
            box.border_title = "\x1b]0;title\x07"
            box.styles.border = ("round", "white")
            yield box

    app = Bare()
    async with app.run_test(size=(80, 5)) as pilot:
        await pilot.pause()
        assert not unreadable(sent(app))
        assert "<b>张?end" in sent(app)
        assert {strip.cell_length for strip in app.screen._compositor.render_strips(app.size)} == {80}
