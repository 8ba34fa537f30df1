"""Backup and restore: one file that holds a hall, written while it runs."""

import contextlib
import os
import re
import shutil
import tarfile
import tempfile
import zlib
from pathlib import Path

from hall_controller.config import CATALOGUE, CONFIG
from hall_controller.config_hours import HOURS
from hall_controller.credit.register import FILE as REGISTER
from hall_controller.domain.events import Origin
from hall_controller.figures import BACKED_UP
from hall_controller.journal.epoch import start_epoch
from hall_controller.journal.journal import FILE, Journal
from hall_controller.part import Trouble

_MEMBER = re.compile(rf"{CONFIG}|{HOURS}|{CATALOGUE}|{REGISTER}|{FILE}|keys/[\w.-]+|devices/[\w.-]+")


def back_up(directory: Path, file: Path) -> int:
    """Write the hall to `file` (tar, gzip, mode 0600), whole or not at all; returns its last seq. Raises Trouble."""
    if file.exists():
        raise Trouble(f"{file} exists; choose a new name, so that no backup is lost")
    fresh = file.with_name(file.name + ".part")
    try:
        with tempfile.TemporaryDirectory(dir=file.parent) as room:
            copy = Path(room) / FILE
            with Journal(directory, read_only=True) as journal:
                journal.back_up(copy)
            with Journal(Path(room), read_only=True) as copied:
                seq = copied.last_seq()
            with os.fdopen(os.open(fresh, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600), "wb") as out:
                with tarfile.open(fileobj=out, mode="w:gz") as tar:
                    tar.add(copy, FILE)
                    for name in (CONFIG, HOURS, CATALOGUE, REGISTER, "keys", "devices"):
                        if name not in (HOURS, REGISTER) or (directory / name).exists():  # a hall may do without
                            tar.add(directory / name, name)
                out.flush()
                os.fsync(out.fileno())
        fresh.replace(file)
        with contextlib.suppress(OSError):  # a backup is one, also where its moment cannot be kept
            (directory / BACKED_UP).touch()
            os.utime(directory / BACKED_UP)  # by this box's clock: a new file has that of its file system's server
    except OSError as error:
        fresh.unlink(missing_ok=True)
        raise Trouble(f"{file}: cannot be written: {error.strerror or error}; choose another place") from None
    return seq


def restore(file: Path, directory: Path) -> str:
    """Bring a hall back into an empty directory, with a new epoch: what came after the backup never happened.

    Returns the epoch. Raises Trouble.
    """
    if directory.exists() and (not directory.is_dir() or any(directory.iterdir())):
        raise Trouble(f"{directory} is not an empty directory; choose a new one")
    # Beside it first: a restore that fails leaves nothing half done where a hall should be.
    room = directory.with_name(directory.name + ".part")
    try:
        directory.parent.mkdir(parents=True, exist_ok=True)
        room.mkdir(mode=0o700)
    except OSError as error:
        raise Trouble(f"{room}: cannot be made: {error.strerror}; remove it, or choose another place") from None
    try:
        _unpack(file, room)
        epoch = start_epoch(room, Origin.RESTORE)
        room.replace(directory)
    except (tarfile.TarError, EOFError, zlib.error) as error:
        raise Trouble(f"{file}: not a hall's backup: {error}") from None
    except OSError as error:
        raise Trouble(f"{error.filename or file}: {error.strerror or error}; check file and directory") from None
    finally:
        shutil.rmtree(room, ignore_errors=True)
    return epoch


def _unpack(file: Path, room: Path) -> None:
    """Only files that a hall has, each readable by its owner alone. By hand: Debian 12's tarfile knows no filters."""
    with tarfile.open(file) as tar:
        members = [member for member in tar.getmembers() if member.isfile()]
        names = {member.name for member in members}
        strange = sorted(name for name in names if not _MEMBER.fullmatch(name))
        if strange or not {CONFIG, CATALOGUE, FILE, "keys/server.toml"} <= names:
            raise Trouble(f"{file}: not a hall's backup{': it holds ' + strange[0] if strange else ''}")
        for name in ("keys", "devices"):
            (room / name).mkdir(mode=0o700)
        for member in members:
            held = tar.extractfile(member)
            assert held is not None, "isfile() said so"
            with held, os.fdopen(os.open(room / member.name, os.O_WRONLY | os.O_CREAT, 0o600), "wb") as out:
                shutil.copyfileobj(held, out)
