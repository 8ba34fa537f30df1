"""What the clerk's terminal shows, from the hall as it is: pure, no screen."""

from collections.abc import Iterator
from itertools import islice

import msgspec

from counter_client.clerk.acts import counter_of, held_here, undoable, visitor_of
from counter_client.clerk.bundles import Row, bundle_rows, progress
from counter_client.hours import hours_words, is_last_ticket_out, lunch_words
from counter_client.papers.words import owed_words, where_words
from counter_client.words import CLASSES, COUNTER_STATES, LANGUAGES, Words
from hall_controller.domain.assignment import call_order, choose, may_take
from hall_controller.domain.bundle import bundle_usual_s, matters_of
from hall_controller.domain.counter import ClerkDay, Counter, CounterState
from hall_controller.domain.hall import Hall, Issuing, in_force, is_after_closing, waiting_count
from hall_controller.domain.matters import Matter
from hall_controller.domain.rules import Mode
from hall_controller.domain.ticket import Ticket, TicketState, VisitorClass

UPCOMING = 20


class Given(msgspec.Struct, frozen=True):
    """A receipt that the visitor was given here, and what is still to come for it."""

    receipt: str
    owed: Words | None


class Visitor(msgspec.Struct, frozen=True, kw_only=True):
    """The visitor at the counter. Times in seconds."""

    number: str
    matter: Words
    code: str
    visitor_class: VisitorClass
    language: Words
    documents: tuple[Words, ...] | None
    """None while the catalogue is not known."""
    wait_s: int
    """From issue to the first call."""
    here_s: int
    """Since the call while calling; service time so far while serving."""
    usual_s: int | None
    calls: int
    resumed: bool
    """Taken up again after a hold or a transfer."""
    matters: tuple[Row, ...] = ()
    """All of them, where there are several."""
    progress: str = ""
    """`2/5`: matters that are done, of several."""
    theme: Words | None = None
    receipts: tuple[Given, ...] = ()
    """What was accepted in this visit."""
    receipt: str | None = None
    """Of the result that the visitor has come for."""
    receipt_stands: Words | None = None
    """Where that one stands; None once it was handed out."""

    @property
    def over_usual(self) -> bool:
        return self.usual_s is not None and self.here_s > self.usual_s


class Waiting(msgspec.Struct, frozen=True, kw_only=True):
    by_class: dict[VisitorClass, int]
    total: int
    for_here: int
    """Those whom this counter may take."""
    oldest_s: int | None


class Held(msgspec.Struct, frozen=True):
    number: str
    for_s: int


class ClerkView(msgspec.Struct, frozen=True, kw_only=True):
    counter: int
    state: CounterState
    state_words: Words
    pausing: bool
    push: bool
    clerk: str | None
    since_s: int
    wrap_up_left_s: int | None
    """In push mode: until the next visitor comes by themselves."""
    visitor: Visitor | None
    waiting: Waiting
    today: ClerkDay
    mean_service_s: int | None
    held: tuple[Held, ...]
    upcoming: tuple[tuple[str, VisitorClass], ...]
    """Number and class of those whom this counter may take, in the order of their turn."""
    missed: int
    """Visitors of the whole hall who may still return."""
    second_call: str | None
    """After closing: who missed the call and is called once more by the next key."""
    hours: Words
    shut: bool
    """Closed in an emergency: no counter opens."""
    lunch: Words | None
    """What lunch means for this counter."""
    last_ticket: bool
    """No more tickets today: who is here is served still."""
    undo: Words | None


def clerk_view(hall: Hall, number: int, at_ms: int, matters: dict[str, Matter]) -> ClerkView:
    counter = counter_of(hall, number)
    ticket = visitor_of(hall, number)
    today = hall.clerks.get(counter.clerk or "", ClerkDay())
    since_s = _seconds(counter.since_ms, at_ms)
    wrapping_up = counter.state is CounterState.WRAPPING_UP and hall.mode is Mode.PUSH
    return ClerkView(
        counter=number,
        state=counter.state,
        state_words=COUNTER_STATES[counter.state],
        pausing=counter.pausing,
        push=hall.mode is Mode.PUSH,
        clerk=counter.clerk,
        since_s=since_s,
        wrap_up_left_s=max(0, in_force(hall).wrap_up_s - since_s) if wrapping_up else None,
        visitor=_visitor(hall, counter, ticket, at_ms, matters) if ticket else None,
        waiting=_waiting(hall, counter, at_ms),
        today=today,
        mean_service_s=today.service_s // today.finished if today.finished else None,
        held=tuple(_held(hall, number, at_ms)),
        upcoming=tuple(_upcoming(hall, counter, at_ms)),
        missed=sum(ticket.state is TicketState.MISSED for ticket in hall.tickets.values()),
        second_call=_second_call(hall, counter, at_ms),
        hours=hours_words(hall, at_ms),
        shut=hall.issuing is Issuing.CLOSED,
        lunch=lunch_words(hall, counter, at_ms) if counter.state is not CounterState.CLOSED else None,
        last_ticket=is_last_ticket_out(hall),
        undo=undoable(hall, number),
    )


