"""Low ratings of the day, which stand out until the manager has seen them. Pure."""

from collections.abc import Sequence

from textual.content import Content

from counter_client.clerk.view import matter_words
from counter_client.manager.view import Matters
from counter_client.widgets.look import SOFT, cut, fill, line
from counter_client.words import Tongue, Words
from hall_controller.domain import events as e
from hall_controller.domain.commands import RatingReason
from hall_controller.domain.decisions.visitors import LOW_STARS
from hall_controller.domain.hours import local
from hall_controller.domain.rules import Rules
from hall_controller.i18n.terms import term


class Ratings:
    """Those of three stars or less that nobody has looked at on this console."""

    def __init__(self) -> None:
        self.day = ""
        self._low: dict[int, e.TicketRated] = {}
        """By seq."""
        self._seen: set[int] = set()

    def add(self, event: e.Event) -> None:
        if event.service_day != self.day:
            self.day = event.service_day
            self._low.clear()
        if isinstance(event, e.TicketRated) and event.stars <= LOW_STARS:
            self._low[event.seq] = event

    def unseen(self) -> list[e.TicketRated]:
        """The newest first."""
        return [event for seq, event in sorted(self._low.items(), reverse=True) if seq not in self._seen]

    def get(self, row: object) -> e.TicketRated | None:
        """By the id of its row."""
        return next((event for event in self._low.values() if row_id(event) == row), None)

    def see(self, event: e.TicketRated) -> None:
        self._seen.add(event.seq)


def row_id(event: e.TicketRated) -> str:
    return f"rating:{event.seq}"


def reasons_words(reasons: Sequence[RatingReason]) -> Words:
    told = [term(reason) for reason in reasons]
    return Words("、".join(one.zh for one in told), ", ".join(one.en for one in told))


def where_words(event: e.TicketRated) -> Words:
    """At which counter, by which clerk."""
    if event.counter is None:
        return Words("", "")
    return Words(f"窗口 {event.counter} {event.clerk}".rstrip(), f"counter {event.counter} {event.clerk}".rstrip())


def head(event: e.TicketRated, tongue: Tongue) -> str:
    """`A012 评价 2 星 · 窗口 3 007 · 等候太久`."""
    number, why, where = event.number or f"#{event.ticket}", reasons_words(event.reasons), where_words(event)
    zh = [f"{number} 评价 {event.stars} 星", where.zh, why.zh]
    en = [f"{number} rated {event.stars} of 5", where.en, why.en]
    return " · ".join(part for part in (zh if tongue == "zh" else en) if part)


def rating_line(event: e.TicketRated, tongue: Tongue) -> Content:
    comment = f"  “{event.comment}”" if event.comment else ""
    return line((head(event, tongue), "bold $warning"), (comment.replace("\n", " "), SOFT))


def rating_rows(
    event: e.TicketRated, rules: Rules, matters: Matters, tongue: Tongue, columns: int, *, marked: bool
) -> list[Content]:
    """What was said of whom, the visitor's own words, and the key that puts it away."""
    told: list[Content] = []
    for part in line((head(event, tongue), "bold $warning")).wrap(max(1, columns - 3)):
        mark = "   " if told else ">* " if marked else " * "
        told.append(fill(line((mark, "bold $warning"), part), columns))
    if event.comment:
        words = line((f"“{event.comment}”".replace("\n", " "), "")).wrap(max(1, columns - 3))
        told += [cut(line("   ", part), columns) for part in words]
    name = matter_words(event.matter, dict(matters)).first(tongue) if event.matter else ""
    put_away = Words("Enter 看过", "Enter: seen").first(tongue)
    told.append(cut(line((f"   {local(rules, event.at_ms):%H:%M}  {name}  {put_away}", SOFT)), columns))
    return told
