"""One controller to a directory: two would give out the same numbers."""

import fcntl
import os
from pathlib import Path


class LockTrouble(Exception):
    """One sentence: the directory and the mend."""


def lock_hall(directory: Path) -> int:
    """A descriptor that holds the lock until it is closed or the process ends, however it ends. Raises LockTrouble."""
    try:
        descriptor = os.open(directory / "hall.lock", os.O_RDWR | os.O_CREAT, 0o600)
    except OSError as error:
        raise LockTrouble(f"{directory}: cannot be written: {error.strerror}; check the path and its owner") from None
    try:
        fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except OSError:
        os.close(descriptor)
        raise LockTrouble(f"{directory}: another controller runs this hall; stop that one first") from None
    return descriptor


def is_locked(directory: Path) -> bool:
    """Whether a controller runs this hall now."""
    try:
        os.close(lock_hall(directory))
    except LockTrouble:
        return True
    return False
