"""What was scanned or typed: a receipt, the number of a transfer list, or the last digits of either. Pure."""

import re

from counter_client.keyboard import plain
from counter_client.words import Words
from hall_controller.domain.acceptance import Acceptance
from hall_controller.domain.hall import Hall, in_force

RECEIPT = re.compile(r"[A-Z0-9-]{1,16}-\d{6}-\d{4,6}")
CONSIGNMENT = re.compile(r"[A-Z0-9-]{1,16}-\d{6}-C\d{2,4}")


def canonical(hall: Hall, typed: str) -> str:
    """As it is printed: a scanner under Caps Lock, or a person, may write it small or in full width."""
    text = re.sub(r"[\u2010-\u2015\u2212]", "-", plain(typed)).replace(" ", "").upper()
    known = (*hall.acceptances, *hall.consignments)
    return next((one for one in known if one.upper() == text), _own_case(hall, text))


def _own_case(hall: Hall, text: str) -> str:
    """A hall's id is not always in capitals."""
    own = in_force(hall).hall
    return own + text[len(own) :] if text.startswith(f"{own.upper()}-") else text


def is_receipt(text: str) -> bool:
    return RECEIPT.fullmatch(text.upper()) is not None


def is_consignment(text: str) -> bool:
    return CONSIGNMENT.fullmatch(text.upper()) is not None


def find(hall: Hall, typed: str) -> list[Acceptance]:
    """By the whole receipt, or by its last digits: `7` for `BA001-261128-0007`; the latest first."""
    wanted = canonical(hall, typed)
    if wanted in hall.acceptances:
        return [hall.acceptances[wanted]]
    if not wanted.isdigit() or len(wanted) > 6:
        return []
    found = [one for one in hall.acceptances.values() if int(one.receipt.rsplit("-", 1)[1]) == int(wanted)]
    return sorted(found, key=lambda one: -one.accepted_at_ms)


def why_nothing(hall: Hall, typed: str) -> Words | None:
    """What is wrong with a receipt, or the number of a list, that was typed; None when something is known of it."""
    if not typed:
        return Words("请扫描回执，或输入回执号。", "Scan a receipt, or type its number.")
    text = canonical(hall, typed)
    if is_consignment(text) or find(hall, typed):
        return None
    if is_receipt(text):
        return Words(f"{text}：没有这个回执，或结果已领走。", f"{text}: not known here, or handed out already.")
    return Words(
        f"“{text[:24]}”不是回执号；回执像 {example(hall)}。",
        f"{text[:24]!r} is no receipt; one looks like {example(hall)}.",
    )


def example(hall: Hall) -> str:
    return f"{in_force(hall).hall}-{hall.service_day[2:].replace('-', '')}-0007"
