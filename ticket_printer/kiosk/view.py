"""What the screen shows, from the journey and the hall: pure. `page` draws it and adds nothing."""

import datetime as dt
from typing import NamedTuple

import msgspec

from hall_controller.domain.bundle import MORE_MAX
from hall_controller.domain.day import StopCause
from hall_controller.domain.hall import Hall, Issuing, waiting_count
from hall_controller.domain.matters import Catalogue, Matter
from hall_controller.domain.prediction import predict_newcomer
from hall_controller.domain.ticket import Language, TicketState, VisitorClass
from hall_controller.i18n import waits
from hall_controller.i18n.words import Tongue
from ticket_printer.kiosk.area_view import AreaView, area_view, areas_view
from ticket_printer.kiosk.booking import BookedView, booked_view, days_view, may_book, slot_told, slots_view
from ticket_printer.kiosk.bundles import ThemeView, chosen, documents_of, later_told, name, theme_view, travels_told
from ticket_printer.kiosk.check_in import CheckInView, arrival_told, check_in_view
from ticket_printer.kiosk.choosing import SearchView, choosing_view
from ticket_printer.kiosk.journey import Journey, PaperShown, Purpose, Screen, Shown, paper_shown
from ticket_printer.kiosk.results import ResultsView, ResultView, results_matters, results_view
from ticket_printer.kiosk.seen import Seen
from ticket_printer.kiosk.tiles import Tile, TilesView
from ticket_printer.kiosk.ways import DivertedView, WaysView, diverted_view, ways_view
from ticket_printer.kiosk.words import EN, ZH, Words
from ticket_printer.moments import hours_of, is_extended, next_opening_told, today

CHOOSING = frozenset({Screen.GROUPS, Screen.MATTERS, Screen.SEARCH, Screen.THEMES})


class ConfirmView(msgspec.Struct, frozen=True, kw_only=True):
    """The last look before a ticket is taken or a visit booked."""

    title: str
    documents: tuple[str, ...]
    visitor_class: VisitorClass
    language: Language
    booked_for: str = ""
    """Set: a booking, which has no visitor class yet."""
    matters: tuple[Tile, ...] = ()
    """Of a visit for several, to take one off."""
    later: str = ""
    """What may come later on good credit."""
    travels: str = ""
    """Where its papers go from here."""
    can_add: bool = True
    """A further matter for the same number."""
    can_print: bool = False
    printed: bool = False


class DocumentsView(msgspec.Struct, frozen=True, kw_only=True):
    title: str
    documents: tuple[str, ...]
    later: str = ""
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
    arrival: str = ""
    """What coming early, on time or late with a booking means."""


class MessageView(msgspec.Struct, frozen=True, kw_only=True):
    kind: str
    """`silent`, `issuing`, `sorry`."""
    title: str
    lines: tuple[str, ...]


Body = (
    TilesView | ConfirmView | TicketView | MessageView | MenuView | CheckInView | BookedView | DocumentsView | AreaView
    | SearchView | ThemeView | WaysView | DivertedView | ResultsView | ResultView
)  # fmt: skip


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
    hall_name = ((rules.name_en if journey.english else rules.name_zh) or rules.hall) if rules else ""
    hours = hours_today(seen.hall, seen.now_ms, words) if seen.hall is not None and rules is not None else ""
    return View(words=words, large=journey.large, hall_name=hall_name, hours=hours, body=_body(journey, seen, words))


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
    return _at_any_hour(journey, seen.hall, seen.catalogue, seen, words) or _for_matters(
        journey, seen.hall, seen.catalogue, seen, words
    )


def _at_any_hour(journey: Journey, hall: Hall, catalogue: Catalogue, seen: Seen, words: Words) -> Body | None:
    """What hangs on no matter that is being chosen; for a ticket also that there are none now."""
    match journey.screen:
        case Screen.CHECK_IN:
            return check_in_view(journey, hall, seen.now_ms, words)
        case Screen.MENU:
            choices = _choices(hall, catalogue, words, check_in=True)
            return MenuView(kind="menu", title=words.other.menu_title, lines=(), choices=choices)
        case Screen.RESULTS:
            return results_view(journey, hall, catalogue, words)
        case Screen.DIVERTED if journey.way is not None and journey.matter in catalogue.matters:
            return diverted_view(journey, catalogue.matters[journey.matter], journey.way, seen, words)
    if journey.purpose is Purpose.TICKET and hall.issuing is not Issuing.OPEN:
        return _closed(journey, hall, catalogue, seen.now_ms, words)
    if journey.screen is Screen.SORRY:
        return MessageView(kind="sorry", title=words.sorry, lines=(journey.reason, words.ask_staff))
    return None


