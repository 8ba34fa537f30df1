"""Which browsers may do more than read a part's pages: those of this box, and those enrolled by a secret link.

HTTP never lends a key: a browser that opened `/enroll?key=…` once holds a cookie that tells neither the key nor the
part's own secret. A page of another site cannot speak through a browser that may.
"""

import hmac
import ipaddress
from urllib.parse import urlsplit

COOKIE_AGE_S = 10 * 365 * 86_400


class Browsers:
    def __init__(self, keys: tuple[str, ...], secret: str) -> None:
        self._cookies = {key: cookie_of(key, secret) for key in keys}

    def may(self, client: str, host: str, cookie: str) -> bool:
        """By who is connected, the `Host` that was asked for, and the cookie, empty for none."""
        # A name that someone else's DNS points at 127.0.0.1 is not this box.
        if is_loopback(client) and is_loopback(urlsplit(f"//{host}").hostname or ""):
            return True
        return any(_same(cookie, mine) for mine in self._cookies.values())

    def cookie_for(self, key: str) -> str | None:
        """What a browser that knows a key is to hold; None for a wrong key."""
        return next((cookie for mine, cookie in self._cookies.items() if _same(key, mine)), None)


def cookie_of(key: str, secret: str) -> str:
    return hmac.new(secret.encode(), key.encode(), "sha256").hexdigest()


def is_from(origin: str, host: str) -> bool:
    """Whether a request comes from a page that this very host has served."""
    return urlsplit(origin).netloc == host


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
