"""What stands on each paper: pure. From the hall, the catalogue and what the visitor was told."""

import datetime as dt

from hall_controller.domain.acceptance import RESULTS_GROUP, Acceptance, Consignment
from hall_controller.domain.bundle import documents_needed, matters_of
from hall_controller.domain.hall import Hall, in_force
from hall_controller.domain.hours import local, next_openings, openings
from hall_controller.domain.matters import Catalogue, Matter, Subject
from hall_controller.domain.prediction import predict
from hall_controller.domain.ticket import Language, Ticket
from ticket_printer.kiosk import visit_words
from ticket_printer.moments import date_told, day_reserve, hours_of, is_extended, time_told, today
from ticket_printer.printer.duties import ConsignmentJob, DocumentsJob, Job, ReceiptJob
from ticket_printer.printer.layout import TicketFacts
from ticket_printer.printer.receipts import ConsignmentFacts, ListedReceipt, ReceiptFacts
from ticket_printer.printer.slips import BookingFacts, DocumentsFacts


def ticket_facts(
    hall: Hall, job: Job, ticket: Ticket, catalogue: Catalogue, phone_url: str | None, now_ms: int
) -> TicketFacts:
    """`phone_url` is whole, token included."""
    matters = [_matter(catalogue, code) for code in matters_of(ticket)]
    theme = catalogue.themes().get(ticket.theme) if ticket.theme else None
    rules = in_force(hall)
    ahead, wait_s, bound_s = job.ahead, job.predicted_wait_s, job.predicted_bound_s
    if ahead is None and (estimate := predict(hall, now_ms).get(ticket.ticket)):
        ahead, wait_s, bound_s = estimate.ahead, estimate.wait_s, estimate.bound_s
    return TicketFacts(
        hall_zh=_hall_zh(hall),
        hall_en=rules.name_en,
        number=ticket.number or "",
        matter_zh=matters[0].name_zh,
        matter_en=matters[0].name_en,
        more_zh=tuple(matter.name_zh for matter in matters[1:]),
        more_en=tuple(matter.name_en for matter in matters[1:]),
        theme_zh=theme.name_zh if theme else "",
        theme_en=theme.name_en if theme else "",
        receipt=ticket.receipt,
        visitor_class=ticket.visitor_class,
        language=ticket.language,
        issued_at=_wall(hall, ticket.issued_at_ms),
        ahead=ahead,
        predicted_wait_s=wait_s,
        predicted_bound_s=bound_s,
        phone_url=phone_url,
        documents_zh=tuple(documents_needed(matters, english=False)),
        documents_en=tuple(documents_needed(matters, english=True)),
        missed_grace_s=rules.missed_grace_s,
        copy=job.copy,
        printed_at=_wall(hall, now_ms),
    )


def booking_facts(hall: Hall, ticket: Ticket, catalogue: Catalogue, code: str, phone_url: str | None) -> BookingFacts:
    rules = in_force(hall)
    matters = [_matter(catalogue, code) for code in matters_of(ticket)]
    slot_at_ms = ticket.slot_at_ms or ticket.issued_at_ms
    return BookingFacts(
        hall_zh=_hall_zh(hall),
        hall_en=rules.name_en,
        language=ticket.language,
        day=date_told(today(hall, slot_at_ms), english=ticket.language is Language.ENGLISH),
        time=time_told(hall, slot_at_ms),
        unconfirmed=day_reserve(
            hall, today(hall, slot_at_ms), ticket.issued_at_ms, english=ticket.language is Language.ENGLISH
        ).strip(),
        check_in_from=time_told(hall, slot_at_ms - rules.appointment_early_s * 1000),
        check_in_until=time_told(hall, slot_at_ms + rules.appointment_late_s * 1000),
        code=code,
        matter_zh=matters[0].name_zh + (f" 等{len(matters)}项" if len(matters) > 1 else ""),
        matter_en=matters[0].name_en + (f" and {len(matters) - 1} more" if len(matters) > 1 else ""),
        phone_url=phone_url,
        documents_zh=tuple(documents_needed(matters, english=False)),
        documents_en=tuple(documents_needed(matters, english=True)),
    )


