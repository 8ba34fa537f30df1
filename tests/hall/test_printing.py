"""Paper: the printer process, a real controller, and an ESC/POS printer on TCP."""

import re
from collections.abc import Iterator
from contextlib import ExitStack
from functools import partial
from pathlib import Path
from typing import Any

import pytest

from hall_controller.domain import commands as c
from hall_controller.domain.commands import DeviceState
from hall_controller.domain.ticket import Language, Paper, TicketState, VisitorClass
from tests.hall.paper_printer import PaperPrinter
from tests.support import MATTER, RunningHall, hall_command, make_hall, start_controller, start_part, started, wait_for


def set_device(directory: Path, name: str, **settings: Any) -> None:
    """Write the table of a device in hall.toml afresh; a string is quoted here."""
    file = directory / "hall.toml"
    lines = [f"{key} = {_toml(value)}" for key, value in settings.items()]
    table = "\n".join([f"[device.{name}]", *lines, "", ""])
    text, count = re.subn(rf"(?ms)^\[device\.{name}\]$.*?(?=^\[|\Z)", table, file.read_text("utf-8"))
    assert count == 1
    file.write_text(text, "utf-8")


def _toml(value: Any) -> str:
    return str(value).lower() if isinstance(value, bool) else repr(value).replace("'", '"')


class PrintingHall:
    """A controller, a paper printer, and the process between them."""

    def __init__(self, directory: Path, stack: ExitStack, **settings: Any) -> None:
        self.dir = directory
        self.stack = stack
        self.paper = PaperPrinter()
        stack.callback(self.paper.stop)
        quick = {"timeout_s": 0.5, "print_timeout_s": 1.5, "poll_s": 0.2}
        set_device(directory, "printer", **{"transport": "network", "address": self.paper.address, **quick, **settings})
        self.hall: RunningHall = stack.enter_context(start_controller(directory))
        self.start_printer()

    def start_printer(self) -> None:
        self.process = start_part(self.dir, "printer")
        self.stack.enter_context(started(self.process))

    def kill_printer(self) -> None:
        self.process.kill()
        self.process.wait()

    def take(self, **fields: Any) -> Any:
        return self.hall.do(c.IssueTicket(matter=MATTER, **fields), as_="kiosk")

    def paper_of(self, ticket: int) -> Paper:
        return self.hall.state().tickets[ticket].paper

    def device(self, kind: str) -> tuple[DeviceState, str] | None:
        report = self.hall.state().devices.get(f"printer/{kind}")
        return (report.state, report.detail) if report else None

    def has_papers(self, count: int) -> bool:
        return len(self.paper.papers) == count

    def is_decided(self, ticket: int) -> bool:
        return self.paper_of(ticket) is not Paper.PENDING

    def wait_paper(self, ticket: int, paper: Paper) -> None:
        wait_for(lambda: self.paper_of(ticket) is paper, f"paper {paper} of ticket {ticket}")

    def wait_device(self, kind: str, state: DeviceState, words: str = "") -> None:
        def told() -> bool:
            report = self.device(kind)
            return report is not None and report[0] is state and words in report[1]

        wait_for(told, f"{kind} {state} {words}")

    def well(self) -> None:
        """A printer that works, with an empty tray, and a process that knows it: how each test begins."""
        paper = self.paper
        paper.paper, paper.cover_open, paper.offline, paper.hangs = "ok", False, False, False
        paper.runs_out_at = paper.closes_at = None
        paper.empty()
        if self.process.poll() is not None:
            self.start_printer()
        self.wait_device("printer", DeviceState.OK)
        self.wait_device("paper", DeviceState.OK)
        paper.papers.clear()


@pytest.fixture(scope="module")
def shared(tmp_path_factory: pytest.TempPathFactory) -> Iterator[PrintingHall]:
    with ExitStack() as stack:
        yield PrintingHall(make_hall(tmp_path_factory.mktemp("printing")), stack)


@pytest.fixture(scope="module")
def shared_hasty(tmp_path_factory: pytest.TempPathFactory) -> Iterator[PrintingHall]:
    with ExitStack() as stack:
        yield PrintingHall(make_hall(tmp_path_factory.mktemp("hasty"), claim_s=1), stack, fresh_s=0.5)


