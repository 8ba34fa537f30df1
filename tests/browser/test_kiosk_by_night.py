"""The touch screen when the hall is shut, in a real browser against a real hall whose clock the tests drive."""

import re
import subprocess
from collections.abc import Iterator
from contextlib import ExitStack
from pathlib import Path

import pytest
from selenium.webdriver.remote.webdriver import WebDriver

from hall_controller.domain import commands as c
from hall_controller.domain.booking import days, slots
from hall_controller.domain.hall import Hall
from hall_controller.domain.ticket import Channel, Language, Paper, Ticket, TicketState, VisitorClass
from tests.browser.browser import console_errors, screenshot, see, text_of
from tests.browser.kiosk import Finger, Kiosk, KioskHall
from tests.hall.paper_printer import PaperPrinter
from tests.support import MATTER, local_ms, wait_for

EVENING, NIGHT = "2026-11-25 19:00", "2026-11-25 21:30"
"""A Wednesday; the hall serves until 20:00, and from Thursday 09:00 on."""
HERE = {"latitude": 22.576, "longitude": 113.862}
"""In Xixiang."""


class Night:
    """A hall that has shut, with a kiosk, a printer on the network, and a visitor."""

    def __init__(self, where: Path, stack: ExitStack, driver: WebDriver) -> None:
        self.paper = PaperPrinter()
        stack.callback(self.paper.stop)
        self.place = KioskHall(where, stack, at=EVENING)
        self.place.print_at(self.paper.address)
        self.place.clock(NIGHT)
        self.kiosk: Kiosk = stack.enter_context(self.place.kiosk("kiosk", printer=True, **HERE))
        self.finger = Finger(driver, self.kiosk.address)
        self.before = 0

    def come(self) -> None:
        """A visitor comes; what was printed before is not theirs."""
        self.before = len(self.paper.papers)
        self.finger.open()
        self.finger.at("closed")

    def papers(self, count: int) -> list[str]:
        """What so many pieces of paper say, once they are out."""
        wait_for(lambda: len(self.paper.papers) >= self.before + count, f"{count} papers")
        assert len(self.paper.papers) == self.before + count
        return self.paper.texts[self.before :]

    def booking(self) -> Ticket:
        return next(t for t in self.place.hall.state().tickets.values() if t.channel is Channel.APPOINTMENT)

    def go_to_slots(self) -> None:
        self.finger.touch(".tile[data-key=days]")
        self.finger.at("groups")
        self.finger.touch(".tile[data-key=person]")
        self.finger.at("matters")
        self.finger.touch(f".tile[data-key={MATTER}]")
        self.finger.at("days")
        self.finger.touch(".tile[data-key='2026-11-26']")
        self.finger.at("slots")

    def choose(self, local_time: str) -> None:
        self.finger.touch(f".tile[data-key='{local_ms(local_time)}']")
        self.finger.at("confirm")

    def check_in(self, code: str) -> None:
        self.finger.at("closed", "groups")
        self.finger.touch(".tile[data-key=check_in], .foot.arrive")
        self.finger.at("check-in")
        self.finger.type_code(code)
        self.finger.touch(".send")

    def send_until(self, words: str) -> None:
        """Touch "check in" until the page says this: right after a jump of the clock the kiosk has the old time."""

        def said() -> bool:
            if words not in text_of(self.finger.driver):
                # Not by the finger, which would wait for a key that has gone with the page meanwhile.
                self.finger.driver.execute_script("document.querySelector('.send')?.click()")
            return words in text_of(self.finger.driver)

        see(self.finger.driver, said, words)


@pytest.fixture(scope="module")
def whole_night(tmp_path_factory: pytest.TempPathFactory, driver: WebDriver) -> Iterator[Night]:
    with ExitStack() as stack:
        yield Night(tmp_path_factory.mktemp("night"), stack, driver)


@pytest.fixture
def night(whole_night: Night) -> Night:
    """For tests that leave the clock alone."""
    whole_night.come()
    return whole_night


@pytest.fixture
def night_and_day(tmp_path: Path, driver: WebDriver) -> Iterator[Night]:
    """For a test that goes on to the next morning."""
    with ExitStack() as stack:
        night = Night(tmp_path, stack, driver)
        night.come()
        yield night


