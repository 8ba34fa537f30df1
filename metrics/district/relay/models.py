"""The tables of the relay's database: how far each hall was read, and every message that its events led to."""

from peewee import BlobField, BooleanField, IntegerField, Model, TextField

SCHEMA_VERSION = 1
"""Kept in SQLite's user_version."""


class Base(Model):
    """Bound to the database while an outbox uses it."""


class AboutRow(Base):
    id = IntegerField(primary_key=True)
    rehearsal = BooleanField()

    class Meta:
        table_name = "about"


class HallRow(Base):
    """A hall that is read: the last event of it that the relay knows."""

    hall = TextField(primary_key=True)
    epoch = TextField(default="")
    seq = IntegerField(default=0)
    anchor = TextField(default="")
    """A digest of that event, by which a journal that was set back is known."""
    afresh = BooleanField(default=False)
    """It was restored, and is not read to its last event since."""
    heard_ms = IntegerField(null=True)
    trouble = TextField(default="")
    trouble_ms = IntegerField(null=True)

    class Meta:
        table_name = "halls"


class MessageRow(Base):
    """One message to one hall. A row is never deleted: it is how an event that is read again is known."""

    id = IntegerField(primary_key=True)
    key = TextField(unique=True)
    """A digest of what it says to whom."""
    place = IntegerField(default=0)
    """In the order in which its hall is told: its id, or that of what it has superseded."""
    to_hall = TextField(index=True)
    kind = TextField()
    from_hall = TextField()
    """Whose event led to it."""
    subject = TextField()
    """The number of the consignment or receipt that it is about."""
    body = BlobField()
    """The command: JSON."""
    said_ms = IntegerField()
    """When it happened there, by that hall's clock."""
    noted_ms = IntegerField()
    """When the relay learned of it, by the wall clock; so are the times below."""
    state = TextField()
    round = IntegerField(default=1)
    """Rises when it must be done again: its hall was restored, or someone asked for it."""
    tries = IntegerField(default=0)
    tried_ms = IntegerField(null=True)
    reason = TextField(default="")
    """Why it was not accepted when it was tried last."""
    accepted_ms = IntegerField(null=True)
    accepted_seq = IntegerField(default=0)
    seen = BooleanField(default=False)
    """Its effect stands in its hall's journal, as that was read last."""

    class Meta:
        table_name = "messages"


TABLES: tuple[type[Base], ...] = (AboutRow, HallRow, MessageRow)
