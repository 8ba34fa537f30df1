"""The ledger is the sum of the halls' own reports, whatever happens to halls, lines and the collector."""

import contextlib
import random
import sqlite3
from pathlib import Path
from typing import Any

import pytest

from metrics.district.ledger.account import make_account, make_status
from metrics.district.ledger.store import Store, StoreTrouble
from tests.unit.district.support import MONTH, Life, must_agree, opened, play, read, troubles, visited


@pytest.fixture
def url(tmp_path: Path) -> str:
    return f"sqlite:///{tmp_path}/ledger.db"


def account(url: str, period: str = MONTH) -> dict[str, Any]:
    with contextlib.closing(opened(url)) as store:
        return make_account(store, period)


def one_life(monkeypatch: pytest.MonkeyPatch, seed: int = 1, moments: int = 30) -> Life:
    life = Life("BA001", seed)
    play(monkeypatch, [life])
    life.live(moments)
    return life


@pytest.mark.parametrize("seed", range(8))
async def test_random_months_with_restores_cut_lines_and_restarts(
    url: str, monkeypatch: pytest.MonkeyPatch, seed: int
) -> None:
    rng = random.Random(seed)
    lives = [Life(f"BA00{number}", seed * 10 + number) for number in (1, 2, 3)]
    play(monkeypatch, lives)
    left = {life.id: [life.hall] for life in lives}
    for _ in range(25):
        for life in lives:
            life.page = rng.randrange(2, 60)
            life.is_away = rng.random() < 0.3
            what = rng.random()
            life.live(rng.randrange(4))
            if what < 0.2:
                life.back_up()
            elif what < 0.3 and life._backup is not None:
                left[life.id].append(life.hall)
                life.restore()
            elif what < 0.33:
                life.restore(rng.choice(left[life.id]))  # an old box, switched on again and restored
        away = await read(url, lives)
        assert away == [life.id for life in lives if life.is_away]
    for life in lives:
        life.is_away = False
    assert await read(url, lives) == []
    must_agree(account(url), lives)
    for day in ("2026-10-01", "2026-10-02", "2026-10-03"):
        must_agree(account(url, day), lives, day)


