"""The district's account of a month or a day: visits by band, tier, street, hall and matter, and what is missing.

The visits are those of the halls' own reports, to the visit. Beside them stands what only the ledger still has: visits
that took place and that a hall has lost since, by a restore from a backup.
"""

import calendar
import datetime as dt
import re
import time
from typing import Any

from hall_controller.domain.hours import zone
from hall_controller.domain.rules import Band, Tier
from metrics.district.ledger.facts import AMOUNTS, TIMEZONE
from metrics.district.ledger.store import Store

_SUMS = ", ".join(f"sum({name})" for name in AMOUNTS)
_COUNTED = f"""
    SELECT hall, matter, band, {_SUMS}, sum(CASE WHEN kind = 'issued' THEN 1 ELSE 0 END),
        sum(CASE WHEN kind = 'no_show' THEN 1 ELSE 0 END), sum(CASE WHEN kind = 'cancelled' THEN 1 ELSE 0 END)
    FROM counted WHERE service_day BETWEEN ? AND ? GROUP BY hall, matter, band"""  # noqa: S608 - our own words
_LOST = """
    SELECT epochs.hall, facts.ticket, epochs.kept_to, facts.band, sum(facts.visits)
    FROM facts JOIN epochs ON epochs.id = facts.epoch_id
    WHERE facts.seq > epochs.kept_to AND facts.service_day BETWEEN ? AND ?
    GROUP BY epochs.hall, facts.ticket, epochs.kept_to, facts.band HAVING sum(facts.visits) <> 0"""
_SERVED = "SELECT min(seq), sum(visits) FROM counted WHERE hall = ? AND ticket = ?"
TICKETS = ("issued", "no_show", "cancelled")
DIMENSIONS = ("band", "tier", "street", "hall", "matter")
Row = dict[str, int]


def make_account(store: Store, period: str) -> dict[str, Any]:
    """Raises ValueError for a period that is neither a month (`2026-11`) nor a day, StoreTrouble."""
    first, last = days_of(period)
    halls = {hall: (tier, street) for hall, tier, street in store.rows("SELECT hall, tier, street FROM halls")}
    by: dict[str, dict[str, dict[str, Row]]] = {name: {} for name in DIMENSIONS}
    by["band"] = {band.value: {} for band in Band}
    by["tier"] = {tier.value: {} for tier in Tier}
    by["hall"] = {hall: {} for hall in sorted(halls)}
    tickets = dict.fromkeys(TICKETS, 0)
    for hall, matter, band, *sums in store.rows(_COUNTED, (first, last)):
        tier, street = halls[hall]
        amounts = dict(zip((*AMOUNTS, *TICKETS), map(int, sums), strict=True))
        for name in TICKETS:
            tickets[name] += amounts.pop(name)
        if band:
            for name, key in zip(DIMENSIONS, (band, tier, street, hall, matter), strict=True):
                _add(by[name].setdefault(key, {}).setdefault(band, dict.fromkeys(AMOUNTS, 0)), amounts)
    visits = _bands({band: cells[band]["visits"] for band, cells in by["band"].items() if band in cells})
    return {
        "period": period,
        "rehearsal": bool(store.rows("SELECT rehearsal FROM ledger")[0][0]),
        "halls": len(halls),
        "visits": visits,
        "extended": visits["total"] - visits[Band.REGULAR],
        "tickets": tickets,
        "by": {name: {key: _row(cells) for key, cells in rows.items()} for name, rows in by.items()},
        "names": _names(store),
        "lost": _lost(store, first, last),
        "missing": _missing(store, last),
    }


def days_of(period: str) -> tuple[str, str]:
    """The first and the last day. Raises ValueError."""
    try:
        if re.fullmatch(r"\d{4}-\d\d", period):
            first = dt.date.fromisoformat(f"{period}-01")
            return first.isoformat(), first.replace(day=calendar.monthrange(first.year, first.month)[1]).isoformat()
        if re.fullmatch(r"\d{4}-\d\d-\d\d", period):
            day = dt.date.fromisoformat(period).isoformat()
            return day, day
    except ValueError:
        pass
    raise ValueError(f"{period!r} is neither a month (YYYY-MM) nor a day (YYYY-MM-DD)")


def _add(row: Row, amounts: Row) -> None:
    for name, amount in amounts.items():
        row[name] += amount


def _bands(amounts: dict[str, int]) -> Row:
    return {"total": sum(amounts.values()), **{band.value: amounts.get(band, 0) for band in Band}}


