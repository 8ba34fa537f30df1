"""What the page says, Chinese and English."""

import re

from hall_controller.i18n import waits
from hall_controller.i18n.words import Words as Words  # noqa: PLC0414 - the pages take it from here
from metrics.district.inventory import DISTRICT_LEVEL, HallEntry
from metrics.district.page.picture import HallNow, State

STATES = {
    State.OPEN: Words("开放", "Open"),
    State.STOPPED: Words("停止取号", "No tickets"),
    State.UNSTAFFED: Words("无窗口", "Unstaffed"),
    State.CLOSED: Words("休息", "Closed"),
    State.SILENT: Words("失联", "Silent"),
}
BANDS = {
    "regular": Words("正常工作时间", "Regular"),
    "lunch": Words("午间延时", "Lunch"),
    "evening": Words("晚间延时", "Evening"),
    "weekend": Words("周末", "Weekend"),
    "holiday": Words("节假日", "Holiday"),
}
COUNTERS = {
    "ready": Words("空闲", "Ready"),
    "calling": Words("叫号", "Calling"),
    "serving": Words("办理", "Serving"),
    "wrapping_up": Words("收尾", "Wrapping up"),
    "paused": Words("暂停", "Paused"),
    "closed": Words("关闭", "Closed"),
}
CLASSES = {
    "priority": Words("优先", "Priority"),
    "appointment": Words("预约", "Appointment"),
    "ordinary": Words("普通", "Ordinary"),
}
TIERS = {
    "district": Words("区级", "District"),
    "street": Words("街道", "Street"),
    "community": Words("社区", "Community"),
}
SCALE = ((5, "w0"), (10, "w1"), (20, "w2"), (30, "w3"))
"""Waits of less than so many minutes have this colour."""
LONGEST = "w4"


def colour(hall: HallNow) -> str:
    if hall.state is not State.OPEN or hall.wait_s is None:
        return hall.state.value
    return next((name for below, name in SCALE if waits.told_minutes(hall.wait_s) < below), LONGEST)


def short(entry: HallEntry) -> Words:
    """A name for a tile, where street and tier are known already."""
    zh = re.sub(r"[(（].*?[)）]", "", entry.name_zh)
    zh = re.sub(r"(便民|政务|党群)?(服务)(中心|大厅|站)$", "", zh).removeprefix(entry.street).removeprefix("街道")
    en = re.sub(r"\s+(Government\s+)?(Service)\s+(Hall|Centre|Center)$", "", entry.name_en)
    if entry.tier == "community":
        en = re.sub(r"^Community (?=\d)", "No. ", re.sub(r"^.*?(?=Community\b)", "", en))
    elif entry.tier == "street":
        zh, en = "街道大厅", "Street"
    else:
        zh, en = "区大厅", "District"
    return Words(zh or entry.name_zh, en or entry.name_en)


def street_name(street: str, english: str) -> Words:
    if street == DISTRICT_LEVEL:
        return Words("区级大厅", "The district's own")
    return Words(f"{street}街道", english or street)
