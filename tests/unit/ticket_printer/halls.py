"""Halls made by hand for tests of pure functions: events applied one after another."""

from typing import Any

from hall_controller.domain.events import (
    EpochStarted,
    Event,
    Origin,
    RulesChanged,
    TicketBooked,
    TicketCheckedIn,
    TicketIssued,
)
from hall_controller.domain.evolve import evolve
from hall_controller.domain.hall import Hall
from hall_controller.domain.matters import Catalogue, Matter, Subject
from hall_controller.domain.rules import Rules, Tier
from hall_controller.domain.ticket import Channel, Language, Paper, VisitorClass

MONDAY_MS = 1_795_399_200_000
"""2026-11-23 10:00 in Shenzhen."""

TUESDAY_SLOT_MS = MONDAY_MS + 86_400_000
"""Tuesday 10:00."""

CATALOGUE = Catalogue(
    {
        code: Matter(
            code=code,
            name_zh=f"事项{code}",
            name_en=f"Matter {code}",
            subject=Subject.NATURAL,
            group=group,
            group_zh=f"分组{group}",
            group_en=f"Group {group}",
            usual_minutes=10,
            documents_zh=("身份证",),
            documents_en=("ID card",),
        )
        for code, group in [(f"m{n}", "big") for n in range(30)] + [("p1", "small"), ("p2", "small")]
    }
)


def new_hall() -> Hall:
    hall = Hall()
    apply(hall, EpochStarted(epoch="e1", origin=Origin.INIT))
    apply(hall, RulesChanged(rules=Rules(hall="BA001", tier=Tier.STREET, counters=4, name_zh="大厅", name_en="Hall")))
    return hall


def apply(hall: Hall, event: Event, at_ms: int = MONDAY_MS) -> None:
    event.epoch, event.seq, event.at_ms, event.service_day = "e1", hall.seq + 1, at_ms, "2026-11-23"
    evolve(hall, event)


def issue(hall: Hall, at_ms: int = MONDAY_MS, **fields: Any) -> TicketIssued:
    """A ticket of the kiosk, its paper pending, unless told otherwise."""
    ticket = hall.next_ticket
    event = TicketIssued(
        **{
            "ticket": ticket,
            "number": f"A{ticket:03d}",
            "prefix": "A",
            "count": ticket,
            "matter": "m0",
            "group": "big",
            "subject": "natural",
            "visitor_class": VisitorClass.ORDINARY,
            "channel": Channel.KIOSK,
            "language": Language.MANDARIN,
            "place": (at_ms, hall.seq + 1),
            "kiosk": "kiosk",
            "paper": Paper.PENDING,
            "claim_by_ms": at_ms + 90_000,
            "ahead": ticket - 1,
            "predicted_wait_s": 60 * (ticket - 1),
            **fields,
        }
    )
    apply(hall, event, at_ms)
    return event


def book(hall: Hall, slot_at_ms: int = TUESDAY_SLOT_MS, **fields: Any) -> TicketBooked:
    """A booking made at the kiosk."""
    event = TicketBooked(
        **{
            "ticket": hall.next_ticket,
            "matter": "m0",
            "group": "big",
            "subject": "natural",
            "language": Language.MANDARIN,
            "slot_at_ms": slot_at_ms,
            "kiosk": "kiosk",
            **fields,
        }
    )
    apply(hall, event)
    return event


def check_in(hall: Hall, ticket: int = 1, at_ms: int = MONDAY_MS) -> TicketCheckedIn:
    """At the kiosk, its paper pending."""
    event = TicketCheckedIn(
        ticket=ticket,
        number=f"R{ticket:03d}",
        prefix="R",
        count=ticket,
        visitor_class=VisitorClass.APPOINTMENT,
        place=(TUESDAY_SLOT_MS, hall.seq + 1),
        ahead=0,
        predicted_wait_s=60,
        kiosk="kiosk",
        paper=Paper.PENDING,
        claim_by_ms=at_ms + 90_000,
    )
    apply(hall, event, at_ms)
    return event
