"""What stands on receipts, transfer lists, and the papers of several matters; and bars that fit their paper."""

import datetime as dt

import pytest
from hypothesis import given
from hypothesis import strategies as st
from msgspec.structs import replace

from hall_controller.domain import events as e
from hall_controller.domain.acceptance import Carries
from hall_controller.domain.credit import Rating
from hall_controller.domain.matters import Catalogue
from hall_controller.domain.ticket import Language
from tests.unit.ticket_printer.halls import CATALOGUE, MONDAY_MS, apply, issue, new_hall
from ticket_printer.printer.barcode import barcode_image, dots_wide, modules_of
from ticket_printer.printer.duties import (
    ConsignmentJob,
    DocumentsJob,
    Job,
    ReceiptJob,
    WhyNot,
    in_language,
    job_of,
    jobs_told,
    reason_not_to,
)
from ticket_printer.printer.encode import ticket_bytes
from ticket_printer.printer.facts import consignment_facts, documents_facts, receipt_facts, ticket_facts
from ticket_printer.printer.handled import Handled
from ticket_printer.printer.layout import COLUMNS, Barcode, Layout, Line, columns_of, ticket_layout
from ticket_printer.printer.receipts import (
    ConsignmentFacts,
    ListedReceipt,
    ReceiptFacts,
    consignment_layout,
    receipt_layout,
)
from ticket_printer.printer.screen.reader import Bars, Raster, read
from ticket_printer.printer.settings import PrinterSettings
from ticket_printer.printer.slips import documents_layout

NOW = dt.datetime(2026, 11, 25, 10, 32, tzinfo=dt.timezone(dt.timedelta(hours=8)))
RECEIPT = ReceiptFacts(
    hall_zh="福海街道便民服务中心",
    hall_en="Fuhai Street Public Service Hall",
    language=Language.MANDARIN,
    receipt="BA001-261125-0007",
    matter_zh="社会保险参保登记（灵活就业人员）",
    matter_en="Social insurance registration for flexibly employed persons",
    department_zh="人力资源局",
    department_en="Human resources",
    number="A012",
    counter=3,
    accepted_at=NOW,
)
LIST = ConsignmentFacts(
    hall_zh="福海街道便民服务中心",
    hall_en="Fuhai Street Public Service Hall",
    from_hall="BA001",
    to_hall="BA000",
    consignment="BA001-261125-C01",
    carries=Carries.MATERIALS,
    sent_at=NOW,
    due_at=NOW,
    receipts=(ListedReceipt("BA001-261125-0007", "社会保险参保登记"),),
)


def lines(layout: Layout) -> list[str]:
    return [block.text for block in layout if isinstance(block, Line)]


def accepted(hall_matter: str = "m0", **fields: object) -> e.MatterAccepted:
    usual = {
        "receipt": "BA001-261123-0001",
        "ticket": 1,
        "number": "A001",
        "counter": 3,
        "clerk": "003",
        "matter": hall_matter,
        "department": "公安分局",
        "catalogue_version": 1,
        "route": None,
        "to_hall": "",
        "rating": Rating.GOOD,
        "outstanding_zh": ("身份证",),
        "outstanding_en": ("ID card",),
        "documents_due_day": "2026-12-07",
        "result_due_day": "2026-11-30",
        "kiosk": "kiosk",
    }
    return e.MatterAccepted(**usual | fields)  # type: ignore[arg-type]


