"""Asking for a result by its receipt, in a real browser against a real hall."""

from collections.abc import Iterator
from contextlib import ExitStack
from pathlib import Path

import pytest
from selenium.webdriver import ActionChains
from selenium.webdriver.common.by import By
from selenium.webdriver.common.keys import Keys
from selenium.webdriver.remote.webdriver import WebDriver

from hall_controller.bus import wire
from hall_controller.domain import commands as c
from hall_controller.domain.acceptance import Decision
from tests.browser.browser import console_errors, see, text_of
from tests.browser.kiosk import Finger, Kiosk, KioskHall
from tests.support import local_ms

APPLICANT = "91440300MA5EXAMPLE"
"""A company of good credit."""


class Place:
    """A street hall whose district papers are carried elsewhere, with a kiosk."""

    def __init__(self, where: Path, stack: ExitStack) -> None:
        self.hall = KioskHall(where, stack, documents_due_days='10\ndistrict_hall = "BA001-D"')
        self.hall.sample()
        (self.hall.dir / "credit.csv").write_text(f"applicant,rating\n{APPLICANT},good\n", "utf-8")
        self.hall.hall.do(c.OpenCounter(counter=1, clerk="007"))
        self.kiosk: Kiosk = stack.enter_context(self.hall.kiosk("kiosk-2", print_wait_s=0.3))

    def accept(self, matter: str, outstanding: tuple[int, ...] = ()) -> str:
        """A visitor's matter is accepted at counter 1; gives the receipt."""
        do = self.hall.hall.do
        ticket = do(c.IssueTicket(matter=matter)).ticket
        for command in (c.CallTicket(counter=1, ticket=ticket), c.StartService(counter=1)):
            assert isinstance(do(command), wire.Accepted)
        reply = do(c.AcceptMatter(counter=1, applicant=APPLICANT, outstanding=outstanding))
        assert isinstance(reply, wire.Accepted), reply
        do(c.FinishService(counter=1))
        assert isinstance(reply.receipt, str)
        return reply.receipt


@pytest.fixture(scope="module")
def place(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Place]:
    with ExitStack() as stack:
        yield Place(tmp_path_factory.mktemp("results"), stack)


def ask(finger: Finger, receipt: str) -> None:
    """On the touch keyboard."""
    finger.touch(".entry[data-key=results]")
    finger.at("results")
    finger.type_on(receipt)
    finger.touch("[data-enters]")
    finger.at("result")


def scan(driver: WebDriver, receipt: str) -> None:
    """As a scanner does: fast, with Enter at the end, into whatever page there is."""
    ActionChains(driver, duration=0).send_keys(receipt + Keys.ENTER).perform()


def test_a_result_that_is_ready_gives_a_number_for_the_results_window(place: Place, finger: Finger) -> None:
    driver, receipt = finger.driver, place.accept("id-card-renew")
    assert isinstance(place.hall.hall.do(c.ReportResult(receipt=receipt, decision=Decision.GRANTED)), wire.Accepted)
    ask(finger, receipt)
    assert "结果出来了，可以领取" in text_of(driver)
    assert "居民身份证换领" in text_of(driver)
    finger.touch(".collect")
    finger.at("confirm")
    finger.touch(".radio[data-key=priority]")
    see(driver, lambda: driver.find_elements(By.CSS_SELECTOR, ".chosen[data-key=priority]"), "priority")
    finger.touch(".take")
    finger.at("ticket")
    ticket = place.hall.ticket(finger.read(".number"))
    assert (ticket.matter, ticket.group, ticket.receipt) == ("pickup-id", "pickup", receipt)
    assert console_errors(driver) == []


def test_a_scanner_asks_from_the_start_page_and_from_the_field(place: Place, finger: Finger) -> None:
    driver, receipt = finger.driver, place.accept("id-card-renew")
    scan(driver, receipt)
    finger.at("result")
    finger.see("结果还没出来，今天不用取号")
    finger.touch(".foot.restart")
    finger.at("groups")
    finger.touch(".entry[data-key=results]")
    finger.at("results")
    field = "return document.activeElement.matches('input.field')"
    see(driver, lambda: driver.execute_script(field), "the field in focus")
    scan(driver, receipt)
    finger.at("result")
    finger.see(receipt)


