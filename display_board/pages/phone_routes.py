"""Phones over HTTP: `/t/TOKEN` and `/t/TOKEN.json` read, `/t/TOKEN/rating` and `/rebooking` write.

The bus is asked once a ticket.
"""

import uuid

import msgspec
from fastapi import APIRouter, Request
from fastapi.responses import HTMLResponse, Response

from display_board.pages.live import Live
from display_board.pages.phone_booking import MOVED, Moved, moved_of, offers_mark, slot_of
from display_board.pages.phone_page import (
    BAD_FORM,
    CONTENT_POLICY,
    GUESSING,
    LANGUAGES,
    SILENT,
    UNKNOWN,
    choose_language,
    phone_html,
    trouble_html,
)
from display_board.pages.phone_parts import fingerprint
from display_board.pages.phone_view import Known, PhoneView, phone_view
from display_board.pages.rating_words import SAID, Said
from display_board.pages.ratings import FORM_BYTES, BadForm, NoStars, Rating, Ratings, read_form, seen
from display_board.pages.tokens import Opened, Tokens, TooManyGuesses, Unanswered, UnknownToken
from display_board.pages.words import NOTHING, Words
from hall_controller.bus import wire
from hall_controller.bus.client import NoController
from hall_controller.bus.features import Feature
from hall_controller.domain import commands as c
from hall_controller.domain.hall import Hall
from hall_controller.domain.prediction import Estimate, predict
from hall_controller.domain.stranded_bookings import stranded_by
from hall_controller.domain.ticket import TicketState

HEADERS = {
    "Cache-Control": "no-store",
    "Content-Security-Policy": CONTENT_POLICY,
    "X-Frame-Options": "DENY",
    "Cross-Origin-Resource-Policy": "same-origin",
}
ESTIMATE_FOR_MS = 10_000
"""A prediction may depend on the time, but not so much that each phone needs its own."""
RETRY_S = 10
HEAR_S = 5.0
"""How long a phone's first request waits for the hall to be heard after this process has started."""


