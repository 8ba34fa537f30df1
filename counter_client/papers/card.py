"""What is known of a receipt, and one key for each thing that may be done with it."""

from collections.abc import Collection, Mapping, Sequence

import msgspec
from textual.app import ComposeResult
from textual.content import Content
from textual.widgets import Static

from counter_client.papers.hearing import HearingDialog
from counter_client.papers.scanner import Ear
from counter_client.papers.words import accepted_matter, day_words, is_past, outstanding, where_words
from counter_client.widgets.look import FAINT, SOFT, badge, fill, line, lines, pair
from counter_client.words import Tongue, Words
from hall_controller.domain.acceptance import Acceptance, AcceptanceState, Decision, hall_of
from hall_controller.domain.hall import Hall, in_force
from hall_controller.domain.hours import local
from hall_controller.domain.matters import Matter
from hall_controller.i18n.terms import DECISIONS

STATE_COLOURS = {AcceptanceState.READY: "#5fd787", AcceptanceState.SENT: "#ffd75f"}
OWED_ROWS = 5
"""So many documents fit on a card at 80x24; all of them stand where they are ticked as brought."""
SCANNED = "scan:"
"""Before what was scanned while a card was open."""


class CardAct(msgspec.Struct, frozen=True):
    """A key of the card. It stands there also when it cannot be used: then `why_not` says why."""

    key: str
    label: Words
    why_not: Words | None


def card_rows(one: Acceptance, hall: Hall, matters: Mapping[str, Matter], tongue: Tongue, at_ms: int) -> list[Content]:
    """What is known of it, a line each."""
    rules = in_force(hall)

    def row(label: Words, value: Content | str) -> Content:
        return line(fill(line((label.first(tongue), SOFT)), 12), value)

    where = badge(where_words(one).both(tongue), STATE_COLOURS.get(one.state, "#5fafff"))
    if one.decision is not None:
        colour = "$success" if one.decision is Decision.GRANTED else "$warning"
        where = line(where, " ", pair(DECISIONS[one.decision], tongue, f"bold {colour}"))
    told = [where, row(Words("事项", "Matter"), pair(accepted_matter(one, matters), tongue, "bold"))]
    if one.department:
        told.append(row(Words("部门", "Department"), one.department))
    at = local(rules, one.accepted_at_ms).strftime("%m-%d %H:%M")
    if one.from_hall:
        by = Words(f"{hall_of(one.receipt)} 受理，{at} 收到", f"by {hall_of(one.receipt)}, here since {at}")
    else:
        by = Words(f"{at}，窗口 {one.counter}，{one.number}", f"{at}, counter {one.counter}, {one.number}")
    told.append(row(Words("受理", "Accepted"), by.first(tongue)))
    if one.result_due_day:
        told.append(row(Words("承诺办结", "Result by"), day_words(one.result_due_day)))
    if one.consignment:
        told.append(row(Words("交接单", "List"), one.consignment))
    return [*told, *_owed(one, rules_past=_past(one, hall, at_ms), tongue=tongue)]


def _past(one: Acceptance, hall: Hall, at_ms: int) -> bool:
    return one.documents_due_day is not None and is_past(one.documents_due_day, in_force(hall), at_ms)


def _owed(one: Acceptance, *, rules_past: bool, tongue: Tongue) -> list[Content]:
    """The documents that are still to come, and by when."""
    names = outstanding(one)
    if not names:
        return []
    by = day_words(one.documents_due_day or "")
    when = Words(f"{by} 前补齐", f"by {by}") if by else Words("", "")
    head = line(pair(Words("待补材料", "Still to come"), tongue, "bold $accent"), "  ", when.first(tongue))
    if rules_past:
        head = line(head, " ", badge(Words("已过期", "OVERDUE").both(tongue), "$warning"))
    told = [line("- ", pair(name, tongue)) for name in names[:OWED_ROWS]]
    more = len(names) - OWED_ROWS
    if more > 0:
        told.append(pair(Words(f"  ……还有 {more} 项", f"{more} more"), tongue, SOFT))
    return [Content(""), head, *told]


def acts_rows(acts: Sequence[CardAct], tongue: Tongue) -> Content:
    """Three keys a line."""
    told = [
        line(
            (f" {act.key.upper()} ", FAINT if act.why_not else "bold reverse"),
            " ",
            pair(act.label, tongue, FAINT if act.why_not else "bold"),
            "   ",
        )
        for act in acts
    ]
    return lines([line(*told[at : at + 3]) for at in range(0, len(told), 3)])


class ReceiptCard(HearingDialog[str]):
    """Answers the key of an act, or `scan:` and what was scanned meanwhile. Enter does nothing."""

    def __init__(
        self,
        title: Words,
        rows: Sequence[Content],
        acts: Sequence[CardAct],
        ear: Ear,
        letters: set[str],
        tongue: Tongue,
    ) -> None:
        super().__init__(title, tongue, ear, letters)
        self.rows, self.acts = rows, acts

    def compose(self) -> ComposeResult:
        foot = Words("可接着扫下一张，Esc 返回", "scan the next one, or Esc")
        yield self.box(
            Static(lines(list(self.rows)), classes="rows"),
            Static(acts_rows(self.acts, self.tongue)),
            Static("", id="wrong"),
            foot=foot,
        )

    def scanned(self, text: str) -> None:
        self.dismiss(f"{SCANNED}{text}")

    @property
    def known(self) -> Collection[str]:
        return [act.key for act in self.acts]

    def press(self, key: str) -> None:
        act = next(act for act in self.acts if act.key == key)
        if act.why_not is None:
            self.dismiss(act.key)
        else:
            self.query_one("#wrong", Static).update(line((act.why_not.both(self.tongue), "bold $warning")))