@pytest.fixture
def printing(shared: PrintingHall) -> PrintingHall:
    shared.well()
    return shared


@pytest.fixture
def hasty(shared_hasty: PrintingHall) -> PrintingHall:
    """Where a ticket is fresh for half a second, and to be claimed within one."""
    shared_hasty.well()
    return shared_hasty


def test_a_ticket_comes_out_once_and_says_what_the_visitor_was_told(printing: PrintingHall) -> None:
    for counter in (1, 2):
        printing.hall.do(c.OpenCounter(counter=counter, clerk=f"00{counter}"))
    tickets = [
        printing.take(visitor_class=VisitorClass.PRIORITY if n == 3 else VisitorClass.ORDINARY) for n in range(4)
    ]
    printing.wait_paper(tickets[-1].ticket, Paper.PRINTED)
    assert len(printing.paper.papers) == 4
    for ticket, text in zip(tickets, printing.paper.texts, strict=True):
        lines = text.splitlines()
        assert ticket.number in lines
        assert any(line.startswith("前面等候") and line.endswith(f"{ticket.ahead}人") for line in lines)
        assert any("居民身份证换领" in line for line in lines)
        assert ("优先" in lines) == ticket.number.startswith("P")
    assert printing.device("printer") == (DeviceState.OK, "")
    assert printing.device("paper") == (DeviceState.OK, "")


def test_the_qr_code_on_paper_opens_the_phone_page_of_this_ticket(printing: PrintingHall) -> None:
    ticket = printing.take(language=Language.ENGLISH)
    printing.wait_paper(ticket.ticket, Paper.PRINTED)
    assert ticket.token.encode() in printing.paper.papers[0]
    assert re.search(rb"http://127\.0\.0\.1:\d+/t/" + ticket.token.encode(), printing.paper.papers[0])
    assert "Your number" in printing.paper.texts[0]


def test_a_kiosk_without_paper_leaves_a_number_that_is_skipped_unless_touched_away(hasty: PrintingHall) -> None:
    hasty.paper.paper = "out"
    hasty.wait_device("paper", DeviceState.FAILED, "缺纸")
    read, unread = hasty.take(), hasty.take()
    hasty.wait_paper(read.ticket, Paper.FAILED)
    hasty.hall.do(c.AcknowledgeTicket(ticket=read.ticket), as_="kiosk")
    wait_for(lambda: hasty.hall.state().tickets[unread.ticket].state is TicketState.UNCLAIMED, "unclaimed")
    hasty.hall.do(c.OpenCounter(counter=1, clerk="007"))
    assert hasty.hall.do(c.CallNext(counter=1)).number == read.number
    hasty.hall.do(c.Missed(counter=1))
    assert hasty.hall.do(c.CallNext(counter=1)).ticket is None
    assert hasty.paper.papers == []


@pytest.mark.parametrize(
    ("trouble", "kind", "words"),
    [
        ({"paper": "out"}, "paper", "缺纸"),
        ({"cover_open": True}, "printer", "上盖"),
        ({"offline": True}, "printer", "脱机"),
        ({"hangs": True}, "printer", "无响应"),
    ],
    ids=["paper out", "cover open", "offline", "hanging"],
)
def test_staff_are_told_and_the_printer_recovers_without_a_restart(
    printing: PrintingHall, trouble: dict[str, Any], kind: str, words: str
) -> None:
    well = {name: getattr(printing.paper, name) for name in trouble}
    printing.wait_device("printer", DeviceState.OK)
    for name, value in trouble.items():
        setattr(printing.paper, name, value)
    printing.wait_device(kind, DeviceState.FAILED, words)
    lost = printing.take()
    printing.wait_paper(lost.ticket, Paper.FAILED)
    for name, value in well.items():
        setattr(printing.paper, name, value)
    printing.wait_device(kind, DeviceState.OK)
    printed = printing.take()
    printing.wait_paper(printed.ticket, Paper.PRINTED)
    assert not any(lost.number in text.splitlines() for text in printing.paper.texts)
    assert sum(printed.number in text.splitlines() for text in printing.paper.texts) == 1


