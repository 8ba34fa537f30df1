"""The on-screen printer: the paper of a hall without a printer, read from a page."""

import re
import subprocess
import tomllib
from pathlib import Path

from hall_controller.bus import wire
from hall_controller.bus.wire import Accepted
from hall_controller.domain import commands as c
from hall_controller.domain.booking import days, slots
from hall_controller.domain.ticket import Paper
from tests.browser.browser import browser, console_errors, screenshot, see, text_of
from tests.support import MATTER, make_hall, start_controller, start_part, started, wait_for


def test_tickets_appear_on_the_page_and_a_phone_reads_them(tmp_path: Path) -> None:
    directory = make_hall(tmp_path)
    port = tomllib.loads((directory / "hall.toml").read_text("utf-8"))["device"]["printer"]["port"]
    with start_controller(directory) as hall, started(start_part(directory, "printer")), browser(1400, 1000) as driver:
        driver.get(f"http://127.0.0.1:{port}/")
        see(driver, lambda: "还没有号票" in text_of(driver), "the empty rack")
        replies: list[Accepted] = [hall.do(c.IssueTicket(matter=MATTER), as_="kiosk") for _ in range(2)]
        see(driver, lambda: len(driver.find_elements("css selector", ".piece img")) == 2, "two tickets")
        wait_for(lambda: hall.state().tickets[2].paper is Paper.PRINTED, "the report")
        hall.do(c.ReprintTicket(ticket=1), as_="reception")
        see(driver, lambda: len(driver.find_elements("css selector", ".piece img")) == 3, "the copy")
        see(
            driver,
            lambda: driver.execute_script("return [...document.images].every(i => i.naturalWidth > 500)"),
            "them",
        )
        picture = screenshot(driver, tmp_path / "rack.png")
        read = subprocess.run(["zbarimg", "-q", "--raw", str(picture)], capture_output=True, text=True, check=True)
        assert sorted(set(read.stdout.split())) == sorted({f"{_phone(directory)}{reply.token}" for reply in replies})
        assert console_errors(driver) == []


def test_a_receipt_appears_with_bars_that_a_scanner_reads_from_the_screen(tmp_path: Path) -> None:
    directory = make_hall(tmp_path)
    port = tomllib.loads((directory / "hall.toml").read_text("utf-8"))["device"]["printer"]["port"]
    with start_controller(directory) as hall, started(start_part(directory, "printer")), browser(1400, 1400) as driver:
        driver.get(f"http://127.0.0.1:{port}/")
        hall.do(c.OpenCounter(counter=1, clerk="001"))
        visit: Accepted = hall.do(c.IssueTicket(matter=MATTER), as_="reception")
        hall.do(c.CallNext(counter=1))
        hall.do(c.StartService(counter=1))
        receipt = hall.do(c.AcceptMatter(counter=1, print_at="kiosk")).receipt
        see(driver, lambda: len(driver.find_elements("css selector", ".piece img")) == 1, "the receipt")
        see(driver, lambda: driver.execute_script("return document.images[0].naturalWidth > 500"), "it")
        driver.execute_script("document.images[0].style.width = document.images[0].naturalWidth + 'px'")
        picture = screenshot(driver, tmp_path / "rack.png")
        read = subprocess.run(["zbarimg", "-q", "--raw", str(picture)], capture_output=True, text=True, check=True)
        assert sorted(read.stdout.split()) == sorted([receipt, f"{_phone(directory)}{visit.token}"])


def _phone(directory: Path) -> str:
    found = re.search(r'phone_url = "([^"]+)"', (directory / "hall.toml").read_text("utf-8"))
    assert found
    return found[1]


def test_a_booking_and_a_document_list_appear_too(tmp_path: Path) -> None:
    directory = make_hall(tmp_path)
    port = tomllib.loads((directory / "hall.toml").read_text("utf-8"))["device"]["printer"]["port"]
    with start_controller(directory) as hall, started(start_part(directory, "printer")), browser(1400, 1200) as driver:
        driver.get(f"http://127.0.0.1:{port}/")
        now_ms = hall.do(wire.Status()).now_ms
        soon = next(
            slot.slot_at_ms
            for day in days(hall.state(), now_ms)
            for slot in slots(hall.state(), day, now_ms)
            if slot.free
        )
        booked: Accepted = hall.do(c.BookTicket(matter=MATTER, slot_at_ms=soon), as_="kiosk")
        see(driver, lambda: len(driver.find_elements("css selector", ".piece img")) == 1, "the booking")
        wait_for(lambda: hall.state().tickets[1].paper is Paper.PRINTED, "the report")
        hall.do(c.PrintDocuments(matter=MATTER), as_="kiosk")
        see(driver, lambda: len(driver.find_elements("css selector", ".piece img")) == 2, "the list")
        see(
            driver,
            lambda: driver.execute_script("return [...document.images].every(i => i.naturalWidth > 500)"),
            "them",
        )
        picture = screenshot(driver, tmp_path / "rack.png")
        read = subprocess.run(["zbarimg", "-q", "--raw", str(picture)], capture_output=True, text=True, check=True)
        assert read.stdout.strip() == f"{_phone(directory)}{booked.token}"
