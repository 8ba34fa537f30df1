"""What the receipt of an acceptance and the transfer list of papers that are sent say on paper: pure."""

import datetime as dt

import msgspec

from hall_controller.domain.acceptance import Carries
from hall_controller.domain.ticket import Language
from ticket_printer.printer.layout import (
    COLUMNS,
    Barcode,
    Block,
    Gap,
    Layout,
    Line,
    Qr,
    Rule,
    columns_of,
    hall_names,
    row,
    size_for,
    wrapped,
)
from ticket_printer.printer.slips import BOX, numbered, ticked

LABEL_COLUMNS = 10
SIGNATURE_GAP = 2
"""Empty lines to sign in."""


class ReceiptFacts(msgspec.Struct, frozen=True, kw_only=True):
    """All that stands on the receipt of an acceptance. Nothing of the rating on which it was accepted."""

    hall_zh: str
    hall_en: str
    language: Language
    receipt: str
    matter_zh: str
    matter_en: str
    department_zh: str
    department_en: str
    """Empty where the catalogue has none."""
    number: str
    counter: int | None
    accepted_at: dt.datetime
    outstanding_zh: tuple[str, ...] = ()
    outstanding_en: tuple[str, ...] = ()
    documents_due: str = ""
    """In the language of the receipt, as are the other days: `12月3日 周四`."""
    result_due: str = ""
    pickup: str = ""
    """What the kiosk's button for results says, in the language of the receipt; empty where the hall has none."""
    phone_url: str | None = None
    copy: int = 0
    """n for its n-th reprint."""


class ListedReceipt(msgspec.Struct, frozen=True):
    receipt: str
    matter: str


class ConsignmentFacts(msgspec.Struct, frozen=True, kw_only=True):
    """All that stands on a transfer list. It is for staff: Chinese, with English beside what a stranger must know."""

    hall_zh: str
    hall_en: str
    from_hall: str
    to_hall: str
    consignment: str
    carries: Carries
    sent_at: dt.datetime
    due_at: dt.datetime
    receipts: tuple[ListedReceipt, ...]
    copy: int = 0


def receipt_layout(facts: ReceiptFacts, width_mm: int) -> Layout:
    columns, english = COLUMNS[width_mm], facts.language is Language.ENGLISH
    blocks: list[Block] = hall_names(facts.hall_zh, facts.hall_en, columns, english=english)
    title = "Receipt 受理回执" if english else "受理回执"
    blocks += [Gap(), Line(title, size=2, bold=True, center=True), *_copy(facts.copy, columns)]
    blocks += [*_number(facts.receipt, columns), Rule()]
    matter = [("For", facts.matter_en), ("", facts.matter_zh)] if english else [("事项", facts.matter_zh)]
    office = [("承办部门", facts.department_zh)]
    if english:
        office = [("Office", facts.department_en), ("" if facts.department_en else "Office", facts.department_zh)]
    promised = f"{facts.result_due}前" if facts.result_due and not english else facts.result_due
    counter = "" if facts.counter is None else f"Counter {facts.counter}" if english else f"{facts.counter}号窗口"
    rows = (
        *matter,
        *office,
        ("Number" if english else "号码", facts.number),
        ("Accepted" if english else "受理时间", facts.accepted_at.strftime("%Y-%m-%d %H:%M")),
        ("At" if english else "受理窗口", counter),
        ("Result by" if english else "承诺办结", promised),
    )
    for label, value in rows:
        if value:
            blocks += row(label, value, columns, LABEL_COLUMNS)
    blocks += [Rule(), *_outstanding(facts, columns, english=english)]
    blocks += [Line("To collect the result" if english else "如何领取结果", bold=True)]
    blocks += wrapped(_collect(facts.pickup, english=english), columns)
    if facts.phone_url:
        blocks += [Gap(), Qr(facts.phone_url)]
        blocks += wrapped("Scan to see where it stands" if english else "扫码查看办理进度", columns, center=True)
    blocks += wrapped("Please keep this receipt." if english else "请妥善保管，凭此领取。", columns, center=True)
    return tuple(blocks)


