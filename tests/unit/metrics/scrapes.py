"""Reading an exposition back, with the library's own parser."""

from prometheus_client import generate_latest
from prometheus_client.parser import text_string_to_metric_families

from metrics.page import Page

Samples = dict[tuple[str, frozenset[tuple[str, str]]], float]


def samples(text: str) -> Samples:
    """Every sample by name and labels; each may be there once."""
    found: Samples = {}
    for family in text_string_to_metric_families(text):
        for sample in family.samples:
            key = sample.name, frozenset(sample.labels.items())
            assert key not in found, key
            found[key] = sample.value
    return found


def text_of(page: Page) -> str:
    return generate_latest(page.registry()).decode()


class Read:
    """`read("hall_visits_total", band="regular")`; None for what is not exported."""

    def __init__(self, text: str) -> None:
        self.samples = samples(text)

    def __call__(self, name: str, **labels: str) -> float | None:
        return self.samples.get((name, frozenset(labels.items())))

    def by(self, name: str, label: str) -> dict[str, float]:
        """The values of one metric by one of its labels, zeros left out."""
        return {dict(labels)[label]: value for (each, labels), value in self.samples.items() if each == name and value}

    def names(self) -> set[str]:
        return {name for name, _ in self.samples}
