"""`hall metrics DIR|BUNDLE`. What it needs is imported when it runs, not when `hall --help` looks for commands."""

from pathlib import Path

import click

from hall_controller.part import part_argument


@click.command()
@part_argument
@click.option("--host", help="Serve at this address instead of the one in hall.toml.")
@click.option("--port", type=click.IntRange(0, 65_535), help="Serve at this port instead; 0 takes a free one.")
def metrics(path: Path, host: str | None, port: int | None) -> None:
    """Serve the hall's figures to Prometheus at /metrics. Stops on SIGTERM.

    docs/metrics.md explains each of them.
    """
    from metrics.exporter import run

    run(path, host=host, port=port)
