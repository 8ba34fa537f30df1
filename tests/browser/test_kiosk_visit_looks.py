"""Of the pages to find a matter, to do without a visit and to ask for a result: nothing cut off, small or pale."""

from collections.abc import Iterator
from contextlib import ExitStack

import pytest
from selenium.webdriver.remote.webdriver import WebDriver

from hall_controller.bus import wire
from hall_controller.domain import commands as c
from hall_controller.domain.matters import How, Matter
from tests.browser.browser import console_errors, resize, see
from tests.browser.kiosk import Finger, Kiosk, KioskHall
from tests.browser.test_kiosk_looks import LOOKS, SIZES, measured, set_up


@pytest.fixture(scope="module")
def place(tmp_path_factory: pytest.TempPathFactory) -> Iterator[KioskHall]:
    with ExitStack() as stack:
        place = KioskHall(tmp_path_factory.mktemp("visit-looks"), stack, tier="community")
        place.sample()
        yield place


@pytest.fixture(scope="module")
def matters(place: KioskHall) -> list[Matter]:
    found: list[Matter] = place.hall.do(wire.Matters()).matters
    return found


@pytest.fixture(scope="module")
def kiosk(place: KioskHall) -> Iterator[Kiosk]:
    url = "https://online.example.gov.cn/matters/{code}"
    with place.kiosk("kiosk-2", print_wait_s=0.3, online_url=url, latitude=22.576, longitude=113.862) as kiosk:
        yield kiosk


def without_queue(matter: Matter) -> int:
    return len(set(matter.how) - {How.HERE, How.ANY_HALL})


def receipt_of(place: KioskHall, matter: str) -> str:
    """Accepted at counter 1, its result ready."""
    do = place.hall.do
    do(c.OpenCounter(counter=1, clerk="007"))
    ticket = do(c.IssueTicket(matter=matter)).ticket
    do(c.CallTicket(counter=1, ticket=ticket))
    do(c.StartService(counter=1))
    receipt: str = do(c.AcceptMatter(counter=1)).receipt
    do(c.FinishService(counter=1))
    do(c.ReportResult(receipt=receipt))
    return receipt


class Looker(Finger):
    """Goes through the pages and measures each."""

    def look(self, screen: str) -> None:
        self.at(screen)
        measured(self.driver, screen)

    def find(self, matter: Matter) -> None:
        """By its whole name."""
        self.at("groups")
        self.touch(".search-bar")
        self.at("search")
        english = self.driver.execute_script("return document.documentElement.lang") == "en"
        name = matter.name_en if english else matter.name_zh
        self.driver.find_element("css selector", "input.field").send_keys(name)
        see(self.driver, lambda: self.found()[:1] == [name], name)  # once all of it is typed
        measured(self.driver, "search")
        self.choose(matter.code)


@pytest.mark.parametrize(("size", "large", "english"), LOOKS)
def test_nothing_is_cut_small_or_pale(
    place: KioskHall, kiosk: Kiosk, driver: WebDriver, matters: list[Matter], size: str, large: bool, english: bool
) -> None:
    resize(driver, *SIZES[size])
    look = Looker(driver, kiosk.address)
    look.open()
    look.at("groups")
    set_up(look, large=large, english=english)
    measured(driver, "start")
    look.touch(".entry[data-key=themes]")
    look.look("themes")
    look.touch(".tile[data-key=start-business]" if not large else ".tile")
    look.look("theme")
    look.touch(".next")
    look.look("confirm")
    look.touch(".add")
    look.look("groups")
    look.touch(".tile[data-key=business]")
    look.look("parts")
    look.touch(".tile")
    look.look("matters")
    look.touch(".foot.restart")
    most = max(matters, key=lambda one: (without_queue(one), How.INSTANT not in one.how, len(one.name_en)))
    look.find(most)
    look.look("ways")
    look.touch(".way:last-child")
    see(driver, lambda: driver.find_elements("css selector", ".way.chosen:last-child"), "the last way")
    look.touch(".divert")
    look.look("diverted")
    look.touch(".answers .primary")
    look.at("groups")
    set_up(look, large=large, english=english)
    carried = (one for one in matters if one.route == "physical" and not without_queue(one) and one.later)
    look.find(max(carried, key=lambda one: len(one.name_en) + sum(map(len, one.documents_en))))
    look.look("confirm")
    assert console_errors(driver) == []


@pytest.mark.parametrize(("size", "large", "english"), LOOKS)
def test_nothing_is_cut_small_or_pale_of_results(
    place: KioskHall, kiosk: Kiosk, driver: WebDriver, size: str, large: bool, english: bool
) -> None:
    receipt = receipt_of(place, "id-card-renew")
    resize(driver, *SIZES[size])
    look = Looker(driver, kiosk.address)
    look.open()
    look.at("groups")
    set_up(look, large=large, english=english)
    look.touch(".entry[data-key=results]")
    look.look("results")
    look.type_on("BA077-261125-0007")
    look.touch("[data-enters]")
    look.look("result")
    look.touch(".answers .primary")
    look.at("results")
    look.touch("[data-types=clear]")
    look.type_on(receipt)
    look.touch("[data-enters]")
    see(driver, lambda: driver.find_elements("css selector", ".collect"), "ready")
    measured(driver, "ready")
    look.touch(".collect")
    look.look("confirm")
    look.touch(".foot.restart")
    look.at("groups")


def test_a_screen_reader_finds_names_and_states(kiosk: Kiosk, driver: WebDriver) -> None:
    look = Looker(driver, kiosk.address)
    look.open()
    look.at("groups")
    look.touch(".search-bar")
    look.at("search")
    field = driver.execute_script("const f = document.querySelector('input.field'); return [f.ariaLabel, f.inputMode]")
    assert field == ["想办什么事？", "none"]
    assert driver.execute_script("return document.querySelector('.found').ariaLive") == "polite"
    look.touch(".foot.back")
    look.at("groups")
    look.touch(".entry[data-key=themes]")
    look.at("themes")
    look.touch(".tile")
    look.at("theme")
    ticks = "return [...document.querySelectorAll('[role=checkbox]')].map(t => t.ariaChecked)"
    assert set(driver.execute_script(ticks)) == {"true"}
    look.touch(".tick")
    see(driver, lambda: driver.execute_script(ticks)[0] == "false", "unticked")
