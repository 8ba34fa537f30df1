"""The phone page during and after a visit: its matters, what was accepted, and its rating; also without scripts."""

import json
import os
import urllib.error
import urllib.parse
import urllib.request
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import pytest
from selenium.webdriver.remote.webdriver import WebDriver

from hall_controller.bus import wire
from hall_controller.domain import commands as c
from hall_controller.domain import events as e
from hall_controller.domain.bundle import MatterOutcome
from hall_controller.domain.ticket import Language
from tests.browser.boards import Board, board_of
from tests.browser.browser import browser, console_errors, screenshot, see, text_of
from tests.browser.visits import APPLICANT, COMPANY, REST, SEAL, accept, finish, sample_hall, serve, take
from tests.support import RunningHall, wait_for


@pytest.fixture
def hall(tmp_path: Path) -> Iterator[RunningHall]:
    with sample_hall(tmp_path) as running:
        yield running


@pytest.fixture
def board(hall: RunningHall) -> Iterator[Board]:
    with board_of(hall, phone_poll_s=1) as serving:
        yield serving


@pytest.fixture(scope="module")
def phone() -> Iterator[WebDriver]:
    with browser(390, 844) as driver:
        yield driver


def keep(driver: WebDriver, name: str, where: Path) -> None:
    """SHOW_PAGES=FOLDER keeps the pictures to be looked at."""
    screenshot(driver, Path(os.environ.get("SHOW_PAGES", where)) / f"{name}.png")


class Answer(urllib.request.HTTPRedirectHandler):
    def redirect_request(self, *_: Any) -> None:
        return None


def post(url: str, **fields: Any) -> tuple[int, str]:
    """(status, where it leads)."""
    body = urllib.parse.urlencode(fields, doseq=True).encode()
    try:
        with urllib.request.build_opener(Answer).open(urllib.request.Request(url, body), timeout=20) as answer:
            return answer.status, ""
    except urllib.error.HTTPError as error:
        with error:
            return error.code, error.headers["location"] or ""


def rated(hall: RunningHall) -> list[e.TicketRated]:
    events = [wire.decode_event(raw) for raw in hall.do(wire.EventsSince(0)).events]
    return [event for event in events if isinstance(event, e.TicketRated)]


def test_a_bundle_as_its_clerk_notes_it_and_what_was_accepted_then_and_later(
    hall: RunningHall, board: Board, phone: WebDriver, tmp_path: Path
) -> None:
    mine = take(hall, more=(SEAL, *REST), theme="open-restaurant")
    url = f"{board.address}/t/{mine.token}"
    phone.get(f"{url}?lang=zh")
    see(phone, lambda: text_of(phone).count("待办") == 5, "five matters to do")
    assert "公司设立登记" in text_of(phone)
    serve(hall)
    hall.do(c.HandleMatter(counter=1, matter=COMPANY))
    hall.do(c.HandleMatter(counter=1, matter=SEAL, outcome=MatterOutcome.LEFT))
    see(phone, lambda: "改日再办" in text_of(phone) and text_of(phone).count("已办") == 1, "how they stand")
    receipt = accept(hall, applicant=APPLICANT, outstanding=(2,))
    see(phone, lambda: receipt in text_of(phone), "the receipt")
    keep(phone, "phone-bundle", tmp_path)
    finish(hall)
    see(phone, lambda: "已受理，还需补交材料" in text_of(phone), "what is still to come")
    assert "请在12月9日前补交：公司章程" in text_of(phone)
    see(phone, lambda: text_of(phone).count("已办") == 4, "what was done")
    assert "改日再办" in text_of(phone), "and what is left for another day"
    assert "承诺12月2日前办结" in text_of(phone)
    for address in (f"{url}.json", url):
        with urllib.request.urlopen(address, timeout=20) as answer:
            body = answer.read().decode()
        assert len(body.encode()) <= 14_000, "form, bundle and receipt too come in the first ten packets"
        for word in ('"good"', "credit", "信用", "outstanding", "clerk", "department"):
            assert word not in body
    hall.set_clock("2026-11-26 10:00")
    phone.get(f"{url}?lang=en")
    see(phone, lambda: receipt in text_of(phone), "the next day")
    assert phone.find_element("id", "number").text == "", "today this number is somebody else's"
    assert not phone.find_elements("css selector", "#rating form")
    hall.set_clock("2026-12-08 10:00")
    phone.refresh()
    see(phone, lambda: phone.find_elements("css selector", "li.urgent .missing"), "the reminder")
    keep(phone, "phone-reminder-en", tmp_path)
    hall.do(c.SupplyDocuments(receipt=receipt))
    hall.do(c.ReportResult(receipt=receipt))
    phone.refresh()
    see(phone, lambda: "Your result is ready" in text_of(phone), "the result")
    keep(phone, "phone-ready-en", tmp_path)
    assert console_errors(phone) == []


