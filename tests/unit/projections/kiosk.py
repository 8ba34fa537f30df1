"""The kiosk beside the hall: who waits, and what the page of a ticket says of it."""

from collections.abc import Iterator

import msgspec

from hall_controller.domain.hall import Hall, Issuing, waiting_count
from hall_controller.domain.ticket import TicketState
from tests.unit.domain.support import CATALOGUE
from tests.unit.projections.plain import check_english, check_plain
from ticket_printer.kiosk.journey import Journey, Screen, Shown
from ticket_printer.kiosk.seen import Seen
from ticket_printer.kiosk.settings import KioskSettings
from ticket_printer.kiosk.view import MenuView, TicketView, View, live_line, view_of

SCREENS = (Screen.GROUPS, Screen.MENU, Screen.CHECK_IN, Screen.DAYS, Screen.RESULTS)


def check_kiosk(mine: Hall, hall: Hall, now_ms: int, step: int) -> None:
    english = step % 2 == 1
    settings = KioskSettings()
    seen = Seen(hall=mine, catalogue=CATALOGUE, connected=True, settings=settings, url=None, now_ms=now_ms)
    start = Journey(english=english)
    assert str(waiting_count(hall)) in live_line(start, mine, now_ms)[0].value
    page = view_of(start, seen)
    assert isinstance(page.body, MenuView) == (hall.issuing is not Issuing.OPEN)
    _check_words(page, hall, english=english)
    _check_words(view_of(Journey(english=english, screen=SCREENS[step % len(SCREENS)]), seen), hall, english=english)
    if not hall.tickets:
        return
    ticket = list(hall.tickets.values())[step % len(hall.tickets)]
    shown = Shown(ticket=ticket.ticket, number=ticket.number or "", ahead=step, predicted_wait_s=step * 60)
    page = view_of(Journey(english=english, screen=Screen.TICKET, ticket=shown), seen)
    assert isinstance(page.body, TicketView)
    at_counter = ticket.state in (TicketState.CALLED, TicketState.SERVING)
    assert page.body.called_to == (ticket.counter if at_counter else None)
    _check_words(page, hall, english=english)


def _check_words(page: View, hall: Hall, *, english: bool) -> None:
    typed = tuple(filter(None, (hall.issuing_reason, *CATALOGUE.matters)))
    for text in _texts(page.body):
        check_plain(text, "the kiosk", *typed)
        if english:
            check_english(text, "the kiosk", *typed)


def _texts(value: object) -> Iterator[str]:
    """All that is said, but for ids: they are enums, and the codes of matters."""
    if isinstance(value, str) and type(value) is str:
        yield value
    elif isinstance(value, msgspec.Struct):
        for name in value.__struct_fields__:
            if name not in ("kind", "key", "code", "phone_page", "day", "words"):
                yield from _texts(getattr(value, name))
    elif isinstance(value, tuple | list):
        for part in value:
            yield from _texts(part)
