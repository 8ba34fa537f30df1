"""Receipts, transfer lists and the papers of several matters: from the clerk's command to bars that a scanner reads."""

import os
import subprocess
import tomllib
from collections.abc import Iterator
from contextlib import ExitStack
from pathlib import Path
from typing import Any

import pytest

from hall_controller.bus import wire
from hall_controller.catalogue.files import write_catalogue
from hall_controller.catalogue.sample import sample_district
from hall_controller.domain import commands as c
from hall_controller.domain.ticket import Language
from tests.hall.test_printing import PrintingHall
from tests.support import make_hall_at, wait_for
from ticket_printer.printer.font import find_font
from ticket_printer.printer.screen.paper import pictures

CATALOGUE = sample_district()
COMPANY, *REST = [matter.code for matter in CATALOGUE.themes()["open-restaurant"].matters]
CARRIED = "permit-school-canteen-food-permit-issue"
"""Its papers travel by hand."""
APPLICANT = "440300199001011234"


class ReceiptHall(PrintingHall):
    """With the sample district's catalogue, a register of credit, and counter 1 open, at ten in the morning."""

    def __init__(self, where: Path, stack: ExitStack, **settings: Any) -> None:
        self.width_mm = int(settings.get("width_mm", 80))
        directory = make_hall_at(where, "2026-11-25 09:30")
        write_catalogue(CATALOGUE, directory / "matters.csv")
        (directory / "credit.csv").write_text(f"applicant,rating\n{APPLICANT},good\n", "utf-8")
        super().__init__(directory, stack, **settings)
        self.hall.set_clock("2026-11-25 10:00")
        self.hall.do(c.OpenCounter(counter=1, clerk="001"))

    def serve(self, **fields: Any) -> wire.Accepted:
        """Take a ticket and begin its service at counter 1."""
        reply = self.hall.do(c.IssueTicket(**fields), as_="reception")
        assert isinstance(reply, wire.Accepted), reply
        called = self.hall.do(c.CallNext(counter=1))
        assert called.ticket == reply.ticket
        self.hall.do(c.StartService(counter=1))
        return reply

    def accept(self, matter: str, **fields: Any) -> str:
        reply = self.hall.do(c.AcceptMatter(counter=1, matter=matter, print_at="kiosk", **fields))
        assert isinstance(reply, wire.Accepted), reply
        return str(reply.receipt)

    def finish(self) -> None:
        self.hall.do(c.FinishService(counter=1))
        self.hall.do(c.EndWrapUp(counter=1))

    def papers(self, count: int) -> list[str]:
        wait_for(lambda: len(self.paper.papers) >= count, f"{count} papers")
        assert len(self.paper.papers) == count
        return self.paper.texts

    def scanned(self, paper: int, file: Path) -> list[str]:
        """What a scanner reads from the picture of a paper: each code once."""
        (picture,) = pictures(self.paper.papers[paper], self.width_mm, find_font(""))
        picture.save(file)
        if kept := os.environ.get("SHOW_PAPERS"):
            picture.save(Path(kept) / file.name)
        read = subprocess.run(["zbarimg", "-q", str(file)], capture_output=True, text=True, check=True)
        return sorted(read.stdout.split())


KINDS: list[dict[str, Any]] = [
    {"width_mm": 80},
    {"width_mm": 58},
    {"width_mm": 80, "chinese": "image"},
    {"width_mm": 58, "chinese": "image", "barcode": "image", "qr": "image"},
]


