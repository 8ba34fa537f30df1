"""What a manager is asked before an act: which counter, for whom, how long, why. Each answers a command, or None."""

import datetime as dt
from collections.abc import Awaitable, Callable, Sequence
from typing import Protocol

from msgspec.structs import replace

from counter_client import questions
from counter_client.clerk.acts import counter_of
from counter_client.clerk.serving import groups_of, served_words
from counter_client.manager.acts import Act, Focus
from counter_client.manager.roster import parse_roster, roster_text
from counter_client.manager.view import numbers
from counter_client.questions import ask_amendment
from counter_client.settings import ManagerSettings
from counter_client.widgets.dialogs import Choose, Confirm, Entry, Pick, Type
from counter_client.widgets.look import SOFT, line, pair
from counter_client.widgets.tick import Tick
from counter_client.words import COUNTER_STATES, Words
from hall_controller.domain import commands as c
from hall_controller.domain.acceptance import RESULTS_GROUP
from hall_controller.domain.counter import BUSY, Counter, CounterState
from hall_controller.domain.hall import Hall, Issuing, in_force
from hall_controller.domain.hours import local
from hall_controller.domain.rules import Mode, Policy
from hall_controller.domain.ticket import Language, TicketState


class Asker(questions.Asker, Protocol):
    """The manager's screen."""

    settings: ManagerSettings


async def _pick_counter(screen: Asker, title: Words, counters: Sequence[Counter]) -> int | None:
    entries = []
    for one in counters:
        name = pair(Words(f"窗口 {one.counter:>2}", f"counter {one.counter}"), screen.tongue, "bold")
        state = pair(COUNTER_STATES[one.state], screen.tongue)
        serves = served_words(one.narrowing, screen.matters)
        only = pair(serves, screen.tongue, SOFT) if serves is not None else ""
        entries.append(Entry(str(one.counter), line(name, "  ", state, "  ", (one.clerk or "", ""), "  ", only)))
    entries = [replace(entry, search=f"{entry.id} {entry.text.plain}") for entry in entries]
    picked = await screen.ask(Pick(title, entries, screen.tongue, prompt=Words("窗口号", "counter")))
    return int(picked) if picked else None


def _open(hall: Hall) -> list[Counter]:
    """The open counters, the ready ones first."""
    all_of_them = [counter_of(hall, number) for number in numbers(hall)]
    found = [one for one in all_of_them if one.state is not CounterState.CLOSED]
    return sorted(found, key=lambda one: (one.state is not CounterState.READY, one.state in BUSY, one.counter))


# --- a counter -----------------------------------------------------------------------------------


async def open_(screen: Asker, hall: Hall, focus: Focus) -> c.Command | None:
    """Which clerk: one of those of today who sit nowhere, or any other id, typed."""
    number = focus.counter or 0
    if counter_of(hall, number).state is not CounterState.CLOSED:
        return c.CloseCounter(counter=number)
    seated = {one.clerk for one in hall.counters.values() if one.state is not CounterState.CLOSED}
    free = [clerk for clerk in hall.clerks if clerk not in seated]
    last = counter_of(hall, number).clerk
    free.sort(key=lambda clerk: (clerk != last, clerk))
    entries = [Entry(clerk, line((clerk, "bold")), clerk) for clerk in free]
    title = Words(f"窗口 {number} 开窗：谁来坐？", f"Open counter {number}: for which clerk?")
    clerk = await screen.ask(
        Pick(title, entries, screen.tongue, prompt=Words("工号", "clerk id"), free=True, check=_clerk_id)
    )
    return c.OpenCounter(counter=number, clerk=clerk) if clerk else None


def _clerk_id(typed: str) -> Words | None:
    return Words("工号最多 64 个字。", "At most 64 letters.") if len(typed) > 64 else None


async def pause(screen: Asker, hall: Hall, focus: Focus) -> c.Command | None:
    del screen
    counter = counter_of(hall, focus.counter or 0)
    if counter.state is CounterState.PAUSED or counter.pausing:
        return c.ResumeCounter(counter=counter.counter)
    return c.PauseCounter(counter=counter.counter)


async def next_(screen: Asker, hall: Hall, focus: Focus) -> c.Command | None:
    del screen, hall
    return c.CallNext(counter=focus.counter or 0)


