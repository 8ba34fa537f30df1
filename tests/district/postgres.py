"""A PostgreSQL server of the test's own: Debian's program, a data directory that goes away, a port by chance."""

import contextlib
import os
import pwd
import shutil
import signal
import subprocess
import tempfile
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import psycopg

from tests.support import free_port_row, wait_for

MISSING = "PostgreSQL's server is not installed; get it with: sudo apt-get install --no-install-recommends postgresql"
QUICK = ("fsync=off", "full_page_writes=off", "max_connections=100", "shared_buffers=16MB")
"""What is tested is the ledger; the server survives a power cut without our help."""


def program(name: str) -> str:
    """Debian keeps the server's programs apart, by version."""
    places = sorted(Path("/usr/lib/postgresql").glob(f"*/bin/{name}"))
    found = str(places[-1]) if places else shutil.which(name)
    assert found, MISSING
    return found


class Postgres:
    """A server that may be killed and started again."""

    def __init__(self, where: Path, as_user: dict[str, Any]) -> None:
        self._where = where
        self._as_user = as_user
        self.port = free_port_row()
        initdb = [program("initdb"), "-D", str(where / "data"), "--auth=trust", "--username=ledger", "--no-sync"]
        subprocess.run([*initdb, "--encoding=UTF8"], check=True, capture_output=True, **self._run)
        self.process = self.start()

    @property
    def _run(self) -> dict[str, Any]:
        return {"cwd": self._where, "env": {"PATH": os.environ["PATH"], "LC_ALL": "C.UTF-8"}, **self._as_user}

    def start(self) -> "subprocess.Popen[bytes]":
        words = [program("postgres"), "-D", str(self._where / "data"), "-p", str(self.port), "-h", "127.0.0.1"]
        settings = [word for setting in QUICK for word in ("-c", setting)]
        with (self._where / "server.log").open("ab") as log:
            self.process = subprocess.Popen(
                [*words, "-k", str(self._where), *settings], stdout=log, stderr=log, **self._run
            )
        wait_for(self._answers, "PostgreSQL")
        return self.process

    def _answers(self) -> bool:
        assert self.process.poll() is None, (self._where / "server.log").read_text()
        with contextlib.suppress(psycopg.OperationalError), psycopg.connect(self.url("postgres"), connect_timeout=5):
            return True
        return False

    def stop(self) -> None:
        """At once: whoever is connected is cut off."""
        self.process.send_signal(signal.SIGINT)
        self.process.wait(30)

    def url(self, database: str) -> str:
        return f"postgresql://ledger:secret@127.0.0.1:{self.port}/{database}"

    def new(self, database: str) -> str:
        """An empty database; returns its URL."""
        with psycopg.connect(self.url("postgres"), autocommit=True) as connection:
            connection.execute(f"CREATE DATABASE {database}")
        return self.url(database)


@contextlib.contextmanager
def running_postgres() -> Iterator[Postgres]:
    """The server refuses to run as root, so root lends it Debian's user `postgres`."""
    as_user: dict[str, Any] = {}
    where = Path(tempfile.mkdtemp(prefix="ledger-pg-"))
    if os.getuid() == 0:
        try:
            user = pwd.getpwnam("postgres")
        except KeyError:
            raise AssertionError(MISSING) from None
        as_user = {"user": user.pw_uid, "group": user.pw_gid, "extra_groups": []}
        os.chown(where, user.pw_uid, user.pw_gid)
    try:
        server = Postgres(where, as_user)
        try:
            yield server
        finally:
            server.stop()
    finally:
        shutil.rmtree(where, ignore_errors=True)
