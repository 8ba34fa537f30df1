"""What a ticket says, and how large: pure. A layout is a tuple of blocks that `encode` turns into bytes."""

import datetime as dt
import unicodedata

import msgspec

from hall_controller.domain.ticket import Language, VisitorClass
from hall_controller.i18n import waits
from hall_controller.i18n.words import Tongue

COLUMNS = {80: 48, 58: 32}
"""Characters of font A in a line, by paper width in mm; a Chinese character takes two."""
MAX_DOCUMENTS = 8
MAX_MATTERS = 5
"""Named on a ticket; of more only how many."""


class TicketFacts(msgspec.Struct, frozen=True, kw_only=True):
    """All that stands on one ticket."""

    hall_zh: str
    hall_en: str
    number: str
    matter_zh: str
    matter_en: str
    more_zh: tuple[str, ...] = ()
    """Names of the further matters of the same visit."""
    more_en: tuple[str, ...] = ()
    theme_zh: str = ""
    """What the matters are for, where they are of one theme."""
    theme_en: str = ""
    receipt: str | None = None
    """Of the result that the visitor has come for."""
    visitor_class: VisitorClass
    language: Language
    issued_at: dt.datetime
    """The hall's local time."""
    ahead: int | None = None
    predicted_wait_s: int | None = None
    predicted_bound_s: int | None = None
    phone_url: str | None = None
    """The whole address, token included; None prints no QR code."""
    documents_zh: tuple[str, ...] = ()
    documents_en: tuple[str, ...] = ()
    missed_grace_s: int = 1800
    copy: int = 0
    """0 for the ticket itself, n for its n-th reprint."""
    printed_at: dt.datetime | None = None
    """When a reprint was printed: what it says of the queue is true then."""


class Line(msgspec.Struct, frozen=True):
    text: str
    size: int = 1
    """1 to 8: how many times as wide and as high as a plain character."""
    bold: bool = False
    center: bool = False


class Rule(msgspec.Struct, frozen=True):
    """A line across the paper."""


class Gap(msgspec.Struct, frozen=True):
    lines: int = 1


class Qr(msgspec.Struct, frozen=True):
    content: str


class Barcode(msgspec.Struct, frozen=True):
    """Code 128 of exactly this text, which the paper says in words too."""

    content: str
    low: bool = False
    """One of many: less high."""


Block = Line | Rule | Gap | Qr | Barcode
Layout = tuple[Block, ...]


def ticket_layout(facts: TicketFacts, width_mm: int) -> Layout:
    """The ticket in the visitor's language; whoever asked for English finds the Chinese hall and matter too."""
    columns = COLUMNS[width_mm]
    english = facts.language is Language.ENGLISH
    blocks: list[Block] = []
    if facts.copy:
        words = ("补打 REPRINT", f"第{facts.copy}次")
        joined = " ".join(words)
        fits = columns_of(joined) * 2 <= columns
        blocks += [Line(line, size=2, bold=True, center=True) for line in ((joined,) if fits else words)]
    blocks += hall_names(facts.hall_zh, facts.hall_en, columns, english=english)
    blocks += [Gap(), Line("Your number" if english else "您的号码", center=True)]
    documents = (facts.documents_en or facts.documents_zh) if english else facts.documents_zh
    number = clean(facts.number)
    blocks.append(Line(number, size=size_for(number, columns, 8), bold=True, center=True))
    if facts.visitor_class is VisitorClass.PRIORITY:
        blocks.append(Line("Priority 优先" if english else "优先", size=2, bold=True, center=True))
    elif facts.visitor_class is VisitorClass.APPOINTMENT:
        blocks.append(Line("Appointment 预约" if english else "预约", size=2, bold=True, center=True))
    blocks += [Rule(), *_queue(facts, columns), Rule(), *documents_to_bring(documents, columns, english=english)]
    if facts.phone_url:
        blocks.append(Qr(facts.phone_url))
        hint = "Scan to see your place in the queue" if english else "扫码随时查看排队进度"
        blocks += wrapped(hint, columns, center=True)
    blocks += wrapped(_note(facts), columns, center=True)
    return tuple(blocks)


