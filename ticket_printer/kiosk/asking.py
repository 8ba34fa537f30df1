"""What the kiosk asks of the hall, from where the journey has come to: pure."""

from collections.abc import Sequence

from hall_controller.domain.commands import BookTicket, CheckIn, Divert, IssueTicket, PrintDocuments
from hall_controller.domain.matters import Catalogue, How
from ticket_printer.kiosk.bundles import chosen, theme_of
from ticket_printer.kiosk.check_in import code_of
from ticket_printer.kiosk.journey import Journey


def _matters(journey: Journey, catalogue: Catalogue | None) -> tuple[str, tuple[str, ...], str | None]:
    """The first matter, the others, and their theme. Without a catalogue the hall may judge."""
    if catalogue is None:
        return journey.matter or "", journey.more, journey.theme
    matters = chosen(journey, catalogue)
    first, *more = [matter.code for matter in matters] or [journey.matter or ""]
    return first, tuple(more), theme_of(journey, matters)


def ticket_command(journey: Journey, catalogue: Catalogue | None, expires_at_ms: int) -> IssueTicket:
    matter, more, theme = _matters(journey, catalogue)
    return IssueTicket(
        matter=matter,
        more=more,
        theme=theme,
        receipt=journey.receipt or None,
        visitor_class=journey.visitor_class,
        language=journey.call_language,
        expires_at_ms=expires_at_ms,
    )


def booking_command(journey: Journey, catalogue: Catalogue | None, expires_at_ms: int) -> BookTicket:
    matter, more, theme = _matters(journey, catalogue)
    return BookTicket(
        matter=matter,
        more=more,
        theme=theme,
        slot_at_ms=journey.slot_at_ms or 0,
        language=journey.call_language,
        expires_at_ms=expires_at_ms,
    )


def check_in_command(journey: Journey, expires_at_ms: int) -> CheckIn:
    return CheckIn(token=code_of(journey.code), expires_at_ms=expires_at_ms)


def list_command(journey: Journey, codes: Sequence[str], expires_at_ms: int) -> PrintDocuments:
    return PrintDocuments(
        matter=codes[0], more=tuple(codes[1:]), language=journey.call_language, expires_at_ms=expires_at_ms
    )


def divert_command(journey: Journey, way: How) -> Divert:
    """It is counted whenever the hall hears of it: nobody waits for the answer."""
    return Divert(matter=journey.matter or "", way=way, language=journey.call_language)
