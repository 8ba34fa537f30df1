"""What the terminals say, in Chinese and English: one pair of words for one thing."""

from hall_controller.domain.commands import device_kind
from hall_controller.domain.refusal import Code, Refusal
from hall_controller.i18n.terms import (
    ACTS,
    CHANNELS,
    CLASSES,
    COUNTER_STATES,
    DEVICE_KINDS,
    LANGUAGES,
    TICKET_STATES,
    term,
    unknown,
)
from hall_controller.i18n.words import Tongue, Words

__all__ = [
    "ACTS", "CHANNELS", "CLASSES", "COUNTER_STATES", "DEVICE_KINDS", "LANGUAGES", "REFUSALS", "TICKET_STATES",
    "WHO_HAS_PRIORITY", "Tongue", "Words", "device_kind_words", "explain",
]  # fmt: skip

WHO_HAS_PRIORITY = Words("老人、残疾人、孕妇、抱婴者、军人", "elderly, disabled, pregnant, infant, service member")


def device_kind_words(name: str) -> Words:
    """The part of a device; one that this hall does not know is told as unknown."""
    kind = device_kind(name)
    return unknown(name) if kind is None else term(kind)


REFUSALS = {
    Code.NOT_ALLOWED: "本终端无权办理此操作。",
    Code.STALE: "情况已变，操作未执行，请看清屏幕后再按。",
    Code.STORAGE: "大厅主机存储故障，操作未执行，请告知值班经理。",
    Code.INTERNAL: "大厅主机内部出错，操作未执行，请告知技术员。",
    Code.UNKNOWN_MATTER: "没有这个事项。",
    Code.UNKNOWN_TICKET: "今天没有这个号。",
    Code.UNKNOWN_COUNTER: "没有这个窗口。",
    Code.UNKNOWN_KIOSK: "没有这台取号机。",
    Code.WRONG_STATE: "当前状态不能这样操作。",
    Code.COUNTER_CLOSED: "窗口未开，请先开窗。",
    Code.COUNTER_OPEN: "窗口已经开着。",
    Code.COUNTER_BUSY: "窗口还有来访者，请先办结。",
    Code.COUNTER_PAUSED: "窗口已暂停，请先恢复。",
    Code.COUNTER_NARROWED: "那个窗口不办这类事项。",
    Code.NO_VISITOR: "窗口没有来访者。",
    Code.CLERK_ELSEWHERE: "此工号在别的窗口还开着，请先关那个窗口。",
    Code.PUSH_MODE: "本大厅自动派号，整理完毕即派下一位。",
    Code.GRACE_OVER: "过号时间太久，请重新取号。",
    Code.ALREADY_ACCEPTED: "该事项已受理过，请看已有回执。",
    Code.UNKNOWN_RECEIPT: "没有这个回执号，或结果已领走，请核对。",
    Code.NOT_READY: "结果还没到本大厅。",
    Code.CREDIT_NEEDED: "补贴事项须先查询申请人信用。",
    Code.DOCUMENTS_NEEDED: "还缺不能容缺的材料。",
    Code.BARRED: "失信主体，本事项不予受理。",
    Code.TOO_EARLY: "还没到签到时间。",
    Code.ISSUING_STOPPED: "现已停止取号；可以预约以后的时间。",
    Code.HALL_CLOSED: "大厅已关闭。",
    Code.NO_SLOT: "这个时段不能预约，或已约满，请另选。",
    Code.VISITORS_WAITING: "还有人拿着号在等：先叫完再关窗，叫了没来的自动作废。",
    Code.ALREADY_BOOKED: "同一人已有同一时段或同一事项的预约，先取消那个。",
    Code.TOO_MANY_BOOKINGS: "这个人的预约已到上限，先取消一个。",
    Code.NOTHING_TO_UNDO: "没有可以撤销的操作。",
}


CHANGED_SINCE = Words(
    "情况已变：窗口或号已有变化，没有办；请看清屏幕后再按。",
    "The counter no longer has the visitor you saw, or has changed; look again.",
)


def explain(refusal: Refusal) -> Words:
    """A refusal for a person: the hall's own sentence in English, and what it means in Chinese."""
    if refusal.code is Code.UNKNOWN_TICKET and refusal.field == "token":
        return Words("没有这个签到码或凭证，请核对。", refusal.message)
    if refusal.code is Code.STALE and refusal.field == "seen_seq":
        return CHANGED_SINCE
    return Words(REFUSALS.get(refusal.code, "操作未执行。"), refusal.message)
