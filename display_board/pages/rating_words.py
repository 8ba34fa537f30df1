"""What a rating says: its stars, its reasons, and what its sender is told."""

from enum import StrEnum

from display_board.pages.words import Words
from hall_controller.domain.commands import RatingReason

STARS = {
    5: Words("非常满意", "Very good"),
    4: Words("满意", "Good"),
    3: Words("基本满意", "Fair"),
    2: Words("不满意", "Poor"),
    1: Words("非常不满意", "Very poor"),
}
LOW_STARS = 3
"""Of a rating of so many stars or fewer the reasons are asked."""
REASONS = {
    RatingReason.WAIT: Words("等候太久", "Waited too long"),
    RatingReason.UNCLEAR: Words("没讲清楚需要什么", "Not told clearly what was needed"),
    RatingReason.UNFRIENDLY: Words("态度不好", "Unfriendly"),
    RatingReason.SENT_AWAY: Words("要我再来或去别处", "Sent away, to come again or elsewhere"),
    RatingReason.NOT_SOLVED: Words("事情没办成", "Not solved"),
    RatingReason.PLACE: Words("大厅不便：嘈杂、座位、指引", "The hall: noise, seats, way"),
}
COMMENT_MAX = 200
ASK = Words("请为这次办理评分", "Please rate this visit")
WHY = Words("哪里不满意？可多选", "What was not good? Choose any")
COMMENT = Words("还想说什么（可不填，请勿写姓名）", "Anything else (optional, please no names)")
SEND = Words("提交", "Send")


class Said(StrEnum):
    """What becomes of a rating, as the phone page's address says it."""

    THANKS = "thanks"
    AGAIN = "again"
    EARLY = "early"
    PAST = "past"
    STARS = "stars"
    LATER = "later"


SAID = {
    Said.THANKS: Words("谢谢您的评价", "Thank you for your rating"),
    Said.AGAIN: Words("这次办理已经评过分了，谢谢您", "This visit has been rated already. Thank you"),
    Said.EARLY: Words("办理结束后才能评分", "You can rate once your visit is done"),
    Said.PAST: Words("只有当天办完的事项可以评分", "Only a visit that was done today can be rated"),
    Said.STARS: Words("请先选择星级", "Please choose the stars first"),
    Said.LATER: Words("暂时没能提交，请再试一次", "It could not be sent now. Please try again"),
}
