"""Keys of the hall and its devices (CURVE), and the tokens of tickets (HMAC).

keys/server.toml    the hall's own key pair
keys/devices.toml   each enrolled device: role, counter, public key
keys/token.key      the secret behind phone tokens
"""

import hmac
import json
import os
import secrets
import tomllib
from pathlib import Path

import msgspec
import zmq

from hall_controller.bus.bundle import is_key
from hall_controller.domain.plain_text import NotPlain
from hall_controller.domain.sender import Role, Sender
from hall_controller.domain.text_files import NotText, checked_settings, decoded, why_unread

TOKEN_SECRET_CHARS = 64


class KeyTrouble(Exception):
    """One sentence: the file, what is wrong, the mend."""


class KeyPair(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    public_key: str
    secret_key: str

    def __post_init__(self) -> None:
        if not (is_key(self.public_key) and is_key(self.secret_key)):
            raise ValueError("public_key and secret_key must be keys of 40 characters (Z85)")


class Enrolled(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    role: Role
    public_key: str
    counter: int | None = None


def make_pair() -> KeyPair:
    public, secret = zmq.curve_keypair()
    return KeyPair(public.decode(), secret.decode())


def write_private(file: Path, text: str) -> None:
    """Whole or not at all, readable by the owner only, and on the disk when this returns."""
    fresh = file.with_name(file.name + ".new")
    descriptor = os.open(fresh, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
    with os.fdopen(descriptor, "w", encoding="utf-8") as out:
        out.write(text)
        out.flush()
        os.fsync(out.fileno())
    fresh.replace(file)


def make_hall_keys(directory: Path) -> None:
    keys = directory / "keys"
    keys.mkdir(mode=0o700)
    pair = make_pair()
    write_private(
        keys / "server.toml",
        "# The hall's own key pair.\n"
        f"public_key = {json.dumps(pair.public_key)}\nsecret_key = {json.dumps(pair.secret_key)}\n",
    )
    write_private(keys / "token.key", secrets.token_hex(TOKEN_SECRET_CHARS // 2) + "\n")
    save_devices(directory, {})


def _read(file: Path) -> str:
    try:
        return decoded(file.read_bytes())
    except (OSError, NotText) as error:
        raise KeyTrouble(f"{file}: cannot be read: {why_unread(error)}; restore the hall from a backup") from None


def load_server_pair(directory: Path) -> KeyPair:
    file = directory / "keys" / "server.toml"
    try:
        return msgspec.convert(tomllib.loads(_read(file)), KeyPair)
    except (tomllib.TOMLDecodeError, msgspec.ValidationError) as error:
        raise KeyTrouble(f"{file}: not a key pair: {error}; restore the hall from a backup") from None


def load_token_secret(directory: Path) -> bytes:
    file = directory / "keys" / "token.key"
    secret = _read(file).strip().encode()
    if len(secret) < TOKEN_SECRET_CHARS:
        raise KeyTrouble(f"{file}: is cut off, so tokens could be forged; restore the hall from a backup")
    return secret


def devices_file(directory: Path) -> Path:
    return directory / "keys" / "devices.toml"


def devices_stamp(directory: Path) -> tuple[int, int] | None:
    """Changes whenever the enrolled devices do."""
    try:
        stat = devices_file(directory).stat()
    except OSError:
        return None
    return stat.st_mtime_ns, stat.st_ino


def load_devices(directory: Path) -> dict[str, Enrolled]:
    """The enrolled devices by name."""
    file = devices_file(directory)
    try:
        return msgspec.convert(checked_settings(tomllib.loads(_read(file))), dict[str, Enrolled])
    except (NotPlain, tomllib.TOMLDecodeError, msgspec.ValidationError) as error:
        raise KeyTrouble(f"{file}: {error}; restore the hall from a backup") from None


def save_devices(directory: Path, devices: dict[str, Enrolled]) -> None:
    lines = ["# The devices that may speak with this hall; `hall enroll` and `hall revoke` write this file."]
    for name, device in sorted(devices.items()):
        lines += [f'["{name}"]', f'role = "{device.role}"', f"public_key = {json.dumps(device.public_key)}"]
        if device.counter is not None:
            lines.append(f"counter = {device.counter}")
    write_private(devices_file(directory), "\n".join(lines) + "\n")


def senders_by_key(devices: dict[str, Enrolled]) -> dict[str, Sender]:
    return {device.public_key: Sender(name, device.role, device.counter) for name, device in devices.items()}


def ticket_token(secret: bytes, epoch: str, ticket: int) -> str:
    """`17.4fa08c…`: opens the phone page of one ticket; 80 bits of HMAC-SHA256 cannot be guessed over a network."""
    return f"{ticket}.{hmac.digest(secret, f'{epoch}/{ticket}'.encode(), 'sha256')[:10].hex()}"


def holder_digest(secret: bytes, holder: str) -> str:
    """Tells one who books from another, and says of neither who it is; the same over restores."""
    return hmac.digest(secret, f"holder/{holder}".encode(), "sha256")[:10].hex()


def booking_code(secret: bytes, epoch: str, ticket: int) -> str:
    """`12-3456`: what a booked visitor types at a kiosk. Short, so taken from devices in the hall alone."""
    digest = hmac.digest(secret, f"{epoch}/{ticket}/code".encode(), "sha256")
    return f"{ticket}-{int.from_bytes(digest[:8]) % 10_000:04}"


def ticket_of_code(secret: bytes, epoch: str, code: str) -> int | None:
    """The booked ticket that a code names, or None for a wrong one."""
    head, _, _ = code.partition("-")
    if not (head.isascii() and head.isdigit() and len(head) < 16):
        return None
    return int(head) if hmac.compare_digest(booking_code(secret, epoch, int(head)).encode(), code.encode()) else None


def ticket_of_token(secret: bytes, epoch: str, token: str) -> int | None:
    """The ticket that a token opens, or None for a forged one."""
    head, _, _ = token.partition(".")
    if not (head.isascii() and head.isdigit() and len(head) < 16):
        return None
    # As bytes: compare_digest raises for text that is not ASCII, and anyone may type anything into a link.
    return int(head) if hmac.compare_digest(ticket_token(secret, epoch, int(head)).encode(), token.encode()) else None
