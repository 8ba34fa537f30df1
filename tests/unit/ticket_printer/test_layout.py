"""What stands on a ticket, and how its lines break."""

import datetime as dt
import re

import pytest
from hypothesis import given
from hypothesis import strategies as st
from msgspec.structs import replace

from hall_controller.domain.ticket import Language, VisitorClass
from ticket_printer.printer.layout import COLUMNS, Line, Qr, TicketFacts, clean, columns_of, ticket_layout, wrap

SHENZHEN = dt.timezone(dt.timedelta(hours=8))
FACTS = TicketFacts(
    hall_zh="福海街道便民服务中心",
    hall_en="Fuhai Street Public Service Hall",
    number="A001",
    matter_zh="社会保险参保登记（灵活就业人员）",
    matter_en="Social insurance registration for flexibly employed persons",
    visitor_class=VisitorClass.ORDINARY,
    language=Language.MANDARIN,
    issued_at=dt.datetime(2026, 11, 24, 10, 32, tzinfo=SHENZHEN),
    ahead=12,
    predicted_wait_s=1500,
    predicted_bound_s=2400,
    phone_url="http://127.0.0.1:8082/t/abc",
    documents_zh=("身份证原件", "户口簿原件及复印件"),
    documents_en=("ID card", "Household register, original and copy"),
)


def texts(facts: TicketFacts, width_mm: int = 80) -> list[str]:
    return [block.text for block in ticket_layout(facts, width_mm) if isinstance(block, Line)]


def test_a_chinese_ticket_says_all_that_its_visitor_needs() -> None:
    lines = texts(FACTS)
    assert lines[:3] == ["福海街道便民服务中心", "您的号码", "A001"]
    assert "事项      社会保险参保登记（灵活就业人员）" in lines
    assert "前面等候  12人" in lines
    assert "预计等候  约25分钟（多数不超过40分钟）" in lines
    assert "取号时间  2026-11-24 10:32" in lines
    assert "- 户口簿原件及复印件" in lines
    assert lines[-1] == "过号后30分钟内，请找工作人员重新排队。"
    assert Qr("http://127.0.0.1:8082/t/abc") in ticket_layout(FACTS, 80)


def test_an_english_ticket_keeps_the_chinese_names_for_the_staff() -> None:
    lines = texts(replace(FACTS, language=Language.ENGLISH))
    assert lines[:4] == ["Fuhai Street Public Service Hall", "福海街道便民服务中心", "Your number", "A001"]
    assert "         社会保险参保登记（灵活就业人员）" in lines
    assert "Wait     about 25 min (most wait under 40 min)" in lines
    assert "- ID card" in lines


def test_on_narrow_paper_how_sure_a_wait_is_has_a_line_of_its_own() -> None:
    lines = texts(FACTS, 58)
    assert lines[lines.index("预计等候  约25分钟") + 1] == "          多数不超过40分钟"
    lines = texts(replace(FACTS, language=Language.ENGLISH), 58)
    assert lines[lines.index("Wait     about 25 min") + 1] == "         most wait under 40 min"
    certain = texts(replace(FACTS, predicted_bound_s=None), 58)
    assert certain[certain.index("预计等候  约25分钟") + 1].startswith("取号时间")


@pytest.mark.parametrize("language", [Language.MANDARIN, Language.ENGLISH])
@given(wait_s=st.integers(1, 18_000), more_s=st.integers(0, 16_000))
def test_how_sure_a_wait_is_is_never_broken_in_two(language: Language, wait_s: int, more_s: int) -> None:
    facts = replace(FACTS, language=language, predicted_wait_s=wait_s, predicted_bound_s=wait_s + more_s)
    said = [line for line in texts(facts, 58) if "多数" in line or "most wait" in line]
    assert all(re.search(r"(分钟|小时|min|h)[）)]?$", line) for line in said)


def test_a_cantonese_ticket_is_chinese() -> None:
    assert texts(replace(FACTS, language=Language.CANTONESE)) == texts(FACTS)


def test_class_and_copy_are_large_on_top() -> None:
    assert "优先" in texts(replace(FACTS, visitor_class=VisitorClass.PRIORITY))
    assert "预约" in texts(replace(FACTS, visitor_class=VisitorClass.APPOINTMENT))
    first = ticket_layout(replace(FACTS, copy=2, printed_at=dt.datetime(2026, 11, 24, 11, 5, tzinfo=SHENZHEN)), 80)[0]
    assert first == Line("补打 REPRINT 第2次", size=2, bold=True, center=True)


def test_without_a_prediction_a_token_or_documents_nothing_empty_is_printed() -> None:
    lines = texts(replace(FACTS, ahead=None, predicted_wait_s=None, phone_url=None, documents_zh=()))
    assert not any(line.startswith(("前面", "预计", "请准备")) for line in lines)
    assert not any(isinstance(b, Qr) for b in ticket_layout(replace(FACTS, phone_url=None), 80))
    assert "预计等候  未知" in texts(replace(FACTS, predicted_wait_s=None))


def test_the_number_is_as_large_as_the_paper_allows() -> None:
    def size(number: str, width_mm: int) -> int:
        layout = ticket_layout(replace(FACTS, number=number), width_mm)
        return next(block.size for block in layout if isinstance(block, Line) and block.text == number)

    assert size("A001", 80) == 8
    assert size("A001", 58) == 8
    assert size("A1000", 58) == 6
    assert size("PBX1000", 80) == 6


def test_no_command_comes_to_the_printer_by_a_name() -> None:
    nasty = "窗口\x1b@\x1dV\x00\n一\x10\x04\x01"
    assert clean(nasty) == "窗口 @ V  一"
    assert all("\x1b" not in line for line in texts(replace(FACTS, matter_zh=nasty, hall_zh=nasty)))


@given(
    facts=st.builds(
        TicketFacts,
        hall_zh=st.text(max_size=60),
        hall_en=st.text(max_size=60),
        number=st.from_regex(r"[A-Z]{1,3}\d{3,4}", fullmatch=True),
        matter_zh=st.text(max_size=80),
        matter_en=st.text(max_size=80),
        visitor_class=st.sampled_from(VisitorClass),
        language=st.sampled_from(Language),
        issued_at=st.just(FACTS.issued_at),
        ahead=st.none() | st.integers(0, 5000),
        predicted_wait_s=st.none() | st.integers(0, 40_000),
        predicted_bound_s=st.none() | st.integers(0, 80_000),
        documents_zh=st.lists(st.text(max_size=90), max_size=12).map(tuple),
        copy=st.integers(0, 3),
    ),
    width_mm=st.sampled_from([80, 58]),
)
def test_no_line_is_ever_wider_than_the_paper(facts: TicketFacts, width_mm: int) -> None:
    for block in ticket_layout(facts, width_mm):
        if isinstance(block, Line):
            assert columns_of(block.text) * block.size <= COLUMNS[width_mm]


@given(st.text(alphabet="中文，。（abc 1-", max_size=60), st.integers(4, 48))
def test_wrapping_fits_and_loses_nothing_but_spaces(text: str, columns: int) -> None:
    lines = wrap(text, columns)
    assert "".join(lines).replace(" ", "") == text.replace(" ", "")
    assert all(columns_of(line) <= columns for line in lines)


def test_lines_break_between_words_and_before_no_closing_mark() -> None:
    assert wrap("Household register and copy", 12) == ["Household", "register and", "copy"]
    assert wrap("一二三四五。", 10) == ["一二三四", "五。"]
