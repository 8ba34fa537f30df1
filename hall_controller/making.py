"""Making a hall's directory, and enrolling its devices."""

import importlib.resources
import json
import re
import shutil
import socket
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from hall_controller.bus.bundle import Bundle, save_bundle
from hall_controller.bus.keys import (
    Enrolled,
    load_devices,
    load_server_pair,
    make_hall_keys,
    make_pair,
    save_devices,
    write_private,
)
from hall_controller.config import CATALOGUE, CONFIG, ConfigTrouble, HallConfig, load_config
from hall_controller.config_hours import HOURS
from hall_controller.credit.register import FILE as REGISTER
from hall_controller.domain.events import Origin
from hall_controller.domain.rules import Tier
from hall_controller.domain.sender import Role
from hall_controller.journal.epoch import start_epoch
from hall_controller.journal.journal import JournalTrouble
from hall_controller.part import Trouble

FIRST_PORT = 5701
PORTS = 6
NAMES = {
    Tier.DISTRICT: ("区政务服务大厅", "District Public Service Hall"),
    Tier.STREET: ("街道政务服务大厅", "Street Public Service Hall"),
    Tier.COMMUNITY: ("社区便民服务大厅", "Community Service Hall"),
}


def make_hall(
    directory: Path,
    hall: str,
    tier: Tier,
    counters: int,
    *,
    names: tuple[str, str] | None = None,
    host: str = "127.0.0.1",
    port: int | None = None,
    rehearsal: bool = False,
    epoch: str | None = None,
    at_ms: int | None = None,
) -> None:
    """Write a new hall: settings, hours, catalogue, keys, bundles, journal. Raises Trouble and leaves DIR as it was."""
    if directory.exists() and (not directory.is_dir() or any(directory.iterdir())):
        raise Trouble(f"{directory} is not an empty directory; choose a new one")
    if not re.fullmatch(r"[A-Za-z0-9-]{1,16}", hall):
        raise Trouble(f"--id {hall!r} is not 1 to 16 letters, digits or dashes; give e.g. BA001")
    try:
        directory.mkdir(parents=True, exist_ok=True)
        directory.chmod(0o700)
    except OSError as error:
        raise Trouble(f"{directory}: cannot be made: {error.strerror}; choose another directory") from None
    try:
        _write_files(directory, hall, tier, counters, names or NAMES[tier], host, port, rehearsal)
        make_hall_keys(directory)
        config = load_config(directory)
        (directory / "devices").mkdir(mode=0o700)
        for name, role, counter in _devices(counters):
            enroll_device(directory, config, name, role, counter)
        start_epoch(directory, Origin.REHEARSAL if rehearsal else Origin.INIT, epoch=epoch, at_ms=at_ms)
    except BaseException as error:
        # Half a hall is none: leave the directory as it was found, ready for another try.
        for left in directory.iterdir():
            shutil.rmtree(left) if left.is_dir() else left.unlink()
        match error:
            case OSError():
                raise Trouble(f"{directory}: cannot be written: {error.strerror}; choose another directory") from None
            case ConfigTrouble() | JournalTrouble():
                raise Trouble(f"no hall was made: {error}") from None
            case _:
                raise


def _write_files(  # noqa: PLR0917 - what a template takes
    directory: Path,
    hall: str,
    tier: Tier,
    counters: int,
    names: tuple[str, str],
    host: str,
    port: int | None,
    rehearsal: bool,
) -> None:
    data = importlib.resources.files("hall_controller")
    first = port or free_port()
    text = (data / "hall.toml.in").read_text("utf-8").format(
        id=hall,
        tier=tier,
        counters=counters,
        name_zh=_escaped(names[0]),
        name_en=_escaped(names[1]),
        host=_escaped(host),
        commands_port=first,
        events_port=first + 1,
        kiosk_port=first + 2,
        board_port=first + 3,
        printer_port=first + 4,
        metrics_port=first + 5,
    )  # fmt: skip
    if rehearsal:
        text = text.replace("[hall]\n", "[hall]\nrehearsal = true            # its clock is driven; never counted\n", 1)
    (directory / CONFIG).write_text(text, "utf-8")
    write_private(directory / REGISTER, "applicant,rating\n")  # of people: nobody else's business
    for name in (CATALOGUE, HOURS):
        (directory / name).write_text((data / "data" / name).read_text("utf-8"), "utf-8")


