"""Visitors of the hall with papers, by commands: what a test needs before the keys that it is about."""

from hall_controller.domain import commands as c
from hall_controller.domain.acceptance import Acceptance
from tests.support import RunningHall
from tests.terminal.bench import Bench

SMALL_SHOP = ("business-individual-close", "permit-food-change", "tax-declare")
"""The matters of theme close-shop."""


def serve(hall: RunningHall, matter: str, more: tuple[str, ...] = (), counter: int = 3, **wishes: object) -> str:
    """A visitor who is being served; answers the number."""
    number: str = hall.do(c.IssueTicket(matter=matter, more=more, **wishes), as_="reception").number  # type: ignore[arg-type]
    hall.do(c.OpenCounter(counter=counter, clerk=f"{counter:03d}"))
    hall.do(c.CallNext(counter=counter))
    hall.do(c.StartService(counter=counter))
    return number


def accept(hall: RunningHall, matter: str, counter: int = 7, **wishes: object) -> str:
    """A receipt of a visitor who has left."""
    serve(hall, matter, counter=counter)
    reply = hall.do(c.AcceptMatter(counter=counter, matter=matter, **wishes))  # type: ignore[arg-type]
    hall.do(c.FinishService(counter=counter))
    hall.do(c.CloseCounter(counter=counter))
    receipt: str = reply.receipt
    return receipt


def receipt_of(hall: RunningHall, receipt: str) -> Acceptance | None:
    return hall.state().acceptances.get(receipt)


async def scan(at: Bench, text: str) -> None:
    """As a scanner does: the letters, then Enter."""
    await at.type(text)
    await at.press("enter")


async def looked_up(at: Bench, receipt: str) -> None:
    await at.press("u")
    await at.until_dialog()
    await scan(at, receipt)
    await at.until_dialog_with(f"回执 {receipt}")
