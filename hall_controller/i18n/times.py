"""How long something has lasted or may still last, as every surface tells it. Never more than has passed or is left."""

from hall_controller.i18n.words import Words

MINUTE_S, HOUR_S, DAY_S = 60, 3600, 86_400
IN_SECONDS_S, IN_MINUTES_S, IN_HOURS_S = 2 * MINUTE_S, 2 * HOUR_S, 3 * DAY_S
"""Below these a time is told in seconds, in whole minutes, in whole hours; beyond in days."""


def lasted(seconds: float) -> Words:
    """`45秒`, `34分钟`, `5小时`, `20天`; `45 s`, `34 min`, `5 h`, `20 days`."""
    whole = max(0, int(seconds))
    if whole < IN_SECONDS_S:
        return Words(f"{whole}秒", f"{whole} s")
    if whole < IN_MINUTES_S:
        return Words(f"{whole // MINUTE_S}分钟", f"{whole // MINUTE_S} min")
    if whole < IN_HOURS_S:
        return Words(f"{whole // HOUR_S}小时", f"{whole // HOUR_S} h")
    return Words(f"{whole // DAY_S}天", f"{whole // DAY_S} days")


left = lasted


def clock(seconds: float) -> Words:
    """A time that is seen to run: `7:05`, from an hour on `1:02:33`, from a day on as a person says it, `20天`."""
    whole = max(0, int(seconds))
    if whole < HOUR_S:
        told = f"{whole // MINUTE_S}:{whole % MINUTE_S:02}"
    elif whole < DAY_S:
        told = f"{whole // HOUR_S}:{whole // MINUTE_S % 60:02}:{whole % MINUTE_S:02}"
    else:
        days = whole // DAY_S
        return Words(f"{days}天", f"{days} day{'s' if days > 1 else ''}")
    return Words(told, told)
