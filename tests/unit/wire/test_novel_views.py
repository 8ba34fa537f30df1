"""Every screen draws a hall that says what nobody knows yet: one unknown kind of value after another."""

from collections.abc import Callable, Iterator
from enum import Enum
from functools import partial

import pytest

from counter_client.clerk.panes import side_pane, visitor_pane
from counter_client.clerk.view import clerk_view
from counter_client.manager import panes
from counter_client.manager.alerts import alert_lines, sorted_alerts
from counter_client.manager.sentences import sentence
from counter_client.manager.view import counter_rows, queue_order, summary
from counter_client.reception.panes import chosen_pane, tabs_pane, tickets_pane
from counter_client.reception.view import Tab, reception_view
from display_board.pages.board_view import Scene, Shape, board_view
from display_board.pages.calls import Stage, Timing, advance
from display_board.pages.counter_view import counter_view
from display_board.pages.phone_view import Known, phone_view
from display_board.voice.news import news_of, standing_news
from display_board.voice.queue import call_of, standing
from hall_controller.bus import wire
from hall_controller.cli.watching import render
from hall_controller.domain import commands as c
from hall_controller.domain import events as e
from hall_controller.domain.hall import Hall, in_force
from hall_controller.domain.prediction import predict, predict_newcomer
from hall_controller.domain.ticket import VisitorClass
from metrics.figures import put_hall
from metrics.page import Page
from tests.unit.domain.support import CATALOGUE, KIOSK, PRIORITY, Pretend
from tests.unit.metrics.scrapes import text_of
from tests.unit.wire.novel import enums_of, novel_body
from tests.unit.wire.test_newer_halls import KINDS, UNKNOWN
from tests.unit.wire.test_recorded_frames import bodies
from ticket_printer.kiosk.journey import Journey, Screen, Shown
from ticket_printer.kiosk.seen import Seen
from ticket_printer.kiosk.settings import KioskSettings
from ticket_printer.kiosk.view import live_line, view_of
from ticket_printer.printer.duties import job_of, jobs_found

MATTERS = CATALOGUE.matters
ENUMS = sorted(enums_of([Hall]), key=lambda kind: kind.__name__)


@pytest.fixture(scope="module")
def busy() -> Pretend:
    """Somebody in each state, at counters in each state."""
    pretend = Pretend("2026-11-24 09:00:00", counters=8)
    pretend.open(1, 2, 3, 4, 5, 6)
    pretend.take_many(6)
    pretend.take(PRIORITY)
    pretend.take(by=KIOSK)
    pretend.book("2026-11-24 15:00:00")
    pretend.begin(1)
    pretend.accept(1, "pension")
    pretend.begin(2)
    pretend.hold(2)
    pretend.call(3)
    pretend.call(4)
    pretend.missed(4)
    pretend.serve(5)
    pretend.do(c.PauseCounter(counter=6))
    pretend.do(c.StopIssuing())
    pretend.later(minutes=31)
    return pretend


def of_later(hall: Hall, only: type[Enum] | None) -> Hall:
    body = wire.encode(wire.SnapshotReply(hall.epoch, hall.seq, 0, hall))
    reply = wire.decode_reply(novel_body(body, wire.SnapshotReply, only))
    assert isinstance(reply, wire.SnapshotReply)
    return reply.state


def surfaces(hall: Hall, now_ms: int) -> Iterator[Callable[[], object]]:
    """All that draws."""
    rules = in_force(hall)

    def board() -> object:
        stage = advance(Stage(), hall, 0, Timing())
        return board_view(hall, Scene(now_ms=now_ms, stage=stage, stage_ms=0, timing=Timing()), Shape(recent=9))

    def phone(ticket: int) -> object:
        return phone_view(hall, ticket, Known(now_ms=now_ms, estimate=predict(hall, now_ms).get(ticket)))

    def clerk(number: int) -> object:
        view = clerk_view(hall, number, now_ms, MATTERS)
        return visitor_pane(view, "en", 49, 14).plain + side_pane(view, "zh", 23, 15).plain

    def reception(tab: Tab, ticket: int) -> object:
        view = reception_view(hall, tab, ticket, now_ms)
        lists = (tabs_pane(view, "en", 80), tickets_pane(view, rules, MATTERS, "en", 80, 10))
        return (*lists, chosen_pane(view, rules, MATTERS, "zh", 80, 6))

    def console() -> object:
        newcomer = predict_newcomer(hall, VisitorClass.ORDINARY, now_ms)
        return (
            panes.summary_pane(summary(hall, now_ms), newcomer, "en", 80, 2),
            [panes.counter_row(row, "en", 80) for row in counter_rows(hall, now_ms, MATTERS)],
            [panes.ticket_row(1, hall.tickets[one], None, now_ms, MATTERS, "en", 80) for one in queue_order(hall)],
            [alert_lines(hall, alert, now_ms, "en", 78) for alert in sorted_alerts(hall)],
        )

    def exporter() -> object:
        page = Page()
        put_hall(page, hall, now_ms)
        return text_of(page)

    def kiosk(journey: Journey) -> object:
        seen = Seen(hall=hall, catalogue=CATALOGUE, connected=True, settings=KioskSettings(), url=None, now_ms=now_ms)
        return live_line(journey, hall, now_ms), view_of(journey, seen)

    tickets = [Shown(ticket=one.ticket, number=one.number or "") for one in hall.tickets.values()]
    screens = (Screen.GROUPS, Screen.MENU, Screen.CHECK_IN, Screen.DAYS, Screen.RESULTS)
    journeys = [Journey(screen=one) for one in screens]
    journeys += [Journey(screen=Screen.TICKET, ticket=shown) for shown in tickets]
    yield from (board, console, exporter)
    yield partial(render, hall, now_ms)
    yield partial(standing, hall)
    yield partial(standing_news, hall, now_ms)
    yield partial(jobs_found, hall, "kiosk")
    yield from (partial(counter_view, hall, number, now_ms) for number in range(1, 9))
    yield from (partial(clerk, number) for number in range(1, 9))
    yield from (partial(phone, ticket) for ticket in (*hall.tickets, *hall.ended))
    yield from (partial(reception, tab, ticket) for tab in Tab for ticket in hall.tickets)
    yield from (partial(kiosk, journey) for journey in journeys)


@pytest.mark.parametrize("only", [None, *ENUMS], ids=lambda kind: kind.__name__ if kind else "all")
def test_every_screen_draws_a_hall_with_an_unknown_kind_of_value(busy: Pretend, only: type[Enum] | None) -> None:
    for draw in surfaces(of_later(busy.hall, only), busy.now_ms):
        draw()


@pytest.mark.parametrize("body", [*bodies(b"event"), UNKNOWN % 7])
def test_every_event_is_told_with_unknown_values_or_of_an_unknown_kind(busy: Pretend, body: bytes) -> None:
    kind = KINDS.get(str(wire.read_event(body).__struct_config__.tag))
    event = wire.read_event(novel_body(body, kind) if kind is not None else body)
    assert isinstance(event, kind or e.UnknownEvent)
    words = sentence(event, in_force(busy.hall), MATTERS)
    assert words.zh
    assert words.en
    assert kind is not None or "coffee served" in words.en
    job_of(event, "kiosk")
    news_of(event)
    call_of(event, busy.hall)
