"""The Grafana dashboards: checked in as the code makes them, and each panel's query finds data in a real Prometheus."""

import json
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from msgspec.structs import replace

from metrics.dashboards import writing
from metrics.district.inventory import DISTRICT_LEVEL, load_inventory
from tests.district.synthetic import District, Watch, served, watched
from tests.support import wait_for

pytestmark = pytest.mark.timeout(120)

FOLDER = Path("deploy/grafana")
RULES = [Path("deploy/prometheus/rules").absolute() / name for name in ("hall.yml", "levels.yml")]
VALUES = {"street": "新安", "hall": "BA002", "__range": "1h", "__rate_interval": "1m", "source": "hall-prometheus"}
"""As Grafana would put them into a query."""


def boards() -> dict[str, Any]:
    return {name: json.loads(text) for name, text in writing.files().items()}


def panels(board: dict[str, Any]) -> Iterator[dict[str, Any]]:
    for panel in board["panels"]:
        yield from (panel["panels"] if panel["type"] == "row" and panel.get("panels") else [panel])


QUERIES = [
    pytest.param(target["expr"], target.get("instant", False), id=f"{name}: {panel['title']}: {target['refId']}")
    for name, board in boards().items()
    for panel in panels(board)
    for target in panel.get("targets", ())
]


def filled(text: str) -> str:
    return re.sub(r"\$\{?(\w+)\}?", lambda found: VALUES[found[1]], text)


@pytest.fixture(scope="module")
def watch(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Watch]:
    """Four halls of three streets that call visitors, with the district's own rules over them."""
    whole = load_inventory(Path("deploy/district/halls.toml"))
    chosen = [hall for hall in whole.hall if hall.id in {"BA001", "BA002", "BA003", "BA012"}]
    with served(replace(whole, hall=tuple(chosen))) as district:
        where = tmp_path_factory.mktemp("watch")
        with watched(where, district, rules=RULES) as watch:
            call_visitors(district, watch)
            yield watch


def call_visitors(district: District, watch: Watch) -> None:
    """Until the rates of all levels are there."""

    def has_rates() -> bool:
        district.call_visitors()
        return bool(watch.query("district:abandonment:ratio_1h", "x") and watch.query("district:wait_seconds:p90_1h"))

    wait_for(has_rates, "rates", 60)


def test_the_files_are_what_the_code_makes() -> None:
    assert writing.is_up_to_date(FOLDER / "dashboards"), "write them with: python -m metrics.dashboards"


def test_every_panel_is_bilingual_has_its_place_and_asks_the_chosen_prometheus() -> None:
    for name, board in boards().items():
        taken: set[tuple[int, int]] = set()
        for panel in board["panels"]:
            place = panel["gridPos"]
            cells = {(place["x"] + x, place["y"] + y) for x in range(place["w"]) for y in range(place["h"])}
            assert place["x"] + place["w"] <= 24
            assert not cells & taken, f"{name}: {panel['title']} lies over another"
            taken |= cells
        ids = [panel["id"] for panel in board["panels"]]
        assert len(set(ids)) == len(ids)
        for panel in panels(board):
            if panel["type"] != "row":
                assert panel["datasource"]["uid"] == "${source}"
                assert re.search(r"[一-鿿].*[A-Za-z]|^\$street$", panel["title"]), panel["title"]


def test_a_street_is_a_variable_and_halls_follow_it(watch: Watch) -> None:
    for board in boards().values():
        variables = {one["name"]: one for one in board["templating"]["list"]}
        assert variables["source"]["type"] == "datasource"
        metric = re.fullmatch(r"label_values\((.*), (\w+)\)", variables["street"]["query"]["query"])
        assert metric is not None
        assert set(watch.query(metric[1], metric[2])) == {DISTRICT_LEVEL, "新安", "西乡"}
    halls = re.fullmatch(r"label_values\((.*), hall\)", variables["hall"]["query"]["query"])
    assert halls is not None
    assert set(watch.query(filled(halls[1]), "hall")) == {"BA002", "BA012"}


@pytest.mark.parametrize(("promql", "instant"), QUERIES)
def test_each_query_finds_data(watch: Watch, promql: str, instant: bool) -> None:
    asked = filled(promql)

    def found() -> list[str]:
        """A rate needs visitors between two scrapes of this very hall, and its rule another round."""
        if instant:
            return [row["value"][1] for row in watch.ask("query", query=asked)["result"]]
        now = watch.now_s()
        rows = watch.ask("query_range", query=asked, start=str(now - 5), end=str(now), step="1")["result"]
        return [row["values"][-1][1] for row in rows]

    def found_later() -> list[str]:
        watch.district.call_visitors()
        return found()

    figures = found() or wait_for(found_later, f"data of {asked}", 40)
    assert "NaN" not in figures


def test_the_grid_has_every_hall_and_tells_those_without_a_wait_apart(watch: Watch) -> None:
    grid = next(panel for panel in panels(boards()["district.json"]) if panel.get("repeat") == "street")
    asked = grid["targets"][0]["expr"].replace("$street", ".*")
    district = watch.district
    district.change("BA003", is_open=False)
    district.change("BA012", wait_s=None, working=0)
    district.gone.add("BA001")
    expected = {"BA001": -3.0, "BA002": 240.0, "BA003": -2.0, "BA012": -1.0}
    wait_for(lambda: watch.query(asked, "hall") == expected, "the states of the halls", 40)
    texts = {key: text["text"] for key, text in grid["fieldConfig"]["defaults"]["mappings"][0]["options"].items()}
    assert texts == {"-1": "无窗口", "-2": "休息", "-3": "失联"}


def test_the_provisioning_names_the_files_and_the_source() -> None:
    source = (FOLDER / "provisioning/datasources/hall.yml").read_text("utf-8")
    provider = (FOLDER / "provisioning/dashboards/hall.yml").read_text("utf-8")
    assert f"uid: {VALUES['source']}" in source
    assert "type: file" in provider
