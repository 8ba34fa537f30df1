"""A visitor's way through the kiosk, and what its screen says."""

import pytest

from hall_controller.domain import events as e
from hall_controller.domain.commands import CancelReason
from hall_controller.domain.hall import Hall
from hall_controller.domain.rules import Band, Narrowing
from hall_controller.domain.ticket import Language, TicketState, VisitorClass
from tests.unit.ticket_printer.halls import CATALOGUE, MONDAY_MS, apply, issue, new_hall
from ticket_printer.kiosk import journey as j
from ticket_printer.kiosk.journey import Journey, PaperShown, Screen, Shown
from ticket_printer.kiosk.seen import Seen, Viewport
from ticket_printer.kiosk.settings import KioskSettings
from ticket_printer.kiosk.tiles import TilesView, grid
from ticket_printer.kiosk.view import ConfirmView, MenuView, MessageView, TicketView, live_line, view_of
from ticket_printer.kiosk.words import EN, ZH

SETTINGS = KioskSettings(idle_s=30, ticket_s=10, print_wait_s=5)
PORTRAIT, LANDSCAPE = Viewport(1080, 1920), Viewport(1920, 1080)


def seen(hall: Hall | None, *, connected: bool = True, at_ms: int = 0, viewport: Viewport = PORTRAIT) -> Seen:
    return Seen(
        hall=hall,
        catalogue=CATALOGUE,
        connected=connected,
        settings=SETTINGS,
        url="http://hall/t/",
        viewport=viewport,
        at_ms=at_ms,
        now_ms=MONDAY_MS,
    )


def shown(ticket: int = 1, seq: int = 0) -> Shown:
    return Shown(ticket=ticket, number="A001", ahead=3, predicted_wait_s=600, token="tok", since_ms=1000, seq=seq)


def at_confirm() -> Journey:
    return j.choose_matter(j.choose_group(Journey(), "small"), "p1")


def test_group_matter_take_is_three_touches() -> None:
    hall = new_hall()
    start = view_of(Journey(), seen(hall)).body
    assert isinstance(start, TilesView)
    assert [tile.key for tile in start.tiles] == ["big", "small"]
    matters = view_of(j.choose_group(Journey(), "small"), seen(hall)).body
    assert isinstance(matters, TilesView)
    assert [tile.text for tile in matters.tiles] == ["事项p1", "事项p2"]
    confirm = view_of(at_confirm(), seen(hall)).body
    assert confirm == ConfirmView(
        title="事项p1", documents=("身份证",), visitor_class=VisitorClass.ORDINARY, language=Language.MANDARIN
    )


def test_back_and_start_again_keep_language_and_size_and_forget_the_class() -> None:
    journey = j.toggle_large(j.toggle_english(at_confirm()))
    journey = j.choose_class(journey, VisitorClass.PRIORITY)
    back = j.back(journey)
    assert (back.screen, back.group, back.visitor_class) == (Screen.MATTERS, "small", VisitorClass.ORDINARY)
    assert j.back(back).screen is Screen.GROUPS
    again = j.restart(journey)
    assert (again.screen, again.english, again.large) == (Screen.GROUPS, True, True)


def test_the_call_follows_the_page_until_another_language_is_chosen() -> None:
    assert Journey().call_language is Language.MANDARIN
    assert Journey(english=True).call_language is Language.ENGLISH
    assert j.toggle_english(j.choose_language(Journey(), Language.CANTONESE)).call_language is Language.CANTONESE


@pytest.mark.parametrize("viewport", [PORTRAIT, LANDSCAPE])
@pytest.mark.parametrize("large", [False, True])
def test_every_matter_is_on_exactly_one_page(viewport: Viewport, large: bool) -> None:
    columns, rows = grid(viewport, large)
    found: list[str] = []
    page = 0
    while True:
        journey = j.turn_page(j.choose_group(Journey(large=large), "big"), page)
        body = view_of(journey, seen(new_hall(), viewport=viewport)).body
        assert isinstance(body, TilesView)
        assert len(body.tiles) <= columns * rows
        found += [tile.key for tile in body.tiles]
        page += 1
        if page == body.pages:
            break
    assert found == [f"m{n}" for n in range(30)]


def test_a_page_that_no_longer_is_shows_the_last_one() -> None:
    body = view_of(j.turn_page(j.choose_group(Journey(), "big"), 99), seen(new_hall())).body
    assert isinstance(body, TilesView)
    assert body.page == body.pages - 1


def test_a_matter_that_left_the_catalogue_leads_back_to_the_tiles() -> None:
    assert isinstance(view_of(j.choose_matter(Journey(), "gone"), seen(new_hall())).body, TilesView)


def test_people_waiting_and_the_wait_are_told_before_a_ticket_is_taken() -> None:
    hall = new_hall()
    for _ in range(3):
        issue(hall)
    assert live_line(Journey(), hall, MONDAY_MS) == (
        ("正在等候", "3人", ""), ("预计等候", "未知", ""),
    )  # fmt: skip
    apply(hall, e.CounterOpened(counter=1, clerk="007", narrowing=Narrowing()))
    ordinary = live_line(at_confirm(), hall, MONDAY_MS)
    priority = live_line(j.choose_class(at_confirm(), VisitorClass.PRIORITY), hall, MONDAY_MS)
    assert ordinary[0] == ("前面等候", "3人", "")
    assert ordinary[1].more.startswith("多数不超过")
    assert priority[0] == ("前面等候", "0人", "")


