"""What a clerk can do: one key each, when it may be pressed, and the command that it becomes.

Pure: from the hall as it is shown to a command that carries the ticket seen.
"""

from enum import StrEnum

import msgspec

from counter_client.clerk.bundles import asks_at_the_end, next_open, open_matters
from counter_client.keys import Key
from counter_client.words import ACTS, COUNTER_STATES, Words
from hall_controller.domain import commands as c
from hall_controller.domain.acceptance import RESULTS_GROUP
from hall_controller.domain.assignment import is_callable
from hall_controller.domain.bundle import matters_of
from hall_controller.domain.counter import BUSY, Counter, CounterState, UndoableAct
from hall_controller.domain.hall import Hall, Issuing
from hall_controller.domain.rules import Mode
from hall_controller.domain.ticket import Ticket, TicketState


class Act(StrEnum):
    NEXT = "next"
    RECALL = "recall"
    START = "start"
    FINISH = "finish"
    NO_SHOW = "no_show"
    HOLD = "hold"
    TRANSFER = "transfer"
    PAUSE = "pause"
    QUEUE = "queue"
    RESUME = "resume"
    WALK_IN = "walk_in"
    AMEND = "amend"
    RETURN = "return"
    REPRINT = "reprint"
    UNDO = "undo"
    OPEN = "open"
    HAND_OVER = "hand_over"
    ACCEPT = "accept"
    NEXT_MATTER = "next_matter"
    MATTERS = "matters"
    ADD_MATTER = "add_matter"
    DOCUMENTS = "documents"
    RECEIPT = "receipt"
    PAPERS = "papers"
    SERVES = "serves"


KEYS = {
    Act.NEXT: Key("c", Words("叫号", "Call next"), Words("叫下一位", "call the next visitor")),
    Act.RECALL: Key("r", Words("重呼", "Recall"), Words("再叫一遍同一位", "call the same visitor again")),
    Act.START: Key("s", Words("开始", "Start"), Words("人已到，开始办理", "the visitor is here: start")),
    Act.FINISH: Key("f", Words("办结", "Finish"), Words("办理结束", "the service is finished")),
    Act.NO_SHOW: Key("x", Words("过号", "No-show"), Words("叫了没人来", "called, but nobody came")),
    Act.HOLD: Key(
        "h",
        Words("挂起", "Hold"),
        Words("先放一边（复印、拍照），窗口可叫别人", "set aside for a copy or a photo"),
    ),
    Act.TRANSFER: Key(
        "t", Words("转办", "Transfer"), Words("转别的窗口或事项，号码不变", "to another counter or matter")
    ),
    Act.PAUSE: Key(
        "b",
        Words("暂停", "Pause"),
        Words("暂停；有人时为办完这位再停；再按恢复", "break: pause, or after this one; again: resume"),
    ),
    Act.QUEUE: Key("q", Words("选号", "Queue"), Words("从排队名单里选一位叫", "call a chosen visitor out of turn")),
    Act.RESUME: Key("g", Words("取回", "Get"), Words("取回挂起的来访者", "get a held visitor back")),
    Act.WALK_IN: Key("w", Words("无号", "Walk-in"), Words("直接办理没有号的来访者", "serve someone without a ticket")),
    Act.AMEND: Key("e", Words("更正", "Amend"), Words("更正事项或优先类别", "amend the matter or the class")),
    Act.RETURN: Key("v", Words("回队", "Return"), Words("过号的人回来了，重新排队", "a missed visitor is back")),
    Act.REPRINT: Key("p", Words("补打", "Reprint"), Words("补打号票", "print the ticket again")),
    Act.UNDO: Key("z", Words("撤销", "Undo"), Words("撤销上一步", "take the last act back")),
    Act.OPEN: Key("o", Words("开窗", "Open"), Words("开窗或关窗", "open or close the counter")),
    Act.HAND_OVER: Key(
        "j",
        Words("交接", "Hand over"),
        Words("换同事坐这个窗口：不关窗，来访者不动", "a colleague goes on here; no need to close"),
    ),
    Act.ACCEPT: Key(
        "a", Words("受理", "Accept"), Words("受理一件事项，打回执；部门去决定", "accept a matter: a receipt is printed")
    ),
    Act.NEXT_MATTER: Key(
        "n", Words("办好", "Done"), Words("几件事项：下一件待办的办好了", "several matters: the next open one is done")
    ),
    Act.MATTERS: Key(
        "m", Words("事项", "Matters"), Words("几件事项：选一件，记已办、改日、待办", "choose one: done, later or open")
    ),
    Act.ADD_MATTER: Key("k", Words("加办", "Add"), Words("同一个号再加一件事项", "one more matter on this ticket")),
    Act.DOCUMENTS: Key(
        "d", Words("材料", "Papers"), Words("看全部材料，合成一单", "all documents needed, in one list")
    ),
    Act.RECEIPT: Key(
        "u",
        Words("回执", "Receipt"),
        Words("扫回执：发放结果、补材料、报结果、撤回", "hand out, supply, decide, withdraw"),
    ),
    Act.PAPERS: Key("y", Words("交接", "Halls"), Words("与别的大厅交接材料和结果", "papers to and from other halls")),
    Act.SERVES: Key(
        "i", Words("只办", "Serves"), Words("本窗口办什么：全部、只出件、几类", "all, results, or some groups")
    ),
}
BY_KEY = {entry.key: act for act, entry in KEYS.items()}
MAIN = (Act.NEXT, Act.RECALL, Act.START, Act.FINISH, Act.NO_SHOW, Act.HOLD, Act.TRANSFER, Act.PAUSE)
MORE = (Act.QUEUE, Act.RESUME, Act.WALK_IN, Act.AMEND, Act.RETURN, Act.REPRINT, Act.UNDO, Act.OPEN)
"""Hand over stands beside the clerk's name: it is pressed once or twice a day."""
BEYOND = (
    Act.ACCEPT, Act.NEXT_MATTER, Act.MATTERS, Act.ADD_MATTER, Act.DOCUMENTS, Act.RECEIPT, Act.PAPERS, Act.SERVES,
)  # fmt: skip
"""What goes beyond a visit for one matter: receipts, bundles, other halls."""