def _for_matters(journey: Journey, hall: Hall, catalogue: Catalogue, seen: Seen, words: Words) -> Body:
    """A ticket, a booking or a document list: choosing for what, and what it needs."""
    if journey.screen is Screen.THEME:
        can_print = seen.settings.has_printer
        view = theme_view(journey, catalogue, words, can_print=can_print, printed=seen.list_printed)
        return view or choosing_view(journey, catalogue, seen, words)
    matters = chosen(journey, catalogue)
    if not matters or journey.screen in CHOOSING:
        return choosing_view(journey, catalogue, seen, words)
    if journey.screen is Screen.DOCUMENTS:
        return DocumentsView(
            title=_title(matters, words, journey.english),
            documents=documents_of(matters, journey.english),
            later=later_told(matters, journey.english, words),
            can_print=seen.settings.has_printer,
            printed=seen.list_printed,
        )
    if journey.screen is Screen.CONFIRM:
        asks = journey.purpose is Purpose.TICKET and len(matters) == 1 and not journey.at_counter
        ways = ways_view(journey, matters[0], seen, words) if asks else None
        return ways or _confirm(journey, hall, matters, seen, words)
    if journey.screen is Screen.SLOTS and journey.day is not None:
        return slots_view(journey, hall, dt.date.fromisoformat(journey.day), seen, words)
    return days_view(journey, hall, seen, words)


def _asking(journey: Journey, words: Words) -> str:
    if journey.code:
        return words.other.checking_in
    return words.other.booking if journey.purpose is Purpose.BOOKING else words.issuing


def _closed(journey: Journey, hall: Hall, catalogue: Catalogue, now_ms: int, words: Words) -> MenuView:
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
    choices = _choices(hall, catalogue, words, check_in=hall.issuing is not Issuing.CLOSED)
    return MenuView(kind="closed", title=title, lines=tuple(filter(None, lines)), choices=choices)


def _opens(sentence: str, opening: str) -> str:
    return sentence.format(opening) if opening else ""


def _choices(hall: Hall, catalogue: Catalogue, words: Words, *, check_in: bool) -> tuple[Tile, ...]:
    """By their screens: what the page does with a touch."""
    other = words.other
    book = [Tile(Screen.DAYS, other.book, other.book_more)] if may_book(hall) else []
    arrive = [Tile(Screen.CHECK_IN, other.check_in, other.check_in_more)] if check_in else []
    areas = Tile(Screen.AREAS, other.areas, other.areas_more)
    lists = Tile(Screen.DOCUMENTS, other.lists, other.lists_more)
    find = Tile(Screen.RESULTS, words.visit.results, words.visit.results_more)
    return (*book, areas, lists, *arrive, *([find] if results_matters(catalogue) else []))


def live_line(journey: Journey, hall: Hall, now_ms: int) -> tuple[Fact, ...]:
    """People waiting and predicted wait, for whoever would take this ticket now: changes while the page stays."""
    words = EN if journey.english else ZH
    estimate = predict_newcomer(hall, journey.visitor_class, now_ms)
    wait = _wait(estimate.wait_s, estimate.bound_s, words)
    if journey.screen is Screen.CONFIRM:
        return Fact(words.ahead, words.people.format(estimate.ahead)), wait
    return Fact(words.waiting, words.people.format(waiting_count(hall))), wait


def _wait(wait_s: int | None, bound_s: int | None, words: Words) -> Fact:
    tongue: Tongue = "en" if words is EN else "zh"
    return Fact(words.wait, waits.wait(wait_s).first(tongue), waits.most(wait_s, bound_s).first(tongue))


def hours_today(hall: Hall, now_ms: int, words: Words) -> str:
    day = today(hall, now_ms)
    hours = hours_of(hall, day)
    if not hours:
        return words.no_hours
    return f"{words.hours}  {hours}{words.other.extended if is_extended(hall, day) else ''}"


def _confirm(journey: Journey, hall: Hall, matters: list[Matter], seen: Seen, words: Words) -> ConfirmView:
    english = journey.english
    is_booking = journey.purpose is Purpose.BOOKING
    several = len(matters) > 1
    return ConfirmView(
        title=_title(matters, words, english),
        documents=documents_of(matters, english),
        visitor_class=journey.visitor_class,
        language=journey.call_language,
        booked_for=slot_told(hall, journey.slot_at_ms or 0, seen.now_ms, english=english) if is_booking else "",
        matters=tuple(Tile(matter.code, name(matter, english)) for matter in matters) if several else (),
        later=later_told(matters, english, words),
        travels=travels_told(matters, hall, english, words),
        can_add=len(matters) <= MORE_MAX and not journey.receipt,
        can_print=several and seen.settings.has_printer,
        printed=several and seen.list_printed,
    )


def _title(matters: list[Matter], words: Words, english: bool) -> str:
    return words.visit.several.format(len(matters)) if len(matters) > 1 else name(matters[0], english)


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
        arrival=arrival_told(ticket, words) if ticket is not None else "",
        phone_page=seen.url + shown.token if seen.url and shown.token else "",
    )