def _second_call(hall: Hall, counter: Counter, at_ms: int) -> str | None:
    if not is_after_closing(hall) or waiting_count(hall):
        return None
    ticket = choose(hall, counter, at_ms)
    return ticket.number if ticket else None


def _visitor(hall: Hall, counter: Counter, ticket: Ticket, at_ms: int, matters: dict[str, Matter]) -> Visitor:
    matter = matters.get(ticket.matter)
    if ticket.state is TicketState.SERVING:
        here_s = ticket.served_ms // 1000 + _seconds(ticket.serving_since_ms or at_ms, at_ms)
    else:
        here_s = _seconds(counter.since_ms, at_ms)
    wanted = hall.acceptances.get(ticket.receipt or "")
    return Visitor(
        number=ticket.number or "",
        matter=matter_words(ticket.matter, matters),
        code=ticket.matter,
        visitor_class=ticket.visitor_class,
        language=LANGUAGES[ticket.language],
        documents=documents(matter) if matter else None,
        wait_s=_seconds(ticket.issued_at_ms, ticket.called_at_ms or at_ms),
        here_s=here_s,
        usual_s=_usual_s(ticket, matters) if ticket.state is TicketState.SERVING else None,
        calls=ticket.calls,
        resumed=ticket.served_ms > 0,
        matters=bundle_rows(ticket, matters),
        progress=progress(ticket) if ticket.more else "",
        theme=_theme(ticket, matters),
        receipts=tuple(_given(hall, ticket)),
        receipt=ticket.receipt,
        receipt_stands=where_words(wanted) if wanted is not None else None,
    )


def _usual_s(ticket: Ticket, matters: dict[str, Matter]) -> int | None:
    known = [matters[code] for code in matters_of(ticket) if code in matters]
    return bundle_usual_s(known) if known else None


def _theme(ticket: Ticket, matters: dict[str, Matter]) -> Words | None:
    if ticket.theme is None:
        return None
    for code in matters_of(ticket):
        matter = matters.get(code)
        if matter is not None and ticket.theme in matter.themes:
            at = matter.themes.index(ticket.theme)
            zh, en = ("".join(names[at : at + 1]) for names in (matter.themes_zh, matter.themes_en))
            if zh or en:
                return Words(zh or en, en or zh)
    return Words(ticket.theme, ticket.theme)


def _given(hall: Hall, ticket: Ticket) -> Iterator[Given]:
    for one in hall.acceptances.values():
        if one.ticket == ticket.ticket:
            yield Given(one.receipt, owed_words(one))


def _waiting(hall: Hall, counter: Counter, at_ms: int) -> Waiting:
    tickets = [hall.tickets[entry[1]] for queue in hall.queues.values() for entry in queue]
    return Waiting(
        by_class={visitor_class: len(hall.queues.get(visitor_class, ())) for visitor_class in CLASSES},
        total=len(tickets),
        for_here=sum(may_take(counter, ticket, hall, at_ms) for ticket in tickets),
        oldest_s=max((_seconds(ticket.issued_at_ms, at_ms) for ticket in tickets), default=None),
    )


def _upcoming(hall: Hall, counter: Counter, at_ms: int) -> Iterator[tuple[str, VisitorClass]]:
    """As many as a tall screen can show."""
    mine = (hall.tickets[ticket] for ticket in call_order(hall))
    for ticket in islice((ticket for ticket in mine if may_take(counter, ticket, hall, at_ms)), UPCOMING):
        yield ticket.number or "", ticket.visitor_class


def _held(hall: Hall, number: int, at_ms: int) -> list[Held]:
    # A held ticket keeps no moment of its holding; its whole time in the hall is what its visitor feels.
    tickets = sorted(held_here(hall, number), key=lambda ticket: ticket.started_at_ms or 0)
    return [Held(ticket.number or "", _seconds(ticket.started_at_ms or at_ms, at_ms)) for ticket in tickets]


def matter_words(code: str, matters: dict[str, Matter]) -> Words:
    """The name of a matter; its code while the catalogue is not known or has dropped it."""
    matter = matters.get(code)
    return Words(matter.name_zh, matter.name_en) if matter else Words(code, code)


def nobody_words(waiting: int) -> Words:
    """That a counter can call none of those who wait."""
    if not waiting:
        return Words("没有人等候", "nobody is waiting")
    return Words(f"{waiting} 位在等，本窗口都不能叫", f"{waiting} waiting, none for this counter")


def documents(matter: Matter) -> tuple[Words, ...]:
    """The documents in both languages, where the catalogue lists them in step."""
    zh, en = matter.documents_zh, matter.documents_en
    if len(zh) == len(en):
        return tuple(Words(a, b) for a, b in zip(zh, en, strict=True))
    return tuple(Words(name, name) for name in (zh or en))


def _seconds(from_ms: int, to_ms: int) -> int:
    return max(0, to_ms - from_ms) // 1000
