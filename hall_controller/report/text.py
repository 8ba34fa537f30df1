"""An account as a page of text, 80 columns wide, also with Chinese names."""

from collections.abc import Mapping, Sequence
from typing import Any

from hall_controller.domain.matters import Catalogue
from hall_controller.domain.rules import Band
from hall_controller.report import words
from hall_controller.report.account import AMOUNTS, EXTENDED
from hall_controller.report.besides_words import text_lines

WIDTH = 80
MATTERS = 20
"""So many are listed; the others are summed up."""

Rows = Mapping[str, Mapping[str, int]]


def render(made: Mapping[str, Any], catalogue: Catalogue | None = None) -> str:
    by, visits = made["by"], made["visits"]
    tables = [
        _heading(made),
        _means("band", {band: by["band"][band] for band in Band if band in by["band"]}, visits["total"]),
        _visits("day", {f"{day} {words.weekday(day)}": row for day, row in made["days"].items()}),
        _visits("hour", {f"{hour}:00": row for hour, row in made["hours"].items()}),
        _means("matter", _matters(by["matter"], catalogue), visits["total"]),
        _means("counter", {key: by["counter"][key] for key in words.counters(by["counter"])}, visits["total"]),
        _means("clerk", {key or words.NOTHING: by["clerk"][key] for key in sorted(by["clerk"])}, visits["total"]),
        _extended(made["roster"]),
        *text_lines(made["besides"], catalogue),
    ]
    return "\n\n".join("\n".join(lines) for lines in tables if lines)


def _heading(made: Mapping[str, Any]) -> list[str]:
    visits, extended, tickets = made["visits"], made["extended"], made["tickets"]
    where = f"{words.hall_of(made)}, {made['tier']}: " if made["hall"] else ""
    lines = [
        _fit(f"{where}{made['period']}", WIDTH).rstrip(),
        f"{visits['total']} visits, {extended} of them in extended hours ({words.share(extended, visits['total'])})",
        f"tickets: issued {tickets['issued']}, no-show {tickets['no_show']}, cancelled {tickets['cancelled']}",
    ]
    if made["until_ms"] is not None:
        lines.append(f"counted until {words.moment(made)}")
    return lines


def _means(by: str, rows: Rows, total: int) -> list[str]:
    if not rows:
        return []
    lines = [f"{by:<36}  {'visits':>8}  {'share':>7}  {'mean wait':>9}  {'mean service':>12}"]
    for name, row in rows.items():
        wait, service = words.minutes(row["wait_s"], row["waits"]), words.minutes(row["service_s"], row["finished"])
        share = words.share(row["visits"], total)
        lines.append(f"{_fit(name, 36)}  {row['visits']:>8}  {share:>7}  {wait:>9}  {service:>12}")
    return lines


def _matters(rows: Rows, catalogue: Catalogue | None) -> Rows:
    """The most visited ones by name, and the others together, so that the column adds up."""
    order = words.most_visited(rows)
    shown = {}
    for code in order[:MATTERS]:
        name = words.matter_of(code, catalogue)[0]
        shown[name if name not in shown else f"{name} ({code})"] = rows[code]
    others = [rows[code] for code in order[MATTERS:]]
    if others:
        shown[f"{len(others)} others (all: --csv, --xlsx)"] = {
            what: sum(row[what] for row in others) for what in AMOUNTS
        }
    return shown


def _visits(by: str, rows: Rows) -> list[str]:
    if not rows:
        return []
    bands = list(Band)
    lines = [f"{by + ', visits':<20}" + "".join(f"{name:>10}" for name in ("total", *bands))]
    for name, row in rows.items():
        counts = (str(row[key] or words.NOTHING) for key in ("total", *bands))
        lines.append(_fit(name, 20) + "".join(f"{count:>10}" for count in counts))
    return lines


def _extended(roster: Mapping[str, Any]) -> list[str]:
    """Who worked the extended hours: hours and minutes at an open counter, by band and in all."""
    worked = {clerk: row for clerk, row in roster.items() if row["extended_at_counter_s"] or row["extended_visits"]}
    if not worked:
        return []
    all_s = sum(row["extended_at_counter_s"] for row in worked.values())
    lines = [
        "extended hours by clerk: hours:minutes at an open counter, pauses apart;",
        "outside: time at a counter outside all openings (much: was one left open?)",
        _cells("clerk", (*EXTENDED, "hours", "share", "visits", "days", "outside")),
    ]
    for clerk in sorted(worked, key=lambda clerk: (-worked[clerk]["extended_at_counter_s"], clerk)):
        row = worked[clerk]
        seconds = row["extended_at_counter_s"]
        cells = [words.hours(row["at_counter_s"][band]) for band in EXTENDED]
        cells += [words.hours(seconds), words.share(seconds, all_s)]
        cells += [str(row["extended_visits"]), str(row["extended_days"]), words.hours(row["outside_hours_s"])]
        lines.append(_cells(clerk, cells))
    return lines


_WIDTHS = (6, 8, 8, 8, 8, 6, 7, 5, 8)


def _cells(name: str, cells: Sequence[str]) -> str:
    return _fit(name, 16) + "".join(f"{cell:>{width}}" for cell, width in zip(cells, _WIDTHS, strict=True))


def _fit(text: str, width: int) -> str:
    """Cut or filled to a width on the terminal, where a Chinese character takes two columns."""
    text = words.printable(text).replace("\n", " ")
    if words.columns(text) > width:
        while words.columns(text) > width - 1:
            text = text[:-1]
        text += "…"
    return text + " " * (width - words.columns(text))
