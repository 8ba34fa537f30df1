"""What an alert says, and what to do about it: in Chinese and English, for consoles, pages and the command line."""

from typing import NamedTuple

from hall_controller.domain.alert import Alert, AlertKind
from hall_controller.domain.alerts.counted_time import lasted_ms
from hall_controller.domain.alerts.visitors import whom
from hall_controller.domain.hall import Hall, in_force
from hall_controller.domain.hours import local
from hall_controller.domain.keeping import waits_since_ms
from hall_controller.domain.stranded_bookings import stranded


class Said(NamedTuple):
    zh: str
    en: str


def tell(hall: Hall, alert: Alert, at_ms: int) -> Said:  # noqa: C901, PLR0912 - one case a kind
    """What is wrong, as it is by now: "A012 has waited for 34 minutes"."""
    long = _long(max(0, at_ms - alert.since_ms) // 1000)
    subject = alert.subject
    match alert.alert:
        case AlertKind.LONG_WAIT:
            return _long_wait(hall, alert, at_ms)
        case AlertKind.COUNTER_IDLE:
            return Said(
                f"有人等候，{subject}号窗口已空闲{long.zh}",
                f"counter {subject} has been idle for {long.en} while people wait whom it could serve",
            )
        case AlertKind.SLOW_SERVICE:
            return Said(
                f"{subject}号窗口的业务已办理{long.zh}，远超平时",
                f"the service at counter {subject} has taken {long.en}, far over the usual",
            )
        case AlertKind.NO_SHOWS:
            return Said(f"最近的叫号中有{alert.value}个无人应答", f"nobody came to {alert.value} of the latest calls")
        case AlertKind.CLOCK_OFF:
            off = _long(alert.value)
            return Said(f"大厅时钟与主机时钟相差{off.zh}", f"the hall's clock and the box's differ by {off.en}")
        case AlertKind.DISK_FILLING:
            return Said(f"磁盘只剩{alert.value}%", f"only {alert.value} % of the disk are free")
        case AlertKind.BACKUP_OLD:
            return Said(f"已有{long.zh}没有备份", f"there has been no backup for {long.en}")
        case AlertKind.TERMINAL_SILENT:
            return Said(f"{subject}号窗口的终端已{long.zh}没有响应", f"the terminal of counter {subject} is silent")
        case AlertKind.BOOKINGS_STRANDED:
            return _stranded(hall, alert)
        case AlertKind.KEPT_WAIT | AlertKind.SECOND_WAIT | AlertKind.LONG_HOLD:
            return _one_visitor(hall, alert, at_ms)
        case AlertKind.NO_COUNTER | AlertKind.NONE_SUITS | AlertKind.RESULTS_AWAY:
            return _several_visitors(hall, alert, at_ms)
        case AlertKind.CONSIGNMENT_OVERDUE | AlertKind.DOCUMENTS_OVERDUE | AlertKind.RESULT_OVERDUE as kind:
            words = _PAPERS[kind]
            return Said(f"{words.zh}已逾期{long.zh}（{subject}）", f"{words.en} {long.en} overdue ({subject})")
        case kind:
            words = _DEVICES.get(kind) or Said(plain := str(kind).replace("_", " "), plain)
            return Said(f"{words.zh}（{subject}）", f"{words.en} ({subject})")


TIMES_TOLD = 3
NAMED = 3
"""So many visitors an alert names; of the others it says how many they are."""


def _stranded(hall: Hall, alert: Alert) -> Said:
    """The day, how many, and the first of their half hours."""
    rules = in_force(hall)
    at = [local(rules, one.slot_at_ms or 0) for one, _ in stranded(hall)]
    times = [f"{one:%H:%M}" for one in at if one.date().isoformat() == alert.subject]
    first, more = ", ".join(times[:TIMES_TOLD]), len(times) - TIMES_TOLD
    count = len(times) or alert.value
    told = f"{first} +{more}" if more > 0 else first
    end = Said(f"：{told}", f": {told}") if told else Said("", "")
    return Said(
        f"{alert.subject}有{count}个预约落在关门时间{end.zh}",
        f"{count} booked for {alert.subject} when the hall is shut{end.en}",
    )


def _long_wait(hall: Hall, alert: Alert, at_ms: int) -> Said:
    found = whom(hall, alert, at_ms)
    if not found:
        return Said("有人等候过久", "somebody has waited too long")
    waited = _long(lasted_ms(hall, found[0].issued_at_ms, at_ms) // 1000)
    more = len(found) - 1
    zh, en = (f"，另有{more}人", f", and {more} more too long") if more else ("", "")
    return Said(f"{found[0].number}已等候{waited.zh}{zh}", f"{found[0].number} has waited for {waited.en}{en}")


def _one_visitor(hall: Hall, alert: Alert, at_ms: int) -> Said:
    number, found = alert.subject, whom(hall, alert, at_ms)
    since_ms = waits_since_ms(found[0]) if found else alert.since_ms
    long = _long(lasted_ms(hall, since_ms, at_ms) // 1000)
    if alert.alert is AlertKind.KEPT_WAIT:
        at = found[0].only_counter if found else None
        zh, en = (f"{at}号窗口", f"counter {at}") if at is not None else ("一个窗口", "a counter")
        return Said(f"{number}留给{zh}，已等候{long.zh}", f"{number} is kept for {en} and has waited for {long.en}")
    if alert.alert is AlertKind.LONG_HOLD:
        at = found[0].counter if found else None
        zh, en = (f"在{at}号窗口", f" at counter {at}") if at is not None else ("", "")
        return Said(f"{number}{zh}被挂起已{long.zh}", f"{number} has been on hold{en} for {long.en}")
    return Said(f"{number}转窗或回队后又等候{long.zh}", f"{number} waits again, by now for {long.en}")


def _several_visitors(hall: Hall, alert: Alert, at_ms: int) -> Said:
    found = whom(hall, alert, at_ms)
    count, one = len(found), len(found) == 1
    if not found:  # They have just gone; the alert clears with the next tick.
        return _NOBODY_LEFT[alert.alert]
    numbers = [ticket.number or "" for ticket in found[:NAMED]]
    zh = f"{count}人等候（{'、'.join(numbers)}{' 等' if count > NAMED else ''}）"
    en = f"{count} {'person waits' if one else 'people wait'} ({', '.join(numbers)}{', …' if count > NAMED else ''})"
    match alert.alert:
        case AlertKind.NO_COUNTER:
            return Said(f"没有窗口在办理，{zh}", f"no counter is at work while {en}")
        case AlertKind.RESULTS_AWAY:
            at = alert.subject
            return Said(f"出件的{at}号窗口不在，{zh}领取结果", f"results window {at} is away while {en} for results")
        case _:
            return Said(f"没有在办的窗口能叫他们：{zh}", f"no counter at work may call them: {en}")


_NOBODY_LEFT = {
    AlertKind.NO_COUNTER: Said("没有窗口在办理", "no counter is at work"),
    AlertKind.RESULTS_AWAY: Said("出件窗口不在", "the results window is away"),
    AlertKind.NONE_SUITS: Said("没有在办的窗口能叫的人已离开", "those whom no counter at work may call have gone"),
}

_PAPERS = {
    AlertKind.RESULT_OVERDUE: Said("承诺的办理结果", "a promised result is"),
    AlertKind.CONSIGNMENT_OVERDUE: Said("送往另一大厅的交接单", "papers between halls are"),
    AlertKind.DOCUMENTS_OVERDUE: Said("申请人应补交的材料", "documents that were to come later are"),
}


_DEVICES = {
    AlertKind.PAPER_LOW: Said("取号纸快用完", "paper is near its end"),
    AlertKind.PAPER_OUT: Said("取号纸已用完", "paper is out"),
    AlertKind.PRINTER_FAILING: Said("打印机故障", "the printer fails"),
    AlertKind.SOUND_FAILING: Said("语音没有声音", "the voice gives no sound"),
    AlertKind.VOICE_BACKLOG: Said("语音来不及播报", "the voice cannot speak all calls"),
    AlertKind.KIOSK_SILENT: Said("取号机没有响应", "the kiosk is silent"),
    AlertKind.PRINTER_SILENT: Said("打印机程序没有响应", "the printer's program is silent"),
    AlertKind.BOARD_SILENT: Said("大屏没有响应", "the board is silent"),
    AlertKind.VOICE_SILENT: Said("语音程序没有响应", "the voice's program is silent"),
}


def mend(kind: AlertKind) -> Said:
    """What to do, as a sentence."""
    return _MENDS.get(kind) or Said("看日志", "see its log")


_MENDS = {
    AlertKind.LONG_WAIT: Said(
        "请增开窗口；若没有窗口受理该事项，请手动呼叫。",
        "Open another counter; if none takes the matter, call the number by hand.",
    ),
    AlertKind.COUNTER_IDLE: Said(
        "请提醒窗口人员叫号，或者暂停、关闭该窗口。",
        "Ask the clerk to call the next visitor, or pause or close the counter.",
    ),
    AlertKind.SLOW_SERVICE: Said(
        "请到窗口看看：需要帮助，还是忘了点“办结”？可先挂起，让窗口继续叫号。",
        "Look in at the counter: is help needed, or was finishing forgotten? A hold lets the counter go on.",
    ),
    AlertKind.NO_SHOWS: Said(
        "请查看语音和大屏是否正常，并到等候区口头提醒。",
        "Check that voice and board work, and call out in the waiting area yourself.",
    ),
    AlertKind.PAPER_LOW: Said("请趁空闲时换纸。", "Change the roll at the next quiet moment."),
    AlertKind.PAPER_OUT: Said(
        "请立即换纸；在此之前请访客记住屏幕上的号码。",
        "Put in a new roll now; until then visitors read their number from the screen.",
    ),
    AlertKind.PRINTER_FAILING: Said(
        "请查看电源、连线、上盖和卡纸；仍不行，请到导办台取号。",
        "Check power, cable, cover and jams; if it still fails, give tickets at reception.",
    ),
    AlertKind.SOUND_FAILING: Said(
        "请查看音箱电源和连线；在此之前请口头叫号。",
        "Check the loudspeaker's power and cable; until then call out by mouth.",
    ),
    AlertKind.VOICE_BACKLOG: Said(
        "号码在大屏上有显示；请口头提醒，并查看语音程序。",
        "The board shows the numbers; call out by mouth, and look at the voice.",
    ),
    AlertKind.KIOSK_SILENT: Said(
        "请查看取号机的电源和网络；在此之前请到导办台取号。",
        "Check the kiosk's power and network; until then give tickets at reception.",
    ),
    AlertKind.PRINTER_SILENT: Said(
        "请重启打印机程序，并查看其电源和网络。",
        "Start the printer's program again, and check power and network.",
    ),
    AlertKind.BOARD_SILENT: Said(
        "请查看大屏的电源和网络；语音照常叫号。",
        "Check the board's power and network; the voice goes on calling.",
    ),
    AlertKind.VOICE_SILENT: Said(
        "请重启语音程序；在此之前请口头叫号。",
        "Start the voice again; until then call out by mouth.",
    ),
    AlertKind.TERMINAL_SILENT: Said(
        "请查看终端的电源和网络；修不好，请由另一窗口接管其访客。",
        "Check its power and network; if it stays silent, let another counter take over its visitor.",
    ),
    AlertKind.CLOCK_OFF: Said(
        "请核对主机时间：正确则接受时钟，错误则先校准。",
        "Check the box's time: if it is right, accept the clock; if it is wrong, set it first.",
    ),
    AlertKind.DISK_FILLING: Said(
        "请技术人员清理旧备份和日志，切勿删除大厅目录中的文件。",
        "Ask the technician to remove old backups and logs, never a file of the hall's directory.",
    ),
    AlertKind.BACKUP_OLD: Said(
        "请技术人员执行 hall backup，并检查定时备份。",
        "Ask the technician to run hall backup, and to look at the timer that should have.",
    ),
    AlertKind.CONSIGNMENT_OVERDUE: Said(
        "请致电对方大厅核对；若已收到，请对方扫码签收。",
        "Call the other hall; if it has them, it should scan the list as received.",
    ),
    AlertKind.BOOKINGS_STRANDED: Said(
        "请照开大厅，或在控制台按G为其改期；手机页面和应用也提供空闲时段。",
        "Open the hall then after all, or move them (G on the console); phones and app offer free half hours, too.",
    ),
    AlertKind.DOCUMENTS_OVERDUE: Said(
        "请联系申请人补交；若已放弃，请撤回该受理。",
        "Ask the applicant for them; if it was given up, withdraw the acceptance.",
    ),
    AlertKind.KEPT_WAIT: Said(
        "请按 A 收回，让任一窗口叫号，或请该窗口叫号。",
        "Press A to let any counter call this visitor, or ask the counter to.",
    ),
    AlertKind.SECOND_WAIT: Said(
        "请按 C 把该号叫到一个窗口，或增开窗口。",
        "Press C to call this visitor to a counter, or open another.",
    ),
    AlertKind.LONG_HOLD: Said(
        "请窗口取回继续办理；窗口不在，请按 C 让另一窗口接着办。",
        "Ask the clerk to take the visitor up again; if nobody is there, press C to let another counter go on.",
    ),
    AlertKind.NO_COUNTER: Said(
        "请按 B 恢复暂停的窗口，或按 O 开窗。",
        "Press B to resume a paused counter, or O to open one.",
    ),
    AlertKind.NONE_SUITS: Said(
        "请按 9 让一个窗口什么都办，或按 O 增开窗口。",
        "Press 9 to let a counter serve everything, or O to open another.",
    ),
    AlertKind.RESULTS_AWAY: Said(
        "请按 9 让另一窗口出件，或按 B 恢复该窗口。",
        "Press 9 to tell another counter to hand out results, or B to resume that window.",
    ),
    AlertKind.RESULT_OVERDUE: Said(
        "请催办承办部门，并告知申请人新的日期；已办结则登记结果。",
        "Ask the department for it and tell the applicant a new day; if it is decided, note the result.",
    ),
}


def _long(seconds: int) -> Said:
    if seconds < 120:
        return Said(f"{seconds}秒", f"{seconds} s")
    minutes = seconds // 60
    if minutes < 120:
        return Said(f"{minutes}分钟", f"{minutes} min")
    hours = minutes // 60
    return Said(f"{hours}小时", f"{hours} h") if hours < 72 else Said(f"{hours // 24}天", f"{hours // 24} days")
