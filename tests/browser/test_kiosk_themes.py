"""Several matters with one number: a theme, or one after another, in a real browser against a real hall."""

from collections.abc import Iterator
from contextlib import ExitStack
from pathlib import Path

import pytest
from selenium.webdriver.common.by import By
from selenium.webdriver.remote.webdriver import WebDriver

from hall_controller.domain.ticket import Channel
from tests.browser.browser import console_errors, see, text_of
from tests.browser.kiosk import MORNING, Finger, Kiosk, KioskHall
from tests.hall.paper_printer import PaperPrinter
from tests.support import local_ms, wait_for


class Place:
    """A hall with the sample catalogue, a kiosk, and a printer on the network."""

    def __init__(self, where: Path, stack: ExitStack) -> None:
        self.paper = PaperPrinter()
        stack.callback(self.paper.stop)
        self.hall = KioskHall(where, stack)
        self.hall.print_at(self.paper.address)
        self.hall.sample()
        self.kiosk: Kiosk = stack.enter_context(self.hall.kiosk("kiosk", printer=True))

    def list_with(self, line: str) -> list[str]:
        """The lines of the document list that says this, once it is out."""

        def out() -> list[str]:
            lists = [text.splitlines() for text in self.paper.texts if line in text and "办事材料清单" in text]
            return lists[-1] if lists else []

        return wait_for(out, f"a list with {line}")


@pytest.fixture(scope="module")
def place(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Place]:
    with ExitStack() as stack:
        yield Place(tmp_path_factory.mktemp("themes"), stack)


def ticked(driver: WebDriver) -> list[str]:
    return [
        str(tick.get_attribute("data-key"))
        for tick in driver.find_elements(By.CSS_SELECTOR, ".tick[aria-checked=true]")
    ]


def papers_on(driver: WebDriver) -> list[str]:
    return [item.text for item in driver.find_elements(By.CSS_SELECTOR, ".documents li")]


def open_restaurant(finger: Finger) -> None:
    finger.touch(".entry[data-key=themes]")
    finger.at("themes")
    assert len(finger.driver.find_elements(By.CSS_SELECTOR, ".tile")) == 12
    finger.touch(".tile[data-key=open-restaurant]")
    finger.at("theme")


def test_who_opens_a_restaurant_gets_one_list_and_one_number(place: Place, finger: Finger) -> None:
    driver = finger.driver
    finger.search("canguan")
    finger.choose("theme:open-restaurant")
    finger.at("theme")
    finger.see("我要开餐馆")
    held = ticked(driver)
    assert len(held) == 5
    needed = papers_on(driver)
    assert len(needed) == len(set(needed))  # once each, though several of the matters ask for a licence
    finger.touch(f".tick[data-key={held[-1]}]")
    see(driver, lambda: ticked(driver) == held[:-1], "unticked")
    see(driver, lambda: "已选4件" in text_of(driver), "four")
    fewer = papers_on(driver)
    assert set(fewer) <= set(needed)
    finger.touch(".print")
    finger.see("已送去打印")
    printed = place.list_with(fewer[-1])
    for document in fewer:
        assert sum(line.partition(". ")[2].startswith(document) for line in printed) == 1, "\n".join(printed)
    finger.touch(".next")
    finger.at("confirm")
    assert "这次一起办4件事" in text_of(driver)
    finger.touch(".take")
    finger.at("ticket")
    ticket = place.hall.ticket(finger.read(".number"))
    assert [ticket.matter, *ticket.more] == held[:-1]
    assert ticket.theme == "open-restaurant"
    assert len(place.hall.hall.state().tickets) == 1
    finger.see("请取走号票")
    assert console_errors(driver) == []


def test_all_unticked_leads_nowhere_and_ticked_again_it_does(finger: Finger) -> None:
    driver = finger.driver
    open_restaurant(finger)
    held = ticked(driver)
    for code in held:
        finger.touch(f".tick[data-key={code}]")
        see(driver, lambda code=code: code not in ticked(driver), "unticked")  # type: ignore[misc]
    assert driver.find_elements(By.CSS_SELECTOR, ".next[disabled]")
    finger.touch(f".tick[data-key={held[2]}]")
    see(driver, lambda: ticked(driver) == [held[2]], "ticked again")
    finger.touch(".next")
    finger.at("confirm")
    finger.touch(".foot.back")
    finger.at("theme")
    assert ticked(driver) == [held[2]]


def test_one_more_matter_goes_on_the_same_number_and_one_may_be_taken_off(place: Place, finger: Finger) -> None:
    driver = finger.driver
    finger.go_to_confirm(matter="id-card-renew")
    finger.touch(".add")
    finger.at("groups")
    finger.see("再加哪一件事？")
    assert not driver.find_elements(By.CSS_SELECTOR, ".entry")
    finger.touch(".search-bar")
    finger.at("search")
    finger.type_on("linshishenfenzheng")
    finger.choose("id-card-temporary")
    finger.at("confirm")
    finger.see("这次一起办2件事")
    finger.touch(".add")
    finger.at("groups")
    finger.touch(".tile[data-key=tax]")
    finger.at("parts", "matters")
    finger.touch(".tile:not([disabled])")
    finger.at("confirm")
    finger.see("这次一起办3件事")
    finger.touch(".off[data-key=id-card-renew]")
    finger.see("这次一起办2件事")
    finger.touch(".take")
    finger.at("ticket")
    ticket = place.hall.ticket(finger.read(".number"))
    assert ticket.matter == "id-card-temporary"
    assert len(ticket.more) == 1
    assert ticket.theme is None


def test_a_theme_can_be_booked(place: Place, finger: Finger) -> None:
    driver = finger.driver
    finger.touch(".foot.menu")
    finger.at("menu")
    finger.touch(".tile[data-key=days]")
    finger.at("groups")
    open_restaurant(finger)
    held = ticked(driver)
    finger.touch(".next")
    finger.at("days")
    finger.touch(".tile[data-key='2026-11-26']")
    finger.at("slots")
    finger.touch(f".tile[data-key='{local_ms('2026-11-26 10:00')}']")
    finger.at("confirm")
    finger.see("这次一起办5件事")
    finger.touch(".take")
    finger.at("booked")
    tickets = place.hall.hall.state().tickets.values()
    booking = next(ticket for ticket in tickets if ticket.channel is Channel.APPOINTMENT)
    assert [booking.matter, *booking.more] == held
    assert booking.theme == "open-restaurant"


def test_a_catalogue_without_themes_offers_none(tmp_path: Path, driver: WebDriver) -> None:
    with ExitStack() as stack:
        plain = KioskHall(tmp_path, stack, at=MORNING)
        finger = Finger(driver, stack.enter_context(plain.kiosk("kiosk-2")).address)
        finger.open()
        finger.at("groups")
        assert driver.find_elements(By.CSS_SELECTOR, ".search-bar")
        assert not driver.find_elements(By.CSS_SELECTOR, ".entry[data-key=themes]")
