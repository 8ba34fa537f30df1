"""What a manager can do: one key each, on the focused row or on the whole hall, and when it makes sense. Pure."""

from enum import StrEnum

import msgspec

from counter_client.clerk.acts import counter_of, undoable
from counter_client.keys import Key
from counter_client.words import COUNTER_STATES, TICKET_STATES, Words
from hall_controller.domain import commands as c
from hall_controller.domain.assignment import is_callable
from hall_controller.domain.counter import BUSY, CounterState
from hall_controller.domain.hall import Hall, Issuing
from hall_controller.domain.rules import Mode
from hall_controller.domain.ticket import Language, Ticket, TicketState

CLOCK_OFF_MS = 5_000
"""The hall follows a smaller step of the wall clock by itself."""


class View(StrEnum):
    COUNTERS = "counters"
    QUEUE = "queue"
    CURVE = "curve"
    ALERTS = "alerts"
    DEVICES = "devices"
    JOURNAL = "journal"
    PAPERS = "papers"


VIEWS = {
    View.COUNTERS: Words("窗口", "Counters"),
    View.QUEUE: Words("排队", "Queue"),
    View.CURVE: Words("今日", "Today"),
    View.ALERTS: Words("警示", "Alerts"),
    View.DEVICES: Words("设备", "Devices"),
    View.JOURNAL: Words("日志", "Journal"),
    View.PAPERS: Words("受理", "Papers"),
}


class Act(StrEnum):
    OPEN = "open"
    PAUSE = "pause"
    NEXT = "next"
    UNDO = "undo"
    TAKE_OVER = "take_over"
    NARROW = "narrow"
    ASSIGN = "assign"
    CALL = "call"
    CANCEL = "cancel"
    AMEND = "amend"
    REPRINT = "reprint"
    RETURN = "return"
    NOTICE = "notice"
    EXTEND = "extend"
    ISSUING = "issuing"
    POLICY = "policy"
    MODE = "mode"
    ROSTER = "roster"
    CLOCK = "clock"
    END_DAY = "end_day"
    EMERGENCY = "emergency"
    TAKE_BACK = "take_back"


KEYS = {
    Act.OPEN: Key("o", Words("开窗", "Open"), Words("开窗；开着的关窗", "open this counter, or close it")),
    Act.PAUSE: Key("b", Words("暂停", "Pause"), Words("暂停；再按恢复", "pause this counter, or resume it")),
    Act.NEXT: Key("n", Words("叫号", "Next"), Words("替这个窗口叫下一位", "call the next visitor for this counter")),
    Act.UNDO: Key("z", Words("撤销", "Undo"), Words("撤销这个窗口的上一步", "undo this counter's last act")),
    Act.TAKE_OVER: Key(
        "t", Words("接管", "Take"), Words("终端坏了：来访者转到另一窗口", "dead terminal: its visitors go elsewhere")
    ),
    Act.NARROW: Key(
        "9",
        Words("只办", "Only"),
        Words("这个窗口办什么，如只出件", "what this counter serves, e.g. results only"),
    ),
    Act.ASSIGN: Key(
        "a",
        Words("指派", "Assign"),
        Words("留给一个窗口；已指派的收回", "keep this ticket for a counter, or pull it back"),
    ),
    Act.CALL: Key("c", Words("叫他", "Call"), Words("不按次序，叫到一个窗口", "call this ticket out of turn")),
    Act.CANCEL: Key(
        "x", Words("取消", "Cancel"), Words("取消这个号（会先确认）", "cancel this ticket (confirmed first)")
    ),
    Act.AMEND: Key("e", Words("更正", "Amend"), Words("更正事项或优先类别", "amend the matter or the class")),
    Act.REPRINT: Key("p", Words("补打", "Reprint"), Words("补打号票", "print the ticket again")),
    Act.RETURN: Key("v", Words("回队", "Return"), Words("过号的人回来了", "a missed visitor is back")),
    Act.NOTICE: Key(
        "m", Words("公告", "Notice"), Words("各屏公告；留空清除", "the boards' notice line; empty clears it")
    ),
    Act.EXTEND: Key(
        "h", Words("延时", "Extend"), Words("今天晚些闭门（会先确认）", "close later today (confirmed first)")
    ),
    Act.ISSUING: Key("s", Words("停号", "Stop"), Words("停止取号；再按恢复", "stop issuing tickets, or resume")),
    Act.POLICY: Key("y", Words("规则", "Policy"), Words("派号规则和连叫上限", "assignment policy and favoured limit")),
    Act.MODE: Key("d", Words("方式", "Mode"), Words("手动叫号或自动派号", "pull or push")),
    Act.ROSTER: Key(
        "r", Words("排班", "Roster"), Words("今天每个时段开几个窗口", "how many counters are planned, today")
    ),
    Act.CLOCK: Key("k", Words("对时", "Clock"), Words("接受被改动的时钟", "accept the wall clock after a step")),
    Act.END_DAY: Key(
        "w", Words("收工", "EndDay"), Words("能关的关掉，说明还剩什么", "close what can be closed, say what is left")
    ),
    Act.EMERGENCY: Key(
        "q", Words("紧急", "EMERG"), Words("紧急关闭大厅（会先确认）", "emergency: close the hall (confirmed first)")
    ),
    Act.TAKE_BACK: Key("u", Words("撤回", "Back"), Words("撤回您自己的上一步", "take back your own last act")),
}
BY_KEY = {entry.key: act for act, entry in KEYS.items()}

