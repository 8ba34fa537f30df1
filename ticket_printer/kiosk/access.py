"""Who may use the kiosk page: this box, and browsers that were enrolled by a secret link. HTTP never lends a key.

Whoever may not sees one sentence. Whoever may sees the kiosk at `/` and nothing else: any other
address leads back to it. A page of another site cannot speak through a browser that may.
"""

import hmac
import ipaddress
from collections.abc import Awaitable, Callable, MutableMapping
from http.cookies import CookieError, SimpleCookie
from typing import Any
from urllib.parse import parse_qs, urlsplit

Scope = MutableMapping[str, Any]
Receive = Callable[[], Awaitable[MutableMapping[str, Any]]]
Send = Callable[[MutableMapping[str, Any]], Awaitable[None]]
App = Callable[[Scope, Receive, Send], Awaitable[None]]

COOKIE = "kiosk_browser"
COOKIE_AGE_S = 10 * 365 * 86_400
PAGES = ("/_nicegui/", "/_nicegui_ws/")
NOT_ENROLLED = """<!doctype html><html lang="zh"><meta charset="utf-8"><title>取号</title>
<body style="font: 32px sans-serif; text-align: center; padding: 20vh 5vw">
<p>此屏幕尚未登记，请联系工作人员。</p>
<p lang="en">This screen is not enrolled. Please ask our staff.</p></body></html>"""


class Guard:
    def __init__(self, app: App, keys: tuple[str, ...], secret: str) -> None:
        self.app = app  # NiceGUI finds its server by this name
        self._keys = keys
        self._cookies = {key: cookie_of(key, secret) for key in keys}

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
        if origin is not None and urlsplit(origin.decode("latin-1")).netloc != host:
            return False
        client = scope.get("client") or ("", 0)
        # A name that someone else's DNS points at 127.0.0.1 is not this box.
        if is_loopback(client[0]) and is_loopback(urlsplit(f"//{host}").hostname or ""):
            return True
        try:
            cookie = SimpleCookie(headers.get(b"cookie", b"").decode("latin-1")).get(COOKIE)
        except CookieError:
            return False
        return cookie is not None and any(_same(cookie.value, mine) for mine in self._cookies.values())

    async def _enroll(self, scope: Scope, send: Send) -> None:
        given = parse_qs(scope["query_string"].decode("latin-1")).get("key", [""])[0]
        for key in self._keys:
            if _same(given, key):
                cookie = f"{COOKIE}={self._cookies[key]}; Max-Age={COOKIE_AGE_S}; Path=/; HttpOnly; SameSite=Strict"
                await _redirect(send, (b"set-cookie", cookie.encode()))
                return
        await _refuse(scope, send)


def cookie_of(key: str, secret: str) -> str:
    """What an enrolled browser holds: made from the key and this kiosk's own secret, and tells neither."""
    return hmac.new(secret.encode(), key.encode(), "sha256").hexdigest()


def is_loopback(host: str) -> bool:
    if host == "localhost":
        return True
    try:
        address = ipaddress.ip_address(host)
    except ValueError:
        return False
    mapped = getattr(address, "ipv4_mapped", None)
    return bool((mapped or address).is_loopback)


def _same(given: str, known: str) -> bool:
    return hmac.compare_digest(given.encode(), known.encode())


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
