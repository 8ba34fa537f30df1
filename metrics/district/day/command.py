"""What `hall district rehearse` does and says."""

import asyncio
import os
import shutil
from collections.abc import Callable, Iterator, Mapping
from pathlib import Path

import click
import msgspec

from hall_controller.domain.hours import local
from hall_controller.domain.rules import Rules, Tier
from hall_controller.part import EXIT_NO_CONTROLLER, Trouble, log_to_stderr
from hall_controller.rehearsal.stage import StageTrouble
from metrics.district.day import outcome
from metrics.district.day.outcome import Rehearsed
from metrics.district.day.rehearse import Rehearsal, Wish
from metrics.district.inventory import Inventory

EXIT_DIFFERS = 1


def run(
    directory: Path, inventory: Inventory, count: str, visitors: int, speed: float, seed: int, *, as_json: bool
) -> int:
    """Returns the exit code. Raises Trouble."""
    os.environ.setdefault("HALL_LOG", "ERROR")
    log_to_stderr("district")
    if directory.exists() and (not directory.is_dir() or any(directory.iterdir())):
        raise Trouble(f"{directory} is not an empty directory; choose a new one")
    if shutil.which("prometheus") is None:
        raise Trouble("there is no prometheus here; on Debian get it with: sudo apt-get install prometheus")
    wish = Wish(_halls(count, len(inventory.hall)), visitors, speed, seed)

    async def rehearse() -> Rehearsed:
        return await Rehearsal(directory, inventory, wish, lambda line: click.echo(line, err=True)).run()

    try:
        result = asyncio.run(rehearse())
    except (StageTrouble, BaseExceptionGroup) as error:
        first = _first(error)
        if isinstance(first, Trouble):
            raise first from None
        if not isinstance(first, StageTrouble):
            raise
        click.echo(f"hall: the rehearsal stops: {first}", err=True)
        return EXIT_NO_CONTROLLER
    click.echo(msgspec.json.encode(result).decode() if as_json else render(result))
    for row in result.halls:
        for sentence in row.differs:
            click.echo(f"hall: {row.hall}: {sentence}", err=True)
    return EXIT_DIFFERS if any(row.differs for row in result.halls) else 0


def _first(error: BaseException) -> BaseException:
    while isinstance(error, BaseExceptionGroup):
        error = error.exceptions[0]
    return error


def _halls(count: str, there: int) -> int | None:
    if count == "all":
        return None
    if count.isdecimal() and 1 <= int(count) <= there:
        return int(count)
    raise Trouble(f"--halls {count}: the inventory has {there} halls; give 1 to {there}, or all")


def render(result: Rehearsed) -> str:
    """As a page of text: a line a hall, what befell them, what Prometheus did not see, what it took."""
    rules = Rules(hall="DISTRICT", tier=Tier.DISTRICT, counters=1)

    def time(at_ms: int) -> str:
        return f"{local(rules, at_ms):%H:%M}"

    lines = [f"{'':<24}{'visits':^37}{'numbers issued':^28}", _line("hall", "tier", _WAYS, _WAYS[:3], "")]
    for row in result.halls:
        said = "DIFFERS" if row.differs else "agrees"
        how = ", ".join((*(["agent"] if row.agent else []), *row.befell))
        lines.append(_line(row.hall, row.tier, _shown(row.visits), _shown(row.issued), f"{said}  {how}"))
    total = outcome.sums(result.halls)
    differ = sum(bool(row.differs) for row in result.halls)
    said = f"{differ} DIFFER" if differ else "agree"
    lines += [_line("all", "", _shown(total["visits"]), _shown(total["issued"]), said), ""]
    lines += _seen(result, time)
    lines += ["", *_cost(result, time)]
    return "\n".join(line.rstrip() for line in lines)


_WAYS = ("journal", "report", "ledger", "prometheus")


def _shown(counts: Mapping[str, int]) -> tuple[str, ...]:
    return tuple(map(str, counts.values()))


def _line(hall: str, tier: str, visits: tuple[str, ...], issued: tuple[str, ...], said: str) -> str:
    wide = "".join(f"{one:>{11 if place == 3 else 8}}" for place, one in enumerate(visits))
    return f"{hall:<9}{tier:<11}{wide}   {''.join(f'{one:>8}' for one in issued)}  {said}"


def _seen(result: Rehearsed, time: Callable[[int], str]) -> Iterator[str]:
    """What Prometheus did not see, and that agents filled in what cut lines missed."""
    for row in result.halls:
        what = next((one for one in row.befell if one.startswith("line cut")), "its line was whole")
        gaps = [gap for gap in row.gaps if gap.cut]
        for gap in gaps:
            yield (
                f"{row.hall}: {what}: no samples from {time(gap.from_ms)} to {time(gap.to_ms)}, {gap.samples} scrapes"
                f" missed; {gap.visits} visits began unseen, and are in the counters since"
            )
        if row.agent and not gaps:
            yield f"{row.hall}: {what}: agent, no gap"
    for one in outcome.overloads(result.halls):
        yield (
            f"{one.halls} gaps from {time(one.from_ms)} to {time(one.to_ms)} though lines were whole: this machine had"
            f" no time to take the samples; {one.visits} visits began unseen, and are in the counters since"
        )


def _cost(result: Rehearsed, time: Callable[[int], str]) -> Iterator[str]:
    seconds = result.day_s
    yield (
        f"{len(result.halls)} halls, {result.day} {time(result.from_ms)} to {time(result.to_ms)} in {seconds:.0f} s:"
        f" {result.held_speed:g} times as fast ({result.speed:g} wished)"
    )
    yield (
        f"{result.commands} commands, {result.commands / seconds:.0f}/s; {result.not_written} refused by a full disk"
        f" and given again; {result.restarts} controllers killed and started again"
    )
    yield f"{sum(row.turned_away for row in result.halls)} visitors turned away"
    if result.refused:
        yield "refused besides: " + ", ".join(f"{code} {count}" for code, count in sorted(result.refused.items()))
    yield f"{result.series} series, {result.samples / seconds:.0f} samples/s, a scrape each {result.sample_every_s:g} s"
    yield ""
    yield f"{'':<12}{'processes':>10}{'CPU s':>9}{'cores':>7}{'resident MB':>13}{'shared out MB':>15}"
    for kind, load in result.load.items():
        cores = load.cpu_s / seconds
        sizes = f"{load.resident_mb:>13.0f}{load.proportional_mb:>15.0f}"
        yield f"{kind:<12}{load.processes:>10}{load.cpu_s:>9.0f}{cores:>7.2f}{sizes}"
    hours_s = (result.to_ms - result.from_ms) / 1000
    work = max(0.0, result.load["controllers"].cpu_s - result.idle_cpu * seconds) / hours_s
    yield (
        f"controllers at real-time speed: {result.idle_cpu + work:.3f} of a core ({result.idle_cpu:.3f} standing by,"
        f" {work:.3f} for the day's work)"
    )
