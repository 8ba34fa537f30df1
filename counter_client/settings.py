"""What hall.toml may say of a terminal, in `[device.counter-3]`, `[device.reception]` and `[device.manager]`."""

from collections.abc import Mapping
from typing import Annotated

import msgspec
from msgspec import Meta

from counter_client.words import Tongue
from hall_controller.bus import wire
from hall_controller.domain.sender import Role


class CounterSettings(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """`[device.counter-N]`: the clerk's terminal at one counter."""

    language: Tongue = "zh"
    """Which language stands first on the screen; key L switches it."""
    print_at: Annotated[str, Meta(min_length=1, max_length=64)] | None = None
    """The kiosk at which reprints, receipts and transfer lists come out; by default the one that issued the ticket."""
    bell: bool = True
    """Ring the terminal's bell when the hall itself gives this counter a visitor."""


class ReceptionSettings(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """`[device.reception]`: the greeter's terminal."""

    language: Tongue = "zh"
    """Which language stands first on the screen; key L switches it."""
    print_at: Annotated[str, Meta(min_length=1, max_length=64)] = "kiosk"
    """The kiosk whose printer gives the tickets that are issued here, and the lists of papers that are sent."""


class ManagerSettings(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """`[device.manager]`: the manager's console."""

    language: Tongue = "zh"
    """Which language stands first on the screen; key L switches it."""
    print_at: Annotated[str, Meta(min_length=1, max_length=64)] | None = None
    """The kiosk at which reprints come out; by default the one that issued the ticket."""


def printing_kiosk(devices: Mapping[str, wire.DeviceStatus], *wished: str | None) -> str | None:
    """The first kiosk that is wished, else the first there is; None in a hall without one."""
    kiosks = sorted(name for name, device in devices.items() if device.role == Role.KIOSK)
    return next((name for name in wished if name), next(iter(kiosks), None))
