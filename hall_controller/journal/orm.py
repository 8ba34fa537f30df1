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

__all__ = ["BlobField", "DatabaseError", "IntegerField", "Model", "PeeweeException", "SqliteDatabase", "TextField"]