def _row(cells: dict[str, Row]) -> dict[str, Any]:
    """One line of a table: visits by band, and the other amounts."""
    sums = dict.fromkeys(AMOUNTS, 0)
    for amounts in cells.values():
        _add(sums, amounts)
    visits = _bands({band: amounts["visits"] for band, amounts in cells.items()})
    return {**sums, "visits": visits, "extended": visits["total"] - visits[Band.REGULAR]}


def _names(store: Store) -> dict[str, dict[str, str]]:
    query = "SELECT hall, name_zh, name_en FROM halls"
    return {hall: {"name_zh": name_zh, "name_en": name_en} for hall, name_zh, name_en in store.rows(query)}


def _lost(store: Store, first: str, last: str) -> dict[str, Any]:
    """Visits beyond where a restored hall's journal goes on, less those of visitors who were served again after it."""
    halls: dict[str, dict[str, int]] = {}
    for hall, ticket, kept_to, band, visits in store.rows(_LOST, (first, last)):
        [(first_seq, served)] = store.rows(_SERVED, (hall, ticket))
        is_the_same_visitor = first_seq is not None and first_seq <= kept_to
        if not (is_the_same_visitor and served):
            bands = halls.setdefault(hall, {})
            bands[band] = bands.get(band, 0) + int(visits)
    totals: dict[str, int] = {}
    for bands in halls.values():
        for band, visits in bands.items():
            totals[band] = totals.get(band, 0) + visits
    return {"visits": _bands(totals), "halls": {hall: sum(bands.values()) for hall, bands in sorted(halls.items())}}


def _missing(store: Store, last: str) -> dict[str, str]:
    """The halls of which not all of the period may be in the ledger, and why."""
    query = """
        SELECT halls.hall, timezone, heard_ms, hall_seq, trouble, coalesce(max(kept_to), 0) FROM halls
        LEFT JOIN epochs ON epochs.hall = halls.hall
        GROUP BY halls.hall, timezone, heard_ms, hall_seq, trouble ORDER BY halls.hall"""
    gaps = dict(store.rows("SELECT hall, sum(to_seq - from_seq + 1) FROM gaps GROUP BY hall"))
    found: dict[str, str] = {}
    for hall, timezone, heard_ms, hall_seq, trouble, read_to in store.rows(query):
        if heard_ms is None:
            found[hall] = f"never read{': ' + trouble if trouble else ''}"
        elif heard_ms < min(_end_ms(last, timezone), time.time() * 1000 - FRESH_MS):
            when = dt.datetime.fromtimestamp(heard_ms / 1000, zone(timezone))
            found[hall] = f"not read since {when:%Y-%m-%d %H:%M}{': ' + trouble if trouble else ''}"
        elif read_to < hall_seq:
            found[hall] = f"{hall_seq - read_to} events behind"
        elif gaps.get(hall):
            found[hall] = f"{gaps[hall]} events were archived before they were read"
    return found


FRESH_MS = 10 * 60_000
"""For the present month: a hall that was read within this time is as good as read now."""


def _end_ms(last: str, timezone: str) -> float:
    day = dt.date.fromisoformat(last) + dt.timedelta(days=1)
    return dt.datetime.combine(day, dt.time(), zone(timezone or TIMEZONE)).timestamp() * 1000


def make_status(store: Store) -> list[dict[str, Any]]:
    """How far each hall has been read."""
    query = """
        SELECT halls.hall, tier, street, name_zh, heard_ms, hall_seq, trouble, trouble_ms, coalesce(max(kept_to), 0)
        FROM halls LEFT JOIN epochs ON epochs.hall = halls.hall
        GROUP BY halls.hall, tier, street, name_zh, heard_ms, hall_seq, trouble, trouble_ms ORDER BY halls.hall"""
    gaps = dict(store.rows("SELECT hall, sum(to_seq - from_seq + 1) FROM gaps GROUP BY hall"))
    return [
        {
            "hall": hall,
            "tier": tier,
            "street": street,
            "name_zh": name_zh,
            "heard_ms": heard_ms,
            "read_to": read_to,
            "behind": max(0, hall_seq - read_to),
            "gap": int(gaps.get(hall, 0)),
            "trouble": trouble,
            "trouble_ms": trouble_ms,
        }
        for hall, tier, street, name_zh, heard_ms, hall_seq, trouble, trouble_ms, read_to in store.rows(query)
    ]
