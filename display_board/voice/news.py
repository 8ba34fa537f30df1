"""What the hours bring, said to everybody in the hall: each once, while it is true, between calls. Pure."""

from enum import StrEnum

import msgspec
from msgspec.structs import replace

from display_board.hours import stands
from hall_controller.domain import events as e
from hall_controller.domain.day import Announcement
from hall_controller.domain.hall import Hall, Issuing
from hall_controller.domain.ticket import Language

PATIENCE = 5
"""News may wait so many times longer than a call before it is too old: it is no less true then, and calls go first."""


class Kind(StrEnum):
    LUNCH_BREAK = "lunch-break"
    LUNCH_SERVICE = "lunch-service"
    CLOSING = "closing"
    CLOSED = "closed"
    EXTENDED = "extended"


KINDS = {
    Announcement.LUNCH_BREAK: Kind.LUNCH_BREAK,
    Announcement.LUNCH_SERVICE: Kind.LUNCH_SERVICE,
    Announcement.CLOSING: Kind.CLOSING,
}
ANNOUNCEMENTS = {kind: announcement for announcement, kind in KINDS.items()}


class News(msgspec.Struct, frozen=True, kw_only=True):
    kind: Kind
    at_ms: int
    """When it was announced; its age counts from here."""
    moment_ms: int
    """When it is so far; of an extension the new closing, after closing the closing."""
    minutes: int = 0
    """Announced so long before: tells the second announcement of a moment from the first."""
    next_ms: int | None = None
    """Before a break: when the hall serves again."""
    language: Language = Language.MANDARIN
    """The next to tell it in."""

    @property
    def key(self) -> tuple[int, int]:
        """Together with the kind: which piece of news this is."""
        return self.moment_ms, self.minutes


def news_of(event: e.Event) -> News | None:
    """What an event asks to be told to everybody."""
    match event:
        case e.AnnouncementMade() if event.announcement in KINDS:
            return News(
                kind=KINDS[event.announcement],
                at_ms=event.at_ms,
                moment_ms=event.moment_ms,
                minutes=event.minutes,
                next_ms=event.next_ms,
            )
        case e.HoursExtended(until_ms=int(until_ms)):
            return News(kind=Kind.EXTENDED, at_ms=event.at_ms, moment_ms=until_ms)
        case e.OpeningEnded(next_ms=None):
            # Of a hall that was off at the time: the closing itself is what must not be old.
            return News(kind=Kind.CLOSED, at_ms=event.end_ms, moment_ms=event.end_ms)
        case _:
            return None


def is_true(news: News, hall: Hall, now_ms: int) -> bool:
    """Whether it is still worth saying: an extension overtakes a closing, an emergency everything."""
    if hall.issuing is Issuing.CLOSED:
        return False
    match news.kind:
        case Kind.EXTENDED:
            return hall.extension is not None and hall.extension.until_ms == news.moment_ms > now_ms
        case Kind.CLOSED:
            return hall.opening is not None and hall.opening.over and hall.opening.end_ms == news.moment_ms
        case _:
            return stands(hall, ANNOUNCEMENTS[news.kind], news.moment_ms, now_ms)


def standing_news(hall: Hall, now_ms: int) -> tuple[News, ...]:
    """All that is true now, the oldest first: what a voice that has just arrived may have missed."""
    found = [
        News(
            kind=KINDS[announcement],
            at_ms=min(now_ms, announced.moment_ms - announced.minutes * 60_000),
            moment_ms=announced.moment_ms,
            minutes=announced.minutes,
        )
        for announcement, announced in hall.announced.items()
    ]
    if hall.extension is not None:
        found.append(News(kind=Kind.EXTENDED, at_ms=now_ms, moment_ms=hall.extension.until_ms))
    if hall.opening is not None and hall.opening.over and hall.opening.last:
        found.append(News(kind=Kind.CLOSED, at_ms=hall.opening.end_ms, moment_ms=hall.opening.end_ms))
    return tuple(sorted((one for one in found if is_true(one, hall, now_ms)), key=lambda one: one.at_ms))


def languages_of_news(*, own_language: bool) -> tuple[Language, ...]:
    """Visitors of every language are in the hall; Mandarin alone where the hall wants one language."""
    return (Language.MANDARIN, Language.CANTONESE, Language.ENGLISH) if own_language else (Language.MANDARIN,)


def in_next_language(news: News, *, own_language: bool) -> News | None:
    """The same, for those who speak another language; None when all have been told."""
    languages = languages_of_news(own_language=own_language)
    later = languages[languages.index(news.language) + 1 :]
    return replace(news, language=later[0]) if later else None


def put_news(waiting: tuple[News, ...], news: News) -> tuple[News, ...]:
    """Behind the others; it takes the place of older news of its kind."""
    return (*(other for other in waiting if other.kind is not news.kind), news)


def take_news(
    waiting: tuple[News, ...], hall: Hall, now_ms: int, stale_ms: int
) -> tuple[News | None, tuple[News, ...], tuple[News, ...]]:
    """The next to say; what is too old or no longer true; and what is left."""
    good = [news for news in waiting if now_ms - news.at_ms <= PATIENCE * stale_ms and is_true(news, hall, now_ms)]
    dropped = tuple(news for news in waiting if news not in good)
    return (good[0] if good else None), dropped, tuple(good[1:])
