"""The tables of hall.db. No index but the keys: each costs every command, and readers walk the journal in order."""

from hall_controller.journal.orm import BlobField, IntegerField, Model, TextField

SCHEMA_VERSION = 1
"""Kept in SQLite's user_version; see migrations.py."""


class Base(Model):
    """Bound to a database while a journal uses it, since a process may have more than one hall open."""


class EventRow(Base):
    """The journal: rows are added, never changed."""

    seq = IntegerField(primary_key=True)
    epoch = TextField()
    at_ms = IntegerField()
    service_day = TextField()
    type = TextField()
    device = TextField()
    body = BlobField()
    """The event as it went over the bus: JSON."""

    class Meta:
        table_name = "events"


class RequestRow(Base):
    """What was answered to (device, request_id); see answers.py."""

    id = IntegerField(primary_key=True)
    device = TextField()
    request_id = BlobField()
    at_ms = IntegerField()
    reply = BlobField()

    class Meta:
        table_name = "requests"


class CheckpointRow(Base):
    """The whole state at one seq, so that a restart replays only what came after."""

    id = IntegerField(primary_key=True)
    seq = IntegerField()
    state_version = IntegerField()
    state = BlobField()
    """msgpack of domain.hall.Hall."""

    class Meta:
        table_name = "checkpoints"


TABLES: tuple[type[Base], ...] = (EventRow, RequestRow, CheckpointRow)
