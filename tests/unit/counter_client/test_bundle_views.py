"""Several matters of a visitor on the clerk's screen, for any room. Pure."""

import pytest

from counter_client.clerk.acts import Act, command, seen, why_not
from counter_client.clerk.bundles import (
    asks_at_the_end,
    bundle_rows,
    documents_rows,
    finishing,
    marked_words,
    matter_lines,
    next_open,
    progress,
)
from counter_client.clerk.panes import side_pane, visitor_pane
from counter_client.clerk.serving import groups_of, served_words
from counter_client.clerk.view import clerk_view
from counter_client.reception.visits import Visit, pickup_matter, visit_words, ways_without, with_themes
from counter_client.words import Tongue, Words
from hall_controller.bus import wire
from hall_controller.domain import commands as c
from hall_controller.domain.bundle import MatterOutcome
from hall_controller.domain.matters import How
from hall_controller.domain.rules import Narrowing
from hall_controller.domain.ticket import Ticket
from tests.terminal.local_hall import CATALOGUE, LocalHall

MATTERS = CATALOGUE.matters
TONGUES: tuple[Tongue, ...] = ("zh", "en")
MANY = list(MATTERS)[:18]


def serving(*matters: str) -> LocalHall:
    local = LocalHall()
    local.do(c.OpenCounter(counter=3, clerk="007"))
    assert isinstance(local.do(c.IssueTicket(matter=matters[0], more=matters[1:])), wire.Accepted)
    local.do(c.CallNext(counter=3))
    local.do(c.StartService(counter=3))
    return local


def mark(local: LocalHall, matter: str, outcome: MatterOutcome = MatterOutcome.HANDLED) -> Ticket:
    local.do(c.HandleMatter(counter=3, matter=matter, outcome=outcome))
    return local.state.tickets[1]


@pytest.mark.parametrize("tongue", TONGUES)
@pytest.mark.parametrize("size", [(49, 13), (49, 14), (80, 31), (150, 50)])
@pytest.mark.parametrize("count", [1, 2, 4, 5, 18])
def test_the_matters_fit_and_the_next_one_is_in_sight(tongue: Tongue, size: tuple[int, int], count: int) -> None:
    local = serving(*MANY[:count])
    for code in MANY[:count]:
        pane = visitor_pane(clerk_view(local.state, 3, local.at_ms, MATTERS), tongue, *size)
        rows = pane.split("\n")
        assert len(rows) <= size[1]
        assert all(row.cell_length <= size[0] for row in rows)
        assert "█" in pane.plain, "the number stays large"
        assert Words(MATTERS[code].name_zh, MATTERS[code].name_en).first(tongue)[:12] in pane.plain
        assert (progress(local.state.tickets[1]) in pane.plain) == (count > 1)
        mark(local, code)


def test_marks_move_the_next_one_on() -> None:
    local = serving(*MANY[:3])
    ticket = mark(local, MANY[0])
    assert (next_open(ticket), progress(ticket)) == (MANY[1], "1/3")
    ticket = mark(local, MANY[1], MatterOutcome.LEFT)
    assert (next_open(ticket), progress(ticket)) == (MANY[2], "1/3")
    told = marked_words(c.HandleMatter(counter=3, matter=MANY[1], outcome=MatterOutcome.LEFT), ticket, MATTERS)
    assert told.zh == "1/3 居民身份证补领 改日；下一件 未成年人身份证首次申领。"
    assert asks_at_the_end(ticket)
    ticket = mark(local, MANY[2])
    assert not asks_at_the_end(ticket)
    assert [row.outcome for row in bundle_rows(ticket, MATTERS)] == ["handled", "left", "handled"]


def test_one_matter_is_no_bundle() -> None:
    local = serving(MANY[0])
    ticket = local.state.tickets[1]
    assert bundle_rows(ticket, MATTERS) == ()
    assert not asks_at_the_end(ticket)
    assert isinstance(command(Act.FINISH, local.state, 3, seen(local.state, 3)), c.FinishService)
    for act in (Act.NEXT_MATTER, Act.MATTERS):
        assert why_not(act, local.state, 3) is not None