def test_a_printer_that_is_switched_off_and_on_prints_the_next_ticket(printing: PrintingHall) -> None:
    printing.wait_device("printer", DeviceState.OK)
    printing.paper.vanish()
    printing.wait_device("printer", DeviceState.FAILED, "找不到打印机")
    printing.wait_paper(printing.take().ticket, Paper.FAILED)
    printing.paper.appear()
    printing.wait_device("printer", DeviceState.OK)
    printing.wait_paper(printing.take().ticket, Paper.PRINTED)
    assert len(printing.paper.papers) == 1


def test_paper_that_runs_out_within_a_ticket_is_no_printed_ticket(printing: PrintingHall) -> None:
    printing.paper.runs_out_at = 200
    ticket = printing.take()
    printing.wait_paper(ticket.ticket, Paper.FAILED)
    printing.wait_device("paper", DeviceState.FAILED, "缺纸")


def test_a_connection_that_breaks_within_a_ticket_is_no_printed_ticket_and_is_not_sent_again(
    printing: PrintingHall,
) -> None:
    printing.paper.closes_at = 200
    ticket = printing.take()
    printing.wait_paper(ticket.ticket, Paper.FAILED)
    printing.wait_paper(printing.take().ticket, Paper.PRINTED)
    assert len(printing.paper.papers) == 1


def test_nearly_empty_paper_is_a_warning_and_prints(printing: PrintingHall) -> None:
    printing.paper.paper = "near_end"
    printing.wait_device("paper", DeviceState.WARNING, "纸将用完")
    printing.wait_paper(printing.take().ticket, Paper.PRINTED)


def test_a_reprint_says_so_on_the_paper(printing: PrintingHall) -> None:
    ticket = printing.take()
    printing.wait_paper(ticket.ticket, Paper.PRINTED)
    for copy in (1, 2):
        printing.hall.do(c.ReprintTicket(ticket=ticket.ticket), as_="reception")
        wait_for(partial(printing.has_papers, copy + 1), "the reprint")
    first, second, third = printing.paper.texts
    assert "REPRINT" not in first
    assert second.splitlines()[0] == "补打 REPRINT 第1次"
    assert third.splitlines()[0] == "补打 REPRINT 第2次"
    assert ticket.number in second.splitlines()


def test_reception_may_have_its_ticket_printed_at_the_kiosk(printing: PrintingHall) -> None:
    ticket = printing.hall.do(c.IssueTicket(matter=MATTER, print_at="kiosk"), as_="reception")
    printing.wait_paper(ticket.ticket, Paper.PRINTED)
    assert len(printing.paper.papers) == 1


def test_a_controller_that_is_killed_and_started_again_prints_nothing_twice(printing: PrintingHall) -> None:
    before = [printing.take() for _ in range(3)]
    printing.wait_paper(before[-1].ticket, Paper.PRINTED)
    printing.hall.kill()
    printing.hall.start()
    after = printing.take()
    printing.wait_paper(after.ticket, Paper.PRINTED)
    assert len(printing.paper.papers) == 4
    assert len(set(printing.paper.texts)) == 4


def test_a_printer_process_that_is_killed_while_printing_does_not_print_again(printing: PrintingHall) -> None:
    printing.wait_device("printer", DeviceState.OK)
    printing.paper.runs_out_at = 100  # the ticket is in the printer, its answer is still to come
    ticket = printing.take()
    wait_for(lambda: printing.paper.paper == "out", "the ticket's bytes")
    printing.kill_printer()
    assert printing.paper_of(ticket.ticket) is Paper.PENDING
    printing.paper.paper = "ok"
    printing.paper.empty()
    printing.start_printer()
    printing.wait_paper(ticket.ticket, Paper.FAILED)
    printing.wait_paper(printing.take().ticket, Paper.PRINTED)
    assert len(printing.paper.papers) == 1
    assert not any(ticket.number in text.splitlines() for text in printing.paper.texts)


