"""A visitor with several matters: what is still open, marked one by one, and what is asked at the end."""

from collections.abc import Collection, Mapping, Sequence

import msgspec
from textual.app import ComposeResult
from textual.content import Content

from counter_client.widgets.dialogs import Entry, KeyDialog
from counter_client.widgets.look import SOFT, fill, line, lines, pair
from counter_client.widgets.pane import Pane
from counter_client.widgets.tick import STEPS, Read, Tick
from counter_client.words import Tongue, Words
from hall_controller.domain import commands as c
from hall_controller.domain.bundle import MatterOutcome, documents_needed, matters_of, outcome_of
from hall_controller.domain.matters import Matter
from hall_controller.domain.ticket import Ticket

OUTCOMES = {
    MatterOutcome.OPEN: Words("待办", "open"),
    MatterOutcome.HANDLED: Words("已办", "done"),
    MatterOutcome.LEFT: Words("改日", "later"),
}
OUTCOME_STYLES = {MatterOutcome.OPEN: "", MatterOutcome.HANDLED: "$success", MatterOutcome.LEFT: SOFT}
BY_KEY = {"enter": MatterOutcome.HANDLED, "h": MatterOutcome.HANDLED, "x": MatterOutcome.LEFT, "o": MatterOutcome.OPEN}


class Row(msgspec.Struct, frozen=True):
    """One matter of a visit."""

    code: str
    name: Words
    outcome: MatterOutcome
    upcoming: bool
    """The next open one."""


def open_matters(ticket: Ticket) -> list[str]:
    return [one for one in matters_of(ticket) if outcome_of(ticket, one) is MatterOutcome.OPEN]


def next_open(ticket: Ticket) -> str | None:
    return next(iter(open_matters(ticket)), None)


def progress(ticket: Ticket) -> str:
    """`2/5`: handled, of all."""
    done = sum(outcome_of(ticket, one) is MatterOutcome.HANDLED for one in matters_of(ticket))
    return f"{done}/{len(matters_of(ticket))}"


def asks_at_the_end(ticket: Ticket | None) -> bool:
    """Whether finishing must ask what has become of the matters."""
    return ticket is not None and bool(ticket.more) and bool(open_matters(ticket))


def bundle_rows(ticket: Ticket, matters: Mapping[str, Matter]) -> tuple[Row, ...]:
    """All matters of a visit for several; none for a visit for one."""
    if not ticket.more:
        return ()
    upcoming = next_open(ticket)
    return tuple(
        Row(code, _name(code, matters), outcome_of(ticket, code), code == upcoming) for code in matters_of(ticket)
    )


def _name(code: str, matters: Mapping[str, Matter]) -> Words:
    matter = matters.get(code)
    return Words(matter.name_zh, matter.name_en) if matter else Words(code, code)


def matter_line(row: Row, tongue: Tongue) -> Content:
    """`> 待办 营业执照`: its state stands in words, not in colour alone."""
    style = "bold" if row.upcoming else OUTCOME_STYLES[row.outcome]
    state = fill(line((OUTCOMES[row.outcome].first(tongue), style)), 6)
    return line(("> " if row.upcoming else "  ", "bold"), state, pair(row.name, tongue, style))


def matter_lines(rows: Sequence[Row], tongue: Tongue, room: int) -> list[Content]:
    """As many as there is room for, the next open one among them."""
    at = next((place for place, row in enumerate(rows) if row.upcoming), 0)
    start = max(0, min(at - 1, len(rows) - room))
    return [matter_line(row, tongue) for row in rows[start : start + room]]


def documents_rows(codes: Sequence[str], matters: Mapping[str, Matter], tongue: Tongue) -> list[Content]:
    """One list without repeats for all the matters of a visit."""
    known = [matters[code] for code in codes if code in matters]
    chinese, english = documents_needed(known, english=False), documents_needed(known, english=True)
    if not chinese:
        return [pair(Words("无需材料", "none needed"), tongue)]
    if len(chinese) == len(english):
        return [line("- ", pair(Words(zh, en), tongue, "bold")) for zh, en in zip(chinese, english, strict=True)]
    return [line("- ", (name, "bold")) for name in (chinese if tongue == "zh" else english)]


