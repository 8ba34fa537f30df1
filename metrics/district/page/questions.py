"""What is asked of Prometheus: six questions for the whole district, however many halls and viewers there are."""

import datetime as dt
from zoneinfo import ZoneInfo

from metrics.district.page.prometheus import Steps

NOW = (
    '{__name__=~"hall_(up|open|issuing|newcomer_wait_seconds|oldest_wait_seconds|counters|waiting_visitors|day_visits)"'
    ',hall!=""}'
)
"""The room as it is."""
HEARD = 'max by (hall) (timestamp(hall_up{hall!=""}))'
"""When each hall's figures were taken; an instant query itself tells only when it was asked."""
WAITS = 'sum by (hall, le) (increase(hall_wait_seconds_bucket{hall!=""}[1h]))'
"""The buckets and not a quantile: those of a street or the district come from the same answer."""
CURVES = {
    "waiting": 'sum by (hall) (hall_waiting_visitors{hall!=""})',
    "wait": 'max by (hall) (hall_newcomer_wait_seconds{hall!=""})',
    "visits": 'sum by (hall) (hall_day_visits{hall!=""})',
}
CURVE_STEP_S = 300
PAST_DAYS = 'sum by (hall, band) (last_over_time(hall_day_visits{hall!=""}[20h]))'
"""Asked for the end of each day of the month: the gauge is exact to the visit, where a rate would be stretched."""


def today(now: dt.datetime) -> str:
    """The day's visits also of a hall that is silent now."""
    return f'max by (hall, band) (last_over_time(hall_day_visits{{hall!=""}}[{_since_midnight_s(now)}s]))'


def curve_steps(now: dt.datetime) -> Steps:
    """From midnight, on whole steps, so that a curve keeps its points from one time to the next.

    Two steps later, to be exact: until then Prometheus may still answer with the evening before.
    """
    now_s = now.timestamp()
    start_s = now.replace(hour=0, minute=0, second=0, microsecond=0).timestamp() + 2 * CURVE_STEP_S
    return Steps(start_s, max(start_s, now_s - now_s % CURVE_STEP_S), CURVE_STEP_S)


def past_days(now: dt.datetime) -> Steps | None:
    """The last moments of this month's days before today; None on the first."""
    if now.day == 1:
        return None
    last = dt.time(23, 59, 30)
    first_s, end_s = (
        dt.datetime.combine(day, last, now.tzinfo).timestamp()
        for day in (now.date().replace(day=1), now.date() - dt.timedelta(days=1))
    )
    return Steps(first_s, end_s, 86_400)


def local(at_s: float, zone: str = "Asia/Shanghai") -> dt.datetime:
    return dt.datetime.fromtimestamp(at_s, ZoneInfo(zone))


def _since_midnight_s(now: dt.datetime) -> int:
    return max(1, int((now - now.replace(hour=0, minute=0, second=0, microsecond=0)).total_seconds()))
