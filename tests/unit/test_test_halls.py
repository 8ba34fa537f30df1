"""The halls of other tests: what these see must not hang on the moment at which they run."""

import datetime as dt
from zoneinfo import ZoneInfo

import pytest

from tests.support import zone_by_day


@pytest.mark.parametrize("minute", range(0, 24 * 60, 30))
def test_no_hall_that_a_test_makes_is_within_two_hours_of_a_midnight(minute: int) -> None:
    for begin in (dt.datetime(2026, 12, 31, tzinfo=dt.UTC), dt.datetime(2028, 2, 29, tzinfo=dt.UTC)):
        now = begin + dt.timedelta(minutes=minute)
        assert 2 <= now.astimezone(ZoneInfo(zone_by_day(now))).hour < 22
