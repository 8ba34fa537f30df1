"""The district's picture, its words, and what the hotline is told: pure, from answers as Prometheus gives them."""

from pathlib import Path

import pytest

from metrics.district.inventory import DISTRICT_LEVEL, Inventory, load_inventory
from metrics.district.page import markup, questions, words
from metrics.district.page.charts import Curves, chart
from metrics.district.page.hotline import hotline
from metrics.district.page.nearest import Place, answer, distance, search
from metrics.district.page.picture import Answers, Picture, State, extended, make_picture, quantile
from metrics.district.page.prometheus import Series

AT_S = 1_795_500_000.0


@pytest.fixture(scope="module")
def inventory() -> Inventory:
    return load_inventory(Path("deploy/district/halls.toml"))


def series(hall: str, name: str, value: float, **labels: str) -> Series:
    return Series({"__name__": name, "hall": hall, **labels}, (AT_S, str(float(value))))


def hall_says(hall: str, *, wait_s: float | None = 240, is_open: bool = True, waiting: int = 3) -> list[Series]:
    said = [
        series(hall, "hall_up", 1),
        series(hall, "hall_open", is_open),
        series(hall, "hall_issuing", 1, state="open"),
        series(hall, "hall_counters", 2, state="serving"),
        series(hall, "hall_waiting_visitors", waiting, visitor_class="ordinary"),
        series(hall, "hall_day_visits", 20, band="regular"),
        series(hall, "hall_day_visits", 5, band="evening"),
    ]
    return said if wait_s is None else [*said, series(hall, "hall_newcomer_wait_seconds", wait_s)]


def picture_of(inventory: Inventory, waits: dict[str, float], **others: list[Series]) -> Picture:
    said = [one for hall, wait_s in waits.items() for one in hall_says(hall, wait_s=wait_s)]
    heard = [Series({"hall": hall}, (AT_S, str(AT_S - 10))) for hall in waits]
    return make_picture(inventory, Answers(now=said, heard=heard, **others), AT_S)


def named(inventory: Inventory, name: str) -> str:
    return next(hall.id for hall in inventory.hall if name in hall.name_zh)


def test_a_hall_is_what_its_figures_say(inventory: Inventory) -> None:
    halls = picture_of(inventory, {"BA002": 600}).halls
    assert (halls["BA002"].state, halls["BA002"].wait_s, halls["BA002"].queue) == (State.OPEN, 600, 3)
    assert halls["BA002"].working == 2
    assert halls["BA003"].state is State.SILENT


@pytest.mark.parametrize(
    ("said", "state"),
    [
        (hall_says("BA002", is_open=False), State.CLOSED),
        (hall_says("BA002", wait_s=None), State.UNSTAFFED),
        ([one for one in hall_says("BA002") if one.label("__name__") != "hall_counters"], State.UNSTAFFED),
        ([one for one in hall_says("BA002") if one.label("__name__") != "hall_issuing"], State.STOPPED),
        ([series("BA002", "hall_up", 0)], State.SILENT),
    ],
)
def test_a_hall_that_does_not_serve_says_why(inventory: Inventory, said: list[Series], state: State) -> None:
    heard = [Series({"hall": "BA002"}, (AT_S, str(AT_S)))]
    assert make_picture(inventory, Answers(now=said, heard=heard), AT_S).halls["BA002"].state is state


def test_old_figures_are_not_shown_as_of_now(inventory: Inventory) -> None:
    """An agent's last figures can still be read for five minutes after its line was cut."""
    heard = [Series({"hall": "BA002"}, (AT_S, str(AT_S - 150)))]
    halls = make_picture(inventory, Answers(now=hall_says("BA002"), heard=heard), AT_S).halls
    assert (halls["BA002"].state, halls["BA002"].wait_s) == (State.SILENT, None)


def test_visits_of_a_silent_hall_still_count_and_the_month_adds_its_days(inventory: Inventory) -> None:
    silent = "BA003"
    today = [series(silent, "", 7, band="evening"), series("BA002", "", 1, band="evening")]
    past = [Series({"hall": "BA002", "band": "evening"}, values=((1.0, "10"), (2.0, "11")))]
    picture = picture_of(inventory, {"BA002": 60}, today=today, past=past)
    assert picture.halls[silent].visits == {"evening": 7}
    assert picture.halls["BA002"].month == {"regular": 20, "evening": 26}
    assert extended(picture.group().visits) == 12
    assert extended(picture.group().month) == 33
    assert ">33<" in markup.facts(picture.group(), has_month=picture.has_month)
    assert ">…<" in markup.facts(picture.group(), has_month=False), "a month without its days is no figure"


