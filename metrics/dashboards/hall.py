"""One hall: its room, its day, its devices and its box."""

from grafana_foundation_sdk.builders.dashboard import Dashboard

from metrics.dashboards.parts import (
    DISTRICT_UID,
    HALL_UID,
    curve,
    dashboard_link,
    figure,
    mapping,
    new_dashboard,
    row,
    timeline,
    variable,
    wait_figure,
)

IN = 'hall="$hall"'
LEFT = f"hall:abandonment:ratio_1h{{{IN}}}"
BOUNDS = f"increase(hall_wait_bounds_total{{{IN}}}[6h])"
OPEN = mapping(_0=("休息 closed", "#3a4257"), _1=("开放 open", "#2c7bb6"))
WORKS = mapping(_0=("故障 down", "#d7191c"), _1=("正常 up", "#2c7bb6"))
OPEN_TITLE, PAPER_TITLE = "状态 State", "打印纸 Printer paper"
PAPER = mapping(_0=("缺纸 out", "#d7191c"), **{"_0.5": ("将尽 low", "#fdae61")}, _1=("正常 there", "#2c7bb6"))


def quantile(share: float, metric: str, window: str = "$__rate_interval") -> str:
    return f"histogram_quantile({share}, sum by (le) (rate({metric}_bucket{{{IN}}}[{window}])))"