def self_test_layout(hall_zh: str, hall_en: str, printed_at: dt.datetime, width_mm: int) -> Layout:
    """A page that shows at a glance whether Chinese, sizes, width, QR code, barcode and cutter are right."""
    columns = COLUMNS[width_mm]
    ruler = "".join(str(n % 10) for n in range(1, columns + 1))
    return (
        Line("打印测试 SELF TEST", size=2, bold=True, center=True),
        *wrapped(hall_zh, columns, bold=True, center=True),
        *wrapped(hall_en, columns, center=True),
        Line("A001", size=size_for("A001", columns, 8), bold=True, center=True),
        Line(ruler),
        *wrapped("宽度：上一行数字应正好占满一行。", columns),
        *wrapped("标点：，。；：？！（）《》“”　全角：Ａ００１", columns),
        *wrapped("生僻字：䶵龦（画出）", columns),
        Rule(),
        Qr("https://example.org/self-test"),
        Barcode("SELF-TEST-0001"),
        Line(printed_at.strftime("%Y-%m-%d %H:%M:%S"), center=True),
    )


_BLANK = {"Cc", "Cf", "Cs", "Zl", "Zp", "Zs"}
"""Rare surnames may be in private use, or too new for our tables: they stay, and are drawn."""


def clean(text: str) -> str:
    """Printable characters alone: a name from a catalogue must not carry a command to the printer."""
    return "".join(" " if unicodedata.category(c) in _BLANK and c != "\u3000" else c for c in text).strip(" ")


def columns_of(text: str) -> int:
    """Columns that a text takes on paper: one for ASCII, two for whatever the Chinese font prints."""
    return sum(1 if c.isascii() else 2 for c in text)


def wrap(text: str, columns: int) -> list[str]:
    """Break between words, and between any two Chinese characters; closing punctuation never begins a line."""
    lines: list[str] = []
    line = ""
    for piece in _pieces(text):
        if columns_of(line + piece.rstrip(" ")) <= columns:
            line += piece
            continue
        taken = line[-1] if piece in _CLOSING and len(line) > 1 else ""  # goes down with the mark that follows it
        lines.append(line.removesuffix(taken).rstrip(" "))
        line = (taken + piece).lstrip(" ")
        while columns_of(line) > columns:
            cut = _cut_at(line, columns)
            lines.append(line[:cut])
            line = line[cut:]
    return [kept for kept in (*lines, line.rstrip(" ")) if kept]


_CLOSING = "，。；：？！、）》”’"


def _pieces(text: str) -> list[str]:
    pieces: list[str] = []
    for char in text:
        joins = bool(pieces) and char.isascii() and pieces[-1].isascii() and not pieces[-1].endswith(" ")
        if joins:
            pieces[-1] += char
        else:
            pieces.append(char)
    return pieces


def _cut_at(text: str, columns: int) -> int:
    width = 0
    for index, char in enumerate(text):
        width += columns_of(char)
        if width > columns:
            return max(1, index)
    return len(text)


def size_for(text: str, columns: int, largest: int) -> int:
    return next((size for size in range(largest, 1, -1) if columns_of(text) * size <= columns), 1)


