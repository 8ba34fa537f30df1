"""Questions that both terminals ask: which matter, and what to amend."""

from collections.abc import Collection, Mapping
from typing import Protocol

from counter_client.desk import Link
from counter_client.entries import found_in, matter_entries
from counter_client.widgets.dialogs import Answer, Choose, Dialog, Pick
from counter_client.words import CLASSES, Tongue, Words
from hall_controller.domain import commands as c
from hall_controller.domain.bundle import matters_of
from hall_controller.domain.matters import Matter
from hall_controller.domain.ticket import VisitorClass


class Asker(Protocol):
    """The screen that asks."""

    tongue: Tongue
    link: Link
    matters: dict[str, Matter]

    async def ask(self, dialog: Dialog[Answer]) -> Answer | None: ...


async def pick_matter(screen: Asker, title: Words, *, without: Collection[str] = ()) -> str | None:
    return await pick_among(screen, title, screen.matters, without=without)


async def pick_among(
    screen: Asker, title: Words, matters: Mapping[str, Matter], *, without: Collection[str] = ()
) -> str | None:
    """`matters` are searched by an index that is kept for as long as they are the same object."""
    prompt = Words("名称、拼音、首字母、代码", "name, pinyin, initials or code")
    entries = [entry for entry in matter_entries(matters, screen.tongue) if entry.id not in without]
    return await screen.ask(Pick(title, entries, screen.tongue, prompt=prompt, find=found_in(matters)))


async def ask_amendment(screen: Asker, ticket: int, number: str) -> c.Command | None:
    title = Words(f"更正 {number}", f"Amend {number}")
    ways = [("matter", Words("事项", "matter")), *((kind.value, CLASSES[kind]) for kind in VisitorClass)]
    ways.append(("more", Words("再加一件事项", "one more matter")))
    way = await screen.ask(Choose(title, ways, screen.tongue))
    if way == "more":
        return await add_matter(screen, ticket, number)
    if way == "matter":
        matter = await pick_matter(screen, title)
        return c.AmendTicket(ticket=ticket, matter=matter) if matter else None
    return c.AmendTicket(ticket=ticket, visitor_class=VisitorClass(way)) if way else None


async def add_matter(screen: Asker, ticket: int, number: str) -> c.Command | None:
    """One more matter on the same ticket: its number and its place stay."""
    title = Words(f"{number} 再加一件事项", f"{number}: one more matter")
    found = screen.link.hall.tickets.get(ticket) if screen.link.hall is not None else None
    if found is None:
        return None
    picked = await pick_matter(screen, title, without=matters_of(found))
    return c.AmendTicket(ticket=ticket, more=(*found.more, picked)) if picked else None
