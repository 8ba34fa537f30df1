"""The district page as its viewers see it: 135 synthetic halls, Debian's Prometheus, a real page, a real browser."""

import contextlib
import json
import subprocess
import urllib.request
from collections.abc import Callable, Iterator
from pathlib import Path
from statistics import median
from typing import Any

import pytest
from msgspec.structs import replace
from selenium.webdriver.remote.webdriver import WebDriver

from hall_controller.domain.rules import Tier
from metrics.district import sample
from metrics.district.inventory import Counts, Inventory, load_inventory
from tests.browser.browser import browser, console_errors, resize, see, text_of
from tests.district.synthetic import District, Watch, served, watched
from tests.support import HALL, free_port_row, started, wait_for

pytestmark = pytest.mark.timeout(180)

SEEN_S = 40.0
"""For what comes by way of a scrape, a question and a push, on a busy machine."""
OUTSIDE = """
const wide = innerWidth;
return [...document.querySelectorAll('header, main *')].filter(e => {
  const box = e.getBoundingClientRect();
  return box.width && (box.right > wide + 1 || box.left < -1);
}).map(e => e.className || e.localName);
"""
FIRST_PAINT = """
window.firstTiles = new Promise(done => {
  const look = () => document.querySelector('.tile')
    ? requestAnimationFrame(() => requestAnimationFrame(() => done(performance.now()))) : requestAnimationFrame(look);
  look();
});
"""


class Page:
    def __init__(self, address: str, process: subprocess.Popen[str]) -> None:
        self.address, self.process = address, process

    def health(self) -> dict[str, Any]:
        try:
            with urllib.request.urlopen(f"{self.address}/healthz", timeout=5) as answer:
                told: dict[str, Any] = json.load(answer)
                return told
        except OSError:
            return {}


@contextlib.contextmanager
def page_of(where: Path, inventory: Path, prometheus: str, every: str = "0.5") -> Iterator[Page]:
    """A real `hall district page`, once it has a picture or says why it has none."""
    port = free_port_row()
    words = ["--inventory", str(inventory), "--prometheus", prometheus, "--port", str(port), "--every", every]
    with (where / "page.log").open("a") as log:
        process = subprocess.Popen(
            [*HALL, "district", "page", *words], stdin=subprocess.DEVNULL, stdout=log, stderr=log, text=True
        )
    with started(process):
        page = Page(f"http://127.0.0.1:{port}", process)
        wait_for(lambda: any(page.health().get(key) for key in ("figures_of", "trouble")), "the page", SEEN_S)
        yield page


@pytest.fixture(scope="module")
def screen() -> Iterator[WebDriver]:
    with browser(1920, 1080) as driver:
        yield driver


@pytest.fixture(scope="module")
def file() -> Path:
    return Path("deploy/district/halls.toml").absolute()


@pytest.fixture(scope="module")
def district(file: Path) -> Iterator[District]:
    with served(load_inventory(file)) as district:
        yield district


@pytest.fixture(scope="module")
def watch(district: District, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Watch]:
    with watched(tmp_path_factory.mktemp("watch"), district, "2s") as watch:
        yield watch


@pytest.fixture(scope="module")
def page(file: Path, watch: Watch, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Page]:
    with page_of(tmp_path_factory.mktemp("page"), file, watch.address) as page:
        yield page


def show(screen: WebDriver, address: str) -> None:
    screen.get(address)
    drawn = "return window.did_handshake === true && !!document.querySelector('.facts')"
    see(screen, lambda: screen.execute_script(drawn), "the page with figures", SEEN_S)


def fact(screen: WebDriver, name: str) -> str:
    return str(screen.execute_script(f"return document.querySelector('[data-fact={name}] b').textContent"))


def tile(screen: WebDriver, hall: str) -> tuple[str, str]:
    """Colour and figure of a hall on the map."""
    script = "const t = document.querySelector(`.tile[data-hall=${arguments[0]}]`);"
    script += "return [getComputedStyle(t).backgroundColor, t.querySelector('b').textContent]"
    colour, figure = screen.execute_script(script, hall)
    return colour, figure


def has(screen: WebDriver, condition: Callable[[], bool], what: str) -> None:
    see(screen, condition, what, SEEN_S)


def press(screen: WebDriver, selector: str) -> None:
    def pressed() -> bool:
        screen.find_element("css selector", selector).click()
        return True

    has(screen, pressed, selector)  # what is drawn is replaced every half second here


def named(district: District, name: str) -> str:
    return next(hall.id for hall in district.inventory.hall if name in hall.name_zh)