ON_VISITOR = frozenset(
    {
        Act.RECALL, Act.START, Act.FINISH, Act.NO_SHOW, Act.HOLD, Act.TRANSFER, Act.AMEND, Act.REPRINT,
        Act.ACCEPT, Act.NEXT_MATTER, Act.MATTERS, Act.ADD_MATTER,
    }
)  # fmt: skip
"""Acts on the visitor who is shown: not taken before the clerk can have seen who that is."""

NEEDS_STATE = {
    Act.RECALL: CounterState.CALLING,
    Act.START: CounterState.CALLING,
    Act.NO_SHOW: CounterState.CALLING,
    Act.FINISH: CounterState.SERVING,
    Act.HOLD: CounterState.SERVING,
    Act.TRANSFER: CounterState.SERVING,
    Act.ACCEPT: CounterState.SERVING,
    Act.NEXT_MATTER: CounterState.SERVING,
    Act.MATTERS: CounterState.SERVING,
}


class Seen(msgspec.Struct, frozen=True):
    """What the clerk sees at the moment of a press."""

    state: CounterState
    ticket: int | None
    number: str | None


def counter_of(hall: Hall, number: int) -> Counter:
    return hall.counters.get(number) or Counter(counter=number)


def visitor_of(hall: Hall, number: int) -> Ticket | None:
    return hall.tickets.get(counter_of(hall, number).ticket or 0)


def seen(hall: Hall, number: int) -> Seen:
    ticket = visitor_of(hall, number)
    return Seen(counter_of(hall, number).state, ticket.ticket if ticket else None, ticket.number if ticket else None)


