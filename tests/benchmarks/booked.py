"""How long a booked visitor who is on time waits, and what the walk-ins pay for it: many days on the pure core.

    python -m tests.benchmarks.booked [--days N] [--write]

Every slot of every day is booked full, through the very command that the district's app sends; `--write` puts the
tables into docs/bookings.md, which derives the bound.
"""

import argparse
from collections.abc import Iterable
from pathlib import Path
from statistics import fmean

from hall_controller.domain.ticket import VisitorClass
from tests.benchmarks.booked_day import Outcome, Plan, Wait, bound_s, play, room_for_priority

PAGE = Path(__file__).parents[2] / "docs" / "bookings.md"
ORDINARY, PRIORITY = VisitorClass.ORDINARY, VisitorClass.PRIORITY


def held(outcome: Outcome) -> list[Wait]:
    """Those in whose half hour capacity held: counters, turns and priority visitors as the bound counts them."""
    plan, most = outcome.plan, outcome.per_slot + outcome.room
    return [
        one
        for one in outcome.booked
        if one.wait_s == 0 or (one.turn_s <= outcome.turn_s and one.open >= plan.counters and one.ahead <= most)
    ]


def certain(one: Wait, k: int) -> float:
    """The bound with what there really was: no visitor may ever wait longer, whatever happens."""
    return bound_s(one.ahead, k, max(1, one.open), one.turn_s)


def quantile(values: Iterable[float], share: float) -> float:
    ordered = sorted(values)
    return ordered[min(len(ordered) - 1, int(len(ordered) * share))] if ordered else 0.0


# --- the tables ----------------------------------------------------------------------------------

HALLS = (3, 8, 40)
KINDS = (
    ("70 %", {"load": 0.70}),
    ("85 %", {"load": 0.85}),
    ("95 %", {"load": 0.95}),
    ("95 %, all of a half hour at its start", {"load": 0.95, "at_once": True}),
    ("95 %, no-shows come after all, a third priority", {"load": 0.95, "no_show": 0.0, "priority": 0.33}),
    ("85 %, a quarter of the counters shut from ten to twelve", {"load": 0.85, "lost": 1}),
    ("130 %, all of a half hour at its start", {"load": 1.30, "at_once": True}),
    ("85 %, services as uneven as can be (spread 1)", {"load": 0.85, "spread": 1.0, "at_once": True}),
)


def bound_table() -> list[str]:
    rows = ["| counters | n | p | k = 1 | k = 2 | k = 3 | k = 5 |", "| --- " * 7 + "|"]
    turn_s = 500.0
    for counters in HALLS:
        plan = Plan(counters, 0.95)
        n, p = int(counters * 1800 / turn_s * plan.share), room_for_priority(plan, turn_s)
        bounds = [f"{bound_s(n + p, k, counters, turn_s) / 60:.0f} min" for k in (1, 2, 3, 5)]
        rows.append(f"| {counters} | {n} | {p} | {' | '.join(bounds)} |")
    return rows


def waits_table(days: int) -> list[str]:
    rows = [
        "| counters | load | booked, on time | mean | 99 in 100 | longest | bound | within it | capacity held | within it then |",  # noqa: E501
        "| --- " * 10 + "|",
    ]
    for counters in HALLS:
        for name, fields in KINDS:
            plan = Plan(counters, **fields)  # type: ignore[arg-type]  # load is among them
            one = play(plan._replace(lost=max(1, counters // 4) if plan.lost else 0), _days(days, counters))
            waits, kept = [wait.wait_s for wait in one.booked], held(one)
            within = fmean(wait <= one.bound_s for wait in waits)
            then = fmean(wait.wait_s <= one.bound_s for wait in kept)
            minutes = [fmean(waits), quantile(waits, 0.99), max(waits), one.bound_s]
            told = " | ".join(f"{value / 60:.1f}" for value in minutes)
            shares = f"{within:.2%} | {len(kept) / len(waits):.1%} | {then:.2%}"
            rows.append(f"| {counters} | {name} | {len(waits):,} | {told} | {shares} |")
    return rows


def fairness_table(days: int) -> list[str]:
    rows = [
        "| counters | load | ordinary, with bookings | without | longest, with | without | priority, with | without | everybody, with | without | favoured in a row at most | unserved |",  # noqa: E501
        "| --- " * 12 + "|",
    ]
    for counters in HALLS:
        for load in (0.70, 0.85, 0.95):
            plan = Plan(counters, load)
            sides = [play(one, _days(days, counters)) for one in (plan, plan._replace(books=False))]
            ordinary, priority = ([side.walked[one] for side in sides] for one in (ORDINARY, PRIORITY))
            means = " | ".join(f"{fmean(waits) / 60:.2f}" for waits in ordinary)
            most = " | ".join(f"{max(waits) / 60:.0f}" for waits in ordinary)
            favoured = " | ".join(f"{fmean(waits) / 60:.2f}" for waits in priority)
            everybody = " | ".join(f"{fmean(side.all) / 60:.2f}" for side in sides)
            end = f"{sides[0].run} | {sides[0].unserved} |"
            rows.append(f"| {counters} | {load:.0%} | {means} | {most} | {favoured} | {everybody} | {end}")
    return rows


def _days(days: int, counters: int) -> int:
    """As many visitors from a large hall as from a small one, roughly."""
    return max(3, round(days * 8 / counters)) if counters > 8 else days


def main() -> None:
    parser = argparse.ArgumentParser(description="How long booked visitors wait, and what walk-ins pay; in minutes.")
    parser.add_argument("--days", type=int, default=30, help="days of each row; of large halls fewer")
    parser.add_argument("--write", action="store_true", help="put the tables into docs/bookings.md")
    options = parser.parse_args()
    tables = {
        "bound": bound_table(),
        "waits": waits_table(options.days),
        "fairness": fairness_table(options.days),
    }
    for name, rows in tables.items():
        print("\n".join((name, *rows, "")))
    if options.write:
        PAGE.write_text(filled(PAGE.read_text("utf-8"), tables), "utf-8")


def filled(page: str, tables: dict[str, list[str]]) -> str:
    """The page with these tables."""
    for name, rows in tables.items():
        before, start, rest = page.partition(f"<!-- simulated: {name} -->\n")
        _, end, after = rest.partition("<!-- end -->")
        page = "".join((before, start, *(f"{row}\n" for row in rows), end, after))
    return page


if __name__ == "__main__":
    main()
