"""Who comes on a rehearsed morning, and who serves: drawn once, from one seed, before anything happens.

Same seed, visitors, counters, catalogue and hours: the same day. The visitors do not change with the counters.
"""

import math
import random
from collections.abc import Callable, Sequence
from enum import StrEnum
from typing import TypeVar

import msgspec

from hall_controller.domain.matters import Catalogue, Matter, Subject
from hall_controller.domain.ticket import Language, VisitorClass

Kind = TypeVar("Kind", bound=StrEnum)

MORNING_S = 180 * 60
"""From opening to closing."""
DOORS_S = 10 * 60
"""The first visitors stand in the hall this long before it opens."""
LAST_ARRIVAL_S = 165 * 60
BUSY_SHARE = 0.9
"""How much of the morning the clerks are to be busy, when a rehearsal chooses the number of counters."""
HANDOVER_MINUTES = 0.9
"""Calling, walking up and pressing the next key, beside each service."""

EARLY, PEAK = 0.05, 0.60
"""Shares of visitors: before opening, and in the morning's peak; the rest comes evenly."""
PRIORITY, BOOKED = 0.12, 0.05
RECEPTION, UNTICKETED = 0.18, 0.01
LANGUAGES = {Language.MANDARIN: 0.82, Language.CANTONESE: 0.13, Language.ENGLISH: 0.05}
SUBJECTS = {Subject.NATURAL: 0.55, Subject.LEGAL: 0.20, Subject.CONVENIENCE: 0.25}
ABSENT, COMES_BACK = 0.05, 1 / 3
"""Not there when called; of these, back within the grace period."""
TOUCHED, UNPRINTED = 0.02, 0.01
"""Paper failed and the number was touched away on the screen; paper failed and the visitor walked off."""
HELD, TRANSFERRED, AMENDED, MISCLICKED = 0.05, 0.04, 0.02, 0.03
PATIENCE_MINUTES = 100
SPREAD = 0.45
"""Sigma of the logarithm of a service time."""


class Door(StrEnum):
    """How a visitor gets a place in the queue."""

    KIOSK = "kiosk"
    RECEPTION = "reception"
    BOOKED = "booked"
    UNTICKETED = "unticketed"
    BOOKING = "booking"
    """Comes to the kiosk only to book."""


class PaperFate(StrEnum):
    PRINTED = "printed"
    TOUCHED = "touched"
    """The printer failed; the visitor reads the number from the screen and touches it away."""
    LOST = "lost"
    """The printer failed and nobody took note of the number: the greeter cancels it in the end."""
    CLAIMED = "claimed"
    """The same, but the visitor comes to the greeter after a while."""


class Misclick(StrEnum):
    """What a clerk presses by mistake, and takes back."""

    CALLED_TOO_SOON = "called_too_soon"
    NOT_MISSED = "not_missed"
    FINISHED_TOO_SOON = "finished_too_soon"


Arrival = Callable[[Door], tuple[int, int | None]]
"""(arrival, booked slot) in ms of a visitor who comes in by this door."""


class Hold(msgspec.Struct, frozen=True):
    """Sent away for a copy or a photo: after this share of the service, for so long."""

    after: float
    away_s: float


class Transfer(msgspec.Struct, frozen=True):
    """Sent on, after this share of the service: with another matter, or to a colleague when None."""

    after: float
    matter: str | None


class Booking(msgspec.Struct, frozen=True):
    """Books a half hour of the next day at the kiosk."""

    choice: float
    """Which of the free ones, from the first (0) to the last (1)."""
    early_s: float
    """At the kiosk so long before it; negative when late."""
    comes: bool


class Visitor(msgspec.Struct, frozen=True, kw_only=True):
    arrives_ms: int
    matter: str
    service_s: float
    walk_s: float = 15.0
    """From the call to the counter."""
    visitor_class: VisitorClass = VisitorClass.ORDINARY
    language: Language = Language.MANDARIN
    door: Door = Door.KIOSK
    slot_ms: int | None = None
    """The booked moment."""
    paper: PaperFate = PaperFate.PRINTED
    paper_s: float = 3.0
    """Until the paper is out or touched away, or the greeter hears of it."""
    patience_s: float = 86_400.0
    leaves_quietly: bool = False
    """Out of patience: walks out, instead of telling the greeter."""
    absent: bool = False
    returns_after_s: float | None = None
    hold: Hold | None = None
    transfer: Transfer | None = None
    amend_to: str | None = None
    """The matter it turns out to be at the counter."""
    misclick: Misclick | None = None
    booking: Booking | None = None
    """With the door of that name: all that is wanted. Else: what is done when no ticket is to be had."""


class Break(msgspec.Struct, frozen=True):
    at_ms: int
    lasts_s: float


class Lunch(msgspec.Struct, frozen=True):
    """Where the hall shuts over lunch."""

    from_ms: int
    back_ms: int
    finishes_by_ms: int
    """Calls on until then while people wait; from the beginning of lunch, leaves them for the afternoon."""


