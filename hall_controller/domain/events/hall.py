"""Events of the hall as a whole: rules, hours, the day, issuing, the clock, devices, alerts."""

from hall_controller.domain.alert import AlertKind
from hall_controller.domain.commands import DeviceState
from hall_controller.domain.day import Announcement, StopCause
from hall_controller.domain.events.envelope import Event
from hall_controller.domain.open_enum import OpenEnum
from hall_controller.domain.rules import Mode, Policy, RosterSpan, Rules


class Origin(OpenEnum):
    """How a numbering began."""

    INIT = "init"
    RESTORE = "restore"
    REHEARSAL = "rehearsal"
    """Never counted."""
    MODEL = "model"
    """A rehearsal in memory, without a journal."""


class EpochStarted(Event):
    """A new numbering: the hall was made, or restored from a backup."""

    origin: Origin


class RulesChanged(Event):
    rules: Rules


class CatalogueChanged(Event):
    """Another catalogue of matters is in force."""

    version: int
    """From 1 on; 1 is the one that the hall began with."""
    digest: str
    """16 hexadecimal digits that tell one catalogue from another."""
    matters: int
    added: int
    """Matters that the version before had not."""
    changed: int
    removed: int
    packed: str
    """The whole catalogue: base64 of zlib of its CSV."""


class DayStarted(Event):
    """A new service day; the envelope names it. Numbers start again."""


class HallClosed(Event):
    reason: str


class OpeningStarted(Event):
    """The doors are open: tickets are issued, unless the manager or an emergency has stopped that."""

    start_ms: int
    end_ms: int
    last: bool
    """The last opening of its day: it ends with closing."""


class OpeningEnded(Event):
    """Who holds a ticket is served still."""

    start_ms: int
    end_ms: int
    next_ms: int | None
    """The start of the next opening today; None at closing."""
    stops_issuing: bool


class LunchStarted(Event):
    """Lunchtime service: the counters that do not serve through it pause after their visitor."""

    start_ms: int
    end_ms: int


class AnnouncementMade(Event):
    """Said by voice and boards."""

    announcement: Announcement
    moment_ms: int
    """When it is so far."""
    minutes: int
    """Until then."""
    next_ms: int | None = None
    """Before a break: when the hall serves again."""


class IssuingStopped(Event):
    cause: StopCause = StopCause.MANAGER
    end_ms: int | None = None
    """Of a last ticket: the closing that it was judged by."""
    predicted_wait_s: int | None = None
    """Of a last ticket: a newcomer's, by which it was judged."""


class IssuingResumed(Event):
    until_ms: int | None = None
    """No last ticket is judged for an opening that ends then: the manager decided."""


class PolicySet(Event):
    policy: Policy
    favoured_limit: int


class ModeSet(Event):
    mode: Mode


class NoticeSet(Event):
    zh: str
    en: str


class HoursExtended(Event):
    minutes: int
    """In all today."""
    day: str = ""
    """Whose last opening ends later."""
    until_ms: int | None = None
    """When it ends now."""


class RosterSet(Event):
    """How many counters are planned to be open on one day."""

    day: str
    spans: tuple[RosterSpan, ...]


class ClockStepped(Event):
    """The hall's clock was set; all times of what is under way move with it, so nobody's place or wait changes."""

    step_ms: int
    """New clock less old; `at_ms` is by the new one."""


class DeviceReported(Event):
    device: str
    kind: str
    state: DeviceState
    detail: str


class AlertRaised(Event):
    """The manager is to look at something; it stands until `alert_cleared`."""

    alert: AlertKind
    subject: str
    """A counter's number or a device's name; empty where it is about the hall."""
    value: int
    """Seconds, no-shows, percent of the disk that are free, or hours since the last backup."""
    since_ms: int
    """Since when things are so."""


class AlertCleared(Event):
    """Things are well again, or it does not matter any more."""

    alert: AlertKind
    subject: str
