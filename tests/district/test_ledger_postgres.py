"""The same ledger in PostgreSQL: a real server, killed collectors, and a server that goes away."""

import contextlib
from collections.abc import Iterator
from pathlib import Path

import pytest

from metrics.district.ledger.account import make_account
from metrics.district.ledger.store import Store, StoreTrouble
from tests.district.ledgers import District, busy, kill_and_catch_up, last_seqs, read_to
from tests.district.postgres import Postgres, running_postgres
from tests.support import hall_command, wait_for
from tests.unit.district.support import MONTH, Life, must_agree, play, read

pytestmark = [pytest.mark.timeout(180), pytest.mark.xdist_group("postgres")]


@pytest.fixture(scope="module")
def postgres() -> Iterator[Postgres]:
    with running_postgres() as server:
        yield server


def test_a_collector_killed_at_random_and_a_server_that_goes_away(postgres: Postgres, tmp_path: Path) -> None:
    url, district = postgres.new("killed"), District(tmp_path)
    with district.running() as halls:
        kill_and_catch_up(district, url, halls)
        with district.collecting(url):
            wait_for(lambda: read_to(url) >= last_seqs(halls))
            postgres.stop()
            for number, hall in enumerate(halls.values()):
                busy(hall, 90 + number, acts=25)
            postgres.start()
            wait_for(lambda: read_to(url) >= last_seqs(halls))
        assert district.must_agree(url)["rehearsal"]
    status = hall_command("district", "status", "--database", url)
    assert status.returncode == 0, status.stdout


async def test_random_months_with_restores(postgres: Postgres, monkeypatch: pytest.MonkeyPatch) -> None:
    url = postgres.new("months")
    lives = [Life(f"BA00{number}", number) for number in (1, 2)]
    play(monkeypatch, lives)
    for round_ in range(12):
        for life in lives:
            life.live(5)
            if round_ % 4 == 1:
                life.back_up()
            if round_ % 4 == 3:
                life.restore()
        assert await read(url, lives) == []
    with contextlib.closing(Store(url)) as store:
        must_agree(make_account(store, MONTH), lives)


async def test_two_collectors_do_not_share_a_ledger(postgres: Postgres, monkeypatch: pytest.MonkeyPatch) -> None:
    url, life = postgres.new("shared"), Life("BA001", 1)
    play(monkeypatch, [life])
    first = Store(url, create=True)
    first.lock()
    with contextlib.closing(first), pytest.raises(StoreTrouble, match="another collector"):
        await read(url, [life])


def test_trouble_names_the_server_and_never_the_password(postgres: Postgres) -> None:
    for url in (postgres.url("nowhere"), postgres.url("x").replace(str(postgres.port), "1")):
        refused = hall_command("district", "status", "--database", url)
        assert refused.returncode == 2
        assert "secret" not in refused.stderr
        assert "cannot be opened" in refused.stderr
        assert refused.stderr.count("\n") == 1
    empty = hall_command("district", "report", "--month", MONTH, "--database", postgres.new("bare"))
    assert empty.returncode == 2
    assert "holds no ledger; `hall district collect` makes one" in empty.stderr
