"""A visitor's way through the kiosk, from the first touch to the number, booking or paper: pure.

Each function gives the journey after one touch, or after time has passed.
"""

from enum import StrEnum

import msgspec
from msgspec.structs import replace

from hall_controller.domain.bundle import MORE_MAX
from hall_controller.domain.hall import Hall
from hall_controller.domain.matters import How
from hall_controller.domain.refusal import Code
from hall_controller.domain.ticket import Language, Paper, Ticket, TicketState, VisitorClass
from ticket_printer.kiosk.settings import KioskSettings

UNPRINTED_TIMES = 4
"""A booking without paper stays on the screen so many times as long as a page that is left alone."""
CODE_KEYS = 12
"""More than a booking's code has."""


class Purpose(StrEnum):
    """What a matter is chosen for."""

    TICKET = "ticket"
    BOOKING = "booking"
    DOCUMENTS = "documents"


class Screen(StrEnum):
    GROUPS = "groups"
    MATTERS = "matters"
    CONFIRM = "confirm"
    ISSUING = "issuing"
    TICKET = "ticket"
    SORRY = "sorry"
    MENU = "menu"
    """What the kiosk does beside giving tickets; also shown by itself when none are issued."""
    DAYS = "days"
    SLOTS = "slots"
    BOOKED = "booked"
    CHECK_IN = "check_in"
    DOCUMENTS = "documents"
    AREAS = "areas"
    AREA = "area"
    SEARCH = "search"
    THEMES = "themes"
    THEME = "theme"
    """The matters of a theme, each ticked."""
    DIVERTED = "diverted"
    """Thanks: the visitor does without a visit."""
    RESULTS = "results"
    """Is a result ready? By the number of its receipt."""


class Shown(msgspec.Struct, frozen=True, kw_only=True):
    """The ticket on the screen, with what its visitor was told."""

    ticket: int
    number: str
    ahead: int | None = None
    predicted_wait_s: int | None = None
    predicted_bound_s: int | None = None
    token: str | None = None
    """None after the kiosk was started again: then there is no QR code."""
    seq: int = 0
    """The event that made it: the answer may be here before the event."""
    since_ms: int = 0
    """When it came onto the screen, by this process's own clock."""
    paper_ms: int | None = None
    """When its paper was out."""


class Booked(msgspec.Struct, frozen=True, kw_only=True):
    """The booking on the screen."""

    ticket: int
    code: str
    token: str | None
    seq: int = 0
    since_ms: int = 0
    paper_ms: int | None = None


class PaperShown(StrEnum):
    """What the screen says of the paper of a ticket or booking."""

    PRINTING = "printing"
    TAKE = "take"
    REMEMBER = "remember"
    YOURS = "yours"
    """Nobody has claimed it in time: whoever stands here now may be somebody else."""
    HELD = "held"
    """Touched away already, perhaps on another screen."""
    ENDED = "ended"


class Journey(msgspec.Struct, frozen=True, kw_only=True):
    screen: Screen = Screen.GROUPS
    purpose: Purpose = Purpose.TICKET
    english: bool = False
    large: bool = False
    group: str | None = None
    matter: str | None = None
    page: int = 0
    visitor_class: VisitorClass = VisitorClass.ORDINARY
    language: Language | None = None
    """Of the call; None follows the page's own."""
    ticket: Shown | None = None
    day: str | None = None
    """The day chosen for a booking."""
    slot_at_ms: int | None = None
    booked: Booked | None = None
    code: str = ""
    """What was typed to check in."""
    refusal: Code | None = None
    """Why the hall said no to the booking or the check-in."""
    area: str | None = None
    reason: str = ""
    """Why there is no ticket."""
    query: str = ""
    """What was typed to find a matter."""
    part: str | None = None
    """Of a group of many matters: the department, or the stretch of the alphabet."""
    more: tuple[str, ...] = ()
    """Further matters of the same visit."""
    theme: str | None = None
    unticked: tuple[str, ...] = ()
    """Of the theme's matters: those that are not wanted."""
    adding: bool = False
    """A further matter is being chosen."""
    at_counter: bool = False
    """The visitor wants a counter, though the matter could be done without."""
    way: How | None = None
    """In which the matter is done without a visit; None: the first that is offered."""
    receipt: str = ""
    """What was typed or scanned of a receipt."""
    asked: bool = False
    """The receipt was looked up."""
    touched_ms: int = 0

    @property
    def call_language(self) -> Language:
        return self.language or (Language.ENGLISH if self.english else Language.MANDARIN)


