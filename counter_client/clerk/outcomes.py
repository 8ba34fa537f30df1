"""What a clerk is told when the hall has done it."""

from collections.abc import Mapping

from counter_client.clerk.accepting import accepted_words
from counter_client.clerk.acts import KEYS, ON_VISITOR, Act, Seen, counter_of
from counter_client.clerk.bundles import marked_words
from counter_client.clerk.serving import served_words
from counter_client.clerk.view import nobody_words
from counter_client.words import Words
from hall_controller.bus import wire
from hall_controller.domain import commands as c
from hall_controller.domain.hall import Hall, waiting_count
from hall_controller.domain.matters import Matter

BACK = Words("（Z 撤销）", " (Z undoes)")

TOLD: dict[type[c.Command], Words] = {
    c.CallNext: Words("已叫 {called}。{back}", "Called {called}.{back}"),
    c.CallTicket: Words("已叫 {called}。{back}", "Called {called}.{back}"),
    c.Recall: Words("已再叫 {name}。", "Called {name} again."),
    c.StartService: Words("{name} 开始办理。{back}", "{name}: service started.{back}"),
    c.FinishService: Words("{name} 已办结。{back}", "{name} finished.{back}"),
    c.Missed: Words("{name} 过号。{back}", "{name} marked as no-show.{back}"),
    c.Hold: Words("{name} 已挂起，按 G 取回。{back}", "{name} is held; G gets them back.{back}"),
    c.Transfer: Words("{name} 已转办。{back}", "{name} transferred.{back}"),
    c.Undo: Words("已撤销：{undone}。", "Undone: {undone}."),
    c.OpenCounter: Words("窗口已开，工号 {clerk}。", "Open for clerk {clerk}."),
    c.EndWrapUp: Words("整理完毕。", "Wrap-up ended."),
    c.HandOverCounter: Words("已交给 {clerk}，窗口照常办理。", "Handed over to {clerk}; the counter goes on."),
    c.CloseCounter: Words("窗口已关。", "The counter is closed."),
    c.PauseCounter: Words("已暂停。{back}", "Paused.{back}"),
    c.ResumeCounter: Words("已恢复。", "Resumed."),
    c.ResumeTicket: Words("已取回，继续办理。{back}", "Back at the counter; service goes on.{back}"),
    c.ServeUnticketed: Words("无号来访者，开始办理。{back}", "Service started without a ticket.{back}"),
    c.AmendTicket: Words("{name} 已更正，号码不变。", "{name} amended; the number stays."),
    c.ReturnToQueue: Words("已重新排队。", "Back in the queue."),
    c.NarrowCounter: Words("已改：{serves}。", "Changed: {serves}."),
    c.ReprintTicket: Words("{name} 补打已发出，票上注明补打。", "{name} sent to the printer, marked as a copy."),
}

NAMED = ON_VISITOR
"""Acts that are told with the number of the visitor they are for."""


def pressed(act: Act, looked: Seen) -> Words:
    """What was pressed: 办结 A007 / finish A007."""
    label = KEYS[act].label
    name = f" {looked.number}" if looked.number and act in NAMED else ""
    return Words(label.zh + name, label.en.lower() + name)


def done(
    wanted: c.Command,
    reply: wire.Accepted,
    looked: Seen,
    undone: Words | None,
    hall: Hall,
    matters: Mapping[str, Matter],
) -> Words:
    """What has come of it. `undone` is what undo was about to take back; the hall is as it is now."""
    if isinstance(wanted, c.HandleMatter):
        return marked_words(wanted, hall.tickets.get(looked.ticket or 0), matters)
    if isinstance(wanted, c.AmendTicket) and wanted.more is not None:
        count = len(wanted.more) + 1
        return Words(f"{looked.number} 加办一件，共 {count} 件。", f"{looked.number}: one more, {count} matters now.")
    if isinstance(wanted, c.AcceptMatter):
        return accepted_words(wanted, reply, hall)
    if isinstance(wanted, c.CallNext) and reply.ticket is None:
        nobody = nobody_words(waiting_count(hall))
        return Words(f"{nobody.zh}。", f"{nobody.en[:1].upper()}{nobody.en[1:]}.")
    if isinstance(wanted, c.PauseCounter) and looked.number:
        return Words(f"办完 {looked.number} 后暂停。（B 取消）", f"Pause after {looked.number}. (B takes it back)")
    told = TOLD.get(type(wanted), Words("好。", "Done."))
    facts = {
        "name": looked.number or "",
        "called": reply.number if isinstance(reply.number, str) else "",
        "clerk": wanted.clerk if isinstance(wanted, c.OpenCounter | c.HandOverCounter) else "",
    }
    undone = undone or Words("", "")
    serves = Words("", "")
    if isinstance(wanted, c.NarrowCounter):
        serves = served_words(counter_of(hall, wanted.counter).narrowing, matters) or Words("什么都办", "everything")
    return Words(
        told.zh.format(**facts, back=BACK.zh, undone=undone.zh, serves=serves.zh),
        told.en.format(**facts, back=BACK.en, undone=undone.en, serves=serves.en),
    )
