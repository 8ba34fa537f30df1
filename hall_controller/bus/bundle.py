"""A device's bundle: the one file that a technician carries to a box. It holds the device's secret key."""

import json
import os
import re
import struct
import tomllib
from pathlib import Path
from typing import Any

import msgspec
from zmq.utils import z85

from hall_controller.domain.plain_text import NotPlain
from hall_controller.domain.sender import Role, Sender
from hall_controller.domain.text_files import NotText, checked_settings, decoded, why_unread


class BundleError(Exception):
    """One sentence: the file, what is wrong, the mend."""


def is_key(text: str) -> bool:
    """Whether this can be a CURVE key: 32 bytes in Z85."""
    try:
        return len(z85.decode(text.encode("ascii"))) == 32
    except (ValueError, KeyError, struct.error):
        return False


def is_endpoint(text: str) -> bool:
    """`tcp://HOST:PORT`, by name or IPv4 address."""
    match = re.fullmatch(r"tcp://[^:\s/]+:(\d{1,5})", text)
    return match is not None and 0 < int(match[1]) < 65_536


class Bundle(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    hall: str
    name: str
    role: Role
    commands: str
    """Endpoint of the ROUTER, e.g. tcp://127.0.0.1:5701."""
    events: str
    """Endpoint of the PUB."""
    server_public_key: str
    public_key: str
    secret_key: str
    counter: int | None = None
    settings: dict[str, Any] = {}
    """What hall.toml said of this device when it was enrolled; hall.toml itself wins where it can be read."""

    def __post_init__(self) -> None:
        for name in ("server_public_key", "public_key", "secret_key"):
            if not is_key(getattr(self, name)):
                raise ValueError(f"{name} is no key of 40 characters (Z85)")
        for name in ("commands", "events"):
            if not is_endpoint(getattr(self, name)):
                raise ValueError(f"{name} is {getattr(self, name)!r}, not e.g. 'tcp://127.0.0.1:5701'")

    @property
    def sender(self) -> Sender:
        return Sender(self.name, self.role, self.counter)


def load_bundle(path: Path, name: str | None = None) -> Bundle:
    """Read a bundle file, or that of device `name` when `path` is a hall's directory. Raises BundleError.

    In the hall's directory, hall.toml has the last word on where the bus is.
    """
    file = path
    if path.is_dir():
        if name is None:
            raise BundleError(f"{path} is a directory; name the device whose bundle you want")
        file = path / "devices" / f"{name}.toml"
    try:
        values = checked_settings(tomllib.loads(decoded(file.read_bytes())))
        return msgspec.convert({**values, **(_bus_of(path) if path.is_dir() else {})}, Bundle)
    except FileNotFoundError:
        mend = f"`hall enroll {path} {name} --role ROLE` makes one" if path.is_dir() else "check the path"
        raise BundleError(f"{file}: no such bundle; {mend}") from None
    except (OSError, NotText) as error:
        mend = "check the path and who owns the file" if isinstance(error, OSError) else "enroll the device again"
        raise BundleError(f"{file}: cannot be read: {why_unread(error)}; {mend}") from None
    except (NotPlain, tomllib.TOMLDecodeError, msgspec.ValidationError) as error:
        raise BundleError(f"{file}: not a device bundle: {error}; enroll the device again") from None


def _bus_of(directory: Path) -> dict[str, Any]:
    """The endpoints as hall.toml names them now; nothing when it cannot say: the hall's own commands tell why."""
    try:
        bus = tomllib.loads(decoded((directory / "hall.toml").read_bytes())).get("bus", {})
    except (OSError, NotText, tomllib.TOMLDecodeError):
        return {}
    return {key: bus[key] for key in ("commands", "events") if isinstance(bus.get(key), str)}


def save_bundle(bundle: Bundle, file: Path) -> None:
    """Write with mode 0600 from the first byte: the file holds a secret key."""
    fields = msgspec.to_builtins(bundle)
    settings = fields.pop("settings")
    lines = [
        f"# The {bundle.role} {bundle.name} of hall {bundle.hall}. Keep it secret: it is the device's key to the hall.",
        *(f"{key} = {_toml(value)}" for key, value in fields.items() if value is not None),
        *(["[settings]"] if settings else []),
        *(f"{key} = {_toml(value)}" for key, value in settings.items()),
    ]
    descriptor = os.open(file, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
    with os.fdopen(descriptor, "w", encoding="utf-8") as out:
        out.write("\n".join(lines) + "\n")


def _toml(value: object) -> str:
    """JSON's strings, numbers, booleans and arrays are TOML's too; a table stands on its line."""
    if isinstance(value, dict):
        return "{" + ", ".join(f"{json.dumps(key)} = {_toml(part)}" for key, part in value.items()) + "}"
    if isinstance(value, list):
        return "[" + ", ".join(_toml(part) for part in value) + "]"
    return json.dumps(value, ensure_ascii=False)
