"""Screens as text: nothing is wider or higher than its pane, and what matters is in it."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from counter_client.clerk.acts import Act
from counter_client.clerk.panes import keys_pane, side_pane, visitor_pane
from counter_client.clerk.view import clerk_view
from counter_client.entries import matter_entries
from counter_client.reception.panes import chosen_pane, tabs_pane, tickets_pane
from counter_client.reception.view import Tab, reception_view
from counter_client.widgets.block_letters import GLYPHS, HEIGHT, block_letters, fitting_scale
from counter_client.widgets.dialogs import matching
from counter_client.widgets.told import Told, told_pane
from counter_client.words import REFUSALS, Tongue, Words, explain
from hall_controller.domain import commands as c
from hall_controller.domain.hall import in_force
from hall_controller.domain.refusal import Code, Refusal
from hall_controller.i18n import times
from tests.terminal.local_hall import CATALOGUE, LocalHall, busy_hall

MATTERS = CATALOGUE.matters
TONGUES: tuple[Tongue, ...] = ("zh", "en")


@pytest.mark.parametrize("tongue", TONGUES)
@pytest.mark.parametrize("size", [(49, 15), (49, 14), (80, 31), (150, 50)])
@pytest.mark.parametrize("matter", ["id-card-renew", "food-permit-new", *list(MATTERS)[::9]])
def test_the_visitor_fits_and_is_all_there(tongue: Tongue, size: tuple[int, int], matter: str) -> None:
    if matter not in MATTERS:
        matter = next(iter(MATTERS))
    hall = LocalHall()
    hall.do(c.OpenCounter(counter=3, clerk="007"))
    hall.do(c.IssueTicket(matter=matter))
    hall.do(c.CallNext(counter=3))
    for step in (c.StartService(counter=3), c.PauseCounter(counter=3), c.FinishService(counter=3)):
        pane = visitor_pane(clerk_view(hall.state, 3, hall.now_ms(), MATTERS), tongue, *size)
        rows = pane.split("\n")
        assert len(rows) <= size[1]
        assert all(row.cell_length <= size[0] for row in rows)
        if hall.state.tickets:
            assert "█" in pane.plain
            assert Words(MATTERS[matter].name_zh, MATTERS[matter].name_en).first(tongue)[:20] in pane.plain
            assert ("材料" if tongue == "zh" else "Documents") in pane.plain
        hall.do(step)


@pytest.mark.parametrize("tongue", TONGUES)
def test_side_and_keys_fit_eighty_columns(tongue: Tongue) -> None:
    view = clerk_view(busy_hall().state, 3, busy_hall().now_ms(), MATTERS)
    for row in side_pane(view, tongue, 23, 15).split("\n"):
        assert row.cell_length <= 23
    rows = keys_pane(frozenset(Act), view, tongue, 80).split("\n")
    assert len(rows) == 5
    assert all(row.cell_length <= 80 and "…" not in row.plain for row in rows)


def test_waiting_counts_and_own_day() -> None:
    hall = busy_hall()
    view = clerk_view(hall.state, 3, hall.now_ms(), MATTERS)
    assert view.waiting.total == sum(view.waiting.by_class.values()) == view.waiting.for_here
    assert view.waiting.oldest_s is not None
    assert (view.today.visits, view.today.finished, view.today.no_shows) == (2, 1, 1)
    assert len(view.held) == 1


@given(st.text("ABCPRWZ0123456789", min_size=1, max_size=7), st.integers(1, 200), st.integers(1, 60))
def test_block_letters_never_overflow(text: str, columns: int, rows: int) -> None:
    made = block_letters(text, columns, rows)
    if fitting_scale(len(text), columns, rows) is None:
        assert made == [text]
    else:
        assert len(made) <= rows
        assert {len(line) for line in made} == {len(made[0])}
        assert len(made[0]) <= columns


def test_every_number_of_a_hall_can_be_written_large() -> None:
    assert set("ABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789:") <= set(GLYPHS)
    assert all(len(glyph.split()) == HEIGHT and {len(row) for row in glyph.split()} == {5} for glyph in GLYPHS.values())
    assert len(set(GLYPHS.values())) >= len(GLYPHS) - 1, "only O and 0 may look alike"


def test_every_tab_of_the_reception_fits() -> None:
    hall = busy_hall()
    rules = in_force(hall.state)
    for tongue in TONGUES:
        for tab in Tab:
            view = reception_view(hall.state, tab, None, hall.now_ms())
            chosen = view.tickets[0].ticket if view.tickets else None
            view = reception_view(hall.state, tab, chosen, hall.now_ms())
            assert tabs_pane(view, tongue, 80).cell_length <= 80
            assert "…" not in tabs_pane(view, tongue, 80).plain
            for pane, (columns, rows) in (
                (tickets_pane(view, rules, MATTERS, tongue, 76, 8), (76, 8)),
                (chosen_pane(view, rules, MATTERS, tongue, 76, 7), (76, 7)),
            ):
                shown = pane.split("\n")
                assert len(shown) <= rows
                assert all(row.cell_length <= columns for row in shown)


def test_the_chosen_ticket_is_always_in_sight() -> None:
    hall = LocalHall()
    for _ in range(60):
        hall.do(c.IssueTicket(matter="id-card-renew"))
    rules = in_force(hall.state)
    for ticket in (1, 30, 60):
        view = reception_view(hall.state, Tab.WAITING, ticket, hall.now_ms())
        assert f"A{ticket:03d}" in tickets_pane(view, rules, MATTERS, "zh", 76, 8).plain


@pytest.mark.parametrize(
    ("typed", "first"),
    [
        ("id-card-renew", "id-card-renew"),
        ("身份证换", "id-card-renew"),
        ("renew an id", "id-card-renew"),
        ("ＩＤ card renew", "id-card-renew"),
    ],
)
def test_a_matter_is_found_by_code_chinese_and_english(typed: str, first: str) -> None:
    assert matching(matter_entries(MATTERS, "zh"), typed)[0].id == first


def test_a_matter_is_found_by_its_group() -> None:
    some = next(iter(MATTERS.values()))
    found = {entry.id for entry in matching(matter_entries(MATTERS, "zh"), some.group_zh)}
    assert {matter.code for matter in MATTERS.values() if matter.group == some.group} <= found


@pytest.mark.parametrize("code", sorted(Code))
def test_every_refusal_is_one_line_in_both_languages(code: Code) -> None:
    words = explain(Refusal(code, "Counter 3 has a visitor (A001); finish first."))
    assert words.zh.endswith("。")
    assert words.en == "Counter 3 has a visitor (A001); finish first."
    assert len(told_pane(Told(words), "zh", 80).split("\n")) == 2


def test_refusals_that_a_terminal_can_meet_are_explained_in_chinese() -> None:
    protocol = {Code.MALFORMED, Code.UNKNOWN_COMMAND, Code.UNSUPPORTED_VERSION, Code.TOO_LARGE, Code.ALREADY_RATED}
    protocol |= {Code.ALREADY_BOOKED, Code.TOO_MANY_BOOKINGS}  # of whoever books on a phone
    assert set(Code) - set(REFUSALS) <= protocol


def test_times_as_people_read_them() -> None:
    assert [times.clock(s).en for s in (0, 65, 3600 + 5)] == ["0:00", "1:05", "1:00:05"]
    assert [times.clock(s).zh for s in (86_399, 86_400, 28_830 * 60)] == ["23:59:59", "1天", "20天"]