def test_finishing_notes_what_is_left_first() -> None:
    ticket = serving(*MANY[:3]).state.tickets[1]
    first, last = finishing(3, ticket, MANY[:2])
    assert first == c.HandleMatter(counter=3, ticket=1, matter=MANY[2], outcome=MatterOutcome.LEFT)
    assert last == c.FinishService(counter=3, ticket=1)


def test_documents_of_all_matters_are_one_list_without_repeats() -> None:
    rows = [
        row.plain
        for row in documents_rows(("permit-food-change", "business-individual-close", "tax-declare"), MATTERS, "zh")
    ]
    assert len(rows) == len(set(rows)) == 6
    assert documents_rows((), MATTERS, "zh")[0].plain == "无需材料 none needed"


def test_lines_of_matters_are_a_window_around_the_next_one() -> None:
    local = serving(*MANY[:9])
    for code in MANY[:8]:
        mark(local, code)
    shown = [line.plain for line in matter_lines(bundle_rows(local.state.tickets[1], MATTERS), "zh", 4)]
    assert len(shown) == 4
    assert shown[-1].startswith("> 待办")


@pytest.mark.parametrize("tongue", TONGUES)
def test_receipts_of_the_visitor_stand_at_the_side_the_last_always_in_sight(tongue: Tongue) -> None:
    local = serving(*MANY[:9])
    receipts = []
    for code in MANY[:9]:
        reply = local.do(c.AcceptMatter(counter=3, matter=code, applicant="GOOD1"))
        assert isinstance(reply, wire.Accepted)
        receipts.append(reply.receipt)
    pane = side_pane(clerk_view(local.state, 3, local.at_ms, MATTERS), tongue, 23, 8)
    assert len(pane.split("\n")) <= 8
    assert all(row.cell_length <= 23 for row in pane.split("\n"))
    assert str(receipts[-1]) in pane.plain
    assert why_not(Act.ACCEPT, local.state, 3) is not None, "all are accepted"


def test_what_a_counter_serves_is_said() -> None:
    assert served_words(Narrowing(), MATTERS) is None
    assert served_words(Narrowing(groups=("pickup", "tax"), languages=("en",)), MATTERS) == Words(
        "只办 出件、税务发票、英语", "only results, Tax and invoices, English"
    )
    assert next(iter(groups_of(MATTERS))) == "person"


def test_themes_stand_among_the_matters() -> None:
    matters, themes = with_themes(MATTERS)
    assert with_themes(MATTERS)[0] is matters, "so that its index is kept"
    assert matters["theme:close-shop"].name_zh == "关一家小店（3 件一次办）"
    assert [one.code for one in themes["close-shop"].matters] == [
        "business-individual-close",
        "permit-food-change",
        "tax-declare",
    ]


def test_ways_without_a_visit_are_for_one_matter_alone() -> None:
    assert [way for way, _ in ways_without(Visit(("household-certificate",)), MATTERS)] == [
        How.ZERO_RUN,
        How.SELF_SERVICE,
    ]
    assert ways_without(Visit(("household-certificate", "tax-declare")), MATTERS) == []
    assert ways_without(Visit(("tax-declare",)), MATTERS) == []


def test_a_visit_is_named_by_its_first_matter() -> None:
    assert visit_words(Visit(("tax-declare",)), MATTERS).zh == "纳税申报辅导"
    assert visit_words(Visit(("tax-declare", "x")), MATTERS) == Words(
        "纳税申报辅导 等 2 件", "Help with a tax return +1"
    )
    assert visit_words(Visit(("gone",)), MATTERS) == Words("gone", "gone")


def test_a_result_is_collected_under_a_matter_of_pickup() -> None:
    local = serving("tax-declare")
    local.do(c.AcceptMatter(counter=3, matter="tax-declare"))
    [one] = local.state.acceptances.values()
    assert pickup_matter(one, MATTERS) == "pickup-card"
    assert pickup_matter(one, {}) is None
