"""Draws the visit that need not be, and results by their receipts."""

from collections.abc import Callable

from hall_controller.domain.matters import How
from ticket_printer.kiosk import journey as j
from ticket_printer.kiosk import steps
from ticket_printer.kiosk.choosing_pages import RECEIPT_KEYS, draw_keyboard, draw_print, typed_field
from ticket_printer.kiosk.elements import button, documents, heading, qr, tag, text
from ticket_printer.kiosk.journey import Journey
from ticket_printer.kiosk.other_pages import Go
from ticket_printer.kiosk.results import ResultsView, ResultView
from ticket_printer.kiosk.ways import DivertedView, Way, WaysView
from ticket_printer.kiosk.words import Words


def draw_ways(body: WaysView, words: Words, go: Go, divert: Callable[[How], Callable[[], None]]) -> None:
    """One touch leads on, whichever way; nothing is chosen by itself."""
    visit = words.visit
    with tag("div", "for-what"):
        heading(body.title)
        text("p", visit.ways_title, "good-news")
    several = len(body.ways) > 1
    group = tag("div", f"cards of-{len(body.ways)}")
    if several:
        group.props(f'role="radiogroup" aria-label="{visit.choose_way}"')
    with group:
        for way in body.ways:
            is_chosen = way.way is body.chosen
            card = tag("button" if several else "section", "way chosen" if several and is_chosen else "way")
            card.props(f'data-key="{way.way}"')
            if several:
                card.props(f'type="button" role="radio" aria-checked="{"true" if is_chosen else "false"}"')
                card.on("click", go(_by(way.way)))
            with card:
                _draw_way(way)
    if body.later:
        text("p", body.later, "later")
    with tag("div", "answers"):
        button(visit.do_so, "primary divert", divert(body.chosen))
        button(visit.to_counter, "secondary counter", go(steps.to_counter))


def _by(way: How) -> Callable[[Journey], Journey]:
    return lambda journey: steps.choose_way(journey, way)


def _draw_way(way: Way) -> None:
    with tag("div", "told"):
        text("h2", way.title)
        text("p", way.lines[0])
        for line in way.lines[1:2] if way.big else way.lines[1:]:
            text("p", line)
        if way.big:
            text("p", way.big, "big")
            for line in way.lines[2:]:
                text("p", line)
    if way.link:
        qr(way.link, way.link_told)


def draw_diverted(body: DivertedView, words: Words, go: Go, print_list: Callable[[], None]) -> None:
    visit = words.visit
    with tag("div", "for-what").props('role="status"'):
        heading(visit.diverted)
        text("p", body.title, "matter")
        text("p", visit.diverted_why)
    with tag("div", "cards of-1"), tag("section", "way"):
        _draw_way(body.way)
    documents(visit.papers if body.documents else words.no_documents, body.documents)
    with tag("div", "answers"):
        if body.can_print and body.documents:
            draw_print(words, body.printed, print_list)
        button(words.done, "primary", go(lambda _: Journey()))


def draw_results(body: ResultsView, words: Words, go: Go) -> None:
    visit = words.visit
    with tag("section", "searching"):
        heading(body.title)
        text("p", body.hint)
        typed_field(visit.receipt_field, visit.receipt)
        with tag("div", "answers"):
            if body.without:
                button(visit.no_receipt, "secondary", go(_without_receipt(body.without)))
            button(visit.look_up, "primary", _browser_does).props('data-enters="yes"')
    draw_keyboard(RECEIPT_KEYS, (("clear", visit.clear), ("delete", visit.delete)), visit.dash)


def _browser_does() -> None:
    """The page's script tells what stands in the field."""


def _without_receipt(group: str) -> Callable[[Journey], Journey]:
    return lambda journey: steps.without_receipt(journey, group)


def draw_result(body: ResultView, words: Words, go: Go) -> None:
    visit = words.visit
    kind = "ready" if body.is_ready else "not-ready" if body.is_known else "unknown"
    with tag("section", f"outcome {kind}").props('role="status"'):
        heading(body.title)
        with tag("p", "receipt"):
            text("span", visit.receipt)
            text("b", body.receipt)
        if body.matter:
            text("p", body.matter, "matter")
        for line in body.lines:
            text("p", line)
    with tag("div", "answers"):
        if body.collect:
            button(visit.take_number, "primary collect", go(_collect(body)))
        elif body.is_known:
            button(words.done, "primary", go(lambda _: Journey()))
        else:
            button(visit.again, "primary", go(j.back))


def _collect(body: ResultView) -> Callable[[Journey], Journey]:
    return lambda journey: steps.collect(journey, body.collect, body.receipt)