def _escaped(text: str) -> str:
    """For between the quotes of a TOML string, whose escapes are JSON's."""
    return json.dumps(text, ensure_ascii=False)[1:-1]


def free_port(first: int = FIRST_PORT) -> int:
    """The first of a row of free ports, so that a second hall on one box does not clash. Raises Trouble."""
    for start in range(first, first + 2_000, 10):
        if all(_is_free(port) for port in range(start, start + PORTS)):
            return start
    raise Trouble(f"no free ports from {first} on; name one with --port")


def _is_free(port: int) -> bool:
    with socket.socket() as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind(("127.0.0.1", port))
        except OSError:
            return False
    return True


def _devices(counters: int) -> Iterator[tuple[str, Role, int | None]]:
    for role in (Role.KIOSK, Role.RECEPTION, Role.BOARD, Role.VOICE, Role.PRINTER, Role.MANAGER, Role.DISTRICT):
        yield role.value, role, None
    yield "metrics", Role.DISTRICT, None  # it reads, and no more
    for number in range(1, counters + 1):
        yield f"counter-{number}", Role.COUNTER, number


def _settings(config: HallConfig, name: str, role: Role) -> dict[str, Any]:
    """The device's own table; on another box a kiosk or printer cannot look up where the phone page is."""
    table = config.device.get(name, {})
    port = config.device.get("board", {}).get("port")
    if role not in (Role.KIOSK, Role.PRINTER) or not port:
        return table
    host = config.bus.commands.removeprefix("tcp://").rpartition(":")[0]
    return {"phone_url": f"http://{host}:{port}/t/", **table}


def enroll_device(directory: Path, config: HallConfig, name: str, role: Role, counter: int | None) -> Path:
    """Give a device its keys; returns its bundle's file. Raises Trouble for a bad or taken name."""
    if not re.fullmatch(r"[A-Za-z0-9][A-Za-z0-9_-]{0,31}", name):
        raise Trouble(f"device name {name!r} is not 1 to 32 letters, digits, dashes or underscores")
    if (role is Role.COUNTER) != (counter is not None):
        raise Trouble("a device of role counter needs --counter NUMBER, and no other role takes one")
    if counter is not None and not 1 <= counter <= config.hall.counters:
        raise Trouble(f"--counter {counter}: this hall has counters 1 to {config.hall.counters}")
    devices = load_devices(directory)
    if name in devices:
        raise Trouble(f"device {name!r} is enrolled already; revoke it first, or choose another name")
    pair = make_pair()
    file = directory / "devices" / f"{name}.toml"
    bundle = Bundle(
        hall=config.hall.id,
        name=name,
        role=role,
        counter=counter,
        commands=config.bus.commands,
        events=config.bus.events,
        server_public_key=load_server_pair(directory).public_key,
        public_key=pair.public_key,
        secret_key=pair.secret_key,
        settings=_settings(config, name, role),
    )
    save_bundle(bundle, file)
    save_devices(directory, {**devices, name: Enrolled(role, pair.public_key, counter)})
    return file


def revoke_device(directory: Path, name: str) -> None:
    """Raises Trouble when there is no such device."""
    devices = load_devices(directory)
    if name not in devices:
        raise Trouble(f"device {name!r} is not enrolled; enrolled are: {', '.join(sorted(devices))}")
    del devices[name]
    save_devices(directory, devices)
    (directory / "devices" / f"{name}.toml").unlink(missing_ok=True)
