"""How a wait is said."""

import pytest

from ticket_printer.waits import wait_en, wait_zh


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
