"""The settings of the exporter: the table `[device.metrics]` of hall.toml."""

from typing import Annotated

import msgspec
from msgspec import Meta


class MetricsSettings(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    host: str = "127.0.0.1"
    """Where the figures are served; `0.0.0.0` lets a Prometheus elsewhere in the network scrape them."""
    port: Annotated[int, Meta(ge=0, le=65_535)] = 9700
    """0 takes any free port."""
