"""What must be sent to other halls, what is on its way, and what is coming: a list to tick and send from."""

from collections.abc import Collection, Mapping, Sequence

import msgspec
from textual.app import ComposeResult
from textual.content import Content
from textual.widgets import Static

from counter_client.papers.hearing import HearingDialog
from counter_client.papers.receipts import canonical, is_consignment
from counter_client.papers.scanner import Ear
from counter_client.papers.words import accepted_matter, consignment_words, owed_words
from counter_client.widgets.look import SOFT, badge, fill, line, lines, pair
from counter_client.widgets.pane import Pane
from counter_client.widgets.tick import STEPS, TICKED, UNTICKED
from counter_client.words import Tongue, Words
from hall_controller.domain.acceptance import (
    Acceptance,
    AcceptanceState,
    Carries,
    Consignment,
    is_overdue,
    is_under_way,
)
from hall_controller.domain.hall import Hall, in_force
from hall_controller.domain.matters import Matter
from hall_controller.i18n.terms import CARRIES

LIST_MAX = 200
"""Receipts on one transfer list at most."""


class Batch(msgspec.Struct, frozen=True):
    """What may go on one transfer list: of one kind, to one hall."""

    to_hall: str
    carries: Carries
    receipts: tuple[Acceptance, ...]
    """The oldest first."""


def to_send(hall: Hall) -> list[Batch]:
    """Papers of what was accepted here and is decided elsewhere; results of what was decided here for others."""
    found: dict[tuple[str, Carries], list[Acceptance]] = {}
    for one in sorted(hall.acceptances.values(), key=lambda one: (one.accepted_at_ms, one.receipt)):
        if one.state is AcceptanceState.ACCEPTED and one.to_hall and not one.from_hall:
            found.setdefault((one.to_hall, Carries.MATERIALS), []).append(one)
        elif one.state is AcceptanceState.DECIDED and one.from_hall:
            found.setdefault((one.from_hall, Carries.RESULTS), []).append(one)
    return [Batch(to, carries, tuple(found[to, carries])) for to, carries in sorted(found)]


def first_ticks(batches: Sequence[Batch]) -> set[str]:
    """All that is complete; papers of which a document is still to come wait, unless they are ticked by hand."""
    return {one.receipt for batch in batches for one in [o for o in batch.receipts if not o.outstanding_zh][:LIST_MAX]}


def under_way(hall: Hall, at_ms: int) -> tuple[list[Consignment], list[Consignment]]:
    """What this hall has sent, and what is coming; the overdue first, then by when it is due."""
    own = in_force(hall).hall
    found = sorted(
        (one for one in hall.consignments.values() if is_under_way(one)),
        key=lambda one: (not is_overdue(one, at_ms), one.due_ms or 0, one.consignment),
    )
    return [one for one in found if one.from_hall == own], [one for one in found if one.from_hall != own]


class Row(msgspec.Struct, frozen=True):
    """A line of the list. One with a receipt can be ticked, one with a consignment opened to be received."""

    text: Content
    receipt: str = ""
    batch: int = -1
    consignment: str = ""
    reprint: str = ""
    """A list of this hall, which can be printed again."""

    @property
    def does(self) -> bool:
        """Whether the mark stops at it."""
        return bool(self.receipt or self.consignment or self.reprint)


def papers_rows(
    hall: Hall,
    batches: Sequence[Batch],
    ticked: Collection[str],
    matters: Mapping[str, Matter],
    tongue: Tongue,
    at_ms: int,
) -> list[Row]:
    rows: list[Row] = []
    for place, batch in enumerate(batches):
        count = sum(one.receipt in ticked for one in batch.receipts)
        what, all_of_them = CARRIES[batch.carries], len(batch.receipts)
        head = Words(
            f"送 {batch.to_hall}：{what.zh}，勾选 {count}/{all_of_them}",
            f"to {batch.to_hall}: {what.en}, {count} of {all_of_them} ticked",
        )
        rows.append(Row(pair(head, tongue, "bold $accent"), batch=place))
        for one in batch.receipts:
            owed = owed_words(one)
            text = line(
                f"{TICKED if one.receipt in ticked else UNTICKED} ",
                (one.receipt.ljust(18), "bold"),
                (f"{owed.first(tongue)} " if owed else "", "bold $warning"),
                pair(accepted_matter(one, matters), tongue),
            )
            rows.append(Row(text, one.receipt, place))
    if not batches:
        rows.append(Row(pair(Words("没有要送的", "nothing to send"), tongue, SOFT)))
    sent, coming = under_way(hall, at_ms)
    for words, some, arrow in (
        (Words("已送出，还没收齐", "sent, not yet all arrived"), sent, "->"),
        (Words("要收到的", "coming here"), coming, "<-"),
    ):
        if some:
            rows += [Row(Content("")), Row(pair(words, tongue, "bold $accent"))]
            rows += [_under_way_row(one, hall, arrow, tongue, at_ms) for one in some]
    return rows


