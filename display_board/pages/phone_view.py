"""What the phone page says to the holder of one ticket. Pure."""

import msgspec

from display_board.pages.news import news, stopped
from display_board.pages.opening import Phase, clock, today
from display_board.pages.phone_booking import Offer, booked_standing, offers_of
from display_board.pages.phone_ended import ended_words
from display_board.pages.visit_view import Names, Visit, acceptances_of, rating_of, summary_of, visit_of
from display_board.pages.words import NOTHING, Words, counter
from hall_controller.domain.events import ServiceFinished
from hall_controller.domain.hall import Hall, in_force
from hall_controller.domain.hours import local
from hall_controller.domain.keeping import keeper
from hall_controller.domain.prediction import Estimate
from hall_controller.domain.stranded_bookings import stranded_by
from hall_controller.domain.ticket import Ticket, TicketState
from hall_controller.i18n import waits

FAR_AHEAD = 10
MINE = Words("您的号码", "Your number")
CODE = Words("签到码", "Check-in code")


class PhoneView(msgspec.Struct, frozen=True, kw_only=True):
    number: str
    state: str
    """The ticket's state, for the style; `stranded` for a booking at which the hall is shut."""
    head: Words
    """The one thing to know now."""
    detail: Words = NOTHING
    big: str = ""
    """Shown very large: people ahead, or the counter to go to."""
    big_label: Words = NOTHING
    alarm: str = ""
    """Changes when the visitor must be roused again: a call, and each recall."""
    code: str = ""
    """Of a booking: what its visitor types at a kiosk."""
    code_label: Words = NOTHING
    offers: tuple[Offer, ...] = ()
    """Half hours to take instead of one at which the hall is shut."""
    mine: Words = NOTHING
    """Before the number; nothing while there is none."""
    news: Words = NOTHING
    """What everybody in the hall must know now."""
    hours: Words
    """Of today."""
    open: Words
    """Whether the hall is open, and until when."""
    visit: Visit = Visit()
    """Its matters, and what was accepted."""
    rating: str = ""
    """`open` while this visit may be rated, `done` once it was."""
    title: Words
    hall: Words
    time: str
    """The hall's clock: when this was true."""
    heard: bool
    poll_s: int
    """How soon to ask again; 0 when nothing more will happen."""


class Known(msgspec.Struct, frozen=True, kw_only=True):
    """What a phone's answer needs beside the hall's state."""

    now_ms: int
    estimate: Estimate | None = None
    code: str | None = None
    """Of a booking."""
    extended_ms: int | None = None
    """When today's hours were last extended."""
    finished: ServiceFinished | None = None
    """How the service of a bundle ended."""
    names: Names = {}
    """Of the matters."""
    heard: bool = True
    may_rebook: bool = False
    """The hall knows how a booking is moved."""
    poll_s: int = 5


def phone_view(hall: Hall, ticket: int, known: Known) -> PhoneView | None:
    """None when the hall does not know the ticket any more: it ended on an earlier day, and nothing is awaited."""
    rules, now_ms, estimate = in_force(hall), known.now_ms, known.estimate
    name = Words(rules.name_zh or rules.hall, rules.name_en or rules.hall)
    time = clock(rules, now_ms)
    hours, now_open = _hours(hall, now_ms)
    live = hall.tickets.get(ticket)
    if live is None:
        ended, accepted = hall.ended.get(ticket), acceptances_of(hall, ticket)
        if ended is None and not accepted:
            return None
        number = ended.number if ended else None  # on a later day it is somebody else's
        state = ended.state if ended else TicketState.DONE
        head, detail = summary_of(accepted), NOTHING
        if ended is not None and not accepted:
            head, detail = ended_words(hall, ended, now_ms)
        return PhoneView(
            number=number or "",
            mine=MINE if number else NOTHING,
            state=state.value,
            head=head,
            detail=detail,
            visit=visit_of(hall, ticket, known.names, now_ms, known.finished),
            rating=rating_of(ended),
            title=_title(head, number),
            hall=name,
            hours=hours,
            open=now_open,
            time=time,
            heard=known.heard,
            poll_s=30,  # an undo at the counter brings it back
        )
    offers = offers_of(hall, live, now_ms) if known.may_rebook else ()
    head, detail, big, big_label = _standing(hall, live, known, offers)
    called, booked = live.state is TicketState.CALLED, live.state is TicketState.BOOKED
    far = estimate is not None and estimate.ahead >= FAR_AHEAD
    return PhoneView(
        number=live.number or "",
        state="stranded" if stranded_by(hall, live) else live.state.value,
        head=head,
        detail=detail,
        big=big,
        big_label=big_label,
        offers=offers,
        alarm=f"{live.counter}/{live.calls}/{live.called_at_ms}" if called else "",
        visit=visit_of(hall, ticket, known.names, now_ms),
        title=_title(head, live.number),
        mine=MINE if live.number else NOTHING,
        code=known.code or "" if booked else "",
        code_label=CODE if booked and known.code else NOTHING,
        news=NOTHING if booked else stopped(hall) or news(hall, now_ms, known.extended_ms) or NOTHING,
        hours=hours,
        open=now_open,
        hall=name,
        time=time,
        heard=known.heard,
        poll_s=2 * known.poll_s if far else known.poll_s,
    )


