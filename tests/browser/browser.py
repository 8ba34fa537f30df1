"""A headless Chromium of its own for each test: Debian's chromium and chromedriver, driven by selenium."""

import contextlib
import tempfile
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import TypeVar

from selenium import webdriver
from selenium.common.exceptions import StaleElementReferenceException, WebDriverException
from selenium.webdriver.chrome.service import Service
from selenium.webdriver.remote.webdriver import WebDriver

from tests.support import wait_for

T = TypeVar("T")
FLAGS = (
    "--headless=new",
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--disable-dev-shm-usage",
    "--force-device-scale-factor=1",
)


@contextlib.contextmanager
def browser(width: int = 1080, height: int = 1920) -> Iterator[WebDriver]:
    """A browser whose page is exactly so many pixels large."""
    with tempfile.TemporaryDirectory(prefix="hall-chromium-", ignore_cleanup_errors=True) as profile:
        options = webdriver.ChromeOptions()
        options.binary_location = "/usr/bin/chromium"
        for flag in (*FLAGS, f"--user-data-dir={profile}", f"--window-size={width},{height}"):
            options.add_argument(flag)
        driver = webdriver.Chrome(options=options, service=Service("/usr/bin/chromedriver"))
        try:
            resize(driver, width, height)
            yield driver
        finally:
            driver.quit()


def resize(driver: WebDriver, width: int, height: int) -> None:
    metrics = {"width": width, "height": height, "deviceScaleFactor": 1, "mobile": False}
    driver.execute_cdp_cmd("Emulation.setDeviceMetricsOverride", metrics)


def see(driver: WebDriver, condition: Callable[[], T], what: str, bound_s: float = 20.0) -> T:
    """Wait for a condition on the page, which may be redrawn while it is read."""

    def tried() -> T | None:
        try:
            return condition()
        except (StaleElementReferenceException, WebDriverException):
            return None

    seen = wait_for(tried, what, bound_s)
    assert seen is not None
    return seen


def text_of(driver: WebDriver) -> str:
    """What a person can read on the page."""
    text = driver.execute_script("return document.body.innerText")
    return str(text)


def screenshot(driver: WebDriver, file: Path) -> Path:
    file.parent.mkdir(parents=True, exist_ok=True)
    assert driver.save_screenshot(str(file))
    return file


def console_errors(driver: WebDriver) -> list[str]:
    """What the page's scripts complained about."""
    entries = driver.execute("getLog", {"type": "browser"})["value"]
    return [entry["message"] for entry in entries if entry["level"] == "SEVERE"]