def test_a_visit_is_booked_at_night_and_checked_in_by_its_code_in_the_morning(
    night_and_day: Night, tmp_path: Path
) -> None:
    night = night_and_day
    finger, driver, place = night.finger, night.finger.driver, night.place
    assert "现在不是服务时间" in text_of(driver)
    assert "下次开放：明天 周四 09:00" in text_of(driver)
    night.go_to_slots()
    night.choose("2026-11-26 10:00")
    assert "明天 周四 11月26日 10:00" in text_of(driver)
    assert "居民身份证（旧证）" in finger.read(".documents")
    finger.touch(".radio[data-key=yue]")
    see(driver, lambda: driver.find_element("css selector", ".chosen[data-key=yue]"), "yue")
    take = driver.find_element("css selector", ".take")
    driver.execute_script("for (let i = 0; i < 5; i++) arguments[0].click()", take)  # past every guard in the page
    finger.at("booked")
    code = finger.read(".number")
    assert re.fullmatch(r"\d+-\d{4}", code)
    see(driver, lambda: "请取走预约单" in text_of(driver), "the slip")
    (slip,) = night.papers(1)
    assert {"11月26日 周四", "10:00", code, "签到时间  09:30-10:10"} <= set(slip.splitlines())
    booking = night.booking()
    assert (booking.state, booking.language) == (TicketState.BOOKED, Language.CANTONESE)
    file = screenshot(driver, tmp_path / "booked.png")
    read = subprocess.run(["zbarimg", "-q", "--raw", str(file)], capture_output=True, text=True, check=True).stdout
    assert f"/t/{booking.ticket}." in read
    finger.touch(".primary")
    place.clock("2026-11-26 08:45")
    night.check_in(code.replace("-", ""))
    night.send_until("还没到签到时间，请在 今天 周四 09:30 以后签到。")
    place.clock("2026-11-26 09:50")
    night.send_until("您的号码")
    finger.at("ticket")
    number = finger.read(".number")
    see(driver, lambda: "请取走号票" in text_of(driver), "the paper")
    paper = night.papers(2)[1]
    assert number in paper.splitlines()
    assert "预约" in paper.splitlines()
    ticket = place.ticket(number)
    assert (ticket.paper, ticket.visitor_class) == (Paper.PRINTED, VisitorClass.APPOINTMENT)
    finger.touch(".primary")
    night.check_in(code)
    see(driver, lambda: f"这个预约已经签到，您的号码是 {number}。" in text_of(driver), "already")
    assert console_errors(driver) == []
    assert "Traceback" not in night.kiosk.log()


def test_a_wrong_code_and_half_a_code_are_told_in_both_languages(night: Night) -> None:
    finger, driver = night.finger, night.finger.driver
    night.check_in("3344")
    see(driver, lambda: "编号还不完整" in text_of(driver), "half a code")
    assert finger.read(".code") == "3344"  # the same key twice is no double touch
    finger.type_code("55")
    see(driver, lambda: finger.read(".code") == "33-4455", "the dash by itself")
    finger.touch(".send")
    see(driver, lambda: "没有找到这个编号" in text_of(driver), "a wrong code")
    finger.touch(".foot.language")
    see(driver, lambda: "There is no such code" in text_of(driver), "in English")
    finger.touch(".key[data-key=delete]")
    see(driver, lambda: finger.read(".code") == "3-3445", "one less")
    assert "There is no such code" not in text_of(driver)


def test_a_half_hour_that_fills_up_meanwhile_leads_back_to_the_others(night: Night) -> None:
    finger, driver = night.finger, night.finger.driver
    night.go_to_slots()
    night.choose("2026-11-26 09:00")
    room, _ = _free(night.place.hall.state())
    for _ in range(room):
        night.place.hall.do(c.BookTicket(matter=MATTER, slot_at_ms=local_ms("2026-11-26 09:00")), as_="kiosk-2")
    finger.touch(".take")
    finger.at("slots")
    see(driver, lambda: "这个时间刚刚约满，请另选一个。" in text_of(driver), "why")
    full = driver.find_element("css selector", f".tile[data-key='{local_ms('2026-11-26 09:00')}']")
    assert not full.is_enabled()
    assert "约满" in full.text
    night.choose("2026-11-26 09:30")
    finger.touch(".take")
    finger.at("booked")
    assert _free(night.place.hall.state()) == [0, room - 1]


