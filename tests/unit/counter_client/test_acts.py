"""What each key means in each state: keys, refusals before the asking, commands that carry the ticket seen."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from counter_client.clerk.acts import BY_KEY, KEYS, ON_VISITOR, Act, command, primary, seen, undoable, why_not
from counter_client.reception import acts as reception
from hall_controller.domain import commands as c
from hall_controller.domain.refusal import Refusal
from hall_controller.domain.rules import Mode
from tests.terminal.local_hall import CATALOGUE, LocalHall, busy_hall

MATTER = next(iter(CATALOGUE.matters))


def test_every_act_has_one_key_of_its_own() -> None:
    assert len(BY_KEY) == len(KEYS) == len(Act)
    assert "l" not in BY_KEY
    assert len(reception.BY_KEY) == len(reception.Act)
    assert not set(reception.BY_KEY) & set("jkl12345")


@pytest.mark.parametrize("act", sorted(ON_VISITOR))
def test_a_command_on_a_visitor_carries_the_ticket_seen(act: Act) -> None:
    hall = busy_hall()
    looked = seen(hall.state, 3)
    made = command(act, hall.state, 3, looked)
    if made is not None:
        assert made.ticket == looked.ticket  # type: ignore[attr-defined]


@pytest.mark.parametrize("mode", list(Mode))
def test_the_primary_key_never_finishes_passes_over_or_sends_away(mode: Mode) -> None:
    hall = LocalHall(mode=mode)
    harmless = {Act.OPEN, Act.NEXT, Act.START, Act.PAUSE, None}
    for step in (
        c.OpenCounter(counter=3, clerk="007"),
        c.IssueTicket(matter=MATTER),
        c.CallNext(counter=3),
        c.StartService(counter=3),
        c.FinishService(counter=3),
        c.PauseCounter(counter=3),
    ):
        assert primary(hall.state, 3) in harmless
        hall.do(step)
    assert primary(hall.state, 3) in harmless


def test_while_serving_the_primary_key_does_nothing() -> None:
    hall = busy_hall()
    hall.do(c.StartService(counter=3))
    assert primary(hall.state, 3) is None


STEPS = st.lists(st.sampled_from([*(act for act in Act), "issue", "bundle", "accept"]), max_size=30)
BUNDLE = (MATTER, *list(CATALOGUE.matters)[1:3])


@given(mode=st.sampled_from(list(Mode)), steps=STEPS)
def test_what_the_terminal_allows_the_hall_accepts(mode: Mode, steps: list[Act | str]) -> None:
    """Two tellers of one rule must agree: a key that is shown as working is not refused."""
    hall = LocalHall(mode=mode)
    hall.do(c.OpenCounter(counter=3, clerk="007"))
    for step in steps:
        if not isinstance(step, Act):
            more = BUNDLE[1:] if step == "bundle" else ()
            hall.do(c.AcceptMatter(counter=3) if step == "accept" else c.IssueTicket(matter=MATTER, more=more))
            continue
        made = command(step, hall.state, 3, seen(hall.state, 3))
        if made is None:
            continue
        allowed = why_not(step, hall.state, 3) is None
        refused = isinstance(hall.do(made), Refusal)
        assert allowed != refused


def test_what_undo_would_take_back_is_named() -> None:
    hall = busy_hall()
    hall.do(c.StartService(counter=3))
    hall.do(c.FinishService(counter=3))
    words = undoable(hall.state, 3)
    assert words is not None
    assert words.zh.startswith("办结 A")


def test_nothing_can_be_undone_at_a_fresh_counter() -> None:
    hall = LocalHall()
    assert undoable(hall.state, 3) is None


@pytest.mark.parametrize("typed", ["A002", "a2", " ２ ", "002", "2"])
def test_a_ticket_is_found_by_what_a_person_would_type(typed: str) -> None:
    hall = LocalHall()
    for _ in range(3):
        hall.do(c.IssueTicket(matter=MATTER))
    living, ended = reception.find(hall.state, typed)
    assert [ticket.number for ticket in living] == ["A002"]
    assert ended == []


@pytest.mark.parametrize("typed", ["", "B2", "22", "A", "#9", "x y"])
def test_what_is_not_there_is_not_found(typed: str) -> None:
    hall = LocalHall()
    for _ in range(3):
        hall.do(c.IssueTicket(matter=MATTER))
    assert reception.find(hall.state, typed) == ([], [])


def test_an_ended_ticket_is_found_as_ended() -> None:
    hall = LocalHall()
    hall.do(c.IssueTicket(matter=MATTER))
    hall.do(c.CancelTicket(ticket=1))
    living, ended = reception.find(hall.state, "1")
    assert living == []
    assert [found.state for found in ended] == ["cancelled"]