async def test_a_box_that_comes_back_after_its_restored_copy_was_given_up(
    url: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    life = one_life(monkeypatch)
    life.back_up()
    life.live(20)
    await read(url, [life])
    first_box = life.hall
    life.restore()
    life.live(10)
    await read(url, [life])
    must_agree(account(url), [life])
    life._month.hall = first_box
    life.live(5)
    await read(url, [life])
    must_agree(account(url), [life])


async def test_visits_that_a_restored_hall_has_lost_are_told_beside_the_account(
    url: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    life = one_life(monkeypatch, moments=40)
    life.back_up()
    life.live(60)
    await read(url, [life])
    before = visited(life)
    life.restore()
    await read(url, [life])
    made = account(url)
    must_agree(made, [life])
    lost = before - visited(life)
    assert lost
    assert made["lost"]["visits"]["total"] == len(lost)
    assert made["lost"]["halls"] == {"BA001": len(lost)}


async def test_a_hall_that_began_anew_is_counted_from_its_new_beginning(
    url: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    old = one_life(monkeypatch)
    await read(url, [old])
    fresh = Life("BA001", 99)
    for event in fresh.hall.events:
        event.epoch = "anew"
    fresh.hall.hall.epoch = "anew"
    fresh.live(20)
    play(monkeypatch, [fresh])
    before = account(url)["visits"]["total"]
    await read(url, [fresh])
    must_agree(account(url), [fresh])
    assert account(url)["lost"]["visits"]["total"] == before


async def test_a_journal_set_back_without_a_restore_is_not_counted(url: str, monkeypatch: pytest.MonkeyPatch) -> None:
    life = one_life(monkeypatch)
    life.back_up()
    life.live(20)
    await read(url, [life])
    read_to = life.hall.hall.seq
    life.set_back()
    assert "set back without `hall restore`" in await troubles(url, life)
    while life.hall.hall.seq <= read_to:
        life.live(5)
    assert f"event {read_to} is not what it was" in await troubles(url, life)
    assert await read(url, [life], afresh=["BA001"]) == []
    must_agree(account(url), [life])


async def test_events_archived_before_they_were_read_are_told(url: str, monkeypatch: pytest.MonkeyPatch) -> None:
    life = one_life(monkeypatch)
    await read(url, [life])
    read_to = life.hall.hall.seq
    life.live(20)
    life.archived_before = read_to + 1
    assert await read(url, [life]) == []
    must_agree(account(url), [life])
    assert account(url)["missing"] == {}
    read_to = life.hall.hall.seq
    life.live(20)
    life.archived_before = read_to + 6
    assert await read(url, [life]) == []
    assert account(url)["missing"] == {"BA001": "5 events were archived before they were read"}
    life.back_up()
    life.live(5)
    await read(url, [life])
    life.restore()
    life.archived_before = life.hall.hall.seq
    assert "are archived" in await troubles(url, life)


async def test_a_rehearsal_is_refused_and_stays_out_of_a_ledger_of_real_halls(
    url: str, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    life = one_life(monkeypatch)
    life.rehearsal = True
    assert "never count" in await troubles(url, life)
    life.rehearsal = False
    life.hall.events[0].origin = "rehearsal"  # type: ignore[attr-defined]
    assert "never count" in await troubles(url, life)
    assert account(url)["visits"]["total"] == 0
    other = f"sqlite:///{tmp_path}/rehearsal.db"
    assert await read(other, [life], rehearsal=True) == []
    must_agree(account(other), [life])
    assert account(other)["rehearsal"]
    with pytest.raises(StoreTrouble, match="ledger of a rehearsal"):
        await read(other, [life])


async def test_nothing_of_a_person_is_kept(url: str, monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    life = one_life(monkeypatch)
    await read(url, [life])
    numbers = {getattr(event, "number", None) for event in life.hall.events} - {None}
    assert numbers
    dump = "\n".join(sqlite3.connect(tmp_path / "ledger.db").iterdump())
    for word in ("clerk-", "counter-1", "manager", *(f"'{number}'" for number in numbers)):
        assert word not in dump


async def test_a_database_that_fails_now_and_then_loses_and_doubles_nothing(
    url: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    rng = random.Random(5)
    lives = [Life(f"BA00{number}", number) for number in (1, 2)]
    play(monkeypatch, lives)
    execute = Store.execute

    def failing(store: Store, sql: str, values: Any = ()) -> None:
        if sql.startswith(("COMMIT", "UPDATE epochs")) and is_failing and rng.random() < 0.3:
            if rng.random() < 0.5:
                execute(store, sql, values)  # done, and its answer was lost
            raise StoreTrouble("the server went away")
        execute(store, sql, values)

    is_failing = False
    monkeypatch.setattr(Store, "execute", failing)
    await read(url, lives)
    for _ in range(20):
        for life in lives:
            life.live(4)
        is_failing = True
        with contextlib.suppress(StoreTrouble):
            await read(url, lives)
        is_failing = False
    assert await read(url, lives) == []
    must_agree(account(url), lives)


async def test_status_says_how_far_each_hall_was_read_and_what_keeps_it_away(
    url: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    lives = [Life(f"BA00{number}", number) for number in (1, 2)]
    play(monkeypatch, lives)
    lives[0].live(10)
    lives[1].is_away = True
    await read(url, lives)
    with contextlib.closing(opened(url)) as store:
        near, away = make_status(store)
    assert (near["hall"], near["read_to"], near["behind"]) == ("BA001", lives[0].hall.hall.seq, 0)
    assert near["trouble"] == ""
    assert near["heard_ms"]
    assert (away["hall"], away["heard_ms"], away["read_to"]) == ("BA002", None, 0)
    assert "no answer" in away["trouble"]
    assert account(url)["missing"]["BA002"].startswith("never read: no answer")


async def test_two_collectors_do_not_share_a_ledger(url: str, monkeypatch: pytest.MonkeyPatch) -> None:
    life = one_life(monkeypatch)
    first = Store(url, create=True)
    first.lock()
    with contextlib.closing(first), pytest.raises(StoreTrouble, match="another collector"):
        await read(url, [life])
