"""Answers: what the sender of an accepted command is told, and queries, read from a committed hall."""

import logging
from collections.abc import Mapping
from typing import NamedTuple

import msgspec

from hall_controller import __version__
from hall_controller.bus import wire
from hall_controller.bus.features import Feature
from hall_controller.bus.keys import Enrolled, booking_code, ticket_of_token, ticket_token
from hall_controller.bus.presence import Presence
from hall_controller.clock import HallClock
from hall_controller.credit.lookup import Lookup
from hall_controller.domain import commands as c
from hall_controller.domain import events as e
from hall_controller.domain.credit import is_barred, may_come_later
from hall_controller.domain.hall import Hall, in_force
from hall_controller.domain.matters import Catalogue
from hall_controller.domain.prediction import predict
from hall_controller.domain.refusal import Code, Refusal
from hall_controller.domain.ticket import TicketState
from hall_controller.figures import Figures
from hall_controller.journal.journal import Journal

log = logging.getLogger(__name__)

FAILED = Refusal(Code.INTERNAL, "The hall failed on this request and has logged it; nothing was done.")


class Known(NamedTuple):
    """All that queries are answered from."""

    hall: Hall
    journal: Journal
    catalogue: Catalogue
    clock: HallClock
    token_secret: bytes
    devices: Mapping[str, Enrolled]
    seen_ms: Mapping[str, int]
    """When each device last spoke, by the hall's clock."""
    rehearsal: bool
    figures: Figures
    credit: Lookup
    presence: Presence


def accepted(command: c.Command, events: list[e.Event], hall: Hall, token_secret: bytes) -> wire.Accepted:
    """What a command has led to, with all that its sender needs; `hall` is the one after it."""
    seq = events[-1].seq if events else hall.seq
    match events[0] if events else None:
        case e.TicketIssued() | e.TicketCheckedIn() as waiting:
            return wire.Accepted(
                seq,
                waiting.ticket,
                waiting.number,
                ahead=waiting.ahead,
                predicted_wait_s=waiting.predicted_wait_s,
                predicted_bound_s=waiting.predicted_bound_s,
                token=ticket_token(token_secret, hall.epoch, waiting.ticket),
            )
        case e.TicketBooked(ticket=ticket) | e.TicketRebooked(ticket=ticket):
            token, code = (make(token_secret, hall.epoch, ticket) for make in (ticket_token, booking_code))
            return wire.Accepted(seq, ticket, token=token, code=code)
        case e.MatterAccepted(receipt=receipt):
            return wire.Accepted(seq, receipt=receipt)
        case e.ConsignmentSent(consignment=consignment):
            return wire.Accepted(seq, consignment=consignment)
        case e.TicketCalled() as called:
            return wire.Accepted(seq, called.ticket, called.number, called.counter)
        case None if isinstance(command, c.CallNext):
            return wire.Accepted(seq, None, None, command.counter)
        case _:
            return wire.Accepted(seq)


def answer(query: wire.Query, known: Known) -> bytes:
    """The reply's JSON. A question that cannot be answered does not stop the hall."""
    try:
        return _answer(query, known)
    except Exception:
        log.exception("a query failed")
        return wire.encode(FAILED)


def _answer(query: wire.Query, known: Known) -> bytes:
    match query:
        case wire.Snapshot():
            hall = known.hall
            return wire.encode(wire.SnapshotReply(hall.epoch, hall.seq, known.clock.now_ms(), hall))
        case wire.EventsSince(seq, limit):
            events = [msgspec.Raw(body) for body in known.journal.events_since(seq, limit)]
            now_ms = known.clock.now_ms()
            reply = wire.EventsReply(known.hall.epoch, known.journal.oldest_seq(), known.hall.seq, events, now_ms)
            return wire.encode(reply)
        case wire.Matters():
            return wire.encode(wire.MattersReply(list(known.catalogue.matters.values())))
        case wire.Credit():
            return wire.encode(_credit(known, query))
        case wire.TicketStatus(token, ticket):
            return wire.encode(_ticket_status(known, token, ticket))
        case _:
            return wire.encode(_status(known))


def _status(known: Known) -> wire.StatusReply:
    rules = in_force(known.hall)
    delays_ms = known.figures.delays_ms
    devices = {
        name: wire.DeviceStatus(
            role=device.role,
            last_seen_ms=known.seen_ms.get(name),
            delay_ms=delays_ms.get(name),
            counter=device.counter,
            sessions=known.presence.sessions(name, device.counter),
        )
        for name, device in known.devices.items()
    }
    return wire.StatusReply(
        hall=rules.hall,
        tier=rules.tier,
        name_zh=rules.name_zh,
        name_en=rules.name_en,
        version=__version__,
        epoch=known.hall.epoch,
        seq=known.hall.seq,
        now_ms=known.clock.now_ms(),
        clock_rate=known.clock.rate,
        clock_off_ms=known.clock.off_ms(),
        rehearsal=known.rehearsal,
        devices=devices,
        process=known.figures.reply(),
        features=[str(feature) for feature in Feature],
    )


def _credit(known: Known, query: wire.Credit) -> wire.CreditReply | Refusal:
    matter = known.catalogue.matters.get(query.matter)
    if matter is None:
        return Refusal(Code.UNKNOWN_MATTER, f"There is no matter {query.matter!r} in this hall.", "matter")
    rating, wording = known.credit.rating(query.applicant), in_force(known.hall).credit
    barred = is_barred(matter, rating)
    return wire.CreditReply(
        rating=rating,
        barred=barred,
        barred_zh=wording.barred_zh if barred else "",
        barred_en=wording.barred_en if barred else "",
        later=may_come_later(matter, rating),
    )


def _ticket_status(known: Known, token: str | None, number: int | None) -> wire.TicketStatusReply | Refusal:
    hall = known.hall
    if token is not None:
        number = ticket_of_token(known.token_secret, hall.epoch, token)
    if number is None:
        return Refusal(Code.UNKNOWN_TICKET, "This link is not valid here; take a new ticket.", "token")
    token = token or ticket_token(known.token_secret, hall.epoch, number)
    ticket, ended = hall.tickets.get(number), hall.ended.get(number)
    accepted = [one for one in hall.acceptances.values() if one.ticket == number]
    if ticket is None and ended is None and not accepted:
        return Refusal(Code.UNKNOWN_TICKET, "This ticket is not of today.", "token")
    if ticket is None:
        name, state = (ended.number, ended.state) if ended else (accepted[0].number, TicketState.DONE)
        return wire.TicketStatusReply(number, name, state, token, acceptances=accepted)
    waits = predict(hall, known.clock.now_ms()) if ticket.state is TicketState.WAITING else {}
    estimate = waits.get(number)
    return wire.TicketStatusReply(
        ticket=number,
        number=ticket.number,
        state=ticket.state,
        token=token,
        counter=ticket.counter,
        ahead=estimate.ahead if estimate else None,
        predicted_wait_s=estimate.wait_s if estimate else None,
        predicted_bound_s=estimate.bound_s if estimate else None,
        slot_at_ms=ticket.slot_at_ms,
        code=booking_code(known.token_secret, hall.epoch, number) if ticket.state is TicketState.BOOKED else None,
        acceptances=accepted,
    )
