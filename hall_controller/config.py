"""hall.toml, hours.toml and matters.csv: read, checked, and every mistake named by file, line and mend."""

import datetime as dt
import logging
import tomllib
from collections.abc import Callable
from pathlib import Path
from typing import Any, TypeVar

import msgspec

from hall_controller.bus.bundle import is_endpoint
from hall_controller.calendar import Holidays, UnknownCountry, holidays_of
from hall_controller.config_hours import COUNTRY, HOURS, HolidayWeekends, HoursFile, Special, check_hours, hours_for
from hall_controller.config_mistakes import (
    Mistake,
    fault_line,
    line_of,
    not_plain,
    not_toml,
    where_and_what,
)
from hall_controller.domain.catalogue_rows import CatalogueError, parse_catalogue
from hall_controller.domain.hours import zone
from hall_controller.domain.matters import Catalogue
from hall_controller.domain.record import Record
from hall_controller.domain.rules import (
    Between,
    Mode,
    Narrowing,
    NumberRules,
    Policy,
    RosterWindow,
    Rules,
    SpecialDay,
    Tier,
    Window,
)
from hall_controller.domain.rules_acceptance import AcceptanceRules, CreditRules
from hall_controller.domain.rules_managing import AdviceRules, AlertRules
from hall_controller.domain.text_files import NotPlainAt, NotText, checked_settings, decoded, why_unread

CONFIG = "hall.toml"
CATALOGUE = "matters.csv"
ANNOUNCING_MONTH = 10
"""From then on one should look for next year's days off."""
File = TypeVar("File", bound=Record)
T = TypeVar("T")

log = logging.getLogger(__name__)


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
    kept_pause_s: int = 180
    kept_busy_s: int = 1800
    results_anywhere: bool = False

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


class DayTable(Record, frozen=True):
    """How the hall's day runs; ranges are checked with the rules."""

    issue_before_s: int = 1800
    between: Between = Between.PAUSE
    last_ticket_s: int = 3600
    announce_s: tuple[int, ...] = (1800, 600)
    lunch_counters: tuple[int, ...] = ()
    booking_days: int = 7
    booking_share: float = 0.3
    booking_limit: int = 1000
    booking_holder_limit: int = 3


class CreditTable(CreditRules, frozen=True):
    """Where ratings are asked for."""

    source: str = "csv"
    """Or the name of an installed one."""
    options: dict[str, Any] = {}
    """The source reads them: of `csv`, the `file` in the hall's directory."""


class HallFile(Record, frozen=True):
    """hall.toml as a whole."""

    hall: HallTable
    bus: BusTable
    queue: QueueTable = QueueTable()
    day: DayTable = DayTable()
    alerts: AlertRules = AlertRules()
    advice: AdviceRules = AdviceRules()
    acceptance: AcceptanceRules = AcceptanceRules()
    credit: CreditTable = CreditTable()
    numbers: NumberRules = NumberRules()
    narrow: dict[int, Narrowing] = {}
    country: str | None = None
    """Instead of that of hours.toml."""
    holiday_weekends: HolidayWeekends | None = None
    """Instead of that of hours.toml."""
    confirmed_years: tuple[int, ...] = ()
    """Beside those of hours.toml."""
    hours: tuple[Window, ...] = ()
    """Instead of those of hours.toml, all of them."""
    roster: tuple[RosterWindow, ...] = ()
    special: tuple[Special, ...] = ()
    """Beside those of hours.toml; wins by date."""
    device: dict[str, dict[str, Any]] = {}
    """Each part reads its own table and checks it."""


