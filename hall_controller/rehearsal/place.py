"""Where a rehearsal takes place: a rehearsal hall made in an empty directory, or one that is there."""

import datetime as dt
import hashlib
import importlib.resources
import random
import re
from calendar import monthrange
from collections.abc import Sequence
from pathlib import Path
from typing import NamedTuple

from hall_controller.calendar import holidays_of
from hall_controller.config import CONFIG, HallConfig, load_catalogue, load_config
from hall_controller.config_hours import COUNTRY
from hall_controller.domain.catalogue_rows import parse_catalogue
from hall_controller.domain.events import Origin
from hall_controller.domain.hall import Hall
from hall_controller.domain.hours import local, moment_ms, windows, zone
from hall_controller.domain.matters import Catalogue
from hall_controller.domain.rules import Rules, Tier
from hall_controller.journal.epoch import first_origin
from hall_controller.journal.journal import Journal
from hall_controller.lock import is_locked
from hall_controller.making import free_port, make_hall
from hall_controller.part import Trouble
from hall_controller.rehearsal.day import DOORS_S, counters_for
from hall_controller.rehearsal.days import Period
from hall_controller.rehearsal.scenario_file import Scenario
from hall_controller.rehearsal.whole_day import counters_for_days

HALL_ID = "REHEARSAL"
NAMES = ("政务服务演练大厅", "Rehearsal Hall")
FIRST_DAY = dt.date(2026, 3, 2)
"""A Monday. Not today: the same seed is to give the same day, whenever it is rehearsed."""
LOOK_AHEAD_DAYS = 31
WAKES = dt.time(6)
"""A whole day can begin until then: nobody has come yet."""
LUNCH_SHARE = 3
"""In a district hall one counter of so many goes on through lunch."""


class Wish(NamedTuple):
    """What the command line says; None where it leaves the choice."""

    visitors: int
    seed: int
    tier: Tier | None = None
    counters: int | None = None
    day: dt.date | None = None
    opening: dt.time | None = None
    days: int | None = None
    """Whole days: so many, else a month or a year, else a morning."""
    month: dt.date | None = None
    """Its first day, as that of a year."""
    year: dt.date | None = None

    @property
    def is_whole_days(self) -> bool:
        return (self.days or self.month or self.year) is not None


class Place(NamedTuple):
    directory: Path
    config: HallConfig
    catalogue: Catalogue
    opening_ms: int
    """Of a morning; of whole days and scenarios: the first midnight."""
    first_seq: int
    """The journal's last event before this rehearsal, plus one."""
    period: Period | None = None
    """Of whole days."""
    scenario: Scenario | None = None
    """On the day on which it is played here."""

    @property
    def day(self) -> str:
        """The first."""
        return self.config.date(self.opening_ms).isoformat()

    @property
    def begin_ms(self) -> int:
        """Before anybody does anything."""
        is_morning = self.period is None and self.scenario is None
        return self.opening_ms - DOORS_S * 1000 if is_morning else self.opening_ms


def find_place(directory: Path, wish: Wish) -> Place:
    """Make the rehearsal hall, or take the one that is there.

    Raises Trouble for a real hall's directory and for a wish that cannot be met; ConfigTrouble, JournalTrouble.
    """
    if is_new(directory):
        _make(directory, wish)
    else:
        must_be_rehearsal(directory, wish)
    config = load_config(directory)
    with Journal(directory, read_only=True) as journal:
        hall = journal.load()
    catalogue = load_catalogue(directory)
    if wish.is_whole_days:
        begin_ms, period = _period(config, wish, hall)
        return Place(directory, config, catalogue, begin_ms, hall.seq + 1, period)
    rules = config.rules(wish.day or config.date(hall.at_ms))
    opening_ms = _opening_ms(rules, wish, hall.at_ms, hall.service_day)
    return Place(directory, config, catalogue, opening_ms, hall.seq + 1)


def is_new(directory: Path) -> bool:
    return not directory.exists() or (directory.is_dir() and not any(directory.iterdir()))


