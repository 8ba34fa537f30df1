"""What goes wrong, in one JSON shape: {code, message, field}. Which code has which status stands here alone."""

from enum import StrEnum
from typing import Any

from fastapi import Request
from fastapi.exceptions import RequestValidationError
from fastapi.responses import JSONResponse
from starlette.exceptions import HTTPException

from hall_controller.domain.refusal import Code, Refusal

SHOWN = 60
"""Of a wrong value at most so many characters are repeated."""
RETRY_S = 2
"""When it is worth trying again while the hall cannot be asked."""


class Own(StrEnum):
    """What the gateway itself finds wrong; the hall's own codes stand beside these."""

    NOT_FOUND = "not_found"
    """No such path."""
    METHOD_NOT_ALLOWED = "method_not_allowed"
    TOO_SLOW = "too_slow"
    """The request did not come in whole in time."""
    UNSUPPORTED_MEDIA_TYPE = "unsupported_media_type"
    KEY_NEEDED = "key_needed"
    """Bookings need an app's key."""
    KEY_UNKNOWN = "key_unknown"
    KEY_REUSED = "key_reused"
    """The same Idempotency-Key with another request."""
    RATE_LIMITED = "rate_limited"
    NO_CONTROLLER = "no_controller"
    """The hall does not answer. What was asked for may have been done or not: repeat it with the same key."""


STATUS: dict[str, int] = {
    Own.NOT_FOUND: 404, Own.METHOD_NOT_ALLOWED: 405, Own.TOO_SLOW: 408, Own.UNSUPPORTED_MEDIA_TYPE: 415,
    Own.KEY_NEEDED: 401, Own.KEY_UNKNOWN: 403, Own.KEY_REUSED: 409, Own.RATE_LIMITED: 429, Own.NO_CONTROLLER: 503,
    Code.MALFORMED: 422,
    Code.TOO_LARGE: 413,
    Code.NOT_ALLOWED: 403, Code.BARRED: 403, Code.CREDIT_NEEDED: 403,
    Code.UNKNOWN_MATTER: 404, Code.UNKNOWN_TICKET: 404, Code.UNKNOWN_COUNTER: 404, Code.UNKNOWN_KIOSK: 404,
    Code.UNKNOWN_RECEIPT: 404,
    Code.STALE: 503, Code.STORAGE: 503, Code.INTERNAL: 503, Code.UNKNOWN_COMMAND: 503, Code.UNSUPPORTED_VERSION: 503,
}  # fmt: skip
CONFLICT = 409
"""Of every other refusal: the hall is in a state in which this cannot be done."""

_FIELDS = {"slot_at_ms": "slot_at", "ticket": "token", "type": None}
_WORDS = (("slot_at_ms", "slot_at"), ("`hall matters` lists them", "GET /v1/matters lists them"))


def status_of(code: str) -> int:
    return STATUS.get(code, CONFLICT)


class Problem(Exception):
    """Answered to the caller."""

    def __init__(self, code: str, message: str, field: str | None = None, retry_after_s: int | None = None) -> None:
        super().__init__(message)
        self.code = code
        self.message = message
        self.field = field
        self.retry_after_s = retry_after_s if retry_after_s is not None or status_of(code) != 503 else RETRY_S

    @property
    def response(self) -> JSONResponse:
        status = status_of(self.code)
        headers = {"Retry-After": str(self.retry_after_s)} if self.retry_after_s is not None else {}
        if status == 401:
            headers["WWW-Authenticate"] = "Bearer"
        if self.code == Own.TOO_SLOW:
            headers["Connection"] = "close"  # the rest of it must not be taken for the next request
        body = {"code": str(self.code), "message": self.message, "field": self.field}
        return JSONResponse(body, status, headers)


def refused(refusal: Refusal) -> Problem:
    """In the words of the API: it has other names for a few things than the bus."""
    if refusal.code is Code.NOT_ALLOWED and refusal.field is None:
        return Problem(Own.NO_CONTROLLER, "This gateway is not enrolled in the hall (any more); ask its technician.")
    if refusal.code is Code.MALFORMED and refusal.field == "slot_at_ms":
        # Well formed, but by now too late, or too far ahead: what helps is another half hour.
        return Problem(Code.NO_SLOT, "This half hour has begun, or is too far ahead; choose another.", "slot_at")
    message = refusal.message
    for before, after in _WORDS:
        message = message.replace(before, after)
    return Problem(refusal.code, message, _FIELDS.get(refusal.field or "", refusal.field))


def silent() -> Problem:
    message = "The hall does not answer now; try again soon, a booking with the same Idempotency-Key."
    return Problem(Own.NO_CONTROLLER, message)


async def problem_response(request: Request, error: Exception) -> JSONResponse:
    del request
    assert isinstance(error, Problem)
    return error.response


async def invalid_response(request: Request, error: Exception) -> JSONResponse:
    """The first thing that is wrong, by its name; the value is not repeated, it may be personal."""
    del request
    assert isinstance(error, RequestValidationError)
    first = error.errors()[0]
    names = [str(part) for part in first["loc"] if part not in ("body", "query", "path", "header")]
    field = names[0] if names and first["type"] != "json_invalid" else None
    where = f"{'.'.join(names)}: " if field else ""
    what = "is not JSON" if first["type"] == "json_invalid" else _sentence(first)
    return Problem(Code.MALFORMED, f"{where}{what}; see /openapi.json.", field and field[:SHOWN]).response


def _sentence(error: Any) -> str:
    if error["type"] == "missing":
        return "is missing"
    if error["type"] == "extra_forbidden":
        return "is no field of this request"
    return str(error["msg"]).removeprefix("Value error, ").rstrip(".")[:200]


async def http_response(request: Request, error: Exception) -> JSONResponse:
    """What the framework says of itself: an unknown path, a method that is not there."""
    assert isinstance(error, HTTPException)
    if error.status_code == 404:
        return Problem(Own.NOT_FOUND, "There is nothing at this path; /openapi.json lists what there is.").response
    if error.status_code == 405:
        methods = (error.headers or {}).get("Allow", "GET")
        problem = Problem(Own.METHOD_NOT_ALLOWED, f"{request.method[:SHOWN]} is not for this path; use {methods}.")
        response = problem.response
        response.headers["Allow"] = methods
        return response
    return Problem(Code.MALFORMED, "The request cannot be read; send one JSON object as /openapi.json has it.").response