def _copy(copy: int, columns: int) -> list[Block]:
    """A paper that was printed again says so, as a ticket does."""
    return wrapped(f"补打 REPRINT  第{copy}次", columns, bold=True, center=True) if copy else []


def _number(number: str, columns: int, *, low: bool = False) -> list[Block]:
    size = 1 if low else size_for(number, columns, 2)
    return [Line(number, size=size, bold=True, center=True), Barcode(number, low)]


def _outstanding(facts: ReceiptFacts, columns: int, *, english: bool) -> list[Block]:
    documents = facts.outstanding_zh
    if english:
        documents = tuple(en or zh for en, zh in zip(facts.outstanding_en, documents, strict=False)) or documents
    if not documents:
        return []
    due = facts.documents_due
    by = f", by {due}" if english and due else f"（{due}前）" if due else ""
    blocks: list[Block] = wrapped(f"Still to bring{by}:" if english else f"还需补交{by}：", columns, bold=True)
    for number, document in enumerate(documents, 1):
        blocks += ticked(number, document, columns)
    note = "Show this receipt at any counter." if english else "补交时请在窗口出示本回执。"
    return [*blocks, *wrapped(note, columns), Rule()]


def _collect(pickup: str, *, english: bool) -> str:
    if english:
        how = (
            f'touch "{pickup}" at the kiosk and scan the bars above'
            if pickup
            else "take a number at the kiosk or ask at reception"
        )
        return f"When it is ready, come to this hall with this receipt and your ID, {how}, and wait for your call."
    how = f"在取号机选“{pickup}”并扫描上面的条码" if pickup else "在取号机取号或询问导办台"
    return f"办结后请带本回执和身份证到本大厅，{how}，等候叫号。"


def consignment_layout(facts: ConsignmentFacts, width_mm: int) -> Layout:
    columns = COLUMNS[width_mm]
    blocks: list[Block] = hall_names(facts.hall_zh, facts.hall_en, columns, english=False)
    title = "交接单 TRANSFER LIST"
    size = 2 if columns_of(title) * 2 <= columns else 1
    blocks += [Gap(), Line(title, size=size, bold=True, center=True), *_copy(facts.copy, columns)]
    blocks += [*_number(facts.consignment, columns), Rule()]
    carries = "办理结果 Results" if facts.carries is Carries.RESULTS else "申请材料 Materials"
    rows = (
        ("发出 From", facts.from_hall),
        ("送往 To", facts.to_hall),
        ("内容", f"{carries}，共{len(facts.receipts)}件"),
        ("发出时间", facts.sent_at.strftime("%Y-%m-%d %H:%M")),
        ("应达时间", facts.due_at.strftime("%Y-%m-%d %H:%M")),
    )
    for label, value in rows:
        blocks += row(label, value, columns, LABEL_COLUMNS + 1)
    blocks.append(Rule())
    for number, one in enumerate(facts.receipts, 1):
        blocks += [*numbered(f"{BOX} {number}. ", one.matter, columns), *_number(one.receipt, columns, low=True)]
    blocks.append(Rule())
    for who in ("交出人 Given by", "接收人 Received by"):
        blocks += [Gap(SIGNATURE_GAP), Line(_ruled(who, columns))]
    blocks += [Gap(), *wrapped("接收时请逐件扫码核对。 Scan each at arrival.", columns, center=True)]
    return tuple(blocks)


def _ruled(who: str, columns: int) -> str:
    """Who signs, and on which day."""
    date = " 日期 ______"
    who = who if columns >= COLUMNS[80] else who.partition(" ")[0]
    return f"{who} ".ljust(columns - columns_of(date) - columns_of(who) + len(who), "_") + date
