"""For the nightly part `dates`: under libfaketime 0.9.10 the sleep of Python 3.11 is an error; this one is none."""

import select
import time
from typing import SupportsIndex


def _sleep(seconds: float | SupportsIndex, /) -> None:
    seconds = seconds if isinstance(seconds, float) else int(seconds)
    if seconds < 0:
        raise ValueError("sleep length must be non-negative")
    select.select([], [], [], seconds)


time.sleep = _sleep
