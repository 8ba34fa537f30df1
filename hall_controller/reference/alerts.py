"""The table of alerts for docs/alerts.md, from the words that consoles show."""

from msgspec.structs import fields

from hall_controller.domain.alert import AlertKind
from hall_controller.domain.alert_words import mend
from hall_controller.domain.rules_managing import AlertRules

SUBJECTS = {
    "a counter": (
        AlertKind.COUNTER_IDLE, AlertKind.SLOW_SERVICE, AlertKind.TERMINAL_SILENT, AlertKind.RESULTS_AWAY,
    ),
    "a ticket": (AlertKind.KEPT_WAIT, AlertKind.SECOND_WAIT, AlertKind.LONG_HOLD),
    "a transfer list": (AlertKind.CONSIGNMENT_OVERDUE,),
    "a day": (AlertKind.BOOKINGS_STRANDED,),
    "a receipt": (AlertKind.DOCUMENTS_OVERDUE, AlertKind.RESULT_OVERDUE),
    "a device": (
        AlertKind.PAPER_LOW, AlertKind.PAPER_OUT, AlertKind.PRINTER_FAILING, AlertKind.SOUND_FAILING,
        AlertKind.VOICE_BACKLOG, AlertKind.KIOSK_SILENT, AlertKind.PRINTER_SILENT, AlertKind.BOARD_SILENT,
        AlertKind.VOICE_SILENT,
    ),
}  # fmt: skip


def alert_rows() -> list[list[str]]:
    """Kind, what it is about, thresholds with their defaults, what to do."""
    defaults = {field.name: field.default for field in fields(AlertRules)}
    rows = []
    for kind in AlertKind:
        limits = [f"`{name} = {value:g}`" for name, value in defaults.items() if name.startswith(f"{kind}")]
        about = next((words for words, kinds in SUBJECTS.items() if kind in kinds), "the hall")
        rows.append([f"`{kind}`", about, ", ".join(limits), f"{mend(kind).en}<br>{mend(kind).zh}"])
    return rows
