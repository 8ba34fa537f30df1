"""A clerk who passes a visitor on types what the visitor said."""

from importlib.resources import files

import pytest

from counter_client.entries import found_in, matter_entries
from counter_client.widgets.dialogs import matching
from hall_controller.domain.catalogue_rows import parse_catalogue

MATTERS = parse_catalogue((files("hall_controller") / "data" / "matters.csv").read_text("utf-8")).matters
ENTRIES = matter_entries(MATTERS, "zh")
FIND = found_in(MATTERS)


def found(typed: str) -> list[str]:
    return [entry.id for entry in FIND(ENTRIES, typed)]


@pytest.mark.parametrize(
    ("typed", "meant"),
    [
        ("换驾照", "traffic-licence-renew"),
        ("jiehun", "family-marriage"),
        ("小孩上户口", "household-newborn"),
        ("kaigongsi", "business-company-open"),
        ("marrige", "family-marriage"),
        ("居民身份证换领", "id-card-renew"),
        ("id-card-renew", "id-card-renew"),
    ],
)
def test_a_matter_is_found_first_by_what_people_say(typed: str, meant: str) -> None:
    assert found(typed)[0] == meant


def test_whatever_holds_the_word_as_it_stands_is_still_in_the_list_before_what_is_only_like_it() -> None:
    for typed in ("身份", "tax", "企业", "family", "登记"):
        held = [entry.id for entry in matching(ENTRIES, typed)]
        assert set(found(typed)[: len(held)]) == set(held)


def test_nothing_typed_leaves_the_whole_list_in_its_order() -> None:
    assert found("") == found("  ") == list(MATTERS)


def test_what_is_like_nothing_leaves_nothing() -> None:
    assert found("qqqqqq") == []
