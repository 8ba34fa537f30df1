"""One wait, one answer: every surface tells the same figure in the same unit."""

import re
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any
from unittest.mock import patch

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st
from msgspec.structs import replace

from counter_client.manager import panes as manager
from counter_client.manager.view import class_rows, summary
from counter_client.reception import outcomes
from counter_client.reception import panes as reception
from counter_client.reception.view import Tab, reception_view
from counter_client.words import Tongue
from display_board.pages.board_view import Scene, Shape, board_view
from display_board.pages.phone_view import Known, phone_view
from hall_controller.bus import wire
from hall_controller.cli import watching
from hall_controller.domain import commands as c
from hall_controller.domain import events as e
from hall_controller.domain.day import StopCause
from hall_controller.domain.hall import in_force
from hall_controller.domain.prediction import Estimate
from hall_controller.domain.ticket import Language, VisitorClass
from hall_controller.i18n import waits
from hall_controller.i18n.words import Words
from hall_controller.report.incidents import Incidents
from metrics.district.inventory import load_inventory
from metrics.district.page.hotline import hotline
from metrics.district.page.markup import hall_facts, hall_row, street_halls, tile
from metrics.district.page.picture import Group, HallNow, Picture, State
from tests.terminal.local_hall import CATALOGUE, LocalHall
from tests.unit.display_board.room import Room
from tests.unit.ticket_printer.test_layout import FACTS, texts
from ticket_printer.kiosk import view as kiosk
from ticket_printer.kiosk.journey import Journey, Screen

MATTERS = CATALOGUE.matters
INVENTORY = load_inventory(Path("deploy/district/halls.toml"))
ROOM = Room()
ROOM.open(1)
TICKET = ROOM.issue()
LOCAL = LocalHall()
LOCAL.do(c.OpenCounter(counter=1, clerk="001"))
LOCAL.do(c.IssueTicket(matter="id-card-renew"))


def flat(markup: str) -> str:
    return re.sub(r"<[^>]+>", " ", markup)


def paper(told: Estimate, tongue: Tongue) -> Iterator[str]:
    language = Language.ENGLISH if tongue == "en" else Language.MANDARIN
    facts = replace(FACTS, language=language, predicted_wait_s=told.wait_s, predicted_bound_s=told.bound_s)
    for width_mm in (58, 80):
        yield "\n".join(texts(facts, width_mm)).split("Wait " if tongue == "en" else "预计等候")[1].split("2026")[0]


def touch_page(told: Estimate, tongue: Tongue) -> Iterator[str]:
    journey = Journey(english=tongue == "en", screen=Screen.CONFIRM)
    with patch.object(kiosk, "predict_newcomer", return_value=told):
        for fact in kiosk.live_line(journey, ROOM.hall, ROOM.now_ms)[1:]:
            yield f"{fact.value} {fact.more}"


def board(told: Estimate, tongue: Tongue) -> Iterator[str]:
    with patch("display_board.pages.board_view.predict_newcomer", return_value=told):
        view = board_view(ROOM.hall, Scene(now_ms=ROOM.now_ms), Shape())
    yield f"{getattr(view.wait, tongue)} {getattr(view.wait_most, tongue)}"


def phone(told: Estimate, tongue: Tongue) -> Iterator[str]:
    view = phone_view(ROOM.hall, TICKET, Known(now_ms=ROOM.now_ms, estimate=told))
    assert view is not None
    yield getattr(view.detail, tongue)


def greeter(told: Estimate, tongue: Tongue) -> Iterator[str]:
    view = reception_view(LOCAL.state, Tab.WAITING, 1, LOCAL.now_ms())
    view = replace(view, newcomer=told, estimates={1: told})
    rules = in_force(LOCAL.state)
    for columns in (80, 120, 160):
        yield reception.tabs_pane(view, tongue, columns).plain
        yield reception.tickets_pane(view, rules, MATTERS, tongue, columns, 5).plain
        yield reception.chosen_pane(view, rules, MATTERS, tongue, columns, 8).plain
    issued = wire.Accepted(seq=1, ahead=3, predicted_wait_s=told.wait_s, predicted_bound_s=told.bound_s)
    done = outcomes.done(c.IssueTicket(matter="id-card-renew"), issued, "A001", LOCAL.state, LOCAL.now_ms())
    yield done.first(tongue)


def console(told: Estimate, tongue: Tongue) -> Iterator[str]:
    at_ms, ticket = LOCAL.now_ms(), LOCAL.state.tickets[1]
    for columns in (80, 120, 160):
        view = summary(LOCAL.state, at_ms)
        yield manager.summary_pane(view, told, tongue, columns, 2).plain
        yield manager.ticket_row(0, ticket, told, at_ms, {}, tongue, columns).plain
        newcomers = dict.fromkeys(VisitorClass, told)
        yield from (
            one.plain for one in manager.classes_pane(class_rows(LOCAL.state, at_ms), newcomers, tongue, columns)[1:]
        )


def shell(told: Estimate, tongue: Tongue) -> Iterator[str]:
    if tongue == "en":
        with patch.object(watching, "predict", return_value={TICKET: told}):
            page = watching.render(ROOM.hall, ROOM.now_ms)
        yield next(row for row in page.splitlines() if row.startswith("A001")).split("0:00", 1)[1]


def report(told: Estimate, tongue: Tongue) -> Iterator[str]:
    event = e.IssuingStopped(cause=StopCause.LAST_TICKET, predicted_wait_s=told.wait_s)
    incidents = Incidents()
    incidents.add(event, in_force(ROOM.hall))
    yield incidents.made()[0][tongue]


