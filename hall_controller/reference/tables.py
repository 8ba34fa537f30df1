"""The tables of the docs, rendered from the code.

A page holds each table between `<!-- generated: NAME -->` and `<!-- end -->`; a test fails when the
two differ, so that no command, field, event, role or setting stays undocumented.
"""

import ast
import importlib
import importlib.resources
import inspect
import re
import textwrap
from collections.abc import Callable, Iterable
from importlib.metadata import entry_points
from pathlib import Path

import msgspec
from msgspec import NODEFAULT, UNSET, Struct

from hall_controller.bus import wire
from hall_controller.bus.bundle import Bundle
from hall_controller.bus.roles import ROLES
from hall_controller.config import BusTable, DayTable, HallTable, QueueTable
from hall_controller.config_hours import HoursFile, Special, SpecialSpan
from hall_controller.domain import commands as c
from hall_controller.domain import events as e
from hall_controller.domain.hall import Hall
from hall_controller.domain.matters import Matter
from hall_controller.domain.refusal import Code, Refusal
from hall_controller.domain.rules import Narrowing, NumberRules, Window
from hall_controller.domain.rules_managing import AdviceRules, AlertRules
from hall_controller.domain.sender import Role
from hall_controller.reference.alerts import alert_rows
from hall_controller.reference.types import structs_within, type_words
from hall_controller.reference.words import MEANINGS, REFUSALS

_BLOCK = re.compile(r"(<!-- generated: ([a-z-]+) -->\n).*?(<!-- end -->)", re.DOTALL)

Kind = type[Struct]


# --- what the code says of a struct --------------------------------------------------------------


def tag(kind: Kind) -> str:
    """Its `type` on the wire."""
    return str(kind.__struct_config__.tag)


def first_line(kind: type) -> str:
    return MEANINGS.get(kind.__name__) or next(iter((kind.__doc__ or "").strip().splitlines()), "")


def meanings(kind: Kind) -> dict[str, str]:
    """What each field means: by MEANINGS of `Struct.field`, else its docstring, else by MEANINGS of `field`."""
    bases = [base for base in kind.__mro__ if issubclass(base, Struct) and base is not Struct]
    found: dict[str, str] = {}
    for base in reversed(bases):
        found |= _field_docstrings(base)
    for base in reversed(bases):
        found |= {
            name: MEANINGS[f"{base.__name__}.{name}"]
            for name in base.__annotations__
            if f"{base.__name__}.{name}" in MEANINGS
        }
    found = {**_comments(kind), **found}
    return {name: found.get(name) or MEANINGS.get(name, "") for name in kind.__struct_fields__}


def _comments(kind: Kind) -> dict[str, str]:
    """For the settings of a device: the comments in the hall.toml that `hall init` writes."""
    name = kind.__name__.removesuffix("Settings").lower()
    text = (importlib.resources.files("hall_controller") / "hall.toml.in").read_text("utf-8")
    section = text.partition(f"[device.{name}]")[2].partition("[device.")[0]
    return dict(re.findall(r"(?m)^#? ?(\w+) = .*?  # (.+)$", section))


def _field_docstrings(kind: type) -> dict[str, str]:
    body = ast.parse(textwrap.dedent(inspect.getsource(kind))).body[0]
    assert isinstance(body, ast.ClassDef)
    found = {}
    for field, after in zip(body.body, body.body[1:], strict=False):
        if isinstance(field, ast.AnnAssign) and isinstance(field.target, ast.Name) and isinstance(after, ast.Expr):
            doc = after.value.value if isinstance(after.value, ast.Constant) else None
            if isinstance(doc, str):
                found[field.target.id] = " ".join(doc.split()).replace("None", "null")
    return found


# --- tables --------------------------------------------------------------------------------------


def fields_table(kind: Kind, skip: Iterable[str] = (), *, defaults: bool) -> list[str]:
    says = meanings(kind)
    rows = []
    for field in msgspec.structs.fields(kind):
        if field.name in skip:
            continue
        row = [f"`{field.encode_name}`", type_words(field.type)]
        if defaults:
            row.append("**required**" if field.required else f"`{_default(field)}`")
        rows.append([*row, says[field.name]])
    if not rows:
        return []
    return table(["field", "type", *(["default"] if defaults else []), "meaning"], rows)


def _default(field: msgspec.structs.FieldInfo) -> str:
    value = field.default if field.default is not NODEFAULT else field.default_factory()
    return "absent" if value is UNSET else msgspec.json.encode(value).decode()


def table(head: list[str], rows: list[list[str]]) -> list[str]:
    return [
        f"| {' | '.join(head)} |",
        f"| {' | '.join('---' for _ in head)} |",
        *(f"| {' | '.join(row)} |" for row in rows),
    ]


