"""Around every request: who asks, how often, how much, how long; and that whatever fails is said in our shape."""

import asyncio
import logging
import time

from starlette.datastructures import Headers
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from hall_controller.domain.refusal import Code
from hall_controller.gateway.limiting import Callers, Limits
from hall_controller.gateway.problems import Own, Problem
from hall_controller.gateway.settings import GatewaySettings

log = logging.getLogger(__name__)

HEADERS = (
    (b"cache-control", b"no-store"),
    (b"x-content-type-options", b"nosniff"),
    (b"referrer-policy", b"no-referrer"),
)
FAILED = Problem(Code.INTERNAL, "The gateway failed on this request and has logged it; try again, or ask the hall.")


class Door:
    """Outermost: what it lets in is one whole request of a known caller."""

    def __init__(self, app: ASGIApp, settings: GatewaySettings, callers: Callers, limits: Limits) -> None:
        self._app = app
        self._settings = settings
        self._callers = callers
        self._limits = limits

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        since_s, status = time.monotonic(), 0

        async def told(message: Message) -> None:
            nonlocal status
            if message["type"] == "http.response.start":
                status = message["status"]
                message["headers"] = [*message["headers"], *HEADERS]
            await send(message)

        try:
            async with asyncio.timeout(self._settings.request_s * 2):  # to come in, and to be answered
                await self._answer(scope, receive, told)
        except TimeoutError:
            if not status:
                await Problem(Own.NO_CONTROLLER, "This took too long; try again.").response(scope, receive, told)
        except Exception:
            log.exception("a request failed")
            if not status:
                await FAILED.response(scope, receive, told)
        route = getattr(scope.get("route"), "path", "(unknown)")  # never the path itself: it may hold a token
        level = logging.DEBUG if scope["method"] == "GET" and status < 400 else logging.INFO
        log.log(level, "%s %s %d in %.0f ms", scope["method"], route, status, (time.monotonic() - since_s) * 1000)

    async def _answer(self, scope: Scope, receive: Receive, send: Send) -> None:
        try:
            headers = Headers(scope=scope)
            host = scope["client"][0] if scope.get("client") else ""
            caller = self._callers.caller(host, headers.getlist("x-forwarded-for"))
            try:
                caller = caller._replace(app=self._callers.app(headers.get("authorization")))
            finally:
                await self._limits.count_request(caller)  # one with a wrong key by its address
            body = await self._body(headers, receive)
        except Problem as problem:
            await problem.response(scope, receive, send)
            return
        scope.setdefault("state", {})["caller"] = caller
        given = False

        async def whole() -> Message:
            nonlocal given
            if given:
                return await receive()
            given = True
            return {"type": "http.request", "body": body, "more_body": False}

        await self._app(scope, whole, send)

    async def _body(self, headers: Headers, receive: Receive) -> bytes:
        """Raises Problem for one that is too large, too slow, or no JSON by its own account."""
        most, body, more = self._settings.body_bytes, b"", True
        too_large = Problem(Code.TOO_LARGE, f"The body is larger than {most} bytes; no request needs so much.")
        if int(headers.get("content-length") or 0) > most:
            raise too_large
        try:
            async with asyncio.timeout(self._settings.request_s):
                while more:
                    message = await receive()
                    if message["type"] == "http.disconnect":
                        break
                    body += message.get("body", b"")
                    more = message.get("more_body", False)
                    if len(body) > most:
                        raise too_large
        except TimeoutError:
            raise Problem(Own.TOO_SLOW, "The request did not come in whole in time; send it again.") from None
        kind = headers.get("content-type", "").partition(";")[0].strip().lower()
        if body and kind != "application/json":
            raise Problem(Own.UNSUPPORTED_MEDIA_TYPE, "Send the body as Content-Type: application/json.")
        return body
