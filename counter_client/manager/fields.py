"""Each field of an event in words: one formatter for each kind of value. Pure."""

from enum import StrEnum
from typing import Any

from counter_client.clerk.serving import groups_of, served_words
from counter_client.clerk.view import matter_words
from counter_client.manager.view import Matters
from counter_client.words import Words, device_kind_words
from hall_controller.domain import events as e
from hall_controller.domain.hours import local
from hall_controller.domain.matters import Subject
from hall_controller.domain.rules import RosterSpan, Rules
from hall_controller.i18n import times, waits
from hall_controller.i18n.terms import term, unknown
from hall_controller.i18n.words import NOTHING

ENVELOPE = ("epoch", "seq", "at_ms", "service_day", "by", "why")
UNSAID = ("body", "packed", "digest", "rules", "prefix", "count", "holder", "catalogue_version")
"""What nobody can read: packed catalogues, digests, whole settings, the parts of a number."""

LABELS = {
    "act": Words("操作", "act"), "added": Words("新增", "new"), "ahead": Words("前面人数", "ahead"),
    "alert": Words("警示", "alert"), "announcement": Words("播报", "announced"),
    "back_at_ms": Words("回来", "back at"), "band": Words("时段", "band"), "calls": Words("叫号次数", "calls"),
    "carries": Words("内容", "carries"), "cause": Words("原因", "cause"), "changed": Words("改动", "changed"),
    "channel": Words("渠道", "channel"), "claim_by_ms": Words("取票截止", "claim by"), "clerk": Words("工号", "clerk"),
    "comment": Words("留言", "comment"), "consignment": Words("交接单", "list"), "copy": Words("第几次补打", "copy"),
    "counter": Words("窗口", "counter"), "counter_state": Words("窗口状态", "counter was"),
    "day": Words("日期", "day"), "decision": Words("决定", "decision"), "decisions": Words("决定", "decisions"),
    "delivery": Words("送达", "delivery"), "department": Words("部门", "department"),
    "detail": Words("详情", "detail"), "device": Words("设备", "device"),
    "documents_due_day": Words("补交期限", "documents by"), "due_ms": Words("应到", "due"),
    "en": Words("英文", "English"), "end_ms": Words("结束", "ends"), "favoured_limit": Words("连叫上限", "in a row"),
    "favoured_run": Words("已连叫", "run so far"), "first": Words("首次叫号", "first call"),
    "from_clerk": Words("原工号", "from clerk"), "from_counter": Words("原窗口", "from counter"),
    "from_hall": Words("来自大厅", "from hall"), "from_slot_at_ms": Words("原预约", "booked before"),
    "group": Words("事项类别", "group"), "kind": Words("部件", "part"), "kiosk": Words("取号机", "kiosk"),
    "language": Words("语言", "language"), "last": Words("当天最后", "last today"), "left": Words("改日再办", "left"),
    "matter": Words("事项", "matter"), "matters": Words("事项", "matters"), "minutes": Words("分钟", "minutes"),
    "missing": Words("缺少", "missing"), "mode": Words("叫号方式", "mode"), "moment_ms": Words("时刻", "moment"),
    "more": Words("一并办理", "also"), "narrowing": Words("只办", "serves"),
    "next_ms": Words("下次开门", "opens next"), "number": Words("号码", "ticket"), "origin": Words("由来", "origin"),
    "out_of_turn": Words("点名", "out of turn"), "outcome": Words("结果", "outcome"),
    "outstanding_en": Words("待补（英文）", "to come"), "outstanding_zh": Words("待补", "to come, zh"),
    "paper": Words("号票", "paper"), "passed": Words("被越过", "passed"), "place": Words("排队自", "queues since"),
    "policy": Words("派号规则", "policy"), "predicted_bound_s": Words("多数不超过", "most under"),
    "predicted_wait_s": Words("预计等候", "wait told"), "rating": Words("信用", "credit"),
    "ready": Words("可领", "ready"), "reason": Words("原因", "reason"), "reasons": Words("原因", "reasons"),
    "receipt": Words("回执", "receipt"), "receipts": Words("回执", "receipts"), "removed": Words("取消", "gone"),
    "result_due_day": Words("承诺日期", "result by"), "return_by_ms": Words("最晚回来", "return by"),
    "route": Words("材料形式", "papers are"), "sent_at_ms": Words("送出", "sent"), "service_s": Words("用时", "took"),
    "since_ms": Words("自", "since"), "slot_at_ms": Words("预约时间", "booked for"), "spans": Words("排班", "roster"),
    "stars": Words("星级", "stars"), "start_ms": Words("开始", "begins"), "state": Words("状态", "state"),
    "step_ms": Words("调整", "step"), "stops_issuing": Words("停止取号", "stops tickets"),
    "subject": Words("对象", "subject"), "supplied_zh": Words("已补", "supplied, zh"), "theme": Words("主题", "theme"),
    "ticket": Words("内部号", "ticket id"), "ticket_state": Words("号的状态", "ticket was"),
    "tickets": Words("内部号", "ticket ids"), "to_counter": Words("给窗口", "for counter"),
    "to_hall": Words("送往大厅", "to hall"), "until_ms": Words("到", "until"),
    "usual_s": Words("常规用时", "usual time"), "value": Words("数值", "figure"), "version": Words("版本", "version"),
    "visit_band": Words("时段", "band"), "visitor_class": Words("类别", "class"), "wait_s": Words("等候", "waited"),
    "way": Words("方式", "way"), "zh": Words("中文", "Chinese"),
}  # fmt: skip
YES, NO = Words("是", "yes"), Words("否", "no")