def test_papers_that_travel_are_followed_on_the_phone(hall: RunningHall, board: Board, phone: WebDriver) -> None:
    carried = "permit-school-canteen-food-permit-issue"
    mine = take(hall, matter=carried)
    serve(hall)
    receipt = accept(hall, carried)
    finish(hall)
    url = f"{board.address}/t/{mine.token}?lang=zh"
    phone.get(url)
    see(phone, lambda: "已受理" in text_of(phone), "accepted")
    sent = hall.do(c.SendConsignment(to_hall="BA000", receipts=(receipt,)))
    phone.get(url)
    see(phone, lambda: "材料正在送往审批部门" in text_of(phone), "on the way")
    hall.do(c.ConfirmConsignment(consignment=sent.consignment, receipts=(receipt,)))
    phone.get(url)
    see(phone, lambda: "审批部门正在办理" in text_of(phone), "being decided")


def test_a_low_rating_with_its_reasons_reaches_the_hall_once(
    hall: RunningHall, board: Board, phone: WebDriver, tmp_path: Path
) -> None:
    mine = take(hall, language=Language.ENGLISH)
    url = f"{board.address}/t/{mine.token}"
    phone.get(f"{url}?lang=zh")
    serve(hall)
    see(phone, lambda: "正在1号窗口办理" in text_of(phone), "the service")
    assert not phone.find_elements("css selector", "#rating form")
    assert post(f"{url}/rating", stars=1)[1].endswith("rated=early")
    finish(hall)
    see(phone, lambda: "请为这次办理评分" in text_of(phone), "the question")
    assert "哪里不满意" not in text_of(phone)
    keep(phone, "phone-rating", tmp_path)
    phone.find_element("css selector", "label[for=s2]").click()
    see(phone, lambda: "哪里不满意" in text_of(phone), "the reasons")
    for reason in ("wait", "sent_away"):
        phone.find_element("css selector", f"label[for={reason}]").click()
    phone.find_element("id", "comment").send_keys("等了一个小时")
    phone.execute_script("document.getElementById('comment').scrollIntoView()")
    keep(phone, "phone-rating-low", tmp_path)
    phone.find_element("css selector", "#rating button").click()
    see(phone, lambda: "谢谢您的评价" in text_of(phone), "thanks")
    keep(phone, "phone-rated", tmp_path)
    (one,) = rated(hall)
    assert (one.stars, one.reasons, one.comment) == (2, ("wait", "sent_away"), "等了一个小时")
    assert (one.matter, one.counter, one.clerk) == (COMPANY, 1, "001")
    phone.get(f"{url}?lang=zh")
    assert not phone.find_elements("css selector", "#rating form")
    phone.get(f"{url}?lang=zh&rated=again")
    assert "已经评过分了" in text_of(phone)
    assert console_errors(phone) == []
    assert post(f"{url}/rating", stars=5, form="another")[1] == f"../{mine.token}?rated=again"
    assert len(rated(hall)) == 1


