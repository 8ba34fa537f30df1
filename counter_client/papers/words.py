"""What the terminals say of receipts and of papers between halls. Pure."""

import datetime as dt
from collections.abc import Mapping

from counter_client.words import Words
from hall_controller.domain.acceptance import Acceptance, AcceptanceState, Carries, Consignment, is_overdue
from hall_controller.domain.credit import Rating
from hall_controller.domain.hours import local
from hall_controller.domain.matters import How, Matter
from hall_controller.domain.rules import Rules
from hall_controller.i18n import terms
from hall_controller.i18n.terms import CARRIES, CREDITS

RATINGS: dict[Rating | None, Words] = {
    None: Words("信用查不到", "credit: cannot be asked now"),
    **{rating: CREDITS[rating] for rating in Rating},
}
NO_KIOSK = Words("没有取号机可以打印。", "There is no kiosk to print at.")
WAYS: dict[How, Words] = {way: words for way, words in terms.WAYS.items() if way not in (How.HERE, How.ANY_HALL)}
"""Ways to do a matter without a counter."""


def where_words(one: Acceptance) -> Words:
    """Where it stands."""
    state, foreign = one.state, bool(one.from_hall)
    if state is AcceptanceState.READY:
        return Words("结果可领", "result is here")
    if state is AcceptanceState.DECIDED:
        return Words(f"已决定，结果待送回 {one.from_hall}", f"decided; to go back to {one.from_hall}")
    if state is AcceptanceState.SENT:
        to = one.from_hall or one.to_hall
        what = CARRIES[Carries.RESULTS if foreign else Carries.MATERIALS]
        return Words(
            f"{what.zh}在途" + (f"，送往 {to}" if to else ""), f"{what.en} on the way" + f" to {to}" * bool(to)
        )
    if state is AcceptanceState.RECEIVED:
        at = Words("材料已到本厅，待决定", "papers are here, to be decided")
        return at if foreign else Words(f"材料已到 {one.to_hall}，待决定", f"papers are at {one.to_hall}")
    if one.to_hall:
        return Words(f"已受理，材料待送 {one.to_hall}", f"accepted; papers to go to {one.to_hall}")
    return Words("已受理，待决定", "accepted, to be decided")


def accepted_matter(one: Acceptance, matters: Mapping[str, Matter]) -> Words:
    """Its name; of another hall's, only its announcement tells the code."""
    if not one.matter:
        return Words("（对方还没告知）", "(not told yet)")
    matter = matters.get(one.matter)
    return Words(matter.name_zh, matter.name_en) if matter else Words(one.matter, one.matter)


def why_no_hand_out(one: Acceptance) -> Words | None:
    if one.state is AcceptanceState.READY:
        return None
    where = where_words(one)
    return Words(f"结果还不在本大厅：{where.zh}。", f"The result is not here: {where.en}.")


def why_not_supplied(one: Acceptance) -> Words | None:
    return None if one.outstanding_zh else Words("没有待补的材料。", "No document is outstanding.")


def why_no_result(one: Acceptance) -> Words | None:
    """Why no result can be reported for it now."""
    if one.state not in (AcceptanceState.ACCEPTED, AcceptanceState.RECEIVED):
        where = where_words(one)
        return Words(f"现在不能报结果：{where.zh}。", f"No result can be reported now: {where.en}.")
    if one.outstanding_zh:
        return Words("还缺材料，先按 S 补交。", "Documents are outstanding: S first.")
    return None


def why_not_withdrawn(one: Acceptance) -> Words | None:
    if one.state is AcceptanceState.ACCEPTED and not one.from_hall:
        return None
    where = where_words(one)
    return Words(f"已在部门手上，不能撤回：{where.zh}。", f"Its department has it: {where.en}.")


def why_not_printed(one: Acceptance, print_at: str | None) -> Words | None:
    if one.from_hall:
        return Words(f"{one.from_hall} 的回执，由它补打。", f"Of hall {one.from_hall}, which prints it.")
    return None if print_at else NO_KIOSK


def outstanding(one: Acceptance) -> tuple[Words, ...]:
    """Documents that are still to come."""
    english = one.outstanding_en if len(one.outstanding_en) == len(one.outstanding_zh) else one.outstanding_zh
    return tuple(Words(zh, en or zh) for zh, en in zip(one.outstanding_zh, english, strict=True))


def day_words(day: str) -> str:
    """`2026-12-12` -> `12-12`."""
    return day[5:]


def is_past(day: str, rules: Rules, at_ms: int) -> bool:
    return local(rules, at_ms).date() > dt.date.fromisoformat(day)


def owed_words(one: Acceptance) -> Words | None:
    """`缺 2 项，12-12 前补`; None when nothing is outstanding."""
    count = len(one.outstanding_zh)
    if not count:
        return None
    by = day_words(one.documents_due_day) if one.documents_due_day else ""
    return Words(f"缺 {count} 项" + f"，{by} 前补" * bool(by), f"{count} to come" + f" by {by}" * bool(by))


def consignment_words(one: Consignment, rules: Rules, at_ms: int) -> Words:
    """How papers between two halls stand: due, overdue, something missing."""
    due = local(rules, one.due_ms).strftime("%m-%d %H:%M") if one.due_ms else ""
    if one.missing:
        short = Words(f"缺 {len(one.missing)} 件", f"{len(one.missing)} missing")
    else:
        short = Words(f"{len(one.receipts)} 件", f"{len(one.receipts)}")
    if is_overdue(one, at_ms):
        return Words(f"{short.zh}，逾期 {due}", f"{short.en}, OVERDUE {due}")
    return Words(f"{short.zh}，{due} 前", f"{short.en}, by {due}") if due else short
