"""F1 of the clerk's terminal."""

from counter_client.clerk.acts import KEYS
from counter_client.widgets.help import HelpScreen
from counter_client.words import Tongue, Words

NOTES = (
    Words(
        "一次按键只做一件事：等答复时再按不会重复，也不会排队。",
        "One press does one thing: pressing again while waiting does nothing.",
    ),
    Words(
        "扫描枪随时可用：在主画面直接扫回执或交接单，不必先按键。",
        "A scanner works at any time: scan a receipt or a list on the main screen.",
    ),
    Words(
        "几件事项：N 一件一件记办好，F 一次问清没办的。受理（A）过的自动记办好。",
        "Several matters: N marks the next, F asks once; an accepted one is marked by itself.",
    ),
    Words("信用和失信措辞只给窗口看。", "Ratings and legal wording are for your eyes only."),
    Words(
        "按错了按 Z。空格从不办结、从不过号；主画面上回车不做事。",
        "Pressed wrongly? Z. Space never finishes or passes over; Enter does nothing here.",
    ),
    Words(
        "连接中断时按键不会发出；没有答复时，连上后会告诉您办了没有。",
        "With no connection keys send nothing; you will be told what was done.",
    ),
    Words(
        "框上写着开到几点。午休、闭门由大厅自己进行；闭门后叫完所有人，过号的再叫一次。",
        "The border tells the hours. After closing all are called, the missed once more.",
    ),
    Words("退出按 Ctrl+Q；窗口和来访者不受影响。", "Ctrl+Q leaves; counter and visitor stay as they are."),
)


def help_screen(tongue: Tongue) -> HelpScreen:
    space = Words("下一步", "Go on")
    rows = [("Space", space, Words("显然的下一步：开窗、叫号、开始", "the obvious next thing: open, call, start"))]
    rows += [(entry.key, entry.label, entry.help) for entry in KEYS.values()]
    rows.append(("L", Words("语言", "中/EN"), Words("先中文或先英文", "which language comes first")))
    return HelpScreen(Words("按键", "Keys"), rows, NOTES, tongue)
