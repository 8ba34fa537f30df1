"""The visit that need not be, and papers that travel, in a real browser against real halls."""

import subprocess
from collections.abc import Iterator
from contextlib import ExitStack
from pathlib import Path
from typing import Any

import pytest
from selenium.webdriver.common.by import By
from selenium.webdriver.remote.webdriver import WebDriver

from hall_controller.bus import wire
from hall_controller.domain.matters import How, Matter, Route
from tests.browser.browser import console_errors, screenshot, see, text_of
from tests.browser.kiosk import Finger, Kiosk, KioskHall
from tests.support import wait_for

URL = "https://online.example/do/{code}"
HERE: dict[str, Any] = {"latitude": 22.576, "longitude": 113.862}
"""In Xixiang."""


class Place:
    """A community hall with the sample catalogue and a kiosk without a printer."""

    def __init__(self, where: Path, stack: ExitStack) -> None:
        self.hall = KioskHall(where, stack, tier="community")
        self.hall.sample()
        self.kiosk: Kiosk = stack.enter_context(
            self.hall.kiosk("kiosk-2", online_url=URL, phone_number="12345", has_printer=False, **HERE)
        )
        self.matters: list[Matter] = self.hall.hall.do(wire.Matters()).matters

    def diversions(self) -> dict[How, int]:
        return dict(self.hall.hall.state().totals.diversions)

    def matter(self, *ways: How) -> Matter:
        """The first that can be done in exactly these ways without a queue."""
        apart = {How.HERE, How.ANY_HALL}
        return next(matter for matter in self.matters if set(matter.how) - apart == set(ways))


@pytest.fixture(scope="module")
def place(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Place]:
    with ExitStack() as stack:
        yield Place(tmp_path_factory.mktemp("without"), stack)


def choose(finger: Finger, matter: Matter) -> None:
    """Find it by its whole name, as an input method types it."""
    finger.touch(".search-bar")
    finger.at("search")
    finger.driver.find_element(By.CSS_SELECTOR, "input.field").send_keys(matter.name_zh)
    see(finger.driver, lambda: finger.found()[:1] == [matter.name_zh], "its tile, once all of it is typed")
    finger.choose(matter.code)


def test_a_grandmother_whose_matter_needs_no_visit_does_without(place: Place, finger: Finger, tmp_path: Path) -> None:
    driver, before = finger.driver, place.diversions()
    finger.touch(".foot.size")
    large = "return document.documentElement.classList.contains('large')"
    see(driver, lambda: driver.execute_script(large), "large print")
    matter = place.matter(How.ZERO_RUN, How.SELF_SERVICE)
    choose(finger, matter)
    finger.at("ways")
    text = text_of(driver)
    for words in ("这件事可以不用排队", "网上办，不用来", "自助机办", "全天24小时开放", "米"):
        assert words in text
    file = screenshot(driver, tmp_path / "ways.png")
    read = subprocess.run(["zbarimg", "-q", "--raw", str(file)], capture_output=True, text=True, check=True).stdout
    assert read.strip() == URL.replace("{code}", matter.code)
    finger.touch(".way[data-key=self_service]")
    see(driver, lambda: driver.find_elements(By.CSS_SELECTOR, ".way.chosen[data-key=self_service]"), "the terminal")
    button = driver.find_element(By.CSS_SELECTOR, ".divert")
    driver.execute_script("for (let i = 0; i < 5; i++) arguments[0].click()", button)  # past every guard in the page
    finger.at("diverted")
    assert "好的，不用取号了" in text_of(driver)
    wait_for(lambda: place.diversions() != before, "counted")
    assert place.diversions() == {**before, How.SELF_SERVICE: before.get(How.SELF_SERVICE, 0) + 1}
    assert place.hall.hall.state().issued == 0
    finger.touch(".answers .primary")
    finger.at("groups")
    assert console_errors(driver) == []


def test_whoever_wants_a_counter_is_one_touch_away_from_it(place: Place, finger: Finger) -> None:
    before, issued = place.diversions(), place.hall.hall.state().issued
    choose(finger, place.matter(How.ZERO_RUN))
    finger.at("ways")
    finger.touch(".counter")
    finger.at("confirm")
    finger.touch(".foot.back")
    finger.at("ways")
    finger.touch(".counter")
    finger.at("confirm")
    finger.touch(".take")
    finger.at("ticket")
    assert place.diversions() == before
    assert place.hall.hall.state().issued == issued + 1


def test_a_telephone_number_is_large_and_what_is_approved_at_once_is_said(place: Place, finger: Finger) -> None:
    choose(finger, place.matter(How.BY_PHONE))
    finger.at("ways")
    assert "请打 12345" in text_of(finger.driver)
    finger.touch(".foot.restart")
    finger.at("groups")
    choose(finger, place.matter(How.ZERO_RUN, How.INSTANT))
    finger.at("ways")
    finger.see("系统当场批准")
    assert len(finger.driver.find_elements(By.CSS_SELECTOR, ".way")) == 1
    finger.touch(".foot.language")
    finger.see("You need not queue for this")


def test_without_an_address_words_say_how(tmp_path: Path, driver: WebDriver, place: Place) -> None:
    del tmp_path
    with place.hall.kiosk("kiosk") as kiosk:
        finger = Finger(driver, kiosk.address)
        finger.open()
        finger.at("groups")
        matter = place.matter(How.ZERO_RUN)
        choose(finger, matter)
        finger.at("ways")
        finger.see(f"搜索“{matter.name_zh}”")
        assert not driver.find_elements(By.CSS_SELECTOR, ".qr")


def test_documents_that_may_come_later_are_named_without_any_rating(place: Place, finger: Finger) -> None:
    matter = next(one for one in place.matters if one.later and one.how == (How.HERE,))
    choose(finger, matter)
    finger.at("confirm")
    late = "、".join(matter.documents_zh[number - 1] for number in matter.later)
    finger.see(f"信用良好的申请人可先受理、后补：{late}")
    for word in ("失信", "评级", "等级"):
        assert word not in text_of(finger.driver)


def test_a_company_is_told_at_a_community_hall_that_its_papers_are_carried(place: Place, finger: Finger) -> None:
    driver = finger.driver
    matter = next(one for one in place.matters if one.route is Route.PHYSICAL and one.how == (How.HERE, How.ANY_HALL))
    choose(finger, matter)
    finger.at("confirm")
    told = finger.read(".travels")
    assert f"纸质材料由大厅派人送到{matter.department}" in told
    assert "受理回执上写着何时出结果" in told
    place_of = "const r = document.querySelector('.travels').getBoundingClientRect(); return [r.top, r.bottom]"
    top, bottom = driver.execute_script(place_of)
    assert 0 < top < bottom < 1920
    finger.touch(".take")
    finger.at("ticket")
    assert place.hall.ticket(finger.read(".number")).matter == matter.code


def test_what_goes_electronically_is_said_too(place: Place, finger: Finger) -> None:
    matter = next(one for one in place.matters if one.route is Route.ELECTRONIC and one.how == (How.HERE, How.ANY_HALL))
    choose(finger, matter)
    finger.at("confirm")
    assert "材料网上流转，不用您再送到别处" in finger.read(".travels")
