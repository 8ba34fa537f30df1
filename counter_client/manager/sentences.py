"""What happened, as one would say it: a sentence in each language for each kind of event. Pure."""

from collections.abc import Callable
from typing import Any

from counter_client.manager.fields import same, step, value_words
from counter_client.manager.ratings import reasons_words, where_words
from counter_client.manager.view import Matters
from counter_client.words import Words
from hall_controller.domain import events as e
from hall_controller.domain.rules import Rules
from hall_controller.i18n.terms import unknown
from hall_controller.i18n.words import NOTHING

SENTENCES: dict[type[e.Event], Words] = {
    e.EpochStarted: Words("日志新纪元（{origin}）", "a new epoch ({origin})"),
    e.RulesChanged: Words("hall.toml 的规则已更新", "the rules of hall.toml changed"),
    e.CatalogueChanged: Words(
        "事项目录第 {version} 版：{matters} 项，新增 {added}，改动 {changed}，取消 {removed}",
        "catalogue version {version}: {matters} matters, {added} new, {changed} changed, {removed} gone",
    ),
    e.DayStarted: Words("{service_day} 开始", "{service_day} begins"),
    e.OpeningStarted: Words("开门，到 {end_ms}", "doors open until {end_ms}"),
    e.OpeningEnded: Words("闭门", "doors closed"),
    e.LunchStarted: Words("午间服务，到 {end_ms}", "lunchtime service until {end_ms}"),
    e.AnnouncementMade: Words("播报：{minutes} 分钟后 {announcement}", "announced: {announcement} in {minutes} min"),
    e.HallClosed: Words("紧急关闭：{reason}", "emergency, hall closed: {reason}"),
    e.IssuingStopped: Words("停止取号（{cause}）", "issuing stopped ({cause})"),
    e.IssuingResumed: Words("恢复取号", "issuing resumed"),
    e.PolicySet: Words("派号规则：{policy}，连叫 {favoured_limit}", "policy: {policy}, {favoured_limit} in a row"),
    e.ModeSet: Words("叫号方式：{mode}", "mode: {mode}"),
    e.NoticeSet: Words("公告：{zh}", "notice: {en}"),
    e.HoursExtended: Words("今天共延时 {minutes} 分钟", "open {minutes} min longer today in all"),
    e.RosterSet: Words("{day} 的排班已改", "roster of {day} planned"),
    e.AlertRaised: Words("警示：{alert} {subject}", "alert: {alert} {subject}"),
    e.AlertCleared: Words("警示解除：{alert} {subject}", "alert cleared: {alert} {subject}"),
    e.ClockStepped: Words("时钟调整 {step}", "the clock was set by {step}"),
    e.DeviceReported: Words("{device} {kind}：{state} {detail}", "{device} {kind}: {state} {detail}"),
    e.TicketIssued: Words(
        "{number} 取号 · {matter} · {visitor_class} · {channel}", "{number} issued: {matter}, {visitor_class}"
    ),
    e.TicketBooked: Words("预约 #{ticket} · {matter}", "booking #{ticket}: {matter}"),
    e.TicketRebooked: Words("预约 #{ticket} 改到 {slot_at_ms}", "booking #{ticket} moved to {slot_at_ms}"),
    e.TicketCheckedIn: Words("{number} 签到 · {visitor_class}", "{number} checked in, {visitor_class}"),
    e.TicketPrinted: Words("{number} 已打印", "{number} printed"),
    e.TicketPrintFailed: Words("{number} 没打出来：{detail}", "{number} was not printed: {detail}"),
    e.TicketAcknowledged: Words("{number} 已在屏幕看过", "{number} read on the screen"),
    e.TicketUnclaimed: Words("{number} 没人取票", "{number} unclaimed"),
    e.TicketReprintRequested: Words("{number} 补打（第 {copy} 次）", "{number} reprinted (copy {copy})"),
    e.DocumentsRequested: Words("打印材料清单 · {matter}", "list of documents printed: {matter}"),
    e.TicketAmended: Words("{number} 更正为 {matter} · {visitor_class}", "{number} amended: {matter}, {visitor_class}"),
    e.TicketCalled: Words(
        "{number} 请到窗口 {counter}（等了 {wait_s}）", "{number} called to counter {counter} after {wait_s}"
    ),
    e.TicketRecalled: Words(
        "{number} 第 {calls} 次叫，窗口 {counter}", "{number} called again ({calls}) to counter {counter}"
    ),
    e.TicketMissed: Words("{number} 过号，窗口 {counter}", "{number} missed the call to counter {counter}"),
    e.TicketReturned: Words("{number} 回到队里", "{number} is back in the queue"),
    e.TicketNoShow: Words("{number} 过号作废", "{number} is a no-show"),
    e.TicketTransferred: Words(
        "{number} 由窗口 {counter} 转{to_counter}", "{number} transferred from counter {counter} to{to_counter}"
    ),
    e.TicketAssigned: Words("{number} 留给{to_counter}", "{number} kept for{to_counter}"),
    e.TicketCancelled: Words("{number} 取消（{reason}）", "{number} cancelled ({reason})"),
    e.TicketRated: Words(
        "{number} 评价 {stars} 星{reasons}{at}{comment}", "{number} rated {stars} of 5{reasons}{at}{comment}"
    ),
    e.ServiceStarted: Words(
        "窗口 {counter} 开始办理 {number} · {matter}", "counter {counter} serves {number}: {matter}"
    ),
    e.ServiceResumed: Words("窗口 {counter} 续办 {number}", "counter {counter} goes on with {number}"),
    e.ServiceHeld: Words("窗口 {counter} 挂起 {number}", "counter {counter} set {number} aside"),
    e.ServiceFinished: Words(
        "窗口 {counter} 办结 {number}，用时 {service_s}", "counter {counter} finished {number} in {service_s}"
    ),
    e.CounterOpened: Words("窗口 {counter} 开窗，工号 {clerk}", "counter {counter} opened by clerk {clerk}"),
    e.CounterClosed: Words("窗口 {counter} 关窗，工号 {clerk}", "counter {counter} closed by clerk {clerk}"),
    e.CounterPaused: Words("窗口 {counter} 暂停", "counter {counter} paused"),
    e.CounterPausePlanned: Words("窗口 {counter} 办完这位后暂停", "counter {counter} pauses after this visitor"),
    e.CounterResumed: Words("窗口 {counter} 恢复", "counter {counter} resumed"),
    e.WrapUpEnded: Words("窗口 {counter} 整理完毕", "counter {counter} ended its wrap-up"),
    e.CounterHandedOver: Words(
        "窗口 {counter} 由 {from_clerk} 交给 {clerk}", "counter {counter} handed from {from_clerk} to {clerk}"
    ),
    e.CounterTakenOver: Words(
        "窗口 {counter} 接管窗口 {from_counter}", "counter {counter} took over counter {from_counter}"
    ),
    e.CounterNarrowed: Words("窗口 {counter} 改为{narrowing}", "counter {counter} serves {narrowing} now"),
    e.MatterHandled: Words("{number} · {matter}：{outcome}", "{number}: {matter} {outcome}"),
    e.VisitDiverted: Words("免跑一趟 · {matter}：{way}", "no visit needed: {matter}, {way}"),
    e.MatterAccepted: Words("{number} 受理 · {matter}，回执 {receipt}", "{number}: {matter} accepted, {receipt}"),
    e.AcceptanceWithdrawn: Words("回执 {receipt} 撤回", "receipt {receipt} withdrawn"),
    e.PapersReprintRequested: Words(
        "补打 {receipt}{consignment}（第 {copy} 次）", "{receipt}{consignment} printed again (copy {copy})"
    ),
    e.DocumentsSupplied: Words("回执 {receipt} 材料已补交", "receipt {receipt}: documents supplied"),
    e.DocumentsDue: Words(
        "回执 {receipt} 材料须在 {documents_due_day} 前补交", "receipt {receipt}: documents due by {documents_due_day}"
    ),
    e.ConsignmentSent: Words("交接单 {consignment} 送往 {to_hall}", "papers {consignment} sent to {to_hall}"),
    e.ConsignmentAnnounced: Words("{from_hall} 送来交接单 {consignment}", "papers {consignment} sent from {from_hall}"),
    e.ConsignmentReceived: Words("交接单 {consignment} 已签收", "papers {consignment} received from {from_hall}"),
    e.ConsignmentConfirmed: Words("{to_hall} 已签收交接单 {consignment}", "{to_hall} received papers {consignment}"),
    e.ResultReported: Words(
        "回执 {receipt} 有结果：{decision}，{delivery}", "receipt {receipt} is decided: {decision}, {delivery}"
    ),
    e.ResultHandedOut: Words("窗口 {counter} 发出 {receipt} 的结果", "counter {counter} handed out {receipt}"),
    e.ActUndone: Words("窗口 {counter} 撤销：{act} {number}", "counter {counter} undid: {act} {number}"),
}


