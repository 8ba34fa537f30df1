"""Ratings on their way to the hall: each form once, however often it is sent."""

import asyncio
from hashlib import sha256
from typing import Any, NamedTuple
from urllib.parse import parse_qsl

import msgspec

from display_board.pages.live import Live
from display_board.pages.rating_words import COMMENT_MAX, LOW_STARS, Said
from display_board.pages.tokens import KEPT
from display_board.pages.visit_view import rating_of
from hall_controller.bus import wire
from hall_controller.bus.client import NoController
from hall_controller.domain import commands as c
from hall_controller.domain.hall import Hall
from hall_controller.domain.refusal import Code, Refusal
from hall_controller.recent import Recent

FORM_BYTES = 8_192
"""Two hundred Chinese characters take 1,800."""
SEEN_S = 2.0
"""How long an answer waits until this process has seen it too, so that the page is right at once."""


class BadForm(Exception):
    """One sentence: what no page of ours sends."""


class NoStars(BadForm):
    """A form without its stars."""


class Rating(NamedTuple):
    stars: int
    reasons: tuple[c.RatingReason, ...]
    comment: str
    form: str
    """Which page it was filled in on: the same form sent twice is one rating."""


def read_form(body: bytes) -> Rating:
    """Raises BadForm, NoStars."""
    try:
        fields = parse_qsl(body.decode("ascii"), keep_blank_values=True, errors="strict", max_num_fields=20)
    except ValueError:
        raise BadForm("the form cannot be read") from None
    single = dict(fields)
    reasons = tuple(value for name, value in fields if name == "reasons")
    return rating_from(single.get("stars", ""), reasons, single.get("comment", ""), single.get("form", ""))


def rating_from(stars: str, reasons: tuple[str, ...], comment: str, form: str) -> Rating:
    """Raises BadForm, NoStars. Reasons and a comment are of a low rating: of another one they were left over."""
    if not stars:
        raise NoStars("stars is missing; give 1 to 5")
    if stars not in ("1", "2", "3", "4", "5"):
        raise BadForm(f"stars is {stars[:20]!r}; give 1 to 5")
    unknown = [reason for reason in reasons if reason not in set(c.RatingReason)]
    if unknown:
        raise BadForm(f"reasons holds {unknown[0][:20]!r}; use {', '.join(c.RatingReason)}")
    comment = comment.replace("\r\n", "\n").strip()
    if len(comment) > COMMENT_MAX:
        raise BadForm(f"comment has {len(comment)} characters; use at most {COMMENT_MAX}")
    if int(stars) > LOW_STARS:
        return Rating(int(stars), (), "", form)
    return Rating(int(stars), tuple(c.RatingReason(reason) for reason in dict.fromkeys(reasons)), comment, form)


class Ratings:
    def __init__(self, live: Live) -> None:
        self._live = live
        self._under_way: dict[str, asyncio.Task[Said]] = {}
        self._thanked: Recent[bool] = Recent(KEPT)
        """Forms that the hall has accepted."""

    async def rate(self, ticket: int, token: str, rating: Rating) -> Said:
        """A form that is sent again, at once or later, gets the same answer."""
        request_id = sha256(msgspec.json.encode([token, rating])).hexdigest()[:40]
        task = self._under_way.get(request_id)
        if task is None:
            task = self._under_way[request_id] = asyncio.create_task(self._rate(ticket, token, rating, request_id))
            task.add_done_callback(lambda _: self._under_way.pop(request_id, None))
        return await asyncio.shield(task)

    async def rate_by_ticket(self, ticket: int, rating: Rating) -> Said:
        """For a screen that stands where the visitor was served: the hall lends it the token."""
        try:
            reply = await self._live.client.ask(wire.TicketStatus(ticket=ticket))
        except NoController:
            return Said.LATER
        if not isinstance(reply, wire.TicketStatusReply):
            return Said.PAST
        return await self.rate(ticket, reply.token, rating)

    async def _rate(self, ticket: int, token: str, rating: Rating, request_id: str) -> Said:
        if self._thanked.get(request_id):
            return Said.THANKS
        known = self._known(ticket)
        if known is not None:
            return known
        command = c.Rate(stars=rating.stars, reasons=rating.reasons, comment=rating.comment, token=token)
        try:
            reply = await self._live.client.ask(command, request_id=request_id)
        except NoController:
            return Said.LATER
        if isinstance(reply, wire.Accepted):
            self._thanked.put(request_id, True)
            await seen(self._live, reply.seq)
            return Said.THANKS
        return said_of(reply, self._live.hall, ticket)

    def _known(self, ticket: int) -> Said | None:
        """What needs no asking: whoever sends form after form never loads the bus."""
        hall = self._live.hall
        if hall is None or not self._live.heard:
            return None
        if ticket in hall.tickets:
            return Said.EARLY
        match rating_of(hall.ended.get(ticket)):
            case "open":
                return None
            case "done":
                return Said.AGAIN
            case _:
                return Said.PAST


async def seen(live: Live, seq: int) -> None:
    """Wait until this process has seen what an answer tells of, so that the page that follows is right."""
    changed = asyncio.Event()
    stop = live.listen(changed.set)
    try:
        async with asyncio.timeout(SEEN_S):
            while live.hall is not None and live.hall.seq < seq:
                changed.clear()
                await changed.wait()
    except TimeoutError:
        pass
    finally:
        stop()


def said_of(reply: Any, hall: Hall | None, ticket: int) -> Said:
    """What a refusal means to whoever has rated."""
    if not isinstance(reply, Refusal):
        return Said.LATER
    if reply.code is Code.ALREADY_RATED:
        return Said.AGAIN
    if reply.code in (Code.WRONG_STATE, Code.UNKNOWN_TICKET):
        return Said.EARLY if hall is not None and ticket in hall.tickets else Said.PAST
    return Said.LATER
