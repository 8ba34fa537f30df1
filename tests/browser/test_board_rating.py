"""Rating on a counter's own screen: large targets on a touched screen, nothing to touch on any other."""

import http.client
import json
import os
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from selenium.webdriver.remote.webdriver import WebDriver

from hall_controller.bus import wire
from hall_controller.domain import commands as c
from hall_controller.domain import events as e
from tests.browser.boards import Board, board_of, calls
from tests.browser.browser import browser, console_errors, screenshot, see, text_of
from tests.browser.visits import CATALOGUE, COMPANY, REST, SEAL, accept, finish, sample_hall, serve, take
from tests.support import RunningHall, wait_for

KEY = "a-key-of-twenty-chars"


@pytest.fixture
def hall(tmp_path: Path) -> Iterator[RunningHall]:
    with sample_hall(tmp_path) as running:
        yield running


@pytest.fixture
def board(hall: RunningHall) -> Iterator[Board]:
    with board_of(hall, browser_keys=f'["{KEY}"]') as serving:
        yield serving


@pytest.fixture(scope="module")
def screen() -> Iterator[WebDriver]:
    with browser(1024, 600) as driver:
        yield driver


def keep(driver: WebDriver, name: str, where: Path) -> None:
    screenshot(driver, Path(os.environ.get("SHOW_PAGES", where)) / f"{name}.png")


def rated(hall: RunningHall) -> list[e.TicketRated]:
    events = [wire.decode_event(raw) for raw in hall.do(wire.EventsSince(0)).events]
    return [event for event in events if isinstance(event, e.TicketRated)]


def send(board: Board, counter: int, body: Any, **headers: str) -> tuple[int, Any]:
    """A request as any program may make it."""
    host = board.address.removeprefix("http://")
    connection = http.client.HTTPConnection(host, timeout=20)
    usual = {"Content-Type": "application/json", "Origin": board.address, "Host": host}
    text = body if isinstance(body, str) else json.dumps(body)
    connection.request("POST", f"/counter/{counter}/rating", text, {**usual, **headers})
    answer = connection.getresponse()
    found = answer.status, json.loads(answer.read())
    connection.close()
    return found


def test_the_visitor_who_was_served_last_rates_with_a_touch(
    hall: RunningHall, board: Board, screen: WebDriver, tmp_path: Path
) -> None:
    first, _ = take(hall), take(hall)
    screen.get(f"{board.address}/counter/1?rate")
    serve(hall)
    see(screen, lambda: "正在办理" in text_of(screen), "the service")
    assert not screen.find_elements("css selector", ".rate")
    finish(hall)
    see(screen, lambda: "请为这次办理评分" in text_of(screen), "the question")
    keep(screen, "counter-display-rating", tmp_path)
    for button in screen.find_elements("css selector", ".rate .stars button"):
        assert min(button.size.values()) >= 150
    screen.find_element("css selector", "[data-stars='2']").click()
    see(screen, lambda: "哪里不满意" in text_of(screen), "the reasons")
    screen.find_element("css selector", ".own [data-reason=unclear]").click()
    keep(screen, "counter-display-reasons", tmp_path)
    screen.find_element("css selector", ".own [data-send]").click()
    see(screen, lambda: "谢谢您的评价" in text_of(screen), "thanks")
    (one,) = rated(hall)
    assert (one.ticket, one.stars, one.reasons, one.counter) == (first.ticket, 2, ("unclear",), 1)
    see(screen, lambda: "谢谢您的评价" not in text_of(screen), "the display again")
    serve(hall)
    finish(hall)
    see(screen, lambda: "请为这次办理评分" in text_of(screen), "the next one's question")
    screen.find_element("css selector", "[data-stars='5']").click()
    see(screen, lambda: "谢谢您的评价" in text_of(screen), "thanks")
    assert [one.stars for one in rated(hall)] == [2, 5]
    assert console_errors(screen) == []


