"""What a finder of alerts yields."""

import math
from typing import NamedTuple

from hall_controller.domain.alert import AlertKind

STILL = 0.8
"""What was raised at a threshold stands until it is below this share of it."""
HOUR_MS = 3_600_000
NEVER = math.inf


class Finding(NamedTuple):
    """Something that is to be alerted of, or may soon be."""

    alert: AlertKind
    subject: str
    value: int
    since_ms: int
    due_ms: float
    """It is raised from then on; `NEVER` while nothing is known of it."""
    lasts: bool
    """If it stands, it is not over yet."""
