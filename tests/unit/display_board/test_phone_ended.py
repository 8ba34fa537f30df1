"""What the phone says of a ticket that has ended: each state and reason, whatever the hall does meanwhile."""

import itertools

import pytest

from display_board.pages.phone_ended import ended_words
from display_board.pages.phone_view import Known, phone_view
from hall_controller.domain import commands as c
from hall_controller.domain.commands import CancelReason
from hall_controller.domain.day import StopCause
from hall_controller.domain.hall import Closure, Ended, Issuing
from hall_controller.domain.ticket import ENDED, TicketState
from tests.unit.display_board.room import MATTER, Room, at

NEW_TICKET = ("重新取号", "new ticket")
REASONS = [(state, None) for state in sorted(ENDED)] + [(TicketState.CANCELLED, reason) for reason in CancelReason]
ISSUING = [
    (Issuing.OPEN, None),
    (Issuing.CLOSED, None),
    *((Issuing.STOPPED, cause) for cause in StopCause),
]


@pytest.mark.parametrize("number", ["A001", None])
@pytest.mark.parametrize(("issuing", "cause"), ISSUING)
def test_nobody_is_sent_to_a_kiosk_that_gives_no_tickets(
    issuing: Issuing, cause: StopCause | None, number: str | None
) -> None:
    room = Room()
    hall = room.hall
    hall.issuing, hall.stop_cause, hall.issuing_reason = issuing, cause, "台风" if issuing is Issuing.CLOSED else ""
    hall.closures = (Closure(room.now_ms, None, "台风"),) if issuing is Issuing.CLOSED else ()
    told = {}
    for state, reason in REASONS:
        words = ended_words(hall, Ended(number, state, reason=reason), room.now_ms)
        text = [(one.zh, one.en) for one in words]
        assert all(zh and en and zh != en for zh, en in text)
        assert not any(str(raw) in "".join(itertools.chain(*text)) for raw in ("hall_closed", "no_show", "swept"))
        if issuing is not Issuing.OPEN:
            assert not any(word in part for word in NEW_TICKET for pair in text for part in pair), text
        if issuing is Issuing.CLOSED and state is not TicketState.DONE:
            assert all("台风" in "".join(part) for part in zip(*text, strict=True)), "it says why"
            assert "明天（星期三）09:00" in text[1][0], "and when to come again"
            assert "tomorrow, Wednesday, at 09:00" in text[1][1]
        told[state, reason] = text[0]
    assert len({*told.values()}) >= len(REASONS) - 1, "each end is told apart"


def test_after_an_emergency_the_phone_says_why_and_when_to_come_again() -> None:
    room = Room()
    room.open(3)
    missed, called, waiting = (room.issue() for _ in range(3))
    room.call(3)
    room.do(c.Missed(counter=3))
    room.call(3)
    room.do(c.BookTicket(matter=MATTER.code, slot_at_ms=at("15:00")))
    booked = room.hall.next_ticket - 1
    room.do(c.CloseHall(reason="台风红色预警"))
    for ticket in (missed, called, waiting):
        view = phone_view(room.hall, ticket, Known(now_ms=room.now_ms))
        assert view is not None
        assert "台风红色预警" in view.detail.zh
        assert "台风红色预警" in view.detail.en
        assert "重新取号" not in view.detail.zh
        assert "tomorrow, Wednesday, at 09:00" in view.detail.en
    view = phone_view(room.hall, booked, Known(now_ms=room.now_ms, may_rebook=True))
    assert view is not None
    assert (view.state, view.head.en) == ("stranded", "The hall is shut at your booked time")
    assert view.detail.en.startswith("The hall had to close: 台风红色预警. Your booking is kept")
    assert view.offers
    room.do(c.ResumeIssuing())
    view = phone_view(room.hall, waiting, Known(now_ms=room.now_ms))
    assert view is not None
    assert view.detail.en == "Reason: 台风红色预警. Please take a new ticket if you still need to be served"