def hall() -> Dashboard:
    made = new_dashboard("大厅 Hall", HALL_UID, "One hall: room, day, devices, box.")
    made = made.with_variable(variable("street", "街道 Street", "label_values(hall:reachable, street)", many=True))
    halls = 'label_values(hall:reachable{street=~"$street"}, hall)'
    made = made.with_variable(variable("hall", "大厅 Hall", halls, many=False))
    made = made.link(dashboard_link("全区 District", DISTRICT_UID))
    for panel in (
        figure(OPEN_TITLE, f"hall_open{{{IN}}}").mappings([OPEN]).no_value("失联 silent"),
        wait_figure("新到预计等候 Wait for a newcomer", f"hall_newcomer_wait_seconds{{{IN}}}"),
        figure("正在等候 Waiting now", f"hall:waiting_visitors:sum{{{IN}}}"),
        figure("最久已等 Longest waiting", f"hall_oldest_wait_seconds{{{IN}}}", unit="s"),
        figure("在岗窗口 Counters open", f"hall:counters_open:sum{{{IN}}}"),
        figure("今日办件 Visits today", f"sum(hall:visits:today{{{IN}}})"),
        figure("今日延时办件 Extended hours, today", f'sum(hall:visits:today{{{IN}, band!="regular"}})'),
        wait_figure("近一小时九成等候 9 of 10 waited, last hour", f"hall:wait_seconds:p90_1h{{{IN}}}"),
    ):
        made = made.with_panel(panel)
    for drawn in (
        curve("等候人数 Waiting", (f"hall_waiting_visitors{{{IN}}}", "{{visitor_class}}"), stacked=True),
        curve(
            "办理时间 Service times",
            (quantile(0.5, "hall_service_seconds", "1h"), "50 %"),
            (quantile(0.9, "hall_service_seconds", "1h"), "90 %"),
            unit="s",
        ),
        curve(
            "预计等候 Waits that visitors are told",
            (f"hall_newcomer_wait_seconds{{{IN}}}", "新到 newcomer"),
            (f"hall_newcomer_wait_bound_seconds{{{IN}}}", "新到九成 newcomer, 9 in 10"),
            (f"hall_predicted_wait_seconds{{{IN}}}", "等候者 waiting, {{quantile}}"),
            unit="s",
            wide=8,
        ),
        curve(
            "实际等候 Waits as they were",
            (f"hall:wait_seconds:p50_1h{{{IN}}}", "50 %"),
            (f"hall:wait_seconds:p90_1h{{{IN}}}", "90 %"),
            unit="s",
            wide=8,
        ),
        curve(
            "预告守住的比例 Bounds that held, 9 in 10 are meant",
            (f"sum by (outcome) ({BOUNDS}) / on () group_left () sum({BOUNDS})", "{{outcome}}"),
            unit="percentunit",
            wide=8,
        ),
        curve("窗口 Counters", (f"hall_counters{{{IN}}}", "{{state}}"), stacked=True),
        curve("今日办件 Visits today", (f"hall:visits:today{{{IN}}}", "{{band}}"), stacked=True),
        curve(
            "取号 Tickets, per hour",
            (f"sum by (channel) (rate(hall_tickets_issued_total{{{IN}}}[1h])) * 3600", "{{channel}}"),
            stacked=True,
            wide=8,
        ),
        curve("离开率 Left without a visit, last hour", (LEFT, "离开 left"), unit="percentunit", wide=8),
        curve(
            "评价 Ratings, per hour",
            (f"rate(hall_ratings_total{{{IN}}}[1h]) * 3600", "{{stars}} ★"),
            stacked=True,
            wide=8,
        ),
    ):
        made = made.with_panel(drawn)
    made = made.with_row(row("受理与出件 Acceptances"))
    for shown in (
        figure("容缺待补 Documents outstanding", f"hall_documents_outstanding{{{IN}}}", wide=4),
        figure("结果待领取 Results ready", f"hall_results_ready{{{IN}}}", wide=4),
        figure("交接单在途 Papers under way", f"hall_consignments_under_way{{{IN}}}", wide=4),
    ):
        made = made.with_panel(shown)
    made = made.with_panel(
        curve(
            "办理 Done, per hour",
            (f"rate(hall_matters_handled_total{{{IN}}}[1h]) * 3600", "事项 matters handled"),
            (f"rate(hall_acceptances_total{{{IN}}}[1h]) * 3600", "受理 accepted"),
            (f"rate(hall_results_handed_out_total{{{IN}}}[1h]) * 3600", "出件 handed out"),
            (f"hall:diversions:rate1h{{{IN}}} * 3600", "免排队 spared a visit"),
            wide=12,
        )
    )
    made = made.with_row(row("设备 Devices"))
    made = made.with_panel(timeline("设备 Devices", (f"hall_device_up{{{IN}}}", "{{device}} {{kind}}"), WORKS, wide=12))
    made = made.with_panel(timeline(PAPER_TITLE, (f"hall_printer_paper{{{IN}}}", "{{device}}"), PAPER, wide=6))
    voice = (f"hall_announcement_delay_seconds{{{IN}}}", "{{device}}")
    made = made.with_panel(curve("播报延迟 Call to announcement", voice, unit="s", wide=6))
    made = made.with_row(row("主机 Box"))
    for drawn in (
        curve(
            "命令 Commands, per minute",
            (f"sum by (outcome) (rate(hall_commands_total{{{IN}}}[$__rate_interval])) * 60", "{{outcome}}"),
            wide=8,
        ),
        curve("命令耗时 Command to reply", (quantile(0.99, "hall_command_seconds"), "99 %"), unit="s", wide=8),
        curve(
            "磁盘 Disk",
            (f"hall_disk_free_bytes{{{IN}}}", "空闲 free"),
            (f"hall_journal_bytes{{{IN}}}", "日志 journal"),
            unit="bytes",
            wide=8,
        ),
    ):
        made = made.with_panel(drawn)
    for panel in (
        figure("时钟偏差 Clock offset", f"hall_clock_offset_seconds{{{IN}}}", unit="s", wide=6).decimals(1),
        figure("上次备份 Since the last backup", f"time() - hall_backup_time_seconds{{{IN}}}", unit="s", wide=6),
        figure("运行时间 Up for", f"time() - hall_start_time_seconds{{{IN}}}", unit="s", wide=6),
        figure("日志可写 Journal writable", f"hall_journal_writable{{{IN}}}", wide=6).mappings([WORKS]),
    ):
        made = made.with_panel(panel)
    return made
