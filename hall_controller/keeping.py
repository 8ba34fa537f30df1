"""Backup and restore: one file that holds a hall, written while it runs."""

import os
import re
import tarfile
import tempfile
from pathlib import Path

from hall_controller.config import CATALOGUE, CONFIG
from hall_controller.journal.epoch import start_epoch
from hall_controller.journal.journal import FILE, Journal
from hall_controller.part import Trouble

_MEMBER = re.compile(rf"{CONFIG}|{CATALOGUE}|{FILE}|keys/[\w.-]+|devices/[\w.-]+")


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
                    for name in (CONFIG, CATALOGUE, "keys", "devices"):
                        tar.add(directory / name, name)
                out.flush()
                os.fsync(out.fileno())
        fresh.replace(file)
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
    try:
        with tarfile.open(file) as tar:
            members = [member for member in tar.getmembers() if member.isfile()]
            names = {member.name for member in members}
            strange = sorted(name for name in names if not _MEMBER.fullmatch(name))
            if strange or not {CONFIG, CATALOGUE, FILE, "keys/server.toml"} <= names:
                raise Trouble(f"{file}: not a hall's backup{': it holds ' + strange[0] if strange else ''}")
            directory.mkdir(parents=True, exist_ok=True)
            directory.chmod(0o700)
            for name in ("keys", "devices"):
                (directory / name).mkdir(mode=0o700)
            tar.extractall(directory, members=members, filter="data")
    except (tarfile.TarError, EOFError) as error:
        raise Trouble(f"{file}: not a hall's backup: {error}") from None
    except OSError as error:
        raise Trouble(f"{error.filename or file}: {error.strerror or error}; check file and directory") from None
    return start_epoch(directory, "restore")