def test_a_quantile_is_that_of_prometheus() -> None:
    buckets = {60.0: 10.0, 180.0: 90.0, 300.0: 100.0, float("inf"): 100.0}
    assert quantile(buckets, 0.5) == pytest.approx(60 + 120 * 40 / 80)
    assert quantile(buckets, 0.9) == pytest.approx(180)
    assert quantile({60.0: 0.0, float("inf"): 4.0}, 0.9) == 60, "beyond the last bound"
    assert quantile({60.0: 0.0, float("inf"): 0.0}, 0.9) is None
    assert quantile({}, 0.9) is None


def test_the_hotline_finds_a_place_by_any_of_its_names(inventory: Inventory) -> None:
    third = named(inventory, "沙井街道第3社区")
    for text in ("沙井3", "沙井 第3社区", "shajing 3", "Shajing Community 3", third, third.lower()):
        found = search(inventory, text)[0].hall
        assert found is not None
        assert found.id == third, text
    assert search(inventory, "沙井")[0] == Place("沙井")
    assert search(inventory, "xin'an")[0] == Place("新安")
    assert len(search(inventory, "沙井1")) == 1, "and not its 10th to 16th"
    assert search(inventory, "南山") == search(inventory, "  ") == []


def test_the_shortest_wait_of_the_same_street_comes_first_then_the_neighbours(inventory: Inventory) -> None:
    here, longer, beside, far = (
        named(inventory, name) for name in ("沙井街道第3社区", "沙井街道第4社区", "新桥街道第1社区", "新安街道第1社区")
    )
    picture = picture_of(inventory, {here: 600, longer: 900, beside: 120, far: 60, "BA001": 300})
    found = answer(inventory, picture, Place("沙井"))
    assert [hall.entry.id for hall in found.here] == [here, longer]
    assert [hall.entry.id for hall in found.near] == [beside, "BA001"]
    said = hotline(inventory, picture, "沙井4")
    assert said.index("约10分钟") < said.index("邻近")
    assert f'class="answer" role="status" data-hall="{here}"' in said


def test_at_night_the_hotline_names_the_next_open_hall_or_the_machines(inventory: Inventory) -> None:
    far = named(inventory, "新安街道第1社区")
    found = answer(inventory, picture_of(inventory, {far: 60}), Place("松岗"))
    assert [hall.entry.id for hall in found.near] == [far]
    assert "自助服务区" in hotline(inventory, picture_of(inventory, {}), "松岗")
    assert "请换一个名称" in hotline(inventory, picture_of(inventory, {}), "<b>x")
    assert "<b>" not in hotline(inventory, picture_of(inventory, {}), "<b>x")


def test_streets_are_neighbours_by_the_map_or_by_their_order(inventory: Inventory) -> None:
    assert [distance(inventory, "沙井", street) for street in ("沙井", "新桥", "松岗", "新安")] == [0, 1, 1, 4]
    assert distance(inventory, "松岗", DISTRICT_LEVEL) == 1
    from msgspec.structs import replace

    assert distance(replace(inventory, map=()), "新安", "航城") == 2


def test_every_colour_comes_with_its_figure(inventory: Inventory) -> None:
    waits = {"BA002": 100.0, "BA003": 400.0, "BA004": 700.0, "BA005": 1300.0, "BA006": 4000.0}
    picture = picture_of(inventory, waits)
    assert [words.colour(picture.halls[hall]) for hall in waits] == ["w0", "w1", "w2", "w3", "w4"]
    drawn = markup.grid(inventory, picture)
    assert drawn.count('class="tile ') == len(inventory.hall) == 135
    assert "<b>70</b>" in drawn
    assert "失联" in drawn


def test_names_are_shortened_where_the_street_is_known(inventory: Inventory) -> None:
    halls = {hall.id: words.short(hall) for hall in inventory.hall}
    assert halls["BA001"] == ("区大厅", "District")
    assert halls["BA002"] == ("街道大厅", "Street")
    assert halls[named(inventory, "新安街道第7社区")] == ("第7社区", "No. 7")


def test_a_curve_has_a_gap_where_nothing_was_heard() -> None:
    curves = Curves(waiting={"A": {900: 1, 1500: 2}, "B": {900: 3}}, visits={"A": {900: 1}}, wait={"A": {900: 120}})
    drawn = chart(curves, ["A", "B"], of_one=False)
    assert drawn["series"][0]["data"][-3:] == [4, None, 2]
    assert chart(curves, ["A"], of_one=True)["series"][2]["data"][-3:] == [2, None, None]
    assert chart(Curves(), ["A"], of_one=True)["series"][0]["data"] == []


def test_the_month_is_asked_for_the_end_of_each_day_before_today() -> None:
    now = questions.local(AT_S)
    assert questions.past_days(now.replace(day=1)) is None
    steps = questions.past_days(now.replace(day=4))
    assert steps is not None
    assert round((steps.end_s - steps.start_s) / steps.step_s) == 2
    assert f"{questions.local(steps.end_s):%d %H:%M:%S}" == "03 23:59:30"