def test_a_receipt_is_a_job_of_its_kiosk_in_its_visitors_language_until_it_is_withdrawn() -> None:
    hall, handled = new_hall(), Handled.in_memory()
    issue(hall, language=Language.ENGLISH)
    event = accepted()
    apply(hall, event)
    job = job_of(event, "kiosk")
    assert job == ReceiptJob(hall.seq, "BA001-261123-0001", 1, MONDAY_MS)
    assert job is not None
    assert job_of(event, "kiosk-2") is None
    spoken = in_language(job, hall)
    assert isinstance(spoken, ReceiptJob)
    assert spoken.language is Language.ENGLISH
    assert jobs_told([event, issue(hall)], "kiosk") == [job]
    assert reason_not_to(hall, job, handled, MONDAY_MS, 20) is None
    assert reason_not_to(hall, job, handled, MONDAY_MS + 20_001, 20) is WhyNot.TOO_LATE
    handled.begin("e1", job.key)
    assert reason_not_to(hall, job, handled, MONDAY_MS, 20) is WhyNot.HANDLED
    apply(hall, e.AcceptanceWithdrawn(receipt=event.receipt, ticket=1))
    assert reason_not_to(hall, job, Handled.in_memory(), MONDAY_MS, 20) is WhyNot.ENDED


def test_a_receipt_tells_days_and_documents_and_never_the_rating() -> None:
    hall = new_hall()
    issue(hall)
    apply(hall, accepted())
    (one,) = hall.acceptances.values()
    for language, days in ((Language.MANDARIN, "12月7日 周一"), (Language.ENGLISH, "Monday 7 Dec")):
        job = ReceiptJob(1, one.receipt, 1, MONDAY_MS, language)
        facts = receipt_facts(hall, job, one, CATALOGUE, "http://hall/t/1.ab")
        assert facts.documents_due == days
        text = "\n".join(lines(receipt_layout(facts, 80)))
        assert days in text
        assert not any(word in text.lower() for word in ("good", "credit", "信用", "容缺"))
    assert "还需补交（12月7日 周一前）：" in lines(
        receipt_layout(receipt_facts(hall, ReceiptJob(1, one.receipt, 1, MONDAY_MS), one, CATALOGUE, None), 80)
    )


def test_a_receipt_without_promises_leaves_their_rows_out() -> None:
    text = lines(receipt_layout(replace(RECEIPT, counter=None), 80))
    assert not [line for line in text if line.startswith(("承诺办结", "受理窗口", "还需补交"))]
    assert "办结后请带本回执和身份证到本大厅，在取号机取号" in "".join(text)


def test_a_transfer_list_has_its_own_barcode_each_receipts_and_two_signatures() -> None:
    hall = new_hall()
    issue(hall)
    apply(hall, accepted())
    sent = e.ConsignmentSent(
        consignment="BA001-261123-C01",
        to_hall="BA000",
        carries=Carries.MATERIALS,
        receipts=("BA001-261123-0001",),
        matters=("m0",),
        due_ms=MONDAY_MS + 86_400_000,
        kiosk="kiosk",
    )
    apply(hall, sent)
    job = job_of(sent, "kiosk")
    assert isinstance(job, ConsignmentJob)
    facts = consignment_facts(hall, job, hall.consignments[job.consignment], CATALOGUE)
    layout = consignment_layout(facts, 80)
    assert [block for block in layout if isinstance(block, Barcode)] == [
        Barcode("BA001-261123-C01"),
        Barcode("BA001-261123-0001", low=True),
    ]
    assert "[ ] 1. 事项m0" in lines(layout)
    assert "应达时间   2026-11-24 10:00" in lines(layout)
    for width_mm in (80, 58):
        signed = [line for line in lines(consignment_layout(facts, width_mm)) if "____" in line]
        assert [line[:3] for line in signed] == ["交出人", "接收人"]


def test_a_ticket_names_its_matters_or_its_theme_and_one_list_of_documents() -> None:
    hall = new_hall()
    issue(hall, more=("m1", "m2"))
    facts = ticket_facts(hall, Job(1, 0, MONDAY_MS), hall.tickets[1], CATALOGUE, None, MONDAY_MS)
    text = lines(ticket_layout(facts, 80))
    assert [line for line in text if "事项m" in line] == ["事项      事项m0", "          事项m1", "          事项m2"]
    assert text.count("- 身份证") == 1
    english = lines(ticket_layout(replace(facts, language=Language.ENGLISH), 80))
    assert "For      Matter m0" in english
    issue(hall, more=tuple(f"m{n}" for n in range(1, 20)), language=Language.ENGLISH)
    many = ticket_facts(hall, Job(2, 0, MONDAY_MS), hall.tickets[2], CATALOGUE, None, MONDAY_MS)
    assert "         and more: 20 matters in all" in lines(ticket_layout(many, 80))
    assert "          等共20个事项" in lines(ticket_layout(replace(many, language=Language.MANDARIN), 80))