def _make(directory: Path, wish: Wish) -> None:
    tier = wish.tier or Tier.STREET
    enough = counters_for_days if wish.is_whole_days else counters_for
    counters = wish.counters or enough(wish.visitors, sample_catalogue())
    day = wish.month or wish.year or wish.day or FIRST_DAY
    rules = Rules(hall=HALL_ID, tier=tier, counters=counters, calendar=holidays_of(COUNTRY, day.year).days)
    if wish.is_whole_days:
        begin_ms = moment_ms(rules, day, dt.time())
    else:
        begin_ms = _opening_ms(rules, wish, 0, "") - DOORS_S * 1000
    # Ports of its own, far from those of real halls: rehearsals may be started side by side.
    port = free_port(20_000 + 10 * random.SystemRandom().randrange(1_000))
    make_hall(
        directory,
        HALL_ID,
        tier,
        counters,
        names=NAMES,
        port=port,
        rehearsal=True,
        epoch=hashlib.sha256(f"rehearsal {wish.seed}".encode()).hexdigest()[:8],
        at_ms=begin_ms,
    )
    if tier is Tier.DISTRICT and counters > 1:
        _serve_lunch(directory / CONFIG, range(1, -(-counters // LUNCH_SHARE) + 1))


def _serve_lunch(file: Path, counters: Sequence[int]) -> None:
    """These go on through lunch."""
    line = f"lunch_counters = {list(counters)} "
    text, found = re.subn(r"(?m)^# lunch_counters = \[[^]]*\] *", line, file.read_text("utf-8"))
    assert found == 1, "the settings of a new hall have this line"
    file.write_text(text, "utf-8")


def sample_catalogue() -> Catalogue:
    return parse_catalogue((importlib.resources.files("hall_controller") / "data" / "matters.csv").read_text("utf-8"))


def must_be_rehearsal(directory: Path, wish: Wish) -> None:
    if not (directory / "hall.toml").exists():
        raise Trouble(f"{directory} is not empty and not a rehearsal hall; choose a new directory")
    hall = load_config(directory).hall
    with Journal(directory, read_only=True) as journal:
        marked = hall.rehearsal and first_origin(journal) is Origin.REHEARSAL
    if not marked:
        mend = "rehearse in an empty directory, so that no rehearsed visit is ever counted"
        raise Trouble(f"{directory} is the real hall {hall.id}; {mend}")
    for option, wanted, there in (("tier", wish.tier, hall.tier), ("counters", wish.counters, hall.counters)):
        if wanted is not None and wanted != there:
            raise Trouble(f"--{option} {wanted}: the rehearsal hall in {directory} has {there}; leave --{option} out")
    if is_locked(directory):
        raise Trouble(f"{directory}: a controller runs this hall; stop that one first")


def _period(config: HallConfig, wish: Wish, hall: Hall) -> tuple[int, Period]:
    """(first midnight, the days). Raises Trouble for days that have passed in this hall."""
    rules = config.rules(config.date(hall.at_ms))
    if wish.month is not None:
        first, last = wish.month, wish.month.replace(day=monthrange(wish.month.year, wish.month.month)[1])
    elif wish.year is not None:
        first, last = wish.year, dt.date(wish.year.year, 12, 31)
    else:
        first, last = wish.day or _first_whole_day(rules, hall), None
    now = local(rules, hall.at_ms)
    begun = local(rules, hall.opening.start_ms).date() if hall.opening is not None else None
    if now >= local(rules, moment_ms(rules, first, WAKES)) or (begun is not None and begun >= first):
        raise Trouble(
            f"the clock of this hall is at {now:%Y-%m-%d %H:%M} already, and {first} would have to be whole; choose"
            " later days, or rehearse in a new directory"
        )
    return moment_ms(rules, first, dt.time()), Period(first, last, wish.days)


def _first_whole_day(rules: Rules, hall: Hall) -> dt.date:
    """Today while it is early enough, and no opening of today has begun yet."""
    now = local(rules, hall.at_ms)
    begun = local(rules, hall.opening.start_ms).date() if hall.opening is not None else dt.date.min
    today = now.date()
    return today if now.time() < WAKES and begun < today else today + dt.timedelta(days=1)


def _opening_ms(rules: Rules, wish: Wish, clock_ms: int, last_day: str) -> int:
    """When the counters open, by the hall's clock. Raises Trouble for a moment that has passed there."""
    day = wish.day or _next_day(rules, wish, clock_ms, last_day)
    opening_ms = _opens_ms(rules, day, wish.opening)
    if opening_ms is None:
        raise Trouble(f"--day {day}: the hall has no hours on that day; choose another, or say --from HH:MM")
    if opening_ms - DOORS_S * 1000 < clock_ms:
        now, opening = local(rules, clock_ms), local(rules, opening_ms)
        raise Trouble(
            f"--day {day} --from {opening:%H:%M}: the clock of this hall is at {now:%Y-%m-%d %H:%M} already, and its"
            f" doors open {DOORS_S // 60} minutes before the counters; choose a later moment"
        )
    return opening_ms


def _opens_ms(rules: Rules, day: dt.date, wanted: dt.time | None) -> int | None:
    """At the wanted time, else when the hall first serves on that day; None when it does not."""
    start = wanted or next((window.start for window in windows(rules, day)), None)
    if start is None:
        return None
    return round(dt.datetime.combine(day, start, zone(rules.timezone)).timestamp() * 1000)


def _next_day(rules: Rules, wish: Wish, clock_ms: int, last_day: str) -> dt.date:
    """The first one, or the next day on which the hall serves. Raises Trouble."""
    if not last_day:
        return FIRST_DAY
    # A restored hall has its clock from the wall, long after the day that it rehearsed last.
    first = max(dt.date.fromisoformat(last_day) + dt.timedelta(days=1), local(rules, clock_ms).date())
    for day in (first + dt.timedelta(days=ahead) for ahead in range(LOOK_AHEAD_DAYS)):
        opening_ms = _opens_ms(rules, day, wish.opening)
        if windows(rules, day) and opening_ms is not None and opening_ms - DOORS_S * 1000 >= clock_ms:
            return day
    raise Trouble(f"the hall has no hours in the {LOOK_AHEAD_DAYS} days from {first} on; see [[hours]] in hours.toml")
