"""A hall that cannot start says why in one sentence with the mend, ends with code 2, and leaves all as it was."""

import os
import re
import shutil
import socket
import sqlite3
import subprocess
from collections.abc import Callable, Iterator
from contextlib import closing
from pathlib import Path

import pytest

from tests.support import HALL, RunningHall, hall_command, make_hall, start_controller


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A hall that has never run; each test breaks a copy."""
    return make_hall(tmp_path_factory.mktemp("made"), counters=2)


@pytest.fixture
def broken(made: Path, tmp_path: Path) -> Path:
    return Path(shutil.copytree(made, tmp_path / "hall"))


@pytest.fixture(scope="module")
def running(tmp_path_factory: pytest.TempPathFactory) -> Iterator[RunningHall]:
    with start_controller(make_hall(tmp_path_factory.mktemp("running"), counters=2)) as hall:
        yield hall


def sentence(*words: str | Path, code: int = 2) -> str:
    """What `hall WORDS…` says, in one line on stderr, when it ends with `code`."""
    done = hall_command(*words)
    assert done.returncode == code, done.stderr
    assert "Traceback" not in done.stderr
    assert "unexpected" not in done.stderr
    assert done.stdout == ""
    assert done.stderr.count("\n") == 1, done.stderr
    assert done.stderr.startswith("hall: ")
    return done.stderr


# --- hall.toml, matters.csv, keys ---------------------------------------------------------------


def replace(file: str, find: str, replacement: str) -> Callable[[Path], None]:
    def damage(directory: Path) -> None:
        path = directory / file
        text, count = re.subn(find, replacement, path.read_text("utf-8"), count=1, flags=re.MULTILINE)
        assert count, find
        path.write_text(text, "utf-8")

    return damage


def write(file: str, content: bytes) -> Callable[[Path], None]:
    def damage(directory: Path) -> None:
        (directory / file).write_bytes(content)

    return damage


def remove(file: str) -> Callable[[Path], None]:
    def damage(directory: Path) -> None:
        path = directory / file
        shutil.rmtree(path) if path.is_dir() else path.unlink()

    return damage


def make_directory(file: str) -> Callable[[Path], None]:
    def damage(directory: Path) -> None:
        (directory / file).unlink(missing_ok=True)
        (directory / file).mkdir()

    return damage


@pytest.mark.parametrize(
    ("damage", "said"),
    [
        (replace("hall.toml", "^mode = .*", 'mode = "shove"'), r'line 16: mode "shove" is unknown; use pull, push'),
        (replace("hall.toml", "^mode =", "modus ="), r'hall.toml, line 16: \[queue\] has no field "modus"'),
        (replace("hall.toml", r"^\[hall\]", "[hall"), r"hall.toml, line 7: not TOML"),
        (write("hall.toml", b"\xff\xfe"), r"hall.toml: cannot be read"),
        (remove("hall.toml"), r"hall.toml: no such file; is .* a hall\? `hall init` makes one"),
        (remove("matters.csv"), r"matters.csv: no such file; restore it from a backup"),
        (write("matters.csv", b"code,name\n1,2\n"), r"matters.csv: row 1: column name_zh, .* is missing; add it"),
        (write("matters.csv", b"\xff\x00"), r"matters.csv: cannot be read: .*; save it as CSV in UTF-8"),
        (remove("keys"), r"keys/\S+: cannot be read: .*; restore the hall from a backup"),
        (write("keys/server.toml", b"x"), r"keys/server.toml: not a key pair: .*; restore"),
        (
            write("keys/server.toml", b'public_key = "x"\nsecret_key = "y"\n'),
            r"keys/server.toml: not a key pair: public_key and secret_key must be keys of 40 characters",
        ),
        (write("keys/devices.toml", b'[kiosk]\nrole = "emperor"\npublic_key = "x"'), r"keys/devices.toml: .*; restore"),
        (write("keys/token.key", b""), r"keys/token.key: is cut off, so tokens could be forged; restore"),
        (make_directory("hall.lock"), r"cannot be written: Is a directory; check the path and its owner"),
        (remove("hall.db"), r"hall.db: no such journal; `hall init` makes a hall, `hall restore` brings one back"),
        (write("hall.db", b""), r"hall.db: holds no events, as if it had been cut off; restore a backup"),
        (write("hall.db", os.urandom(9_000)), r"hall.db: cannot be opened: file is not a database"),
        (make_directory("hall.db"), r"hall.db: cannot be opened"),
    ],
)  # fmt: skip
def test_a_damaged_file_is_named_with_its_mend(broken: Path, damage: Callable[[Path], None], said: str) -> None:
    damage(broken)
    assert re.search(said, sentence("controller", broken))


# --- hall.db ------------------------------------------------------------------------------------


def sql(directory: Path, statement: str, *values: object) -> None:
    with closing(sqlite3.connect(directory / "hall.db")) as database, database:
        database.execute(statement, values)


def add_event(directory: Path, seq: int, body: str) -> None:
    row = (seq, "x", 1, "2026-11-24", "x", "x", body.encode())
    sql(
        directory,
        "INSERT INTO events (seq, epoch, at_ms, service_day, type, device, body) VALUES (?,?,?,?,?,?,?)",
        *row,
    )


def test_a_journal_cut_short(broken: Path) -> None:
    sql(broken, "PRAGMA wal_checkpoint(TRUNCATE)")
    whole = (broken / "hall.db").read_bytes()
    for kept in (3_000, 4_096, len(whole) - 4_096):
        (broken / "hall.db").write_bytes(whole[:kept])
        assert re.search(r"hall.db: (cannot be (opened|read)|holds no events)", sentence("controller", broken)), kept


def test_a_journal_overwritten_in_its_middle(broken: Path) -> None:
    sql(broken, "PRAGMA wal_checkpoint(TRUNCATE)")
    whole = (broken / "hall.db").read_bytes()
    (broken / "hall.db").write_bytes(whole[:4_096] + b"\x55" * (len(whole) - 4_096))
    assert re.search(r"hall.db: cannot be (opened|read): .*malformed; \w+", sentence("controller", broken))


def test_a_journal_of_a_newer_version(broken: Path) -> None:
    sql(broken, "PRAGMA user_version = 99")
    said = sentence("controller", broken)
    assert "schema 99 is newer than this version's" in said
    assert "install the newer version, or restore a backup" in said


@pytest.mark.parametrize(
    ("seq", "body"),
    [
        (2, '{"type":"ticket_called","seq":2}'),
        (2, '{"type":"ticket_no_show","seq":2,"ticket":77,"number":null}'),
        (2, '{"type":"hall_flew_away","seq":2}'),
        (2, "not JSON"),
        (5, '{"type":"issuing_stopped","seq":5}'),
    ],
    ids=["fields-missing", "ticket-unknown", "type-unknown", "garbage", "seq-left-out"],
)
def test_an_event_that_does_not_replay(broken: Path, seq: int, body: str) -> None:
    add_event(broken, seq, body)
    assert re.search(r"hall.db: event 2 cannot be applied: .*; restore a backup", sentence("controller", broken))


# --- directories, ports, a second controller ----------------------------------------------------


def test_a_directory_that_is_no_hall_is_left_alone(tmp_path: Path) -> None:
    assert "is " in sentence("controller", tmp_path)
    assert not list(tmp_path.iterdir())
    for command, *options in (["enroll", "x", "--role", "kiosk"], ["revoke", "x"], ["show"]):
        sentence(command, tmp_path, *options)
        assert not list(tmp_path.iterdir())


@pytest.mark.parametrize("where", ["missing", "file"])
def test_a_path_that_is_no_directory(tmp_path: Path, where: str) -> None:
    (tmp_path / "file").touch()
    done = hall_command("controller", tmp_path / where)
    assert done.returncode == 2
    assert "Invalid value for 'DIR'" in done.stderr
    assert "Traceback" not in done.stderr


INIT = ("--id", "BA001", "--tier", "street", "--counters", "2")


def test_init_takes_no_directory_that_holds_something(tmp_path: Path) -> None:
    (tmp_path / "letter.txt").write_text("dear hall")
    assert "is not an empty directory; choose a new one" in sentence("init", tmp_path, *INIT)
    assert [path.name for path in tmp_path.iterdir()] == ["letter.txt"]


@pytest.mark.parametrize(
    ("options", "said"),
    [
        (["--id", "B A", *INIT[2:]], "--id 'B A' is not 1 to 16 letters, digits or dashes; give e.g. BA001"),
        ([*INIT, "--host", "no host"], "bus.commands is 'tcp://no host:"),
        ([*INIT, "--host", "::1"], "bus.commands is 'tcp://::1:"),
    ],
)
def test_init_leaves_nothing_half_made(tmp_path: Path, options: list[str], said: str) -> None:
    assert said in sentence("init", tmp_path / "hall", *options)
    assert not (tmp_path / "hall").exists() or not list((tmp_path / "hall").iterdir())


def test_init_says_what_it_needs(tmp_path: Path) -> None:
    for options, said in (
        (["--tier", "street", "--counters", "2"], "Missing option '--id'"),
        (["--id", "X", "--tier", "village", "--counters", "2"], "'village' is not one of 'district', 'street'"),
        (["--id", "X", "--tier", "street", "--counters", "0"], "0 is not in the range 1<=x<=200"),
    ):
        done = hall_command("init", tmp_path / "hall", *options)
        assert done.returncode == 2
        assert said in done.stderr
        assert not (tmp_path / "hall").exists()


def test_a_place_that_cannot_be_made(tmp_path: Path) -> None:
    (tmp_path / "file").touch()
    assert "cannot be made: Not a directory; choose another" in sentence("init", tmp_path / "file" / "hall", *INIT)


def bound_by_permissions(*words: str | Path) -> subprocess.CompletedProcess[str]:
    """Run `hall WORDS…` so that permission bits bind it, though the tests may run as root: without capabilities."""
    drop = ["setpriv", "--bounding-set=-all", "--inh-caps=-all"] if os.geteuid() == 0 else []
    return subprocess.run([*drop, *HALL, *map(str, words)], capture_output=True, text=True, timeout=60, check=False)


def test_a_directory_that_may_not_be_written(broken: Path, tmp_path: Path) -> None:
    broken.chmod(0o500)
    tmp_path.chmod(0o500)
    try:
        for command, where, *options in (("controller", broken), ("init", tmp_path / "new", *INIT)):
            done = bound_by_permissions(str(command), where, *map(str, options))
            assert done.returncode == 2, done.stderr
            assert "Permission denied" in done.stderr
            assert "Traceback" not in done.stderr
            assert done.stderr.count("\n") == 1
        (broken / "keys").chmod(0o500)
        done = bound_by_permissions("enroll", broken, "kiosk-2", "--role", "kiosk")
        assert (done.returncode, done.stderr.count("\n")) == (2, 1)
        assert "cannot be written: Permission denied" in done.stderr
    finally:
        tmp_path.chmod(0o700)
        broken.chmod(0o700)
        (broken / "keys").chmod(0o700)


def test_a_port_that_is_taken(broken: Path) -> None:
    text = (broken / "hall.toml").read_text("utf-8")
    for name in ("commands", "events"):
        with socket.socket() as other:
            other.bind(("127.0.0.1", 0))
            other.listen()
            endpoint = f"tcp://127.0.0.1:{other.getsockname()[1]}"
            (broken / "hall.toml").write_text(re.sub(rf'(?m)^{name} = ".*"', f'{name} = "{endpoint}"', text), "utf-8")
            said = sentence("controller", broken)
            assert f"cannot listen on {endpoint}: Address already in use" in said
            assert "change [bus] in hall.toml" in said


def test_a_second_controller_on_one_hall(running: RunningHall) -> None:
    assert "another controller runs this hall; stop that one first" in sentence("controller", running.dir)
    assert running.process.poll() is None
    assert running.state().epoch
