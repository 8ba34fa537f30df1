"""The hours on board and phone: a real hall whose clock the test drives, a real board process, real browsers."""

import json
import time
from collections.abc import Iterator
from pathlib import Path

import pytest
from selenium.webdriver.remote.webdriver import WebDriver

from hall_controller.bus.wire import Accepted
from hall_controller.domain import commands as c
from tests.browser.boards import board_of, calls
from tests.browser.browser import browser, console_errors, see, text_of
from tests.browser.test_board import CUT_OFF, LETTERS, SEEN_S, issue, open_counters, show
from tests.support import MATTER, RunningHall, hall_command, local_ms, make_hall_at, start_controller

POLL_S = 1
TEXT = "return document.querySelector(arguments[0])?.innerText ?? ''"


@pytest.fixture(scope="module")
def screen() -> Iterator[WebDriver]:
    with browser(1920, 1080) as driver:
        yield driver


@pytest.fixture(scope="module")
def phone() -> Iterator[WebDriver]:
    with browser(390, 844) as driver:
        yield driver


@pytest.fixture
def morning(tmp_path: Path) -> Iterator[RunningHall]:
    """A Tuesday, 09:00; the clock stands until the test moves it."""
    with start_controller(make_hall_at(tmp_path, "2026-11-24 09:00:00", counters=8)) as hall:
        yield hall


def read(driver: WebDriver, selector: str) -> str:
    return str(driver.execute_script(TEXT, selector))


def serve(hall: RunningHall, counter: int) -> None:
    for command in (c.CallNext(counter=counter), c.StartService(counter=counter), c.FinishService(counter=counter)):
        assert isinstance(hall.do(command), Accepted)


def test_longer_hours_are_on_board_and_phone_at_once_and_without_a_reload(
    morning: RunningHall, screen: WebDriver, phone: WebDriver
) -> None:
    hall = morning
    hall.set_clock("2026-11-24 19:20:00")
    mine = hall.do(c.IssueTicket(matter=MATTER), as_="reception")
    with board_of(hall, phone_poll_s=POLL_S) as board:
        show(screen, f"{board.address}/")
        phone.get(f"{board.address}/t/{mine.token}?lang=zh")
        see(screen, lambda: "14:00–20:00" in read(screen, ".times"), "the usual hours")
        see(phone, lambda: "14:00–20:00" in read(phone, "#hours"), "the usual hours on the phone")
        for page in (screen, phone):
            page.execute_script("window.loaded = 'once'")
        assert isinstance(hall.do(c.ExtendHours(minutes=30)), Accepted)
        answered = time.monotonic()
        see(screen, lambda: "今晚延时服务至20:30" in read(screen, ".head"), "the new closing")
        board_s = time.monotonic() - answered
        see(phone, lambda: "今晚延时服务至20:30" in read(phone, "#open"), "the new closing on the phone")
        phone_s = time.monotonic() - answered
        print(f"on the board after {board_s:.2f} s, on the phone after {phone_s:.2f} s")
        assert board_s < SEEN_S
        assert phone_s < SEEN_S + POLL_S
        assert "14:00–20:30" in read(screen, ".times")
        assert "14:00–20:30" in read(phone, "#hours")
        assert "可以继续取号" in read(screen, ".banner.news")
        assert "可以继续取号" in read(phone, "#news")
        for page in (screen, phone):
            assert page.execute_script("return window.loaded") == "once"
        assert console_errors(phone) == []


def test_an_announcement_covers_no_call(morning: RunningHall, screen: WebDriver) -> None:
    hall = morning
    open_counters(hall, *range(1, 9))
    issue(hall, 9)
    with board_of(hall) as board:
        show(screen, f"{board.address}/")
        for counter in (8, 7, 6):
            hall.do(c.CallNext(counter=counter))
        see(screen, lambda: len(calls(screen)) == 3, "three calls")
        assert screen.find_elements("css selector", ".board .banner") == []
        hall.set_clock("2026-11-24 11:30:00")
        see(screen, lambda: "12:00起午休，14:00继续办公" in read(screen, ".banner.news"), "the announcement")
        assert len(calls(screen)) == 3
        assert all(letters["room"] >= 0 and letters["inside"] for letters in screen.execute_script(LETTERS))
        assert screen.execute_script(CUT_OFF) == []
        hall.set_clock("2026-11-24 12:00:00")
        see(screen, lambda: not screen.find_elements("css selector", ".board .banner"), "its end")
        assert "午休至14:00" in read(screen, ".state")


def test_the_board_counts_the_visits_of_the_report_and_says_at_night_when_the_hall_opens(
    morning: RunningHall, screen: WebDriver
) -> None:
    hall = morning
    open_counters(hall, 1)
    issue(hall, 3)
    serve(hall, 1)
    serve(hall, 1)
    hall.set_clock("2026-11-24 18:30:00")
    serve(hall, 1)
    with board_of(hall) as board:
        show(screen, f"{board.address}/")
        hall.set_clock("2026-11-24 20:00:00")
        see(screen, lambda: "今日办公已结束" in read(screen, ".panel"), "closing")
        panel = read(screen, ".panel")
        assert "下次办公：明天（星期三）09:00" in panel
        assert "tomorrow, Wednesday, at 09:00" in panel
        assert "明天08:30起取号" in read(screen, ".facts")
        assert "今日办理 3 人次 · 延时 1" in read(screen, ".visits")
        assert screen.execute_script(CUT_OFF) == []
    report = json.loads(hall_command("report", hall.dir, "--day", "2026-11-24", "--json").stdout)["visits"]
    assert (report["total"], report["evening"]) == (3, 1)


def test_a_booking_on_the_phone_has_its_day_its_time_and_its_code(morning: RunningHall, phone: WebDriver) -> None:
    hall = morning
    reply = hall.do(c.BookTicket(matter=MATTER, slot_at_ms=local_ms("2026-11-25 15:30:00")), as_="reception")
    with board_of(hall, phone_poll_s=POLL_S) as board:
        phone.get(f"{board.address}/t/{reply.token}?lang=zh")
        see(phone, lambda: read(phone, "#code") == reply.code, "the code")
        assert read(phone, "#big") == "15:30"
        assert "11月25日 星期三" in text_of(phone)
        assert "15:00起凭签到码在取号机签到" in text_of(phone)
        hall.set_clock("2026-11-25 15:05:00")
        assert isinstance(hall.do(c.CheckIn(token=reply.code), as_="reception"), Accepted)
        see(phone, lambda: read(phone, "#number") == "R001", "the number")
        assert reply.code not in text_of(phone)
