"""The top line of both terminals: who and where, the connection in words and colour, the hall's time."""

from textual.content import Content

from counter_client.widgets.look import line, spread
from counter_client.words import Tongue, Words
from hall_controller.i18n import times

CONNECTING = Words("正在连接大厅", "connecting")
CONNECTED = Words("已连接", "connected")
LOST = Words("连接中断", "CONNECTION LOST")


def header_pane(
    who: Content, clock: str, tongue: Tongue, columns: int, *, connected: bool, heard: bool, lost_s: float
) -> Content:
    """`heard`: whether the hall was ever heard; until then it is not lost, only not yet there."""
    if connected:
        state = line((f" {CONNECTED.both(tongue)} ", "$success"))
    elif heard:
        state = line((f" {LOST.both(tongue)} {times.clock(lost_s).first(tongue)} ", "bold reverse $error"))
    else:
        state = line((f" {CONNECTING.both(tongue)} ", "bold reverse $warning"))
    return spread(who, line(state, " ", (clock, "bold"), " "), columns)