def _under_way_row(one: Consignment, hall: Hall, arrow: str, tongue: Tongue, at_ms: int) -> Row:
    words = consignment_words(one, in_force(hall), at_ms)
    other = one.to_hall if arrow == "->" else one.from_hall
    overdue = is_overdue(one, at_ms)
    text = line(
        (one.consignment.ljust(18), "bold"),
        f" {arrow} {other.ljust(8)} ",
        fill(line(CARRIES[one.carries].first(tongue)), 8),
        badge(words.first(tongue), "$error") if overdue else words.first(tongue),
    )
    own = arrow == "->"
    return Row(text, consignment="" if own else one.consignment, reprint=one.consignment if own else "")


class Wish(msgspec.Struct, frozen=True):
    """What a person wants from the list."""

    send: Batch | None = None
    """With the receipts that are ticked."""
    receive: str | None = None
    """A consignment, or empty: the one that will be scanned."""
    reprint: str | None = None
    """A consignment of which the list is to be printed again."""


class Papers(HearingDialog[Wish]):
    """The list. Space ticks, S sends the ticked of the part it stands in, R receives.

    A receipt that is scanned here is ticked; the number of a list opens it to be received.
    """

    def __init__(
        self,
        hall: Hall,
        matters: Mapping[str, Matter],
        tongue: Tongue,
        at_ms: int,
        ear: Ear,
        letters: set[str],
    ) -> None:
        super().__init__(Words("厅际交接", "Papers between halls"), tongue, ear, letters)
        self.hall, self.matters, self.at_ms = hall, matters, at_ms
        self.batches = to_send(hall)
        self.ticked = first_ticks(self.batches)
        self.at = next((i for i, row in enumerate(self.lines_now()) if row.does), 0)

    def lines_now(self) -> list[Row]:
        return papers_rows(self.hall, self.batches, self.ticked, self.matters, self.tongue, self.at_ms)

    def compose(self) -> ComposeResult:
        foot = Words(
            "空格勾选，A 全选，S 送出，R 收件，P 补打交接单，Esc", "Space, A all, S sends, R receives, P prints"
        )
        yield self.box(Pane(id="entries"), Static("", id="wrong"), foot=foot, full=True)

    def draw(self) -> None:
        pane = self.query_one("#entries", Pane)
        columns, height = pane.room
        if min(columns, height) < 1:
            return
        rows = self.lines_now()
        start = max(0, min(self.at - height // 2, len(rows) - height))
        told = []
        for place, row in enumerate(rows[start : start + height], start):
            text = fill(line("> " if place == self.at else "  ", row.text), columns)
            told.append(line((text.plain, "bold reverse")) if place == self.at else text)
        pane.show(lines(told))

    def scanned(self, text: str) -> None:
        code = canonical(self.hall, text)
        place = next((place for place, row in enumerate(self.lines_now()) if row.receipt == code), None)
        if is_consignment(code):
            self.dismiss(Wish(receive=code))
        elif place is None:
            wrong = Words(f"{code} 不在要送的里面。", f"{code} is not among those to send.")
            self.query_one("#wrong", Static).update(line((wrong.both(self.tongue), "bold $warning")))
        else:
            self.at = place
            self.ticked |= {code}
            self.query_one("#wrong", Static).update("")
            self.draw_soon()

    @property
    def known(self) -> Collection[str]:
        return ("space", "enter", "a", "s", "p", "r", *STEPS)

    def press(self, key: str) -> None:
        rows = self.lines_now()
        here = rows[self.at]
        if key in STEPS:
            self._step(rows, STEPS[key])
        elif key == "space" and here.receipt:
            self.ticked ^= {here.receipt}
        elif key == "a" and here.batch >= 0:
            every = {one.receipt for one in self.batches[here.batch].receipts[:LIST_MAX]}
            self.ticked = self.ticked - every if self.ticked >= every else self.ticked | every
        elif key == "s" and here.batch >= 0:
            self._send(self.batches[here.batch])
        elif key == "p" and here.reprint:
            self.dismiss(Wish(reprint=here.reprint))
        elif key == "r" or (key == "enter" and here.consignment):
            self.dismiss(Wish(receive=here.consignment))
        self.draw_soon()

    def _step(self, rows: Sequence[Row], by: int) -> None:
        """To the next line with which something can be done."""
        way = 1 if by > 0 else -1
        for _ in range(abs(by)):
            places = range(self.at + way, len(rows) if way > 0 else -1, way)
            self.at = next((place for place in places if rows[place].does), self.at)

    def _send(self, batch: Batch) -> None:
        chosen = tuple(one for one in batch.receipts if one.receipt in self.ticked)[:LIST_MAX]
        if chosen:
            self.dismiss(Wish(send=Batch(batch.to_hall, batch.carries, chosen)))


def overdue_words(hall: Hall, at_ms: int) -> Words | None:
    """For the notice of a terminal: something is overdue between halls."""
    late = sum(is_overdue(one, at_ms) for one in hall.consignments.values())
    return Words(f"{late} 批厅际材料逾期，按 Y 查看", f"{late} overdue between halls: Y") if late else None
