"""The settings of the gateway: the table `[device.gateway]` of hall.toml."""

import ipaddress
import re
from typing import Annotated

import msgspec
from msgspec import Meta

Rate = Annotated[str, Meta(pattern=r"^[1-9][0-9]{0,6}/(second|minute|hour|day)$")]
Seconds = Annotated[float, Meta(ge=1, le=600)]


class GatewaySettings(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """`[device.gateway]`: the HTTP gateway. Each rate is of a moving window, e.g. `240/minute`."""

    host: str = "127.0.0.1"
    """Where the API is served; other than loopback behind a proxy that speaks HTTPS only."""
    port: Annotated[int, Meta(ge=0, le=65_535)] = 8090
    """0 takes any free port."""
    app_keys: tuple[str, ...] = ()
    """`NAME:SHA-256` of each app's key; with any, bookings need one. `hall gateway --new-key` makes one."""
    per_address: Rate = "240/minute"
    """Requests of one address, or of one IPv6 /64, without an app's key."""
    per_app: Rate = "6000/minute"
    """Requests with one app's key."""
    bookings_per_address: Rate = "30/hour"
    """Bookings of one address without an app's key."""
    bookings_per_holder: Rate = "10/hour"
    """Bookings for one holder, done or refused."""
    wrong_tokens: Rate = "20/minute"
    """Tokens of one address that open nothing; after them only tokens that are known to be good are answered."""
    proxies: tuple[str, ...] = ()
    """Addresses or networks whose X-Forwarded-For is believed, e.g. `["127.0.0.1", "10.0.0.0/24"]`."""
    cors_origins: tuple[str, ...] = ()
    """Web pages of these origins may call from a browser, e.g. `["https://app.example.cn"]`; none may by default."""
    body_bytes: Annotated[int, Meta(ge=1024, le=1_000_000)] = 8_192
    """Of a request's body at most."""
    request_s: Seconds = 10.0
    """A request that has not come in whole, or been taken whole, after so long is given up."""
    connections: Annotated[int, Meta(ge=1, le=10_000)] = 400
    """Open at once at most,"""
    connections_per_address: Annotated[int, Meta(ge=1, le=10_000)] = 50
    """and from one address, proxies left out."""
    stale_s: Annotated[float, Meta(ge=0, le=3_600)] = 60.0
    """So long reads are answered from what was heard last, while the controller is silent."""

    def __post_init__(self) -> None:
        for named in self.app_keys:
            if not re.fullmatch(r"[A-Za-z0-9][A-Za-z0-9_-]{0,31}:[0-9a-f]{64}", named):
                name = named.partition(":")[0][:32]
                raise ValueError(f"app_keys holds {name!r} without its SHA-256; make one with hall gateway --new-key")
        for proxy in self.proxies:
            try:
                ipaddress.ip_network(proxy)
            except ValueError as error:
                raise ValueError(f"proxies: {error}; write e.g. '127.0.0.1' or '10.0.0.0/24'") from None
        for origin in self.cors_origins:
            if not re.fullmatch(r"https?://[^/\s*]+", origin):
                raise ValueError(f"cors_origins holds {origin!r}; write e.g. 'https://app.example.cn'")
