"""What a manager is told when the hall has done it. Pure."""

from counter_client.words import Words
from hall_controller.bus import wire
from hall_controller.domain import commands as c
from hall_controller.domain.acceptance import RESULTS_GROUP
from hall_controller.i18n.terms import MODES, POLICIES

BACK = Words("（U 撤回）", " (U takes it back)")

TOLD: dict[type[c.Command], Words] = {
    c.OpenCounter: Words("窗口 {counter} 已开，工号 {clerk}", "Counter {counter} is open for clerk {clerk}"),
    c.CloseCounter: Words("窗口 {counter} 已关", "Counter {counter} is closed"),
    c.PauseCounter: Words(
        "窗口 {counter} 已暂停，或办完这位就停", "Counter {counter} is paused, or will be after this visitor"
    ),
    c.ResumeCounter: Words("窗口 {counter} 已恢复", "Counter {counter} goes on"),
    c.NarrowCounter: Words("窗口 {counter} 已改", "Counter {counter} serves something else now"),
    c.Undo: Words("窗口 {counter} 已撤销", "Counter {counter}: undone"),
    c.TakeOverCounter: Words(
        "窗口 {from_counter} 已由 {counter} 接管", "Counter {from_counter} was taken over by {counter}"
    ),
    c.AssignTicket: Words("{name} 留给窗口 {to_counter}", "{name} is kept for counter {to_counter}"),
    c.ResumeTicket: Words("{name} 在窗口 {counter} 继续办理", "{name} goes on at counter {counter}"),
    c.CancelTicket: Words("{name} 已取消", "{name} is cancelled"),
    c.RebookTicket: Words("预约已改期，签到码不变", "The booking is moved; its code stays"),
    c.AmendTicket: Words("{name} 已更正，号码不变", "{name} amended; the number stays"),
    c.ReprintTicket: Words("{name} 补打已发出", "{name} was sent to the printer, marked as a copy"),
    c.ReturnToQueue: Words("{name} 已回队", "{name} is back in the queue"),
    c.ExtendHours: Words("今天晚 {minutes} 分钟闭门", "Closing is {minutes} min later today"),
    c.StopIssuing: Words("已停止取号", "No more tickets are issued"),
    c.ResumeIssuing: Words("已恢复取号", "Tickets are issued again"),
    c.SetRoster: Words("{day} 的排班已改", "The roster of {day} is planned"),
    c.AcceptClock: Words("时钟已接受", "The clock is accepted"),
    c.CloseHall: Words("大厅已紧急关闭；S 重新开放", "The hall is closed; S reopens it"),
}


def done(wanted: c.Command, reply: wire.Accepted, name: str, *, back: bool) -> Words:
    """What has come of it; `name` is the ticket's number, `back` whether it can be taken back."""
    told = _told(wanted, reply, name)
    end = BACK if back else Words("", "")
    return Words(f"{told.zh}。{end.zh}", f"{told.en}.{end.en}")


def _told(wanted: c.Command, reply: wire.Accepted, name: str) -> Words:
    match wanted:
        case c.CallNext() if reply.ticket is None:
            zh = f"没有窗口 {wanted.counter} 能叫的人在等"
            return Words(zh, f"Nobody is waiting whom counter {wanted.counter} may call")
        case c.CallNext() | c.CallTicket():
            return Words(
                f"{reply.number} 已叫到窗口 {wanted.counter}", f"{reply.number} is called to counter {wanted.counter}"
            )
        case c.NarrowCounter() if wanted.groups == (RESULTS_GROUP,):
            return Words(f"窗口 {wanted.counter} 只出件", f"Counter {wanted.counter} hands out results only")
        case c.NarrowCounter() if not (wanted.groups or wanted.languages):
            return Words(f"窗口 {wanted.counter} 什么都办", f"Counter {wanted.counter} serves everything")
        case c.AssignTicket(to_counter=None):
            return Words(f"{name} 已收回，任一窗口可叫", f"{name} may be called anywhere again")
        case c.SetPolicy():
            told, limit = POLICIES[wanted.policy], wanted.favoured_limit
            most = Words(f"，至多连叫 {limit}", f", {limit} in a row at most") if limit else Words("", "")
            return Words(f"派号规则：{told.zh}{most.zh}", f"Policy: {told.en}{most.en}")
        case c.SetMode():
            return Words(f"叫号方式：{MODES[wanted.mode].zh}", f"Mode: {MODES[wanted.mode].en}")
        case c.SetNotice():
            cleared = not (wanted.zh or wanted.en)
            return (
                Words("公告已清除", "The notice is cleared") if cleared else Words("公告已发布", "The notice is shown")
            )
    told = TOLD.get(type(wanted), Words("好", "Done"))
    facts = {field: getattr(wanted, field) for field in wanted.__struct_fields__} | {"name": name}
    return Words(told.zh.format_map(facts), told.en.format_map(facts))


def pressed(wanted: c.Command, label: Words, name: str) -> Words:
    """What was pressed: 关窗 窗口 3 / close counter 3."""
    counter = getattr(wanted, "counter", None)
    of = Words(f" 窗口 {counter}", f" counter {counter}") if counter is not None else Words(f" {name}", f" {name}")
    return Words(label.zh + of.zh.rstrip(), label.en.lower() + of.en.rstrip())
