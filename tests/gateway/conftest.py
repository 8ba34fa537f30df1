"""Sites for tests that may share one."""

from collections.abc import Iterator

import pytest

from tests.gateway.gateways import Site, site
from tests.support import hall_command, make_hall_at


@pytest.fixture(scope="module")
def monday(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Site]:
    """A rehearsal hall, on Monday shortly before nine; its clock goes on from test to test."""
    directory = make_hall_at(tmp_path_factory.mktemp("monday"), "2026-11-30 08:50:00")
    assert hall_command("matters", directory, "--import", "sample").returncode == 0
    rates = ("per_address", "bookings_per_address", "bookings_per_holder", "wrong_tokens")
    with site(directory, "\n".join(f'{rate} = "100000/minute"' for rate in rates)) as running:
        yield running