def held_here(hall: Hall, number: int) -> list[Ticket]:
    """Set aside at this counter, or at one that has closed since: whoever is there takes them up."""
    shut = {one.counter for one in hall.counters.values() if one.state is CounterState.CLOSED}
    held = (ticket for ticket in hall.tickets.values() if ticket.state is TicketState.HELD)
    return [ticket for ticket in held if ticket.counter == number or ticket.counter in shut]


def missed(hall: Hall) -> list[Ticket]:
    """Those who may still return, the latest first."""
    tickets = [ticket for ticket in hall.tickets.values() if ticket.state is TicketState.MISSED]
    return sorted(tickets, key=lambda ticket: -(ticket.missed_at_ms or 0))


def why_not(act: Act, hall: Hall, number: int) -> Words | None:
    """Why this act makes no sense now; None when it does. The hall decides; this saves it the asking."""
    counter, ticket = counter_of(hall, number), visitor_of(hall, number)
    reason: Words | None = None
    if act in (Act.RECEIPT, Act.PAPERS):
        return None
    if act is Act.RETURN:
        reason = None if missed(hall) else Words("没有过号的来访者。", "Nobody has missed a call.")
    elif counter.state is CounterState.CLOSED and hall.issuing is Issuing.CLOSED:
        reason = Words("大厅已紧急关闭，经理重新开放后才能开窗。", "Emergency: counters open when the manager reopens.")
    elif counter.state is CounterState.CLOSED:
        reason = None if act is Act.OPEN else Words("窗口未开，请按 O 开窗。", "The counter is closed; O opens it.")
    elif act in NEEDS_STATE:
        ready = counter.state is NEEDS_STATE[act]
        reason = _why_not_matter(act, hall, ticket) if ready else _wrong_state(act, counter, ticket)
    elif act in (Act.NEXT, Act.QUEUE, Act.RESUME, Act.WALK_IN):
        reason = _why_not_take(act, hall, counter, ticket)
    elif act in (Act.AMEND, Act.REPRINT, Act.ADD_MATTER, Act.DOCUMENTS) and ticket is None:
        reason = Words("窗口没有来访者。", "There is no visitor at the counter.")
    elif act is Act.UNDO and not undoable(hall, number):
        reason = Words("没有可以撤销的操作。", "There is nothing to undo.")
    elif act is Act.OPEN and counter.state in BUSY:
        reason = Words("窗口还有来访者，办结后才能关窗。", "A visitor is here; finish before you close.")
    return reason


def _why_not_matter(act: Act, hall: Hall, ticket: Ticket | None) -> Words | None:
    """Of a visitor who is being served: for acts about one of their matters."""
    if ticket is None:
        return None
    if act is Act.ACCEPT:
        if ticket.group == RESULTS_GROUP and not ticket.more:
            return Words("来领结果的：按 U 发放。", "Here for a result: U hands it out.")
        given = [one for one in hall.acceptances.values() if one.ticket == ticket.ticket]
        if {one.matter for one in given} >= set(matters_of(ticket)):
            return Words(f"已受理过：{given[-1].receipt}。", f"Accepted already: {given[-1].receipt}.")
    if act in (Act.NEXT_MATTER, Act.MATTERS) and not ticket.more:
        return Words("只有一件事项：办完按 F，要加按 K。", "There is but one matter: F finishes, K adds one.")
    if act is Act.NEXT_MATTER and not open_matters(ticket):
        return Words("没有待办的事项了：F 办结，M 可改。", "No matter is open: F finishes, M changes one.")
    return None


def _wrong_state(act: Act, counter: Counter, ticket: Ticket | None) -> Words:
    label, state = KEYS[act].label, COUNTER_STATES[counter.state]
    here = f"（{ticket.number}）" if ticket else ""
    here_en = f" ({ticket.number})" if ticket else ""
    return Words(
        f"现在是“{state.zh}”{here}，不能{label.zh}。",
        f"The counter is {state.en}{here_en}: not the time for {label.en}.",
    )


