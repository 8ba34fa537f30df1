"""A cable between a client and the hall that can be cut, unplugged or made to swallow what is on its way."""

import asyncio
import contextlib
from types import TracebackType
from typing import Self


class BadCable:
    """`async with BadCable("tcp://127.0.0.1:5701") as cable`: connect to `cable.endpoint` instead."""

    def __init__(self, endpoint: str) -> None:
        self._target_port = int(endpoint.rpartition(":")[2])
        self.connections = 0
        self.unplugged = False
        """New connections are closed at once."""
        self.swallows = False
        """What is on its way, in both directions, is lost; nobody is told, and new connections fare the same."""
        self._flows: asyncio.Event = asyncio.Event()
        self._flows.set()
        self._open: set[asyncio.StreamWriter] = set()
        self._deaf: set[asyncio.StreamWriter] = set()

    async def __aenter__(self) -> Self:
        self._server = await asyncio.start_server(self._plugged, "127.0.0.1", 0)
        self.endpoint = f"tcp://127.0.0.1:{self._server.sockets[0].getsockname()[1]}"
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._server.close()
        self.cut()
        self._flows.set()

    def cut(self) -> None:
        for writer in list(self._open):
            writer.close()

    def unplug(self) -> None:
        self.unplugged = True
        self.cut()

    def plug_in(self) -> None:
        self.unplugged = False

    def freeze(self) -> None:
        """Nothing gets through, and nobody is told; what is sent meanwhile arrives on `thaw`."""
        self._flows.clear()

    def thaw(self) -> None:
        self._flows.set()

    def lose_replies(self) -> None:
        """What the hall answers on the connections of now is lost; a new connection is whole again."""
        self._deaf |= self._open

    async def _plugged(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        if self.unplugged:
            writer.close()
            return
        try:
            hall_reader, hall_writer = await asyncio.open_connection("127.0.0.1", self._target_port)
        except OSError:
            writer.close()
            return
        self.connections += 1
        self._open |= {writer, hall_writer}
        await asyncio.gather(self._pump(reader, hall_writer), self._pump(hall_reader, writer))

    async def _pump(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        with contextlib.suppress(OSError):
            while data := await reader.read(65_536):
                await self._flows.wait()
                if self.swallows:
                    self._deaf.add(writer)  # what lacks a piece is no connection any more
                if writer not in self._deaf or writer.is_closing():
                    writer.write(data)
                    await writer.drain()
        writer.close()
        self._open.discard(writer)
