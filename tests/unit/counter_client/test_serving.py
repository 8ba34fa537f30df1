"""What a counter serves is said in words on every terminal, and a queue that is not a clerk's own is not "nobody"."""

import asyncio
from typing import Any

import pytest
from rich.cells import cell_len

from counter_client.clerk import questions as clerks
from counter_client.clerk.acts import Act, seen, why_not
from counter_client.clerk.outcomes import done
from counter_client.clerk.panes import WHAT_NOW, visitor_pane
from counter_client.clerk.view import clerk_view
from counter_client.manager import outcomes as managers
from counter_client.manager import panes
from counter_client.manager import questions as manager
from counter_client.manager.view import counter_rows
from counter_client.widgets.dialogs import Choose, Pick
from counter_client.words import Tongue, Words
from hall_controller.bus import wire
from hall_controller.domain import commands as c
from hall_controller.domain.counter import CounterState
from hall_controller.domain.refusal import Refusal
from hall_controller.domain.ticket import Language
from tests.terminal.local_hall import CATALOGUE, LocalHall

TONGUES: tuple[Tongue, ...] = ("zh", "en")
GROUPS = tuple(CATALOGUE.groups())


class Asked:
    """A terminal's screen that keeps what it is asked, and answers in turn."""

    def __init__(self, local: LocalHall, tongue: Tongue, *answers: str | None) -> None:
        self.link, self.matters, self.tongue, self.number = local, CATALOGUE.matters, tongue, 3
        self.dialogs: list[Any] = []
        self._answers = [*answers]

    async def ask(self, dialog: Any) -> str | None:
        self.dialogs.append(dialog)
        return self._answers.pop(0)


def narrowed() -> LocalHall:
    """Counters 3 and 5 serve the results, counter 4 all groups in English; one who comes for a pension waits."""
    local = LocalHall()
    for counter, groups in ((3, ("pickup",)), (4, GROUPS), (5, ("pickup",))):
        local.do(c.OpenCounter(counter=counter, clerk=f"00{counter}"))
        local.do(c.NarrowCounter(counter=counter, groups=groups, languages=(Language.ENGLISH,) if counter == 4 else ()))
    code = next(code for code, matter in CATALOGUE.matters.items() if matter.group != "pickup")
    local.do(c.IssueTicket(matter=code))
    return local


def raw(text: str) -> list[str]:
    """The codes of groups and languages that stand in it."""
    names = {word for one in CATALOGUE.matters.values() for word in one.group_en.split()}
    words = set(text.replace(",", " ").replace("、", " ").replace("：", " ").split())
    return sorted(words & {*GROUPS, *Language} - names)


@pytest.mark.parametrize("tongue", TONGUES)
def test_the_console_and_the_terminals_name_what_a_counter_serves(tongue: Tongue) -> None:
    local = narrowed()
    hall = local.state
    told = [panes.counter_row(row, tongue, 200).plain for row in counter_rows(hall, local.at_ms, CATALOGUE.matters)]
    asked: Any = Asked(local, tongue, None, "008", None)
    title = Words("窗口", "counter")
    asyncio.run(manager._pick_counter(asked, title, list(hall.counters.values())))
    asyncio.run(clerks.hand_over(asked, hall, seen(hall, 3)))
    told += [entry.text.plain for one in asked.dialogs if isinstance(one, Pick) for entry in one.entries]
    told += [entry.text.plain for entry in clerks._counters(asked, hall)]
    told += [words.first(tongue) for one in asked.dialogs if isinstance(one, Choose) for _, words in one.choices]
    text = "\n".join(told)
    assert raw(text) == []
    assert text.count({"zh": "出件", "en": "results"}[tongue]) >= 5


@pytest.mark.parametrize("tongue", TONGUES)
def test_who_waits_for_another_counter_is_not_nobody(tongue: Tongue) -> None:
    local = narrowed()
    view = clerk_view(local.state, 3, local.at_ms, CATALOGUE.matters)
    assert (view.waiting.total, view.waiting.for_here) == (1, 0)
    reply = wire.Accepted(seq=local.state.seq, ticket=None)
    looked = seen(local.state, 3)
    said = done(c.CallNext(counter=3), reply, looked, None, local.state, CATALOGUE.matters)
    screen = visitor_pane(view, tongue, 60, 16).plain
    nobody = {"zh": "没有人等候", "en": "obody is waiting."}[tongue]
    for text in (
        screen + ".",
        said.first(tongue),
        managers.done(c.CallNext(counter=3), reply, "", back=False).first(tongue),
    ):
        assert nobody not in text
    assert {"zh": "1 位在等，本窗口都不能叫", "en": "1 waiting, none for this counter"}[tongue] in screen
    narrow = visitor_pane(view, tongue, 51, 16).plain.splitlines()
    assert max(map(cell_len, narrow)) <= 51, "at 80 columns too it takes one line"


@pytest.mark.parametrize("tongue", TONGUES)
def test_nobody_is_told_to_open_a_counter_of_a_hall_that_is_closed(tongue: Tongue) -> None:
    local = narrowed()
    local.do(c.CloseHall(reason="台风"))
    view = clerk_view(local.state, 3, local.at_ms, CATALOGUE.matters)
    screen = visitor_pane(view, tongue, 60, 16).plain
    assert WHAT_NOW[CounterState.CLOSED].first(tongue) not in screen
    assert view.hours.first(tongue) in screen
    assert why_not(Act.OPEN, local.state, 3) is not None
    assert isinstance(local.do(c.OpenCounter(counter=3, clerk="003")), Refusal)
    local.do(c.ResumeIssuing())
    assert why_not(Act.OPEN, local.state, 3) is None
