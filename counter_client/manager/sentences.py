"""What happened, as one would say it: a sentence in each language for each kind of event. Pure."""

from typing import Any

from counter_client.clerk.serving import served_words
from counter_client.clerk.view import matter_words
from counter_client.manager.ratings import reasons_words, where_words
from counter_client.manager.view import Matters
from counter_client.papers.words import DECISIONS, DELIVERIES, WAYS
from counter_client.words import ACTS, CHANNELS, CLASSES, COUNTER_STATES, LANGUAGES, Words, minutes_seconds
from hall_controller.domain import events as e
from hall_controller.domain.alert import AlertKind
from hall_controller.domain.bundle import MatterOutcome
from hall_controller.domain.hours import local
from hall_controller.domain.rules import Mode, Policy, Rules

POLICIES = {
    Policy.FCFS: Words("先来先办", "first come, first served"),
    Policy.PRIORITY: Words("优先在前", "priority first"),
}
MODES = {Mode.PULL: Words("手动叫号", "pull"), Mode.PUSH: Words("自动派号", "push")}
HANDLED = {
    MatterOutcome.OPEN: Words("重新待办", "is open again"),
    MatterOutcome.HANDLED: Words("已办", "is done"),
    MatterOutcome.LEFT: Words("改日再办", "is left for another day"),
}
CANCELLED = {
    "visitor": Words("来访者放弃", "the visitor gave up"),
    "staff": Words("工作人员", "by staff"),
    "hall_closed": Words("大厅关闭", "the hall closed"),
    "swept": Words("闭门清理", "swept after closing"),
}

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
        value = getattr(self.event, field, None)
        if field in _TOLD:
            return str(_TOLD[field](self, value))
        return "" if value is None else str(value)

    def pick(self, words: Words) -> str:
        return words.zh if self.zh else words.en


def _counter_or_any(facts: _Facts, value: Any) -> str:
    if value is None:
        return facts.pick(Words("任一窗口", " any counter"))
    return facts.pick(Words(f"窗口 {value}", f" counter {value}"))


def _by(table: dict[Any, Words]) -> Any:
    def told(facts: _Facts, value: Any) -> str:
        return facts.pick(table.get(value, Words(str(value), str(value))))

    return told


ALERTS = {
    AlertKind.LONG_WAIT: Words("等候过久", "long wait"),
    AlertKind.COUNTER_IDLE: Words("有人等，窗口空闲", "counter idle"),
    AlertKind.SLOW_SERVICE: Words("办理远超平时", "slow service"),
    AlertKind.NO_SHOWS: Words("接连没人应答", "no-shows"),
    AlertKind.PAPER_LOW: Words("纸快用完", "paper low"),
    AlertKind.PAPER_OUT: Words("纸已用完", "paper out"),
    AlertKind.PRINTER_FAILING: Words("打印机故障", "printer failing"),
    AlertKind.SOUND_FAILING: Words("语音没声音", "sound failing"),
    AlertKind.VOICE_BACKLOG: Words("语音播不及", "voice backlog"),
    AlertKind.KIOSK_SILENT: Words("取号机没响应", "kiosk silent"),
    AlertKind.PRINTER_SILENT: Words("打印机没响应", "printer silent"),
    AlertKind.BOARD_SILENT: Words("大屏没响应", "board silent"),
    AlertKind.VOICE_SILENT: Words("语音没响应", "voice silent"),
    AlertKind.TERMINAL_SILENT: Words("窗口终端没响应", "terminal silent"),
    AlertKind.CLOCK_OFF: Words("时钟不准", "clock off"),
    AlertKind.DISK_FILLING: Words("磁盘将满", "disk filling"),
    AlertKind.BACKUP_OLD: Words("备份太旧", "backup old"),
    AlertKind.CONSIGNMENT_OVERDUE: Words("交接单逾期", "papers overdue"),
    AlertKind.BOOKINGS_STRANDED: Words("预约落在关门时间", "bookings stranded"),
    AlertKind.DOCUMENTS_OVERDUE: Words("补交材料逾期", "documents overdue"),
    AlertKind.KEPT_WAIT: Words("留给窗口，等候过久", "kept wait"),
    AlertKind.SECOND_WAIT: Words("再次等候过久", "second wait"),
    AlertKind.LONG_HOLD: Words("挂起过久", "long hold"),
    AlertKind.NO_COUNTER: Words("有人等，没有窗口办理", "no counter at work"),
    AlertKind.NONE_SUITS: Words("有人等，没有窗口能叫", "no counter suits"),
    AlertKind.RESULTS_AWAY: Words("出件窗口不在", "results window away"),
    AlertKind.RESULT_OVERDUE: Words("办理结果逾期", "result overdue"),
}


def _serves(facts: _Facts, value: Any) -> str:
    told = served_words(value, facts.matters)
    return facts.pick(told or Words("什么都办", "everything"))


def _because(facts: _Facts, value: Any) -> str:
    words = reasons_words(value)
    return facts.pick(Words(f"：{words.zh}", f": {words.en}")) if value else ""


def _rated_at(facts: _Facts, _: Any) -> str:
    where = facts.pick(where_words(facts.event)) if isinstance(facts.event, e.TicketRated) else ""
    return f" · {where}" if where else ""


_TOLD: dict[str, Any] = {
    "reasons": _because,
    "at": _rated_at,
    "comment": lambda facts, value: facts.pick(Words(f"“{value}”", f" “{value}”")).replace("\n", " ") if value else "",
    "way": _by(WAYS),
    "outcome": _by(HANDLED),
    "decision": _by(DECISIONS),
    "delivery": _by(DELIVERIES),
    "narrowing": _serves,
    "matter": lambda facts, value: facts.pick(matter_words(value, dict(facts.matters))),
    "visitor_class": _by(CLASSES),
    "channel": _by(CHANNELS),
    "language": _by(LANGUAGES),
    "policy": _by(POLICIES),
    "mode": _by(MODES),
    "counter_state": _by(COUNTER_STATES),
    "act": _by(ACTS),
    "reason": _by(CANCELLED),
    "wait_s": lambda _, value: minutes_seconds(value),
    "service_s": lambda _, value: minutes_seconds(value),
    "end_ms": lambda facts, value: f"{local(facts.rules, value):%H:%M}",
    "alert": _by(ALERTS),
    "to_counter": _counter_or_any,
    "step": lambda facts, _: f"{facts.event.step_ms / 1000:+.0f} s",
    "number": lambda facts, value: value or f"#{getattr(facts.event, 'ticket', '')}",
}


def sentence(event: e.Event, rules: Rules, matters: Matters) -> Words:
    """In Chinese and in English; a kind of event that this console does not know is named as the wire names it."""
    template = SENTENCES.get(type(event))
    if template is None:
        tag = str(event.__struct_config__.tag)
        return Words(tag, tag.replace("_", " "))
    zh, en = (template.first("zh"), template.first("en"))
    return Words(
        zh.format_map(_Facts(event, rules, matters, zh=True)),
        en.format_map(_Facts(event, rules, matters, zh=False)),
    )
