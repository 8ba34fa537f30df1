"""The board as people in the hall see it: a real controller, a real board process, a real browser."""

import time
from collections.abc import Iterator
from pathlib import Path

import pytest
from selenium.webdriver.remote.webdriver import WebDriver

from display_board.pages.words import Words
from hall_controller.domain import commands as c
from tests.browser.boards import Board, board_of, calls
from tests.browser.browser import browser, console_errors, resize, see, text_of
from tests.support import MATTER, RunningHall, make_hall, start_controller

SEEN_S = 2.0
"""How soon after the answer a call must stand on the screen, on a busy machine."""

INK = """
const draw = letter => {
  const canvas = document.createElement('canvas');
  canvas.width = canvas.height = 64;
  const pen = canvas.getContext('2d');
  pen.font = '48px ' + getComputedStyle(document.querySelector('.board h2')).fontFamily;
  pen.fillText(letter, 4, 52);
  return canvas.toDataURL();
};
const pictures = ['号', '窗', '口', '请', '等', '候', '\\u{10FFFD}'].map(draw);
return new Set(pictures).size === pictures.length;
"""

LETTERS = """
return [...document.querySelectorAll('.panel .call')].map(call => {
  const number = call.querySelector('.number'), style = getComputedStyle(number);
  const pen = document.createElement('canvas').getContext('2d');
  pen.font = `${style.fontWeight} ${style.fontSize} ${style.fontFamily}`;
  const ink = pen.measureText('0');
  const box = call.getBoundingClientRect(), inner = number.getBoundingClientRect();
  return {
    height: (ink.actualBoundingBoxAscent + ink.actualBoundingBoxDescent) / innerHeight,
    room: call.clientHeight - ink.actualBoundingBoxAscent - ink.actualBoundingBoxDescent,
    inside: call.scrollWidth <= call.clientWidth && inner.left >= box.left && inner.right <= box.right,
  };
});
"""

CUT_OFF = """
const outside = (e, frame) => {
  const a = e.getBoundingClientRect(), b = frame.getBoundingClientRect();
  return a.left < b.left - 1 || a.right > b.right + 1 || a.top < b.top - 1 || a.bottom > b.bottom + 1;
};
const root = document.documentElement, found = [];
if (root.scrollWidth > innerWidth || root.scrollHeight > innerHeight) found.push('the page scrolls');
for (const region of document.querySelectorAll('.board > div')) {
  if (outside(region, root)) found.push(region.className);
  for (const e of region.querySelectorAll('.call, li, .missed, .fact, h1, .hours, time, .banner, .lines'))
    if (outside(e, region) && e.localName !== 'time') found.push(`${region.className}: ${e.className || e.localName}`);
  for (const e of region.querySelectorAll('.call, li, .missed, .fact, .state, .times'))
    if (e.scrollWidth > e.clientWidth + 1) found.push(`${region.className}: ${e.className || e.localName} too wide`);
}
return found;
"""


@pytest.fixture(scope="module")
def screen() -> Iterator[WebDriver]:
    with browser(1920, 1080) as driver:
        yield driver


@pytest.fixture(scope="module")
def quiet(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[RunningHall, Board]]:
    """One hall and its board for the tests that leave them as they found them."""
    with start_controller(make_hall(tmp_path_factory.mktemp("quiet"))) as hall, board_of(hall) as board:
        yield hall, board


def open_counters(hall: RunningHall, *counters: int) -> None:
    for counter in counters:
        hall.do(c.OpenCounter(counter=counter, clerk=f"{counter:03d}"))


def issue(hall: RunningHall, count: int = 1) -> None:
    for _ in range(count):
        hall.do(c.IssueTicket(matter=MATTER), as_="reception")


def show(screen: WebDriver, address: str) -> None:
    screen.get(address)
    drawn = "return window.did_handshake === true && !document.querySelector('.starting')"
    see(screen, lambda: screen.execute_script(drawn), "the page with the hall's state")


