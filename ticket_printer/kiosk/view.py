"""What the screen shows, from the journey and the hall: pure. `page` draws it and adds nothing."""

import datetime as dt
from typing import NamedTuple

import msgspec

from hall_controller.domain.day import StopCause
from hall_controller.domain.hall import Hall, Issuing, waiting_count
from hall_controller.domain.matters import Catalogue, Matter
from hall_controller.domain.prediction import predict_newcomer
from hall_controller.domain.ticket import Language, TicketState, VisitorClass
from ticket_printer.kiosk.area_view import AreaView, area_view, areas_view
from ticket_printer.kiosk.booking import BookedView, booked_view, days_view, may_book, slot_told, slots_view
from ticket_printer.kiosk.check_in import CheckInView, check_in_view
from ticket_printer.kiosk.journey import Journey, PaperShown, Purpose, Screen, Shown, paper_shown
from ticket_printer.kiosk.seen import Seen
from ticket_printer.kiosk.tiles import Tile, TilesView, grid, paged
from ticket_printer.kiosk.words import EN, ZH, Words
from ticket_printer.moments import hours_of, is_extended, next_opening_told, today
from ticket_printer.waits import most_en, most_zh, wait_en, wait_zh


class ConfirmView(msgspec.Struct, frozen=True, kw_only=True):
    """The last look before a ticket is taken or a visit booked."""

    title: str
    documents: tuple[str, ...]
    visitor_class: VisitorClass
    language: Language
    booked_for: str = ""
    """Set: a booking, which has no visitor class yet."""


class DocumentsView(msgspec.Struct, frozen=True, kw_only=True):
    title: str
    documents: tuple[str, ...]
    can_print: bool
    printed: bool


class MenuView(msgspec.Struct, frozen=True, kw_only=True):
    """What else the kiosk does; out of hours, with why it gives no tickets."""

    kind: str
    """`menu`, `closed`."""
    title: str
    lines: tuple[str, ...]
    choices: tuple[Tile, ...]


class Fact(NamedTuple):
    label: str
    value: str
    more: str = ""
    """Said beside the value, in smaller letters."""


class TicketView(msgspec.Struct, frozen=True, kw_only=True):
    number: str
    facts: tuple[Fact, ...]
    paper: PaperShown
    called_to: int | None
    phone_page: str
    """The address behind the QR code; empty: no code."""


class MessageView(msgspec.Struct, frozen=True, kw_only=True):
    kind: str
    """`silent`, `issuing`, `sorry`."""
    title: str
    lines: tuple[str, ...]


Body = (
    TilesView | ConfirmView | TicketView | MessageView | MenuView | CheckInView | BookedView | DocumentsView | AreaView
)


class View(msgspec.Struct, frozen=True, kw_only=True):
    words: Words
    large: bool
    hall_name: str
    hours: str
    """Of today, an extension included."""
    body: Body


def view_of(journey: Journey, seen: Seen) -> View:
    words = EN if journey.english else ZH
    rules = seen.hall.rules if seen.hall else None
    name = ((rules.name_en if journey.english else rules.name_zh) or rules.hall) if rules else ""
    hours = hours_today(seen.hall, seen.now_ms, words) if seen.hall is not None and rules is not None else ""
    return View(words=words, large=journey.large, hall_name=name, hours=hours, body=_body(journey, seen, words))


