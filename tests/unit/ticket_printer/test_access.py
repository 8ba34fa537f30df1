"""Who may use the kiosk page."""

import asyncio
from typing import Any

import pytest

from hall_controller.browsers import cookie_of, is_loopback
from ticket_printer.kiosk.access import COOKIE, Guard

KEY, SECRET = "a-key-of-20-letters!", "the kiosk's own secret"
BOX, TABLET = "127.0.0.1", "192.168.1.77"


def ask(
    path: str = "/",
    *,
    client: str = BOX,
    host: str = "127.0.0.1:8081",
    kind: str = "http",
    query: str = "",
    **headers: str,
) -> dict[str, Any]:
    """The first thing that the guard sends for a request: `passed` when it lets it through."""
    sent: list[dict[str, Any]] = []

    async def page(_scope: Any, _receive: Any, send: Any) -> None:
        await send({"type": "passed"})

    async def send(message: Any) -> None:
        sent.append(message)

    async def receive() -> Any:
        return {"type": "http.request"}

    scope = {
        "type": kind,
        "path": path,
        "query_string": query.encode(),
        "client": (client, 40_000),
        "headers": [(b"host", host.encode()), *((k.encode(), v.encode()) for k, v in headers.items())],
    }
    asyncio.run(Guard(page, (KEY,), SECRET)(scope, receive, send))
    return sent[0]


def test_this_box_may_and_others_may_not() -> None:
    assert ask()["type"] == "passed"
    assert ask(client="::1", host="[::1]:8081")["type"] == "passed"
    assert ask(client=TABLET, host="192.168.1.5:8081")["status"] == 403
    assert ask(client=TABLET, host="127.0.0.1:8081")["status"] == 403
    assert (
        ask(client=TABLET, host="192.168.1.5:8081", kind="websocket", path="/_nicegui_ws/")["type"] == "websocket.close"
    )


def test_a_secret_link_enrolls_a_browser() -> None:
    lan = {"client": TABLET, "host": "192.168.1.5:8081"}
    enrolled = ask("/enroll", query=f"key={KEY}", **lan)
    headers = dict(enrolled["headers"])
    assert (enrolled["status"], headers[b"location"]) == (303, b"/")
    cookie = headers[b"set-cookie"].decode()
    assert "HttpOnly" in cookie
    assert "SameSite=Strict" in cookie
    assert KEY not in cookie
    value = cookie.split(";")[0]
    assert ask(cookie=value, **lan)["type"] == "passed"
    assert ask(cookie=value, kind="websocket", path="/_nicegui_ws/socket.io/", **lan)["type"] == "passed"


@pytest.mark.parametrize("query", ["", "key=", "key=wrong", f"key={KEY}x", f"clef={KEY}", "key=%ff%fe"])
def test_a_wrong_link_enrolls_nobody(query: str) -> None:
    assert ask("/enroll", query=query, client=TABLET)["status"] == 403


def test_a_key_that_was_taken_out_opens_nothing() -> None:
    old = f"{COOKIE}={cookie_of('another key of 20 chars', SECRET)}"
    assert ask(client=TABLET, host="192.168.1.5:8081", cookie=old)["status"] == 403
    assert ask(client=TABLET, host="192.168.1.5:8081", cookie=f"{COOKIE}={KEY}")["status"] == 403
    assert ask(client=TABLET, host="192.168.1.5:8081", cookie="=;;;\x01")["status"] == 403


def test_another_site_cannot_speak_through_this_box() -> None:
    """A page that the box's browser was lured to, or a name that was made to point at 127.0.0.1."""
    assert ask(kind="websocket", path="/_nicegui_ws/", origin="http://evil.example")["type"] == "websocket.close"
    assert ask(kind="websocket", path="/_nicegui_ws/", origin="http://127.0.0.1:8081")["type"] == "passed"
    assert ask(host="evil.example:8081")["status"] == 403


@pytest.mark.parametrize("path", ["/docs", "/openapi.json", "/_nicegui", "/enroll/", "/..", "/t/abc"])
def test_every_other_address_leads_back_to_the_kiosk(path: str) -> None:
    answer = ask(path)
    assert (answer["status"], dict(answer["headers"])[b"location"]) == (303, b"/")


def test_loopback_has_many_faces() -> None:
    assert all(is_loopback(host) for host in ("127.0.0.1", "127.8.9.1", "::1", "::ffff:127.0.0.1", "localhost"))
    assert not any(is_loopback(host) for host in ("10.0.0.1", "::ffff:10.0.0.1", "0.0.0.0", "", "localhost.evil"))
