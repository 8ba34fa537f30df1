"""F1 of the manager's console."""

from counter_client.manager.acts import KEYS, VIEWS
from counter_client.widgets.help import HelpScreen
from counter_client.words import Tongue, Words

NOTES = (
    Words(
        "窗口排序：最需要您看的在上面。!! 超过常规两倍或叫了两分钟没人来；! 超过常规，或有人等却没叫。",
        "Counters: trouble first. !! is twice the usual, or nobody came for two minutes; ! is over it, or idle.",
    ),
    Words(
        "预计是一半人能等到的时间，九成是十个人里九个能在此内叫到。",
        "Wait is the median; 90% is within how long nine in ten are called.",
    ),
    Words("每一步都记在日志里：哪台终端、什么原因。", "Each act is journalled: from which device, and why."),
    Words(
        "只有不能撤回的才先确认；其余按 U 撤回。", "Only what cannot be taken back asks first; U takes the rest back."
    ),
    Words("鼠标可用可不用：点一行选中，滚轮翻看。", "The mouse is optional: click chooses a row, the wheel scrolls."),
    Words("退出按 Ctrl+Q；大厅不受影响。", "Ctrl+Q leaves; the hall goes on."),
)


def help_screen(tongue: Tongue) -> HelpScreen:
    views = Words("、".join(w.zh for w in VIEWS.values()), ", ".join(w.en for w in VIEWS.values()))
    rows = [
        ("1-7", Words("画面", "Views"), views),
        ("Tab", Words("下一画面", "Next"), Words("换到下一个画面", "the next view")),
    ]
    rows.append(("↑↓", Words("选行", "Row"), Words("PgUp PgDn Home End 也行", "also PgUp PgDn Home End")))
    rows.append(
        ("Enter", Words("打开", "Open"), Words("看这一行：详情、回执、日志", "this row in full, or its journal"))
    )
    rows.append(("^P", Words("命令", "Menu"), Words("按名字找任何操作，中英文都行", "any act by its name")))
    rows += [(entry.key, entry.label, entry.help) for entry in KEYS.values()]
    rows.append(("f", Words("查号", "Find"), Words("按号码找到那一行", "find a ticket by its number")))
    rows.append(
        ("/", Words("搜索", "Search"), Words("查日志：A012、窗口3、工号、类型", "the journal: A012, c3, clerk, kind"))
    )
    rows.append(
        ("8", Words("回执", "Receipt"), Words("扫码或输号：补交、结果、撤回", "scan or type: supply, result, withdraw"))
    )
    rows.append(("0", Words("交接单", "Lists"), Words("材料和结果：送出、签收", "papers to send, and to receive")))
    rows.append(("j", Words("日志", "Log"), Words("这个窗口或号的日志", "the journal of this row")))
    rows.append(("g", Words("跳到", "Go to"), Words("从日志跳到窗口或号", "from the journal to its counter or ticket")))
    rows.append(("i", Words("次序", "Order"), Words("窗口按问题或按号排", "counters by trouble or by number")))
    rows.append(("L", Words("语言", "中/EN"), Words("先中文或先英文", "which language comes first")))
    return HelpScreen(Words("按键", "Keys"), rows, NOTES, tongue)