async def undo(screen: Asker, hall: Hall, focus: Focus) -> c.Command | None:
    del screen
    last = counter_of(hall, focus.counter or 0).last_act
    of = (last.ticket_after or last.ticket_before) if last else None
    return c.Undo(counter=focus.counter or 0, ticket=of.ticket if of else None)


async def take_over(screen: Asker, hall: Hall, focus: Focus) -> c.Command | None:
    """Where its visitors go on: a counter that is ready."""
    number = focus.counter or 0
    ready = [one for one in _open(hall) if one.state not in (*BUSY, CounterState.PAUSED) and one.counter != number]
    title = Words(f"窗口 {number} 由谁接管？", f"Who takes counter {number} over?")
    to = await _pick_counter(screen, title, ready)
    return c.TakeOverCounter(counter=to, from_counter=number) if to else None


async def narrow(screen: Asker, hall: Hall, focus: Focus) -> c.Command | None:
    """Everything, results only, or some groups; the languages that it is limited to stay."""
    number = focus.counter or 0
    here, known = counter_of(hall, number).narrowing, groups_of(screen.matters)
    ways = [("all", Words("什么都办", "everything"))]
    if RESULTS_GROUP in known:
        ways.append(("results", Words("只出件：发放结果", "results only")))
    ways.append(("some", Words("选几类", "some groups")))
    title = Words(f"窗口 {number} 办什么？", f"What does counter {number} serve?")
    way = await screen.ask(Choose(title, ways, screen.tongue))
    groups: tuple[str, ...] = (RESULTS_GROUP,) if way == "results" else ()
    if way == "some":
        entries = [Entry(group, pair(words, screen.tongue, "bold")) for group, words in known.items()]
        take = Words("只办勾选的", "serves these")
        groups = await screen.ask(Tick(title, entries, screen.tongue, ticked=here.groups, take=take, least=1)) or ()
    if way is None or (way == "some" and not groups):
        return None
    return c.NarrowCounter(counter=number, groups=groups, languages=tuple(map(Language, here.languages)))


# --- a ticket ------------------------------------------------------------------------------------


async def assign(screen: Asker, hall: Hall, focus: Focus) -> c.Command | None:
    ticket = hall.tickets[focus.ticket or 0]
    if ticket.only_counter is not None:
        return c.AssignTicket(ticket=ticket.ticket)
    title = Words(f"{ticket.number} 留给哪个窗口？", f"For which counter shall {ticket.number} be kept?")
    to = await _pick_counter(screen, title, _open(hall))
    return c.AssignTicket(ticket=ticket.ticket, to_counter=to) if to else None


async def call(screen: Asker, hall: Hall, focus: Focus) -> c.Command | None:
    ticket = hall.tickets[focus.ticket or 0]
    free = [one for one in _open(hall) if one.state not in (*BUSY, CounterState.PAUSED)]
    to = await _pick_counter(
        screen, Words(f"{ticket.number} 叫到哪里？", f"Call {ticket.number} to which counter?"), free
    )
    if to is None:
        return None
    if ticket.state is TicketState.HELD:
        return c.ResumeTicket(counter=to, ticket=ticket.ticket)  # the visitor is being served already
    return c.CallTicket(counter=to, ticket=ticket.ticket)


async def cancel(screen: Asker, hall: Hall, focus: Focus) -> c.Command | None:
    ticket = hall.tickets[focus.ticket or 0]
    question = Words(f"取消 {ticket.number}？取消后不能恢复。", f"Cancel {ticket.number}? It cannot be taken back.")
    sure = await screen.ask(Confirm(Words("取消号票", "Cancel a ticket"), question, screen.tongue))
    return c.CancelTicket(ticket=ticket.ticket) if sure else None


async def amend(screen: Asker, hall: Hall, focus: Focus) -> c.Command | None:
    ticket = hall.tickets[focus.ticket or 0]
    return await ask_amendment(screen, ticket.ticket, ticket.number or "")


async def reprint(screen: Asker, hall: Hall, focus: Focus) -> c.Command | None:
    del hall
    return c.ReprintTicket(ticket=focus.ticket or 0, print_at=screen.settings.print_at)


async def return_(screen: Asker, hall: Hall, focus: Focus) -> c.Command | None:
    del screen, hall
    return c.ReturnToQueue(ticket=focus.ticket or 0)