def district(told: Estimate, tongue: Tongue) -> Iterator[str]:
    entry = INVENTORY.hall[0]
    hall = HallNow(entry=entry, state=State.OPEN, heard_s=1.0, wait_s=told.wait_s)
    yield re.split("，|, ", re.findall('title="([^"]*)"', tile(hall))[0])[0].split(": ")[-1]
    for markup in (hall_row(hall), street_halls(Group(halls=(hall,)))):
        yield flat(re.split('class="chip[^>]*>', markup)[1].split('class="name"')[0].split("<td>")[0])
    yield flat(hall_facts(hall).split('data-fact="wait"')[1].split("</div>")[0])
    answer = hotline(INVENTORY, Picture(at_s=1.0, halls={entry.id: hall}, has_month=False), entry.id)
    yield flat(answer.split('role="status"')[1].split("</p>")[0].split(f'lang="{tongue}"')[1])


SURFACES: tuple[Callable[[Estimate, Tongue], Iterator[str]], ...] = (
    paper, touch_page, board, phone, greeter, console, shell, report, district,
)  # fmt: skip


@pytest.mark.parametrize("surface", SURFACES, ids=lambda one: one.__name__)
@pytest.mark.parametrize("tongue", ["zh", "en"])
@settings(max_examples=25)
@example(wait_s=23 * 60, more_s=600)
@example(wait_s=95 * 60, more_s=3600)
@example(wait_s=0, more_s=60)
@given(wait_s=st.integers(0, 40_000), more_s=st.integers(0, 40_000))
def test_every_surface_tells_the_same_figure_in_the_same_unit(
    surface: Callable[[Estimate, Tongue], Iterator[str]], tongue: Tongue, wait_s: int, more_s: int
) -> None:
    told = waits.NO_WAIT if wait_s == 0 else waits.figure(wait_s).words
    bound = waits.bound(wait_s, wait_s + more_s)
    for text in surface(Estimate(3, wait_s, wait_s + more_s), tongue):
        plain = " ".join((re.sub(r"[\u4e00-\u9fff]", "", text) if tongue == "en" else text).split())
        squeezed = plain.lower() if tongue == "en" else re.sub(r" (?=\D)", "", plain)
        assert told.first(tongue) in squeezed, text
        figures = re.findall(r"[\d.]+ (?:min|h)\b" if tongue == "en" else r"[\d.]+(?:分钟|小时)", squeezed)
        allowed = {told.first(tongue), bound.words.first(tongue) if bound else ""}
        assert set(figures) <= allowed, text


@pytest.mark.parametrize("surface", [one for one in SURFACES if one != district], ids=lambda one: one.__name__)
@pytest.mark.parametrize("tongue", ["zh", "en"])
def test_a_wait_that_nobody_can_say_is_told_in_one_word(surface: Any, tongue: Tongue) -> None:
    for text in surface(Estimate(3, None), tongue):
        assert waits.UNKNOWN.first(tongue) in text.lower(), text


@given(st.floats(0, 400_000), st.floats(0, 400_000))
def test_nobody_is_told_less_than_was_predicted_nor_a_longer_wait_as_shorter(one_s: float, other_s: float) -> None:
    low, high = sorted((one_s, other_s))
    assert waits.told_minutes(low) * 60 >= low
    assert waits.told_minutes(low) <= waits.told_minutes(high)
    number, unit = waits.figure(high)
    assert float(number) * (60 if unit is waits.HOURS else 1) == waits.told_minutes(high)
    bound = waits.bound(low, high)
    assert bound is None or (bound == waits.figure(high) and bound != waits.figure(low))


@pytest.mark.parametrize(
    ("wait_s", "bound_s", "zh", "en"),
    [
        (1380, 2100, "约25分钟（多数不超过35分钟）", "about 25 min (most wait under 35 min)"),
        (240, 480, "约4分钟（多数不超过8分钟）", "about 4 min (most wait under 8 min)"),
        (4800, 7200, "约80分钟（多数不超过2小时）", "about 80 min (most wait under 2 h)"),
        (5700, 8000, "约2小时（多数不超过2.5小时）", "about 2 h (most wait under 2.5 h)"),
        (5400, 5401, "约90分钟（多数不超过2小时）", "about 90 min (most wait under 2 h)"),
        (601, 899, "约15分钟", "about 15 min"),
        (60, 290, "约1分钟", "about 1 min"),
        (0, 900, "无需等候", "no wait"),
        (1200, None, "约20分钟", "about 20 min"),
        (None, 900, "未知", "unknown"),
        (float("nan"), None, "未知", "unknown"),
    ],
)
def test_a_wait_in_words(wait_s: float | None, bound_s: float | None, zh: str, en: str) -> None:
    assert waits.whole(wait_s, bound_s) == Words(zh, en)


@given(ahead=st.integers(0, 40), wait_s=st.one_of(st.none(), st.integers(0, 8_000)))
def test_a_visitor_is_told_to_stay_close_by_the_predicted_time_not_by_the_place(ahead: int, wait_s: int | None) -> None:
    view = phone_view(ROOM.hall, TICKET, Known(now_ms=ROOM.now_ms, estimate=Estimate(ahead, wait_s)))
    assert view is not None
    soon = wait_s is not None and wait_s <= waits.SOON_MIN * 60
    heads = {(True, True): "You are next", (True, False): "Almost your turn: please stay close"}
    assert view.head.en == heads.get((soon, ahead == 0), "Waiting")
