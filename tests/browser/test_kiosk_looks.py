"""What can be measured of the kiosk's looks: nothing cut off, targets for every finger, contrast for every eye."""

from collections.abc import Iterator
from contextlib import ExitStack
from typing import Any

import pytest
from selenium.webdriver.remote.webdriver import WebDriver

from hall_controller.bus import wire
from hall_controller.domain import commands as c
from tests.browser.browser import console_errors, resize, screenshot, see, text_of
from tests.browser.kiosk import Finger, Kiosk, KioskHall

SIZES = {"portrait": (1080, 1920), "landscape": (1920, 1080)}
_EACH = [(size, large, english) for size in SIZES for large in (False, True) for english in (False, True)]
_SOONEST = {("portrait", False, False), ("portrait", True, True), ("landscape", True, False)}
LOOKS = [
    pytest.param(*look, marks=[] if look in _SOONEST else [pytest.mark.nightly("screens")], id="-".join(map(str, look)))
    for look in _EACH
]
"""(size, large, english): all of them by night, those that differ most each time."""
SMALLEST_TARGET_PX = 64
"""On the usual 21-inch screen: 16 mm, about a fingertip."""
CONTRAST = 7.0
"""WCAG's highest grade (AAA) for text of any size."""

MEASURE = """
const seen = (e) => { const s = getComputedStyle(e), r = e.getBoundingClientRect();
  return s.visibility !== 'hidden' && s.display !== 'none' && s.opacity !== '0' && r.width > 0 && r.height > 0; };
const lum = (c) => { const v = c.map(x => x / 255).map(x => x <= 0.03928 ? x / 12.92 : ((x + 0.055) / 1.055) ** 2.4);
  return 0.2126 * v[0] + 0.7152 * v[1] + 0.0722 * v[2]; };
const rgb = (s) => s.match(/[\\d.]+/g).map(Number);
const ground = (e) => { while (e) { const c = rgb(getComputedStyle(e).backgroundColor);
  if (c.length < 4 || c[3] > 0) return c.slice(0, 3); e = e.parentElement; } return [255, 255, 255]; };
const out = { cut: [], small: [], covered: [], pale: [], unnamed: [] };
const root = document.querySelector('.kiosk');
for (const b of root.querySelectorAll('button')) {
  if (!seen(b)) continue;
  const r = b.getBoundingClientRect(), name = b.innerText;
  const box = b.closest('.ticks, .several')?.getBoundingClientRect();
  if (box && (r.bottom > box.bottom || r.top < box.top)) continue;  // a long list is moved by the finger
  if (r.left < 0 || r.top < 0 || r.right > innerWidth + 1 || r.bottom > innerHeight + 1) out.cut.push(name);
  if (b.scrollHeight > b.clientHeight + 2 || b.scrollWidth > b.clientWidth + 2) out.cut.push('within ' + name);
  if (r.width < arguments[0] || r.height < arguments[0]) out.small.push([name, r.width, r.height]);
  const top = document.elementFromPoint((r.left + r.right) / 2, (r.top + r.bottom) / 2);
  if (!b.contains(top)) out.covered.push(name);
  if (!name.trim() && !b.ariaLabel) out.unnamed.push(b.outerHTML.slice(0, 80));
}
for (const s of root.querySelectorAll('.screen, .paper, header, footer, h1')) {
  if (s.scrollHeight > s.clientHeight + 2 || s.scrollWidth > s.clientWidth + 2) out.cut.push(s.className || s.tagName);
}
const walker = document.createTreeWalker(root, NodeFilter.SHOW_TEXT);
while (walker.nextNode()) {
  const e = walker.currentNode.parentElement;
  if (!walker.currentNode.data.trim() || !seen(e) || e.closest('[disabled], svg')) continue;
  const pair = [lum(rgb(getComputedStyle(e).color).slice(0, 3)), lum(ground(e))].sort((a, b) => b - a);
  const contrast = (pair[0] + 0.05) / (pair[1] + 0.05);
  if (contrast < arguments[1]) out.pale.push([walker.currentNode.data, contrast]);
}
return out;
"""


@pytest.fixture(scope="module")
def place(tmp_path_factory: pytest.TempPathFactory) -> Iterator[KioskHall]:
    with ExitStack() as stack:
        yield KioskHall(tmp_path_factory.mktemp("looks"), stack)


