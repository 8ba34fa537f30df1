"""What the board says, from the hall's state and the stage. Pure; `board_markup` makes it into a page."""

from enum import StrEnum

import msgspec

from display_board.pages.calls import Shown, Stage, Timing, is_fresh
from display_board.pages.idle import idle_words
from display_board.pages.news import news, stopped
from display_board.pages.opening import Today, newcomers, today
from display_board.pages.words import CLASSES, NOTHING, WEEKDAYS, Words, duration, most
from hall_controller.domain.hall import Hall, Issuing, in_force, waiting_count
from hall_controller.domain.hours import local
from hall_controller.domain.prediction import predict_newcomer
from hall_controller.domain.rules import Band
from hall_controller.domain.ticket import TicketState, VisitorClass

MISSED_SHOWN = 8
WAIT, TICKETS = Words("现在取号需等", "Wait for a new ticket"), Words("取号", "New tickets")


class CallRow(msgspec.Struct, frozen=True):
    number: str
    counter: int
    fresh: bool = False
    """Newly called: highlighted."""
    again: bool = False


class BannerKind(StrEnum):
    WARNING = "warning"
    CLOSED = "closed"
    NEWS = "news"


class Banner(msgspec.Struct, frozen=True):
    """Something that everyone must know, across the whole screen."""

    kind: BannerKind
    words: Words


class ClassCount(msgspec.Struct, frozen=True):
    name: Words
    count: int


class Clock(msgspec.Struct, frozen=True):
    time: str
    date: Words
    at_ms: int
    offset_min: int
    """Of the hall's local time, so that a screen that has lost us can go on counting."""


class BoardView(msgspec.Struct, frozen=True, kw_only=True):
    name: Words
    rehearsal: bool
    clock: Clock
    banners: tuple[Banner, ...]
    calls: tuple[CallRow, ...]
    """On the big panel, the newest first: everybody who is called."""
    recent: tuple[CallRow, ...]
    """The calls before those, that were answered."""
    missed: tuple[str, ...]
    missed_more: int
    """How many more missed numbers there are than are shown."""
    waiting: int
    by_class: tuple[ClassCount, ...]
    """Empty when only ordinary visitors wait."""
    wait_label: Words
    wait: Words
    """For someone who takes a ticket now, or from when there are tickets."""
    wait_most: Words
    """How sure that is."""
    today: Today
    idle: tuple[Words, Words]
    """On the big panel while nobody is called: what to know, and what more."""
    visits: Words
    notice: Words


class Shape(msgspec.Struct, frozen=True, kw_only=True):
    """What a hall has chosen to show."""

    recent: int = 6
    by_class: bool = True
    missed: bool = True


