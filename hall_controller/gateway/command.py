"""`hall gateway DIR|BUNDLE`. What it needs is imported when it runs, not when `hall --help` looks for commands."""

import hashlib
import json
import secrets
from pathlib import Path
from typing import Any

import click

from hall_controller.part import part_argument


def _print_document(ctx: click.Context, _: click.Parameter, wanted: Any) -> None:
    if wanted:
        from hall_controller.gateway.app import document

        click.echo(json.dumps(document(), ensure_ascii=False, indent=2))
        ctx.exit()


def _print_key(ctx: click.Context, _: click.Parameter, wanted: Any) -> None:
    if wanted:
        key = secrets.token_urlsafe(32)
        click.echo(f"The app's key, for its server alone: {key}")
        click.echo("What hall.toml keeps of it, in [device.gateway]:")
        click.echo(f'app_keys = ["app:{hashlib.sha256(key.encode()).hexdigest()}"]')
        ctx.exit()


@click.command()
@part_argument
@click.option("--host", help="Serve at this address instead of the one in hall.toml.")
@click.option("--port", type=click.IntRange(0, 65_535), help="Serve at this port instead; 0 takes a free one.")
@click.option(
    "--openapi", is_flag=True, is_eager=True, expose_value=False, callback=_print_document,
    help="Print the OpenAPI document, and no more.",
)  # fmt: skip
@click.option(
    "--new-key", is_flag=True, is_eager=True, expose_value=False, callback=_print_key,
    help="Print a fresh key for an app with what hall.toml keeps of it, and no more.",
)  # fmt: skip
def gateway(path: Path, host: str | None, port: int | None) -> None:
    """Serve the HTTP gateway: hall, matters, bookings and tickets for the district's app. Stops on SIGTERM.

    It is enrolled first, by `hall enroll DIR gateway --role gateway`. docs/gateway.md explains each request.
    """
    from hall_controller.gateway.serve import run

    run(path, host=host, port=port)