@pytest.fixture(scope="module")
def kiosk(place: KioskHall) -> Iterator[Kiosk]:
    with place.kiosk("kiosk-2", print_wait_s=0.3) as kiosk:
        yield kiosk


def measured(driver: WebDriver, where: str) -> None:
    found: dict[str, list[Any]] = driver.execute_script(MEASURE, SMALLEST_TARGET_PX, CONTRAST)
    assert found == {"cut": [], "small": [], "covered": [], "pale": [], "unnamed": []}, where


@pytest.mark.parametrize(("size", "large", "english"), LOOKS)
def test_nothing_is_cut_small_or_pale(
    place: KioskHall, kiosk: Kiosk, driver: WebDriver, size: str, large: bool, english: bool
) -> None:
    """With the matter that has the longest name and most documents."""
    resize(driver, *SIZES[size])
    finger = Finger(driver, kiosk.address)
    finger.open()
    finger.at("groups")
    set_up(finger, large=large, english=english)
    measured(driver, "groups")
    matters = place.hall.do(wire.Matters(), as_="kiosk").matters
    longest = max(matters, key=lambda m: len(m.name_en) + sum(map(len, m.documents_en)))
    while not driver.find_elements("css selector", f".tile[data-key={longest.group}]"):
        finger.touch(".turn:last-child")
        see(driver, lambda: driver.find_elements("css selector", f".tile[data-key={longest.group}]"), "the next page")
    finger.touch(f".tile[data-key={longest.group}]")
    finger.at("matters")
    measured(driver, "matters")
    for _ in range(5):
        if driver.find_elements("css selector", f".tile[data-key={longest.code}]"):
            break
        page = finger.read(".page-count")
        finger.touch(".turn:last-child")
        see(driver, lambda page=page: finger.read(".page-count") != page, "the next page")  # type: ignore[misc]
    finger.touch(f".tile[data-key={longest.code}]")
    finger.at("confirm")
    finger.touch(".radio[data-key=priority]")
    see(driver, lambda: driver.find_elements("css selector", ".chosen[data-key=priority]"), "priority")
    measured(driver, "confirm")
    finger.touch(".take")
    finger.at("ticket")
    see(driver, lambda: driver.find_elements("css selector", ".paper.remember"), "remember")
    measured(driver, "ticket")
    finger.touch(".primary")
    finger.at("groups")
    assert console_errors(driver) == []


@pytest.fixture(scope="module")
def dark(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Kiosk]:
    """A kiosk without a printer in a hall that is shut."""
    with ExitStack() as stack:
        place = KioskHall(tmp_path_factory.mktemp("dark"), stack, at="2026-11-25 19:00")
        place.clock("2026-11-25 21:30")
        yield stack.enter_context(place.kiosk("kiosk-2", print_wait_s=0.3, latitude=22.576, longitude=113.862))


@pytest.mark.parametrize(
    ("size", "large", "english"),
    [
        ("portrait", True, True),
        ("landscape", True, True),
        pytest.param("portrait", False, False, marks=pytest.mark.nightly("screens")),
        pytest.param("landscape", False, False, marks=pytest.mark.nightly("screens")),
    ],
)
def test_nothing_is_cut_small_or_pale_by_night(
    dark: Kiosk, driver: WebDriver, size: str, large: bool, english: bool
) -> None:
    resize(driver, *SIZES[size])
    finger = Finger(driver, dark.address)
    finger.open()
    finger.at("closed")
    set_up(finger, large=large, english=english)
    measured(driver, "closed")
    ways = {
        "days": ("groups", "matters", "days", "slots", "confirm"),
        "areas": ("areas", "area"),
        "documents": ("groups", "matters", "list"),
        "check_in": ("check-in",),
    }
    for choice, screens in ways.items():
        finger.touch(f".tile[data-key={choice}]")
        for number, screen in enumerate(screens):
            finger.at(screen)
            measured(driver, screen)
            if number + 1 < len(screens):
                finger.touch(".tile:not([disabled])")
        if choice == "days":
            finger.touch(".take")
            finger.at("booked")
            see(driver, lambda: driver.find_elements("css selector", ".paper.remember"), "remember")
            measured(driver, "booked")
            finger.touch(".primary")
            finger.at("closed")
            set_up(finger, large=large, english=english)
        elif choice == "check_in":
            finger.type_code("12")
            finger.touch(".send")
            see(driver, lambda: driver.find_elements("css selector", ".note"), "why not")
            measured(driver, "check-in, refused")
        else:
            finger.touch(".foot.restart" if len(screens) > 1 else ".foot.back")
            finger.at("closed")
    assert console_errors(driver) == []


