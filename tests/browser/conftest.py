"""What the kiosk's modules share: one browser a module, and a finger on the kiosk's start page."""

from collections.abc import Iterator
from typing import Any

import pytest
from selenium.webdriver.remote.webdriver import WebDriver

from tests.browser.browser import browser
from tests.browser.kiosk import Finger


@pytest.fixture(scope="module")
def driver() -> Iterator[WebDriver]:
    with browser() as driver:
        yield driver


@pytest.fixture
def finger(place: Any, driver: WebDriver) -> Finger:
    """`place` is the module's own: a hall with a `kiosk`."""
    finger = Finger(driver, place.kiosk.address)
    finger.open()
    finger.at("groups")
    return finger