def _free(hall: Hall) -> list[int]:
    """Places left in Thursday's first half hours."""
    thursday = days(hall, hall.at_ms)[1]
    return [slot.free for slot in slots(hall, thursday, hall.at_ms)[:2]]


def test_the_nearest_self_service_areas_come_first_and_each_has_its_services(night: Night) -> None:
    finger, driver = night.finger, night.finger.driver
    finger.touch(".tile[data-key=areas]")
    finger.at("areas")
    first = [tile.text for tile in driver.find_elements("css selector", ".tile")]
    assert len(first) == 6
    metres = [float(re.findall(r"([\d.]+)(?=米|公里)", text)[0]) * (1 if "米 " in text else 1000) for text in first]
    assert metres == sorted(metres)
    assert "西乡" in first[0]
    assert "250米" in first[0]
    finger.touch(".tile")
    finger.at("area")
    assert "可以办理" in text_of(driver)
    assert len(driver.find_elements("css selector", ".documents li")) >= 3
    assert driver.find_elements("css selector", ".qr svg")
    finger.touch(".foot.back")
    finger.at("areas")


def test_a_document_list_is_printed_once_for_an_impatient_finger(night: Night) -> None:
    finger, driver = night.finger, night.finger.driver
    finger.touch(".tile[data-key=documents]")
    finger.at("groups")
    finger.touch(".tile[data-key=person]")
    finger.at("matters")
    finger.touch(f".tile[data-key={MATTER}]")
    finger.at("list")
    button = driver.find_element("css selector", ".print")
    driver.execute_script("for (let i = 0; i < 5; i++) arguments[0].click()", button)
    see(driver, lambda: "已送去打印" in text_of(driver), "on its way")
    driver.refresh()
    finger.at("list")
    assert not driver.find_elements("css selector", ".print")
    finger.touch(".foot.back")
    finger.at("matters")
    finger.touch(".tile[data-key=id-card-replace]")
    finger.at("list")
    finger.touch(".print")
    first, second = night.papers(2)
    assert "居民身份证换领" in first.splitlines()
    assert "[ ] 1. 居民身份证（旧证）" in first.splitlines()
    assert "下次开放  11月26日 周四" in first.splitlines()
    assert "居民身份证补领" in second.splitlines()


def test_an_extension_shows_on_the_open_page_and_on_the_shut_one_without_a_reload(night_and_day: Night) -> None:
    night = night_and_day
    finger, driver, hall = night.finger, night.finger.driver, night.place.hall
    driver.execute_script("window.untouched = true")
    hall.do(c.ExtendHours(minutes=120))
    finger.at("groups")
    assert "今天服务时间 09:00–12:00 14:00–22:00（已延长）" in re.sub(r"\s+", " ", text_of(driver))
    assert driver.execute_script("return window.untouched")
    number = finger.take()
    assert night.place.ticket(number).state is TicketState.WAITING
    finger.touch(".primary")
    finger.at("groups")
    hall.do(c.ExtendHours(minutes=30))
    see(driver, lambda: "14:00–22:30（已延长）" in text_of(driver), "the second extension")
    night.place.clock("2026-11-25 22:30")
    finger.at("closed")
    night.place.clock("2026-11-26 08:30")
    finger.at("groups")


def test_a_page_left_alone_forgets_what_was_chosen(night: Night, driver: WebDriver) -> None:
    with night.place.kiosk("kiosk-2", idle_s=2) as kiosk:
        finger = Finger(driver, kiosk.address)
        finger.open()
        finger.at("closed")
        finger.touch(".tile[data-key=check_in]")
        finger.at("check-in")
        finger.type_code("77")
        finger.at("closed")
        finger.touch(".tile[data-key=check_in]")
        finger.at("check-in")
        assert "77" not in finger.read(".code")
