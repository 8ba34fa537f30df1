"""hall do: one command over the bus."""

import asyncio
import difflib
import sys
from pathlib import Path
from typing import Any

import click
import msgspec

from hall_controller.bus import wire
from hall_controller.bus.bundle import Bundle, BundleError, load_bundle
from hall_controller.bus.client import HallClient, NoController
from hall_controller.bus.mistakes import describe
from hall_controller.domain.refusal import Refusal
from hall_controller.part import EXIT_NO_CONTROLLER, EXIT_REFUSED, Trouble

KINDS = wire.KINDS


def fields_help(kind: type[Any]) -> str:
    """`--counter INT  --ticket INT (optional)`."""
    words = []
    for field in msgspec.structs.fields(kind):
        optional = "" if field.required else " (optional)"
        words.append(f"--{field.name} {_type_name(field.type)}{optional}")
    return "  ".join(words)


def _type_name(kind: Any) -> str:
    info = msgspec.inspect.type_info(kind)
    parts = info.types if isinstance(info, msgspec.inspect.UnionType) else (info,)
    for part in parts:
        inner = part.type if isinstance(part, msgspec.inspect.Metadata) else part
        match inner:
            case msgspec.inspect.IntType():
                return "INT"
            case msgspec.inspect.FloatType():
                return "NUMBER"
            case msgspec.inspect.EnumType(cls):
                return "|".join(str(member) for member in cls)
            case msgspec.inspect.VarTupleType():
                return "A,B,…"
            case _:
                continue
    return "TEXT"


def _listing() -> str:
    return "\b\n" + "\n".join(f"{name:20} {(kind.__doc__ or '').splitlines()[0]}" for name, kind in KINDS.items())


@click.command(
    context_settings={"ignore_unknown_options": True, "help_option_names": []},
    help="Send one COMMAND, print the reply as JSON.\n\n"
    f"Exit code 0: accepted, 3: refused, 4: no controller.\n\n{_listing()}",
)
@click.argument("path", metavar="DIR|BUNDLE", type=click.Path(exists=True, path_type=Path), required=False)
@click.argument("command", required=False)
@click.option("--as", "device", default="manager", show_default=True, help="The device to speak as.")
@click.option(
    "--timeout", "give_up_s", type=float, default=6.0, show_default=True, help="Seconds to wait for an answer."
)
@click.option("--request-id", help="Repeat an earlier request: it is done once.")
@click.option("-h", "--help", "wants_help", is_flag=True, help="Show this message, or the fields of COMMAND.")
@click.argument("fields", nargs=-1, type=click.UNPROCESSED, metavar="[--FIELD VALUE]...")
@click.pass_context
def do(
    ctx: click.Context,
    path: Path | None,
    command: str | None,
    device: str,
    give_up_s: float,
    request_id: str | None,
    wants_help: bool,
    fields: tuple[str, ...],
) -> None:
    if path is None or command is None or (wants_help and command not in KINDS):
        click.echo(ctx.get_help())
        raise SystemExit(0 if wants_help else 2)
    kind = KINDS.get(command)
    if kind is None:
        near = difflib.get_close_matches(command, KINDS, 1)
        raise Trouble(
            f"there is no command {command!r}" + (f"; did you mean {near[0]}?" if near else "; see hall do --help")
        )
    if wants_help:
        click.echo(f"{command}: {(kind.__doc__ or '').splitlines()[0]}\n{fields_help(kind)}")
        return
    try:
        bundle = load_bundle(path, device)
    except BundleError as error:
        raise Trouble(str(error)) from None
    values = _pairs(command, kind, fields)
    try:
        reply = asyncio.run(_ask(bundle, kind, values, give_up_s, request_id))
    except NoController as error:
        click.echo(f"hall: {error}", err=True)
        raise SystemExit(EXIT_NO_CONTROLLER) from None
    click.echo(wire.encode(reply).decode())
    if isinstance(reply, Refusal):
        click.echo(f"hall: refused ({reply.code}): {reply.message}", err=True)
        sys.exit(EXIT_REFUSED)


def _pairs(command: str, kind: type[Any], words: tuple[str, ...]) -> dict[str, Any]:
    """`--counter 3 --clerk=007` -> {"counter": "3", "clerk": "007"}. Raises Trouble."""
    known = {field.name: field for field in msgspec.structs.fields(kind)}
    values: dict[str, Any] = {}
    rest = list(words)
    while rest:
        word = rest.pop(0)
        name, given, value = word.removeprefix("--").partition("=")
        name = name.replace("-", "_")
        if not word.startswith("--") or name not in known:
            raise Trouble(f"{command} has no field {word!r}; it takes: {fields_help(kind)}")
        if not given:
            if not rest:
                raise Trouble(f"field --{name} of {command} has no value")
            value = rest.pop(0)
        values[name] = value.split(",") if _type_name(known[name].type) == "A,B,…" else value
    missing = [field.name for field in known.values() if field.required and field.name not in values]
    if missing:
        raise Trouble(f"{command} needs {', '.join('--' + name for name in missing)}; it takes: {fields_help(kind)}")
    return values


async def _ask(
    bundle: Bundle, kind: type[Any], values: dict[str, Any], give_up_s: float, request_id: str | None
) -> Any:
    async with HallClient(bundle, give_up_s=give_up_s) as client:
        ticket = values.get("ticket")
        if ticket is not None and not ticket.isdigit():
            values["ticket"] = await _ticket_of(client, ticket)
        try:
            request = msgspec.convert(values, kind, strict=False)
        except msgspec.ValidationError as error:
            message, _ = describe(str(error), str(kind.__struct_config__.tag), kind, values)
            raise Trouble(f"field --{message.rstrip('.')}") from None
        return await client.ask(request, request_id=request_id)


async def _ticket_of(client: HallClient, number: str) -> int:
    """People know a ticket by its number."""
    snapshot = await client.ask(wire.Snapshot())
    if isinstance(snapshot, wire.SnapshotReply):
        for ticket in snapshot.state.tickets.values():
            if ticket.number == number.upper():
                return ticket.ticket
        for key, ended in snapshot.state.ended.items():
            if ended.number == number.upper():
                return key
    raise Trouble(f"field --ticket: there is no ticket {number!r} in the hall now")
