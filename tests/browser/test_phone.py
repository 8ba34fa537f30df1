"""The phone page: a visit as its holder sees it, and what strangers get."""

import json
import time
import urllib.error
import urllib.request
from collections.abc import Iterator
from email.message import Message
from typing import Any

import pytest
from selenium.webdriver.remote.webdriver import WebDriver

from hall_controller.bus.wire import Accepted
from hall_controller.domain import commands as c
from hall_controller.domain.ticket import Language
from tests.browser.boards import board_of
from tests.browser.browser import browser, console_errors, see, text_of
from tests.support import MATTER, RunningHall

FELT = "window.felt = []; navigator.vibrate = pattern => { window.felt.push(pattern); return true; };"


@pytest.fixture(scope="module")
def phone() -> Iterator[WebDriver]:
    with browser(390, 780) as driver:
        driver.execute_cdp_cmd("Page.addScriptToEvaluateOnNewDocument", {"source": FELT})
        yield driver


def issue(hall: RunningHall, language: str = "zh") -> Accepted:
    reply = hall.do(c.IssueTicket(matter=MATTER, language=Language(language)), as_="reception")
    assert isinstance(reply, Accepted)
    return reply


def get(url: str, method: str = "GET") -> tuple[int, Message, bytes]:
    try:
        with urllib.request.urlopen(urllib.request.Request(url, method=method), timeout=20) as answer:
            return answer.status, answer.headers, answer.read()
    except urllib.error.HTTPError as error:
        with error:
            return error.code, error.headers, error.read()


def state(url: str) -> Any:
    status, _, body = get(f"{url}.json")
    assert status == 200
    return json.loads(body)


def test_a_visit_on_the_phone(hall: RunningHall, phone: WebDriver) -> None:
    hall.do(c.OpenCounter(counter=3, clerk="003"))
    issue(hall)
    mine = issue(hall)
    with board_of(hall, phone_poll_s=1) as board:
        phone.get(f"{board.address}/t/{mine.token}?lang=zh")
        see(phone, lambda: "A002" in text_of(phone) and "前面人数" in text_of(phone), "the place in the queue")
        assert phone.find_element("id", "big").text == "1"
        assert "预计等候" in text_of(phone)
        phone.find_element("id", "bell").click()
        see(phone, lambda: phone.execute_script("return window.felt.length") == 1, "a trial of the alarm")

        hall.do(c.CallNext(counter=3))
        hall.do(c.Missed(counter=3))
        hall.do(c.CallNext(counter=3))
        see(phone, lambda: "请到3号窗口" in text_of(phone), "the call")
        assert phone.find_element("id", "big").text == "3"
        assert "A002 请到3号窗口" in phone.title
        see(phone, lambda: phone.execute_script("return window.felt.length") >= 2, "the phone shakes")

        hall.do(c.Missed(counter=3))
        see(phone, lambda: "您已过号" in text_of(phone), "the missed call")
        assert "请在" in text_of(phone)
        assert "前到导办台重新排队" in text_of(phone)
        assert mine.ticket
        hall.do(c.ReturnToQueue(ticket=mine.ticket))
        hall.do(c.CallNext(counter=3))
        hall.do(c.StartService(counter=3))
        see(phone, lambda: "正在3号窗口办理" in text_of(phone), "the service")
        hall.do(c.FinishService(counter=3))
        see(phone, lambda: "已办结" in text_of(phone), "the end")
        phone.find_element("id", "language").click()
        see(phone, lambda: "Done" in text_of(phone) and "Your number" in text_of(phone), "English")
        assert console_errors(phone) == []


def test_it_says_when_the_hall_cannot_be_reached_and_goes_on_after(hall: RunningHall, phone: WebDriver) -> None:
    mine = issue(hall)
    with board_of(hall, phone_poll_s=1) as board:
        phone.get(f"{board.address}/t/{mine.token}?lang=zh")
        see(phone, lambda: "A001" in text_of(phone), "the page")
        assert "暂时连不上大厅" not in text_of(phone)
        board.kill()
        see(phone, lambda: "暂时连不上大厅" in text_of(phone), "a plain word")
        assert "A001" in text_of(phone), "what was known stays"
        board.start()
        see(phone, lambda: "暂时连不上大厅" not in text_of(phone), "the hall again")
        hall.kill()
        see(phone, lambda: "暂时连不上大厅" in text_of(phone), "the controller is not heard either")


def test_two_hundred_polls_are_served_without_the_bus(hall: RunningHall) -> None:
    """The token is asked once; then even a dead controller's phones are answered, and told that it is not heard."""
    mine = issue(hall)
    with board_of(hall) as board:
        url = f"{board.address}/t/{mine.token}"
        assert state(url)["heard"] is True
        hall.kill()
        began = time.monotonic()
        seen = [state(url) for _ in range(200)]
        assert time.monotonic() - began < 20
        assert {view["number"] for view in seen} == {"A001"}


def test_strangers_get_a_plain_page_and_guessing_is_stopped(hall: RunningHall) -> None:
    mine = issue(hall)
    with board_of(hall) as board:
        for token in ("1.0000000000000000000000", f"{mine.token}x", "..", "%3Cscript%3E"):
            status, headers, body = get(f"{board.address}/t/{token}")
            assert status == 404
            assert "no-store" in (headers["cache-control"] or "")
        assert "找不到这张号票" in body.decode()
        assert "<script>" not in body.decode()
        codes = [get(f"{board.address}/t/1.{n:020x}.json")[0] for n in range(40)]
        assert codes[0] == 404
        assert codes[-1] == 429
        status, headers, body = get(f"{board.address}/t/9.ffffffffffffffffffff")
        assert (status, headers["retry-after"]) == (429, "10")
        assert "请稍后再试" in body.decode()


def test_the_page_is_small_closed_and_read_only(hall: RunningHall) -> None:
    mine = issue(hall, "en")
    with board_of(hall) as board:
        url = f"{board.address}/t/{mine.token}"
        status, headers, body = get(url)
        assert status == 200
        assert len(body) <= 10_240
        assert "You are next" in body.decode() or "Waiting" in body.decode(), "the ticket's language"
        assert headers["x-frame-options"] == "DENY"
        assert headers["x-content-type-options"] == "nosniff"
        assert headers["referrer-policy"] == "no-referrer"
        assert "default-src 'none'" in (headers["content-security-policy"] or "")
        assert "uvicorn" not in (headers["server"] or "")
        for method in ("POST", "PUT", "DELETE"):
            assert get(url, method)[0] in (404, 405)
        for path in ("/docs", "/openapi.json", "/redoc"):
            assert get(board.address + path)[0] == 404