def clock_of(hall: Hall, now_ms: int) -> Clock:
    now = local(in_force(hall), now_ms)
    day = WEEKDAYS[now.weekday()]
    date = Words(f"{now.month}月{now.day}日 {day.zh}", f"{day.en} {now:%d %b %Y}")
    offset = now.utcoffset()
    return Clock(f"{now:%H:%M}", date, now_ms, int(offset.total_seconds() // 60) if offset else 0)


class Scene(msgspec.Struct, frozen=True, kw_only=True):
    """What the board must know beside the hall's state."""

    now_ms: int
    """The hall's clock."""
    stage: Stage = Stage()
    """Advanced to that state."""
    stage_ms: int = 0
    """The stage's clock."""
    timing: Timing = Timing()
    heard: bool = True
    lost_since_ms: int | None = None
    """When the hall fell silent, by its own clock."""
    extended_ms: int | None = None
    """When today's hours were last extended."""
    rehearsal: bool = False


def board_view(hall: Hall, scene: Scene, shape: Shape) -> BoardView:
    rules = in_force(hall)
    now_ms = scene.now_ms
    missed = missed_numbers(hall) if shape.missed else []
    hours = today(hall, now_ms)
    wait, sure = _newcomers_wait(hall, now_ms)
    return BoardView(
        name=Words(rules.name_zh or rules.hall, rules.name_en),
        rehearsal=scene.rehearsal,
        clock=clock_of(hall, now_ms),
        banners=_banners(hall, scene),
        calls=tuple(_row(shown, scene) for shown in scene.stage.shown),
        recent=tuple(CallRow(s.call.number, s.call.counter) for s in scene.stage.before[: shape.recent]),
        missed=tuple(missed[:MISSED_SHOWN]),
        missed_more=max(0, len(missed) - MISSED_SHOWN),
        waiting=waiting_count(hall),
        by_class=_by_class(hall) if shape.by_class else (),
        wait_label=WAIT if hall.issuing is Issuing.OPEN else TICKETS,
        wait=wait,
        wait_most=sure,
        today=hours,
        idle=idle_words(hall, hours, now_ms),
        visits=visits(hall),
        notice=Words(hall.notice_zh.strip(), hall.notice_en.strip()),
    )


def missed_numbers(hall: Hall) -> list[str]:
    """Of those who may still return to the queue, the last missed first."""
    missed = [t for t in hall.tickets.values() if t.state is TicketState.MISSED]
    missed.sort(key=lambda t: (-(t.missed_at_ms or 0), t.ticket))
    return [t.number or "" for t in missed]


def visits(hall: Hall) -> Words:
    """The visits of the day, and how many of them in extended hours."""
    total = sum(hall.visits.values())
    extended = total - hall.visits.get(Band.REGULAR, 0)
    return Words(f"今日办理 {total} 人次 · 延时 {extended}", f"Visits today {total}, extended hours {extended}")


def _row(shown: Shown, scene: Scene) -> CallRow:
    call = shown.call
    return CallRow(call.number, call.counter, is_fresh(shown, scene.stage_ms, scene.timing), call.again)


def _by_class(hall: Hall) -> tuple[ClassCount, ...]:
    counts = [ClassCount(CLASSES[c], len(hall.queues.get(c, ()))) for c in VisitorClass]
    favoured = any(count.count for count in counts if count.name is not CLASSES[VisitorClass.ORDINARY])
    return tuple(count for count in counts if count.count) if favoured else ()


def _newcomers_wait(hall: Hall, now_ms: int) -> tuple[Words, Words]:
    if hall.issuing is not Issuing.OPEN:
        return newcomers(hall, now_ms), NOTHING
    told = predict_newcomer(hall, VisitorClass.ORDINARY, now_ms)
    return duration(told.wait_s), most(told.wait_s, told.bound_s)


def _banners(hall: Hall, scene: Scene) -> tuple[Banner, ...]:
    banners: list[Banner] = []
    if not scene.heard:
        banners.append(Banner(BannerKind.WARNING, _lost(hall, scene.lost_since_ms)))
    reason = hall.issuing_reason.strip()
    if hall.issuing is Issuing.CLOSED:
        because = Words(f"：{reason}", f": {reason}") if reason else NOTHING
        banners.append(Banner(BannerKind.CLOSED, Words(f"大厅已关闭{because.zh}", f"The hall is closed{because.en}")))
    said = stopped(hall)
    if said is not None:
        banners.append(Banner(BannerKind.CLOSED, said))
    told = news(hall, scene.now_ms, scene.extended_ms)
    if told is not None:
        banners.append(Banner(BannerKind.NEWS, told))
    return tuple(banners)


def _lost(hall: Hall, lost_since_ms: int | None) -> Words:
    if lost_since_ms is None:
        return Words("与叫号系统失去联系，请听从工作人员叫号", "Connection lost: please listen to the staff")
    since = f"{local(in_force(hall), lost_since_ms):%H:%M}"
    return Words(
        f"与叫号系统失去联系，屏幕停在{since}，请听从工作人员叫号",
        f"Connection lost: this screen stands at {since}. Please listen to the staff",
    )
