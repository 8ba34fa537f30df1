"""A morning at one hall, played by the client of whichever release runs it, with commands of the first release only.

    python release_scene.py HALL_DIRECTORY [TO_MS]

Prints each reply's JSON on a line, then the hall as a follower has it; null if it could not follow. TO_MS sets a
rehearsal's clock first. It leaves behind visitors in every state that a journal can end in.
"""

import asyncio
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

from hall_controller.bus import wire
from hall_controller.bus.bundle import load_bundle
from hall_controller.bus.client import HallClient
from hall_controller.domain import commands as c
from hall_controller.domain.refusal import Refusal
from hall_controller.domain.ticket import Language, VisitorClass

RENEWAL, CERTIFICATE = "id-card-renew", "household-certificate"
TRIES, TRY_S = 160, 0.05


class Hall:
    """The manager may do what every device may."""

    def __init__(self, client: HallClient) -> None:
        self._client = client

    async def ask(self, request: wire.Request) -> Any:
        reply = await self._client.ask(request)
        sys.stdout.write(wire.encode(reply).decode() + "\n")
        assert not isinstance(reply, Refusal), (request, reply)
        return reply

    async def serve(self, counter: int) -> Any:
        called = await self.ask(c.CallNext(counter=counter))
        await self.ask(c.StartService(counter=counter, ticket=called.ticket))
        return called


async def play(hall: Hall) -> None:
    soon_ms = (await hall.ask(wire.Status())).now_ms + 600_000
    for counter in range(1, 5):
        await hall.ask(c.OpenCounter(counter=counter, clerk=f"00{counter}"))
    issued = [await hall.ask(c.IssueTicket(matter=RENEWAL, language=Language.CANTONESE)) for _ in range(8)]
    await hall.ask(c.IssueTicket(matter=RENEWAL, visitor_class=VisitorClass.PRIORITY, why="孕妇", print_at="kiosk"))
    await hall.ask(c.IssueTicket(matter=CERTIFICATE, more=(RENEWAL,)))
    booked = [await hall.ask(c.BookTicket(matter=RENEWAL, slot_at_ms=soon_ms)) for _ in range(3)]
    await hall.ask(c.CheckIn(token=booked[0].token))
    await hall.ask(c.CancelTicket(token=booked[1].token))
    done = await hall.serve(1)
    accepted = await hall.ask(c.AcceptMatter(counter=1, ticket=done.ticket, print_at="kiosk"))
    await hall.ask(c.FinishService(counter=1, ticket=done.ticket))
    await hall.ask(c.Rate(ticket=done.ticket, stars=2, reasons=(c.RatingReason.WAIT,), comment="太久了"))
    held = await hall.serve(2)
    await hall.ask(c.Hold(counter=2, ticket=held.ticket))
    sent_on = await hall.serve(2)
    await hall.ask(c.Transfer(counter=2, ticket=sent_on.ticket, to_counter=4))
    missed = await hall.ask(c.CallNext(counter=2))
    await hall.ask(c.Recall(counter=2, ticket=missed.ticket))
    await hall.ask(c.Missed(counter=2, ticket=missed.ticket))
    await hall.serve(3)
    await hall.ask(c.PauseCounter(counter=3))
    await hall.ask(c.CallNext(counter=1))
    await hall.ask(c.Undo(counter=1))
    await hall.ask(c.CallTicket(counter=1, ticket=issued[-1].ticket))
    await hall.ask(c.ReportResult(receipt=accepted.receipt))
    await hall.ask(c.ReportDevice(kind="paper", state=c.DeviceState.WARNING, detail="低"))
    await hall.ask(c.SetNotice(zh="公告", en="notice"))
    await hall.ask(wire.TicketStatus(ticket=issued[-1].ticket))
    await hall.ask(wire.Matters())


async def comes(condition: Callable[[], bool]) -> bool:
    for _ in range(TRIES):
        if condition():
            return True
        await asyncio.sleep(TRY_S)
    return False


async def main(directory: Path, to_ms: int | None) -> None:
    manager = load_bundle(directory, "manager")
    if to_ms is not None:
        async with HallClient(manager, give_up_s=20) as client:
            await Hall(client).ask(c.AdvanceClock(to_ms=to_ms))
    async with HallClient(manager, give_up_s=20) as client, HallClient(load_bundle(directory, "board")) as board:
        board.follow()
        followed = await comes(lambda: board.connected)
        await play(Hall(client))
        last = await client.ask(wire.EventsSince(0))
        followed = followed and await comes(lambda: board.hall is not None and board.hall.seq >= last.last_seq)
        sys.stdout.write(wire.encode(board.hall if followed else None).decode() + "\n")


if __name__ == "__main__":
    asyncio.run(main(Path(sys.argv[1]), int(sys.argv[2]) if sys.argv[2:] else None))
