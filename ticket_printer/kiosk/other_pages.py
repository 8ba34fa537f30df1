"""Draws what the kiosk does beside giving tickets: menu, bookings, check-in, areas, document lists."""

from collections.abc import Callable

from nicegui.element import Element

from ticket_printer.kiosk import journey as j
from ticket_printer.kiosk import steps
from ticket_printer.kiosk.area_view import AreaView
from ticket_printer.kiosk.booking import BookedView
from ticket_printer.kiosk.check_in import CheckInView
from ticket_printer.kiosk.elements import button, documents, heading, pairs, qr, tag, text
from ticket_printer.kiosk.journey import Journey, PaperShown, Purpose, Screen
from ticket_printer.kiosk.view import DocumentsView, MenuView
from ticket_printer.kiosk.words import Words

Go = Callable[[Callable[[Journey], Journey]], Callable[[], None]]
"""From a step of the journey to what a touch does."""

CHOICES: dict[str, Callable[[Journey], Journey]] = {
    Screen.DAYS: lambda journey: j.start_for(journey, Purpose.BOOKING),
    Screen.DOCUMENTS: lambda journey: j.start_for(journey, Purpose.DOCUMENTS),
    Screen.AREAS: j.see_areas,
    Screen.CHECK_IN: j.check_in,
    Screen.RESULTS: steps.results,
}
KEYS = ("1", "2", "3", "4", "5", "6", "7", "8", "9", "delete", "0", "-")


def draw_menu(body: MenuView, go: Go) -> None:
    with tag("div", "why").props('role="status"'):
        heading(body.title)
        for line in body.lines:
            text("p", line)
    with tag("div", "choices"):
        for choice in body.choices:
            button(choice.text, "tile", go(CHOICES[choice.key]), key=choice.key, more=choice.more)


def draw_booked(body: BookedView, words: Words, go: Go, phone_url: str | None) -> None:
    other = words.other
    with tag("section", "number-block"):
        heading(other.booked)
        with tag("p", "when"):
            text("span", f"{body.day} {body.time}")
        text("p", other.code)
        number = text("div", body.code, "number").style(f"--chars: {len(body.code)}")
        number.props(f'role="text" aria-label="{" ".join(body.code)}"')
        text("p", other.bring)
        with tag("div", "live"):
            pairs(body.facts)
    if phone_url and body.token:
        qr(phone_url + body.token, other.scan)
    headlines = {
        PaperShown.PRINTING: (other.printing, ""),
        PaperShown.TAKE: (other.take_paper, other.take_paper_why),
    }
    headline, why = headlines.get(body.paper, (other.remember, other.remember_why))
    with tag("section", f"paper {body.paper}").props('role="status"'):
        text("p", headline, "headline")
        if why:
            text("p", why)
            done = words.done if body.paper is PaperShown.TAKE else other.remembered
            button(done, "primary", go(lambda _: Journey()))


def draw_check_in(body: CheckInView, words: Words, go: Go, send: Callable[[], None]) -> Element:
    """Returns the place of what was typed, which is drawn on its own."""
    with tag("section", "typing"):
        heading(body.title)
        text("p", body.hint)
        text("p", body.rule, "rule")
        typed = tag("div", "code").props('role="status" aria-live="polite"')
        if body.note:
            text("p", body.note, "note").props('role="alert"')
    with tag("div", "keypad"):
        for key in KEYS:
            delete = key == "delete"
            name = words.other.delete if delete else key
            pressed = button(name, "key word" if delete else "key", go(_pressing(key)), key=key)
            if key == "-":
                pressed.props('aria-label="dash"')
    button(words.other.check_in, "primary send", send)
    return typed


def _pressing(key: str) -> Callable[[Journey], Journey]:
    return lambda journey: j.press(journey, key)


def draw_typed(shown: str, words: Words) -> None:
    if shown:
        text("span", shown).props(f'aria-label="{" ".join(shown)}"')
    else:
        text("span", words.other.no_code_yet, "empty")


def draw_documents(body: DocumentsView, words: Words, print_list: Callable[[], None]) -> None:
    heading(body.title)
    documents(words.documents if body.documents else words.no_documents, body.documents, body.later)
    with tag("section", "paper-of-list").props('role="status"'):
        if body.printed:
            text("p", words.other.list_printed, "headline")
            text("p", words.other.list_paper)
        else:
            text("p", words.other.photograph)
            if body.can_print and body.documents:
                button(words.other.print_list, "primary print", print_list)


def draw_area(body: AreaView, words: Words) -> None:
    other = words.other
    heading(body.title)
    with tag("section", "documents"):
        for label, value in ((other.address, body.address), (other.distance, body.distance)):
            if value:
                text("h2", label)
                text("p", value)
        text("h2", other.services)
        with tag("ul"):
            for service in body.services:
                text("li", service)
    qr(body.map_link, other.scan_map)
    text("p", other.photograph_area, "advice")
