"""The figures of many halls, served by one process: what `hall metrics` serves for one, each at its own port.

A hall has its exporter on its own box. Here one machine plays all boxes, and a process each would cost it as much
memory again as the controllers.

    python -m metrics.district.day.exporters PORTS HALL...     # directories; PORTS is written once all are served
"""

import asyncio
import gc
import json
import sys
from pathlib import Path

import zmq.asyncio

from hall_controller.bus.bundle import load_bundle
from hall_controller.part import log_to_stderr, until_told_to_stop
from metrics.district.day.children import allow_many_files
from metrics.district.day.hall import client_of
from metrics.door import HEAD_BYTES, Door
from metrics.exporter import Exporter

MOST_SOCKETS = 16_000


async def serve(halls: list[Path], ports: Path) -> None:
    context = zmq.asyncio.Context()
    context.set(zmq.MAX_SOCKETS, MOST_SOCKETS)
    found, asking = {}, []
    for directory in halls:
        client = client_of(load_bundle(directory, "metrics"), context)
        exporter = Exporter(client)
        client.follow()
        asking.append(asyncio.create_task(exporter.ask_for_ever()))
        server = await asyncio.start_server(Door(exporter.registry).receive, "127.0.0.1", 0, limit=HEAD_BYTES)
        found[directory.name] = server.sockets[0].getsockname()[1]
    gc.freeze()
    draft = ports.with_suffix(".draft")
    draft.write_text(json.dumps(found), "utf-8")
    draft.replace(ports)
    await until_told_to_stop()
    for task in asking:
        task.cancel()


if __name__ == "__main__":
    log_to_stderr("exporters")
    allow_many_files()
    asyncio.run(serve([Path(word) for word in sys.argv[2:]], Path(sys.argv[1])))
