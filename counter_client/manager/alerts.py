"""The alerts that stand, each with what to do, and the staffing advice, as lines. Pure."""

from textual.content import Content

from counter_client.manager.panes import window
from counter_client.widgets.look import SOFT, badge, cut, fill, line
from counter_client.words import Tongue, Words
from hall_controller.domain.advice_words import Advised
from hall_controller.domain.alert import Alert
from hall_controller.domain.alert_words import mend, tell
from hall_controller.domain.hall import Hall
from hall_controller.domain.staffing import Advice


def sorted_alerts(hall: Hall) -> list[Alert]:
    """The newest first: it is the one that has not been seen yet."""
    return sorted(hall.alerts.values(), key=lambda one: (-one.raised_ms, one.alert, one.subject))


def alert_line(hall: Hall, alert: Alert, at_ms: int, tongue: Tongue) -> Content:
    said, what = Words(*tell(hall, alert, at_ms)), Words(*mend(alert.alert))
    return line(badge("!", "$warning"), " ", (said.first(tongue), "bold $warning"), "  ", (what.first(tongue), SOFT))


def alert_rows(
    hall: Hall, alerts: list[Alert], at: int | None, at_ms: int, tongue: Tongue, columns: int, rows: int
) -> list[Content]:
    """What is wrong, and below it what to do: two or three lines each, as wide as it needs."""
    told: list[Content] = []
    for place in range(window(len(alerts), at, max(1, rows // 3)), len(alerts)):
        alert = alerts[place]
        mark = ">" if place == at else " "
        said = Words(*tell(hall, alert, at_ms)).first(tongue)
        told.append(fill(line((f"{mark}! ", "bold $warning"), (said, "bold $warning")), columns))
        wrapped = line((Words(*mend(alert.alert)).first(tongue), "")).wrap(max(1, columns - 3))
        told += [cut(line("   ", part), columns) for part in wrapped]
        if len(told) >= rows:
            break
    return told[:rows]


URGENT = (Advised.OPEN, Advised.SHORT)


def advice_line(advice: Advice | None, tongue: Tongue) -> Content | None:
    """The most urgent sentence; None before anything is known of who will come."""
    if advice is None or not advice.sentences:
        return None
    first = advice.sentences[0]
    if first.kind in (Advised.UNKNOWN, Advised.SHUT):
        return None
    style = "bold $warning" if first.kind in URGENT else "$success" if first.kind is Advised.HOLDS else "bold"
    head = badge(Words("人手", "Staffing").first(tongue), "$warning" if first.kind in URGENT else "$secondary")
    return line(head, " ", (Words(first.zh, first.en).first(tongue), style))