def test_the_paper_decides_what_the_ticket_screen_says() -> None:
    hall = new_hall()
    issue(hall)
    now = 1000 + 4999
    assert j.paper_shown(shown(), hall, SETTINGS, now) is PaperShown.PRINTING
    assert j.paper_shown(shown(), hall, SETTINGS, now + 1) is PaperShown.REMEMBER
    assert j.paper_shown(shown(), hall, KioskSettings(has_printer=False), now) is PaperShown.REMEMBER
    apply(hall, e.TicketPrintFailed(ticket=1, number="A001", detail="paper out"))
    assert j.paper_shown(shown(), hall, SETTINGS, now) is PaperShown.REMEMBER
    apply(hall, e.TicketUnclaimed(ticket=1, number="A001"))
    assert j.paper_shown(shown(), hall, SETTINGS, now) is PaperShown.YOURS
    apply(hall, e.TicketPrinted(ticket=1, number="A001"))
    assert j.paper_shown(shown(), hall, SETTINGS, now) is PaperShown.TAKE


def test_an_answer_that_comes_before_its_event_loses_no_number() -> None:
    hall = new_hall()
    assert j.paper_shown(shown(seq=hall.seq + 1), hall, SETTINGS, 1001) is PaperShown.PRINTING
    assert j.paper_shown(shown(seq=hall.seq), hall, SETTINGS, 1001) is PaperShown.ENDED


def test_a_number_without_paper_stays_for_ever_and_one_with_paper_does_not() -> None:
    hall = new_hall()
    issue(hall)
    journey = j.issued(Journey(), shown())
    assert j.pass_time(journey, hall, SETTINGS, 10_000_000) == journey
    assert j.pass_time(journey, None, SETTINGS, 10_000_000) == journey
    apply(hall, e.TicketPrinted(ticket=1, number="A001"))
    printed = j.pass_time(journey, hall, SETTINGS, 20_000)
    assert printed.screen is Screen.TICKET
    assert j.pass_time(printed, hall, SETTINGS, 29_999).screen is Screen.TICKET
    assert j.pass_time(printed, hall, SETTINGS, 30_000).screen is Screen.GROUPS


def test_a_ticket_that_has_ended_leaves_the_screen() -> None:
    hall = new_hall()
    issue(hall)
    apply(hall, e.TicketCancelled(ticket=1, number="A001", reason=CancelReason.STAFF, state=TicketState.WAITING))
    assert j.pass_time(j.issued(Journey(), shown()), hall, SETTINGS, 2000).screen is Screen.GROUPS


def test_a_page_left_alone_goes_back_to_the_start_but_not_while_a_ticket_is_taken() -> None:
    hall = new_hall()
    journey = j.touched(j.toggle_large(j.toggle_english(at_confirm())), 1000)
    assert j.pass_time(journey, hall, SETTINGS, 30_999) == journey
    assert j.pass_time(journey, hall, SETTINGS, 31_000) == Journey(touched_ms=31_000)
    assert j.pass_time(j.issuing(journey), hall, SETTINGS, 99_000).screen is Screen.ISSUING
    start = Journey()
    assert j.pass_time(start, hall, SETTINGS, 99_000) is start


def test_a_called_visitor_sees_the_counter() -> None:
    hall = new_hall()
    issue(hall)
    apply(hall, e.CounterOpened(counter=3, clerk="007", narrowing=Narrowing()))
    ticket = hall.tickets[1]
    called = e.TicketCalled(
        ticket=1,
        number="A001",
        counter=3,
        clerk="007",
        matter="m0",
        visitor_class=ticket.visitor_class,
        language=ticket.language,
        wait_s=1,
        band=Band.REGULAR,
        first=True,
        out_of_turn=False,
        favoured_run=0,
    )
    apply(hall, called)
    body = view_of(j.issued(Journey(), shown()), seen(hall)).body
    assert isinstance(body, TicketView)
    assert body.called_to == 3


def test_a_hall_that_is_not_heard_hides_all_but_a_number() -> None:
    hall = new_hall()
    issue(hall)
    for journey in (Journey(), at_confirm(), j.issuing(at_confirm()), j.sorry(at_confirm(), "")):
        body = view_of(journey, seen(hall, connected=False)).body
        assert isinstance(body, MessageView)
        assert (body.kind, body.lines) == ("silent", (ZH.silent_why,))
    assert isinstance(view_of(j.issued(Journey(), shown()), seen(hall, connected=False)).body, TicketView)
    assert view_of(Journey(), seen(None)).hall_name == ""


def test_a_closed_hall_says_why_and_when_it_serves() -> None:
    hall = new_hall()
    apply(hall, e.HallClosed(reason="台风红色预警"))
    view = view_of(at_confirm(), seen(hall))
    assert isinstance(view.body, MenuView)
    assert view.body.title == ZH.closed
    assert view.body.lines == ("台风红色预警", "下次开放：明天 周二 09:00", ZH.ask_staff)
    assert view.hours == "今天服务时间  09:00–12:00  14:00–20:00"
    stopped = new_hall()
    apply(stopped, e.IssuingStopped())
    english = view_of(Journey(english=True), seen(stopped)).body
    assert isinstance(english, MenuView)
    assert english.title == EN.stopped


def test_the_number_left_behind_is_the_newest_that_nobody_is_known_to_hold() -> None:
    hall = new_hall()
    for n in range(4):
        issue(hall, MONDAY_MS + n * 1000)
    apply(hall, e.TicketAcknowledged(ticket=4, number="A004"))
    later = MONDAY_MS + 10_000
    found = j.left_behind(hall, "kiosk", later, 90_000, later)
    assert found is not None
    assert found.number == "A003"
    assert j.left_behind(hall, "kiosk-2", later, 90_000, later) is None
    assert j.left_behind(hall, "kiosk", MONDAY_MS, 90_000, later) is None
    assert j.left_behind(hall, "kiosk", later, 90_000, MONDAY_MS + 200_000) is None