class Estimates:
    """The predictions of all tickets, computed once for all phones that ask between two events."""

    def __init__(self) -> None:
        self._key: tuple[str, int, int] | None = None
        self._waits: dict[int, Estimate] = {}

    def of(self, hall: Hall, ticket: int, now_ms: int) -> Estimate | None:
        key = (hall.epoch, hall.seq, now_ms // ESTIMATE_FOR_MS)
        if key != self._key:
            self._key, self._waits = key, predict(hall, now_ms)
        return self._waits.get(ticket)


class Trouble(Exception):
    def __init__(self, status: int, words: tuple[Words, Words]) -> None:
        super().__init__(words[0].en)
        self.status = status
        self.words = words

    @property
    def passes(self) -> bool:
        """Whether it is worth trying again."""
        return self.status in (429, 503)


class Phones:
    """Tokens, predictions and views for all phones."""

    def __init__(self, live: Live, poll_s: int) -> None:
        self._live = live
        self._poll_s = poll_s
        self._tokens = Tokens(live.client.ask)
        self._estimates = Estimates()
        self._epoch = ""

    async def look_up(self, token: str, request: Request) -> tuple[PhoneView, str | None]:
        """The view of a ticket, and its language. Raises Trouble."""
        opened = await self.opened(token, request)
        hall, now_ms = self._live.client.hall, self._live.client.now_ms()
        assert hall is not None, "a token is looked up in a hall that was heard"
        ticket = opened.ticket
        known = Known(
            now_ms=now_ms,
            estimate=self._estimates.of(hall, ticket, now_ms),
            code=opened.code,
            extended_ms=self._live.extended_ms,
            names=self._live.names,
            finished=self._live.finished.get(ticket),
            heard=self._live.heard,
            may_rebook=Feature.REBOOK in self._live.client.features,
            poll_s=self._poll_s,
        )
        view = phone_view(hall, ticket, known)
        if view is None:
            self._tokens.forget(token)
            raise Trouble(404, UNKNOWN)
        found = hall.tickets.get(ticket)
        return view, found.language if found else None

    async def move(self, token: str, slot_at_ms: int, request: Request) -> Moved:
        """Take another half hour; a repeat is harmless. Raises Trouble."""
        opened = await self.opened(token, request)
        live = self._live
        if Feature.REBOOK not in live.client.features:
            return Moved.LATER
        try:
            reply = await live.client.ask(c.RebookTicket(slot_at_ms=slot_at_ms, token=token))
        except NoController:
            return Moved.LATER
        if isinstance(reply, wire.Accepted):
            await seen(live, reply.seq)
            return Moved.DONE
        hall = live.hall
        found = hall.tickets.get(opened.ticket) if hall is not None else None
        holds = hall is not None and found is not None and found.state is TicketState.BOOKED
        if holds and hall is not None and found is not None and stranded_by(hall, found) is None:
            return Moved.HOLDS
        return moved_of(reply.code)

    async def opened(self, token: str, request: Request) -> Opened:
        """What a token opens. Raises Trouble."""
        try:
            return await self._opened(token, _address(request))
        except UnknownToken:
            raise Trouble(404, UNKNOWN) from None
        except TooManyGuesses:
            raise Trouble(429, GUESSING) from None
        except (NoController, Unanswered):
            raise Trouble(503, SILENT) from None

    async def _opened(self, token: str, address: str) -> Opened:
        hall = self._live.hall or await self._live.client.synced(HEAR_S)
        if hall.epoch != self._epoch:
            self._epoch = hall.epoch
            self._tokens.forget_all()
        return await self._tokens.opened(token, address)


def phone_router(live: Live, ratings: Ratings, *, poll_s: int) -> APIRouter:
    router = APIRouter()
    phones = Phones(live, poll_s)

    @router.get("/t/{token}.json")
    async def state(token: str, request: Request) -> Response:
        try:
            view, _ = await phones.look_up(token, request)
        except Trouble as trouble:
            head, detail = trouble.words
            body = msgspec.json.encode({"head": head, "detail": detail})
            return Response(body, trouble.status, _headers(trouble), "application/json")
        return Response(phone_json(view), 200, HEADERS, "application/json")

    @router.get("/t/{token}")
    async def page(
        token: str, request: Request, lang: str | None = None, rated: str | None = None, moved: str | None = None
    ) -> Response:
        try:
            view, language = await phones.look_up(token, request)
        except Trouble as trouble:
            return _plain(trouble)
        chosen = choose_language(lang, request.headers.get("accept-language", ""), language)
        said = SAID[Said(rated)] if rated in set(Said) else MOVED[Moved(moved)] if moved in set(Moved) else NOTHING
        return HTMLResponse(phone_html(view, chosen, token=token, form=uuid.uuid4().hex, said=said), 200, HEADERS)

    @router.post("/t/{token}/rating")
    async def rate(token: str, request: Request, lang: str | None = None) -> Response:
        """Then back to the page, also for whoever has sent the form twice."""
        try:
            opened = await phones.opened(token, request)
            said = await ratings.rate(opened.ticket, token, await _read(request))
        except NoStars:
            said = Said.STARS
        except Trouble as trouble:
            return _plain(trouble)
        asked = f"lang={lang}&" if lang in LANGUAGES else ""
        return Response(None, 303, HEADERS | {"Location": f"../{token}?{asked}rated={said}"})

    @router.post("/t/{token}/rebooking")
    async def rebook(token: str, request: Request, lang: str | None = None) -> Response:
        """Then back to the page, also for whoever has sent the form twice."""
        try:
            slot_at_ms = slot_of(await _body(request))
            moved = Moved.TAKEN if slot_at_ms is None else await phones.move(token, slot_at_ms, request)
        except Trouble as trouble:
            return _plain(trouble)
        asked = f"lang={lang}&" if lang in LANGUAGES else ""
        return Response(None, 303, HEADERS | {"Location": f"../{token}?{asked}moved={moved}"})

    return router


def phone_json(view: PhoneView) -> bytes:
    """Of what was accepted, and of offers, only whether there is something new: the page alone says what."""
    told = {name: getattr(view, name) for name in view.__struct_fields__ if name not in ("visit", "offers")}
    return msgspec.json.encode(told | {"told": fingerprint(view.visit), "offered": offers_mark(view.offers)})


async def _body(request: Request) -> bytes:
    """Raises Trouble."""
    body = bytearray()
    async for piece in request.stream():
        body += piece
        if len(body) > FORM_BYTES:
            raise Trouble(413, BAD_FORM)
    return bytes(body)


async def _read(request: Request) -> Rating:
    """Raises NoStars, Trouble."""
    body = await _body(request)
    try:
        return read_form(body)
    except NoStars:
        raise
    except BadForm:
        raise Trouble(400, BAD_FORM) from None


def _plain(trouble: Trouble) -> HTMLResponse:
    retry_s = RETRY_S if trouble.passes else None
    return HTMLResponse(trouble_html(trouble.words, retry_s=retry_s), trouble.status, _headers(trouble))


def _headers(trouble: Trouble) -> dict[str, str]:
    return HEADERS | {"Retry-After": str(RETRY_S)} if trouble.passes else HEADERS


def _address(request: Request) -> str:
    """Who asks; of an IPv6 address its network, since a phone has the whole of it."""
    host = request.client.host if request.client else ""
    return ":".join(host.split(":")[:4]) if ":" in host else host
