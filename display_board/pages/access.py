"""Who may rate on a counter's own screen: this box, and browsers that were enrolled by a secret link.

All that others can do is read. A page of another site cannot speak through a browser that may.
"""

import hmac
import ipaddress
from urllib.parse import urlsplit

from fastapi import Request

COOKIE = "board_browser"
COOKIE_AGE_S = 10 * 365 * 86_400


class Access:
    def __init__(self, keys: tuple[str, ...], secret: str) -> None:
        self._cookies = {key: hmac.new(secret.encode(), key.encode(), "sha256").hexdigest() for key in keys}

    def may_touch(self, request: Request) -> bool:
        client, host = request.client.host if request.client else "", request.headers.get("host", "")
        # A name that someone else's DNS points at 127.0.0.1 is not this box.
        if is_loopback(client) and is_loopback(urlsplit(f"//{host}").hostname or ""):
            return True
        cookie = request.cookies.get(COOKIE, "")
        return any(hmac.compare_digest(cookie.encode(), mine.encode()) for mine in self._cookies.values())

    def may_send(self, request: Request) -> bool:
        """From a page of ours: browsers say of every such request where it comes from."""
        origin = request.headers.get("origin")
        ours = origin is not None and urlsplit(origin).netloc == request.headers.get("host")
        return ours and self.may_touch(request)

    def cookie_for(self, key: str) -> str | None:
        """What a browser that knows a key is to hold: made of the key and this board's own secret, telling neither."""
        known = (cookie for mine, cookie in self._cookies.items() if hmac.compare_digest(key.encode(), mine.encode()))
        return next(known, None)


def is_loopback(host: str) -> bool:
    if host == "localhost":
        return True
    try:
        address = ipaddress.ip_address(host)
    except ValueError:
        return False
    mapped = getattr(address, "ipv4_mapped", None)
    return bool((mapped or address).is_loopback)
