"""The touch screen, in a real browser against a real hall: what a visitor sees and gets."""

import subprocess
from collections.abc import Iterator
from contextlib import ExitStack
from pathlib import Path

import pytest
from selenium.webdriver import ActionChains
from selenium.webdriver.common.by import By
from selenium.webdriver.common.keys import Keys
from selenium.webdriver.remote.webdriver import WebDriver

from hall_controller.domain import commands as c
from hall_controller.domain.ticket import Language, Paper, TicketState, VisitorClass
from tests.browser.browser import console_errors, screenshot, see, text_of
from tests.browser.kiosk import Finger, Kiosk, KioskHall
from tests.support import MATTER, wait_for

WAITING = 3
"""Visitors who wait before the tests begin."""


@pytest.fixture(scope="module")
def place(tmp_path_factory: pytest.TempPathFactory) -> Iterator[KioskHall]:
    with ExitStack() as stack:
        place = KioskHall(tmp_path_factory.mktemp("kiosk"), stack)
        place.hall.do(c.OpenCounter(counter=1, clerk="007"))
        for _ in range(WAITING):
            place.hall.do(c.IssueTicket(matter=MATTER))
        yield place


@pytest.fixture(scope="module")
def kiosk(place: KioskHall) -> Iterator[Kiosk]:
    """A kiosk with a printer."""
    with place.kiosk("kiosk", printer=True) as kiosk:
        yield kiosk


@pytest.fixture
def finger(kiosk: Kiosk, driver: WebDriver) -> Finger:
    finger = Finger(driver, kiosk.address)
    finger.open()
    return finger


def test_three_touches_give_a_number_and_paper(place: KioskHall, finger: Finger, tmp_path: Path) -> None:
    finger.at("groups")
    assert f"{len(place.hall.state().tickets)}人" in finger.read(".live")
    finger.touch(".tile[data-key=person]")
    finger.at("matters")
    finger.touch(".tile[data-key=id-card-renew]")
    finger.at("confirm")
    assert "居民身份证（旧证）" in finger.read(".documents")
    assert "约" in finger.read(".live")
    finger.touch(".take")
    finger.at("ticket")
    number = finger.read(".number")
    see(finger.driver, lambda: "请取走号票" in text_of(finger.driver), "the paper")
    ticket = place.ticket(number)
    assert ticket.paper is Paper.PRINTED
    assert (ticket.visitor_class, ticket.language) == (VisitorClass.ORDINARY, Language.MANDARIN)
    file = screenshot(finger.driver, tmp_path / "ticket.png")
    read = subprocess.run(["zbarimg", "-q", "--raw", str(file)], capture_output=True, text=True, check=True).stdout
    assert read.startswith("http://127.0.0.1:")
    assert "/t/" in read
    assert console_errors(finger.driver) == []
    finger.touch(".primary")
    finger.at("groups")


def test_priority_is_one_touch_more_and_the_call_may_be_in_cantonese(place: KioskHall, finger: Finger) -> None:
    finger.go_to_confirm()
    finger.touch(".radio[data-key=priority]")
    see(finger.driver, lambda: finger.driver.find_element(By.CSS_SELECTOR, ".chosen[data-key=priority]"), "priority")
    finger.touch(".radio[data-key=yue]")
    see(finger.driver, lambda: finger.driver.find_element(By.CSS_SELECTOR, ".chosen[data-key=yue]"), "yue")
    finger.touch(".take")
    finger.at("ticket")
    ticket = place.ticket(finger.read(".number"))
    assert (ticket.visitor_class, ticket.language) == (VisitorClass.PRIORITY, Language.CANTONESE)


def test_an_english_reader_is_called_in_english_unless_they_say_otherwise(place: KioskHall, finger: Finger) -> None:
    finger.touch(".foot.language")
    see(finger.driver, lambda: "What have you come for?" in text_of(finger.driver), "English")
    see(finger.driver, lambda: finger.driver.execute_script("return document.documentElement.lang") == "en", "lang")
    number = finger.take()
    see(finger.driver, lambda: "Please take your ticket" in text_of(finger.driver), "the paper")
    assert place.ticket(number).language is Language.ENGLISH


def test_a_double_touch_takes_one_ticket_and_chooses_nothing_by_itself(place: KioskHall, finger: Finger) -> None:
    before = place.hall.state().issued
    finger.at("groups")
    tile = finger.driver.find_element(By.CSS_SELECTOR, ".tile[data-key=person]")
    ActionChains(finger.driver, duration=0).double_click(tile).perform()
    finger.at("matters")
    finger.touch(".tile[data-key=id-card-renew]")
    finger.at("confirm")
    take = finger.driver.find_element(By.CSS_SELECTOR, ".take")
    finger.driver.execute_script(
        "for (let i = 0; i < 5; i++) arguments[0].click()", take
    )  # past every guard in the page
    finger.at("ticket")
    see(finger.driver, lambda: "请取走号票" in text_of(finger.driver), "the paper")
    assert place.hall.state().issued == before + 1


