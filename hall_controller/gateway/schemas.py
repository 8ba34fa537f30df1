"""What goes in and out over HTTP, declared once: the OpenAPI document is made of it."""

import datetime as dt
import re
from typing import Annotated, Literal

from pydantic import AfterValidator, BaseModel, BeforeValidator, ConfigDict, Field

from hall_controller.domain.acceptance import AcceptanceState, Decision
from hall_controller.domain.bundle import MORE_MAX
from hall_controller.domain.commands import CancelReason, RatingReason
from hall_controller.domain.day import StopCause
from hall_controller.domain.hall import Issuing
from hall_controller.domain.matters import How, Level, Route, Subject
from hall_controller.domain.rules import Band, DayKind, Tier
from hall_controller.domain.stranded_bookings import StrandedBy
from hall_controller.domain.ticket import Language, TicketState, VisitorClass

_MOMENT = re.compile(r"(\d{4}-\d\d-\d\d)[Tt](\d\d:\d\d:)(\d\d)(\.\d+)?([Zz]|[+-]\d\d:\d\d)", re.ASCII)


def to_ms(text: str) -> int:
    """Milliseconds of an RFC 3339 time. Raises ValueError."""
    match = _MOMENT.fullmatch(text)
    if match is None:
        raise ValueError("give a time as 2026-11-30T09:30:00+08:00 (RFC 3339), with its offset")
    day, minutes, seconds, _, offset = match.groups()
    leap = seconds == "60"  # RFC 3339 knows leap seconds; the next second is what a clock without them shows
    plain = f"{day}T{minutes}{'59' if leap else seconds}{'+00:00' if offset in 'Zz' else offset}"
    try:
        at = dt.datetime.fromisoformat(plain)
        return round(at.timestamp()) * 1000 + (1000 if leap else 0)
    except (ValueError, OverflowError):
        raise ValueError("there is no such time; give one as 2026-11-30T09:30:00+08:00") from None


def _moment(text: str) -> str:
    to_ms(text)
    return text


def _whole(value: object) -> object:
    """To JSON Schema 5.0 is an integer, too."""
    return int(value) if isinstance(value, float) and value.is_integer() else value


def _date(text: str) -> str:
    try:
        dt.date.fromisoformat(text)
    except ValueError:
        raise ValueError("there is no such day; give one as 2026-11-30") from None
    return text


Moment = Annotated[str, Field(json_schema_extra={"format": "date-time"}, examples=["2026-11-30T09:30:00+08:00"])]
GivenMoment = Annotated[Moment, Field(max_length=40), AfterValidator(_moment)]
Day = Annotated[str, Field(json_schema_extra={"format": "date"}, examples=["2026-11-30"])]
GivenDay = Annotated[Day, Field(pattern=r"^2[0-9]{3}-(0[1-9]|1[0-2])-(0[1-9]|[12][0-9]|3[01])$"), AfterValidator(_date)]
_FORBIDDEN = r"\x00-\x1f\x7f-\x9f\u061c\u200e\u200f\u2028-\u202e\u2066-\u2069\ufeff"
_BLANKS = r" \u00a0\u00ad\u115f\u1160\u1680\u180e\u2000-\u200d\u202f\u205f-\u2064\u206a-\u206f\u2800\u3000\u3164\uffa0"
PLAIN = f"^[^{_FORBIDDEN}]*[^{_FORBIDDEN}{_BLANKS}][^{_FORBIDDEN}]*$"
"""What `domain/plain_text` lets in, said to whoever reads the document."""
Name = Annotated[str, Field(min_length=1, max_length=64, pattern=PLAIN)]
Count = Annotated[int, Field(ge=0)]


class Out(BaseModel):
    """An answer: exactly these fields."""

    model_config = ConfigDict(extra="forbid", use_attribute_docstrings=True)


class WaitBody(Out):
    """A wait in the figure and words in which every screen of the hall tells it: show these, not other minutes."""

    zh: str
    en: str


class In(BaseModel):
    """A request's body: unknown fields are refused, so that a slip of the pen is not lost."""

    model_config = ConfigDict(extra="forbid", use_attribute_docstrings=True)


class ProblemBody(Out):
    """What went wrong: `code` for programs, `message` for those who write them."""

    code: str
    message: str
    field: str | None
    """Of the request, where one is at fault."""


class HallNow(Out):
    """The hall at this moment."""

    hall: str
    tier: Tier
    name_zh: str
    name_en: str
    now: Moment
    """By the hall's own clock."""
    service_day: Day
    rehearsal: bool
    """This is no real hall."""
    heard: bool
    """Whether the hall is heard; if not, all this is what was heard last, less than a minute or so ago."""
    is_open: bool
    closes_at: Moment | None
    opens_at: Moment | None
    """When it opens next."""
    opens_confirmed: bool | None
    """False: that year's public holidays are not announced yet, so it may be shut after all. Null without opens_at."""
    issuing: Issuing
    """Of tickets for those who walk in."""
    stop_cause: StopCause | None
    """Why none are issued."""
    waiting: Count
    counters_open: Count
    predicted_wait_s: Count | None
    """Of a newcomer without a booking: half are called sooner. Null while nobody can say."""
    predicted_bound_s: Count | None
    """Nine in ten are called within."""
    predicted_wait: WaitBody | None
    """Both in words."""
    notice_zh: str
    notice_en: str


class Stretch(Out):
    start: Moment
    end: Moment
    band: Band


class DayHours(Out):
    day: Day
    kind: DayKind
    name_zh: str
    """Of a special day."""
    name_en: str
    stretches: list[Stretch]
    """When the hall serves, in order; none: it is shut."""
    confirmed: bool
    """False: this year's public holidays are not announced yet, so the hall may be shut after all."""


