"""How a wait is said on the board and on the phone."""

import pytest

from display_board.pages.words import NOTHING, Words, duration, most


@pytest.mark.parametrize(
    ("wait_s", "bound_s", "said", "sure"),
    [
        (1200, 2040, Words("约20分钟", "About 20 min"), Words("多数不超过35分钟", "most wait under 35 min")),
        (3900, 5300, Words("约1小时5分", "About 1 h 5 min"), Words("多数不超过90分钟", "most wait under 90 min")),
        (5100, 8900, Words("约1小时25分", "About 1 h 25 min"), Words("多数不超过2.5小时", "most wait under 2.5 h")),
        (7200, 10_700, Words("约2小时", "About 2 h"), Words("多数不超过3小时", "most wait under 3 h")),
        (660, 870, Words("约11分钟", "About 11 min"), NOTHING),
        (60, 280, Words("约1分钟", "About 1 min"), NOTHING),
        (0, 600, Words("无需等候", "No wait"), NOTHING),
        (1200, None, Words("约20分钟", "About 20 min"), NOTHING),
        (None, None, Words("暂无法估计", "Not known yet"), NOTHING),
    ],
)
def test_a_wait_is_said_with_how_sure_it_is(wait_s: int | None, bound_s: int | None, said: Words, sure: Words) -> None:
    assert (duration(wait_s), most(wait_s, bound_s)) == (said, sure)
