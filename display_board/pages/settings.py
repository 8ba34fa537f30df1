"""The settings of the board: the table `[device.board]` of hall.toml."""

from typing import Annotated

import msgspec
from msgspec import Meta

from display_board.pages.board_view import Shape
from display_board.pages.calls import Timing

SHORTEST_KEY = 16
Seconds = Annotated[float, Meta(ge=1, le=600)]


class BoardSettings(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    host: str = "127.0.0.1"
    """Where the pages are served; `0.0.0.0` lets screens and phones in the hall's network read them."""
    port: Annotated[int, Meta(ge=0, le=65_535)] = 8082
    """0 takes any free port."""
    call_s: Seconds = 8.0
    """A new call is highlighted this long; it stays until its visitor has come or is given up."""
    linger_s: Seconds = 25.0
    """Without effect since a call leaves the large panel at once when its visitor has come; kept for older files."""
    recent: Annotated[int, Meta(ge=6, le=10)] = 6
    """How many earlier calls are listed."""
    by_class: bool = True
    """Say how many priority and booked visitors wait, too."""
    missed: bool = True
    """List the missed numbers whose holders may still return."""
    phone_poll_s: Annotated[int, Meta(ge=1, le=60)] = 5
    """How often a phone asks for its place in the queue."""
    browser_keys: tuple[str, ...] = ()
    """Each lets browsers on other boxes take ratings at /counter/N?rate, once they have opened /enroll?key=KEY."""
    screens: Annotated[int, Meta(ge=1, le=1_000)] = 150
    """Board and counter pages open at once at most, so that curious phones cannot crowd out the hall's own screens."""

    def __post_init__(self) -> None:
        for key in self.browser_keys:
            if len(key) < SHORTEST_KEY:
                raise ValueError(f"browser_keys has a key of {len(key)} characters; give {SHORTEST_KEY} or more")

    @property
    def timing(self) -> Timing:
        return Timing(hold_ms=int(self.call_s * 1000))

    @property
    def shape(self) -> Shape:
        return Shape(recent=self.recent, by_class=self.by_class, missed=self.missed)
