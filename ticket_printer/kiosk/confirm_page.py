"""Draws the last look before a ticket is taken or a visit booked."""

from collections.abc import Callable

from nicegui.element import Element

from hall_controller.domain.ticket import Language, VisitorClass
from ticket_printer.kiosk import journey as j
from ticket_printer.kiosk import steps
from ticket_printer.kiosk.choosing_pages import draw_print
from ticket_printer.kiosk.elements import button, documents, heading, radio, tag, text
from ticket_printer.kiosk.journey import Journey
from ticket_printer.kiosk.other_pages import Go
from ticket_printer.kiosk.view import ConfirmView
from ticket_printer.kiosk.words import Words


def draw_confirm(
    body: ConfirmView, words: Words, go: Go, take: Callable[[], None], print_list: Callable[[], None]
) -> Element | None:
    """Returns the place of the live line, if this page has one."""
    heading(body.title)
    _draw_needs(body, words, go, print_list)
    if body.booked_for:
        with tag("section", "booked-for"):
            text("div", words.other.booked_for, "label")
            text("div", body.booked_for, "value")
    else:
        _draw_classes(body, words, go)
    with tag("section", "choice languages").props(f'role="radiogroup" aria-label="{words.call_in}"'):
        text("div", words.call_in, "choice-label")
        for language in Language:
            radio(words.languages[language], body.language is language, go(_called_in(language)), language)
    live = None if body.booked_for else tag("div", "live").props('aria-live="polite"')
    button(words.other.confirm if body.booked_for else words.take, "primary take", take)
    return live


def _draw_needs(body: ConfirmView, words: Words, go: Go, print_list: Callable[[], None]) -> None:
    """For what, with what to bring, and where the papers go."""
    with tag("section", "needs"):
        if body.matters:
            _draw_several(body, words, go)
        else:
            documents(words.documents if body.documents else words.no_documents, body.documents, body.later)
        if body.travels:
            text("p", body.travels, "travels")
        if body.can_add or body.can_print:
            with tag("div", "tools"):
                if body.can_add:
                    button(words.visit.add, "secondary add", go(steps.add))
                if body.can_print:
                    draw_print(words, body.printed, print_list)


def _draw_several(body: ConfirmView, words: Words, go: Go) -> None:
    with tag("div", "several"):
        with tag("ul", "held"):
            for matter in body.matters:
                with tag("li"):
                    text("span", matter.text)
                    off = button(words.visit.take_off, "off", go(_without(matter.key)), key=matter.key)
                    off.props["aria-label"] = f"{words.visit.take_off} {matter.text}"
        documents(words.documents if body.documents else words.no_documents, body.documents, body.later)


def _draw_classes(body: ConfirmView, words: Words, go: Go) -> None:
    with tag("section", "choice").props(f'role="radiogroup" aria-label="{words.who}"'):
        for visitor_class, label, more in (
            (VisitorClass.ORDINARY, words.ordinary, ""),
            (VisitorClass.PRIORITY, words.priority, words.priority_who),
        ):
            chosen = body.visitor_class is visitor_class
            radio(label, chosen, go(_as(visitor_class)), visitor_class, more=more)


def _called_in(language: Language) -> Callable[[Journey], Journey]:
    return lambda journey: j.choose_language(journey, language)


def _as(visitor_class: VisitorClass) -> Callable[[Journey], Journey]:
    return lambda journey: j.choose_class(journey, visitor_class)


def _without(code: str) -> Callable[[Journey], Journey]:
    return lambda journey: steps.take_off(journey, code)
