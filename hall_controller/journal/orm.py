"""peewee, as a hall's processes use it: for SQLite alone.

peewee loads the drivers of other databases wherever they are installed. The one for PostgreSQL, which the district's
ledger uses without peewee, would take a quarter of a controller's memory and a fifth of the time in which it starts.
"""

import sys

_DRIVERS = ("psycopg2cffi", "psycopg2", "psycopg")
_hidden = {name: None for name in _DRIVERS if name not in sys.modules}
sys.modules.update(_hidden)  # type: ignore[arg-type]  # None is how Python says "not to be found"
try:
    from peewee import (
        BlobField,
        DatabaseError,
        IntegerField,
        Model,
        PeeweeException,
        SqliteDatabase,
        TextField,
    )
finally:
    for _name in _hidden:
        del sys.modules[_name]

_MENDS = {
    "malformed": "restore a backup",
    "not a database": "restore a backup",
    "is full": "make room on the disk",
}


def cause_of(error: BaseException) -> BaseException:
    """What failed first: a rollback that fails after it (`no transaction is active`) says nothing of the cause."""
    while (before := error.__cause__ or error.__context__) is not None:
        error = before
    return error


def mend_of(error: BaseException) -> str:
    """What to do about a database that cannot be opened or read."""
    said = str(cause_of(error))
    return next((mend for part, mend in _MENDS.items() if part in said), "check the disk and who owns the file")


__all__ = [
    "BlobField",
    "DatabaseError",
    "IntegerField",
    "Model",
    "PeeweeException",
    "SqliteDatabase",
    "TextField",
    "cause_of",
    "mend_of",
]
