"""Ratings: forms, who may touch, whom a counter asks, and that a double tap is one rating."""

import asyncio
from types import SimpleNamespace
from typing import Any, cast

import msgspec
import pytest
from fastapi import Request

from display_board.pages.access import Access
from display_board.pages.live import Live
from display_board.pages.offers import OFFER_MS, THANKS_MS, Offers
from display_board.pages.rating_markup import panel_markup
from display_board.pages.rating_words import REASONS, SAID, STARS, Said
from display_board.pages.ratings import BadForm, NoStars, Rating, Ratings, rating_from, read_form, said_of
from hall_controller.bus import wire
from hall_controller.bus.client import NoController
from hall_controller.domain import commands as c
from hall_controller.domain import events as e
from hall_controller.domain.refusal import Code, Refusal
from tests.unit.display_board.room import Room


def test_there_are_words_for_every_star_reason_and_outcome() -> None:
    assert set(STARS) == {1, 2, 3, 4, 5}
    assert set(REASONS) == set(c.RatingReason)
    assert set(SAID) == set(Said)
    assert all(words.zh and words.en for words in (*STARS.values(), *REASONS.values(), *SAID.values()))


def test_a_form_is_read_and_what_is_left_over_of_a_good_rating_dropped() -> None:
    low = read_form(b"stars=2&reasons=wait&reasons=place&reasons=wait&comment=%E5%A5%BD%0D%0A&form=f")
    assert low == Rating(2, (c.RatingReason.WAIT, c.RatingReason.PLACE), "好", "f")
    assert read_form(b"stars=5&reasons=wait&comment=x") == Rating(5, (), "", "")
    assert rating_from("3", (), "a\r\n" * 100, "").comment == ("a\n" * 100).strip()


@pytest.mark.parametrize(
    "body",
    [b"stars=0", b"stars=six", b"stars=2&reasons=ugly", b"stars=1&comment=" + b"x" * 201, b"stars=2&\xff", b"a&" * 40],
)
def test_a_form_that_no_page_of_ours_sends_is_refused(body: bytes) -> None:
    with pytest.raises(BadForm):
        read_form(body)


def test_stars_that_were_forgotten_are_asked_for() -> None:
    with pytest.raises(NoStars):
        read_form(b"reasons=wait")


class Bus:
    """Counts what reaches the hall; answers by request id, as a hall does."""

    def __init__(self) -> None:
        self.rated: list[tuple[str | None, str | None]] = []
        self.answer: Any = wire.Accepted(0)

    async def ask(self, request: Any, request_id: str | None = None) -> Any:
        if isinstance(request, wire.TicketStatus):
            return Refusal(Code.UNKNOWN_TICKET, "not of today") if request.ticket == 9 else _status(request.ticket)
        self.rated.append((request.token, request_id))
        await asyncio.sleep(0)
        if isinstance(self.answer, Exception):
            raise self.answer
        return self.answer


def _status(ticket: int | None) -> Any:
    return wire.TicketStatusReply(ticket or 0, "A001", cast("Any", "done"), f"{ticket}.token")


def ratings(bus: Bus, room: Room) -> Ratings:
    live = SimpleNamespace(client=bus, hall=room.hall, heard=True, listen=lambda _: lambda: None)
    return Ratings(cast("Live", live))


def done(room: Room, count: int = 1) -> None:
    """Visits 1 to `count` are done."""
    room.open(3)
    room.issue(count)
    for _ in range(count):
        room.call(3)
        room.do(c.StartService(counter=3))
        room.do(c.FinishService(counter=3))


FIVE = Rating(5, (), "", "f1")


async def test_a_double_tap_reaches_the_hall_once_and_a_second_form_is_another_request() -> None:
    bus, room = Bus(), Room()
    done(room, 2)
    sending = ratings(bus, room)
    said = await asyncio.gather(*(sending.rate(1, "1.token", FIVE) for _ in range(5)))
    assert said == [Said.THANKS] * 5
    assert len(bus.rated) == 1
    assert await ratings(bus, room).rate(1, "1.token", FIVE) is Said.THANKS
    assert bus.rated[1] == bus.rated[0], "a board that was started again sends it with the same id"
    await sending.rate(1, "1.token", FIVE._replace(form="f2"))
    await sending.rate(2, "2.token", FIVE)
    assert len({request_id for _, request_id in bus.rated}) == 3


async def test_whoever_sends_form_after_form_never_loads_the_bus() -> None:
    bus, room = Bus(), Room()
    done(room)
    sending = ratings(bus, room)
    assert await sending.rate(1, "1.token", FIVE) is Said.THANKS
    room.do(c.Rate(ticket=1, stars=5))
    for n in range(50):
        assert await sending.rate(1, "1.token", FIVE._replace(form=str(n))) is Said.AGAIN
    assert await sending.rate(1, "1.token", FIVE) is Said.THANKS, "the same form is thanked for again"
    assert await sending.rate(77, "77.token", FIVE) is Said.PAST
    assert len(bus.rated) == 1