def test_a_result_that_is_not_ready_says_where_it_stands_and_gives_no_number(place: Place, finger: Finger) -> None:
    driver, issued = finger.driver, place.hall.hall.state().issued + 1
    receipt = place.accept("id-card-renew")
    ask(finger, receipt)
    finger.see("部门正在办理，应在")
    assert "12月" in text_of(driver)
    assert not driver.find_elements(By.CSS_SELECTOR, ".collect, .take")
    finger.touch(".foot.language")
    finger.see("Not ready yet: no ticket needed today")
    assert place.hall.hall.state().issued == issued


def test_papers_on_the_way_and_those_that_have_come_are_told_apart(place: Place, finger: Finger) -> None:
    carried = next(
        matter
        for matter in place.hall.hall.do(wire.Matters()).matters
        if matter.route == "physical" and matter.level == "district"
    )
    receipt = place.accept(carried.code)
    acceptance = place.hall.hall.state().acceptances[receipt]
    assert acceptance.to_hall == "BA001-D"
    scan(finger.driver, receipt)
    finger.see("材料将由大厅派人送到办理部门。")
    sent = place.hall.hall.do(c.SendConsignment(to_hall="BA001-D", receipts=(receipt,)))
    finger.see("材料正在送往办理部门的路上。")  # while the page is being read
    place.hall.hall.do(c.ConfirmConsignment(consignment=sent.consignment, receipts=(receipt,)))
    finger.see("材料已送到办理部门，正在办理。")


def test_documents_that_are_outstanding_are_named_with_their_day(place: Place, finger: Finger) -> None:
    later = next(matter for matter in place.hall.hall.do(wire.Matters()).matters if matter.later)
    receipt = place.accept(later.code, outstanding=later.later)
    scan(finger.driver, receipt)
    finger.see(f"还缺材料：{later.documents_zh[later.later[0] - 1]}。请在")


@pytest.mark.parametrize(
    ("typed", "said"),
    [
        ("BA001-261125-0999", "请对照回执再输一次"),
        ("BA077-261125-0001", "这个回执是 BA077 号大厅受理的"),
        ("BA001", "回执号还不完整"),
    ],
)
def test_an_unknown_number_is_said_in_one_sentence_and_may_be_typed_again(
    finger: Finger, typed: str, said: str
) -> None:
    ask(finger, typed)
    finger.see(said)
    finger.see("没有找到这个回执号")
    finger.touch(".answers .primary")
    finger.at("results")


def test_a_receipt_of_this_hall_may_be_typed_without_the_halls_letters(place: Place, finger: Finger) -> None:
    receipt = place.accept("id-card-renew")
    ask(finger, receipt.removeprefix("BA001-").replace("-", ""))
    finger.see(receipt)


def test_who_has_no_receipt_comes_to_the_results_window_all_the_same(place: Place, finger: Finger) -> None:
    finger.touch(".entry[data-key=results]")
    finger.at("results")
    finger.touch(".secondary")
    finger.at("matters")
    finger.touch(".tile[data-key=pickup-licence]")
    finger.at("confirm")
    finger.touch(".take")
    finger.at("ticket")
    ticket = place.hall.ticket(finger.read(".number"))
    assert (ticket.group, ticket.receipt) == ("pickup", None)


def test_at_night_a_result_is_told_but_no_number_is_given(tmp_path: Path, driver: WebDriver) -> None:
    with ExitStack() as stack:
        place = Place(tmp_path, stack)
        receipt = place.accept("id-card-renew")
        place.hall.hall.do(c.ReportResult(receipt=receipt))
        place.hall.clock("2026-11-25 21:30")
        assert place.hall.hall.state().at_ms >= local_ms("2026-11-25 20:00")
        finger = Finger(driver, place.kiosk.address)
        finger.open()
        finger.at("closed")
        finger.touch(".tile[data-key=results]")
        finger.at("results")
        finger.type_on(receipt)
        finger.touch("[data-enters]")
        finger.see("请在大厅开放时间来取号领取")
        assert not driver.find_elements(By.CSS_SELECTOR, ".collect")