class Clerk(msgspec.Struct, frozen=True, kw_only=True):
    counter: int
    clerk: str
    opens_ms: int
    leaves_ms: int | None = None
    """The end of the shift; None: stays until everybody was served, or is relieved."""
    breaks: tuple[Break, ...] = ()
    lunch: Lunch | None = None
    react_s: float
    """From being free to pressing the next key, on average."""
    wrap_up_s: float
    """Push: from a finish to ending the wrap-up."""
    seed: int
    """Of this clerk's own small variations."""


LIMITS = {"patience_minutes": (1, 100_000), "pace": (0.1, 10), "spread": (0, 2)}
"""Of what is no share."""
EXCLUDE = (("booked", "reception", "unticketed"), ("unprinted", "touched"))
"""Of a visitor one of these holds at most."""


class People(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """How visitors are: shares of all, unless it says otherwise."""

    priority: float = PRIORITY
    booked: float = BOOKED
    reception: float = RECEPTION
    unticketed: float = UNTICKETED
    absent: float = ABSENT
    """Not there when called."""
    comes_back: float = COMES_BACK
    """Of these."""
    unprinted: float = UNPRINTED
    touched: float = TOUCHED
    held: float = HELD
    transferred: float = TRANSFERRED
    amended: float = AMENDED
    misclicked: float = MISCLICKED
    patience_minutes: float = PATIENCE_MINUTES
    """Half of them wait no longer."""
    pace: float = 1.0
    """A service takes so many times what the catalogue calls usual."""
    spread: float = SPREAD
    """Sigma of the logarithm of a service time."""

    def __post_init__(self) -> None:
        for name in self.__struct_fields__:
            least, most = LIMITS.get(name, (0, 1))
            if not least <= (value := getattr(self, name)) <= most:
                what = "" if name in LIMITS else ", a share of all visitors"
                raise ValueError(f"{name} is {value:g}; give {least:g} to {most:g}{what}")
        for names in EXCLUDE:
            if (total := sum(getattr(self, name) for name in names)) > 1 + 1e-9:
                what = " and ".join(names)
                raise ValueError(f"{what} are {total:g} together; give 1 at most, for a visitor is one of them")


USUAL_PEOPLE = People()


class Day(msgspec.Struct, frozen=True, kw_only=True):
    opening_ms: int
    visitors: tuple[Visitor, ...]
    """In order of arrival."""
    clerks: tuple[Clerk, ...]

    @property
    def doors_ms(self) -> int:
        """Before anybody does anything."""
        return self.opening_ms - DOORS_S * 1000

    @property
    def closing_ms(self) -> int:
        return self.opening_ms + MORNING_S * 1000


def draw_day(seed: int, visitors: int, catalogue: Catalogue, opening_ms: int, counters: Sequence[int]) -> Day:
    """The whole plan of a morning at these counters."""
    rng = random.Random(seed)
    come = [draw_visitor(rng, catalogue, lambda door: _arrival(rng, opening_ms, door)) for _ in range(visitors)]
    come.sort(key=lambda one: one.arrives_ms)
    clerks = tuple(_clerk(rng, counter, place, len(counters), opening_ms) for place, counter in enumerate(counters))
    return Day(opening_ms=opening_ms, visitors=tuple(come), clerks=clerks)


def counters_for(visitors: int, catalogue: Catalogue) -> int:
    """As many counters as serve so many visitors in a morning, with little to spare."""
    matters = list(catalogue.matters.values())
    weights = matter_weights(matters)
    mean = sum(w * m.usual_minutes for w, m in zip(weights, matters, strict=True)) / sum(weights)
    needed = visitors * (mean + HANDOVER_MINUTES) / (LAST_ARRIVAL_S / 60 * BUSY_SHARE)
    return min(200, max(2, math.ceil(needed)))


def matter_weights(matters: Sequence[Matter]) -> list[float]:
    """How often each matter is wanted: by subject, and short ones more often than long ones."""
    totals = {subject: sum(1 / m.usual_minutes for m in matters if m.subject is subject) for subject in Subject}
    return [SUBJECTS[m.subject] / m.usual_minutes / totals[m.subject] for m in matters]


def stranger(matter: str, usual_minutes: float) -> Visitor:
    """The plan of someone the rehearsal did not bring: a person at the kiosk, or one left from before."""
    return Visitor(arrives_ms=0, matter=matter, service_s=usual_minutes * 60)


def draw_visitor(
    rng: random.Random,
    catalogue: Catalogue,
    arrival: Arrival,
    people: People = USUAL_PEOPLE,
    shares: dict[str, float] | None = None,
) -> Visitor:
    """`shares`: how often each matter is wanted, by code; by default as `matter_weights` says."""
    matters = list(catalogue.matters.values())
    weights = matter_weights(matters) if shares is None else [shares.get(one.code, 0.0) for one in matters]
    matter = rng.choices(matters, weights)[0]
    doors = {Door.BOOKED: people.booked, Door.RECEPTION: people.reception, Door.UNTICKETED: people.unticketed}
    door = _pick(rng, doors, Door.KIOSK)
    priority = rng.random() < people.priority
    arrives_ms, slot_ms = arrival(door)
    papers = {PaperFate.TOUCHED: people.touched, PaperFate.LOST: people.unprinted}
    paper = _pick(rng, papers, PaperFate.PRINTED)
    if paper is PaperFate.LOST and rng.random() < 0.5:
        paper = PaperFate.CLAIMED
    absent = rng.random() < people.absent
    return Visitor(
        arrives_ms=arrives_ms,
        matter=matter.code,
        service_s=_service_s(rng, matter.usual_minutes * people.pace, people.spread),
        walk_s=round(rng.uniform(15, 45) if priority else rng.uniform(6, 28), 1),
        visitor_class=VisitorClass.PRIORITY if priority else VisitorClass.ORDINARY,
        language=rng.choices(list(LANGUAGES), list(LANGUAGES.values()))[0],
        door=door,
        slot_ms=slot_ms,
        paper=paper if door is Door.KIOSK else PaperFate.PRINTED,
        paper_s=_paper_s(rng, paper),
        patience_s=round(rng.lognormvariate(math.log(people.patience_minutes * 60), 0.5), 1),
        leaves_quietly=rng.random() < 0.5,
        absent=absent,
        returns_after_s=round(rng.uniform(120, 900), 1) if absent and rng.random() < people.comes_back else None,
        hold=_hold(rng) if rng.random() < people.held else None,
        transfer=_transfer(rng, matters, matter) if rng.random() < people.transferred else None,
        amend_to=_other(rng, matters, matter).code if rng.random() < people.amended else None,
        misclick=rng.choice(list(Misclick)) if rng.random() < people.misclicked else None,
    )


def _arrival(rng: random.Random, opening_ms: int, door: Door) -> tuple[int, int | None]:
    """(arrival, booked slot) in ms. Some wait before the doors open; most come in the first half of the morning."""
    share = rng.random()
    if door is Door.BOOKED:
        # Slots are quarters of an hour; most are early, one in ten is too late to count as on time.
        slot_s = 900 * rng.randint(2, LAST_ARRIVAL_S // 900)
        early_s = rng.uniform(-900, -600) if rng.random() < 0.1 else rng.uniform(0, 1500)
        return opening_ms + round((slot_s - early_s) * 1000), opening_ms + slot_s * 1000
    if share < EARLY:
        after_s = -DOORS_S * 0.9 * rng.random()
    elif share < EARLY + PEAK:
        after_s = LAST_ARRIVAL_S * rng.betavariate(2.0, 3.4)
    else:
        after_s = LAST_ARRIVAL_S * rng.random()
    return opening_ms + round(after_s * 1000), None


def _service_s(rng: random.Random, mean_minutes: float, spread: float) -> float:
    """Log-normal with this mean; nobody takes less than forty seconds."""
    return round(max(40.0, rng.lognormvariate(math.log(mean_minutes * 60) - spread**2 / 2, spread)), 1)


def _paper_s(rng: random.Random, paper: PaperFate) -> float:
    low, high = {PaperFate.PRINTED: (1.5, 4), PaperFate.TOUCHED: (5, 20)}.get(paper, (240, 600))
    return round(rng.uniform(low, high), 1)


def _hold(rng: random.Random) -> Hold:
    return Hold(round(rng.uniform(0.2, 0.7), 2), round(rng.uniform(180, 720), 1))


def _transfer(rng: random.Random, matters: list[Matter], matter: Matter) -> Transfer:
    other = _other(rng, matters, matter).code if rng.random() < 0.5 else None
    return Transfer(round(rng.uniform(0.3, 0.8), 2), other)


def _other(rng: random.Random, matters: list[Matter], matter: Matter) -> Matter:
    """Another matter, of the same group where there is one: what people confuse."""
    near = [m for m in matters if m.group == matter.group and m is not matter]
    return rng.choice(near or matters)


def _clerk(rng: random.Random, counter: int, place: int, clerks: int, opening_ms: int) -> Clerk:
    """Breaks follow one another through the middle of the morning, so that few are away at once."""
    break_after_s = 2400 + 5400 * (place + 0.5) / clerks + rng.uniform(-120, 120)
    opens_ms = opening_ms + round(rng.uniform(-180, 60) * 1000)
    away = Break(opening_ms + round(break_after_s * 1000), round(rng.uniform(300, 720), 1))
    return draw_clerk(rng, counter, f"{100 + counter}", opens_ms, breaks=(away,))


def draw_clerk(
    rng: random.Random,
    counter: int,
    clerk: str,
    opens_ms: int,
    *,
    leaves_ms: int | None = None,
    breaks: tuple[Break, ...] = (),
    lunch: Lunch | None = None,
) -> Clerk:
    return Clerk(
        counter=counter,
        clerk=clerk,
        opens_ms=opens_ms,
        leaves_ms=leaves_ms,
        breaks=breaks,
        lunch=lunch,
        react_s=round(rng.uniform(6, 16), 1),
        wrap_up_s=round(rng.uniform(8, 25), 1),
        seed=rng.getrandbits(32),
    )


def _pick(rng: random.Random, shares: dict[Kind, float], otherwise: Kind) -> Kind:
    share = rng.random()
    for kind, of_all in shares.items():
        share -= of_all
        if share < 0:
            return kind
    return otherwise