def set_up(finger: Finger, *, large: bool, english: bool) -> None:
    driver = finger.driver
    if large:
        finger.touch(".foot.size")
        see(
            driver,
            lambda: driver.execute_script("return document.documentElement.classList.contains('large')"),
            "large",
        )
    if english:
        finger.touch(".foot.language")
        see(driver, lambda: driver.execute_script("return document.documentElement.lang") == "en", "English")


@pytest.mark.parametrize("size", SIZES)
def test_the_longest_number_is_not_cut(place: KioskHall, kiosk: Kiosk, driver: WebDriver, size: str) -> None:
    del place
    resize(driver, *SIZES[size])
    finger = Finger(driver, kiosk.address)
    finger.open()
    finger.take()
    width = driver.execute_script(
        "const n = document.querySelector('.number'); n.firstChild.data = 'PBX1000'; n.style.setProperty('--chars', 7);"
        "const range = document.createRange(); range.selectNodeContents(n);"
        "return [range.getBoundingClientRect().width, document.querySelector('.number-block').clientWidth]"
    )
    assert width[0] <= width[1]
    finger.touch(".primary")
    finger.at("groups")


def test_messages_are_pale_and_cut_neither(place: KioskHall, kiosk: Kiosk, driver: WebDriver) -> None:
    resize(driver, *SIZES["portrait"])
    finger = Finger(driver, kiosk.address)
    finger.open()
    finger.at("groups")
    place.hall.do(c.StopIssuing(why="电脑系统升级，预计下午三点恢复，给您带来不便敬请谅解" * 3))
    finger.at("closed")
    measured(driver, "closed")
    place.hall.do(c.ResumeIssuing())
    finger.at("groups")


def test_a_screen_reader_finds_headings_names_and_states(place: KioskHall, kiosk: Kiosk, driver: WebDriver) -> None:
    del place
    finger = Finger(driver, kiosk.address)
    finger.open()
    finger.go_to_confirm()
    see(driver, lambda: driver.execute_script("return document.activeElement.tagName") == "H1", "the heading in focus")
    radios = driver.execute_script(
        "return [...document.querySelectorAll('[role=radio]')].map(r => [r.innerText.split('\\n')[0], r.ariaChecked])"
    )
    assert ["普通办事人", "true"] in radios
    assert ["优先办理", "false"] in radios
    finger.touch(".take")
    finger.at("ticket")
    spelled = driver.execute_script("return document.querySelector('.number').ariaLabel")
    assert spelled.replace(" ", "") == finger.read(".number")
    assert " " in spelled
    assert driver.execute_script("return document.querySelector('.foot.language').lang") == "en"
    see(driver, lambda: driver.find_elements("css selector", ".paper.remember"), "remember")
    finger.touch(".primary")
    finger.at("groups")


def test_a_kiosk_process_that_is_gone_is_told_and_never_covers_a_number(
    place: KioskHall, driver: WebDriver, tmp_path_factory: pytest.TempPathFactory
) -> None:
    with place.kiosk("kiosk", print_wait_s=0.3) as kiosk:
        finger = Finger(driver, kiosk.address)
        finger.open()
        number = finger.take()
        see(driver, lambda: driver.find_elements("css selector", ".paper.remember"), "remember")
        kiosk.process.kill()
        kiosk.process.wait()
        see(driver, lambda: driver.execute_script("return getComputedStyle(popup).opacity") == "1", "the notice")
        assert number in text_of(driver)
        top = driver.execute_script(
            "const r = document.querySelector('.number').getBoundingClientRect();"
            "return document.elementFromPoint(r.left + r.width / 2, r.top + r.height / 2).className"
        )
        assert "number" in top
        screenshot(driver, tmp_path_factory.getbasetemp() / "kiosk-gone.png")
