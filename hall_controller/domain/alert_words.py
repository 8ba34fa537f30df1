"""What an alert says, and what to do about it: in Chinese and English, for consoles, pages and the command line."""

from typing import NamedTuple

from hall_controller.domain.alert import Alert, AlertKind
from hall_controller.domain.alerts.counted_time import lasted_ms
from hall_controller.domain.alerts.room import oldest
from hall_controller.domain.hall import Hall, in_force
from hall_controller.domain.hours import local
from hall_controller.domain.stranded_bookings import stranded


class Said(NamedTuple):
    zh: str
    en: str


def tell(hall: Hall, alert: Alert, at_ms: int) -> Said:  # noqa: C901 - one case a kind
    """What is wrong, as it is by now: "A012 has waited for 34 minutes"."""
    long = _long(max(0, at_ms - alert.since_ms) // 1000)
    subject = alert.subject
    match alert.alert:
        case AlertKind.LONG_WAIT:
            ticket = oldest(hall)
            if ticket is None:
                return Said("有人等候过久", "somebody has waited too long")
            waited = _long(lasted_ms(hall, ticket.issued_at_ms, at_ms) // 1000)
            return Said(f"{ticket.number}已等候{waited.zh}", f"{ticket.number} has waited for {waited.en}")
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
        case AlertKind.CONSIGNMENT_OVERDUE | AlertKind.DOCUMENTS_OVERDUE as kind:
            words = _PAPERS[kind]
            return Said(f"{words.zh}已逾期{long.zh}（{subject}）", f"{words.en} are {long.en} overdue ({subject})")
        case kind:
            words = _DEVICES[kind]
            return Said(f"{words.zh}（{subject}）", f"{words.en} ({subject})")


TIMES_TOLD = 3


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


_PAPERS = {
    AlertKind.CONSIGNMENT_OVERDUE: Said("送往另一大厅的交接单", "papers between halls"),
    AlertKind.DOCUMENTS_OVERDUE: Said("申请人应补交的材料", "documents that were to come later"),
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
    return _MENDS[kind]


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
        "请照开大厅，或为其改期（手机页面和应用已提供空闲时段，导办台可代办）。",
        "Open the hall then after all, or move them: their phones offer free half hours, and rebook_ticket moves one.",
    ),
    AlertKind.DOCUMENTS_OVERDUE: Said(
        "请联系申请人补交；若已放弃，请撤回该受理。",
        "Ask the applicant for them; if it was given up, withdraw the acceptance.",
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