def _body(journey: Journey, seen: Seen, words: Words) -> Body:
    """A number or a code that was given stays to be read, whatever happens to the hall."""
    if journey.screen is Screen.TICKET and journey.ticket is not None:
        return _ticket(journey.ticket, seen, words)
    if journey.screen is Screen.BOOKED and journey.booked is not None and journey.slot_at_ms is not None:
        return booked_view(journey, journey.booked, journey.slot_at_ms, seen, words)
    if journey.screen in (Screen.AREAS, Screen.AREA):
        found = next((found for found in seen.areas if found.area.name_zh == journey.area), None)
        in_one = journey.screen is Screen.AREA and found is not None
        return area_view(journey, found, words) if in_one and found else areas_view(journey, seen, words)
    if not seen.connected or seen.hall is None or seen.catalogue is None:
        why = words.silent_why if not seen.connected else words.no_matters
        return MessageView(kind="silent", title=words.silent, lines=(why,))
    if journey.screen is Screen.ISSUING:
        return MessageView(kind="issuing", title=_asking(journey, words), lines=())
    if journey.screen is Screen.CHECK_IN:
        return check_in_view(journey, seen.hall, seen.now_ms, words)
    if journey.screen is Screen.MENU:
        choices = _choices(seen.hall, words, check_in=True)
        return MenuView(kind="menu", title=words.other.menu_title, lines=(), choices=choices)
    if journey.purpose is Purpose.TICKET:
        return _for_ticket(journey, seen.hall, seen.catalogue, seen, words)
    return _for_later(journey, seen.hall, seen.catalogue, seen, words)


def _for_ticket(journey: Journey, hall: Hall, catalogue: Catalogue, seen: Seen, words: Words) -> Body:
    if hall.issuing is not Issuing.OPEN:
        return _closed(journey, hall, seen.now_ms, words)
    if journey.screen is Screen.SORRY:
        return MessageView(kind="sorry", title=words.sorry, lines=(journey.reason, words.ask_staff))
    matter = catalogue.matters.get(journey.matter or "")
    if journey.screen is Screen.CONFIRM and matter is not None:
        return _confirm(journey, matter)
    return _tiles(journey, catalogue, seen, words)


def _for_later(journey: Journey, hall: Hall, catalogue: Catalogue, seen: Seen, words: Words) -> Body:
    """A booking or a document list: at any hour."""
    matter = catalogue.matters.get(journey.matter or "")
    if matter is None or journey.screen in (Screen.GROUPS, Screen.MATTERS):
        return _tiles(journey, catalogue, seen, words)
    if journey.screen is Screen.DOCUMENTS:
        return DocumentsView(
            title=_name(matter, journey.english),
            documents=_documents(matter, journey.english),
            can_print=seen.settings.has_printer,
            printed=seen.list_printed,
        )
    if journey.screen is Screen.CONFIRM and journey.slot_at_ms is not None:
        booked_for = slot_told(hall, journey.slot_at_ms, seen.now_ms, english=journey.english)
        return _confirm(journey, matter, booked_for)
    if journey.screen is Screen.SLOTS and journey.day is not None:
        return slots_view(journey, hall, dt.date.fromisoformat(journey.day), seen, words)
    return days_view(journey, hall, seen, words)


def _asking(journey: Journey, words: Words) -> str:
    if journey.code:
        return words.other.checking_in
    return words.other.booking if journey.purpose is Purpose.BOOKING else words.issuing


def _closed(journey: Journey, hall: Hall, now_ms: int, words: Words) -> MenuView:
    """Why there are no tickets, when the hall opens next, and what can be done here meanwhile."""
    other, english = words.other, journey.english
    if hall.issuing is Issuing.CLOSED:
        opening = next_opening_told(hall, now_ms, english=english, another_day=True)
        title, lines = words.closed, [hall.issuing_reason, _opens(other.next_opening, opening), words.ask_staff]
    elif hall.stop_cause is StopCause.SHUT:
        opening = next_opening_told(hall, now_ms, english=english)
        title, lines = other.shut, [_opens(other.next_opening, opening)]
    elif hall.stop_cause is StopCause.LUNCH:
        title, lines = other.lunch, [_opens(other.resumes, next_opening_told(hall, now_ms, english=english))]
    elif hall.stop_cause is StopCause.LAST_TICKET:
        opening = next_opening_told(hall, now_ms, english=english)
        title, lines = other.last_ticket, [other.last_ticket_why, _opens(other.next_opening, opening)]
    else:
        title, lines = words.stopped, [hall.issuing_reason, words.ask_staff]
    choices = _choices(hall, words, check_in=hall.issuing is not Issuing.CLOSED)
    return MenuView(kind="closed", title=title, lines=tuple(filter(None, lines)), choices=choices)


def _opens(sentence: str, opening: str) -> str:
    return sentence.format(opening) if opening else ""