def test_killing_the_printer_process_again_and_again_prints_no_ticket_twice(printing: PrintingHall) -> None:
    for _ in range(5):
        ticket = printing.take()
        printing.kill_printer()
        printing.start_printer()
        wait_for(partial(printing.is_decided, ticket.ticket), "a decision on the ticket")
    numbers = [line for text in printing.paper.texts for line in text.splitlines() if re.fullmatch(r"A\d{3}", line)]
    assert len(numbers) == len(set(numbers))


def test_a_fresh_ticket_that_no_printer_process_has_seen_is_printed_when_it_comes_back(printing: PrintingHall) -> None:
    printing.kill_printer()
    ticket = printing.take()
    printing.start_printer()
    printing.wait_paper(ticket.ticket, Paper.PRINTED)
    assert len(printing.paper.papers) == 1


def test_a_number_that_was_read_from_the_screen_is_not_printed_late(printing: PrintingHall) -> None:
    printing.kill_printer()
    ticket = printing.take()
    printing.hall.do(c.AcknowledgeTicket(ticket=ticket.ticket), as_="kiosk")
    printing.start_printer()
    printing.wait_paper(printing.take().ticket, Paper.PRINTED)
    assert printing.paper_of(ticket.ticket) is Paper.ACKNOWLEDGED
    assert len(printing.paper.papers) == 1


def test_a_ticket_that_is_no_longer_fresh_is_told_as_failed(hasty: PrintingHall) -> None:
    hasty.paper.hangs = True
    hasty.wait_device("printer", DeviceState.FAILED)
    tickets = [hasty.take() for _ in range(3)]
    for ticket in tickets:
        hasty.wait_paper(ticket.ticket, Paper.FAILED)
    assert hasty.paper.papers == []


def test_a_hanging_printer_never_delays_the_bus(printing: PrintingHall) -> None:
    printing.paper.hangs = True
    printing.wait_device("printer", DeviceState.FAILED)
    for _ in range(5):
        printing.take()
    printing.hall.do(c.OpenCounter(counter=1, clerk="007"))
    assert printing.hall.do(c.CallNext(counter=1), as_="counter-1").number


def test_the_printer_process_stops_cleanly_and_finishes_its_ticket(printing: PrintingHall) -> None:
    ticket = printing.take()
    printing.wait_paper(ticket.ticket, Paper.PRINTED)
    printing.process.terminate()
    assert printing.process.wait(10) == 0
    log = (printing.dir.parent / "printer.log").read_text("utf-8")
    assert f"printed {ticket.number}" in log
    assert "Traceback" not in log


def test_self_test_prints_a_ticket_and_tells_the_status(tmp_path: Path) -> None:
    directory = make_hall(tmp_path)
    paper = PaperPrinter()
    try:
        set_device(directory, "printer", transport="network", address=paper.address, timeout_s=0.5)
        picture = tmp_path / "test.png"
        done = hall_command("printer", directory, "--self-test", "--picture", picture)
        assert done.returncode == 0, done.stderr
        assert "test ticket printed" in done.stdout
        assert picture.stat().st_size > 1000
        assert "打印测试" in paper.texts[0]
        paper.paper = "out"
        failed = hall_command("printer", directory, "--self-test")
        assert failed.returncode == 2
        assert failed.stderr.startswith("hall: network 127.0.0.1:")
        assert "paper out" in failed.stderr
    finally:
        paper.stop()


def test_settings_that_cannot_be_are_one_sentence(tmp_path: Path) -> None:
    directory = make_hall(tmp_path)
    cases: list[tuple[dict[str, Any], str]] = [
        ({"transport": "network"}, "address is empty"),
        ({"width_mm": 70}, "paper is 80 or 58 mm wide"),
        ({"transport": "serial", "device": "/dev/ttyUSB0", "baud": "fast"}, "$.baud"),
        ({"widht_mm": 58}, "widht_mm"),
        ({"chinese": "unicode"}, "$.chinese"),
    ]
    for settings, words in cases:
        set_device(directory, "printer", **settings)
        done = hall_command("printer", directory)
        assert done.returncode == 2
        assert words in done.stderr
        assert done.stderr.count("\n") == 1