def restart(journey: Journey) -> Journey:
    """To the start, in the same language and size: the same visitor goes on."""
    return Journey(english=journey.english, large=journey.large, touched_ms=journey.touched_ms)


def turn_page(journey: Journey, page: int) -> Journey:
    return replace(journey, page=page)


def choose_class(journey: Journey, visitor_class: VisitorClass) -> Journey:
    return replace(journey, visitor_class=visitor_class)


def choose_language(journey: Journey, language: Language) -> Journey:
    return replace(journey, language=language)


def toggle_english(journey: Journey) -> Journey:
    return replace(journey, english=not journey.english)


def toggle_large(journey: Journey) -> Journey:
    return replace(journey, large=not journey.large, page=0)


def touched(journey: Journey, at_ms: int) -> Journey:
    return replace(journey, touched_ms=at_ms)


def choose_group(journey: Journey, group: str) -> Journey:
    return replace(journey, screen=Screen.MATTERS, group=group, part=None, query="", page=0)


AFTER_MATTER = {
    Purpose.TICKET: Screen.CONFIRM,
    Purpose.BOOKING: Screen.DAYS,
    Purpose.DOCUMENTS: Screen.DOCUMENTS,
}


def choose_matter(journey: Journey, matter: str) -> Journey:
    """The first of a visit, or one more."""
    if journey.adding and journey.matter is not None:
        held = (journey.matter, *journey.more)
        more = journey.more if matter in held else (*journey.more, matter)[:MORE_MAX]
        return replace(journey, screen=Screen.CONFIRM, more=more, adding=False, page=0)
    screen = AFTER_MATTER[journey.purpose]
    return replace(journey, screen=screen, matter=matter, more=(), theme=None, at_counter=False, way=None)


def start_for(journey: Journey, purpose: Purpose) -> Journey:
    """Choose a matter for another purpose than a ticket."""
    return replace(restart(journey), purpose=purpose)


def menu(journey: Journey) -> Journey:
    return replace(restart(journey), screen=Screen.MENU)


def choose_day(journey: Journey, day: str) -> Journey:
    return replace(journey, screen=Screen.SLOTS, day=day, page=0, refusal=None)


def choose_slot(journey: Journey, slot_at_ms: str) -> Journey:
    return replace(journey, screen=Screen.CONFIRM, slot_at_ms=int(slot_at_ms), refusal=None)


def see_areas(journey: Journey) -> Journey:
    return replace(restart(journey), screen=Screen.AREAS)


def choose_area(journey: Journey, area: str) -> Journey:
    return replace(journey, screen=Screen.AREA, area=area)


def check_in(journey: Journey) -> Journey:
    return replace(restart(journey), screen=Screen.CHECK_IN)


def press(journey: Journey, key: str) -> Journey:
    """A key of the keypad: a digit, the dash, or `delete`."""
    code = journey.code[:-1] if key == "delete" else (journey.code + key)[:CODE_KEYS]
    return replace(journey, code=code, refusal=None)


def refused(journey: Journey, code: Code) -> Journey:
    """The hall said no to a booking or a check-in: back to where the visitor may try again."""
    screen = Screen.SLOTS if journey.purpose is Purpose.BOOKING else Screen.CHECK_IN
    return replace(journey, screen=screen, refusal=code)


