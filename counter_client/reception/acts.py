"""What a greeter can do: one key each, and when it makes sense. Pure."""

from enum import StrEnum

from counter_client.hours import why_no_tickets
from counter_client.keyboard import plain
from counter_client.keys import Key
from counter_client.words import TICKET_STATES, Words
from hall_controller.domain.hall import Ended, Hall
from hall_controller.domain.ticket import Ticket, TicketState


class Act(StrEnum):
    ISSUE = "issue"
    FIND = "find"
    AMEND = "amend"
    RETURN = "return"
    REPRINT = "reprint"
    CANCEL = "cancel"
    CHECK_IN = "check_in"
    BOOK = "book"
    DOCUMENTS = "documents"
    RECEIPT = "receipt"
    PAPERS = "papers"


KEYS = {
    Act.ISSUE: Key("i", Words("取号", "Issue"), Words("给来访者一个号", "give a visitor a ticket")),
    Act.FIND: Key("f", Words("查号", "Find"), Words("按号码查；只打数字也行", "find by number; digits are enough")),
    Act.AMEND: Key("e", Words("更正", "Amend"), Words("更正事项或优先类别，号码不变", "amend the matter or the class")),
    Act.RETURN: Key("v", Words("回队", "Return"), Words("过号的人回来了，重新排队", "a missed visitor is back")),
    Act.REPRINT: Key("p", Words("补打", "Reprint"), Words("补打号票", "print the ticket again")),
    Act.CANCEL: Key(
        "x", Words("取消", "Cancel"), Words("来访者不等了（会先确认）", "the visitor gives up (confirmed first)")
    ),
    Act.CHECK_IN: Key(
        "c", Words("签到", "Check in"), Words("预约的人到了：签到码或名单", "a booked visitor is here: code or list")
    ),
    Act.BOOK: Key(
        "b", Words("预约", "Book"), Words("约一个时段，打凭条，念签到码", "book a half hour; read the code out")
    ),
    Act.DOCUMENTS: Key("d", Words("材料", "Papers"), Words("打印材料清单带回家", "print the list of documents needed")),
    Act.RECEIPT: Key(
        "u",
        Words("回执", "Receipt"),
        Words("扫回执：办到哪一步、补材料、取号领结果", "where it stands; supply, issue to collect"),
    ),
    Act.PAPERS: Key("y", Words("交接", "Halls"), Words("与别的大厅交接材料和结果", "papers to and from other halls")),
}
BEYOND = (Act.RECEIPT, Act.PAPERS)
"""In the lowest line of keys: they are about receipts, not about a ticket."""
BY_KEY = {entry.key: act for act, entry in KEYS.items()}

ON_CHOSEN = {
    Act.AMEND: frozenset(TicketState) - {TicketState.MISSED},
    Act.RETURN: frozenset({TicketState.MISSED}),
    Act.REPRINT: frozenset(TicketState) - {TicketState.BOOKED},
    Act.CANCEL: frozenset({TicketState.WAITING, TicketState.BOOKED, TicketState.UNCLAIMED}),
}
"""Acts on the chosen ticket, and the states in which they make sense."""


def why_not(act: Act, hall: Hall, chosen: Ticket | None) -> Words | None:
    """Why this act makes no sense now; None when it does."""
    stopped = why_no_tickets(hall)
    if act is Act.ISSUE and stopped is not None:
        return Words(f"{stopped.zh}。可按 B 预约以后的时间。", f"Not now: {stopped.en}. B books a later moment.")
    if act is Act.CHECK_IN and not any(ticket.state is TicketState.BOOKED for ticket in hall.tickets.values()):
        return Words("没有待签到的预约。", "There is no booking to check in.")
    if act not in ON_CHOSEN:
        return None
    if chosen is None:
        return Words("请先选一个号（F 查号，↑↓ 选择）。", "Choose a ticket first (F finds, arrows move).")
    if chosen.state not in ON_CHOSEN[act]:
        state, label = TICKET_STATES[chosen.state], KEYS[act].label
        name = chosen.number or f"#{chosen.ticket}"
        return Words(
            f"{name} 是“{state.zh}”，不能{label.zh}。", f"{name} is {state.en}: it cannot be used with {label.en}."
        )
    return None


def find(hall: Hall, typed: str) -> tuple[list[Ticket], list[Ended]]:
    """Living and ended tickets by what a person would type: `A001`, `a1`, `1`; `#12` for a booking."""
    wanted = plain(typed)
    if wanted.startswith("#"):
        return [t for t in hall.tickets.values() if f"#{t.ticket}" == wanted], []
    living = [ticket for ticket in hall.tickets.values() if _same(ticket.number, wanted)]
    return living, [ended for ended in hall.ended.values() if _same(ended.number, wanted)]


def _same(number: str | None, wanted: str) -> bool:
    """`A001` is meant by `a001`, `a1`, `001` and `1`."""
    if not number or not wanted:
        return False
    prefix, digits = _split(plain(number))
    wanted_prefix, wanted_digits = _split(wanted)
    return wanted_prefix in ("", prefix) and wanted_digits.isdigit() and int(wanted_digits) == int(digits or 0)


def _split(number: str) -> tuple[str, str]:
    digits = number.lstrip("abcdefghijklmnopqrstuvwxyz")
    return number[: len(number) - len(digits)], digits.strip()
