"""What stands on the slip of a booking, and on a document list."""

import datetime as dt

from hypothesis import given
from hypothesis import strategies as st
from msgspec.structs import replace

from hall_controller.domain.ticket import Language
from ticket_printer.printer.layout import COLUMNS, Layout, Line, Qr, columns_of
from ticket_printer.printer.slips import BookingFacts, DocumentsFacts, booking_layout, documents_layout

BOOKING = BookingFacts(
    hall_zh="福海街道便民服务中心",
    hall_en="Fuhai Street Public Service Hall",
    language=Language.MANDARIN,
    day="11月26日 周四",
    time="10:00",
    check_in_from="09:30",
    check_in_until="10:10",
    code="12-3456",
    matter_zh="社会保险参保登记（灵活就业人员）",
    matter_en="Social insurance registration for flexibly employed persons",
    phone_url="http://127.0.0.1:8082/t/12.abc",
    documents_zh=("身份证原件", "户口簿原件及复印件"),
    documents_en=("ID card", "Household register, original and copy"),
)
DOCUMENTS = DocumentsFacts(
    hall_zh="福海街道便民服务中心",
    hall_en="Fuhai Street Public Service Hall",
    language=Language.MANDARIN,
    matter_zh="社会保险参保登记（灵活就业人员）",
    matter_en="Social insurance registration for flexibly employed persons",
    documents_zh=tuple(f"第{n}件材料的原件及复印件，加盖公章，一式两份，并请带上电子版" for n in range(1, 12)),
    documents_en=("ID card",),
    hours=(("今天", "11月25日 周三"), ("", "09:00-12:00 14:00-20:00"), ("下次开放", "11月26日 周四")),
    printed_at=dt.datetime(2026, 11, 25, 10, 32, tzinfo=dt.timezone(dt.timedelta(hours=8))),
)


def lines(layout: Layout) -> list[str]:
    return [block.text for block in layout if isinstance(block, Line)]


def test_a_booking_says_when_with_which_code_and_what_to_bring() -> None:
    layout = booking_layout(BOOKING, 80)
    assert lines(layout)[:6] == ["福海街道便民服务中心", "预约单", "11月26日 周四", "10:00", "预约编号", "12-3456"]
    assert "事项      社会保险参保登记（灵活就业人员）" in lines(layout)
    assert "签到时间  09:30-10:10" in lines(layout)
    assert "- 户口簿原件及复印件" in lines(layout)
    assert Qr("http://127.0.0.1:8082/t/12.abc") in layout


def test_an_english_booking_keeps_the_chinese_names_for_the_staff() -> None:
    english = lines(booking_layout(replace(BOOKING, language=Language.ENGLISH, day="Thursday 26 Nov"), 80))
    assert english[:2] == ["Fuhai Street Public Service Hall", "福海街道便民服务中心"]
    assert "Check in  09:30-10:10" in english
    assert "          社会保险参保登记（灵活就业人员）" in english


def test_the_code_is_as_large_as_the_paper_allows() -> None:
    for width_mm, size in ((80, 6), (58, 4)):
        code = next(b for b in booking_layout(BOOKING, width_mm) if isinstance(b, Line) and b.text == BOOKING.code)
        assert code.size == size


def test_without_a_phone_page_no_code_to_scan_is_printed() -> None:
    assert not any(isinstance(block, Qr) for block in booking_layout(replace(BOOKING, phone_url=None), 80))


def test_a_list_has_every_document_numbered_with_a_box_to_tick() -> None:
    text = lines(documents_layout(DOCUMENTS, 80))
    assert [line.split(".")[0] for line in text if line.startswith("[ ]")] == [f"[ ] {n}" for n in range(1, 12)]
    assert "今天      11月25日 周三" in text
    assert "          09:00-12:00 14:00-20:00" in text
    assert text[-1] == "打印时间  2026-11-25 10:32"
    english = lines(documents_layout(replace(DOCUMENTS, language=Language.ENGLISH), 80))
    assert "[ ] 1. ID card" in english


def test_a_matter_without_documents_says_so() -> None:
    assert "无需携带材料。" in lines(documents_layout(replace(DOCUMENTS, documents_zh=()), 80))


@given(
    text=st.text(max_size=90),
    documents=st.lists(st.text(max_size=90), max_size=14).map(tuple),
    language=st.sampled_from(Language),
    width_mm=st.sampled_from([80, 58]),
)
def test_no_line_is_ever_wider_than_the_paper(
    text: str, documents: tuple[str, ...], language: Language, width_mm: int
) -> None:
    booking = replace(BOOKING, hall_zh=text, hall_en=text, matter_zh=text, matter_en=text, documents_zh=documents)
    listed = replace(DOCUMENTS, hall_zh=text, matter_zh=text, matter_en=text, documents_zh=documents)
    both = (
        *booking_layout(replace(booking, language=language), width_mm),
        *documents_layout(replace(listed, language=language), width_mm),
    )
    for block in both:
        if isinstance(block, Line):
            assert columns_of(block.text) * block.size <= COLUMNS[width_mm]