def documents_facts(hall: Hall, job: DocumentsJob, catalogue: Catalogue, now_ms: int) -> DocumentsFacts:
    matter, *more = matters = [_matter(catalogue, code) for code in (job.matter, *job.more)]
    return DocumentsFacts(
        hall_zh=_hall_zh(hall),
        hall_en=in_force(hall).name_en,
        language=job.language,
        matter_zh=matter.name_zh,
        matter_en=matter.name_en,
        more_zh=tuple(matter.name_zh for matter in more),
        more_en=tuple(matter.name_en for matter in more),
        documents_zh=tuple(documents_needed(matters, english=False)),
        documents_en=tuple(documents_needed(matters, english=True)),
        later=_later(matters, english=job.language is Language.ENGLISH),
        hours=tuple(hours_told(hall, now_ms, english=job.language is Language.ENGLISH)),
        printed_at=_wall(hall, now_ms),
    )


def _later(matters: list[Matter], *, english: bool) -> tuple[int, ...]:
    """By their number in the list without repeats; what one matter needs at once is needed at once."""
    may: set[str] = set()
    must: set[str] = set()
    for matter in matters:
        documents = matter.documents_en or matter.documents_zh if english else matter.documents_zh
        for number, document in enumerate(documents, 1):
            (may if number in matter.later else must).add(document)
    together = documents_needed(matters, english=english)
    return tuple(number for number, document in enumerate(together, 1) if document in may - must)


def receipt_facts(
    hall: Hall, job: ReceiptJob, acceptance: Acceptance, catalogue: Catalogue, phone_url: str | None
) -> ReceiptFacts:
    english = job.language is Language.ENGLISH
    matter = _matter(catalogue, acceptance.matter)
    has_results = any(one.group == RESULTS_GROUP for one in catalogue.matters.values())
    pickup = (visit_words.EN if english else visit_words.ZH).results if has_results else ""
    return ReceiptFacts(
        hall_zh=_hall_zh(hall),
        hall_en=in_force(hall).name_en,
        language=job.language,
        receipt=acceptance.receipt,
        matter_zh=matter.name_zh,
        matter_en=matter.name_en,
        department_zh=acceptance.department,
        department_en=matter.department_en if matter.department == acceptance.department else "",
        number=acceptance.number or "",
        counter=acceptance.counter,
        accepted_at=_wall(hall, acceptance.accepted_at_ms),
        outstanding_zh=acceptance.outstanding_zh,
        outstanding_en=acceptance.outstanding_en,
        documents_due=_day(acceptance.documents_due_day, english=english),
        result_due=_day(acceptance.result_due_day, english=english),
        pickup=pickup,
        phone_url=phone_url,
        copy=job.copy,
    )


def consignment_facts(
    hall: Hall, job: ConsignmentJob, consignment: Consignment, catalogue: Catalogue
) -> ConsignmentFacts:
    codes = dict(zip(consignment.receipts, consignment.matters, strict=False))
    return ConsignmentFacts(
        hall_zh=_hall_zh(hall),
        hall_en=in_force(hall).name_en,
        from_hall=f"{consignment.from_hall} {_hall_zh(hall)}",
        to_hall=consignment.to_hall,
        consignment=consignment.consignment,
        carries=consignment.carries,
        sent_at=_wall(hall, consignment.sent_at_ms or 0),
        due_at=_wall(hall, consignment.due_ms or 0),
        receipts=tuple(
            ListedReceipt(receipt, _matter(catalogue, codes.get(receipt, "")).name_zh)
            for receipt in consignment.receipts
        ),
        copy=job.copy,
    )


def _matter(catalogue: Catalogue, code: str) -> Matter:
    """Of one that the catalogue does not know (any more) only its code is said."""
    return catalogue.matters.get(code) or Matter(
        code=code,
        name_zh=code,
        name_en="",
        subject=Subject.CONVENIENCE,
        group="",
        group_zh="",
        group_en="",
        usual_minutes=1,
    )


def _day(day: str | None, *, english: bool) -> str:
    return date_told(dt.date.fromisoformat(day), english=english) if day else ""


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
        told.append(
            (label, date_told(day, english=english) + extended + day_reserve(hall, day, now_ms, english=english))
        )
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
