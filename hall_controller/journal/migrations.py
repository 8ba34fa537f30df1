"""Bringing hall.db to the schema of this version: each step runs once, in order, in one transaction."""

from collections.abc import Callable

from hall_controller.journal.models import SCHEMA_VERSION, TABLES
from hall_controller.journal.orm import SqliteDatabase


class NewerDatabase(Exception):
    """The database was written by a newer version."""


def _create(database: SqliteDatabase) -> None:
    database.create_tables(TABLES)


MIGRATIONS: tuple[Callable[[SqliteDatabase], None], ...] = (_create,)
"""MIGRATIONS[n] brings a database from version n to n + 1."""


def check_version(database: SqliteDatabase) -> int:
    """The schema version of the file. Raises NewerDatabase when this version is too old for it."""
    version = int(database.pragma("user_version"))
    if version > SCHEMA_VERSION:
        raise NewerDatabase(f"schema {version} is newer than this version's {SCHEMA_VERSION}")
    return version


def migrate(database: SqliteDatabase) -> None:
    """Raises NewerDatabase when this version is too old for the file."""
    version = check_version(database)
    if version < SCHEMA_VERSION:
        with database.atomic("IMMEDIATE"):
            for step in MIGRATIONS[version:SCHEMA_VERSION]:
                step(database)
            database.pragma("user_version", SCHEMA_VERSION)
