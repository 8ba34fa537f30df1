"""Tokens: asked once, shared while asking, and guessing them gets nowhere."""

import asyncio

import pytest

from display_board.pages.tokens import BAD_FOR_S, GUESSES, Opened, Tokens, TooManyGuesses, Unanswered, UnknownToken
from hall_controller.bus import wire
from hall_controller.domain.refusal import Code, Refusal
from hall_controller.domain.ticket import TicketState


class Bus:
    """Answers the token `T7` with ticket 7, refuses all others, and counts."""

    def __init__(self) -> None:
        self.asked: list[str | None] = []
        self.silent = False
        self.now_s = 0.0

    async def ask(self, query: wire.TicketStatus) -> object:
        self.asked.append(query.token)
        await asyncio.sleep(0)
        if self.silent:
            return Refusal(Code.STORAGE, "The disk is full.")
        token = query.token or ""
        if token.startswith("B"):
            return wire.TicketStatusReply(int(token[1:]), None, TicketState.BOOKED, token, code="12-3456")
        if not token.startswith("T"):
            return Refusal(Code.UNKNOWN_TICKET, "This link is not valid here.", "token")
        return wire.TicketStatusReply(int(token[1:]), "A007", TicketState.WAITING, token)

    def clock(self) -> float:
        return self.now_s


@pytest.fixture
def bus() -> Bus:
    return Bus()


@pytest.fixture
def tokens(bus: Bus) -> Tokens:
    return Tokens(bus.ask, bus.clock)


async def guess(tokens: Tokens, token: str, address: str = "10.0.0.1") -> None:
    with pytest.raises(UnknownToken):
        await tokens.opened(token, address)


async def test_a_token_is_asked_once_however_often_it_is_polled(bus: Bus, tokens: Tokens) -> None:
    for _ in range(200):
        assert await tokens.opened("T7", "10.0.0.1") == Opened(7, None)
    assert bus.asked == ["T7"]


async def test_the_code_of_a_booking_comes_with_its_token(tokens: Tokens) -> None:
    assert await tokens.opened("B9", "10.0.0.1") == Opened(9, "12-3456")
    assert await tokens.opened("B9", "10.0.0.1") == Opened(9, "12-3456"), "also when it is not asked for again"


async def test_phones_that_open_together_ask_together(bus: Bus, tokens: Tokens) -> None:
    assert await asyncio.gather(*(tokens.opened("T7", f"10.0.0.{n}") for n in range(50))) == [Opened(7, None)] * 50
    assert bus.asked == ["T7"]


async def test_a_bad_token_is_not_asked_again_for_a_while(bus: Bus, tokens: Tokens) -> None:
    for _ in range(5):
        await guess(tokens, "forged")
    assert bus.asked == ["forged"]
    bus.now_s += BAD_FOR_S
    await guess(tokens, "forged")
    assert bus.asked == ["forged", "forged"]


async def test_what_cannot_be_a_token_never_reaches_the_bus(bus: Bus, tokens: Tokens) -> None:
    for token in ("", "a b", "é", "x" * 65, "<script>", "a/b", "a\n"):
        await guess(tokens, token)
    assert bus.asked == []


async def test_guessing_is_stopped_by_address_and_others_go_on(bus: Bus, tokens: Tokens) -> None:
    for n in range(GUESSES):
        await guess(tokens, f"guess{n}")
    with pytest.raises(TooManyGuesses):
        await tokens.opened("guess-again", "10.0.0.1")
    assert len(bus.asked) == GUESSES
    assert await tokens.opened("T7", "10.0.0.2") == Opened(7, None)
    assert await tokens.opened("T7", "10.0.0.1") == Opened(7, None), (
        "a known token is served whoever else shares the address"
    )
    bus.now_s += 4
    assert await tokens.opened("T8", "10.0.0.1") == Opened(8, None)


async def test_a_hall_that_cannot_answer_now_makes_no_token_bad(bus: Bus, tokens: Tokens) -> None:
    bus.silent = True
    with pytest.raises(Unanswered):
        await tokens.opened("T7", "10.0.0.1")
    bus.silent = False
    assert await tokens.opened("T7", "10.0.0.1") == Opened(7, None)


async def test_a_new_epoch_forgets_all_tokens(bus: Bus, tokens: Tokens) -> None:
    await tokens.opened("T7", "10.0.0.1")
    tokens.forget_all()
    await tokens.opened("T7", "10.0.0.1")
    assert bus.asked == ["T7", "T7"]
