"""The API as an ASGI application: routes, problems, the OpenAPI document."""

import contextlib
from collections.abc import AsyncIterator
from typing import Any

from fastapi import FastAPI
from fastapi.exceptions import RequestValidationError
from fastapi.openapi.utils import get_openapi
from fastapi.responses import PlainTextResponse
from starlette.exceptions import HTTPException
from starlette.middleware.cors import CORSMiddleware
from starlette.types import ASGIApp

from hall_controller import __version__
from hall_controller.bus.client import HallClient
from hall_controller.gateway.booking_routes import booking_router
from hall_controller.gateway.door import Door
from hall_controller.gateway.hall_routes import hall_router
from hall_controller.gateway.keys import Repeats
from hall_controller.gateway.limiting import Callers, Limits
from hall_controller.gateway.live import Live
from hall_controller.gateway.problems import Problem, http_response, invalid_response, problem_response
from hall_controller.gateway.schemas import ProblemBody
from hall_controller.gateway.settings import GatewaySettings
from hall_controller.gateway.ticket_routes import ticket_router
from hall_controller.gateway.tokens import Tokens

DESCRIPTION = """The bookings, tickets and matters of one hall, for the district's app. Times are RFC 3339 with their
offset. Every problem is `{code, message, field}`. docs/gateway.md says what an app does on each."""


def api(live: Live | None, settings: GatewaySettings, limits: Limits) -> FastAPI:
    """The routes. Without `live` it can answer nothing, and is there for its document."""
    app = FastAPI(
        title="Hall gateway",
        version="1.0",
        description=" ".join(DESCRIPTION.split()),
        docs_url=None,
        redoc_url=None,
        openapi_url="/openapi.json",
        redirect_slashes=False,
        exception_handlers={
            Problem: problem_response,
            RequestValidationError: invalid_response,
            HTTPException: http_response,
        },
    )
    if live is not None:
        app.state.live, app.state.limits = live, limits
        app.state.tokens, app.state.repeats = Tokens(live, limits), Repeats()

        @app.get("/healthz", include_in_schema=False)
        async def healthz() -> PlainTextResponse:
            return PlainTextResponse("heard" if live.heard else "not heard", 200 if live.heard else 503)

    for router in (hall_router(), booking_router(needs_key=bool(settings.app_keys)), ticket_router()):
        app.include_router(router, prefix="/v1")
    app.openapi = lambda: _document(app)  # type: ignore[method-assign]  # FastAPI's own way to change it
    return app


def _document(app: FastAPI) -> dict[str, Any]:
    if not app.openapi_schema:
        document = get_openapi(
            title=app.title,
            version=app.version,
            description=app.description,
            routes=app.routes,
            openapi_version="3.1.0",
        )
        document["info"]["x-hall-version"] = __version__
        schemas = document["components"]["schemas"]
        schemas["ProblemBody"] = ProblemBody.model_json_schema()
        for unused in ("HTTPValidationError", "ValidationError"):
            schemas.pop(unused, None)
        app.openapi_schema = document
    return app.openapi_schema


def document(settings: GatewaySettings | None = None) -> dict[str, Any]:
    """The OpenAPI document alone."""
    settings = settings or GatewaySettings()
    return _document(api(None, settings, Limits(settings)))


def whole(live: Live, settings: GatewaySettings, callers: Callers) -> ASGIApp:
    """All that stands between a connection and the hall."""
    limits = Limits(settings)
    app: ASGIApp = Door(api(live, settings, limits), settings, callers, limits)
    if settings.cors_origins:
        app = CORSMiddleware(
            app,
            allow_origins=settings.cors_origins,
            allow_methods=["GET", "POST"],
            allow_headers=["Authorization", "Content-Type", "Idempotency-Key"],
            expose_headers=["Retry-After"],
        )
    return app


@contextlib.asynccontextmanager
async def followed(client: HallClient, stale_s: float) -> AsyncIterator[Live]:
    """The hall, followed until the end of the block."""
    import asyncio

    live = Live(client, stale_s)
    following = asyncio.create_task(live.run())
    try:
        yield live
    finally:
        following.cancel()
        with contextlib.suppress(asyncio.CancelledError):
            await following
