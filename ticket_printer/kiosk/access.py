"""Who may use the kiosk page: this box, and browsers that were enrolled by a secret link. HTTP never lends a key.

Whoever may not sees one sentence. Whoever may sees the kiosk at `/` and nothing else: any other
address leads back to it. A page of another site cannot speak through a browser that may.
"""

from collections.abc import Awaitable, Callable, MutableMapping
from http.cookies import CookieError, SimpleCookie
from typing import Any
from urllib.parse import parse_qs

from hall_controller.browsers import COOKIE_AGE_S, Browsers, is_from

Scope = MutableMapping[str, Any]
Receive = Callable[[], Awaitable[MutableMapping[str, Any]]]
Send = Callable[[MutableMapping[str, Any]], Awaitable[None]]
App = Callable[[Scope, Receive, Send], Awaitable[None]]

COOKIE = "kiosk_browser"
PAGES = ("/_nicegui/", "/_nicegui_ws/")
NOT_ENROLLED = """<!doctype html><html lang="zh"><meta charset="utf-8"><title>取号</title>
<body style="font: 32px sans-serif; text-align: center; padding: 20vh 5vw">
<p>此屏幕尚未登记，请联系工作人员。</p>
<p lang="en">This screen is not enrolled. Please ask our staff.</p></body></html>"""


class Guard:
    def __init__(self, app: App, keys: tuple[str, ...], secret: str) -> None:
        self.app = app  # NiceGUI finds its server by this name
        self._browsers = Browsers(keys, secret)

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] == "lifespan":
            await self.app(scope, receive, send)
        elif scope["type"] == "http" and scope["path"] == "/enroll":
            await self._enroll(scope, send)
        elif not self._may(scope):
            await _refuse(scope, send)
        elif scope["path"] not in ("/", "/favicon.ico") and not scope["path"].startswith(PAGES):
            await _redirect(send)
        else:
            await self.app(scope, receive, _hardened(send))

    def _may(self, scope: Scope) -> bool:
        headers = dict(scope["headers"])
        host = headers.get(b"host", b"").decode("latin-1")
        origin = headers.get(b"origin")
        if origin is not None and not is_from(origin.decode("latin-1"), host):
            return False
        client = scope.get("client") or ("", 0)
        return self._browsers.may(client[0], host, _cookie(headers.get(b"cookie", b"").decode("latin-1")))

    async def _enroll(self, scope: Scope, send: Send) -> None:
        given = parse_qs(scope["query_string"].decode("latin-1")).get("key", [""])[0]
        held = self._browsers.cookie_for(given)
        if held is None:
            await _refuse(scope, send)
            return
        cookie = f"{COOKIE}={held}; Max-Age={COOKIE_AGE_S}; Path=/; HttpOnly; SameSite=Strict"
        await _redirect(send, (b"set-cookie", cookie.encode()))


def _cookie(header: str) -> str:
    """Empty where there is none that can be read."""
    try:
        held = SimpleCookie(header).get(COOKIE)
    except CookieError:
        return ""
    return held.value if held is not None else ""


async def _refuse(scope: Scope, send: Send) -> None:
    if scope["type"] == "websocket":
        await send({"type": "websocket.close", "code": 1008})
        return
    headers = [(b"content-type", b"text/html; charset=utf-8"), (b"cache-control", b"no-store")]
    await send({"type": "http.response.start", "status": 403, "headers": headers})
    await send({"type": "http.response.body", "body": NOT_ENROLLED.encode()})


async def _redirect(send: Send, *headers: tuple[bytes, bytes]) -> None:
    await send({"type": "http.response.start", "status": 303, "headers": [(b"location", b"/"), *headers]})
    await send({"type": "http.response.body", "body": b""})


def _hardened(send: Send) -> Send:
    async def sending(message: MutableMapping[str, Any]) -> None:
        if message["type"] == "http.response.start":
            extra = [(b"x-frame-options", b"DENY"), (b"referrer-policy", b"no-referrer")]
            message["headers"] = [*message.get("headers", ()), *extra]
        await send(message)

    return sending