# --- the hall ------------------------------------------------------------------------------------


def _short(typed: str) -> Words | None:
    return Words("最多 400 个字。", "At most 400 letters.") if len(typed) > 400 else None


async def notice(screen: Asker, hall: Hall, focus: Focus) -> c.Command | None:
    """Both lines, filled with what stands there now: to change a word, or to clear it."""
    del focus
    zh = await screen.ask(
        Type(
            Words("公告（中文）", "Notice in Chinese"), screen.tongue, prompt=Words("留空清除", "empty clears it"),
            initial=hall.notice_zh, check=_short,
        )
    )  # fmt: skip
    if zh is None:
        return None
    en = await screen.ask(
        Type(
            Words("公告（英文）", "Notice in English"), screen.tongue, prompt=Words("留空清除", "empty clears it"),
            initial=hall.notice_en, check=_short,
        )
    )  # fmt: skip
    return None if en is None else c.SetNotice(zh=zh, en=en)


async def extend(screen: Asker, hall: Hall, focus: Focus) -> c.Command | None:
    del hall, focus

    def wrong(typed: str) -> Words | None:
        fits = typed.isdigit() and 1 <= int(typed) <= 600
        return None if fits else Words("请写 1 到 600 分钟。", "Give 1 to 600 minutes.")

    title = Words("延时：晚多少分钟闭门？", "Extend: close how many minutes later?")
    prompt = Words("分钟，如 30", "minutes, e.g. 30")
    minutes = await screen.ask(Type(title, screen.tongue, prompt=prompt, check=wrong))
    if minutes is None:
        return None
    question = Words(
        f"今天晚 {minutes} 分钟闭门？不能缩回。", f"Close {minutes} min later today? It cannot be taken back."
    )
    sure = await screen.ask(Confirm(Words("延时", "Extend"), question, screen.tongue))
    return c.ExtendHours(minutes=int(minutes)) if sure else None


async def issuing(screen: Asker, hall: Hall, focus: Focus) -> c.Command | None:
    del screen, focus
    return c.StopIssuing() if hall.issuing is Issuing.OPEN else c.ResumeIssuing()


async def policy(screen: Asker, hall: Hall, focus: Focus) -> c.Command | None:
    del focus
    now = "0" if hall.policy is Policy.FCFS else str(hall.favoured_limit)
    ways = [("0", Words("先来先办", "first come, first served"))]
    ways += [
        (str(limit), Words(f"优先在前，至多连叫 {limit}", f"priority first, {limit} in a row at most"))
        for limit in (1, 2, 3, 4, 5)
    ]
    ways = [(key, Words(f"{w.zh}（现在）", f"{w.en} (now)") if key == now else w) for key, w in ways]
    way = await screen.ask(Choose(Words("派号规则", "Assignment policy"), ways, screen.tongue))
    if way is None:
        return None
    return (
        c.SetPolicy(policy=Policy.FCFS) if way == "0" else c.SetPolicy(policy=Policy.PRIORITY, favoured_limit=int(way))
    )


async def mode(screen: Asker, hall: Hall, focus: Focus) -> c.Command | None:
    del focus
    told = {
        Mode.PULL: Words("手动：窗口按键叫下一位", "pull: the clerk calls the next"),
        Mode.PUSH: Words("自动：空窗口即派下一位", "push: a ready counter is given its visitor"),
    }
    ways = [
        (one.value, Words(f"{w.zh}（现在）", f"{w.en} (now)") if one is hall.mode else w) for one, w in told.items()
    ]
    way = await screen.ask(Choose(Words("叫号方式", "Mode"), ways, screen.tongue))
    return c.SetMode(mode=Mode(way)) if way else None


async def roster(screen: Asker, hall: Hall, focus: Focus) -> c.Command | None:
    """Of today, typed as it is read: `9:00-12:00 8, 12:00-14:00 4`; empty gives hall.toml's roster back."""
    del focus
    rules = in_force(hall)
    day: dt.date = local(rules, screen.link.now_ms()).date()

    def wrong(typed: str) -> Words | None:
        parsed = parse_roster(typed, rules.counters)
        return parsed if isinstance(parsed, Words) else None

    title = Words(f"{day} 排班：时段 几个窗口", f"Roster of {day}: from-to counters")
    typed = await screen.ask(
        Type(
            title, screen.tongue, prompt=Words("如 9:00-12:00 8, 14:00-18:00 6", "empty: as hall.toml says"),
            initial=roster_text(hall.rosters.get(day.isoformat(), ())), check=wrong,
        )
    )  # fmt: skip
    if typed is None:
        return None
    spans = parse_roster(typed, rules.counters)
    return None if isinstance(spans, Words) else c.SetRoster(day=day.isoformat(), spans=spans)


