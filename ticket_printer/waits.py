"""How a predicted wait is said: rounded so that nobody holds a minute against the hall."""

import math


def wait_zh(wait_s: int | None) -> str:
    minutes = _minutes(wait_s)
    if minutes is None:
        return "暂时无法预计"
    if minutes == 0:
        return "无需等候"
    return f"约{minutes}分钟" if minutes <= 90 else f"约{minutes / 60:.1f}小时".replace(".0", "")


def wait_en(wait_s: int | None) -> str:
    minutes = _minutes(wait_s)
    if minutes is None:
        return "cannot be told yet"
    if minutes == 0:
        return "none"
    return f"about {minutes} min" if minutes <= 90 else f"about {minutes / 60:.1f} h".replace(".0 ", " ")


def _minutes(wait_s: int | None) -> int | None:
    """Up to ten minutes to the minute, then to five, then to half an hour; always up."""
    if wait_s is None:
        return None
    minutes = math.ceil(wait_s / 60)
    step = 1 if minutes <= 10 else 5 if minutes <= 90 else 30
    return math.ceil(minutes / step) * step
