"""Receiving papers of another hall: the list's barcode, then each receipt, with a running tally."""

import msgspec
from msgspec.structs import replace
from textual import on
from textual.app import ComposeResult
from textual.content import Content
from textual.widgets import Input, Static

from counter_client.papers.receipts import canonical, is_consignment, is_receipt
from counter_client.widgets.dialogs import Dialog, TypedLine
from counter_client.widgets.look import SOFT, badge, line, lines, pair
from counter_client.widgets.pane import Pane
from counter_client.words import Tongue, Words
from hall_controller.domain.acceptance import Carries, ConsignmentState, hall_of
from hall_controller.domain.hall import Hall, in_force

LIST_MAX = 200


class Tally(msgspec.Struct, frozen=True):
    """What has been scanned so far, against what was announced."""

    consignment: str = ""
    carries: Carries | None = None
    """None while that is not known: the list was not announced, and no receipt tells it yet."""
    announced: tuple[str, ...] = ()
    scanned: tuple[str, ...] = ()
    """Those that had arrived before included."""
    before: int = 0
    """So many of them were scanned another time."""

    @property
    def missing(self) -> tuple[str, ...]:
        return tuple(one for one in self.announced if one not in self.scanned)

    @property
    def unlisted(self) -> tuple[str, ...]:
        return tuple(one for one in self.scanned if one not in self.announced) if self.announced else ()

    @property
    def is_new(self) -> bool:
        """Something was scanned now."""
        return len(self.scanned) > self.before


def opened(hall: Hall, consignment: str) -> Tally | Words:
    """The tally of a list; Words that say why it cannot be received here."""
    if hall_of(consignment) == in_force(hall).hall:
        return Words(f"{consignment} 是本大厅送出的，由对方签收。", f"{consignment} was sent from here.")
    known = hall.consignments.get(consignment)
    if known is None:
        return Tally(consignment)
    arrived = known.state is ConsignmentState.RECEIVED
    scanned = tuple(one for one in known.receipts if one not in known.missing) if arrived else ()
    announced = known.receipts if known.sent_at_ms is not None else ()
    return Tally(consignment, known.carries, announced, scanned, len(scanned))


def scan(hall: Hall, tally: Tally, typed: str) -> Tally | Words:
    """The tally after one scan; Words that say what is wrong with it."""
    text = canonical(hall, typed)
    if is_consignment(text):
        if tally.is_new and text != tally.consignment:
            return Words(
                f"先登记 {tally.consignment}（空回车），再扫下一张单。", "Finish this list first (empty Enter)."
            )
        return opened(hall, text)
    if not is_receipt(text):
        return Words(f"“{text[:24]}”不是回执号。", f"{text[:24]!r} is no receipt.")
    if not tally.consignment:
        return Words("请先扫交接单上的条码。", "Scan the barcode of the transfer list first.")
    if text in tally.scanned:
        return Words(f"{text} 已扫过。", f"{text} is scanned already.")
    if len(tally.scanned) - tally.before >= LIST_MAX:
        return Words(f"一次最多 {LIST_MAX} 件，先登记再接着扫。", f"At most {LIST_MAX} at once: finish, then go on.")
    own = hall_of(text) == in_force(hall).hall
    wrong = _wrong(hall, tally, text, own=own)
    if wrong is not None:
        return wrong
    carries = tally.carries or (Carries.RESULTS if own else Carries.MATERIALS)
    return replace(tally, carries=carries, scanned=(*tally.scanned, text))


def _wrong(hall: Hall, tally: Tally, text: str, *, own: bool) -> Words | None:
    from_hall = hall_of(tally.consignment)
    if tally.carries is Carries.RESULTS and not own:
        return Words(f"{text} 不是本厅的回执：这张单送的是结果。", f"{text} is not of this hall: the list has results.")
    if tally.carries is Carries.MATERIALS and own:
        return Words(f"{text} 是本厅的回执：这张单送的是材料。", f"{text} is of this hall: the list has papers.")
    if own and text not in hall.acceptances:
        return Words(f"{text}：没有这个回执，或结果已领走。", f"{text}: not known here, or handed out already.")
    if not own and hall_of(text) != from_hall:
        return Words(f"{text} 不是 {from_hall} 的回执。", f"{text} is not of hall {from_hall}.")
    return None