class HallConfig(msgspec.Struct, frozen=True, kw_only=True):
    """What hall.toml and hours.toml say of one hall."""

    hall: HallTable
    bus: BusTable
    queue: QueueTable
    day: DayTable
    alerts: AlertRules
    advice: AdviceRules
    acceptance: AcceptanceRules
    credit: CreditTable
    numbers: NumberRules
    narrow: dict[int, Narrowing]
    device: dict[str, dict[str, Any]]
    hours: tuple[Window, ...]
    """Of this hall's tier."""
    roster: tuple[RosterWindow, ...]
    special: tuple[Special, ...]
    """The local table of both files."""
    holiday_weekends: HolidayWeekends
    confirmed_years: tuple[int, ...]
    country: str
    country_from: str
    """The file and line that name the country."""

    def date(self, at_ms: int) -> dt.date:
        """The hall's local date."""
        return dt.datetime.fromtimestamp(at_ms / 1000, zone(self.hall.timezone)).date()

    def holidays(self, year: int) -> Holidays:
        """What the library knows of this year and the next. Raises ConfigTrouble for a country that it has not."""
        try:
            return holidays_of(self.country, year)
        except UnknownCountry:
            mend = "write two letters, e.g. 'CN', or '' for none"
            text = f"the library of public holidays has no country {self.country!r}; {mend}"
            raise ConfigTrouble(f"{self.country_from}: {text}") from None

    def gaps(self, year: int, today: dt.date) -> list[str]:
        """What is not known of this year's public holidays, nor of the next year's when it is near; with the mend."""
        known = self.holidays(year)
        if known.trouble:
            return [known.trouble]
        years = [year]
        if today.year == year and today.month >= ANNOUNCING_MONTH:
            years.append(year + 1)
        confirmed = {*known.announced, *self.confirmed_years}
        return [self._gap(missing, known) for missing in years if missing not in confirmed]

    def _gap(self, year: int, known: Holidays) -> str:
        local = sum(special.date.year == year for special in self.special)
        table = f", beside the {local} of the local table" if local else ""
        return (
            f"the days off of {year} are not in the library (holidays {known.version}), as they were not announced"
            f" when it was made: only the dates of the holidays themselves are taken{table}, no day off beside them and"
            f" no make-up day, and no opening of {year} is promised as certain; name those in [[special]] of hours.toml"
            f" and the year in confirmed_years, or install a newer holidays"
        )

    def _public(self, known: Holidays) -> dict[str, SpecialDay]:
        """Public holidays and make-up days, with or without the weekend days of announced holidays."""
        if self.holiday_weekends is HolidayWeekends.HOLIDAY:
            return known.days | known.weekends
        return {date: day for date, day in known.days.items() if date not in known.weekends}

    def rules(self, day: dt.date | None = None, last: Rules | None = None) -> Rules:
        """With the public holidays of the year of `day` and of the next; without a day the local table stands alone.

        Where the library cannot be asked now, those of the `last` rules stay. Cheap to ask for every service day: only
        a new year is looked up. Raises ConfigTrouble for an unknown country.
        """
        calendar: dict[str, SpecialDay] = {}
        confirmed: set[int] | None = None
        if day is not None:
            known = self.holidays(day.year)
            calendar |= self._public(known)
            if self.country:
                confirmed = {*known.announced, *self.confirmed_years}
            if known.trouble:
                log.warning("%s", known.trouble)
                calendar |= last.calendar if last else {}
                confirmed = {*self.confirmed_years, *((last and last.confirmed_years) or ())}
        for special in self.special:
            date = special.date.isoformat()
            calendar[date] = special.day(calendar.get(date))
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
            calendar=calendar,
            confirmed_years=None if confirmed is None else tuple(sorted(confirmed)),
            roster=self.roster,
            alerts=self.alerts,
            advice=self.advice,
            acceptance=self.acceptance,
            credit=CreditRules(barred_zh=self.credit.barred_zh, barred_en=self.credit.barred_en),
            **msgspec.structs.asdict(self.queue),
            **msgspec.structs.asdict(self.day),
        )