def back(journey: Journey) -> Journey:
    """One step back."""
    if journey.screen is Screen.CONFIRM:
        return _back_from_confirm(journey)
    if journey.adding:
        return _back_from_adding(journey)
    match journey.screen, journey.purpose:
        case Screen.SLOTS, _:
            return replace(journey, screen=Screen.DAYS, day=None, page=0, refusal=None)
        case ((Screen.DAYS | Screen.DOCUMENTS), _):
            return _back_to_choosing(journey)
        case Screen.MATTERS, _ if journey.part is not None:
            return replace(journey, part=None, page=0)
        case Screen.THEME, _:
            return replace(journey, screen=Screen.THEMES, theme=None, unticked=(), page=0)
        case ((Screen.MATTERS | Screen.SEARCH | Screen.THEMES), (Purpose.BOOKING | Purpose.DOCUMENTS)):
            return start_for(journey, journey.purpose)
        case Screen.AREA, _:
            return replace(journey, screen=Screen.AREAS, area=None)
        case Screen.RESULTS, _ if journey.asked:
            return replace(journey, asked=False)
        case _:
            return restart(journey)


def _back_from_confirm(journey: Journey) -> Journey:
    """A further matter that was added is the last step."""
    if journey.receipt:
        return replace(journey, screen=Screen.RESULTS, matter=None, visitor_class=VisitorClass.ORDINARY)
    if journey.more and journey.theme is None:
        return replace(journey, more=journey.more[:-1])
    if journey.purpose is Purpose.BOOKING:
        return replace(journey, screen=Screen.SLOTS, slot_at_ms=None)
    return _back_to_choosing(journey)


def _back_from_adding(journey: Journey) -> Journey:
    if journey.screen is Screen.MATTERS and journey.part is not None:
        return replace(journey, part=None, page=0)
    if journey.screen is Screen.GROUPS:
        return replace(journey, screen=Screen.CONFIRM, adding=False)
    return replace(journey, screen=Screen.GROUPS, group=None, query="", page=0)


def _back_to_choosing(journey: Journey) -> Journey:
    """To wherever the matter was chosen; whoever said "to the counter" is asked again first."""
    if journey.at_counter and not journey.more:
        return replace(journey, at_counter=False, visitor_class=VisitorClass.ORDINARY, language=None)
    if journey.theme is not None:
        screen = Screen.THEME
    elif journey.query:
        screen = Screen.SEARCH
    else:
        screen = Screen.MATTERS if journey.group else Screen.GROUPS
    asked_anew = replace(journey, visitor_class=VisitorClass.ORDINARY, language=None, at_counter=False, way=None)
    return replace(asked_anew, screen=screen, matter=None, more=())


def issuing(journey: Journey) -> Journey:
    return replace(journey, screen=Screen.ISSUING)


def issued(journey: Journey, shown: Shown) -> Journey:
    return replace(journey, screen=Screen.TICKET, ticket=shown, touched_ms=shown.since_ms)


def booked(journey: Journey, booking: Booked) -> Journey:
    return replace(journey, screen=Screen.BOOKED, booked=booking, touched_ms=booking.since_ms)


def sorry(journey: Journey, reason: str) -> Journey:
    return replace(journey, screen=Screen.SORRY, reason=reason)


def paper_shown(shown: Shown, hall: Hall | None, settings: KioskSettings, at_ms: int) -> PaperShown:
    """What to say of the paper. Without a hall to ask: that the number must be remembered, when it is late."""
    ticket = hall.tickets.get(shown.ticket) if hall else None
    if hall is not None and ticket is None and hall.seq >= shown.seq:
        return PaperShown.ENDED
    if ticket is not None:
        if ticket.paper is Paper.PRINTED:
            return PaperShown.TAKE
        if ticket.paper in (Paper.ACKNOWLEDGED, Paper.NOT_EXPECTED):
            return PaperShown.HELD
        if ticket.state is TicketState.UNCLAIMED:
            return PaperShown.YOURS
        if ticket.paper is Paper.FAILED:
            return PaperShown.REMEMBER
    waits = settings.has_printer and at_ms < shown.since_ms + settings.print_wait_s * 1000
    return PaperShown.PRINTING if waits else PaperShown.REMEMBER