class Hours(Out):
    days: list[DayHours]


class MatterShort(Out):
    code: str
    name_zh: str
    name_en: str
    subject: Subject
    group: str
    group_zh: str
    group_en: str
    usual_minutes: float
    how: list[How]
    """All the ways in which it can be done."""


class MatterFull(MatterShort):
    documents_zh: list[str]
    documents_en: list[str]
    department: str
    department_en: str
    """Empty where the catalogue has none."""
    level: Level | None
    """Who decides on it."""
    route: Route | None
    themes: list[str]
    without_visit: list[How]
    """Those of the ways that need no visit here: say them before a visit is booked."""
    decide_days: int | None
    """Working days within which it is decided."""
    sample: bool
    """Invented for trying out."""


class MatterPage(Out):
    total: Count
    page: Annotated[int, Field(ge=1)]
    per_page: Annotated[int, Field(ge=1)]
    matters: list[MatterShort]


class NamedMatter(Out):
    code: str
    name_zh: str
    name_en: str


class ThemeBody(Out):
    """Several matters that are done in one visit: book the first with the others as `more`."""

    theme: str
    name_zh: str
    name_en: str
    matters: list[NamedMatter]
    documents_zh: list[str]
    """For all of them together, each once."""
    documents_en: list[str]


class Themes(Out):
    themes: list[ThemeBody]


class BookableDay(Out):
    day: Day
    confirmed: bool
    """False: this year's public holidays are not announced yet. A booking on a day that is shut then can be moved."""
    free: Count
    capacity: Count


class BookableDays(Out):
    days: list[BookableDay]


class SlotBody(Out):
    slot_at: Moment
    free: Count
    """How many more may be booked; 0: full, or begun."""
    capacity: Count


class Slots(Out):
    day: Day
    confirmed: bool
    """As of the day."""
    slots: list[SlotBody]


class BookingWanted(In):
    matter: Name
    slot_at: GivenMoment
    """One of the day's slots."""
    holder: Name
    """Who comes, by any key that the same person has each time: the hall keeps a digest, to refuse a double booking."""
    more: Annotated[list[Name], Field(max_length=MORE_MAX)] = []
    """Further matters that are done in the same visit."""
    theme: Name | None = None
    """The theme that the matters were chosen from; all of them must be of it."""
    language: Language = Language.MANDARIN


class Booking(Out):
    token: str
    """Opens this booking here and on the hall's phone page. A secret of its visitor."""
    code: str
    """What the visitor types at the kiosk to check in."""
    slot_at: Moment
    confirmed: bool
    """False: that year's public holidays are not announced yet; ask for the ticket again before going there."""
    check_in_from: Moment
    on_time_until: Moment
    """Whoever checks in later queues as an ordinary visitor."""


class Outstanding(Out):
    documents_zh: list[str]
    documents_en: list[str]
    due_day: Day | None
    remind: bool
    """The day is near, or past: remind the applicant now."""


class AcceptanceBody(Out):
    """What was accepted in this visit and not handed out yet."""

    receipt: str
    matter: str
    name_zh: str
    name_en: str
    state: AcceptanceState
    decision: Decision | None
    result_due_day: Day | None
    outstanding: Outstanding | None
    """Documents that are still to be brought."""


class StrandedBody(Out):
    """The hall is shut at the booked half hour: the booking is kept, and may be moved to one of these, once."""

    why: StrandedBy
    reason: str
    """In the hall's own words, of an emergency; empty otherwise."""
    free: list[SlotBody]
    """The free half hours nearest to the booked one: POST /tickets/{token}/rebook takes one. None: ask again later."""


class RebookingWanted(In):
    slot_at: GivenMoment
    """One of the free half hours."""


class TicketBody(Out):
    """A ticket or booking as its visitor may see it."""

    state: TicketState
    ended_by: CancelReason | None
    """Why a ticket was cancelled, where that is known."""
    number: str | None
    """As called; a booking gets it at check-in."""
    visitor_class: VisitorClass | None
    """Null once the visit is over."""
    matters: list[NamedMatter]
    slot_at: Moment | None
    slot_confirmed: bool | None
    """False: that year's public holidays are not announced yet."""
    stranded: StrandedBody | None
    """Of a booking: the hall does not open then."""
    code: str | None
    check_in_from: Moment | None
    on_time_until: Moment | None
    counter: int | None
    """Where the visitor is expected, or was."""
    ahead: Count | None
    predicted_wait_s: Count | None
    """While waiting: half are called sooner."""
    predicted_bound_s: Count | None
    """Nine in ten are called within."""
    predicted_wait: WaitBody | None
    """Both in words."""
    can_check_in: bool
    can_cancel: bool
    can_rate: bool
    acceptances: list[AcceptanceBody]
    heard: bool
    """Whether the hall is heard; if not, this is what was heard last."""


class CheckedIn(Out):
    number: str
    """Called on the board and by the voice."""
    visitor_class: VisitorClass
    """`appointment`: on time; `ordinary`: too late, and queues as one who walks in."""
    ahead: Count | None
    predicted_wait_s: Count | None
    predicted_bound_s: Count | None
    predicted_wait: WaitBody | None
    """Both in words."""


class Cancelled(Out):
    state: Literal["cancelled"]


class RatingWanted(In):
    stars: Annotated[int, Field(strict=True, ge=1, le=5), BeforeValidator(_whole)]
    reasons: Annotated[list[RatingReason], Field(max_length=6)] = []
    """Of three stars or less."""
    comment: Annotated[str, Field(max_length=200)] = ""


class RatingTaken(Out):
    stars: Annotated[int, Field(ge=1, le=5)]