def load_config(directory: Path) -> HallConfig:
    """Read DIR/hall.toml and DIR/hours.toml. Raises ConfigTrouble."""
    file, shared_file = directory / CONFIG, directory / HOURS
    text = _text(file, f"no such file; is {directory} a hall? `hall init` makes one")
    own = _read(file, text, HallFile)
    shared_text, shared = "", HoursFile()
    if shared_file.exists():
        shared_text = _text(shared_file, "")
        shared = _read(shared_file, shared_text, HoursFile)
    for where, said, part in ((file, text, own), (shared_file, shared_text, shared)):
        _on_line(where, check_hours, said, part.hours, part.special, part.country)
    hours_file, hours_text, hours = (file, text, own.hours) if own.hours else (shared_file, shared_text, shared.hours)
    country_file, country_text = (shared_file, shared_text) if own.country is None else (file, text)
    country = next((part.country for part in (own, shared) if part.country is not None), COUNTRY)
    config = HallConfig(
        hall=own.hall,
        bus=own.bus,
        queue=own.queue,
        day=own.day,
        alerts=own.alerts,
        advice=own.advice,
        acceptance=own.acceptance,
        credit=own.credit,
        numbers=own.numbers,
        narrow=own.narrow,
        device=own.device,
        hours=_on_line(hours_file, hours_for, own.hall.tier, hours_text, hours),
        roster=own.roster,
        special=tuple({day.date: day for day in (*shared.special, *own.special)}.values()),
        holiday_weekends=own.holiday_weekends or shared.holiday_weekends or HolidayWeekends.HOLIDAY,
        confirmed_years=(*shared.confirmed_years, *own.confirmed_years),
        country=country,
        country_from=f"{country_file}, line {line_of(country_text, ('country',))}",
    )
    try:
        config.rules()
    except ValueError as error:
        raise ConfigTrouble(f"{file}, line {fault_line(text, (), str(error))}: {error}") from None
    return config


def _text(file: Path, missing: str) -> str:
    try:
        return decoded(file.read_bytes())
    except FileNotFoundError:
        raise ConfigTrouble(f"{file}: {missing}") from None
    except (OSError, NotText) as error:
        raise ConfigTrouble(f"{file}: cannot be read: {why_unread(error)}; it must be text in UTF-8") from None


def _read(file: Path, text: str, kind: type[File]) -> File:
    """Raises ConfigTrouble."""
    try:
        values = checked_settings(tomllib.loads(text))
    except tomllib.TOMLDecodeError as error:
        mistake = not_toml(text, error)
        raise ConfigTrouble(f"{file}, line {mistake.line}: {mistake}") from None
    except NotPlainAt as error:
        mistake = not_plain(text, error)
        raise ConfigTrouble(f"{file}, line {mistake.line}: {mistake}") from None
    try:
        return msgspec.convert(values, kind, str_keys=True)
    except msgspec.ValidationError as error:
        line, sentence = where_and_what(text, values, kind, str(error), file.name)
        raise ConfigTrouble(f"{file}, line {line}: {sentence}") from None


def _on_line(file: Path, function: Callable[..., T], *arguments: Any) -> T:
    """Raises ConfigTrouble where the function raises Mistake."""
    try:
        return function(*arguments)
    except Mistake as mistake:
        raise ConfigTrouble(f"{file}, line {mistake.line}: {mistake}") from None


def load_catalogue(directory: Path) -> Catalogue:
    """Read DIR/matters.csv. Raises ConfigTrouble naming the bad rows."""
    file = directory / CATALOGUE
    try:
        return parse_catalogue(decoded(file.read_bytes()))
    except FileNotFoundError:
        raise ConfigTrouble(f"{file}: no such file; restore it from a backup, or import a catalogue") from None
    except (OSError, NotText) as error:
        raise ConfigTrouble(f"{file}: cannot be read: {why_unread(error)}; save it as CSV in UTF-8") from None
    except CatalogueError as error:
        raise ConfigTrouble(f"{file}: {error}") from None
