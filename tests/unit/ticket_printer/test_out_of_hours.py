"""What the kiosk does beside giving tickets: out of hours, bookings, check-in, document lists."""

import datetime as dt

import pytest
from msgspec.structs import replace

from hall_controller.domain import events as e
from hall_controller.domain.day import StopCause
from hall_controller.domain.hall import Hall
from hall_controller.domain.hours import Extension
from hall_controller.domain.refusal import Code
from hall_controller.domain.ticket import Language
from tests.unit.ticket_printer.halls import CATALOGUE, MONDAY_MS, TUESDAY_SLOT_MS, apply, book, check_in, new_hall
from ticket_printer.kiosk import journey as j
from ticket_printer.kiosk.booking import BookedView
from ticket_printer.kiosk.check_in import CheckInView, code_of, is_complete
from ticket_printer.kiosk.journey import Booked, Journey, PaperShown, Purpose, Screen
from ticket_printer.kiosk.seen import Seen, Viewport
from ticket_printer.kiosk.settings import KioskSettings
from ticket_printer.kiosk.tiles import TilesView
from ticket_printer.kiosk.view import ConfirmView, DocumentsView, MenuView, view_of
from ticket_printer.kiosk.words import EN, ZH
from ticket_printer.moments import day_told

SETTINGS = KioskSettings(idle_s=30, ticket_s=10, print_wait_s=5)
HOUR_MS = 3_600_000
MONDAY, TUESDAY = "2026-11-23", "2026-11-24"
EVENING_MS = MONDAY_MS + 11 * HOUR_MS
"""Monday 21:00."""


def seen(hall: Hall, now_ms: int = EVENING_MS, at_ms: int = 0, **fields: object) -> Seen:
    known = Seen(
        hall=hall,
        catalogue=CATALOGUE,
        connected=True,
        settings=SETTINGS,
        url="http://hall/t/",
        viewport=Viewport(1080, 1920),
        at_ms=at_ms,
        now_ms=now_ms,
    )
    return replace(known, **fields)


def stopped(cause: StopCause) -> Hall:
    hall = new_hall()
    apply(hall, e.IssuingStopped(cause=cause))
    return hall


def menu(journey: Journey, known: Seen) -> MenuView:
    body = view_of(journey, known).body
    assert isinstance(body, MenuView)
    return body


def tiles(journey: Journey, known: Seen) -> TilesView:
    body = view_of(journey, known).body
    assert isinstance(body, TilesView)
    return body


def note(journey: Journey, known: Seen) -> str:
    body = view_of(journey, known).body
    assert isinstance(body, CheckInView)
    return body.note


def booking() -> Journey:
    """As far as the days."""
    return j.choose_matter(j.choose_group(j.start_for(Journey(), Purpose.BOOKING), "small"), "p1")


# --- out of hours --------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("cause", "hour", "title", "line"),
    [
        (StopCause.SHUT, 21, ZH.other.shut, "下次开放：明天 周二 09:00"),
        (StopCause.SHUT, 7, ZH.other.shut, "下次开放：今天 周一 09:00"),
        (StopCause.LUNCH, 13, ZH.other.lunch, "今天 周一 14:00 继续服务"),
        (StopCause.LAST_TICKET, 19, ZH.other.last_ticket, "下次开放：明天 周二 09:00"),
    ],
)
def test_the_kiosk_says_why_it_gives_no_tickets_and_when_the_hall_opens(
    cause: StopCause, hour: int, title: str, line: str
) -> None:
    body = menu(Journey(), seen(stopped(cause), MONDAY_MS + (hour - 10) * HOUR_MS))
    assert body.title == title
    assert line in body.lines
    assert [choice.text for choice in body.choices] == [
        "预约办事", "24小时自助服务区", "办事材料清单", "预约签到",
    ]  # fmt: skip


def test_a_hall_that_takes_no_bookings_offers_none_and_a_closed_one_no_check_in() -> None:
    hall = new_hall()
    assert hall.rules is not None
    hall.rules = replace(hall.rules, booking_limit=0)
    apply(hall, e.HallClosed(reason="台风"))
    assert [choice.key for choice in menu(Journey(), seen(hall)).choices] == [Screen.AREAS, Screen.DOCUMENTS]