class _Facts:
    """The fields of an event in words, each made only when a sentence asks for it."""

    def __init__(self, event: e.Event, rules: Rules, matters: Matters, *, zh: bool) -> None:
        self.event, self.rules, self.matters, self.zh = event, rules, matters, zh

    def __getitem__(self, field: str) -> str:
        told = _TOLD.get(field)
        if told is not None:
            return self.pick(told(self.event, getattr(self.event, field, None)))
        return self.pick(value_words(self.event, field, self.rules, self.matters))

    def pick(self, words: Words) -> str:
        return words.zh if self.zh else words.en


def _counter_or_any(_: e.Event, value: Any) -> Words:
    return Words("任一窗口", " any counter") if value is None else Words(f"窗口 {value}", f" counter {value}")


def _because(_: e.Event, value: Any) -> Words:
    words = reasons_words(value)
    return Words(f"：{words.zh}", f": {words.en}") if value else NOTHING


def _rated_at(event: e.Event, _: Any) -> Words:
    where = where_words(event) if isinstance(event, e.TicketRated) else NOTHING
    return Words(f" · {where.zh}", f" · {where.en}") if where.zh else NOTHING


def _comment(_: e.Event, value: Any) -> Words:
    said = " ".join(str(value).splitlines())
    return Words(f"“{said}”", f" “{said}”") if value else NOTHING


def _number(event: e.Event, value: Any) -> Words:
    ticket = getattr(event, "ticket", None)
    return same(value or (f"#{ticket}" if ticket is not None else ""))


_TOLD: dict[str, Callable[[e.Event, Any], Words]] = {
    "reasons": _because,
    "at": _rated_at,
    "comment": _comment,
    "to_counter": _counter_or_any,
    "step": lambda event, _: step(event.step_ms) if isinstance(event, e.ClockStepped) else NOTHING,
    "number": _number,
}
"""Where a sentence says a field otherwise than the details do."""


def sentence(event: e.Event, rules: Rules, matters: Matters) -> Words:
    """In Chinese and in English; a kind of event that this console does not know is told as unknown."""
    template = SENTENCES.get(type(event))
    if template is None:
        return unknown(event.kind if isinstance(event, e.UnknownEvent) else str(event.__struct_config__.tag))
    zh, en = (template.first("zh"), template.first("en"))
    return Words(
        zh.format_map(_Facts(event, rules, matters, zh=True)).rstrip(),
        en.format_map(_Facts(event, rules, matters, zh=False)).rstrip(),
    )
