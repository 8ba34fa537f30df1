"""`POST /counter/N/rating`, for the screens of a counter that are touched; and how such a browser is enrolled."""

from typing import Annotated, Any

import msgspec
from fastapi import APIRouter, Request
from fastapi.responses import RedirectResponse, Response
from msgspec import Meta

from display_board.pages.access import COOKIE, Access
from display_board.pages.offers import Offers
from display_board.pages.rating_words import SAID, Said
from display_board.pages.ratings import FORM_BYTES, BadForm, Ratings, rating_from
from hall_controller.browsers import COOKIE_AGE_S

REFUSED = 403


class Touched(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """What rate.js sends."""

    ticket: Annotated[int, Meta(ge=1, lt=2**53)]
    stars: int
    reasons: tuple[str, ...] = ()


def counter_router(offers: Offers, ratings: Ratings, access: Access) -> APIRouter:
    router = APIRouter()

    @router.post("/counter/{number}/rating")
    async def rate(number: int, request: Request) -> Response:
        if not access.may_send(request):
            return _json(REFUSED, {"code": "not_allowed", "message": "This screen is not enrolled for ratings."})
        body = bytearray()
        async for piece in request.stream():
            body += piece
            if len(body) > FORM_BYTES:
                return _json(413, {"code": "malformed", "message": f"A rating has at most {FORM_BYTES} bytes."})
        try:
            touched = msgspec.json.decode(bytes(body), type=Touched)
            rating = rating_from(str(touched.stars), touched.reasons, "", f"counter-{number}")
        except (msgspec.DecodeError, UnicodeDecodeError, BadForm) as error:
            return _json(400, {"code": "malformed", "message": f"{error}."})
        if not offers.is_last(number, touched.ticket):
            return _said(Said.PAST)
        return _said(await ratings.rate_by_ticket(touched.ticket, rating))

    @router.get("/enroll")
    async def enroll(key: str = "") -> Response:
        cookie = access.cookie_for(key)
        if cookie is None:
            return _json(REFUSED, {"code": "not_allowed", "message": "No browser_keys of hall.toml has this key."})
        answer = RedirectResponse("/", 303)
        answer.set_cookie(COOKIE, cookie, max_age=COOKIE_AGE_S, httponly=True, samesite="strict")
        return answer

    return router


def _said(said: Said) -> Response:
    return _json(200 if said is Said.THANKS else 409, {"said": said, "words": SAID[said]})


def _json(status: int, body: Any) -> Response:
    return Response(msgspec.json.encode(body), status, {"Cache-Control": "no-store"}, "application/json")