def test_the_next_call_takes_the_question_away_also_from_who_has_begun(
    hall: RunningHall, board: Board, screen: WebDriver
) -> None:
    take(hall)
    take(hall)
    screen.get(f"{board.address}/counter/1?rate")
    serve(hall)
    finish(hall)
    see(screen, lambda: "请为这次办理评分" in text_of(screen), "the question")
    screen.find_element("css selector", "[data-stars='1']").click()
    see(screen, lambda: "哪里不满意" in text_of(screen), "the reasons")
    hall.do(c.CallNext(counter=1))
    see(screen, lambda: not screen.find_elements("css selector", ".rate"), "the call")
    assert "A002" in text_of(screen)
    assert rated(hall) == []


def test_a_wall_display_shows_nothing_to_touch(hall: RunningHall, board: Board, screen: WebDriver) -> None:
    take(hall)
    screen.get(f"{board.address}/counter/1")
    serve(hall)
    finish(hall)
    see(screen, lambda: "请等候叫号" in text_of(screen) or "请稍候" in text_of(screen), "the end of the service")
    assert not screen.find_elements("css selector", ".rate, .rate-not")
    assert "/t/" not in screen.page_source


def test_strangers_cannot_rate_at_a_counter_and_an_enrolled_browser_can(hall: RunningHall, board: Board) -> None:
    mine, other = take(hall), take(hall)
    serve(hall)
    finish(hall)
    good = {"ticket": mine.ticket, "stars": 4}
    assert send(board, 1, good, Host="hall.example", Origin="http://hall.example")[0] == 403
    assert send(board, 1, good, Origin="http://elsewhere.example")[0] == 403
    assert send(board, 1, good, Origin="null")[0] == 403
    for body in (
        "{",
        {"ticket": mine.ticket},
        good | {"stars": 9},
        good | {"stars": 2, "reasons": ["ugly"]},
        "x" * 9_000,
    ):
        assert send(board, 1, body)[0] in (400, 413)
    assert send(board, 1, {"ticket": other.ticket, "stars": 1}) == (409, send(board, 2, good)[1])
    assert rated(hall) == []
    host = board.address.removeprefix("http://")
    connection = http.client.HTTPConnection(host, timeout=20)
    connection.request("GET", "/enroll?key=wrong")
    assert connection.getresponse().read()
    connection.close()
    connection.request("GET", f"/enroll?key={KEY}")
    answer = connection.getresponse()
    cookie = (answer.getheader("set-cookie") or "").partition(";")[0]
    assert answer.status == 303
    assert KEY not in cookie
    connection.close()
    away = {"Host": "hall.example", "Origin": "http://hall.example", "Cookie": cookie}
    wait_for(lambda: send(board, 1, good, **away)[1]["said"] == "thanks", "a board that was started after the service")
    assert send(board, 1, good, **away)[1]["said"] == "thanks", "a double tap"
    status, told = send(board, 1, good | {"stars": 1})
    assert (status, told["said"]) == (409, "again")
    (one,) = rated(hall)
    assert (one.stars, one.matter) == (4, COMPANY)


def test_a_bundle_and_a_result_are_called_as_any_other_ticket(
    hall: RunningHall, board: Board, screen: WebDriver
) -> None:
    """The board says number and counter alone: what somebody came for is nobody else's business."""
    take(hall, more=(SEAL, *REST), theme="open-restaurant")
    screen.get(board.address)
    see(screen, lambda: "等候人数" in text_of(screen), "the board")
    hall.do(c.CallNext(counter=1))
    see(screen, lambda: ("A001", 1) in calls(screen), "the call of a bundle")
    hall.do(c.StartService(counter=1))
    receipt = accept(hall)
    finish(hall)
    hall.do(c.ReportResult(receipt=receipt))
    pickup = next(code for code, matter in CATALOGUE.matters.items() if matter.group == "pickup")
    number = take(hall, matter=pickup, receipt=receipt).number
    hall.do(c.CallNext(counter=2))
    see(screen, lambda: (number, 2) in calls(screen), "the call of who collects")
    for word in ("公司设立登记", "开餐馆", receipt, "领取"):
        assert word not in text_of(screen)