def wrapped(text: str, columns: int, *, size: int = 1, bold: bool = False, center: bool = False) -> list[Block]:
    return [Line(line, size, bold, center) for line in wrap(clean(text), columns // size)]


def _queue(facts: TicketFacts, columns: int) -> list[Block]:
    english = facts.language is Language.ENGLISH
    label_columns = 9 if english else 10
    rows = matter_rows(facts, english=english)
    if facts.receipt:
        rows.append(("Receipt" if english else "回执号", facts.receipt))
    if facts.ahead is not None:
        rows.append(
            ("Ahead", "1 person" if facts.ahead == 1 else f"{facts.ahead} people")
            if english
            else ("前面等候", f"{facts.ahead}人")
        )
        wait, *more = _wait_lines(facts, columns - label_columns)
        rows += [("Wait" if english else "预计等候", wait), *(("", line) for line in more)]
    rows.append(("Taken" if english else "取号时间", facts.issued_at.strftime("%Y-%m-%d %H:%M")))
    if facts.copy and facts.printed_at:
        rows.append(("Reprint" if english else "补打时间", facts.printed_at.strftime("%Y-%m-%d %H:%M")))
    return [block for label, value in rows for block in row(label, value, columns, label_columns)]


def matter_rows(facts: TicketFacts, *, english: bool) -> list[tuple[str, str]]:
    """What the visit is for: the theme and how many matters it takes, or the matters, the first few by name."""
    count = 1 + len(facts.more_zh)
    if facts.theme_zh:
        rows = [("For", facts.theme_en), ("", facts.theme_zh)] if english else [("办理主题", facts.theme_zh)]
        return [*rows, ("", f"{count} matters in one visit" if english else f"共{count}个事项，一次办理")]
    names_zh = (facts.matter_zh, *facts.more_zh)
    if not english:
        rows = [("" if place else "事项", name) for place, name in enumerate(names_zh[:MAX_MATTERS])]
        return rows if count <= MAX_MATTERS else [*rows, ("", f"等共{count}个事项")]
    both = zip((facts.matter_en, *facts.more_en), names_zh, strict=True)
    rows = [row for en, zh in both for row in (("", en), ("", zh))][: 2 * MAX_MATTERS]
    rows[0] = ("For", rows[0][1])
    return rows if count <= MAX_MATTERS else [*rows, ("", f"and more: {count} matters in all")]


def _wait_lines(facts: TicketFacts, columns: int) -> list[str]:
    """In one line where there is room, else how sure it is in a line of its own."""
    known = (facts.predicted_wait_s, facts.predicted_bound_s)
    tongue: Tongue = "en" if facts.language is Language.ENGLISH else "zh"
    whole, most = waits.whole(*known).first(tongue), waits.most(*known).first(tongue)
    return [whole] if columns_of(whole) <= columns or not most else [waits.wait(known[0]).first(tongue), most]


def row(label: str, value: str, columns: int, label_columns: int) -> list[Block]:
    values = wrap(clean(value), columns - label_columns) or [""]
    first = label + " " * (label_columns - columns_of(label)) + values[0]
    return [Line(first), *(Line(" " * label_columns + rest) for rest in values[1:])]


def hall_names(zh: str, en: str, columns: int, *, english: bool) -> list[Block]:
    """Both names on an English paper: the staff read Chinese."""
    names = filter(None, [en, zh] if english else [zh])
    return [
        line
        for name in names
        for line in wrapped(name, columns, size=size_for(name, columns, 2), bold=True, center=True)
    ]


def documents_to_bring(documents: tuple[str, ...], columns: int, *, english: bool) -> list[Block]:
    if not documents:
        return []
    blocks: list[Block] = [Line("Please have ready:" if english else "请准备好：", bold=True)]
    for document in documents[:MAX_DOCUMENTS]:
        first, *rest = wrap(clean(document), columns - 2) or [""]
        blocks += [Line("- " + first), *(Line("  " + more) for more in rest)]
    if len(documents) > MAX_DOCUMENTS:
        blocks.append(Line("- and more: please ask" if english else "- 其余材料请咨询工作人员"))
    return [*blocks, Rule()]


def _note(facts: TicketFacts) -> str:
    minutes = facts.missed_grace_s // 60
    if facts.language is Language.ENGLISH:
        return f"Missed your call? Tell our staff within {minutes} minutes."
    return f"过号后{minutes}分钟内，请找工作人员重新排队。"
