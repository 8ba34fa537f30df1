"""Panels as this project wants them: two languages, seconds as times, colours that the colour-blind tell apart."""

from typing import Literal

from grafana_foundation_sdk.builders import bargauge, common, dashboard, stat, statetimeline, timeseries
from grafana_foundation_sdk.builders.prometheus import Dataquery
from grafana_foundation_sdk.cog.builder import Builder
from grafana_foundation_sdk.models import dashboard as made
from grafana_foundation_sdk.models.common import (
    BarGaugeDisplayMode,
    BigValueColorMode,
    BigValueGraphMode,
    BigValueTextMode,
    LegendDisplayMode,
    LegendPlacement,
    StackingMode,
    VizOrientation,
)

SOURCE = made.DataSourceRef(type_val="prometheus", uid="${source}")
WAITS = ("#2c7bb6", "#abd9e9", "#ffffbf", "#fdae61", "#d7191c")
"""ColorBrewer's RdYlBu, as on the district page."""
WAIT_BOUNDS_S = (300, 600, 1200, 1800)
UNSTAFFED, CLOSED, SILENT = -1, -2, -3
"""Stand in the grid for a hall that has no wait to tell."""
HALL_UID = "hall"
DISTRICT_UID = "hall-district"

Panel = stat.Panel | timeseries.Panel | bargauge.Panel | statetimeline.Panel
Query = tuple[str, str]
"""PromQL, and how its series are called."""


def new_dashboard(title: str, uid: str, about: str) -> dashboard.Dashboard:
    return (
        dashboard.Dashboard(title)
        .uid(uid)
        .description(about)
        .tags(["hall"])
        .timezone("Asia/Shanghai")
        .refresh("30s")
        .time("now-12h", "now")
        .readonly()
        .with_variable(dashboard.DatasourceVariable("source").label("Prometheus").type("prometheus"))
    )


def variable(name: str, label: str, query: str, *, many: bool) -> dashboard.QueryVariable:
    built = (
        dashboard.QueryVariable(name)
        .label(label)
        .query({"query": query, "refId": "PrometheusVariableQueryEditor-VariableQuery"})
        .datasource(SOURCE)
        .refresh(made.VariableRefresh.ON_TIME_RANGE_CHANGED)
        .sort(made.VariableSort.ALPHABETICAL_ASC)
        .multi(many)
    )
    if not many:
        return built
    every = made.VariableOption(text=["All"], value=["$__all"], selected=True)
    return built.include_all(True).all_value(".*").current(every)


def dashboard_link(title: str, uid: str) -> dashboard.DashboardLink:
    link = dashboard.DashboardLink(title).type(made.DashboardLinkType.LINK).url(f"/d/{uid}")
    return link.include_vars(True).keep_time(True)


def steps(colours: tuple[str, ...], bounds: tuple[float, ...]) -> dashboard.ThresholdsConfig:
    """The first colour below the first bound."""
    found = [made.Threshold(value=value, color=colour) for value, colour in zip((None, *bounds), colours, strict=True)]
    return dashboard.ThresholdsConfig().mode(made.ThresholdsMode.ABSOLUTE).steps(found)


def wait_steps() -> dashboard.ThresholdsConfig:
    return steps(WAITS, WAIT_BOUNDS_S)


def mapping(**texts: tuple[str, str]) -> made.ValueMap:
    """From a value to text and colour: `mapping(_0=("休息", "gray"))`, `mapping(_m1=…)` for -1."""
    return made.ValueMap({
        name.lstrip("_").replace("m", "-"): made.ValueMappingResult(text=text, color=colour, index=index)
        for index, (name, (text, colour)) in enumerate(texts.items())
    })  # fmt: skip


def states() -> made.ValueMap:
    return mapping(_m1=("无窗口", "#7b3294"), _m2=("休息", "#3a4257"), _m3=("失联", "#000000"))


def _query(query: Query, *, instant: bool, number: int) -> Dataquery:
    promql, legend = query
    built = Dataquery().expr(promql).legend_format(legend).ref_id(chr(ord("A") + number)).datasource(SOURCE)
    return built.instant() if instant else built.range()