def test_a_call_over_the_bus_reaches_the_board_with_its_counter_and_joins_the_list(
    hall: RunningHall, screen: WebDriver
) -> None:
    """novosga #530; FQM #279, #307, #172."""
    open_counters(hall, *range(1, 9))
    issue(hall, 12)
    with board_of(hall, call_s=1) as board:
        show(screen, f"{board.address}/")
        see(screen, lambda: "12" in text_of(screen), "twelve people waiting")
        assert "请留意屏幕和语音叫号" in text_of(screen)
        hall.do(c.CallNext(counter=3), as_="counter-3")
        answered = time.monotonic()
        see(screen, lambda: calls(screen) == [("A001", 3)], "the call")
        assert time.monotonic() - answered < SEEN_S
        assert screen.find_element("css selector", ".call.fresh").get_attribute("aria-label") == "请A001号到3号窗口"
        for counter in (1, 2, 4, 5, 6, 7, 8):
            hall.do(c.CallNext(counter=counter), as_=f"counter-{counter}")
            hall.do(c.StartService(counter=counter), as_=f"counter-{counter}")
        hall.do(c.StartService(counter=3), as_="counter-3")
        see(screen, lambda: not calls(screen), "everybody has come: nobody is called any more")
        assert calls(screen, ".recent li") == [
            ("A008", 8), ("A007", 7), ("A006", 6), ("A005", 5), ("A004", 4), ("A003", 2),
        ]  # fmt: skip
        hall.do(c.FinishService(counter=3), as_="counter-3")
        hall.do(c.CallNext(counter=3), as_="counter-3")
        hall.do(c.Missed(counter=3), as_="counter-3")
        see(screen, lambda: "A009" in screen.find_element("css selector", ".missed").text, "the missed number")
        assert "过号" in text_of(screen)


def test_however_many_are_called_all_are_seen_until_they_come(tmp_path: Path, screen: WebDriver) -> None:
    """FQM #275, novosga #78: whoever cannot hear finds the own number, also when all counters call at once."""
    with start_controller(make_hall(tmp_path, counters=40)) as hall, board_of(hall) as board:
        open_counters(hall, *range(1, 41))
        issue(hall, 40)
        show(screen, f"{board.address}/")
        called: list[tuple[str, int]] = []
        for count in (8, 11, 20, 40):
            for counter in range(len(called) + 1, count + 1):
                hall.do(c.CallNext(counter=counter))
                called.insert(0, (f"A{counter:03d}", counter))
            see(screen, lambda: calls(screen) == called, f"{count} calls")
            for width, height in ((1920, 1080), (1080, 1920), (1280, 720)):
                resize(screen, width, height)
                assert screen.execute_script(CUT_OFF) == [], f"{count} calls at {width} x {height}"
                for letters in screen.execute_script(LETTERS):
                    assert letters["room"] >= 0
                    assert letters["inside"]
                    assert letters["height"] * height >= 20
        resize(screen, 1920, 1080)
        assert calls(screen, ".recent li") == [], "nobody has come yet"
        for counter in range(40, 2, -1):
            hall.do(c.StartService(counter=counter))
        see(screen, lambda: calls(screen) == [("A002", 2), ("A001", 1)], "the two who have not come")
        hall.do(c.Missed(counter=2))
        hall.do(c.Undo(counter=3))
        see(screen, lambda: calls(screen) == [("A003", 3), ("A001", 1)], "one missed, one back")
        assert "A002" in screen.find_element("css selector", ".missed").text
        assert ("A003", 3) not in calls(screen, ".recent li")


def test_the_number_is_a_sixth_of_the_screen_high_and_nothing_is_cut_off(hall: RunningHall, screen: WebDriver) -> None:
    open_counters(hall, *range(1, 9))
    issue(hall, 9)
    hall.do(c.SetNotice(zh="今日社保系统升级，期间暂停办理养老保险业务。", en="Social insurance services pause today."))
    with board_of(hall) as board:
        show(screen, f"{board.address}/")
        for count, counter in enumerate((8, 7, 6), 1):
            hall.do(c.CallNext(counter=counter))
            see(screen, lambda count=count: len(calls(screen)) == count, f"{count} calls")  # type: ignore[misc]
            for width, height in ((1920, 1080), (3840, 2160), (1280, 720)):
                resize(screen, width, height)
                for letters in screen.execute_script(LETTERS):
                    assert letters["height"] >= 1 / 6, f"{count} calls at {width} x {height}"
                    assert letters["room"] >= 0
                    assert letters["inside"]
                assert screen.execute_script(CUT_OFF) == []
        resize(screen, 1920, 1080)
        hall.do(c.StopIssuing())
        see(screen, lambda: "停止取号" in text_of(screen), "the banner")
        assert all(letters["room"] >= 0 for letters in screen.execute_script(LETTERS))
        assert screen.execute_script(CUT_OFF) == []
        assert screen.execute_script("return getComputedStyle(document.querySelector('.call')).cursor") == "none"
        assert screen.execute_script(INK), "Chinese characters are drawn, each its own"