def test_all_halls_are_on_the_map_and_one_whose_wait_grows_changes_colour_without_a_reload(
    page: Page, district: District, screen: WebDriver
) -> None:
    show(screen, page.address)
    has(screen, lambda: fact(screen, "open") == "135", "all halls open")
    assert len(screen.find_elements("css selector", ".tile")) == 135
    assert len(screen.find_elements("css selector", ".block")) == 10
    assert fact(screen, "visits") == f"{135 * 30:,}"
    assert fact(screen, "extended") == f"{135 * 10:,}"
    assert fact(screen, "waiting") == f"{135 * 3:,}"
    screen.execute_script("window.sameDocument = true")
    before, figure = tile(screen, "BA070")
    assert figure == "4"
    district.change("BA070", wait_s=45 * 60, waiting=12)
    has(screen, lambda: tile(screen, "BA070")[1] == "45", "the longer wait")
    assert tile(screen, "BA070")[0] != before
    worst = screen.find_element("css selector", ".worst li")
    assert worst.get_attribute("data-hall") == "BA070"
    district.change("BA070", wait_s=None, working=0)
    has(screen, lambda: "无窗口" in tile(screen, "BA070")[1], "no counter")
    district.gone.add("BA071")
    has(screen, lambda: tile(screen, "BA071")[1].startswith("失联") and fact(screen, "silent") == "1", "a silent hall")
    assert fact(screen, "visits") == f"{135 * 30:,}", "what it did today still counts"
    assert screen.execute_script("return window.sameDocument") is True
    district.gone.clear()
    district.change("BA070", wait_s=240, working=2, waiting=3)
    has(screen, lambda: fact(screen, "silent") == "0", "it is heard again")
    assert console_errors(screen) == []


def test_the_hotline_learns_which_open_hall_nearby_waits_least(
    page: Page, district: District, screen: WebDriver
) -> None:
    asked, shorter, shut, beside = (
        named(district, f"{name}社区") for name in ("沙井街道第3", "沙井街道第9", "沙井街道第4", "新桥街道第2")
    )
    district.change(asked, wait_s=1500)
    district.change(shorter, wait_s=130)
    district.change(shut, wait_s=30, is_open=False)
    district.change(beside, wait_s=70)
    show(screen, page.address)
    screen.find_element("id", "search").send_keys("shajing 3")
    told = "return document.querySelector('.answer')?.dataset.hall"
    has(screen, lambda: screen.execute_script(told) == shorter, "the answer")
    answer = screen.find_element("css selector", ".answer").text
    assert "约3分钟" in answer
    assert "about 3 min" in answer
    near = "return document.querySelector('.told ol:last-of-type li')?.dataset.hall"
    has(screen, lambda: screen.execute_script(near) == beside, "the nearest of the next street")
    district.change(asked, wait_s=50)
    has(screen, lambda: screen.execute_script(told) == asked, "the answer follows, and the question stays")
    assert screen.find_element("id", "search").get_attribute("value") == "shajing 3"
    for hall in (asked, shorter, shut, beside):
        district.change(hall, wait_s=240, is_open=True)


def test_street_and_hall_are_a_touch_away(page: Page, district: District, screen: WebDriver) -> None:
    hall = named(district, "福永街道第2社区")
    show(screen, page.address)
    press(screen, '.block[data-street="福永"] h2 a')
    has(screen, lambda: len(screen.find_elements("css selector", ".halls tbody tr")) == 8, "the street's halls")
    assert fact(screen, "visits") == f"{8 * 30}"
    press(screen, f'tr[data-hall="{hall}"] a')
    has(screen, lambda: "福永街道第2社区" in screen.find_element("css selector", "h1").text, "the hall")
    assert fact(screen, "waiting") == "3"
    evening = 'return document.querySelector("[data-counts=visits] [data-kind=evening] b").textContent'
    assert screen.execute_script(evening) == "6"
    has(screen, lambda: bool(screen.find_elements("css selector", ".plot canvas")), "the day's curve")
    district.call_visitors()
    has(screen, lambda: fact(screen, "nine") not in {"", "—"}, "the waits of the last hour")
    screen.get(f"{page.address}/hall/BA999")
    assert "Not in the inventory" in text_of(screen)


