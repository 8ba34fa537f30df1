"""What no person may read: the code's own values in the middle of a sentence."""

import re

RAW = re.compile(
    r"<\w+\.\w+"  # the repr of an enum
    r"|\b[a-z]+_[a-z_]+\b"  # a name of the code
    r"|\b(None|True|False|UNSET|Struct)\b"
    r"|\(\d{4,},|\b\d{12,}\b"  # a place in the queue, milliseconds
    r"|\b\d{4,}:\d\d\b"  # minutes that have run for days
    r"|\(\s*\)|（\s*）"
)
HAN = re.compile(r"[\u3400-\u9fff]")


def check_plain(text: str, where: str, *allowed: str) -> None:
    """`allowed` are words that people have chosen, and which may look like anything."""
    for word in allowed:
        text = text.replace(word, "·")
    found = RAW.search(text)
    assert found is None, f"{where} says {found.group()!r} in {text!r}"


def check_english(text: str, where: str, *allowed: str) -> None:
    for word in allowed:
        text = text.replace(word, "·")
    found = HAN.search(text)
    assert found is None, f"{where} says {text!r} to a reader of English"