def booking_paper(booking: Booked, hall: Hall | None, settings: KioskSettings, at_ms: int) -> PaperShown:
    """What to say of a booking's slip."""
    ticket = hall.tickets.get(booking.ticket) if hall else None
    known = hall is not None and hall.seq >= booking.seq
    if known and (ticket is None or ticket.state is not TicketState.BOOKED):
        return PaperShown.ENDED
    if ticket is not None and ticket.paper is Paper.PRINTED:
        return PaperShown.TAKE
    waits = settings.has_printer and at_ms < booking.since_ms + settings.print_wait_s * 1000
    return PaperShown.PRINTING if waits else PaperShown.REMEMBER


def pass_time(journey: Journey, hall: Hall | None, settings: KioskSettings, at_ms: int) -> Journey:
    """What happens without a touch: the start again after a while. A number without paper stays."""
    if journey.screen is Screen.TICKET and journey.ticket is not None:
        return _pass_time_of_ticket(journey, journey.ticket, hall, settings, at_ms)
    if journey.screen is Screen.BOOKED and journey.booked is not None:
        return _pass_time_of_booking(journey, journey.booked, hall, settings, at_ms)
    left_alone = at_ms >= journey.touched_ms + settings.idle_s * 1000
    if left_alone and journey.screen is not Screen.ISSUING and not _is_start(journey):
        return Journey(touched_ms=at_ms)
    return journey


def _pass_time_of_ticket(
    journey: Journey, shown: Shown, hall: Hall | None, settings: KioskSettings, at_ms: int
) -> Journey:
    paper = paper_shown(shown, hall, settings, at_ms)
    if paper in (PaperShown.ENDED, PaperShown.HELD):
        return Journey(touched_ms=at_ms)
    if paper is PaperShown.TAKE and shown.paper_ms is None:
        return replace(journey, ticket=replace(shown, paper_ms=at_ms))
    if paper is PaperShown.TAKE and at_ms >= (shown.paper_ms or 0) + settings.ticket_s * 1000:
        return Journey(touched_ms=at_ms)
    return journey


def _pass_time_of_booking(
    journey: Journey, booking: Booked, hall: Hall | None, settings: KioskSettings, at_ms: int
) -> Journey:
    """Longer than a number with paper: there is more to read. Not for ever: the booking holds without it."""
    paper = booking_paper(booking, hall, settings, at_ms)
    if paper is PaperShown.TAKE and booking.paper_ms is None:
        return replace(journey, booked=replace(booking, paper_ms=at_ms), touched_ms=at_ms)
    times = 1 if paper is PaperShown.TAKE else UNPRINTED_TIMES
    if paper is PaperShown.ENDED or at_ms >= journey.touched_ms + settings.idle_s * 1000 * times:
        return Journey(touched_ms=at_ms)
    return journey


def _is_start(journey: Journey) -> bool:
    return replace(journey, touched_ms=0) == Journey()


def left_behind(hall: Hall, kiosk: str, before_ms: int, claim_ms: int, now_ms: int) -> Ticket | None:
    """The number that stood on this screen when the kiosk was interrupted: its visitor may still be there.

    The newest ticket of this kiosk issued before `before_ms` whose paper is not known to be in anyone's hand.
    """
    candidates = [
        ticket
        for ticket in hall.tickets.values()
        if ticket.kiosk == kiosk
        and ticket.paper in (Paper.PENDING, Paper.FAILED)
        and ticket.state is TicketState.WAITING
        and ticket.issued_at_ms < before_ms
        and now_ms < ticket.issued_at_ms + claim_ms
    ]
    return max(candidates, key=lambda ticket: ticket.issued_at_ms, default=None)