async def clock(screen: Asker, hall: Hall, focus: Focus) -> c.Command | None:
    del hall, focus
    question = Words(
        "让大厅时钟跟上主机时钟？不能撤回。", "Let the hall's clock follow the wall clock? It cannot be undone."
    )
    sure = await screen.ask(Confirm(Words("接受时钟", "Accept the clock"), question, screen.tongue))
    return c.AcceptClock() if sure else None


async def emergency(screen: Asker, hall: Hall, focus: Focus) -> c.Command | None:
    del hall, focus
    title = Words("紧急关闭大厅", "Emergency: close the hall")

    def wrong(typed: str) -> Words | None:
        return None if 1 <= len(typed) <= 64 else Words("请写原因，1 到 64 个字。", "Say why, in 1 to 64 letters.")

    prompt = Words("原因，如 台风、停电", "why, e.g. typhoon")
    reason = await screen.ask(Type(title, screen.tongue, prompt=prompt, check=wrong))
    if reason is None:
        return None
    question = Words(
        "取消所有号、关所有窗口？不能撤回。", "End all tickets, close all counters? It cannot be taken back."
    )
    sure = await screen.ask(Confirm(title, question, screen.tongue))
    return c.CloseHall(reason=reason) if sure else None


# --- why -----------------------------------------------------------------------------------------

ASKS_WHY = (
    c.CloseCounter, c.PauseCounter, c.TakeOverCounter, c.AssignTicket, c.CallTicket, c.CancelTicket, c.ExtendHours,
    c.StopIssuing, c.ResumeIssuing, c.SetPolicy, c.SetMode,
)  # fmt: skip
"""Acts that a colleague will ask about tomorrow; of the others the act itself says enough."""

REASONS = [
    Words("不说明", "no reason given"),
    Words("人太多", "too many people wait"),
    Words("人手不够", "too few clerks"),
    Words("工作人员离开", "the clerk is away"),
    Words("来访者需要照顾", "the visitor needs care"),
    Words("设备故障", "a device has failed"),
    Words("领导安排", "as instructed"),
]


async def ask_why(screen: Asker, wanted: c.Command, what: Words) -> c.Command | None:
    """The command with its reason: one of the usual ones, or typed; Enter alone gives none. None when left."""
    if not isinstance(wanted, ASKS_WHY) or (isinstance(wanted, c.AssignTicket) and wanted.to_counter is None):
        return wanted
    entries = [Entry(words.zh, pair(words, screen.tongue, "bold"), words.both("zh")) for words in REASONS]
    title = Words(f"{what.zh}：为什么？", f"{what.en}: why?")
    prompt = Words("选一个，或写下原因", "pick, or type the reason")
    why = await screen.ask(Pick(title, entries, screen.tongue, prompt=prompt, free=True, check=_short))
    if why is None:
        return None
    return wanted if why == REASONS[0].zh else replace(wanted, why=why)


Question = Callable[[Asker, Hall, Focus], Awaitable[c.Command | None]]
QUESTIONS: dict[Act, Question] = {
    Act.OPEN: open_,
    Act.PAUSE: pause,
    Act.NEXT: next_,
    Act.UNDO: undo,
    Act.TAKE_OVER: take_over,
    Act.NARROW: narrow,
    Act.ASSIGN: assign,
    Act.CALL: call,
    Act.CANCEL: cancel,
    Act.AMEND: amend,
    Act.REPRINT: reprint,
    Act.RETURN: return_,
    Act.NOTICE: notice,
    Act.EXTEND: extend,
    Act.ISSUING: issuing,
    Act.POLICY: policy,
    Act.MODE: mode,
    Act.ROSTER: roster,
    Act.CLOCK: clock,
    Act.EMERGENCY: emergency,
}
