"""How a wait is said."""

import pytest

from ticket_printer.waits import most_en, most_zh, wait_en, wait_zh


@pytest.mark.parametrize(
    ("wait_s", "zh", "en"),
    [
        (None, "暂时无法预计", "cannot be told yet"),
        (0, "无需等候", "none"),
        (1, "约1分钟", "about 1 min"),
        (600, "约10分钟", "about 10 min"),
        (601, "约15分钟", "about 15 min"),
        (5400, "约90分钟", "about 90 min"),
        (5401, "约2小时", "about 2 h"),
        (9000, "约2.5小时", "about 2.5 h"),
    ],
)
def test_waits_are_rounded_up(wait_s: int | None, zh: str, en: str) -> None:
    assert (wait_zh(wait_s), wait_en(wait_s)) == (zh, en)


@pytest.mark.parametrize(
    ("wait_s", "bound_s", "zh", "en"),
    [
        (1200, 2100, "约20分钟（多数不超过35分钟）", "about 20 min (most wait under 35)"),
        (1200, 2101, "约20分钟（多数不超过40分钟）", "about 20 min (most wait under 40)"),
        (240, 480, "约4分钟（多数不超过8分钟）", "about 4 min (most wait under 8)"),
        (4800, 7200, "约80分钟（多数不超过2小时）", "about 80 min (most wait under 2 h)"),
        (6000, 8000, "约2小时（多数不超过2.5小时）", "about 2 h (most wait under 2.5)"),
        (601, 899, "约15分钟", "about 15 min"),
        (60, 290, "约1分钟", "about 1 min"),
        (0, 30, "无需等候", "none"),
        (1200, None, "约20分钟", "about 20 min"),
        (None, None, "暂时无法预计", "cannot be told yet"),
    ],
)
def test_how_sure_a_wait_is_is_said_where_it_says_something_new(
    wait_s: int | None, bound_s: int | None, zh: str, en: str
) -> None:
    assert (wait_zh(wait_s, bound_s), wait_en(wait_s, bound_s)) == (zh, en)
    assert zh == wait_zh(wait_s) + most_zh(wait_s, bound_s)
    assert en == " ".join(filter(None, [wait_en(wait_s), most_en(wait_s, bound_s)]))
