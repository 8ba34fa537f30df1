"""The gateway's pure parts: who asks, which moment is meant, what status a refusal has."""

import asyncio
import datetime as dt
import re

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from hall_controller.domain.plain_text import is_blank, is_plain
from hall_controller.domain.refusal import Code, Refusal
from hall_controller.gateway.keys import Repeats, request_id
from hall_controller.gateway.limiting import Caller, Callers, Limits, network_of
from hall_controller.gateway.problems import Own, Problem, refused, status_of
from hall_controller.gateway.schemas import PLAIN, to_ms
from hall_controller.gateway.settings import GatewaySettings


@given(st.integers(-62_135_510_400, 253_402_128_000), st.integers(-23 * 60, 23 * 60))
def test_every_moment_is_read_as_it_is_written(seconds: int, minutes: int) -> None:
    zone = dt.timezone(dt.timedelta(minutes=minutes))
    moment = dt.datetime(1970, 1, 1, tzinfo=dt.UTC) + dt.timedelta(seconds=seconds)
    assert to_ms(moment.astimezone(zone).isoformat()) == seconds * 1000


@given(st.text())
def test_any_other_text_is_a_value_error(text: str) -> None:
    with pytest.raises(ValueError, match="2026-11-30T09:30:00"):
        to_ms(text)


def test_zulu_small_letters_fractions_and_leap_seconds() -> None:
    plain = to_ms("2016-12-31T23:59:59Z")
    assert to_ms("2016-12-31t23:59:59z") == to_ms("2016-12-31T23:59:59.999Z") == plain
    assert to_ms("2016-12-31T23:59:60Z") == to_ms("2017-01-01T00:00:00Z") == plain + 1000


def test_every_refusal_has_a_status_and_no_5xx_but_503() -> None:
    for code in (*Code, *Own):
        assert status_of(code) in {401, 403, 404, 405, 408, 409, 413, 415, 422, 429, 503}
    assert refused(Refusal(Code.STORAGE, "The disk is full.")).response.headers["retry-after"] == "2"
    # A gateway that was revoked is no fault of its caller.
    assert status_of(refused(Refusal(Code.NOT_ALLOWED, "Not enrolled.")).code) == 503
    assert status_of(refused(Refusal(Code.NOT_ALLOWED, "Not yours.", "ticket")).code) == 403


def test_who_asks_is_read_from_the_right_as_far_as_proxies_are_believed() -> None:
    callers = Callers(GatewaySettings(proxies=("10.0.0.0/24", "::1")))

    def who(host: str, *lines: str) -> str:
        return callers.caller(host, lines).address

    assert who("203.0.113.5", "1.2.3.4") == "203.0.113.5"
    assert who("10.0.0.9", "1.2.3.4") == "1.2.3.4"
    assert who("10.0.0.9", "6.6.6.6, 1.2.3.4, 10.0.0.8") == "1.2.3.4"
    assert who("10.0.0.9", "6.6.6.6", "1.2.3.4") == "1.2.3.4"
    assert who("10.0.0.9", "1.2.3.4, nonsense") == "10.0.0.9"
    assert who("10.0.0.9") == "10.0.0.9"
    assert who("::1", "2001:db8:1:2:3:4:5:6") == "2001:db8:1:2::/64"
    assert who("", "1.2.3.4") == ""


def test_an_ipv4_address_in_ipv6_clothes_is_itself() -> None:
    assert network_of("::ffff:203.0.113.5") == "203.0.113.5"
    assert network_of("no address") == "no address"


def test_a_window_moves_on() -> None:
    async def watch() -> None:
        limits = Limits(GatewaySettings(per_address="2/second"))
        caller = Caller("203.0.113.5")
        await limits.count_request(caller)
        await limits.count_request(caller)
        with pytest.raises(Problem) as told:
            await limits.count_request(caller)
        assert told.value.retry_after_s in (1, 2)
        await limits.count_request(Caller("203.0.113.6"))
        async with asyncio.timeout(10):
            while True:
                try:
                    await limits.count_request(caller)
                except Problem:
                    await asyncio.sleep(0.05)
                else:
                    return

    asyncio.run(watch())


def test_a_key_is_of_one_request_of_one_app() -> None:
    repeats, app, other = Repeats(), Caller("a", "app"), Caller("a", "other")
    assert not repeats.is_repeat("k" * 16, app, "book 1")
    assert repeats.is_repeat("k" * 16, app, "book 1")
    with pytest.raises(Problem, match="another request"):
        repeats.is_repeat("k" * 16, app, "book 2")
    assert not repeats.is_repeat("k" * 16, other, "book 2")
    ids = {request_id("k" * 16, one, what) for one in (app, other) for what in ("book 1", "book 2")}
    assert len(ids) == 4
    assert {len(one or "") for one in ids} == {64}
    assert request_id(None, app, "book 1") is None


@pytest.mark.parametrize("table", [
    {"per_address": "0/minute"}, {"per_address": "5/week"}, {"proxies": ["10.0.0.1/8"]}, {"app_keys": [":" + "0" * 64]},
    {"app_keys": ["app:" + "0" * 63]}, {"cors_origins": ["https://a/b"]}, {"body_bytes": 10}, {"prot": 1},
])  # fmt: skip
def test_settings_that_cannot_be_meant(table: dict[str, object]) -> None:
    with pytest.raises(msgspec.ValidationError):
        msgspec.convert(table, GatewaySettings)


def test_the_document_says_which_characters_a_name_may_have() -> None:
    """What the hall would refuse as no plain text is refused by the document, and nothing else."""
    said = re.compile(PLAIN)
    for letter in map(chr, (*range(0xD800), *range(0xE000, 0x11000), 0x20BB7, 0xE0001)):
        assert bool(said.fullmatch(letter + letter)) == bool(said.fullmatch(letter))
        assert bool(said.fullmatch(f" {letter}\u200b")) == bool(said.fullmatch(letter))
        assert bool(said.fullmatch(letter)) == (is_plain(letter) and not is_blank(letter)), hex(ord(letter))
