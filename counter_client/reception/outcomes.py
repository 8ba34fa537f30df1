"""What a greeter is told when the hall has done it."""

from counter_client.hours import when_words
from counter_client.papers.words import WAYS
from counter_client.words import Words
from hall_controller.bus import wire
from hall_controller.domain import commands as c
from hall_controller.domain.hall import Hall, in_force
from hall_controller.i18n import waits
from hall_controller.i18n.hours import reserve


def done(wanted: c.Command, reply: wire.Accepted, name: str, hall: Hall, now_ms: int) -> Words:
    number = reply.number if isinstance(reply.number, str) else name.strip()
    if isinstance(wanted, c.IssueTicket | c.CheckIn):
        wait = waits.clause(_known(reply.predicted_wait_s), _known(reply.predicted_bound_s))
        ahead = reply.ahead if isinstance(reply.ahead, int) else 0
        where = _where(wanted.print_at)
        return Words(
            f"{number}：前面 {ahead} 人，{wait.zh}{where.zh}。", f"{number}: {ahead} ahead, {wait.en}{where.en}."
        )
    if isinstance(wanted, c.BookTicket):
        at, where = when_words(in_force(hall), wanted.slot_at_ms, now_ms), _where(wanted.print_at)
        but = reserve(in_force(hall), wanted.slot_at_ms, now_ms)
        at = Words(f"{at.zh}{but.zh}", f"{at.en}{but.en}")
        code = reply.code if isinstance(reply.code, str) else f"#{reply.ticket}"
        return Words(
            f"已预约 {at.zh}，签到码 {code}{where.zh}。", f"Booked for {at.en}, check-in code {code}{where.en}."
        )
    if isinstance(wanted, c.Divert):
        way = WAYS.get(wanted.way, Words(wanted.way, wanted.way))
        return Words(f"不用取号：{way.zh}。已记一次。", f"No ticket needed: {way.en}. Counted.")
    if isinstance(wanted, c.AmendTicket) and wanted.more is not None:
        count = len(wanted.more) + 1
        return Words(f"{number} 加办一件，共 {count} 件。", f"{number}: one more, {count} matters now.")
    if isinstance(wanted, c.PrintDocuments):
        where = _where(wanted.print_at)
        return Words(f"材料清单{where.zh.lstrip('，')}。", f"The list of documents{where.en.replace(',', ' is')}.")
    return {
        c.AmendTicket: Words(f"{number} 已更正，号码不变。", f"{number} amended; the number stays."),
        c.ReturnToQueue: Words(f"{number} 已重新排队。", f"{number} is back in the queue."),
        c.ReprintTicket: Words(f"{number} 补打已发出。", f"{number} was sent to the printer, marked as a copy."),
        c.CancelTicket: Words(f"{number} 已取消。", f"{number} is cancelled."),
    }.get(type(wanted), Words("好。", "Done."))


def _known(seconds: object) -> int | None:
    return seconds if isinstance(seconds, int) else None


def _where(print_at: str | None) -> Words:
    return Words(f"，在 {print_at} 打印", f", printed at {print_at}") if print_at else Words("", "")