def test_the_screen_comes_back_by_itself_after_its_process_was_killed(hall: RunningHall, screen: WebDriver) -> None:
    open_counters(hall, 3, 4)
    issue(hall, 2)
    with board_of(hall) as board:
        show(screen, f"{board.address}/")
        hall.do(c.CallNext(counter=3))
        see(screen, lambda: calls(screen) == [("A001", 3)], "the call")
        board.kill()
        lost = screen.find_element("id", "screen-lost")
        see(screen, lost.is_displayed, "a plain warning")
        assert "屏幕连接中断" in lost.text
        assert calls(screen) == [("A001", 3)], "the last known state stays"
        hall.do(c.CallNext(counter=4))
        board.start()
        see(screen, lambda: calls(screen) == [("A002", 4), ("A001", 3)], "both calls, without a touch")
        assert not screen.find_element("id", "screen-lost").is_displayed()


def test_a_cut_network_is_said_and_mends_itself(hall: RunningHall, screen: WebDriver) -> None:
    """The browser's network is cut, not the process: no packet says goodbye."""
    open_counters(hall, 3)
    issue(hall)
    with board_of(hall) as board:
        show(screen, f"{board.address}/")
        screen.execute_cdp_cmd("Network.enable", {})
        offline = {"offline": True, "latency": 0, "downloadThroughput": -1, "uploadThroughput": -1}
        screen.execute_cdp_cmd("Network.emulateNetworkConditions", offline)
        screen.execute_script("window.socket.io.engine.close()")
        see(screen, lambda: screen.find_element("id", "screen-lost").is_displayed(), "a plain warning")
        hall.do(c.CallNext(counter=3))
        screen.execute_cdp_cmd("Network.emulateNetworkConditions", offline | {"offline": False})
        see(screen, lambda: calls(screen) == [("A001", 3)], "the call that came meanwhile")
        assert not screen.find_element("id", "screen-lost").is_displayed()


def test_a_silent_hall_is_said_and_the_screen_goes_on_when_it_is_back(hall: RunningHall, screen: WebDriver) -> None:
    open_counters(hall, 3, 4)
    issue(hall, 2)
    with board_of(hall) as board:
        show(screen, f"{board.address}/")
        hall.do(c.CallNext(counter=3))
        see(screen, lambda: calls(screen) == [("A001", 3)], "the call")
        hall.kill()
        see(screen, lambda: "与叫号系统失去联系" in text_of(screen), "a plain warning")
        assert calls(screen) == [("A001", 3)], "the last known state stays"
        assert screen.find_element("css selector", "time").text
        hall.start()
        see(screen, lambda: "失去联系" not in text_of(screen), "the hall is heard again")
        hall.do(c.CallNext(counter=4))
        see(screen, lambda: calls(screen) == [("A002", 4), ("A001", 3)], "the next call")


def test_a_board_that_starts_before_its_hall_waits_for_it(hall: RunningHall, screen: WebDriver) -> None:
    hall.kill()
    with board_of(hall) as board:
        screen.get(board.address)
        see(screen, lambda: "正在连接叫号系统" in text_of(screen), "a word of patience")
        hall.start()
        see(screen, lambda: "等候人数" in text_of(screen), "the board")


def test_the_page_takes_nothing_from_another_host(quiet: tuple[RunningHall, Board], screen: WebDriver) -> None:
    _, board = quiet
    screen.get("about:blank")
    console_errors(screen)
    for path in ("/", "/counter/3"):
        show(screen, board.address + path)
        wanted = screen.execute_script("return performance.getEntriesByType('resource').map(e => e.name)")
        assert len(wanted) > 5
        assert [url for url in wanted if not url.startswith(f"{board.address}/")] == []
        assert console_errors(screen) == []


