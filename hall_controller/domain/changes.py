"""When counters and tickets last changed, so that an act made on an older picture of them can be refused."""

import msgspec

COUNTER_FIELDS = ("counter", "from_counter")
"""In commands and events: the counters that they are about."""


class Changes(msgspec.Struct):
    """Seqs of the last changes. Changed in place by `evolve`, as the hall that holds it."""

    everything: int = 0
    """The event since which nothing that was seen before it counts: an epoch began."""
    counters: dict[int, int] = {}
    tickets: dict[int, int] = {}
    """Those of today, ended ones too."""
