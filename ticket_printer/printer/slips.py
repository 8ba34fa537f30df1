"""What a booking and a document list say on paper: pure."""

import datetime as dt

import msgspec

from hall_controller.domain.ticket import Language
from ticket_printer.printer.layout import (
    COLUMNS,
    Block,
    Gap,
    Layout,
    Line,
    Qr,
    Rule,
    clean,
    documents_to_bring,
    hall_names,
    row,
    size_for,
    wrap,
    wrapped,
)

BOX = "[ ]"
"""To tick off; every printer has these."""
MATTERS_NAMED = 8
"""On a document list; of more only how many."""
LATER = " *"
LATER_ZH = "带 * 的材料如暂时没有，也可先来办理，能否后补由窗口当场确定。"
LATER_EN = "Without one marked * you may come all the same: the counter decides whether it can follow later."


class BookingFacts(msgspec.Struct, frozen=True, kw_only=True):
    """All that stands on the slip of a booking."""

    hall_zh: str
    hall_en: str
    language: Language
    day: str
    """With its weekday, in the language of the slip: `11月26日 周四`."""
    time: str
    check_in_from: str
    check_in_until: str
    code: str
    """What its visitor types at the kiosk."""
    unconfirmed: str = ""
    """Said below the day where nobody can promise yet that the hall is open then."""
    matter_zh: str
    matter_en: str
    phone_url: str | None = None
    documents_zh: tuple[str, ...] = ()
    documents_en: tuple[str, ...] = ()


class DocumentsFacts(msgspec.Struct, frozen=True, kw_only=True):
    """All that stands on a document list, of one matter or of several."""

    hall_zh: str
    hall_en: str
    language: Language
    matter_zh: str
    matter_en: str
    more_zh: tuple[str, ...] = ()
    """Names of further matters whose documents are in the same list."""
    more_en: tuple[str, ...] = ()
    documents_zh: tuple[str, ...]
    documents_en: tuple[str, ...]
    later: tuple[int, ...] = ()
    """Numbers, from 1 on, of those in the list of the visitor's language without which a counter may accept."""
    hours: tuple[tuple[str, str], ...]
    """When the hall serves: today, and when it opens next."""
    printed_at: dt.datetime


def booking_layout(facts: BookingFacts, width_mm: int) -> Layout:
    columns, english = COLUMNS[width_mm], facts.language is Language.ENGLISH
    documents = (facts.documents_en or facts.documents_zh) if english else facts.documents_zh
    title = "Your booking" if english else "预约单"
    blocks: list[Block] = hall_names(facts.hall_zh, facts.hall_en, columns, english=english)
    blocks += [Gap(), Line(title, center=True)]
    blocks += wrapped(facts.day, columns, size=size_for(facts.day, columns, 3), bold=True, center=True)
    blocks.append(Line(facts.time, size=size_for(facts.time, columns, 5), bold=True, center=True))
    blocks += wrapped(facts.unconfirmed, columns, center=True) if facts.unconfirmed else []
    blocks += [Gap(), Line("Booking code" if english else "预约编号", center=True)]
    blocks.append(Line(facts.code, size=size_for(facts.code, columns, 6), bold=True, center=True))
    blocks.append(Rule())
    matter = [("For", facts.matter_en), ("", facts.matter_zh)] if english else [("事项", facts.matter_zh)]
    span = f"{facts.check_in_from}-{facts.check_in_until}"
    for label, value in (*matter, ("Check in" if english else "签到时间", span)):
        blocks += row(label, value, columns, 10)
    blocks += wrapped(_how(english), columns)
    blocks += [Rule(), *documents_to_bring(documents, columns, english=english)]
    if facts.phone_url:
        blocks.append(Qr(facts.phone_url))
        blocks += wrapped("Scan to keep your booking" if english else "扫码查看预约", columns, center=True)
    return tuple(blocks)


def _how(english: bool) -> str:
    if english:
        return 'At the kiosk touch "Check in" and type the code. Later than that you queue without a booking.'
    return "到大厅取号机按“预约签到”，输入编号取号。过时按现场取号排队。"


def documents_layout(facts: DocumentsFacts, width_mm: int) -> Layout:
    """Every document, however many: this paper is what the visitor came for."""
    columns, english = COLUMNS[width_mm], facts.language is Language.ENGLISH
    documents = (facts.documents_en or facts.documents_zh) if english else facts.documents_zh
    matters = [facts.matter_en, facts.matter_zh] if english else [facts.matter_zh]
    blocks: list[Block] = hall_names(facts.hall_zh, facts.hall_en, columns, english=english)
    blocks += [Gap(), Line("Documents to bring" if english else "办事材料清单", center=True)]
    for number, matter in enumerate(filter(None, matters)):
        size = 2 if number == 0 and not english and not facts.more_zh else 1
        blocks += wrapped(matter, columns, size=size, bold=True, center=True)
    for matter in (facts.more_en if english else facts.more_zh)[: MATTERS_NAMED - 1]:
        blocks += wrapped(matter, columns, bold=True, center=True)
    count = 1 + len(facts.more_zh)
    if count > MATTERS_NAMED:
        blocks.append(Line(f"and more: {count} matters in all" if english else f"等共{count}个事项", center=True))
    blocks.append(Rule())
    if not documents:
        blocks += wrapped("No documents are needed." if english else "无需携带材料。", columns)
    for number, document in enumerate(documents, 1):
        blocks += ticked(number, document + LATER if number in facts.later else document, columns)
    if facts.later:
        blocks += [Gap(), *wrapped(LATER_EN if english else LATER_ZH, columns)]
    blocks.append(Rule())
    for label, value in facts.hours:
        blocks += row(label, value, columns, 10)
    printed = facts.printed_at.strftime("%Y-%m-%d %H:%M")
    blocks += row("Printed" if english else "打印时间", printed, columns, 10)
    return tuple(blocks)


def ticked(number: int, document: str, columns: int) -> list[Block]:
    return numbered(f"{BOX} {number}. ", document, columns)


def numbered(head: str, text: str, columns: int) -> list[Block]:
    """A text that hangs beside its head, which is ASCII."""
    indent = " " * len(head)
    first, *rest = wrap(clean(text), columns - len(indent)) or [""]
    return [Line(head + first), *(Line(indent + more) for more in rest)]
