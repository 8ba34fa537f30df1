"""Who asks, and how often: moving windows in memory, by address, by app, by holder, by wrong tokens."""

import hashlib
import hmac
import ipaddress
import math
import time
from collections.abc import Iterable
from typing import NamedTuple

from limits import RateLimitItem, parse
from limits.aio.storage import MemoryStorage
from limits.aio.strategies import MovingWindowRateLimiter

from hall_controller.gateway.problems import Own, Problem
from hall_controller.gateway.settings import GatewaySettings

FORWARDED_MOST = 20
"""Hops of an X-Forwarded-For that are looked at."""


class Caller(NamedTuple):
    address: str
    """Of an IPv6 address its /64: a home has the whole of it."""
    app: str | None = None
    """The name of the app whose key was sent."""


class Limits:
    def __init__(self, settings: GatewaySettings) -> None:
        self._limiter = MovingWindowRateLimiter(MemoryStorage())
        self.per_address = parse(settings.per_address)
        self.per_app = parse(settings.per_app)
        self.bookings_per_address = parse(settings.bookings_per_address)
        self.bookings_per_holder = parse(settings.bookings_per_holder)
        self.wrong_tokens = parse(settings.wrong_tokens)

    async def count_request(self, caller: Caller) -> None:
        """Raises Problem."""
        if caller.app is not None:
            await self._count(self.per_app, "app", caller.app)
        else:
            await self._count(self.per_address, "address", caller.address)

    async def count_booking(self, caller: Caller, holder: str) -> None:
        """Raises Problem."""
        if caller.app is None:
            await self._count(self.bookings_per_address, "booking", caller.address)
        # A digest: whoever looks into this process finds no holder in it.
        await self._count(self.bookings_per_holder, "holder", hashlib.sha256(holder.encode()).hexdigest())

    async def must_not_guess(self, caller: Caller) -> None:
        """Raises Problem once this address has shown too many wrong tokens."""
        if not await self._limiter.test(self.wrong_tokens, "token", caller.address):
            raise await self._too_many(self.wrong_tokens, "token", caller.address)

    async def count_wrong_token(self, caller: Caller) -> None:
        await self._limiter.hit(self.wrong_tokens, "token", caller.address)

    async def _count(self, limit: RateLimitItem, *key: str) -> None:
        if not await self._limiter.hit(limit, *key):
            raise await self._too_many(limit, *key)

    async def _too_many(self, limit: RateLimitItem, *key: str) -> Problem:
        stats = await self._limiter.get_window_stats(limit, *key)
        wait_s = max(1, math.ceil(stats.reset_time - time.time()))
        message = f"Too many requests ({limit}); try again in {wait_s} s."
        return Problem(Own.RATE_LIMITED, message, retry_after_s=wait_s)


class Callers:
    """Tells who asks: by the connection, by what a trusted proxy says, by an app's key."""

    def __init__(self, settings: GatewaySettings) -> None:
        self._proxies = [ipaddress.ip_network(proxy) for proxy in settings.proxies]
        self._keys = dict(named.split(":") for named in settings.app_keys)

    def is_proxy(self, host: str) -> bool:
        try:
            address = ipaddress.ip_address(host)
        except ValueError:
            return False
        return any(address in network for network in self._proxies if network.version == address.version)

    def caller(self, host: str, forwarded: Iterable[str]) -> Caller:
        """Read from the right, as far as proxies can be believed: further left a caller may write what it likes."""
        hops = [hop.strip() for line in forwarded for hop in line.split(",")][-FORWARDED_MOST:]
        while hops and self.is_proxy(host):
            try:
                host = str(ipaddress.ip_address(hops.pop()))
            except ValueError:
                break
        return Caller(network_of(host))

    def app(self, authorization: str | None) -> str | None:
        """The name of the app. Raises Problem for a key that is unknown."""
        if not self._keys or authorization is None:
            return None
        scheme, _, key = authorization.partition(" ")
        digest = hashlib.sha256(key.strip().encode("utf-8", "surrogateescape")).hexdigest()
        found = [name for name, known in self._keys.items() if hmac.compare_digest(known, digest)]
        if scheme.lower() != "bearer" or not found:
            raise Problem(Own.KEY_UNKNOWN, "This app's key is not known here; send Authorization: Bearer KEY.")
        return found[0]


def network_of(host: str) -> str:
    try:
        address = ipaddress.ip_address(host)
    except ValueError:
        return host
    if isinstance(address, ipaddress.IPv6Address):
        if address.ipv4_mapped is not None:
            return str(address.ipv4_mapped)
        return str(ipaddress.ip_network((address, 64), strict=False))
    return str(address)
