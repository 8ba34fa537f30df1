"""Booking a visit in a first form: a day, a half hour, the code that it gives. Pure."""

import datetime as dt

import msgspec

from hall_controller.domain.booking import Slot, days, slots
from hall_controller.domain.hall import Hall, Issuing, in_force
from hall_controller.domain.refusal import Code
from ticket_printer.kiosk.journey import Booked, Journey, PaperShown, booking_paper
from ticket_printer.kiosk.seen import Seen
from ticket_printer.kiosk.tiles import Tile, TilesView, grid, paged, slot_grid
from ticket_printer.kiosk.words import Words
from ticket_printer.moments import date_told, day_reserve, day_told, time_told, today


class BookedView(msgspec.Struct, frozen=True, kw_only=True):
    """The booking that was made."""

    day: str
    time: str
    code: str
    facts: tuple[tuple[str, str], ...]
    paper: PaperShown
    token: str | None


def may_book(hall: Hall) -> bool:
    """Whether this hall takes bookings from its visitors at all."""
    return in_force(hall).booking_limit > 0


def days_view(journey: Journey, hall: Hall, seen: Seen, words: Words) -> TilesView:
    tiles = []
    now = today(hall, seen.now_ms)
    for day in days(hall, seen.now_ms):
        if day == now and hall.issuing is Issuing.CLOSED:
            continue  # an emergency: nobody is to come today
        to_come = [slot for slot in slots(hall, day, seen.now_ms) if slot.slot_at_ms > seen.now_ms]
        if to_come:
            tiles.append(_day_tile(hall, day, to_come, seen.now_ms, words, english=journey.english))
    note = "" if any(tile.possible for tile in tiles) else words.other.no_days
    return paged("days", words.other.choose_day, tiles, grid(seen.viewport, journey.large), journey.page, note=note)


def _day_tile(hall: Hall, day: dt.date, to_come: list[Slot], now_ms: int, words: Words, *, english: bool) -> Tile:
    told = _capital(day_told(day, today(hall, now_ms), english=english))
    date = date_told(day, english=english)
    free = sum(slot.free for slot in to_come)
    but = day_reserve(hall, day, now_ms, english=english).strip()
    more = [date if told != date else "", "" if free else words.other.full, but]
    return Tile(day.isoformat(), told, "  ".join(filter(None, more)), possible=free > 0)


def slots_view(journey: Journey, hall: Hall, day: dt.date, seen: Seen, words: Words) -> TilesView:
    tiles = [
        Tile(
            str(slot.slot_at_ms),
            time_told(hall, slot.slot_at_ms),
            words.other.free.format(slot.free) if slot.free else words.other.full,
            possible=slot.free > 0,
        )
        for slot in slots(hall, day, seen.now_ms)
        if slot.slot_at_ms > seen.now_ms
    ]
    told = day_told(day, today(hall, seen.now_ms), english=journey.english)
    title = words.other.choose_slot.format(_capital(told)) + day_reserve(
        hall, day, seen.now_ms, english=journey.english
    )
    note = words.other.no_slot if journey.refusal is Code.NO_SLOT else words.sorry if journey.refusal else ""
    return paged("slots", title, tiles, slot_grid(seen.viewport, journey.large), journey.page, note=note)


def slot_told(hall: Hall, slot_at_ms: int, now_ms: int, *, english: bool) -> str:
    """`明天 周四 11月26日 10:00`: both how people say it and what the calendar says."""
    day = today(hall, slot_at_ms)
    but = day_reserve(hall, day, now_ms, english=english)
    told, date = day_told(day, today(hall, now_ms), english=english), date_told(day, english=english)
    if told == date:
        return f"{date} {time_told(hall, slot_at_ms)}{but}"
    short = date.split(" ", 1)[1] if english else date.split(" ", 1)[0]
    return f"{_capital(told)} {short} {time_told(hall, slot_at_ms)}{but}"


def _capital(told: str) -> str:
    return told[:1].upper() + told[1:]


def check_in_span(hall: Hall, slot_at_ms: int) -> tuple[str, str]:
    """Between which times the booked visitor keeps the booked place."""
    rules = in_force(hall)
    early_ms = slot_at_ms - rules.appointment_early_s * 1000
    return time_told(hall, early_ms), time_told(hall, slot_at_ms + rules.appointment_late_s * 1000)


def booked_view(journey: Journey, booking: Booked, slot_at_ms: int, seen: Seen, words: Words) -> BookedView:
    """Without a hall to ask, what the visitor needs is there all the same: the code."""
    hall = seen.hall
    facts: list[tuple[str, str]] = []
    day = time = ""
    if hall is not None:
        on = today(hall, slot_at_ms)
        but = day_reserve(hall, on, seen.now_ms, english=journey.english)
        day, time = date_told(on, english=journey.english) + but, time_told(hall, slot_at_ms)
        facts.append(("", words.other.check_in_from.format(*check_in_span(hall, slot_at_ms))))
    return BookedView(
        day=day,
        time=time,
        code=booking.code,
        facts=tuple(facts),
        paper=booking_paper(booking, hall, seen.settings, seen.at_ms),
        token=booking.token,
    )