def tally_words(tally: Tally) -> Words:
    if not tally.consignment:
        return Words("请扫交接单上的条码", "scan the barcode of the list")
    count = len(tally.scanned)
    if not tally.announced:
        return Words(f"已扫 {count} 件（对方还没告知清单）", f"{count} scanned (the list is not announced yet)")
    return Words(
        f"清单 {len(tally.announced)} 件，已扫 {count}，还缺 {len(tally.missing)}",
        f"{len(tally.announced)} announced, {count} scanned, {len(tally.missing)} missing",
    )


def tally_rows(tally: Tally, tongue: Tongue, rows: int) -> list[Content]:
    """Missing ones first, then the scanned, the last one on top."""
    told = [line((one, ""), "  ", pair(Words("还缺", "missing"), tongue, "$warning")) for one in tally.missing]
    for one in reversed(tally.scanned):
        note = Words("不在清单上", "not on the list") if one in tally.unlisted else Words("已收", "scanned")
        style = "$warning" if one in tally.unlisted else "$success"
        told.append(line((one, "bold"), "  ", pair(note, tongue, style)))
    if len(told) <= rows:
        return told
    rest = len(told) - rows + 1
    return [*told[: rows - 1], pair(Words(f"……还有 {rest} 件", f"... {rest} more"), tongue, SOFT)]


class Receive(Dialog[Tally]):
    """An empty Enter finishes, which no scanner sends; with something missing it is pressed twice."""

    def __init__(self, hall: Hall, tally: Tally, tongue: Tongue) -> None:
        super().__init__(Words("收件", "Receive papers"), tongue)
        self.hall, self.tally = hall, tally
        self._sure = ""

    def compose(self) -> ComposeResult:
        foot = Words("扫一张收一张；空回车登记，Esc 放弃", "scan each; an empty Enter finishes, Esc leaves")
        prompt = Words("交接单或回执条码", "barcode of the list, then of each receipt")
        typed = TypedLine(placeholder=prompt.both(self.tongue), select_on_focus=False)
        yield self.box(Static("", id="tally"), typed, Static("", id="wrong"), Pane(id="entries"), foot=foot, full=True)

    def draw(self) -> None:
        of = self.tally.consignment
        head = line((of, "bold"), "  " if of else "", badge(tally_words(self.tally).first(self.tongue), "$primary"))
        self.query_one("#tally", Static).update(head)
        pane = self.query_one("#entries", Pane)
        if min(pane.room) > 0:
            pane.show(lines(tally_rows(self.tally, self.tongue, pane.room[1])))

    def _say(self, words: Words) -> None:
        self.query_one("#wrong", Static).update(line((words.both(self.tongue), "bold $warning")))

    @on(Input.Submitted)
    def take(self, event: Input.Submitted) -> None:
        typed = event.value.strip()
        event.input.value = ""
        if not typed:
            self._finish()
            return
        self._sure = ""
        after = scan(self.hall, self.tally, typed)
        if isinstance(after, Tally):
            self.tally = after
            self.query_one("#wrong", Static).update("")
        else:
            self._say(after)
        self.draw_soon()

    def _finish(self) -> None:
        tally = self.tally
        if not tally.is_new and not (tally.announced and tally.missing and self._sure == "finish"):
            if tally.announced and tally.missing:
                self._sure = "finish"
                self._say(Words("一件都没扫：再按回车按全缺登记。", "Nothing scanned: Enter again, all missing."))
            else:
                self._say(Words("还没扫到东西。", "Nothing is scanned yet."))
        elif tally.missing and self._sure != "finish":
            self._sure = "finish"
            count = len(tally.missing)
            self._say(Words(f"还缺 {count} 件：再按回车按缺件登记。", f"{count} missing: Enter again to finish so."))
        else:
            self.dismiss(tally)

    def action_leave(self) -> None:
        """What was scanned is not thrown away by one key."""
        if self.tally.is_new and self._sure != "leave":
            self._sure = "leave"
            count = len(self.tally.scanned) - self.tally.before
            self._say(Words(f"已扫 {count} 件没登记：再按 Esc 放弃。", f"{count} scanned: Esc again drops them."))
        else:
            self.dismiss(None)