ON_COUNTER = (Act.OPEN, Act.PAUSE, Act.NEXT, Act.UNDO, Act.TAKE_OVER, Act.NARROW)
ON_TICKET = (Act.ASSIGN, Act.CALL, Act.CANCEL, Act.AMEND, Act.REPRINT, Act.RETURN)
ON_HALL = (
    Act.NOTICE, Act.EXTEND, Act.ISSUING, Act.POLICY, Act.MODE, Act.ROSTER, Act.CLOCK, Act.END_DAY, Act.EMERGENCY,
    Act.TAKE_BACK,
)  # fmt: skip

FITS = {
    Act.ASSIGN: frozenset({TicketState.WAITING, TicketState.UNCLAIMED}),
    Act.CANCEL: frozenset({TicketState.WAITING, TicketState.UNCLAIMED}),
    Act.RETURN: frozenset({TicketState.MISSED}),
}


class Focus(msgspec.Struct, frozen=True):
    """What the marked row is of, at the moment of a press."""

    counter: int | None = None
    ticket: int | None = None


def why_not(act: Act, hall: Hall, focus: Focus, clock_off_ms: int = 0) -> Words | None:
    """Why this act makes no sense now; None when it does. The hall decides; this saves it the asking."""
    if act in ON_COUNTER:
        return _why_not_counter(act, hall, focus.counter)
    if act in ON_TICKET:
        return _why_not_ticket(act, hall, hall.tickets.get(focus.ticket or 0))
    if act is Act.CLOCK and abs(clock_off_ms) <= CLOCK_OFF_MS:
        return Words("时钟没有被改动。", "The clock is not off; there is nothing to accept.")
    if act is Act.EMERGENCY and hall.issuing is Issuing.CLOSED:
        return Words("大厅已经紧急关闭；S 恢复取号。", "The hall is closed already; S reopens it.")
    return None


def _why_not_counter(act: Act, hall: Hall, number: int | None) -> Words | None:
    if number is None:
        return Words("请先选一个窗口（1，↑↓）。", "Choose a counter first (1, arrows).")
    counter = counter_of(hall, number)
    closed = counter.state is CounterState.CLOSED
    state = COUNTER_STATES[counter.state]
    if act is Act.OPEN:
        if counter.state in BUSY:
            return Words(
                f"窗口 {number} 还有来访者，办结后才能关。", f"Counter {number} has a visitor; it closes after."
            )
        return None
    if closed:
        return Words(f"窗口 {number} 没有开，O 开窗。", f"Counter {number} is closed; O opens it.")
    if act is Act.NEXT and hall.mode is Mode.PUSH:
        return Words("现在自动派号，不用叫。", "Visitors are assigned by themselves now.")
    if act is Act.NEXT and counter.state in (*BUSY, CounterState.PAUSED):
        return Words(
            f"窗口 {number} 是“{state.zh}”，不能叫号。", f"Counter {number} is {state.en}: it cannot call now."
        )
    if act is Act.UNDO and undoable(hall, number) is None:
        return Words(f"窗口 {number} 没有可撤销的。", f"Counter {number} has nothing to undo.")
    return None


