"""Hours change after a visit was booked: its phone says so, offers other half hours, and one touch takes one."""

import os
from collections.abc import Iterator
from pathlib import Path

import pytest
from selenium.webdriver.common.by import By
from selenium.webdriver.remote.webdriver import WebDriver

from hall_controller.bus.wire import Accepted
from hall_controller.domain import commands as c
from tests.browser.boards import board_of
from tests.browser.browser import browser, console_errors, see, text_of
from tests.support import MATTER, RunningHall, local_ms, make_hall_at, start_controller

FRIDAY = "2026-11-27"
SHUT = f'\n[[special]]\ndate = {FRIDAY}\nkind = "holiday"\nname_zh = "校庆"\nname_en = "Jubilee"\n'
PICTURES = os.environ.get("PICTURES")


@pytest.fixture
def phone() -> Iterator[WebDriver]:
    with browser(390, 780) as driver:
        yield driver


def picture(phone: WebDriver, name: str) -> None:
    """For a look: PICTURES=DIR pytest …"""
    if PICTURES:
        phone.save_screenshot(str(Path(PICTURES) / f"{name}.png"))


def test_a_stranded_visitor_takes_another_half_hour_on_the_phone(tmp_path: Path, phone: WebDriver) -> None:
    directory = make_hall_at(tmp_path, "2026-11-24 10:00:00")
    with start_controller(directory) as hall:
        mine = hall.do(c.BookTicket(matter=MATTER, slot_at_ms=local_ms(f"{FRIDAY} 10:00:00")), "kiosk")
        assert isinstance(mine, Accepted)
        with board_of(hall, phone_poll_s=1) as board:
            phone.get(f"{board.address}/t/{mine.token}?lang=en")
            see(phone, lambda: "Booked" in text_of(phone), "the booking")
            _change_hours(hall, directory)
            see(phone, lambda: "The hall is shut at your booked time" in text_of(phone), "the page says it by itself")
            see(phone, lambda: phone.find_elements(By.CSS_SELECTOR, "#offers button"), "with other half hours")
            assert "Jubilee" in text_of(phone)
            assert str(mine.code) in text_of(phone)
            picture(phone, "stranded-en")
            phone.get(f"{board.address}/t/{mine.token}?lang=zh")
            see(phone, lambda: "请改选一个时段" in text_of(phone), "in Chinese")
            picture(phone, "stranded-zh")
            first = phone.find_element(By.CSS_SELECTOR, "#offers button")
            label = first.text
            first.click()
            see(phone, lambda: "预约已改期" in text_of(phone), "what became of it")
            assert "已预约" in text_of(phone)
            assert label.split()[-1] == phone.find_element("id", "big").text
            assert not phone.find_elements(By.CSS_SELECTOR, "#offers button"), "once"
            picture(phone, "moved-zh")
            assert console_errors(phone) == []
        assert hall.state().tickets[mine.ticket or 0].slot_at_ms != local_ms(f"{FRIDAY} 10:00:00")


def _change_hours(hall: RunningHall, directory: Path) -> None:
    hours = directory / "hours.toml"
    hours.write_text(hours.read_text("utf-8") + SHUT, "utf-8")
    hall.kill()
    hall.start()
