"""From the alert of stranded bookings to the act that frees them: which booking goes to which free half hour."""

from typing import TYPE_CHECKING

from counter_client.clerk.view import matter_words
from counter_client.reception.slot import slot_words
from counter_client.widgets.dialogs import Entry, Pick
from counter_client.widgets.look import SOFT, line, pair
from counter_client.widgets.told import Tone
from counter_client.words import Words
from hall_controller.bus.features import Feature
from hall_controller.domain import commands as c
from hall_controller.domain.hall import Hall, in_force
from hall_controller.domain.hours import service_day
from hall_controller.domain.stranded_bookings import offered, stranded

if TYPE_CHECKING:
    from counter_client.manager.screen import ManagerScreen

CHOICES = 3
"""Half hours for each booking: the nearest."""
TITLE = Words("预约改期", "Move a booking")


async def move_booking(screen: "ManagerScreen", day: str) -> None:
    """One of the bookings of a day; its visitor's phone shows the new half hour at once."""
    hall = screen.link.hall
    if hall is None:
        return
    if screen.status is not None and Feature.REBOOK not in screen.status.features:
        screen.tell(Words("本大厅版本尚不能改期。", "This hall cannot move bookings yet."), Tone.WARNING)
        return
    entries = choices(screen, hall, day)
    if not entries:
        none = Words(
            "近日没有空闲时段：请照开大厅，或稍后再试。", "No half hour is free: open the hall then, or try later."
        )
        screen.tell(none, Tone.WARNING)
        return
    picked = await screen.ask(Pick(TITLE, entries, screen.tongue, prompt=Words("时间或预约号", "time or #")))
    if picked is None:
        return
    ticket, _, slot_at_ms = picked.partition(":")
    wanted = c.RebookTicket(ticket=int(ticket), slot_at_ms=int(slot_at_ms))
    told = Words(f"预约 #{ticket} 已改期，签到码不变。", f"Booking #{ticket} is moved; its code stays.")
    await screen.send(wanted, Words(f"预约 #{ticket} 改期", f"move booking #{ticket}"), lambda _: told)


def choices(screen: "ManagerScreen", hall: Hall, day: str) -> list[Entry]:
    """`10:00 #12 Identity card → Fri 11:00`, for each booking its nearest free half hours."""
    rules, now_ms, tongue = in_force(hall), screen.link.now_ms(), screen.tongue
    found = []
    for ticket, _ in stranded(hall):
        booked_ms = ticket.slot_at_ms or 0
        if service_day(rules, booked_ms) != day:
            continue
        at = slot_words(rules, booked_ms, now_ms)
        matter = matter_words(ticket.matter, dict(screen.matters))
        for slot in offered(hall, ticket, now_ms, CHOICES):
            to = slot_words(rules, slot.slot_at_ms, now_ms)
            text = line((f"{at} ", SOFT), (f"#{ticket.ticket} ", "bold"), pair(matter, tongue), (f" → {to}", "bold"))
            found.append(Entry(f"{ticket.ticket}:{slot.slot_at_ms}", text, f"{at} #{ticket.ticket} {to}"))
    return found