def label(field: str) -> Words:
    return LABELS.get(field) or unknown(field)


def same(value: object) -> Words:
    return Words(str(value), str(value))


def _listed(found: list[Words]) -> Words:
    return Words("、".join(one.zh for one in found), ", ".join(one.en for one in found))


def _moment(event: e.Event, rules: Rules, at_ms: int) -> Words:
    """The time; with its day, where that is another than the event's."""
    when, day = local(rules, at_ms), local(rules, event.at_ms).date()
    if when.date() != day:
        return same(f"{when:%Y-%m-%d %H:%M}")
    return same(f"{when:%H:%M:%S}" if when.second else f"{when:%H:%M}")


def step(step_ms: int) -> Words:
    sign = "-" if step_ms < 0 else "+"
    told = times.lasted(abs(step_ms) / 1000)
    return Words(f"{sign}{told.zh}", f"{sign}{told.en}")


def _span(span: RosterSpan) -> Words:
    count = span.counters
    return Words(
        f"{span.start:%H:%M}–{span.end:%H:%M} {count}个窗口",
        f"{span.start:%H:%M}–{span.end:%H:%M} {count} counter{'s' if count != 1 else ''}",
    )


def value_words(event: e.Event, field: str, rules: Rules, matters: Matters) -> Words:  # noqa: C901, PLR0912 - one case a kind
    """What stands in a field, as a person says it; empty where there is nothing."""
    value: Any = getattr(event, field, None)
    if value is None or value in ((), ""):
        return NOTHING
    known = dict(matters)
    match field:
        case "matter":
            return matter_words(value, known)
        case "more" | "left":
            return _listed([matter_words(code, known) for code in value])
        case "matters" if isinstance(value, tuple):
            return _listed([matter_words(code, known) for code in value])
        case "group":
            return groups_of(matters).get(value) or same(value)
        case "narrowing":
            return served_words(value, matters) or Words("什么都办", "everything")
        case "kind" if not isinstance(event, e.UnknownEvent):
            return device_kind_words(value)
        case "subject" if isinstance(event, e.AlertRaised | e.AlertCleared):
            return same(value)
        case "subject":
            return term(Subject(value)) if value in set(Subject) else unknown(str(value))
        case "place":
            return _moment(event, rules, value[0])
        case "step_ms":
            return step(value)
        case "predicted_wait_s":
            return waits.wait(value)
        case "predicted_bound_s":
            return waits.brief(value)
        case "wait_s" | "service_s" | "usual_s":
            return times.clock(value)
    if isinstance(event, e.UnknownEvent):
        return unknown(str(value))
    if field.endswith("_ms"):
        return _moment(event, rules, value)
    return plain(value)


def plain(value: Any) -> Words:
    """Any other value, by its type."""
    if isinstance(value, StrEnum):
        return term(value)
    if isinstance(value, bool):
        return YES if value else NO
    if isinstance(value, tuple):
        return _listed([plain(one) for one in value])
    if isinstance(value, RosterSpan):
        return _span(value)
    return same(value)