async def test_a_hall_that_refuses_or_is_silent_is_told_kindly() -> None:
    bus, room = Bus(), Room()
    done(room)
    sending = ratings(bus, room)
    for answer, said in (
        (Refusal(Code.ALREADY_RATED, "once"), Said.AGAIN),
        (Refusal(Code.WRONG_STATE, "today"), Said.PAST),
        (Refusal(Code.STORAGE, "full"), Said.LATER),
        (NoController("nobody"), Said.LATER),
    ):
        bus.answer = answer
        assert await sending.rate(1, "1.token", FIVE) is said
    assert await sending.rate_by_ticket(9, FIVE) is Said.PAST
    ticket = room.issue()
    bus.rated.clear()
    assert await sending.rate(ticket, "t", FIVE) is Said.EARLY
    assert bus.rated == [], "nothing is asked of the hall for a visit that is not done"
    assert said_of(Refusal(Code.WRONG_STATE, ""), room.hall, ticket) is Said.EARLY


def asking(room: Room) -> Offers:
    client = SimpleNamespace(on_event=lambda _: None)
    return Offers(cast("Live", SimpleNamespace(client=client, on_past=lambda _: None)))


def test_the_visitor_who_has_just_finished_is_asked_until_the_next_call() -> None:
    room = Room()
    offers = asking(room)
    room.open(3)
    first, second = room.issue(), room.issue()
    room.call(3)
    room.do(c.StartService(counter=3))
    (finished,) = room.do(c.FinishService(counter=3))[:1]
    offers.hear(finished, 0)
    offer = offers.shown(3, room.hall, OFFER_MS - 1)
    assert offer is not None
    assert (offer.ticket, offer.number) == (first, "A001")
    assert offers.shown(2, room.hall, 0) is None
    assert offers.shown(3, room.hall, OFFER_MS) is None
    assert offers.is_last(3, first), "whoever has begun may end it"
    assert not offers.is_last(3, second)
    assert 'data-ticket="1"' in panel_markup(3, offer)
    for event in room.do(c.Rate(ticket=first, stars=5)):
        assert offers.shown(3, room.hall, 1) is None, "it was rated elsewhere, and the event is still on its way"
        offers.hear(event, 1_000)
    thanks = offers.shown(3, room.hall, 1_000)
    assert thanks is not None
    assert "谢谢您的评价" in panel_markup(3, thanks)
    assert offers.shown(3, room.hall, 1_000 + THANKS_MS) is None
    for event in room.do(c.CallNext(counter=3)):
        offers.hear(event, 2_000)
    assert not offers.is_last(3, first)


def test_a_service_that_is_taken_back_or_ended_while_held_asks_nobody() -> None:
    room = Room()
    offers = asking(room)
    room.open(3)
    ticket = room.issue()
    room.call(3)
    room.do(c.StartService(counter=3))
    finished = room.do(c.FinishService(counter=3))[0]
    assert isinstance(finished, e.ServiceFinished)
    offers.hear(msgspec.structs.replace(finished, counter_state=None), 0)
    assert not offers.is_last(3, ticket), "nobody was at the counter"
    offers.hear(finished, 0)
    assert offers.shown(3, room.hall, 1) is not None
    room.do(c.Undo(counter=3))
    assert offers.shown(3, room.hall, 1) is None


KEY = "a-key-of-twenty-chars"


def request(client: str, host: str, **headers: str) -> Request:
    pairs = {"host": host, **headers}.items()
    raw = [(name.encode(), value.encode()) for name, value in pairs]
    return Request({"type": "http", "client": (client, 1), "headers": raw, "method": "POST", "path": "/"})


@pytest.mark.parametrize(
    ("client", "host", "may"),
    [
        ("127.0.0.1", "127.0.0.1:8082", True),
        ("127.0.0.1", "localhost:8082", True),
        ("::1", "[::1]:8082", True),
        ("127.0.0.1", "evil.example", False),
        ("10.0.0.7", "127.0.0.1:8082", False),
        ("10.0.0.7", "10.0.0.1:8082", False),
    ],
)
def test_this_box_may_touch_and_others_may_not(client: str, host: str, may: bool) -> None:
    access = Access((KEY,), "secret")
    assert access.may_touch(request(client, host)) is may
    assert access.may_send(request(client, host, origin=f"http://{host}")) is may


def test_an_enrolled_browser_may_and_a_page_of_another_site_may_not() -> None:
    access = Access((KEY,), "secret")
    cookie = access.cookie_for(KEY)
    assert cookie
    assert access.cookie_for("wrong") is None
    theirs = {"cookie": f"board_browser={cookie}"}
    assert access.may_touch(request("10.0.0.7", "10.0.0.1", **theirs))
    assert access.may_send(request("10.0.0.7", "10.0.0.1", origin="http://10.0.0.1", **theirs))
    assert not access.may_send(request("10.0.0.7", "10.0.0.1", origin="http://elsewhere", **theirs))
    assert not access.may_send(request("10.0.0.7", "10.0.0.1", **theirs)), "no word of where it comes from"
    assert not Access((), "secret").may_touch(request("10.0.0.7", "10.0.0.1", **theirs))
