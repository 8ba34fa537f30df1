"""An ESC/POS printer on TCP, as a peer for tests: prints, answers DLE EOT and GS r, and misbehaves on request."""

import contextlib
import select
import socket
import threading

from ticket_printer.printer.screen.reader import Cut, read, text_of

ASK_AFTER_PRINT = b"\x1dr\x01"


class PaperPrinter:
    """Change its fields from the test at any time; they take effect with the next byte."""

    def __init__(self) -> None:
        self.paper = "ok"
        """`ok`, `near_end`, `out`."""
        self.cover_open = False
        self.offline = False
        self.hangs = False
        """Takes bytes and says nothing."""
        self.runs_out_at: int | None = None
        """Paper runs out after so many bytes of a ticket."""
        self.closes_at: int | None = None
        """Drops the connection after so many bytes of a ticket."""
        self.papers: list[bytes] = []
        """The bytes of each ticket that came out."""
        self._buffer = b""
        self._clients: list[socket.socket] = []
        self._stop = threading.Event()
        self._listener: socket.socket | None = None
        self.port = 0
        self.appear()
        self._thread = threading.Thread(target=self._serve, daemon=True)
        self._thread.start()

    @property
    def address(self) -> str:
        return f"127.0.0.1:{self.port}"

    @property
    def texts(self) -> list[str]:
        return [text_of(read(data)) for data in self.papers]

    def appear(self) -> None:
        """Switched on, at the same address as before."""
        listener = socket.socket()
        listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        listener.bind(("127.0.0.1", self.port))
        listener.listen()
        self.port = listener.getsockname()[1]
        self._listener = listener

    def vanish(self) -> None:
        """Switched off: connections break, new ones are refused, and what was in its memory is gone."""
        listener, self._listener = self._listener, None
        if listener is not None:
            listener.close()
        self.drop_connections()
        self._buffer = b""

    def drop_connections(self) -> None:
        """As many printers do after a minute of silence."""
        clients, self._clients = self._clients, []
        for client in clients:
            with contextlib.suppress(OSError):
                client.shutdown(socket.SHUT_RDWR)
            client.close()

    def empty(self) -> None:
        """Switched off and on within a blink: what was in its memory is gone."""
        self.drop_connections()
        self._buffer = b""

    def stop(self) -> None:
        self._stop.set()
        self.vanish()
        self._thread.join(5)

    def _serve(self) -> None:
        while not self._stop.is_set():
            sockets = [s for s in (self._listener, *self._clients) if s is not None and s.fileno() >= 0]
            try:
                readable, _, _ = select.select(sockets, [], [], 0.02)
                for ready in readable:
                    if ready is self._listener:
                        self._clients.append(ready.accept()[0])
                    else:
                        self._receive(ready)
            except (OSError, ValueError):
                continue  # a socket was closed under us by vanish()

    def _receive(self, client: socket.socket) -> None:
        data = client.recv(65536)
        if not data:
            if client in self._clients:
                self._clients.remove(client)
            client.close()
            return
        if self.hangs:
            self._buffer += data
            return
        if data[:2] == b"\x10\x04":
            client.sendall(bytes([self._status(data[2])]))
            return
        self._buffer += data
        if self.closes_at is not None and len(self._buffer) >= self.closes_at:
            self.closes_at, self._buffer = None, b""
            self.drop_connections()
            return
        if self.runs_out_at is not None and len(self._buffer) >= self.runs_out_at:
            self.runs_out_at, self.paper = None, "out"
        self._work_off(client)

    def _work_off(self, client: socket.socket) -> None:
        """Print what is complete; without paper, or with an open cover, nothing is read any further."""
        if self.paper == "out" or self.cover_open or self.offline:
            return
        asked = self._buffer.endswith(ASK_AFTER_PRINT)
        body = self._buffer.removesuffix(ASK_AFTER_PRINT)
        if asked or body.endswith((b"\x1dV\x00", b"\x1dV\x01")):
            self._buffer = b""
            if any(isinstance(thing, Cut) for thing in read(body)):
                self.papers.append(body)
            if asked:
                client.sendall(bytes([{"ok": 0x00, "near_end": 0x03, "out": 0x0C}[self.paper]]))

    def _status(self, kind: int) -> int:
        status = 0x12
        if kind == 1 and (self.offline or self.cover_open or self.paper == "out"):
            status |= 0x08
        elif kind == 2:
            status |= (0x04 if self.cover_open else 0) | (0x20 if self.paper == "out" else 0)
        elif kind == 4:
            status |= {"ok": 0, "near_end": 0x0C, "out": 0x6C}[self.paper]
        return status
