"""Each member of each closed set in words: one table for consoles, terminals, command line and reports."""

from collections.abc import Mapping
from enum import StrEnum
from typing import Any, TypeVar

from hall_controller.domain.acceptance import Carries, Decision, Delivery
from hall_controller.domain.alert import AlertKind
from hall_controller.domain.bundle import MatterOutcome
from hall_controller.domain.commands import CancelReason, DeviceKind, DeviceState, RatingReason
from hall_controller.domain.counter import CounterState, UndoableAct
from hall_controller.domain.credit import Rating
from hall_controller.domain.day import Announcement, StopCause
from hall_controller.domain.events import Origin
from hall_controller.domain.hall import Issuing
from hall_controller.domain.matters import How, Route, Subject
from hall_controller.domain.rules import Band, Mode, Policy
from hall_controller.domain.sender import Role
from hall_controller.domain.ticket import Channel, Language, Paper, TicketState, VisitorClass
from hall_controller.i18n.words import Words

K = TypeVar("K", bound=StrEnum)


class Terms(dict[K, Words]):
    """A closed set in words; a member that only a newer hall knows is told as unknown, by its own name."""

    def __missing__(self, member: K) -> Words:
        return unknown(str(member))


CLASSES = Terms(
    {
        VisitorClass.PRIORITY: Words("优先", "Priority"),
        VisitorClass.APPOINTMENT: Words("预约", "Booked"),
        VisitorClass.ORDINARY: Words("普通", "Ordinary"),
    }
)
LANGUAGES = Terms(
    {
        Language.MANDARIN: Words("普通话", "Mandarin"),
        Language.CANTONESE: Words("粤语", "Cantonese"),
        Language.ENGLISH: Words("英语", "English"),
    }
)
CHANNELS = Terms(
    {
        Channel.KIOSK: Words("取号机", "Kiosk"),
        Channel.RECEPTION: Words("导办台", "Reception"),
        Channel.PHONE: Words("手机", "Phone"),
        Channel.APPOINTMENT: Words("预约", "Booking"),
        Channel.COUNTER: Words("无号办理", "No ticket"),
    }
)
COUNTER_STATES = Terms(
    {
        CounterState.CLOSED: Words("已关窗", "CLOSED"),
        CounterState.READY: Words("空闲", "READY"),
        CounterState.CALLING: Words("叫号中", "CALLING"),
        CounterState.SERVING: Words("办理中", "SERVING"),
        CounterState.WRAPPING_UP: Words("整理中", "WRAP-UP"),
        CounterState.PAUSED: Words("暂停", "PAUSED"),
    }
)
TICKET_STATES = Terms(
    {
        TicketState.BOOKED: Words("已预约", "booked"),
        TicketState.WAITING: Words("等候", "waiting"),
        TicketState.UNCLAIMED: Words("未取票", "unclaimed"),
        TicketState.CALLED: Words("已叫号", "called"),
        TicketState.SERVING: Words("办理中", "serving"),
        TicketState.HELD: Words("挂起", "held"),
        TicketState.MISSED: Words("过号", "missed"),
        TicketState.DONE: Words("已办结", "done"),
        TicketState.NO_SHOW: Words("过号作废", "no-show"),
        TicketState.CANCELLED: Words("已取消", "cancelled"),
    }
)
ACTS = Terms(
    {
        UndoableAct.CALL_NEXT: Words("叫号", "call"),
        UndoableAct.CALL_TICKET: Words("点名叫号", "call out of turn"),
        UndoableAct.START_SERVICE: Words("开始", "start"),
        UndoableAct.FINISH_SERVICE: Words("办结", "finish"),
        UndoableAct.MISSED: Words("过号", "no-show"),
        UndoableAct.HOLD: Words("挂起", "hold"),
        UndoableAct.RESUME_TICKET: Words("取回", "resume"),
        UndoableAct.TRANSFER: Words("转办", "transfer"),
        UndoableAct.SERVE_UNTICKETED: Words("无号办理", "walk-in"),
        UndoableAct.PAUSE_COUNTER: Words("暂停", "pause"),
        UndoableAct.RESUME_COUNTER: Words("恢复", "end of pause"),
    }
)
"""The acts that undo takes back."""
DEVICE_KINDS = Terms(
    {
        DeviceKind.PAPER: Words("纸张", "paper"),
        DeviceKind.PRINTER: Words("打印机", "printer"),
        DeviceKind.SOUND: Words("声音", "sound"),
        DeviceKind.QUEUE: Words("播报", "queue"),
        DeviceKind.PACK: Words("语音包", "voice pack"),
        DeviceKind.SCREEN: Words("屏幕", "screen"),
    }
)
DEVICE_STATES = Terms(
    {
        DeviceState.OK: Words("好", "ok"),
        DeviceState.WARNING: Words("注意", "warning"),
        DeviceState.FAILED: Words("故障", "FAILED"),
    }
)
ROLES = Terms(
    {
        Role.KIOSK: Words("取号机", "kiosk"),
        Role.PRINTER: Words("打印机", "printer"),
        Role.BOARD: Words("大屏", "board"),
        Role.VOICE: Words("语音", "voice"),
        Role.COUNTER: Words("窗口终端", "terminal"),
        Role.RECEPTION: Words("导办台", "reception"),
        Role.MANAGER: Words("经理台", "console"),
        Role.GATEWAY: Words("网关", "gateway"),
        Role.DISTRICT: Words("区平台", "district"),
    }
)
POLICIES = Terms(
    {
        Policy.FCFS: Words("先来先办", "first come, first served"),
        Policy.PRIORITY: Words("优先在前", "priority first"),
    }
)
MODES = Terms({Mode.PULL: Words("手动叫号", "pull"), Mode.PUSH: Words("自动派号", "push")})
OUTCOMES = Terms(
    {
        MatterOutcome.OPEN: Words("重新待办", "is open again"),
        MatterOutcome.HANDLED: Words("已办", "is done"),
        MatterOutcome.LEFT: Words("改日再办", "is left for another day"),
    }
)
CANCELLED = Terms(
    {
        CancelReason.VISITOR: Words("来访者放弃", "the visitor gave up"),
        CancelReason.STAFF: Words("工作人员", "by staff"),
        CancelReason.HALL_CLOSED: Words("大厅关闭", "the hall closed"),
        CancelReason.SWEPT: Words("闭门清理", "swept after closing"),
    }
)
STOPS = Terms(
    {
        StopCause.MANAGER: Words("经理", "by the manager"),
        StopCause.LAST_TICKET: Words("末号已发", "the last ticket is out"),
        StopCause.LUNCH: Words("午间", "over lunch"),
        StopCause.SHUT: Words("不在开放时间", "outside the hours"),
    }
)
ANNOUNCEMENTS = Terms(
    {
        Announcement.LUNCH_BREAK: Words("午间休息", "lunch break"),
        Announcement.LUNCH_SERVICE: Words("午间服务", "lunchtime service"),
        Announcement.CLOSING: Words("闭门", "closing"),
    }
)
ORIGINS = Terms(
    {
        Origin.INIT: Words("新建", "a new hall"),
        Origin.RESTORE: Words("恢复备份", "restored from a backup"),
        Origin.REHEARSAL: Words("演练", "rehearsal"),
        Origin.MODEL: Words("推演", "model"),
    }
)
ISSUING = Terms(
    {
        Issuing.OPEN: Words("取号中", "open"),
        Issuing.STOPPED: Words("停止取号", "stopped"),
        Issuing.CLOSED: Words("紧急关闭", "closed"),
    }
)
PAPER = Terms(
    {
        Paper.NOT_EXPECTED: Words("不打印", "not expected"),
        Paper.PENDING: Words("正在打印", "printing"),
        Paper.FAILED: Words("没打出来", "print failed"),
        Paper.PRINTED: Words("已打印", "printed"),
        Paper.ACKNOWLEDGED: Words("已看屏幕", "read on screen"),
    }
)
BANDS = Terms(
    {
        Band.REGULAR: Words("正常时段", "regular"),
        Band.LUNCH: Words("午间延时", "lunch"),
        Band.EVENING: Words("晚间延时", "evening"),
        Band.WEEKEND: Words("周末延时", "weekend"),
        Band.HOLIDAY: Words("节假日延时", "holiday"),
    }
)
SUBJECTS = Terms(
    {
        Subject.NATURAL: Words("个人", "people"),
        Subject.LEGAL: Words("企业", "companies"),
        Subject.CONVENIENCE: Words("便民", "everyday services"),
    }
)
WAYS = Terms(
    {
        How.HERE: Words("窗口办", "at a counter"),
        How.ANY_HALL: Words("就近大厅办", "in any hall"),
        How.ZERO_RUN: Words("网上办，不用跑", "online"),
        How.SELF_SERVICE: Words("自助终端办（24 小时）", "self-service, 24 h"),
        How.INSTANT: Words("秒批，当场即得", "approved at once"),
        How.BY_PHONE: Words("打电话办", "by phone"),
    }
)
ROUTES = Terms({Route.ELECTRONIC: Words("电子材料", "electronic"), Route.PHYSICAL: Words("纸质材料", "on paper")})
CREDITS = Terms(
    {
        Rating.GOOD: Words("信用良好", "credit: good"),
        Rating.ORDINARY: Words("信用一般", "credit: ordinary"),
        Rating.DISCREDITED: Words("失信", "discredited"),
    }
)
DECISIONS = Terms({Decision.GRANTED: Words("准予", "granted"), Decision.REJECTED: Words("不予", "rejected")})
DELIVERIES = Terms(
    {
        Delivery.WINDOW: Words("窗口领取", "collected at the window"),
        Delivery.POST: Words("邮寄", "by post"),
        Delivery.ELECTRONIC: Words("电子送达", "electronically"),
    }
)
CARRIES = Terms({Carries.MATERIALS: Words("材料", "papers"), Carries.RESULTS: Words("结果", "results")})
REASONS = Terms(
    {
        RatingReason.WAIT: Words("等候太久", "the wait"),
        RatingReason.UNCLEAR: Words("没讲清楚", "not explained"),
        RatingReason.UNFRIENDLY: Words("态度不好", "unfriendly"),
        RatingReason.SENT_AWAY: Words("让再跑一趟", "sent away"),
        RatingReason.NOT_SOLVED: Words("没办成", "not solved"),
        RatingReason.PLACE: Words("环境不好", "the place"),
    }
)
ALERTS = Terms(
    {
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
)

_TABLES: tuple[Mapping[Any, Words], ...] = (
    CLASSES, LANGUAGES, CHANNELS, COUNTER_STATES, TICKET_STATES, ACTS, DEVICE_KINDS, DEVICE_STATES, ROLES, POLICIES,
    MODES, OUTCOMES, CANCELLED, STOPS, ANNOUNCEMENTS, ORIGINS, ISSUING, PAPER, BANDS, SUBJECTS, WAYS, ROUTES, CREDITS,
    DECISIONS, DELIVERIES, CARRIES, REASONS, ALERTS,
)  # fmt: skip
BY_SET: dict[type[StrEnum], Mapping[Any, Words]] = {type(next(iter(table))): table for table in _TABLES}
"""The words of a closed set, by its enum."""


def term(value: object) -> Words:
    """A member of a closed set; what is younger than this program is plainly unknown, by its name in plain letters."""
    table = BY_SET.get(type(value)) if isinstance(value, StrEnum) else None
    known = table.get(value) if table is not None else None
    return known or unknown(str(value))


def unknown(name: str) -> Words:
    plain = name.replace("_", " ")
    return Words(f"未知（{plain}）", f"unknown ({plain})") if plain else Words("未知", "unknown")