def test_a_notice_is_shown_taken_away_and_runs_when_it_is_long(
    quiet: tuple[RunningHall, Board], screen: WebDriver
) -> None:
    hall, board = quiet
    show(screen, f"{board.address}/")
    hall.do(c.SetNotice(zh="今日停电", en="<b>Power</b> cut"))
    see(screen, lambda: "今日停电" in text_of(screen) and "<b>Power</b> cut" in text_of(screen), "the notice")
    assert screen.find_elements("css selector", ".notice .runs") == []
    hall.do(c.SetNotice(zh="今日社保系统升级，请错峰办理。" * 12))
    see(screen, lambda: screen.find_elements("css selector", ".notice .runs span"), "a running notice")
    assert screen.execute_script(CUT_OFF) == []
    hall.do(c.SetNotice())
    see(screen, lambda: not screen.find_elements("css selector", ".notice .lines"), "no notice")


def test_the_display_above_a_counter_follows_it(quiet: tuple[RunningHall, Board], screen: WebDriver) -> None:
    hall, board = quiet
    issue(hall)
    show(screen, f"{board.address}/counter/3")
    state = "return document.querySelector('.display').dataset.state"
    assert "暂停服务" in text_of(screen)
    open_counters(hall, 3)
    see(screen, lambda: screen.execute_script(state) == "ready" and "003" in text_of(screen), "a ready counter")
    hall.do(c.CallNext(counter=3))
    see(screen, lambda: screen.execute_script(state) == "calling", "the call")
    words = text_of(screen).split()
    assert words.index("请") < words.index("A001号")
    assert screen.find_elements("css selector", ".display.fresh")
    hall.do(c.StartService(counter=3))
    see(screen, lambda: "正在办理" in text_of(screen) and "A001" in text_of(screen), "the service")
    hall.do(c.FinishService(counter=3))
    hall.do(c.PauseCounter(counter=3))
    see(screen, lambda: screen.execute_script(state) == "paused" and "暂停服务" in text_of(screen), "the pause")
    show(screen, f"{board.address}/counter/99")
    assert "没有这个窗口" in text_of(screen)


def test_a_closed_hall_is_plain(quiet: tuple[RunningHall, Board], screen: WebDriver) -> None:
    hall, board = quiet
    show(screen, f"{board.address}/")
    hall.do(c.CloseHall(reason="台风 typhoon"))
    see(screen, lambda: "大厅已关闭：台风" in text_of(screen), "the closed hall")
    assert "请留意屏幕" not in text_of(screen)
    assert "请听从工作人员安排" in text_of(screen)
    hall.do(c.ResumeIssuing())
    see(screen, lambda: "大厅已关闭" not in text_of(screen), "the open hall")


@pytest.mark.parametrize("size", [(1920, 1080), (1280, 720), (1080, 1920)], ids=lambda size: f"{size[0]}x{size[1]}")
@pytest.mark.parametrize("count", [99, 100, 99_999])
def test_the_visits_of_the_day_stay_inside_their_panel(
    quiet: tuple[RunningHall, Board], screen: WebDriver, size: tuple[int, int], count: int
) -> None:
    screen.set_window_size(*size)
    try:
        show(screen, f"{quiet[1].address}/")
        said = Words(f"今日办理 {count} 人次 · 延时 {count}", f"Visits today {count}, extended hours {count}")
        script = """
            const line = document.querySelector('.recent .visits');
            line.querySelector('.zh').textContent = arguments[0];
            line.querySelector('.en').textContent = arguments[1];
            const box = document.querySelector('.recent').getBoundingClientRect();
            return [...line.children].every(e => e.getBoundingClientRect().right <= box.right
                && e.getBoundingClientRect().bottom <= box.bottom) && line.scrollWidth <= line.clientWidth + 1;
        """
        assert screen.execute_script(script, said.zh, said.en)
    finally:
        screen.set_window_size(1920, 1080)