Standing = tuple[Words, Words, str, Words]


def _standing(hall: Hall, ticket: Ticket, known: Known, offers: tuple[Offer, ...]) -> Standing:
    match ticket.state:
        case TicketState.WAITING:
            return _waiting(known.estimate, keeper(hall, ticket, known.now_ms))
        case TicketState.MISSED:
            return _missed(hall, ticket)
        case TicketState.BOOKED:
            return booked_standing(hall, ticket, known.code, offers, known.now_ms)
        case TicketState.CALLED | TicketState.SERVING | TicketState.HELD:
            return _at_counter(ticket)
        case _:
            detail = Words("请到导办台确认，确认后即可排队", "Please confirm it at the reception desk to queue")
            return Words("号票尚未确认", "This ticket is not confirmed"), detail, "", NOTHING


def _at_counter(ticket: Ticket) -> Standing:
    here = counter(ticket.counter or 0)
    detail = NOTHING
    if ticket.state is TicketState.SERVING:
        head = Words(f"正在{here.zh}办理", f"Being served at {here.en}")
    elif ticket.state is TicketState.HELD:
        head = Words(f"已挂起，准备好后请回{here.zh}", f"On hold: return to {here.en} when you are ready")
    else:
        head = Words(f"请到{here.zh}", f"Please go to {here.en}")
        again = Words(f"第{ticket.calls}次呼叫，请尽快前往", f"Call {ticket.calls}: please hurry")
        detail = again if ticket.calls > 1 else Words("轮到您了", "It is your turn")
    return head, detail, str(ticket.counter), Words("号窗口", "Counter")


def _hours(hall: Hall, now_ms: int) -> tuple[Words, Words]:
    """Today's hours, and what they mean now."""
    here = today(hall, now_ms)
    name = here.special
    hours = Words(
        f"今日{name.zh} {'、'.join(here.hours)}", f"Today{f' ({name.en})' if name.en else ''} {', '.join(here.hours)}"
    )
    now_open = here.state
    if here.phase is Phase.SHUT and here.detail.zh:
        now_open = Words(f"{here.state.zh}，{here.detail.zh}", f"{here.state.en}. {here.detail.en}")
    return hours if here.hours else name, now_open


def _waiting(estimate: Estimate | None, kept_for: int | None) -> Standing:
    if estimate is None:
        return Words("正在等候", "Waiting"), NOTHING, "", NOTHING
    # By time, not by place: the first in the queue may be kept for a counter that is busy for long.
    if not waits.is_soon(estimate.wait_s):
        head = Words("正在等候", "Waiting")
    elif estimate.ahead == 0:
        head = Words("下一位就是您", "You are next")
    else:
        head = Words("快到您了，请不要走远", "Almost your turn: please stay close")
    told = waits.whole(estimate.wait_s, estimate.bound_s)
    detail = Words(f"预计等候：{told.zh}", f"Expected wait: {told.en}")
    if kept_for is not None:
        here = counter(kept_for)
        detail = Words(f"{detail.zh}，在{here.zh}办理", f"{detail.en}, at {here.en}")
    return head, detail, str(estimate.ahead), Words("前面人数", "people ahead of you")


def _missed(hall: Hall, ticket: Ticket) -> Standing:
    until_ms = (ticket.missed_at_ms or 0) + in_force(hall).missed_grace_s * 1000
    until = f"{local(in_force(hall), until_ms):%H:%M}"
    head = Words("您已过号", "You missed your call")
    detail = Words(
        f"请在{until}前到导办台重新排队，无需重新取号",
        f"Ask at the reception desk before {until} to return to the queue; you need no new ticket",
    )
    return head, detail, until, Words("前返回", "return before")


def _title(head: Words, number: str | None) -> Words:
    mark = f"{number} " if number else ""
    return Words(f"{mark}{head.zh}", f"{mark}{head.en}")