@pytest.fixture(params=KINDS, ids=lambda kind: "-".join(map(str, kind.values())))
def every(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[ReceiptHall]:
    with ExitStack() as stack:
        hall = ReceiptHall(tmp_path, stack, **request.param)
        hall.well()
        yield hall


@pytest.fixture
def printing(tmp_path: Path) -> Iterator[ReceiptHall]:
    with ExitStack() as stack:
        hall = ReceiptHall(tmp_path, stack)
        hall.well()
        yield hall


def test_a_lost_receipt_and_a_lost_list_come_out_again_as_copies(printing: ReceiptHall, tmp_path: Path) -> None:
    printing.serve(matter=CARRIED)
    receipt = printing.accept(CARRIED)
    printing.papers(1)
    printing.hall.do(c.ReprintPapers(receipt=receipt, print_at="kiosk"))
    assert "第1次" in printing.papers(2)[1]
    assert f"CODE-128:{receipt}" in printing.scanned(1, tmp_path / "again.png")
    sent = printing.hall.do(c.SendConsignment(to_hall="BA900", receipts=(receipt,))).consignment
    printing.hall.do(c.ReprintPapers(consignment=sent, print_at="kiosk"))
    assert "补打 REPRINT" in printing.papers(3)[2]
    assert f"CODE-128:{sent}" in printing.scanned(2, tmp_path / "list.png")


def test_a_scanner_reads_every_barcode_on_every_kind_of_paper(
    every: ReceiptHall, tmp_path: Path, request: pytest.FixtureRequest
) -> None:
    kind = request.node.callspec.id
    visit = every.serve(matter=COMPANY, more=REST, theme="open-restaurant")
    receipt = every.accept(COMPANY, applicant=APPLICANT, outstanding=(2,))
    every.papers(1)
    codes = every.scanned(0, tmp_path / f"slip-receipt-{kind}.png")
    phone = f"http://127.0.0.1:{_board_port(every.dir)}/t/{visit.token}"
    assert codes == [f"CODE-128:{receipt}", f"QR-Code:{phone}"]
    every.finish()
    every.serve(matter=CARRIED, language=Language.ENGLISH)
    carried = every.accept(CARRIED, applicant=APPLICANT, outstanding=(2,))
    every.papers(2)
    assert f"CODE-128:{carried}" in every.scanned(1, tmp_path / f"slip-receipt-en-{kind}.png")
    sent = every.hall.do(c.SendConsignment(to_hall="BA000", receipts=(carried, receipt), print_at="kiosk"))
    assert isinstance(sent, wire.Accepted), sent
    every.papers(3)
    codes = every.scanned(2, tmp_path / f"slip-consignment-{kind}.png")
    assert codes == sorted(f"CODE-128:{one}" for one in (carried, receipt, sent.consignment))


def _board_port(directory: Path) -> int:
    return int(tomllib.loads((directory / "hall.toml").read_text("utf-8"))["device"]["board"]["port"])


def test_a_receipt_says_what_was_accepted_what_is_to_come_and_nothing_of_credit(printing: ReceiptHall) -> None:
    printing.serve(matter=COMPANY, more=REST, theme="open-restaurant")
    receipt = printing.accept(COMPANY, applicant=APPLICANT, outstanding=(2,))
    (text,) = printing.papers(1)
    lines = text.splitlines()
    assert receipt in lines
    assert "事项      公司设立登记" in lines
    assert "受理时间  2026-11-25 10:00" in lines
    assert "受理窗口  1号窗口" in lines
    assert "还需补交（12月9日 周三前）：" in lines
    assert f"[ ] 1. {CATALOGUE.matters[COMPANY].documents_zh[1]}" in lines
    assert any(line.startswith("承诺办结  ") for line in lines)
    assert "在取号机选“领取结果”并扫描上面的条码" in text.replace("\n", "")
    for word in ("信用", "good", "credit", "容缺"):
        assert word not in text


def test_a_ticket_of_a_theme_says_its_name_and_one_of_many_matters_stays_short(printing: ReceiptHall) -> None:
    printing.hall.do(c.IssueTicket(matter=COMPANY, more=tuple(REST), theme="open-restaurant"), as_="kiosk")
    lines = printing.papers(1)[0].splitlines()
    assert "办理主题  我要开餐馆" in lines
    assert "          共5个事项，一次办理" in lines
    many = [code for code, matter in CATALOGUE.matters.items() if matter.group != "pickup"][:9]
    printing.hall.do(c.IssueTicket(matter=many[0], more=tuple(many[1:])), as_="kiosk")
    lines = printing.papers(2)[1].splitlines()
    assert f"事项      {CATALOGUE.matters[many[0]].name_zh}" in lines
    assert "          等共9个事项" in lines
    assert len(lines) < 45


def test_a_pickup_ticket_names_the_receipt(printing: ReceiptHall) -> None:
    printing.serve(matter=COMPANY)
    receipt = printing.accept(COMPANY)
    printing.finish()
    printing.hall.do(c.ReportResult(receipt=receipt))
    pickup = next(code for code, matter in CATALOGUE.matters.items() if matter.group == "pickup")
    reply = printing.hall.do(c.IssueTicket(matter=pickup, receipt=receipt), as_="kiosk")
    assert isinstance(reply, wire.Accepted), reply
    assert f"回执号    {receipt}" in printing.papers(2)[1].splitlines()


def test_one_list_of_documents_for_several_matters_marks_what_may_follow(printing: ReceiptHall) -> None:
    for language in (Language.MANDARIN, Language.ENGLISH):
        printing.hall.do(c.PrintDocuments(matter=COMPANY, more=tuple(REST), language=language), as_="kiosk")
    chinese, english = printing.papers(2)
    listed = [line for line in chinese.splitlines() if line.startswith("[ ]")]
    names = [line.split(". ")[1].removesuffix(" *") for line in listed]
    assert len(set(names)) == len(names)
    assert any(line.endswith(" *") for line in listed)
    assert "带 * 的材料" in chinese
    assert "marked *" in english.replace("\n", " ")


def test_a_receipt_comes_out_once_however_often_the_printer_dies_and_none_late(printing: ReceiptHall) -> None:
    printing.serve(matter=COMPANY, more=tuple(REST))
    first = printing.accept(COMPANY)
    printing.papers(1)
    printing.kill_printer()
    second = printing.accept(REST[0])
    printing.start_printer()
    texts = printing.papers(2)
    assert [sum(receipt in text.splitlines() for text in texts) for receipt in (first, second)] == [1, 1]
    printing.kill_printer()
    third = printing.accept(REST[1])
    printing.hall.set_clock("2026-11-25 10:01")
    printing.start_printer()
    fourth = printing.accept(REST[2])
    assert fourth in printing.papers(3)[2].splitlines()
    printing.hall.kill()
    printing.hall.start()
    fifth = printing.accept(REST[3])
    texts = printing.papers(4)
    assert fifth in texts[3].splitlines()
    assert not any(third in text.splitlines() for text in texts)


def test_a_withdrawn_acceptance_and_one_of_another_kiosk_print_nothing(printing: ReceiptHall) -> None:
    printing.serve(matter=COMPANY, more=tuple(REST))
    printing.kill_printer()
    gone = printing.accept(COMPANY)
    printing.hall.do(c.WithdrawAcceptance(receipt=gone))
    printing.hall.do(c.AcceptMatter(counter=1, matter=REST[0]))
    printing.start_printer()
    kept = printing.accept(REST[1])
    assert kept in printing.papers(1)[0].splitlines()


def test_a_long_transfer_list_is_given_the_time_that_it_takes(printing: ReceiptHall) -> None:
    receipts = []
    for _ in range(3):
        printing.serve(matter=COMPANY, more=tuple(REST))
        receipts += [
            str(printing.hall.do(c.AcceptMatter(counter=1, matter=matter)).receipt) for matter in (COMPANY, *REST)
        ]
        printing.finish()
    printing.hall.do(c.SendConsignment(to_hall="BA000", receipts=tuple(receipts), print_at="kiosk"))
    (text,) = printing.papers(1)
    assert "共15件" in text
    assert [line for line in text.splitlines() if line in receipts] == receipts


def test_a_printer_process_that_dies_while_a_receipt_is_printed_leaves_it_to_be_looked_for(
    printing: ReceiptHall,
) -> None:
    printing.serve(matter=COMPANY, more=tuple(REST))
    printing.paper.closes_at = 200
    first = printing.accept(COMPANY)
    wait_for(lambda: printing.paper.closes_at is None, "a connection that breaks within the receipt")
    printing.kill_printer()
    printing.start_printer()
    second = printing.accept(REST[0])
    (text,) = printing.papers(1)
    assert second in text.splitlines()
    assert first not in text
