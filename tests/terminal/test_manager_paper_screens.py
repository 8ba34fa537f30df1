"""Pictures of acceptances, low ratings and bundles on the manager's console; `--snapshot-update`, and look."""

import pytest

from counter_client.words import Tongue
from hall_controller.domain import commands as c
from hall_controller.domain.commands import RatingReason
from tests.terminal.local_hall import LocalHall
from tests.terminal.test_manager_screens import GRAND, SMALL, after, console
from tests.terminal.test_paper_screens import bundle, papers
from tests.terminal.test_screens import Snap

WAYS = [
    pytest.param("zh", SMALL, id="zh-80x24"),
    pytest.param("zh", GRAND, id="zh-160x48", marks=pytest.mark.nightly("screens")),
    pytest.param("en", SMALL, id="en-80x24", marks=pytest.mark.nightly("screens")),
]
each_way = pytest.mark.parametrize(("tongue", "size"), WAYS)


def rated() -> LocalHall:
    """Two visitors were not content; documents of one acceptance are past their day, and so are papers."""
    local = papers()
    local.do(c.FinishService(counter=3))
    for stars, reasons, comment in (
        (2, (RatingReason.WAIT, RatingReason.UNCLEAR), "等了一个小时，到窗口才说还缺一份证明，没有人提前告诉我"),
        (3, (RatingReason.PLACE,), ""),
        (5, (), ""),
    ):
        assert local.hall is not None
        ticket = max(local.hall.ended)
        local.do(c.IssueTicket(matter="id-card-renew"))
        local.later(60)
        local.do(c.CallNext(counter=3))
        local.do(c.StartService(counter=3))
        local.later(100)
        local.do(c.FinishService(counter=3))
        local.do(c.Rate(ticket=ticket, stars=stars, reasons=reasons, comment=comment))
    local.tick()
    return local


@each_way
def test_acceptances_and_papers(snap_compare: Snap, tongue: Tongue, size: tuple[int, int]) -> None:
    assert snap_compare(console(rated(), tongue), run_before=after("7", "down"), terminal_size=size)


@each_way
def test_low_ratings_stand_out(snap_compare: Snap, tongue: Tongue, size: tuple[int, int]) -> None:
    assert snap_compare(console(rated(), tongue), run_before=after("4"), terminal_size=size)


def test_a_low_rating_in_full(snap_compare: Snap) -> None:
    assert snap_compare(console(rated()), run_before=after("4", "down", "enter"))


def test_the_journal_says_it_in_words(snap_compare: Snap) -> None:
    assert snap_compare(console(rated()), run_before=after("6"), terminal_size=GRAND)


def test_a_receipts_card(snap_compare: Snap) -> None:
    assert snap_compare(console(rated()), run_before=after("7", "down", "down", "down", "enter"))


def test_what_can_be_done_with_receipts_is_in_the_palette(snap_compare: Snap) -> None:
    assert snap_compare(console(rated()), run_before=after("ctrl+p", *"回执", "backspace", "backspace", *"补交"))


@pytest.mark.parametrize("size", [SMALL, GRAND], ids=["80x24", "160x48"])
def test_a_visitor_with_several_matters(snap_compare: Snap, size: tuple[int, int]) -> None:
    local = bundle()
    local.do(c.IssueTicket(matter="id-card-renew", more=("id-card-child", "tax-declare")))
    assert snap_compare(console(local), run_before=after("2", "end"), terminal_size=size)