def test_it_fits_a_wall_and_a_phone_and_takes_nothing_from_another_host(page: Page, screen: WebDriver) -> None:
    for width, height in ((1920, 1080), (390, 844)):
        resize(screen, width, height)
        for path in ("/", "/street/%E8%A5%BF%E4%B9%A1", "/hall/BA001"):
            show(screen, page.address + path)
            assert screen.execute_script(OUTSIDE) == [], f"{path} at {width}"
            wanted = screen.execute_script("return performance.getEntriesByType('resource').map(e => e.name)")
            assert [url for url in wanted if not url.startswith(page.address)] == []
            if width == 1920 and path == "/":
                assert screen.execute_script("return document.documentElement.scrollHeight") <= height
    resize(screen, 1920, 1080)
    show(screen, page.address)
    screen.find_element("id", "language").click()
    assert "No. 7" in screen.find_element("css selector", ".tiles").text
    screen.find_element("id", "language").click()


def test_viewers_cost_prometheus_nothing(page: Page, screen: WebDriver) -> None:
    """Ten rounds with three viewers: at most six questions for the whole district, most rounds three."""
    show(screen, page.address)
    for _ in range(2):
        screen.switch_to.new_window("tab")
        show(screen, page.address)
    first = page.health()
    later = wait_for(
        lambda: now if (now := page.health()).get("asked", 0) >= first["asked"] + 30 else None, "ten rounds", SEEN_S
    )
    assert later is not None
    rounds = (later["figures_of"] - first["figures_of"]) / 0.5 + 2
    assert later["asked"] - first["asked"] <= 3 * rounds + 4 * (rounds / 6 + 1) + 1
    while len(screen.window_handles) > 1:
        screen.close()
        screen.switch_to.window(screen.window_handles[0])


def test_a_prometheus_that_is_gone_is_said_and_the_page_goes_on_when_it_is_back(
    page: Page, watch: Watch, screen: WebDriver
) -> None:
    show(screen, page.address)
    assert "失去联系" not in text_of(screen)
    watch.kill()
    has(screen, lambda: "与 Prometheus 失去联系" in text_of(screen), "a plain warning")
    said = screen.find_element("css selector", ".news").text
    stopped = screen.find_element("css selector", "time").text
    assert f"数据停在 {stopped}" in said
    assert f"figures are of {stopped}, not of now" in said
    assert len(screen.find_elements("css selector", ".tile")) == 135, "the last known picture stays"
    watch.start()
    has(screen, lambda: "失去联系" not in text_of(screen), "it is heard again")


def test_a_page_whose_prometheus_never_answered_says_so(tmp_path: Path, file: Path, screen: WebDriver) -> None:
    with page_of(tmp_path, file, f"http://user:secret@127.0.0.1:{free_port_row()}") as page:
        screen.get(page.address)
        has(screen, lambda: "暂无数据" in text_of(screen), "a plain warning")
        assert "secret" not in screen.page_source
        assert "secret" not in (tmp_path / "page.log").read_text()
        page.process.terminate()
        assert page.process.wait(10) == 0
        has(screen, lambda: "页面连接中断" in text_of(screen), "the page itself is cut off")


@pytest.mark.nightly("district")
def test_135_halls_are_there_at_most_half_again_as_late_as_one(
    file: Path, watch: Watch, tmp_path: Path, screen: WebDriver
) -> None:
    """Both pages ask as often as they do in a district."""
    one = only_one(load_inventory(file))
    small = tmp_path / "halls.toml"
    small.write_text(sample.text(one), "utf-8")
    with (
        served(one) as district,
        watched(tmp_path / "watch", district) as watch_of_one,
        page_of(tmp_path, small, watch_of_one.address, "10") as alone,
        page_of(tmp_path, file, watch.address, "10") as page,
    ):
        script = screen.execute_cdp_cmd("Page.addScriptToEvaluateOnNewDocument", {"source": FIRST_PAINT})
        times: dict[str, list[float]] = {alone.address: [], page.address: []}
        for address in 10 * list(times):
            screen.get(address)
            times[address].append(screen.execute_script("return window.firstTiles"))
        screen.execute_cdp_cmd("Page.removeScriptToEvaluateOnNewDocument", script)
    of_one, of_all = (median(taken[1:]) for taken in times.values())  # the first one fills the browser's cache
    print(f"first paint: one hall {of_one:.0f} ms, 135 halls {of_all:.0f} ms, ratio {of_all / of_one:.2f}")
    assert of_all <= 1.5 * of_one


def only_one(inventory: Inventory) -> Inventory:
    hall = next(hall for hall in inventory.hall if hall.tier is Tier.COMMUNITY)
    counts = Counts(district=0, street=0, community=1, self_service=0)
    return replace(inventory, streets=(hall.street,), map=(), hall=(hall,), self_service=(), counts=counts)
