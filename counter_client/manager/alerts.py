"""The alerts that stand, each with what to do, and the staffing advice, as lines. Pure."""

from textual.content import Content

from counter_client.manager.panes import window
from counter_client.widgets.look import SOFT, badge, fill, line, wrapped
from counter_client.words import Tongue, Words
from hall_controller.domain.advice_words import Advised
from hall_controller.domain.alert import Alert
from hall_controller.domain.alert_words import mend, tell
from hall_controller.domain.hall import Hall
from hall_controller.domain.staffing import Advice


def sorted_alerts(hall: Hall) -> list[Alert]:
    """The newest first: it is the one that has not been seen yet."""
    return sorted(hall.alerts.values(), key=lambda one: (-one.raised_ms, one.alert, one.subject))


def alert_lines(hall: Hall, alert: Alert, at_ms: int, tongue: Tongue, columns: int) -> list[Content]:
    """What is wrong, whole; what to do where it fits behind it, and in the view of alerts otherwise."""
    said, what = Words(*tell(hall, alert, at_ms)), Words(*mend(alert.alert))
    told = line(badge("!", "$warning"), " ", (said.first(tongue), "bold $warning"))
    more = line(told, "  ", (what.first(tongue), SOFT))
    return [more] if more.cell_length <= columns else wrapped(told, columns, 4)


def alert_rows(
    hall: Hall, alerts: list[Alert], at: int | None, at_ms: int, tongue: Tongue, columns: int, rows: int
) -> list[Content]:
    """What is wrong, and below it what to do: two or three lines each, as wide as it needs."""
    told: list[Content] = []
    for place in range(window(len(alerts), at, max(1, rows // 3)), len(alerts)):
        alert = alerts[place]
        mark = ">" if place == at else " "
        said = Words(*tell(hall, alert, at_ms)).first(tongue)
        head = line((f"{mark}! ", "bold $warning"), (said, "bold $warning"))
        told += [fill(part, columns) for part in wrapped(head, columns, 3)]
        told += wrapped(line("   ", Words(*mend(alert.alert)).first(tongue)), columns, 3)
        if len(told) >= rows:
            break
    return told[:rows]


URGENT = (Advised.OPEN, Advised.SHORT)


def advice_lines(advice: Advice | None, tongue: Tongue, columns: int) -> list[Content]:
    """The most urgent sentence, whole; nothing before anything is known of who will come."""
    if advice is None or not advice.sentences:
        return []
    first = advice.sentences[0]
    if first.kind in (Advised.UNKNOWN, Advised.SHUT):
        return []
    style = "bold $warning" if first.kind in URGENT else "$success" if first.kind is Advised.HOLDS else "bold"
    head = badge(Words("人手", "Staffing").first(tongue), "$warning" if first.kind in URGENT else "$secondary")
    return wrapped(line(head, " ", (Words(first.zh, first.en).first(tongue), style)), columns, 4)
