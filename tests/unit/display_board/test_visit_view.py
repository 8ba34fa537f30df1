"""What the phone page says of a visit's matters, of what was accepted, and whether it may be rated."""

from typing import Any

import msgspec
import pytest

from display_board.pages.phone_page import phone_html
from display_board.pages.phone_parts import fingerprint, visit_html
from display_board.pages.phone_routes import phone_json
from display_board.pages.phone_view import Known, phone_view
from display_board.pages.visit_view import AcceptedLine, Visit, visit_of
from display_board.pages.words import NOTHING, Words
from hall_controller.domain import commands as c
from hall_controller.domain import events as e
from hall_controller.domain.acceptance import Carries, Decision
from hall_controller.domain.bundle import MatterOutcome
from hall_controller.domain.credit import Rating
from tests.unit.display_board.room import MATTER, Room, at

NAMES = {MATTER.code: Words("身份证", "Identity card"), "seal": Words("公章", "Seal")}


def accepted(room: Room, ticket: int, **fields: Any) -> str:
    """As `accept_matter` would have it, with whatever fields."""
    usual: dict[str, Any] = {
        "receipt": "BA001-261124-0001",
        "ticket": ticket,
        "number": "A001",
        "counter": 3,
        "clerk": "003",
        "matter": MATTER.code,
        "department": "公安分局",
        "catalogue_version": 1,
        "route": None,
        "to_hall": "",
        "rating": Rating.GOOD,
        "outstanding_zh": (),
        "outstanding_en": (),
        "documents_due_day": None,
        "result_due_day": "2026-12-02",
        "kiosk": None,
    }
    event = e.MatterAccepted(**usual | fields)
    tell(room, event)
    return event.receipt


def tell(room: Room, event: e.Event) -> None:
    event.epoch, event.seq, event.at_ms, event.service_day = "e1", room.hall.seq + 1, room.now_ms, "2026-11-24"
    room.evolve(event)


def line(room: Room, ticket: int) -> AcceptedLine:
    (one,) = visit_of(room.hall, ticket, NAMES, room.now_ms).accepted
    return one


def served(room: Room) -> int:
    room.open(3)
    ticket = room.issue()
    room.call(3)
    room.do(c.StartService(counter=3))
    return ticket


def test_an_acceptance_is_followed_from_the_counter_to_the_results_window() -> None:
    room = Room()
    ticket = served(room)
    receipt = accepted(room, ticket, to_hall="BA000")
    assert line(room, ticket).where.zh == "已受理，材料将送往审批部门"
    assert line(room, ticket).promised == Words("承诺12月2日前办结", "Promised by Wed 2 Dec")
    tell(
        room,
        e.ConsignmentSent(
            consignment="BA001-261124-C01",
            to_hall="BA000",
            carries=Carries.MATERIALS,
            receipts=(receipt,),
            matters=(MATTER.code,),
            due_ms=room.now_ms,
            kiosk=None,
        ),
    )
    assert line(room, ticket).where.en == "The papers are on the way to who decides"
    room.do(c.ConfirmConsignment(consignment="BA001-261124-C01", receipts=(receipt,)))
    assert line(room, ticket).where.en == "Being decided"
    told = c.AnnounceConsignment(
        consignment="BA000-261125-C01", receipts=(receipt,), carries=Carries.RESULTS, decisions=(Decision.GRANTED,),
        sent_at_ms=room.now_ms, due_ms=room.now_ms,
    )  # fmt: skip
    room.do(told)
    back = line(room, ticket)
    assert (back.where.en, back.promised) == ("Decided: the result is on its way back", NOTHING)
    room.do(c.ReceiveConsignment(consignment="BA000-261125-C01", receipts=(receipt,), carries=Carries.RESULTS))
    ready = line(room, ticket)
    assert (ready.where.en, ready.promised) == ("The result is here: come with your receipt", NOTHING)


def test_documents_that_are_still_to_come_are_named_until_when_and_with_more_weight_once_reminded() -> None:
    room = Room()
    ticket = served(room)
    missing: dict[str, Any] = {"outstanding_zh": ("公司章程", "照片"), "outstanding_en": ("Articles",)}
    receipt = accepted(room, ticket, documents_due_day="2026-12-08", **missing)
    one = line(room, ticket)
    assert one.missing.zh == "请在12月8日前补交：公司章程、照片"
    assert one.missing.en == "Please bring by Tue 8 Dec: Articles, 照片"
    assert one.where.en == "Accepted: decided once the documents are there"
    assert not one.urgent
    due = e.DocumentsDue(receipt=receipt, ticket=ticket, documents_due_day="2026-12-08", **missing)
    tell(room, due)
    assert line(room, ticket).urgent
    room.now_ms = at("10:00", "2026-12-09")
    late = line(room, ticket)
    assert (late.missing.en, late.urgent) == ("Due since Tue 8 Dec, please bring soon: Articles, 照片", True)