def _why_not_ticket(act: Act, hall: Hall, ticket: Ticket | None) -> Words | None:
    del hall
    if ticket is None:
        return Words("请先选一个号（2，↑↓，F 查号）。", "Choose a ticket first (2, arrows, F finds).")
    fits = ticket.state in FITS[act] if act in FITS else ticket.state is not TicketState.BOOKED
    if act is Act.CALL:
        fits = is_callable(ticket) or ticket.state is TicketState.HELD
    if act is Act.AMEND:
        fits = ticket.state is not TicketState.MISSED
    if fits:
        return None
    state, label = TICKET_STATES[ticket.state], KEYS[act].label
    name = ticket.number or f"#{ticket.ticket}"
    return Words(f"{name} 是“{state.zh}”，不能{label.zh}。", f"{name} is {state.en}: not for {label.en}.")


def label(act: Act, hall: Hall, focus: Focus) -> Words:
    """As it stands under the key now: close for an open counter, resume where it is paused."""
    counter = counter_of(hall, focus.counter or 0)
    if act is Act.OPEN and focus.counter and counter.state is not CounterState.CLOSED:
        return Words("关窗", "Close")
    if act is Act.PAUSE and (counter.pausing or counter.state is CounterState.PAUSED):
        return Words("恢复", "Resume")
    ticket = hall.tickets.get(focus.ticket or 0)
    if act is Act.ASSIGN and ticket is not None and ticket.only_counter is not None:
        return Words("收回", "Unkeep")
    if act is Act.ISSUING and hall.issuing is not Issuing.OPEN:
        return Words("发号", "Issue")
    return KEYS[act].label


def inverse(hall: Hall, wanted: c.Command) -> c.Command | None:
    """What takes a command back, made from the hall as it is before it; None where nothing can."""
    match wanted:
        case c.OpenCounter():
            return c.CloseCounter(counter=wanted.counter)
        case c.CloseCounter():
            before = counter_of(hall, wanted.counter)
            groups, languages = before.narrowing.groups, before.narrowing.languages
            return c.OpenCounter(
                counter=wanted.counter,
                clerk=before.clerk or "?",
                groups=groups,
                languages=tuple(map(Language, languages)),
            )
        case c.PauseCounter():
            return c.ResumeCounter(counter=wanted.counter)
        case c.ResumeCounter():
            return c.PauseCounter(counter=wanted.counter)
        case c.NarrowCounter():
            here = counter_of(hall, wanted.counter).narrowing
            spoken = tuple(map(Language, here.languages))
            return c.NarrowCounter(counter=wanted.counter, groups=here.groups, languages=spoken)
        case c.CallTicket() | c.ResumeTicket():
            return c.Undo(counter=wanted.counter, ticket=wanted.ticket)
        case c.CallNext():
            return c.Undo(counter=wanted.counter)
        case c.AssignTicket() | c.AmendTicket():
            return _inverse_ticket(hall, wanted)
        case _:
            return _inverse_hall(hall, wanted)


def _inverse_ticket(hall: Hall, wanted: c.AssignTicket | c.AmendTicket) -> c.Command | None:
    ticket = hall.tickets.get(wanted.ticket)
    if ticket is None:
        return None
    if isinstance(wanted, c.AssignTicket):
        return c.AssignTicket(ticket=wanted.ticket, to_counter=ticket.only_counter)
    return c.AmendTicket(ticket=wanted.ticket, matter=ticket.matter, visitor_class=ticket.visitor_class)


def _inverse_hall(hall: Hall, wanted: c.Command) -> c.Command | None:
    match wanted:
        case c.SetPolicy():
            return c.SetPolicy(policy=hall.policy, favoured_limit=hall.favoured_limit)
        case c.SetMode():
            return c.SetMode(mode=hall.mode)
        case c.SetNotice():
            return c.SetNotice(zh=hall.notice_zh, en=hall.notice_en)
        case c.StopIssuing() if hall.issuing is Issuing.OPEN:
            return c.ResumeIssuing()
        case c.ResumeIssuing() if hall.issuing is Issuing.STOPPED:
            return c.StopIssuing()
        case c.SetRoster():
            return c.SetRoster(day=wanted.day, spans=hall.rosters.get(wanted.day, ()))
    return None
