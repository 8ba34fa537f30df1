"""Who sends a command: a device and its role, as the bus has authenticated them."""

import msgspec

from hall_controller.domain.open_enum import OpenEnum


class Role(OpenEnum):
    KIOSK = "kiosk"
    RECEPTION = "reception"
    COUNTER = "counter"
    PRINTER = "printer"
    BOARD = "board"
    VOICE = "voice"
    MANAGER = "manager"
    GATEWAY = "gateway"
    DISTRICT = "district"


class Sender(msgspec.Struct, frozen=True):
    name: str
    role: Role
    counter: int | None = None
    """The counter that a counter's terminal stands at."""


HALL = Sender("hall", Role.MANAGER)
"""The hall itself: ticks, changed rules, a stepped clock."""