def sections(
    kinds: Iterable[Kind], skip: Iterable[str] = (), *, defaults: bool, title: Callable[[Kind], str] = tag
) -> str:
    """A heading, a sentence and the fields of each."""
    lines: list[str] = []
    for kind in kinds:
        lines += [f"#### `{title(kind)}`", ""]
        if says := first_line(kind):
            lines += [says, ""]
        if rows := fields_table(kind, skip, defaults=defaults):
            lines += [*rows, ""]
    return "\n".join(lines)


def role_table() -> str:
    """Role × command: `yes`; `own`: for the device's own counter only; `token`: named by its token only."""

    def cell(role: Role, kind: Kind) -> str:
        if kind not in ROLES[role]:
            return ""
        if role is Role.COUNTER and issubclass(kind, c.AtCounter):
            return "own"
        return "token" if role is Role.GATEWAY and "token" in kind.__struct_fields__ else "yes"

    rows = [[f"`{tag(kind)}`", *(cell(role, kind) for role in Role)] for kind in (*wire.QUERIES, *c.EXTERNAL)]
    return "\n".join(table(["", *(str(role) for role in Role)], rows))


def limits() -> str:
    rows = [
        ["a request's JSON", f"{wire.MAX_REQUEST_BYTES:,} bytes", "refused as `too_large`"],
        ["a request_id", f"1 to {wire.MAX_REQUEST_ID_BYTES} bytes", "refused as `malformed`"],
        ["any one frame", "1,048,576 bytes", "the connection is cut"],
        ["events in one page", f"{wire.PAGE:,}", "ask again from the last seq you have"],
    ]
    return "\n".join(table(["what", "at most", "beyond it"], rows))


def refusal_table() -> str:
    rows = [[f"`{code}`", *REFUSALS[code]] for code in Code]
    return "\n".join(table(["code", "what is wrong", "what to do"], rows))


_ENVELOPE = tuple(e.Event.__struct_fields__)
_BASE = tuple(c.Command.__struct_fields__)
REPLIES: tuple[Kind, ...] = (
    wire.Accepted, Refusal, wire.SnapshotReply, wire.EventsReply, wire.StatusReply, wire.MattersReply,
    wire.TicketStatusReply, wire.CreditReply, wire.Pulse,
)  # fmt: skip


def _name(kind: Kind) -> str:
    return kind.__name__


SETTINGS: dict[str, Kind] = {
    "[hall]": HallTable, "[queue]": QueueTable, "[numbers]": NumberRules, "[narrow.NUMBER]": Narrowing,
    "[day]": DayTable, "[alerts]": AlertRules, "[advice]": AdviceRules, "[bus]": BusTable,
    "hours.toml": HoursFile, "[[hours]]": Window,
    "[[special]]": Special, "hours = [{…}] of [[special]]": SpecialSpan,
}  # fmt: skip
"""The tables of hall.toml and hours.toml; those of the devices are checked by their own parts."""


def settings() -> str:
    lines = []
    for heading, kind in SETTINGS.items():
        lines += [f"#### `{heading}`", "", *fields_table(kind, defaults=True), ""]
    return "\n".join(lines)


def part_settings() -> list[Kind]:
    """The settings of the parts that are installed here: the structs of each `settings.py` of their packages."""
    packages = {point.value.split(".")[0] for point in entry_points(group="hall.commands")}
    kinds: list[Kind] = []
    for package in sorted(packages):
        root = Path(str(importlib.import_module(package).__file__)).parent
        for file in sorted(root.rglob("settings.py")):
            name = ".".join([package, *file.relative_to(root).with_suffix("").parts])
            things = vars(importlib.import_module(name)).values()
            kinds += [
                thing
                for thing in things
                if isinstance(thing, type) and issubclass(thing, Struct) and thing.__module__ == name
            ]
    return kinds


BLOCKS: dict[str, Callable[[], str]] = {
    "roles": role_table,
    "limits": limits,
    "bundle": lambda: "\n".join(fields_table(Bundle, defaults=True)),
    "every-command": lambda: "\n".join(fields_table(c.Command, defaults=True)),
    "commands": lambda: sections(c.EXTERNAL, _BASE, defaults=True),
    "queries": lambda: sections(wire.QUERIES, defaults=True),
    "refusals": refusal_table,
    "replies": lambda: sections(REPLIES, defaults=False),
    "every-event": lambda: "\n".join(fields_table(e.Event, defaults=False)),
    "events": lambda: sections(e.ALL, _ENVELOPE, defaults=False),
    "state": lambda: sections(
        structs_within([Hall, Matter, wire.DeviceStatus, wire.ProcessFigures]), defaults=False, title=_name
    ),
    "settings": settings,
    "alerts": lambda: "\n".join(table(["alert", "about", "thresholds", "what to do"], alert_rows())),
    "device-settings": lambda: sections(part_settings(), defaults=True, title=_name),
}


def rendered(page: str) -> str:
    """The page with its generated blocks as the code has them. Raises KeyError for a block of an unknown name."""
    return _BLOCK.sub(lambda match: f"{match[1]}{BLOCKS[match[2]]().rstrip()}\n{match[3]}", page)