def figure(title: str, query: str, *, unit: str = "short", about: str = "", wide: int = 3) -> stat.Panel:
    """One large number."""
    return (
        stat.Panel()
        .title(title)
        .description(about)
        .datasource(SOURCE)
        .with_target(_query((query, title), instant=True, number=0))
        .unit(unit)
        .decimals(0)
        .graph_mode(BigValueGraphMode.NONE)
        .color_mode(BigValueColorMode.NONE)
        .reduce_options(common.ReduceDataOptions().calcs(["lastNotNull"]))
        .height(4)
        .span(wide)
    )


def wait_figure(title: str, query: str, *, about: str = "", wide: int = 3) -> stat.Panel:
    panel = figure(title, query, unit="s", about=about, wide=wide).thresholds(wait_steps())
    return panel.color_mode(BigValueColorMode.BACKGROUND_SOLID).mappings([states()]).no_value("—")


def tiles(title: str, query: Query, about: str) -> stat.Panel:
    """A tile for each hall, coloured by its wait; a touch opens the hall."""
    link = dashboard.DashboardLink("大厅 Hall").url(f"/d/{HALL_UID}?var-hall=${{__field.labels.hall}}")
    return (
        stat.Panel()
        .title(title)
        .description(about)
        .datasource(SOURCE)
        .with_target(_query(query, instant=True, number=0))
        .unit("s")
        .decimals(0)
        .thresholds(wait_steps())
        .mappings([states()])
        .data_links([link])
        .graph_mode(BigValueGraphMode.NONE)
        .color_mode(BigValueColorMode.BACKGROUND_SOLID)
        .text_mode(BigValueTextMode.VALUE_AND_NAME)
        .orientation(VizOrientation.AUTO)
        .reduce_options(common.ReduceDataOptions().calcs(["lastNotNull"]))
    )


def curve(
    title: str, *queries: Query, unit: str = "short", about: str = "", wide: int = 12, stacked: bool = False
) -> timeseries.Panel:
    panel = (
        timeseries.Panel()
        .title(title)
        .description(about)
        .datasource(SOURCE)
        .unit(unit)
        .min(0)
        .fill_opacity(25 if stacked else 5)
        .legend(
            common.VizLegendOptions()
            .display_mode(LegendDisplayMode.LIST)
            .placement(LegendPlacement.BOTTOM)
            .show_legend(True)
        )
        .height(8)
        .span(wide)
    )
    for number, query in enumerate(queries):
        panel = panel.with_target(_query(query, instant=False, number=number))
    return panel.stacking(common.StackingConfig().mode(StackingMode.NORMAL)) if stacked else panel


def bars(
    title: str, query: Query, *, unit: str = "short", about: str = "", wide: int = 8, coloured: bool = False
) -> bargauge.Panel:
    """A bar for each hall or street, the longest first if the query sorts them."""
    panel = (
        bargauge.Panel()
        .title(title)
        .description(about)
        .datasource(SOURCE)
        .with_target(_query(query, instant=True, number=0))
        .unit(unit)
        .min(0)
        .display_mode(BarGaugeDisplayMode.BASIC)
        .orientation(VizOrientation.HORIZONTAL)
        .reduce_options(common.ReduceDataOptions().calcs(["lastNotNull"]))
        .height(9)
        .span(wide)
    )
    return panel.thresholds(wait_steps() if coloured else steps((WAITS[0],), ()))


def timeline(title: str, query: Query, texts: made.ValueMap, *, about: str = "", wide: int = 12) -> statetimeline.Panel:
    return (
        statetimeline.Panel()
        .title(title)
        .description(about)
        .datasource(SOURCE)
        .with_target(_query(query, instant=False, number=0))
        .mappings([texts])
        .height(8)
        .span(wide)
    )


def row(title: str) -> dashboard.Row:
    return dashboard.Row(title)


Repeat = Literal["h", "v"]
Built = Builder[made.Panel]
