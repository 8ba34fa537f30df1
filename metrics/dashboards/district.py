"""The district: its figures, a tile for each hall street by street, the worst ten, the day's curves, each street."""

from grafana_foundation_sdk.builders.dashboard import Dashboard

from metrics.dashboards.parts import (
    CLOSED,
    DISTRICT_UID,
    HALL_UID,
    SILENT,
    UNSTAFFED,
    bars,
    curve,
    dashboard_link,
    figure,
    new_dashboard,
    row,
    tiles,
    variable,
    wait_figure,
)

IN = 'street=~"$street"'
TOLD = f"max by (hall, street) (hall_newcomer_wait_seconds{{{IN}}}) and on (hall) (hall_open == 1)"
"""What a newcomer is told, in halls that are open."""
GRID = f"""{TOLD}
or on (hall) (max by (hall, street) (hall_open{{{IN}}}) == 1) * 0 + {UNSTAFFED}
or on (hall) (max by (hall, street) (hall_open{{{IN}}}) == 0) + {CLOSED}
or on (hall) max by (hall, street) (hall:reachable{{{IN}}}) * 0 + {SILENT}"""
SUM = "sum by (band) (hall:visits:today{" + IN + "})"
MONTH = (
    f'sum(increase(hall_visits_total{{{IN}, band!="regular"}}[$__range])) '
    f'- sum(increase(hall_visits_undone_total{{{IN}, band!="regular"}}[$__range]))'
)


def district() -> Dashboard:
    made = new_dashboard("全区大厅 District", DISTRICT_UID, "All halls of the district. A street narrows every panel.")
    made = made.with_variable(variable("street", "街道 Street", "label_values(hall:reachable, street)", many=True))
    made = made.link(dashboard_link("大厅 Hall", HALL_UID))
    for panel in (
        figure("今日办件 Visits today", f"sum(hall:visits:today{{{IN}}})"),
        figure("今日延时办件 Extended hours, today", f'sum(hall:visits:today{{{IN}, band!="regular"}})'),
        figure(
            "本月延时办件 Extended hours, this month",
            MONTH,
            about="Estimated by a rate over the month, so within a few visits; `hall district report` is exact.",
        ).time_from("now/M"),
        figure("正在等候 Waiting now", f"sum(hall:waiting_visitors:sum{{{IN}}})"),
        wait_figure(
            "近一小时九成等候 9 of 10 waited, last hour",
            f"histogram_quantile(0.9, sum by (le) (hall:wait_seconds_bucket:rate1h{{{IN}}}))",
        ),
        figure("开放大厅 Halls open", f"sum(hall_open{{{IN}}})"),
        figure("失联大厅 Halls silent", f"sum(hall:reachable{{{IN}}} == bool 0)"),
        figure("近一小时免排队 Spared a visit, last hour", f"sum(street:diversions:rate1h{{{IN}}}) * 3600"),
        figure("逾期交接单 Papers overdue", f"sum(street:consignments_overdue:sum{{{IN}}}) or vector(0)"),
        figure("正在告警 Alerts firing", 'count(ALERTS{alertstate="firing"}) or vector(0)'),
    ):
        made = made.with_panel(panel)
    made = made.with_row(row("大厅 Halls: 新到预计等候 the wait that a newcomer is told"))
    grid = tiles(
        "$street", (GRID, "{{hall}}"), "Coloured by wait; 无窗口 open without a counter, 休息 closed, 失联 silent."
    )
    made = made.with_panel(grid.height(6).span(12).repeat("street").repeat_direction("h").max_per_row(2))
    made = made.with_row(row("今日 Today"))
    for shown in (
        bars(
            "等候最长的大厅 Longest waits now",
            (f"sort_desc(topk(10, {TOLD}))", "{{street}} {{hall}}"),
            unit="s",
            coloured=True,
        ),
        bars(
            "街道延时办件占比 Extended hours, share of visits",
            (f"sort_desc(street:extended_visits:ratio_today{{{IN}}})", "{{street}}"),
            unit="percentunit",
        ),
        bars(
            "街道离开率 Left without a visit, last hour",
            (f"sort_desc(street:abandonment:ratio_1h{{{IN}}})", "{{street}}"),
            unit="percentunit",
        ),
    ):
        made = made.with_panel(shown)
    for drawn in (
        curve("等候人数 Waiting", (f"street:waiting_visitors:sum{{{IN}}}", "{{street}}"), stacked=True),
        curve(
            "等候时间（近一小时）Waits, last hour",
            ("district:wait_seconds:p50_1h", "全区 district 50 %"),
            ("district:wait_seconds:p90_1h", "全区 district 90 %"),
            (f"street:wait_seconds:p90_1h{{{IN}}}", "{{street}} 90 %"),
            unit="s",
        ),
        curve("今日办件 Visits today", (SUM, "{{band}}"), stacked=True),
        curve("在岗窗口 Counters open", (f"street:counters_open:sum{{{IN}}}", "{{street}}"), stacked=True),
    ):
        made = made.with_panel(drawn)
    return made
