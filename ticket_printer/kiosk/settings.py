"""`[device.kiosk]` of hall.toml: the touch screen where visitors take a ticket."""

import re

import msgspec

SHORTEST_KEY = 16
CODE = "{code}"
"""Stands in `online_url` for the code of a matter."""


class KioskSettings(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    host: str = "127.0.0.1"
    """The address that the page listens on. Other than loopback only together with `browser_keys`."""
    port: int = 0
    """0 takes a free one and says which."""
    browser_keys: tuple[str, ...] = ()
    """Each lets browsers on other boxes in, once they have opened /enroll?key=KEY; taking it out shuts them out."""
    phone_url: str | None = None
    """What the QR code says before the token; by default the board of this hall's directory; "" shows no QR code."""
    idle_s: float = 45.0
    """A page left alone goes back to its start."""
    ticket_s: float = 20.0
    """How long the number stays once the paper is out. Without paper it stays until it is touched away."""
    print_wait_s: float = 10.0
    """How long to wait for the paper before the page says to remember the number."""
    has_printer: bool = True
    """False: this kiosk gives no paper; the number is read from the screen."""
    areas: str = ""
    """The 24-hour self-service areas: a CSV file in this hall's directory; by default a sample."""
    latitude: float | None = None
    """Where the hall stands, in degrees north: with `longitude`, the nearest areas come first, with their distance."""
    longitude: float | None = None
    """In degrees east."""
    online_url: str = ""
    """Where a matter is done online, with `{code}` for its code: shown as a QR code; "" shows words alone."""
    phone_number: str = "12345"
    """Where a matter is done by telephone; "" names none."""

    def __post_init__(self) -> None:
        for key in self.browser_keys:
            if len(key) < SHORTEST_KEY:
                raise ValueError(f"browser_keys has a key of {len(key)} characters; give {SHORTEST_KEY} or more")
        for seconds in ("idle_s", "ticket_s", "print_wait_s"):
            if not 0.2 <= getattr(self, seconds) <= 3600:
                raise ValueError(f"{seconds} is {getattr(self, seconds)}; give 0.2 to 3600 seconds")
        if not 0 <= self.port <= 65535:
            raise ValueError(f"port is {self.port}; give 0 to 65535")
        if (self.latitude is None) is not (self.longitude is None):
            there, missing = ("latitude", "longitude") if self.longitude is None else ("longitude", "latitude")
            raise ValueError(f"{there} is given without {missing}; give both, or neither")
        for degrees, limit in (("latitude", 90), ("longitude", 180)):
            if not -limit <= (getattr(self, degrees) or 0) <= limit:
                raise ValueError(f"{degrees} is {getattr(self, degrees)}; give -{limit} to {limit} degrees")
        self._check_other_ways()

    def _check_other_ways(self) -> None:
        if self.online_url and not (self.online_url.startswith(("http://", "https://")) and CODE in self.online_url):
            raise ValueError(
                f"online_url is {self.online_url!r}; give an http or https address with {CODE} in it, or leave it empty"
            )
        if not re.fullmatch(r"[0-9+\- ]{0,20}", self.phone_number):
            raise ValueError(f"phone_number is {self.phone_number!r}; give digits, spaces, + and - only, 20 at most")

    @property
    def here(self) -> tuple[float, float] | None:
        return None if self.latitude is None or self.longitude is None else (self.latitude, self.longitude)
