"""The page for a meeting in a real browser: wide, on a phone, and on paper."""

import base64
import random
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from selenium.webdriver.remote.webdriver import WebDriver

from hall_controller.bus.wire import encode
from hall_controller.domain import commands as c
from hall_controller.report import make_report, page
from tests.browser.browser import browser, console_errors, resize, text_of
from tests.unit.domain.support import Pretend
from tests.unit.domain.test_months import Month

pytestmark = pytest.mark.timeout(120)

LONG = "没有空格的一句话" * 40
MONTH, EVIL = "2026-10", "<script>document.title='run'</script><img src=x onerror=\"document.title='run'\">"
OUTSIDE = """
const wide = document.documentElement.clientWidth;
return [...document.querySelectorAll('header, section, .card, svg.chart')].filter(e => {
  const box = e.getBoundingClientRect();
  return box.width && (box.right > wide + 1 || box.left < -1) && !e.closest('.table');
}).map(e => e.id || e.className.baseVal || e.className || e.localName);
"""
UNREAD = """
return [...document.querySelectorAll('svg.chart text')].filter(e => {
  const chart = e.closest('svg').getBoundingClientRect(), box = e.getBoundingClientRect();
  return box.height < arguments[0] || box.left < chart.left - 2 || box.right > chart.right + 2;
}).map(e => `${e.textContent} ${e.getBoundingClientRect().height}`);
"""


SCROLLED = """
return [...document.querySelectorAll('.table')].filter(e => e.scrollWidth > e.clientWidth + 1)
  .map(e => `${e.parentElement.id} ${e.scrollWidth} > ${e.clientWidth}`);
"""


@pytest.fixture(scope="module")
def screen() -> Iterator[WebDriver]:
    with browser(1200, 900) as driver:
        yield driver


@pytest.fixture(scope="module")
def file(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A month with a notice that would like to be a script."""
    played = Month(MONTH, random.Random(4))
    played.play()
    played.hall.do(c.SetNotice(zh=EVIL, en=EVIL, why="x" * 200))
    played.hall.do(c.CloseHall(reason=LONG))
    file = tmp_path_factory.mktemp("page") / "month.html"
    file.write_bytes(page.render(_made(played.hall, MONTH), before=None))
    return file


def _made(hall: Pretend, period: str) -> dict[str, Any]:
    return make_report([encode(event) for event in hall.events], period, with_course=True)


@pytest.mark.parametrize(("width", "least_px"), [(1200, 9), (390, 6)])
def test_it_fits_a_screen_and_a_phone(screen: WebDriver, file: Path, width: int, least_px: int) -> None:
    resize(screen, width, 900)
    screen.get(file.as_uri())
    assert screen.execute_script("return document.documentElement.scrollWidth") <= width
    assert screen.execute_script(OUTSIDE) == []
    assert screen.execute_script(UNREAD, least_px) == []
    assert screen.execute_script(SCROLLED) == []
    assert "月历" in text_of(screen)


def test_numbers_stand_right_and_under_each_other(screen: WebDriver, file: Path) -> None:
    resize(screen, 1200, 900)
    screen.get(file.as_uri())
    aligned = screen.execute_script(
        "return [...document.querySelectorAll('#bands td')].map(e => getComputedStyle(e))"
        ".map(s => s.textAlign + ' ' + s.fontVariantNumeric)"
    )
    assert set(aligned) == {"right tabular-nums"}


def test_no_word_of_the_journal_runs_and_nothing_is_fetched(screen: WebDriver, file: Path) -> None:
    screen.get(file.as_uri())
    assert screen.title.endswith(MONTH)
    assert "<script>document.title" in text_of(screen)
    assert screen.execute_script("return performance.getEntriesByType('resource').length") == 0
    assert console_errors(screen) == []


def test_it_prints_on_sheets_of_a4(screen: WebDriver, file: Path) -> None:
    screen.get(file.as_uri())
    printed = screen.execute_cdp_cmd("Page.printToPDF", {"preferCSSPageSize": True, "printBackground": True})
    pdf = base64.b64decode(printed["data"])
    assert re.search(rb"/MediaBox \[0 0 59[45][.\d]* 84[12][.\d]*\]", pdf)
    assert 3 <= len(re.findall(rb"/Type /Page\b", pdf)) <= 12