def test_an_extension_shows_in_the_hours_and_the_page_opens_again_by_itself() -> None:
    hall = stopped(StopCause.LAST_TICKET)
    before = view_of(Journey(), seen(hall))
    assert before.hours.endswith("14:00–20:00")
    apply(hall, e.HoursExtended(minutes=30, day=MONDAY, until_ms=MONDAY_MS + 10 * HOUR_MS + HOUR_MS // 2))
    apply(hall, e.IssuingResumed())
    after = view_of(Journey(), seen(hall))
    assert after.hours.endswith("14:00–20:30（已延长）")
    assert isinstance(after.body, TilesView)
    assert view_of(Journey(english=True), seen(hall)).hours.endswith("(extended)")


def test_hours_past_midnight_and_a_day_without_hours_are_told() -> None:
    hall = new_hall()
    hall.extension = Extension(MONDAY, MONDAY_MS + 14 * HOUR_MS + HOUR_MS // 2)
    assert view_of(Journey(), seen(hall)).hours == "今天服务时间  09:00–12:00  14:00–00:30（已延长）"
    assert hall.rules is not None
    hall.rules = replace(hall.rules, hours=())
    assert view_of(Journey(), seen(hall)).hours == ZH.no_hours
    apply(hall, e.IssuingStopped(cause=StopCause.SHUT))
    assert menu(Journey(), seen(hall)).lines == ()


def test_days_are_said_as_people_say_them() -> None:
    monday = dt.date(2026, 11, 23)
    told = [day_told(monday + dt.timedelta(days=n), monday, english=False) for n in (0, 1, 2, 5)]
    assert told == ["今天 周一", "明天 周二", "后天 周三", "11月28日 周六"]
    told = [day_told(monday + dt.timedelta(days=n), monday, english=True) for n in (0, 1, 2)]
    assert told == ["today, Monday", "tomorrow, Tuesday", "Wednesday 25 Nov"]


# --- bookings ------------------------------------------------------------------------------------


def test_a_visit_is_booked_at_night_by_matter_day_and_half_hour() -> None:
    known = seen(stopped(StopCause.SHUT))
    groups = tiles(j.start_for(Journey(), Purpose.BOOKING), known)
    assert (groups.title, groups.is_start) == (ZH.other.book_group, False)
    days = tiles(booking(), known)
    assert [tile.key for tile in days.tiles][:2] == [TUESDAY, "2026-11-25"]
    assert (days.tiles[0].text, days.tiles[0].more) == ("明天 周二", "11月24日 周二")
    slots = tiles(j.choose_day(booking(), TUESDAY), known)
    assert [tile.text for tile in slots.tiles][:3] == ["09:00", "09:30", "10:00"]
    assert (len(slots.tiles), slots.pages) == (18, 1)
    confirm = view_of(j.choose_slot(j.choose_day(booking(), TUESDAY), str(TUESDAY_SLOT_MS)), known).body
    assert isinstance(confirm, ConfirmView)
    assert (confirm.booked_for, confirm.documents) == ("明天 周二 11月24日 10:00", ("身份证",))


def test_a_full_half_hour_is_grey_and_so_is_a_full_day() -> None:
    hall = new_hall()
    for _ in range(4):
        book(hall)
    slots = tiles(j.choose_day(booking(), TUESDAY), seen(hall))
    ten = next(tile for tile in slots.tiles if tile.text == "10:00")
    assert (ten.possible, ten.more) == (False, ZH.other.full)
    assert next(tile for tile in slots.tiles if tile.text == "10:30").more == "余4"
    assert hall.rules is not None
    hall.rules = replace(hall.rules, booking_limit=0)
    days = tiles(booking(), seen(hall))
    assert not any(tile.possible for tile in days.tiles)
    assert days.note == ZH.other.no_days


def test_today_can_be_booked_while_half_hours_are_left_but_not_in_an_emergency() -> None:
    hall = new_hall()
    morning = MONDAY_MS
    assert tiles(booking(), seen(hall, morning)).tiles[0].text == "今天 周一"
    today = tiles(j.choose_day(booking(), MONDAY), seen(hall, morning))
    assert today.tiles[0].text == "10:30"
    apply(hall, e.HallClosed(reason="台风"))
    assert tiles(booking(), seen(hall, morning)).tiles[0].text == "明天 周二"


def test_a_half_hour_that_was_just_taken_leads_back_to_the_others() -> None:
    chosen = j.choose_slot(j.choose_day(booking(), TUESDAY), str(TUESDAY_SLOT_MS))
    again = j.refused(j.issuing(chosen), Code.NO_SLOT)
    body = tiles(again, seen(new_hall()))
    assert (body.kind, body.note) == ("slots", ZH.other.no_slot)
    assert j.choose_slot(again, str(TUESDAY_SLOT_MS)).refusal is None


def test_back_goes_one_page_at_a_time() -> None:
    journey = j.choose_slot(j.choose_day(booking(), TUESDAY), str(TUESDAY_SLOT_MS))
    way = []
    while journey.purpose is Purpose.BOOKING:
        way.append(journey.screen)
        journey = j.back(journey)
    assert way == [Screen.CONFIRM, Screen.SLOTS, Screen.DAYS, Screen.MATTERS, Screen.GROUPS]
    assert journey == Journey()
    assert j.back(j.choose_area(j.see_areas(Journey()), "x")).screen is Screen.AREAS


def booked_journey() -> Journey:
    chosen = j.choose_slot(j.choose_day(booking(), TUESDAY), str(TUESDAY_SLOT_MS))
    return j.booked(chosen, Booked(ticket=1, code="1-2345", token="1.ab", seq=3, since_ms=1000))


def test_the_booking_stays_to_be_read_whatever_happens_to_the_hall() -> None:
    hall = new_hall()
    book(hall)
    body = view_of(booked_journey(), seen(hall, connected=False)).body
    assert isinstance(body, BookedView)
    assert (body.day, body.time, body.code) == ("11月24日 周二", "10:00", "1-2345")
    assert body.facts == (("", "09:30–10:10 签到"),)
    assert isinstance(view_of(booked_journey(), replace(seen(hall), hall=None, connected=False)).body, BookedView)


def test_a_booking_leaves_the_screen_once_its_paper_is_out_and_later_without() -> None:
    hall = new_hall()
    book(hall)
    journey = booked_journey()
    assert journey.booked is not None
    assert j.booking_paper(journey.booked, hall, SETTINGS, 5999) is PaperShown.PRINTING
    assert j.booking_paper(journey.booked, hall, SETTINGS, 6000) is PaperShown.REMEMBER
    assert j.pass_time(journey, hall, SETTINGS, 120_999).screen is Screen.BOOKED
    assert j.pass_time(journey, hall, SETTINGS, 121_000) == Journey(touched_ms=121_000)
    apply(hall, e.TicketPrinted(ticket=1, number=None))
    printed = j.pass_time(journey, hall, SETTINGS, 3000)
    assert j.pass_time(printed, hall, SETTINGS, 32_999).screen is Screen.BOOKED
    assert j.pass_time(printed, hall, SETTINGS, 33_000) == Journey(touched_ms=33_000)


# --- check-in ------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("typed", "code", "complete"),
    [
        ("", "", False),
        ("1", "1", False),
        ("1234", "1234", False),
        ("12345", "1-2345", True),
        ("123456", "12-3456", True),
        ("12-3456", "12-3456", True),
        ("12-345", "12-345", False),
        ("-123456", "-123456", False),
        ("12-", "12-", False),
        ("12-34-56", "12-34-56", False),
    ],
)
def test_the_dash_may_be_left_out(typed: str, code: str, complete: bool) -> None:
    assert (code_of(typed), is_complete(typed)) == (code, complete)


def test_keys_add_up_delete_takes_one_back_and_a_touch_takes_the_sentence_away() -> None:
    journey = j.check_in(Journey())
    for key in ("1", "2", "9", "delete", "3", "4", "5", "6"):
        journey = j.press(journey, key)
    assert code_of(journey.code) == "12-3456"
    refused = j.refused(journey, Code.UNKNOWN_TICKET)
    assert note(refused, seen(new_hall())) == ZH.other.unknown
    assert note(j.press(refused, "delete"), seen(new_hall())) == ""
    for _ in range(40):
        journey = j.press(journey, "7")
    assert len(journey.code) == j.CODE_KEYS


def test_refusals_are_words_for_a_visitor() -> None:
    hall = new_hall()
    book(hall)
    typed = replace(j.check_in(Journey()), code="12345")
    early = j.refused(typed, Code.TOO_EARLY)
    assert note(early, seen(hall)) == "还没到签到时间，请在 明天 周二 09:30 以后签到。"
    assert note(replace(early, english=True), seen(hall)) == (
        "It is too early. You can check in from tomorrow, Tuesday 09:30."
    )
    check_in(hall)
    assert note(j.refused(typed, Code.WRONG_STATE), seen(hall)) == "这个预约已经签到，您的号码是 R001。"
    assert note(j.refused(replace(typed, code="992345"), Code.WRONG_STATE), seen(hall)) == ZH.other.ended
    assert note(j.refused(typed, Code.MALFORMED), seen(hall)) == ZH.other.too_short
    assert note(j.refused(replace(typed, english=True), Code.HALL_CLOSED), seen(hall)) == EN.other.closed


def test_an_idle_keypad_forgets_what_was_typed() -> None:
    journey = j.touched(j.press(j.check_in(Journey()), "7"), 1000)
    assert j.pass_time(journey, new_hall(), SETTINGS, 31_000) == Journey(touched_ms=31_000)


# --- document lists ------------------------------------------------------------------------------


def test_documents_are_listed_at_any_hour_and_printed_where_there_is_paper() -> None:
    journey = j.choose_matter(j.choose_group(j.start_for(Journey(), Purpose.DOCUMENTS), "small"), "p1")
    known = seen(stopped(StopCause.SHUT))
    body = view_of(journey, known).body
    assert body == DocumentsView(title="事项p1", documents=("身份证",), can_print=True, printed=False)
    printed = view_of(journey, replace(known, list_printed=True)).body
    assert isinstance(printed, DocumentsView)
    assert printed.printed
    paperless = view_of(journey, replace(known, settings=KioskSettings(has_printer=False))).body
    assert isinstance(paperless, DocumentsView)
    assert not paperless.can_print
    assert journey.call_language is Language.MANDARIN
