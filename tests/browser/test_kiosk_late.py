"""A booked visitor who is early, on time, or ten minutes late, at the kiosk of a real hall whose clock stands."""

from collections.abc import Iterator
from contextlib import ExitStack
from pathlib import Path

import pytest
from selenium.webdriver.remote.webdriver import WebDriver

from hall_controller.domain import commands as c
from hall_controller.domain.ticket import VisitorClass
from tests.browser.browser import see, text_of
from tests.browser.kiosk import Finger, Kiosk, KioskHall
from tests.support import MATTER, local_ms

SLOT = "2026-11-25 10:00"


class Morning:
    """A hall at eight in the morning, with one counter open, two who walked in, and a booking for ten."""

    def __init__(self, where: Path, stack: ExitStack, driver: WebDriver) -> None:
        self.place = KioskHall(where, stack, at="2026-11-25 08:40")
        do = self.place.hall.do
        do(c.OpenCounter(counter=1, clerk="007"))
        self.place.hall.set_clock("2026-11-25 09:00")
        for _ in range(2):
            do(c.IssueTicket(matter=MATTER))
        booked = do(c.BookTicket(matter=MATTER, slot_at_ms=local_ms(SLOT)), as_="reception")
        self.code: str = booked.code
        self.kiosk: Kiosk = stack.enter_context(self.place.kiosk("kiosk-2", print_wait_s=0.3))
        self.finger = Finger(driver, self.kiosk.address)

    def check_in_at(self, local_time: str) -> None:
        """The clock stands at this moment."""
        self.place.hall.set_clock(local_time)
        finger = self.finger
        finger.open()
        finger.at("groups")
        finger.touch(".foot.arrive")
        finger.at("check-in")
        assert "预约时间前30分钟起可以签到。迟到10分钟以内，仍按预约叫号；再晚，按普通号排队。" in text_of(
            finger.driver
        )
        finger.type_code(self.code.replace("-", ""))
        finger.touch(".send")

    def visitor_class(self) -> VisitorClass:
        return self.place.ticket(self.finger.read(".number")).visitor_class


@pytest.fixture
def morning(tmp_path: Path, driver: WebDriver) -> Iterator[Morning]:
    with ExitStack() as stack:
        yield Morning(tmp_path, stack, driver)


def test_too_early_says_when_check_in_opens(morning: Morning) -> None:
    morning.check_in_at("2026-11-25 09:29:59")
    morning.finger.see("还没到签到时间，请在 今天 周三 09:30 以后签到。")


def test_on_time_is_called_as_booked_with_who_is_ahead(morning: Morning) -> None:
    morning.check_in_at("2026-11-25 09:45:00")
    morning.finger.at("ticket")
    morning.finger.see("您准时到了，按预约叫号。")
    morning.finger.see("前面等候")
    assert morning.visitor_class() is VisitorClass.APPOINTMENT


def test_ten_minutes_late_to_the_second_still_counts(morning: Morning) -> None:
    morning.check_in_at("2026-11-25 10:10:00")
    morning.finger.at("ticket")
    morning.finger.see("您晚到了10分钟，没关系，仍按预约叫号。")
    assert morning.visitor_class() is VisitorClass.APPOINTMENT
    morning.finger.touch(".foot.language")
    morning.finger.see("You are 10 min late. Never mind: you are called as booked.")


def test_a_second_later_it_is_an_ordinary_number_said_kindly_with_the_wait(morning: Morning) -> None:
    morning.check_in_at("2026-11-25 10:10:01")
    morning.finger.at("ticket")
    morning.finger.see("您晚到了11分钟，预约的时间已过，为您取了普通号，请稍等。")
    assert morning.visitor_class() is VisitorClass.ORDINARY
    see(morning.finger.driver, lambda: "2人" in morning.finger.read(".live"), "two ahead")
    assert "预计等候" in text_of(morning.finger.driver)
