"""Questions that both terminals ask: which matter, and what to amend."""

from typing import Protocol

from counter_client.desk import Link
from counter_client.entries import found_in, matter_entries
from counter_client.widgets.dialogs import Answer, Choose, Dialog, Pick
from counter_client.words import CLASSES, Tongue, Words
from hall_controller.domain import commands as c
from hall_controller.domain.matters import Matter
from hall_controller.domain.ticket import VisitorClass


class Asker(Protocol):
    """The screen that asks."""

    tongue: Tongue
    link: Link
    matters: dict[str, Matter]

    async def ask(self, dialog: Dialog[Answer]) -> Answer | None: ...


async def pick_matter(screen: Asker, title: Words) -> str | None:
    prompt = Words("名称、拼音、首字母、代码", "name, pinyin, initials or code")
    entries = matter_entries(screen.matters, screen.tongue)
    return await screen.ask(Pick(title, entries, screen.tongue, prompt=prompt, find=found_in(screen.matters)))


async def ask_amendment(screen: Asker, ticket: int, number: str) -> c.Command | None:
    title = Words(f"更正 {number}", f"Amend {number}")
    ways = [("matter", Words("事项", "matter")), *((kind.value, CLASSES[kind]) for kind in VisitorClass)]
    way = await screen.ask(Choose(title, ways, screen.tongue))
    if way == "matter":
        matter = await pick_matter(screen, title)
        return c.AmendTicket(ticket=ticket, matter=matter) if matter else None
    return c.AmendTicket(ticket=ticket, visitor_class=VisitorClass(way)) if way else None
