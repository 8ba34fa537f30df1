"""What stands on each paper: pure. From the hall, the catalogue and what the visitor was told."""

import datetime as dt

from hall_controller.domain.hall import Hall, in_force
from hall_controller.domain.hours import local, next_openings, openings
from hall_controller.domain.matters import Matter
from hall_controller.domain.prediction import predict
from hall_controller.domain.ticket import Language, Ticket
from ticket_printer.moments import date_told, hours_of, is_extended, time_told, today
from ticket_printer.printer.duties import DocumentsJob, Job
from ticket_printer.printer.layout import TicketFacts
from ticket_printer.printer.slips import BookingFacts, DocumentsFacts


def ticket_facts(
    hall: Hall, job: Job, ticket: Ticket, matter: Matter | None, phone_url: str | None, now_ms: int
) -> TicketFacts:
    """`phone_url` is whole, token included."""
    rules = in_force(hall)
    ahead, wait_s, bound_s = job.ahead, job.predicted_wait_s, job.predicted_bound_s
    if ahead is None and (estimate := predict(hall, now_ms).get(ticket.ticket)):
        ahead, wait_s, bound_s = estimate.ahead, estimate.wait_s, estimate.bound_s
    return TicketFacts(
        hall_zh=_hall_zh(hall),
        hall_en=rules.name_en,
        number=ticket.number or "",
        matter_zh=matter.name_zh if matter else ticket.matter,
        matter_en=matter.name_en if matter else "",
        visitor_class=ticket.visitor_class,
        language=ticket.language,
        issued_at=_wall(hall, ticket.issued_at_ms),
        ahead=ahead,
        predicted_wait_s=wait_s,
        predicted_bound_s=bound_s,
        phone_url=phone_url,
        documents_zh=matter.documents_zh if matter else (),
        documents_en=matter.documents_en if matter else (),
        missed_grace_s=rules.missed_grace_s,
        copy=job.copy,
        printed_at=_wall(hall, now_ms),
    )


def booking_facts(hall: Hall, ticket: Ticket, matter: Matter | None, code: str, phone_url: str | None) -> BookingFacts:
    rules = in_force(hall)
    slot_at_ms = ticket.slot_at_ms or ticket.issued_at_ms
    return BookingFacts(
        hall_zh=_hall_zh(hall),
        hall_en=rules.name_en,
        language=ticket.language,
        day=date_told(today(hall, slot_at_ms), english=ticket.language is Language.ENGLISH),
        time=time_told(hall, slot_at_ms),
        check_in_from=time_told(hall, slot_at_ms - rules.appointment_early_s * 1000),
        check_in_until=time_told(hall, slot_at_ms + rules.appointment_late_s * 1000),
        code=code,
        matter_zh=matter.name_zh if matter else ticket.matter,
        matter_en=matter.name_en if matter else "",
        phone_url=phone_url,
        documents_zh=matter.documents_zh if matter else (),
        documents_en=matter.documents_en if matter else (),
    )


def documents_facts(hall: Hall, job: DocumentsJob, matter: Matter, now_ms: int) -> DocumentsFacts:
    return DocumentsFacts(
        hall_zh=_hall_zh(hall),
        hall_en=in_force(hall).name_en,
        language=job.language,
        matter_zh=matter.name_zh,
        matter_en=matter.name_en,
        documents_zh=matter.documents_zh,
        documents_en=matter.documents_en,
        hours=tuple(hours_told(hall, now_ms, english=job.language is Language.ENGLISH)),
        printed_at=_wall(hall, now_ms),
    )


def hours_told(hall: Hall, now_ms: int, *, english: bool) -> list[tuple[str, str]]:
    """Today's hours while they last, and the next day with hours: it is likely the day of the next visit."""
    now = today(hall, now_ms)
    days = [("Today" if english else "今天", now)] if _serves_still(hall, now, now_ms) else []
    later = (_wall(hall, opening.start_ms).date() for opening in next_openings(in_force(hall), now_ms))
    following = next((day for day in later if day != now), None)
    if following is not None:
        days.append(("Next" if english else "下次开放", following))
    told = []
    for label, day in days:
        extended = (" (extended)" if english else "（已延长）") if is_extended(hall, day) else ""
        told.append((label, date_told(day, english=english) + extended))
        # A plain hyphen: printers set the dash of the screens as wide as a Chinese character.
        told.append(("", hours_of(hall, day).replace("–", "-").replace("  ", " ")))
    return told


def _serves_still(hall: Hall, day: dt.date, now_ms: int) -> bool:
    return any(now_ms < opening.end_ms for opening in openings(in_force(hall), day, hall.extension))


def _hall_zh(hall: Hall) -> str:
    rules = in_force(hall)
    return rules.name_zh or rules.name_en or rules.hall


def _wall(hall: Hall, at_ms: int) -> dt.datetime:
    return local(in_force(hall), at_ms)