def _why_not_take(act: Act, hall: Hall, counter: Counter, ticket: Ticket | None) -> Words | None:
    """For acts that bring a visitor to the counter."""
    if counter.state in BUSY and ticket:
        end = (
            Words("F 办结", "F finishes")
            if counter.state is CounterState.SERVING
            else Words("S 开始或 X 过号", "S starts, X no-show")
        )
        return Words(f"{ticket.number} 还在窗口：先按 {end.zh}。", f"{ticket.number} is at the counter: {end.en}.")
    if counter.state is CounterState.PAUSED:
        return Words("窗口已暂停，请按 B 恢复。", "The counter is paused; B resumes.")
    if act is Act.NEXT and hall.mode is Mode.PUSH and counter.state is CounterState.READY:
        return Words(
            "本大厅自动派号，来访者会自己出现。", "Visitors are assigned by themselves; the next appears here."
        )
    if act is Act.RESUME and not held_here(hall, counter.counter):
        return Words("没有挂起的来访者。", "Nobody is held here.")
    if act is Act.QUEUE and not any(is_callable(ticket) for ticket in hall.tickets.values()):
        return Words("没有人等候。", "Nobody is waiting.")
    return None


def primary(hall: Hall, number: int) -> Act | None:
    """What Space does: the obvious next thing, where a press too many can harm nobody.

    It never finishes, never passes over and never sends away: those have keys of their own.
    """
    counter = counter_of(hall, number)
    if counter.state is CounterState.CLOSED:
        return Act.OPEN
    if counter.state is CounterState.READY:
        return Act.NEXT if hall.mode is Mode.PULL else None
    return {
        CounterState.CALLING: Act.START,
        CounterState.WRAPPING_UP: Act.NEXT,
        CounterState.PAUSED: Act.PAUSE,
    }.get(counter.state)


def undoable(hall: Hall, number: int) -> Words | None:
    """What undo would take back, e.g. 办结 A007 / finish A007."""
    last = counter_of(hall, number).last_act
    if last is None or (last.act is UndoableAct.CALL_NEXT and hall.mode is Mode.PUSH):
        return None
    words = ACTS[last.act]
    ticket = last.ticket_after or last.ticket_before
    name = f" {ticket.number}" if ticket else ""
    return Words(words.zh + name, words.en + name)


def command(act: Act, hall: Hall, number: int, looked: Seen) -> c.Command | None:
    """The command of an act; None for an act that asks something first."""
    counter, ticket = counter_of(hall, number), visitor_of(hall, number)
    if act is Act.FINISH and asks_at_the_end(ticket):
        return None
    if act is Act.NEXT_MATTER:
        upcoming = next_open(ticket) if ticket is not None and ticket.more else None
        return c.HandleMatter(counter=number, ticket=looked.ticket, matter=upcoming) if upcoming else None
    if act in ON_THIS_VISITOR:
        return ON_THIS_VISITOR[act](counter=number, ticket=looked.ticket)
    if act is Act.NEXT:
        wrap_up = hall.mode is Mode.PUSH and counter.state is CounterState.WRAPPING_UP
        return c.EndWrapUp(counter=number) if wrap_up else c.CallNext(counter=number)
    if act is Act.PAUSE:
        paused = counter.state is CounterState.PAUSED or counter.pausing
        return c.ResumeCounter(counter=number) if paused else c.PauseCounter(counter=number)
    if act is Act.OPEN and counter.state is not CounterState.CLOSED:
        return c.CloseCounter(counter=number)
    if act is Act.UNDO:
        last = counter.last_act
        of = (last.ticket_after or last.ticket_before) if last else None
        return c.Undo(counter=number, ticket=of.ticket if of else None)
    return None


ON_THIS_VISITOR: dict[Act, type[c.WithVisitor]] = {
    Act.RECALL: c.Recall,
    Act.START: c.StartService,
    Act.FINISH: c.FinishService,
    Act.NO_SHOW: c.Missed,
    Act.HOLD: c.Hold,
}