def test_a_reload_loses_no_number(finger: Finger) -> None:
    number = finger.take()
    finger.driver.refresh()
    finger.at("ticket")
    assert finger.read(".number") == number


def test_a_called_visitor_reads_the_counter_on_the_ticket_screen(place: KioskHall, finger: Finger) -> None:
    number = finger.take()
    place.hall.do(c.OpenCounter(counter=5, clerk="005"))
    place.hall.do(c.CallTicket(counter=5, ticket=place.ticket(number).ticket))
    assert "5号窗口" in finger.read(".called")


def test_the_whole_way_by_keyboard(place: KioskHall, finger: Finger) -> None:
    before = place.hall.state().issued
    finger.at("groups")
    for screen, key in (("matters", "person"), ("confirm", "id-card-renew"), ("ticket", None)):
        _tab_to(finger.driver, f"[data-key={key}]" if key else ".take")
        ActionChains(finger.driver).send_keys(Keys.ENTER).perform()
        finger.at(screen)
    assert place.hall.state().issued == before + 1


def _tab_to(driver: WebDriver, css: str) -> None:
    for _ in range(40):
        if driver.execute_script("return document.activeElement.matches(arguments[0])", css):
            return
        ActionChains(driver).send_keys(Keys.TAB).perform()
    raise AssertionError(f"{css} cannot be reached by the Tab key")


def test_there_is_nothing_to_leave_by(kiosk: Kiosk, finger: Finger) -> None:
    finger.at("groups")
    driver = finger.driver
    assert driver.execute_script(
        "const e = new MouseEvent('contextmenu', {bubbles: true, cancelable: true});"
        "document.querySelector('.tile').dispatchEvent(e); return e.defaultPrevented"
    )
    assert driver.execute_script("return getComputedStyle(document.querySelector('h1')).userSelect") == "none"
    assert driver.execute_script("return document.querySelectorAll('a[href]').length") == 0
    for path in ("nonsense", "docs", "openapi.json", "../etc/passwd"):
        driver.get(kiosk.address + path)
        finger.at("groups")
        assert driver.current_url == kiosk.address
    assert "Traceback" not in kiosk.log()


def test_stopped_issuing_says_so_and_why_and_opens_again(place: KioskHall, finger: Finger) -> None:
    finger.go_to_confirm()
    place.hall.do(c.StopIssuing(why="系统维护至下午三点"))
    finger.at("closed")
    text = text_of(finger.driver)
    assert "现在停止取号" in text
    assert "系统维护至下午三点" in text
    assert "今天" in text
    place.hall.do(c.ResumeIssuing())
    finger.at("confirm")


def test_idle_pages_go_back_to_the_start_in_the_halls_own_language(place: KioskHall, driver: WebDriver) -> None:
    with place.kiosk("kiosk-2", idle_s=1.5) as kiosk:
        finger = Finger(driver, kiosk.address)
        finger.open()
        finger.at("groups")
        finger.touch(".foot.language")
        see(driver, lambda: "What have you come for?" in text_of(driver), "English")
        see(driver, lambda: "请选择您要办的事" in text_of(driver), "the start, in Chinese again")


def test_a_printed_ticket_leaves_the_screen_by_itself(place: KioskHall, kiosk: Kiosk, driver: WebDriver) -> None:
    del kiosk  # its printer prints for this one, which is the same device
    with place.kiosk("kiosk", ticket_s=0.5) as quick:
        finger = Finger(driver, quick.address)
        finger.open()
        finger.take()
        finger.at("groups")


def test_without_paper_the_number_stays_until_it_is_touched_away(place: KioskHall, driver: WebDriver) -> None:
    with place.kiosk("kiosk-2", idle_s=20, ticket_s=0.2, print_wait_s=0.3) as kiosk:
        finger = Finger(driver, kiosk.address)
        finger.open()
        number = finger.take()
        see(driver, lambda: "没有纸质号票，请记住号码" in text_of(driver), "remember")
        assert place.ticket(number).paper is Paper.PENDING
        finger.touch(".primary")
        finger.at("groups")
        wait_for(lambda: place.ticket(number).paper is Paper.ACKNOWLEDGED, "acknowledged")