def test_a_matter_that_the_catalogue_has_lost_is_named_by_its_code() -> None:
    hall = new_hall()
    issue(hall, more=("gone",))
    facts = ticket_facts(hall, Job(1, 0, MONDAY_MS), hall.tickets[1], CATALOGUE, None, MONDAY_MS)
    assert facts.more_zh == ("gone",)


def test_a_document_that_one_matter_needs_at_once_is_not_marked() -> None:
    first = replace(CATALOGUE.matters["m0"], documents_zh=("甲", "乙"), documents_en=("A", "B"), later=(1, 2))
    second = replace(CATALOGUE.matters["m1"], documents_zh=("乙", "丙"), documents_en=("B", "C"))
    catalogue = Catalogue({"m0": first, "m1": second})
    for language in Language:
        job = DocumentsJob(3, "m0", language, MONDAY_MS, ("m1",))
        facts = documents_facts(new_hall(), job, catalogue, MONDAY_MS)
        assert facts.later == (1,)
    text = lines(documents_layout(replace(facts, language=Language.MANDARIN), 80))
    assert [line for line in text if line.startswith("[ ]")] == ["[ ] 1. 甲 *", "[ ] 2. 乙", "[ ] 3. 丙"]
    assert "带 * 的材料如暂时没有，也可先来办理，能否后补" in "".join(text)


@pytest.mark.parametrize("width_mm", [80, 58])
def test_a_printer_sets_the_bars_itself_where_they_fit_and_else_they_run_along_the_paper(width_mm: int) -> None:
    data = ticket_bytes(receipt_layout(RECEIPT, width_mm), PrinterSettings(width_mm=width_mm))
    bars = [thing for thing in read(data) if isinstance(thing, Bars)]
    pictures = [thing for thing in read(data) if isinstance(thing, Raster)]
    fits = dots_wide(RECEIPT.receipt) <= COLUMNS[width_mm] * 12
    assert [thing.content for thing in bars] == ([RECEIPT.receipt] if fits else [])
    assert bool(pictures) is not fits


@given(st.text(alphabet=st.characters(min_codepoint=0x20, max_codepoint=0x7E), min_size=1, max_size=30))
def test_bars_begin_with_start_b_end_with_stop_and_are_as_wide_as_told(content: str) -> None:
    modules = modules_of(content)
    assert modules.startswith("11010010000")
    assert modules.endswith("1100011101011")
    assert len(modules) == 11 * (len(content) + 2) + 13
    picture = barcode_image(content, 576, low=True)
    assert picture.width <= 576


@given(
    text=st.text(max_size=90),
    documents=st.lists(st.text(max_size=90), max_size=9).map(tuple),
    language=st.sampled_from(Language),
    width_mm=st.sampled_from([80, 58]),
)
def test_no_line_is_ever_wider_than_the_paper(
    text: str, documents: tuple[str, ...], language: Language, width_mm: int
) -> None:
    receipt = replace(
        RECEIPT,
        matter_zh=text,
        matter_en=text,
        department_zh=text,
        department_en=text,
        outstanding_zh=documents,
        outstanding_en=documents,
    )
    listed = replace(LIST, hall_zh=text, from_hall=text, receipts=(ListedReceipt("BA001-261125-0007", text),))
    both = (
        *receipt_layout(replace(receipt, language=language, pickup=text), width_mm),
        *consignment_layout(listed, width_mm),
    )
    for block in both:
        if isinstance(block, Line):
            assert columns_of(block.text) * block.size <= COLUMNS[width_mm]
