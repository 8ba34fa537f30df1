"""One scrape's worth of figures, in the library's own families."""

from collections.abc import Callable, Iterable, Iterator, Sequence
from itertools import accumulate

from prometheus_client import CollectorRegistry
from prometheus_client.metrics_core import (
    CounterMetricFamily,
    GaugeMetricFamily,
    HistogramMetricFamily,
    Metric,
    SummaryMetricFamily,
)
from prometheus_client.registry import Collector

from metrics.table import SPECS, Type

_FAMILIES: dict[Type, Callable[[str, str], Metric]] = {
    Type.COUNTER: CounterMetricFamily,
    Type.GAUGE: GaugeMetricFamily,
    Type.HISTOGRAM: HistogramMetricFamily,
    Type.SUMMARY: SummaryMetricFamily,
}


class Page(Collector):
    """Figures are put in in any order, and come out in that of the table; what was not put in is not exported."""

    def __init__(self) -> None:
        self._specs = {spec.name: spec for spec in SPECS}
        self._families: dict[str, Metric] = {}

    def _family(self, name: str) -> Metric:
        family = self._families.get(name)
        if family is None:
            spec = self._specs[name]
            family = self._families[name] = _FAMILIES[spec.type](name, spec.help)
        return family

    def put(self, name: str, value: float, *labels: str) -> None:
        spec = self._specs[name]
        self._family(name).add_sample(name, dict(zip(spec.labels, labels, strict=True)), value)

    def put_histogram(
        self, name: str, bounds: Sequence[float], counts: Iterable[int], sum_: float, *labels: str
    ) -> None:
        """`counts` by bucket, not cumulative, the last one beyond all bounds."""
        family, given = self._family(name), dict(zip(self._specs[name].labels, labels, strict=True))
        total = 0
        for bound, total in zip((*map(float, bounds), "+Inf"), accumulate(counts), strict=True):
            family.add_sample(f"{name}_bucket", {**given, "le": str(bound)}, total)
        family.add_sample(f"{name}_count", given, total)
        family.add_sample(f"{name}_sum", given, sum_)

    def drop_what_passes(self) -> None:
        """The hall is silent: keep what is counted, and nothing that was only so when it was last heard."""
        self._families = {name: family for name, family in self._families.items() if self._specs[name].lasts}

    def collect(self) -> Iterator[Metric]:
        return (self._families[name] for name in self._specs if name in self._families)

    def registry(self) -> CollectorRegistry:
        """For the library's own encoders."""
        registry = CollectorRegistry(auto_describe=False)
        registry.register(self)
        return registry