def test_a_number_that_nobody_claimed_is_not_claimed_by_the_next_visitor(tmp_path: Path, driver: WebDriver) -> None:
    with ExitStack() as stack:
        place = KioskHall(tmp_path, stack, claim_s=1)
        kiosk = stack.enter_context(place.kiosk("kiosk-2", print_wait_s=0.3))
        finger = Finger(driver, kiosk.address)
        finger.open()
        number = finger.take()
        see(driver, lambda: "这是您的号码吗？" in text_of(driver), "the question")
        finger.touch(".secondary")
        finger.at("groups")
        assert place.ticket(number).state is TicketState.UNCLAIMED
        other = finger.take()
        see(driver, lambda: "这是您的号码吗？" in text_of(driver), "the question")
        finger.touch(".primary")
        wait_for(lambda: place.ticket(other).state is TicketState.WAITING, "claimed after all")


def test_a_printer_that_fails_is_told_at_once(place: KioskHall, driver: WebDriver) -> None:
    with place.kiosk("kiosk-2") as kiosk:
        finger = Finger(driver, kiosk.address)
        finger.open()
        number = finger.take()
        see(driver, lambda: "正在打印号票" in text_of(driver), "printing")
        failed = c.ReportPrint(ticket=place.ticket(number).ticket, outcome=c.PrintOutcome.FAILED, detail="paper out")
        place.hall.do(failed, as_="printer")
        see(driver, lambda: "没有纸质号票，请记住号码" in text_of(driver), "remember", bound_s=10)
        finger.touch(".primary")
        wait_for(lambda: place.ticket(number).paper is Paper.ACKNOWLEDGED, "acknowledged")


def test_a_kiosk_that_is_started_again_still_shows_the_number(place: KioskHall, driver: WebDriver) -> None:
    with place.kiosk("kiosk-2", print_wait_s=0.3) as kiosk:
        finger = Finger(driver, kiosk.address)
        finger.open()
        number = finger.take()
        see(driver, lambda: finger.read(".qr"), "the QR code")
        kiosk.kill_and_start_again()
        # A kiosk that was started again knows no token: the page without a QR code is the new one.
        see(
            driver, lambda: not driver.find_elements(By.CSS_SELECTOR, ".qr") and finger.screen() == "ticket", "its page"
        )
        assert finger.read(".number") == number
        finger.touch(".primary")
        wait_for(lambda: place.ticket(number).paper is Paper.ACKNOWLEDGED, "acknowledged")


def test_a_hall_that_is_gone_is_told_kindly_and_comes_back(tmp_path: Path, driver: WebDriver) -> None:
    with ExitStack() as stack:
        place = KioskHall(tmp_path, stack)
        kiosk = stack.enter_context(place.kiosk("kiosk-2", print_wait_s=0.3))
        finger = Finger(driver, kiosk.address)
        finger.open()
        finger.go_to_confirm()
        place.hall.kill()
        finger.touch(".take")
        finger.at("silent")
        assert "请找工作人员取号" in text_of(driver)
        place.start_again()
        finger.at("ticket", "confirm")
        if finger.screen() == "confirm":
            finger.touch(".take")
        finger.at("ticket")
        number = finger.read(".number")
        assert len(place.hall.state().tickets) == 1
        place.hall.kill()
        see(driver, lambda: "请记住号码" in text_of(driver), "the number without a hall")
        assert finger.read(".number") == number
        finger.touch(".primary")
        finger.at("silent")
        place.start_again()
        finger.at("groups")
        wait_for(lambda: place.ticket(number).paper is Paper.ACKNOWLEDGED, "acknowledged once the hall is back")


def test_a_closed_hall_says_why(tmp_path: Path, driver: WebDriver) -> None:
    with ExitStack() as stack:
        place = KioskHall(tmp_path, stack)
        kiosk = stack.enter_context(place.kiosk("kiosk-2"))
        finger = Finger(driver, kiosk.address)
        finger.open()
        finger.take()
        place.hall.do(c.CloseHall(reason="台风红色预警"))
        finger.at("closed")
        assert "大厅已关闭" in text_of(driver)
        assert "台风红色预警" in text_of(driver)


def test_a_browser_elsewhere_must_be_enrolled_by_the_secret_link(place: KioskHall, driver: WebDriver) -> None:
    """`kiosk.localhost` is a name that is not this box's own: its browser counts as one from elsewhere."""
    key = "correct-horse-battery"
    with place.kiosk("kiosk-2", browser_keys=[key]) as kiosk:
        elsewhere = kiosk.address.replace("127.0.0.1", "kiosk.localhost")
        finger = Finger(driver, elsewhere)
        finger.open()
        assert "此屏幕尚未登记" in text_of(driver)
        driver.get(f"{elsewhere}enroll?key=wrong-horse-battery")
        assert "This screen is not enrolled" in text_of(driver)
        driver.get(f"{elsewhere}enroll?key={key}")
        assert driver.current_url == elsewhere
        finger.go_to_confirm()
        assert key not in kiosk.log()
