"""What an operation may answer beside its result, for the OpenAPI document: each status with its very codes."""

from typing import Annotated, Any

from fastapi import Header, Request
from pydantic import Field
from pydantic.json_schema import SkipJsonSchema

from hall_controller.domain.refusal import Code
from hall_controller.gateway.limiting import Caller
from hall_controller.gateway.problems import Own, status_of

UNSENT = (Code.STALE, Code.STORAGE, Code.UNKNOWN_COMMAND, Code.UNSUPPORTED_VERSION)
"""What a hall may say to a command that it did not carry out."""
READ = (Own.KEY_UNKNOWN, Own.RATE_LIMITED, Own.NO_CONTROLLER, Code.INTERNAL, Code.MALFORMED, Code.TOO_LARGE,
        Own.TOO_SLOW, Own.UNSUPPORTED_MEDIA_TYPE)  # fmt: skip
"""Of every operation."""
WRITE = (*READ, *UNSENT, Own.KEY_REUSED)

_WHAT = {
    401: "An app's key is needed.", 403: "This may not be done.", 404: "There is no such thing.",
    408: "The request did not come in whole in time.", 409: "The hall is in a state in which this cannot be done.",
    413: "The body is too large.", 415: "The body is not application/json.", 422: "The request is malformed.",
    429: "Too many requests.", 503: "The hall cannot be asked now.",
}  # fmt: skip
_RETRY = {"Retry-After": {"description": "Seconds", "schema": {"type": "integer", "minimum": 1}}}

IdempotencyKey = Annotated[
    Annotated[str, Field(pattern=r"^[A-Za-z0-9_-]{16,64}$")] | SkipJsonSchema[None],
    Header(
        alias="Idempotency-Key",
        description="A fresh random one for each act, the same for its repeats: then a repeat is done once.",
    ),
]


def problems(*codes: str) -> dict[int | str, dict[str, Any]]:
    """`responses` of a route."""
    by_status: dict[int, set[str]] = {}
    for code in codes:
        by_status.setdefault(status_of(code), set()).add(str(code))
    found: dict[int | str, dict[str, Any]] = {}
    for status in sorted(by_status):
        schema = {
            "allOf": [{"$ref": "#/components/schemas/ProblemBody"}],
            "properties": {"code": {"enum": sorted(by_status[status])}},
        }
        found[status] = {
            "description": _WHAT[status],
            "content": {"application/json": {"schema": schema}},
        }
        if status in (429, 503):
            found[status]["headers"] = _RETRY
    return found


def leads_to(operation: str, parameter: str, where: str) -> dict[str, Any]:
    """A link of the OpenAPI document: what this answer holds is what that operation takes."""
    return {"operationId": operation, "parameters": {parameter: f"$response.body#{where}"}}


def caller_of(request: Request) -> Caller:
    """As the door has told it."""
    caller: Caller = request.state.caller
    return caller