def test_a_bundle_shows_each_matter_as_its_clerk_noted_it_and_one_matter_alone_nothing() -> None:
    room = Room()
    ticket = served(room)
    assert visit_of(room.hall, ticket, NAMES, room.now_ms) == Visit()
    room.hall.tickets[ticket] = msgspec.structs.replace(
        room.hall.tickets[ticket], more=("seal", "unknown"), handled=(MATTER.code,), left=("seal",)
    )
    matters = visit_of(room.hall, ticket, NAMES, room.now_ms).matters
    assert [(one.name.en, one.outcome) for one in matters] == [
        ("Identity card", MatterOutcome.HANDLED),
        ("Seal", MatterOutcome.LEFT),
        ("unknown", MatterOutcome.OPEN),
    ]


def test_a_bundle_that_is_done_still_says_what_was_left_for_another_day() -> None:
    room = Room()
    ticket = served(room)
    room.hall.tickets[ticket] = msgspec.structs.replace(room.hall.tickets[ticket], more=("seal",), left=(MATTER.code,))
    finished = room.do(c.FinishService(counter=3))[0]
    assert isinstance(finished, e.ServiceFinished)
    matters = visit_of(room.hall, ticket, NAMES, room.now_ms, finished).matters
    assert {one.name.en: one.outcome for one in matters} == {"Identity card": "left", "Seal": "handled"}
    assert visit_of(room.hall, ticket, NAMES, room.now_ms).matters == ()


def test_a_visit_of_an_earlier_day_is_told_while_its_result_is_awaited_and_without_its_old_number() -> None:
    room = Room()
    ticket = served(room)
    receipt = accepted(room, ticket)
    room.do(c.FinishService(counter=3))
    known = Known(now_ms=room.now_ms, names=NAMES)
    today = phone_view(room.hall, ticket, known)
    assert today is not None
    assert (today.number, today.head.en, today.rating) == ("A001", "Accepted: please wait for the result", "open")
    room.do(c.Rate(ticket=ticket, stars=5))
    rated = phone_view(room.hall, ticket, known)
    assert rated is not None
    assert rated.rating == "done"
    room.hall.ended.clear()
    later = phone_view(room.hall, ticket, known)
    assert later is not None
    assert (later.number, later.state, later.rating) == ("", "done", "")
    room.do(c.ReportResult(receipt=receipt))
    ready = phone_view(room.hall, ticket, known)
    assert ready is not None
    assert ready.head.en == "Your result is ready"
    del room.hall.acceptances[receipt]
    assert phone_view(room.hall, ticket, known) is None


def test_neither_page_nor_json_knows_the_rating_that_a_matter_was_accepted_on() -> None:
    room = Room()
    ticket = served(room)
    accepted(room, ticket)
    room.do(c.FinishService(counter=3))
    view = phone_view(room.hall, ticket, Known(now_ms=room.now_ms, names=NAMES))
    assert view is not None
    for language in ("zh", "en"):
        page = phone_html(view, language, token="1.ab", form="f")
        told = (page + phone_json(view).decode()).lower()
        assert not any(word in told for word in ('"good"', "credit", "信用", "公安分局", "clerk"))
        assert len(page.encode()) <= 10_240
    assert b"BA001" not in phone_json(view), "the page alone says what was accepted"


@pytest.mark.parametrize("hostile", ["<script>alert(1)</script>", '"><img>', "{{style}}"])
def test_hostile_names_stay_text(hostile: str) -> None:
    room = Room()
    ticket = served(room)
    accepted(room, ticket, outstanding_zh=(hostile,), outstanding_en=(hostile,))
    visit = visit_of(room.hall, ticket, {MATTER.code: Words(hostile, hostile)}, room.now_ms)
    markup = visit_html(visit, lambda words: words.zh)
    assert "<script" not in markup
    assert "<img" not in markup


def test_the_page_asks_for_its_parts_again_when_they_have_changed_only() -> None:
    room = Room()
    ticket = served(room)
    before = fingerprint(visit_of(room.hall, ticket, NAMES, room.now_ms))
    assert before == fingerprint(visit_of(room.hall, ticket, NAMES, room.now_ms + 60_000))
    accepted(room, ticket)
    assert before != fingerprint(visit_of(room.hall, ticket, NAMES, room.now_ms))
