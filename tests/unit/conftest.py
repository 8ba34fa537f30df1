"""Hypothesis profiles: `fast` by default; HYPOTHESIS_PROFILE=nightly plays thousands of long days."""

import os

from hypothesis import HealthCheck, Phase, settings

_COMMON = {
    "deadline": None,
    "suppress_health_check": [HealthCheck.too_slow, HealthCheck.data_too_large, HealthCheck.filter_too_much],
}

settings.register_profile("fast", max_examples=60, derandomize=True, database=None, **_COMMON)  # type: ignore[arg-type]
settings.register_profile("nightly", max_examples=3000, print_blob=True, **_COMMON)  # type: ignore[arg-type]
settings.register_profile(
    "hunt",
    max_examples=3000,
    phases=[Phase.generate],
    print_blob=True,
    **_COMMON,  # type: ignore[arg-type]
)
settings.load_profile(os.environ.get("HYPOTHESIS_PROFILE", "fast"))
