"""hall.toml and matters.csv: read, checked, and every mistake named by file, line and mend."""

import re
import tomllib
from pathlib import Path
from typing import Any

import msgspec

from hall_controller.bus.bundle import is_endpoint
from hall_controller.config_mistakes import fault_line, where_and_what
from hall_controller.domain.matters import Catalogue, CatalogueError, parse_catalogue
from hall_controller.domain.rules import (
    DEFAULT_HOURS,
    Mode,
    Narrowing,
    NumberRules,
    Policy,
    Record,
    Rules,
    Tier,
    Window,
)

CONFIG = "hall.toml"
CATALOGUE = "matters.csv"


class ConfigTrouble(Exception):
    """One sentence: file, line, what is wrong, the mend."""


class HallTable(Record, frozen=True):
    id: str
    tier: Tier
    counters: int
    name_zh: str = ""
    name_en: str = ""
    timezone: str = "Asia/Shanghai"
    rehearsal: bool = False
    """Made by `hall rehearse`: its clock is driven, and it is never counted in accounts."""


class QueueTable(Record, frozen=True):
    mode: Mode = Mode.PULL
    policy: Policy = Policy.PRIORITY
    favoured_limit: int = 2
    missed_grace_s: int = 1800
    claim_s: int = 90
    print_wait_s: int = 5
    wrap_up_s: int = 20
    appointment_early_s: int = 1800
    appointment_late_s: int = 600

    def __post_init__(self) -> None:
        for name in self.__struct_fields__:
            if name.endswith("_s") and not 0 <= (value := getattr(self, name)) <= 86_400:
                raise ValueError(f"{name} is {value}; give 0 to 86400 seconds")


class BusTable(Record, frozen=True):
    commands: str
    events: str

    def __post_init__(self) -> None:
        for name in ("commands", "events"):
            if not is_endpoint(value := getattr(self, name)):
                raise ValueError(f"bus.{name} is {value!r}; write e.g. 'tcp://127.0.0.1:5701'")


class HallConfig(Record, frozen=True):
    """hall.toml as a whole."""

    hall: HallTable
    bus: BusTable
    queue: QueueTable = QueueTable()
    numbers: NumberRules = NumberRules()
    narrow: dict[int, Narrowing] = {}
    hours: tuple[Window, ...] = DEFAULT_HOURS
    device: dict[str, dict[str, Any]] = {}
    """Each part reads its own table and checks it."""

    def rules(self) -> Rules:
        """Raises ValueError."""
        hall = self.hall
        return Rules(
            hall=hall.id,
            tier=hall.tier,
            counters=hall.counters,
            name_zh=hall.name_zh,
            name_en=hall.name_en,
            timezone=hall.timezone,
            numbers=self.numbers,
            narrow=self.narrow,
            hours=self.hours,
            **msgspec.structs.asdict(self.queue),
        )


def load_config(directory: Path) -> HallConfig:
    """Read DIR/hall.toml. Raises ConfigTrouble."""
    file = directory / CONFIG
    try:
        text = file.read_text("utf-8")
    except FileNotFoundError:
        raise ConfigTrouble(f"{file}: no such file; is {directory} a hall? `hall init` makes one") from None
    except (OSError, UnicodeDecodeError) as error:
        raise ConfigTrouble(f"{file}: cannot be read: {error}; it must be text in UTF-8") from None
    try:
        values = tomllib.loads(text)
    except tomllib.TOMLDecodeError as error:
        what, _, at = str(error).partition(" (at ")
        line = next(iter(re.findall(r"line (\d+)", at)), str(text.count("\n") + 1))
        mend = "check the quotes, brackets and equals signs"
        raise ConfigTrouble(f"{file}, line {line}: not TOML: {what}; {mend}") from None
    try:
        config = msgspec.convert(values, HallConfig, str_keys=True)
        config.rules()
    except msgspec.ValidationError as error:
        line_number, sentence = where_and_what(text, values, HallConfig, str(error))
        raise ConfigTrouble(f"{file}, line {line_number}: {sentence}") from None
    except ValueError as error:
        raise ConfigTrouble(f"{file}, line {fault_line(text, (), str(error))}: {error}") from None
    return config


def load_catalogue(directory: Path) -> Catalogue:
    """Read DIR/matters.csv. Raises ConfigTrouble naming the bad rows."""
    file = directory / CATALOGUE
    try:
        return parse_catalogue(file.read_text("utf-8"))
    except FileNotFoundError:
        raise ConfigTrouble(f"{file}: no such file; restore it from a backup, or import a catalogue") from None
    except (OSError, UnicodeDecodeError) as error:
        raise ConfigTrouble(f"{file}: cannot be read: {error}; save it as CSV in UTF-8") from None
    except CatalogueError as error:
        raise ConfigTrouble(f"{file}: {error}") from None