def _choices(hall: Hall, words: Words, *, check_in: bool) -> tuple[Tile, ...]:
    """By their screens: what the page does with a touch."""
    other = words.other
    book = [Tile(Screen.DAYS, other.book, other.book_more)] if may_book(hall) else []
    arrive = [Tile(Screen.CHECK_IN, other.check_in, other.check_in_more)] if check_in else []
    areas = Tile(Screen.AREAS, other.areas, other.areas_more)
    lists = Tile(Screen.DOCUMENTS, other.lists, other.lists_more)
    return (*book, areas, lists, *arrive)


def live_line(journey: Journey, hall: Hall, now_ms: int) -> tuple[Fact, ...]:
    """People waiting and predicted wait, for whoever would take this ticket now: changes while the page stays."""
    words = EN if journey.english else ZH
    estimate = predict_newcomer(hall, journey.visitor_class, now_ms)
    wait = _wait(estimate.wait_s, estimate.bound_s, words)
    if journey.screen is Screen.CONFIRM:
        return Fact(words.ahead, words.people.format(estimate.ahead)), wait
    return Fact(words.waiting, words.people.format(waiting_count(hall))), wait


def _wait(wait_s: int | None, bound_s: int | None, words: Words) -> Fact:
    if words is EN:
        return Fact(words.wait, wait_en(wait_s), most_en(wait_s, bound_s))
    return Fact(words.wait, wait_zh(wait_s), most_zh(wait_s, bound_s))


def hours_today(hall: Hall, now_ms: int, words: Words) -> str:
    day = today(hall, now_ms)
    hours = hours_of(hall, day)
    if not hours:
        return words.no_hours
    return f"{words.hours}  {hours}{words.other.extended if is_extended(hall, day) else ''}"


def _tiles(journey: Journey, catalogue: Catalogue, seen: Seen, words: Words) -> TilesView:
    groups = catalogue.groups()
    in_group = groups.get(journey.group or "")
    cells = grid(seen.viewport, journey.large)
    if journey.screen is Screen.GROUPS or in_group is None:
        titles = {Purpose.BOOKING: words.other.book_group, Purpose.DOCUMENTS: words.other.list_group}
        title = titles.get(journey.purpose, words.choose_group)
        heads = [matters[0] for matters in groups.values()]
        tiles = [Tile(head.group, _group_name(head, journey.english)) for head in heads]
        is_start = journey.purpose is Purpose.TICKET
        return paged("groups", title, tiles, cells, journey.page, is_start=is_start)
    tiles = [Tile(matter.code, _name(matter, journey.english)) for matter in in_group]
    return paged("matters", _group_name(in_group[0], journey.english), tiles, cells, journey.page)


def _confirm(journey: Journey, matter: Matter, booked_for: str = "") -> ConfirmView:
    return ConfirmView(
        title=_name(matter, journey.english),
        documents=_documents(matter, journey.english),
        visitor_class=journey.visitor_class,
        language=journey.call_language,
        booked_for=booked_for,
    )


def _name(matter: Matter, english: bool) -> str:
    return matter.name_en if english else matter.name_zh


def _documents(matter: Matter, english: bool) -> tuple[str, ...]:
    return (matter.documents_en or matter.documents_zh) if english else matter.documents_zh


def _ticket(shown: Shown, seen: Seen, words: Words) -> TicketView:
    ticket = seen.hall.tickets.get(shown.ticket) if seen.hall else None
    facts: list[Fact] = []
    if shown.ahead is not None:
        wait = _wait(shown.predicted_wait_s, shown.predicted_bound_s, words)
        facts = [Fact(words.ahead, words.people.format(shown.ahead)), wait]
    called = ticket is not None and ticket.state in (TicketState.CALLED, TicketState.SERVING)
    return TicketView(
        number=shown.number,
        facts=tuple(facts),
        paper=paper_shown(shown, seen.hall, seen.settings, seen.at_ms),
        called_to=ticket.counter if ticket is not None and called else None,
        phone_page=seen.url + shown.token if seen.url and shown.token else "",
    )


def _group_name(matter: Matter, english: bool) -> str:
    return matter.group_en if english else matter.group_zh
