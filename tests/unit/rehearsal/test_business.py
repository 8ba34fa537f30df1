"""A driven clock jumps as far as it may, and the hall misses nothing of its own."""

import asyncio

import pytest

from hall_controller.domain.rules import Mode
from hall_controller.rehearsal.business import is_due
from tests.unit.domain.support import at
from tests.unit.rehearsal.memory_stage import MemoryStage, district, draw, play_period, play_through

LOOKS = 8


class Watched(MemoryStage):
    """Looks, in each jump, whether the hall would have had something to do in between."""

    missed = 0

    async def reach(self, due_ms: int | None) -> None:
        before_ms = self.now_ms
        business_ms = self.business.next_ms(self.hall, before_ms)
        target_ms = business_ms if due_ms is None else min(max(due_ms, before_ms), business_ms)
        looks = {before_ms + (target_ms - before_ms) * look // LOOKS for look in range(1, LOOKS)} | {target_ms - 1}
        self.missed += sum(is_due(self.hall, look_ms) for look_ms in looks if before_ms < look_ms < target_ms)
        await super().reach(due_ms)


@pytest.mark.parametrize("mode", list(Mode))
def test_nothing_of_a_morning_falls_due_within_a_jump(mode: Mode) -> None:
    stage = Watched(counters=5)
    play_through(stage, draw(visitors=60, counters=5), mode)
    assert len(stage.events) > 300
    assert stage.missed == 0


@pytest.mark.parametrize("mode", list(Mode))
def test_nothing_of_whole_days_falls_due_within_a_jump(mode: Mode) -> None:
    stage = Watched(3, "2026-03-10 00:00:00", **rules_of_a_district())
    played = play_period(stage, "2026-03-10", "2026-03-11", visitors=20, mode=mode)
    assert all(day.everyone_served for day in played)
    assert stage.missed == 0


def rules_of_a_district() -> dict[str, object]:
    rules = district().pretend.rules
    return {"hours": rules.hours, "lunch_counters": rules.lunch_counters}


def test_an_empty_night_is_one_jump_to_midnight_and_one_to_the_first_tickets() -> None:
    stage = MemoryStage(start="2026-03-02 21:00:00")
    reached = []
    for _ in range(3):
        asyncio.run(stage.reach(None))
        reached.append(stage.now_ms)
    assert reached == [at("2026-03-03 00:00:00"), at("2026-03-03 08:30:00"), at("2026-03-03 09:00:00")]


def test_announcements_and_closing_are_looked_at_to_the_minute() -> None:
    stage = MemoryStage(start="2026-03-02 18:59:00")
    reached = []
    while stage.now_ms < at("2026-03-02 20:00:00"):
        asyncio.run(stage.reach(None))
        reached.append(stage.now_ms)
    for moment in ("19:30:00", "19:50:00", "20:00:00"):
        assert at(f"2026-03-02 {moment}") in reached