def documents_page(ticket: Ticket, matters: Mapping[str, Matter], tongue: Tongue) -> Read:
    count = len(matters_of(ticket))
    of = Words(f"{ticket.number} 的材料，{count} 件合一单", f"Documents of {count} matters") if count > 1 else None
    title = of or Words(f"{ticket.number} 的材料", "Documents")
    return Read(title, documents_rows(matters_of(ticket), matters, tongue), tongue)


class MarkMatter(KeyDialog[tuple[str, MatterOutcome]]):
    """Choose one matter and say what has become of it."""

    def __init__(self, title: Words, rows: Sequence[Row], tongue: Tongue) -> None:
        super().__init__(title, tongue)
        self.rows = rows
        self.at = next((place for place, row in enumerate(rows) if row.upcoming), 0)

    def compose(self) -> ComposeResult:
        foot = Words("回车或 H 已办，X 改日，O 待办，Esc 返回", "Enter or H done, X later, O open, Esc")
        pane = Pane(id="ticks")
        pane.styles.height = min(16, len(self.rows))
        yield self.box(pane, foot=foot)

    def draw(self) -> None:
        pane = self.query_one("#ticks", Pane)
        columns, height = pane.room
        if min(columns, height) < 1:
            return
        start = max(0, min(self.at - height // 2, len(self.rows) - height))
        told = []
        for place, row in enumerate(self.rows[start : start + height], start):
            text = fill(line(f"{place + 1:>2} ", matter_line(row, self.tongue)), columns)
            told.append(line((text.plain, "bold reverse")) if place == self.at else text)
        pane.show(lines(told))

    @property
    def known(self) -> Collection[str]:
        return (*BY_KEY, *STEPS, *map(str, range(1, min(9, len(self.rows)) + 1)))

    def press(self, key: str) -> None:
        if key in STEPS:
            self.at = max(0, min(len(self.rows) - 1, self.at + STEPS[key]))
        elif key.isdigit():
            self.at = int(key) - 1
        else:
            self.dismiss((self.rows[self.at].code, BY_KEY[key]))
        self.draw_soon()


def finish_dialog(ticket: Ticket, matters: Mapping[str, Matter], tongue: Tongue) -> Tick:
    """Asked once: those that are ticked are handled, the others left for another day."""
    still = open_matters(ticket)
    entries = [Entry(code, pair(_name(code, matters), tongue, "bold")) for code in still]
    title = Words(f"{ticket.number} 办结 {len(still)} 件？", f"Finish {len(still)} open matters?")
    head = [pair(Words("没办的去掉勾，留到改日", "untick what is left for another day"), tongue, SOFT)]
    take = Words("办结", "finishes")
    return Tick(title, entries, tongue, ticked=still, head=head, take=take)


def finishing(counter: int, ticket: Ticket, done: Collection[str]) -> list[c.Command]:
    """What is left is noted before the service is finished."""
    left = [one for one in open_matters(ticket) if one not in done]
    marks: list[c.Command] = [
        c.HandleMatter(counter=counter, ticket=ticket.ticket, matter=one, outcome=MatterOutcome.LEFT) for one in left
    ]
    return [*marks, c.FinishService(counter=counter, ticket=ticket.ticket)]


def marked_words(wanted: c.HandleMatter, ticket: Ticket | None, matters: Mapping[str, Matter]) -> Words:
    """What is told of a mark, from the ticket as it is after it."""
    name, outcome = _name(wanted.matter, matters), OUTCOMES[wanted.outcome]
    if ticket is None:
        return Words(f"{name.zh} {outcome.zh}。", f"{name.en}: {outcome.en}.")
    left = Words("都有着落了，F 办结", "none open: F finishes")
    upcoming = next_open(ticket)
    if upcoming is not None:
        follows = _name(upcoming, matters)
        left = Words(f"下一件 {follows.zh}", f"next {follows.en}")
    at = progress(ticket)
    return Words(f"{at} {name.zh} {outcome.zh}；{left.zh}。", f"{at} {name.en} {outcome.en}; {left.en}.")
