"""The phone page's HTML: small, safe, of use without scripts, in both languages."""

import re

import pytest

from display_board.pages.phone_page import (
    CONTENT_POLICY,
    GUESSING,
    SCRIPT,
    SILENT,
    STYLE,
    UNKNOWN,
    choose_language,
    phone_html,
    trouble_html,
)
from display_board.pages.phone_view import Known, PhoneView, phone_view
from hall_controller.domain import commands as c
from tests.unit.display_board.room import Room


def called(name: str = "测试大厅") -> PhoneView:
    room = Room(name_zh=name, name_en=name)
    room.open(3)
    ticket = room.issue()
    room.call(3)
    view = phone_view(room.hall, ticket, Known(now_ms=room.now_ms))
    assert view is not None
    return view


def test_the_whole_page_is_at_most_ten_kilobytes() -> None:
    for language in ("zh", "en"):
        assert len(phone_html(called(), language).encode()) <= 10_240
    for trouble in (UNKNOWN, GUESSING, SILENT):
        assert len(trouble_html(trouble, retry_s=10).encode()) <= 10_240


def test_it_reads_without_scripts_and_asks_for_nothing_else() -> None:
    page = phone_html(called(), "zh")
    assert "请到3号窗口" in page
    assert "A001" in page
    assert '<noscript><meta http-equiv="refresh"' in page
    assert not re.search(r"(src|href)=\"?https?:", page)


def test_it_speaks_english() -> None:
    page = phone_html(called(), "en")
    assert "Please go to Counter 3" in page
    assert 'lang="en"' in page
    assert "?lang=zh" in page


def test_a_hostile_name_stays_text() -> None:
    page = phone_html(called("<script>alert(1)</script>{{style}}"), "zh")
    assert "<script>alert" not in page
    assert page.count(STYLE) == 1


def test_the_policy_allows_exactly_the_inline_script_and_style() -> None:
    page = phone_html(called(), "zh")
    assert page.count("<script>") == 1
    assert f"<script>{SCRIPT}</script>" in page
    assert "unsafe" not in CONTENT_POLICY
    assert "default-src 'none'" in CONTENT_POLICY


def test_troubles_say_what_to_do_in_both_languages() -> None:
    page = trouble_html(UNKNOWN)
    assert "找不到这张号票" in page
    assert "Scan the code on your ticket again" in page
    assert "refresh" not in page
    assert 'content="10"' in trouble_html(SILENT, retry_s=10)


@pytest.mark.parametrize(
    ("asked", "accepted", "ticket", "chosen"),
    [
        ("en", "zh-CN", "zh", "en"),
        ("zh", "en-US", "en", "zh"),
        (None, "zh-CN,zh;q=0.9", "en", "en"),
        (None, "en-US,en;q=0.9", "zh", "en"),
        (None, "zh-HK,en;q=0.5", "yue", "zh"),
        (None, "", None, "zh"),
        ("klingon", "fr", None, "en"),
    ],
)
def test_the_language_is_what_was_asked_for_else_the_tickets_else_the_phones(
    asked: str | None, accepted: str, ticket: str | None, chosen: str
) -> None:
    assert choose_language(asked, accepted, ticket) == chosen


def test_a_missed_ticket_and_its_alarm_never_sound() -> None:
    room = Room()
    room.open(1)
    ticket = room.issue()
    room.call(1)
    room.do(c.Missed(counter=1))
    view = phone_view(room.hall, ticket, Known(now_ms=room.now_ms))
    assert view is not None
    assert view.alarm == ""