def test_a_double_tap_is_one_rating_and_no_error(hall: RunningHall, board: Board) -> None:
    mine = take(hall)
    serve(hall)
    finish(hall)
    url = f"{board.address}/t/{mine.token}/rating?lang=en"
    wait_for(lambda: b"Please rate this visit" in _page(url), "the form")
    fields = {"stars": 3, "reasons": ["place", "wait"], "form": "f1"}
    with ThreadPoolExecutor(4) as taps:
        answers = list(taps.map(lambda _: post(url, **fields), range(4)))
    assert answers == [(303, f"../{mine.token}?lang=en&rated=thanks")] * 4
    assert post(url, **fields) == answers[0], "also long after"
    assert len(rated(hall)) == 1
    hall.kill()
    hall.start()
    assert wait_for(lambda: post(url, **fields)[1].endswith("rated=thanks"), "the answer after a restart")
    assert len(rated(hall)) == 1


def _page(url: str) -> bytes:
    with urllib.request.urlopen(url.replace("/rating", ""), timeout=20) as answer:
        body: bytes = answer.read()
        return body


def test_forged_tokens_bad_forms_and_guesses_are_refused(hall: RunningHall, board: Board) -> None:
    mine, other = take(hall), take(hall)
    serve(hall)
    finish(hall)
    url = f"{board.address}/t/{mine.token}/rating"
    wait_for(lambda: json.loads(_page(url.replace("/rating", ".json")))["rating"] == "open", "the visit is done")
    forged = f"{str(mine.token)[:-4]}0000"
    assert post(f"{board.address}/t/{forged}/rating", stars=1)[0] == 404
    assert post(f"{board.address}/t/{other.token}/rating", stars=1) == (303, f"../{other.token}?rated=early")
    assert post(url)[1].endswith("rated=stars")
    for fields in (
        {"stars": "6"},
        {"stars": "ten"},
        {"stars": 2, "reasons": "ugly"},
        {"stars": 2, "comment": "字" * 201},
    ):
        assert post(url, **fields) == (400, "")
    assert post(url, stars=2, comment="x" * 9_000)[0] == 413
    assert rated(hall) == []
    assert post(url, stars=4, reasons="wait", comment="left over")[1].endswith("rated=thanks")
    (one,) = rated(hall)
    assert (one.stars, one.reasons, one.comment) == (4, (), "")
    codes = [post(f"{board.address}/t/1.{n:020x}/rating", stars=1)[0] for n in range(30)]
    assert (codes[0], codes[-1]) == (404, 429)


def test_it_can_be_rated_without_scripts(hall: RunningHall, board: Board, tmp_path: Path) -> None:
    mine = take(hall)
    serve(hall)
    finish(hall)
    with browser(390, 844) as plain:
        plain.execute_cdp_cmd("Emulation.setScriptExecutionDisabled", {"value": True})
        plain.get(f"{board.address}/t/{mine.token}?lang=zh")
        assert 'http-equiv="refresh"' not in plain.page_source, "it would empty the form"
        plain.find_element("css selector", "label[for=s3]").click()
        plain.find_element("css selector", "label[for=not_solved]").click()
        keep(plain, "phone-rating-plain", tmp_path)
        plain.find_element("css selector", "#rating button").click()
        see(plain, lambda: "谢谢您的评价" in plain.page_source, "thanks")
    (one,) = rated(hall)
    assert (one.stars, one.reasons) == (3, ("not_solved",))


def test_a_hall_that_falls_silent_is_said_so_and_the_rating_can_be_sent_again(hall: RunningHall, board: Board) -> None:
    mine = take(hall)
    serve(hall)
    finish(hall)
    url = f"{board.address}/t/{mine.token}/rating"
    wait_for(lambda: json.loads(_page(url.replace("/rating", ".json")))["rating"] == "open", "the visit is done")
    hall.kill()
    assert post(url, stars=5, form="f")[1].endswith("rated=later")
    hall.start()
    assert wait_for(lambda: post(url, stars=5, form="f")[1].endswith("rated=thanks"), "the hall again")
    assert len(rated(hall)) == 1
