"""The self-service areas: the file, the distances, the pages."""

import asyncio
import csv
import io
from pathlib import Path

import msgspec
import pytest

from hall_controller.bus.bundle import load_bundle
from hall_controller.bus.client import HallClient
from hall_controller.catalogue.sample import sample_district
from hall_controller.config import load_catalogue
from hall_controller.domain.matters import How
from hall_controller.part import Trouble
from tests.support import make_hall
from tests.unit.ticket_printer.halls import CATALOGUE, new_hall
from ticket_printer.kiosk import journey as j
from ticket_printer.kiosk.area_view import AreaView, distance_told
from ticket_printer.kiosk.areas import COLUMNS, AreasError, distance_km, load_areas, nearest, parse_areas
from ticket_printer.kiosk.journey import Journey
from ticket_printer.kiosk.machine import Machine
from ticket_printer.kiosk.seen import Seen, Viewport
from ticket_printer.kiosk.settings import KioskSettings
from ticket_printer.kiosk.tiles import TilesView
from ticket_printer.kiosk.view import view_of
from ticket_printer.kiosk.words import EN, ZH

XIXIANG = (22.5760, 113.8620)
ROW = {
    "name_zh": "西乡自助区", "name_en": "Xixiang", "address_zh": "示例路1号", "address_en": "1 Shili Road",
    "latitude": "22.5", "longitude": "113.8", "services_zh": "打印；缴费", "services_en": "Print;Pay",
}  # fmt: skip


def file_of(*rows: dict[str, str]) -> str:
    out = io.StringIO()
    writer = csv.DictWriter(out, COLUMNS)
    writer.writeheader()
    writer.writerows({**ROW, **row} for row in rows)
    return out.getvalue()


def test_the_sample_has_36_areas_in_ten_streets_each_marked_as_a_sample() -> None:
    areas = load_areas(Path("/nowhere"), "")
    assert len(areas) == 36
    assert len({area.name_zh[:2] for area in areas}) == 10
    for area in areas:
        assert "示例" in area.name_zh
        assert "示例" in area.address_zh
        assert "sample" in area.name_en
        assert "sample" in area.address_en
        assert len(area.services_zh) == len(area.services_en) >= 3
        assert distance_km(XIXIANG, (area.latitude, area.longitude)) < 35, "in Bao'an"


def test_every_self_service_matter_of_the_sample_district_has_an_area_in_every_street() -> None:
    areas = load_areas(Path("/nowhere"), "")
    for matter in sample_district().matters.values():
        if How.SELF_SERVICE in matter.how:
            assert len({area.name_zh[:2] for area in areas if area.can_do(matter)}) == 10
    assert any(not area.can_do(matter) for area in areas for matter in sample_district().matters.values())


def test_what_an_area_does_may_be_left_out_and_is_split_as_services_are() -> None:
    assert parse_areas(file_of({}))[0].does == frozenset()
    heading, row = file_of({}).splitlines()
    (area,) = parse_areas(f"{heading},does\n{row},id-card-renew；税务局;\n")
    assert area.does == {"id-card-renew", "税务局"}


def test_a_slip_in_the_heading_is_told_and_a_column_of_ones_own_is_let_be() -> None:
    heading, row = file_of({}).splitlines()
    for slip in ("dose", "Does", "doe"):
        with pytest.raises(AreasError, match=f"row 1: column '{slip}' is unknown; did you mean does\\?"):
            parse_areas(f"{heading},{slip}\n{row},税务局\n")
    assert parse_areas(f"{heading},remarks,备注\n{row},new,新\n")[0].does == frozenset()


def test_what_no_matter_is_called_is_told_by_the_kiosk(tmp_path: Path, caplog: pytest.LogCaptureFixture) -> None:
    heading, row = file_of({}).splitlines()
    directory = make_hall(tmp_path)
    (directory / "areas.csv").write_text(f"{heading},does\n{row},id-card-renew;税物局\n", "utf-8")

    async def take_in() -> None:
        areas = nearest(load_areas(directory, "areas.csv"), None)
        async with HallClient(load_bundle(directory, "kiosk")) as client:
            machine = Machine(client, KioskSettings(areas="areas.csv"), None, areas)
            await machine._take_in(load_catalogue(directory))

    asyncio.run(take_in())
    sentence = "西乡自助区: does '税物局' is neither the code of a matter of this hall nor a department; mend it"
    assert [record.getMessage() for record in caplog.records] == [f"areas.csv: {sentence}"]


@pytest.mark.parametrize(
    ("row", "sentence"),
    [
        ({"latitude": "north"}, "row 2: latitude 'north' is not a number from -90 to 90; write e.g. 22.5561"),
        ({"longitude": "200"}, "row 2: longitude '200' is not a number from -180 to 180"),
        ({"longitude": "nan"}, "row 2: longitude 'nan' is not a number"),
        ({"address_en": " "}, "row 2: address_en is empty; fill it in"),
        ({"name_zh": "长" * 201}, "has 201 letters; use 200 at most"),
        ({"services_zh": ";".join("一二三四五六七八九十甲乙丙")}, "services_zh names 13 services; name 12 at most"),
    ],
)
def test_a_bad_row_is_named_with_column_value_and_mend(row: dict[str, str], sentence: str) -> None:
    with pytest.raises(AreasError) as caught:
        parse_areas(file_of(row))
    assert sentence in str(caught.value)


def test_every_bad_row_is_told_at_once_and_a_name_is_used_once() -> None:
    with pytest.raises(AreasError) as caught:
        parse_areas(file_of({}, {}, {"name_zh": "另一个", "latitude": "91"}))
    assert [problem.split(":")[0] for problem in caught.value.problems] == ["row 3", "row 4"]
    assert "is that of row 2 too" in caught.value.problems[0]


def test_a_file_that_cannot_be_read_is_one_sentence(tmp_path: Path) -> None:
    with pytest.raises(Trouble, match=r"areas = 'areas\.csv': .*No such file"):
        load_areas(tmp_path, "areas.csv")
    (tmp_path / "areas.csv").write_bytes("西乡".encode("gb18030"))
    with pytest.raises(Trouble, match="not UTF-8; save the file as CSV in UTF-8"):
        load_areas(tmp_path, "areas.csv")
    (tmp_path / "areas.csv").write_text("name_zh,name_en\n", "utf-8")
    with pytest.raises(Trouble, match=r"areas.csv: row 1: column address_zh, .* is missing; add it to the heading"):
        load_areas(tmp_path, "areas.csv")
    (tmp_path / "areas.csv").write_text(file_of({}), "utf-8")
    bundle = tmp_path / "kiosk.toml"
    bundle.touch()
    assert load_areas(bundle, "areas.csv")[0].services_zh == ("打印", "缴费")


def test_settings_name_both_degrees_or_none() -> None:
    assert msgspec.convert({"latitude": 22.5, "longitude": 114}, KioskSettings).here == (22.5, 114.0)
    assert KioskSettings().here is None
    with pytest.raises(msgspec.ValidationError, match="latitude is given without longitude; give both, or neither"):
        msgspec.convert({"latitude": 22.5}, KioskSettings)
    with pytest.raises(msgspec.ValidationError, match=r"longitude is 200\.0; give -180 to 180 degrees"):
        msgspec.convert({"latitude": 22.5, "longitude": 200.0}, KioskSettings)


def test_distances_are_those_of_the_globe() -> None:
    london, paris = (51.5074, -0.1278), (48.8566, 2.3522)
    assert distance_km(london, paris) == pytest.approx(344, abs=1)
    assert distance_km((0, 0), (0, 1)) == pytest.approx(111.19, abs=0.01)
    assert distance_km(XIXIANG, XIXIANG) == 0


@pytest.mark.parametrize(
    ("km", "zh", "en"),
    [(0.0, "50米", "50 m"), (0.26, "250米", "250 m"), (0.974, "950米", "950 m"), (0.98, "1.0公里", "1.0 km"),
     (9.96, "10公里", "10 km"), (23.4, "23公里", "23 km"), (None, "", "")],
)  # fmt: skip
def test_a_distance_is_said_as_exactly_as_one_walks(km: float | None, zh: str, en: str) -> None:
    assert (distance_told(km, ZH), distance_told(km, EN)) == (zh, en)


def seen(here: tuple[float, float] | None) -> Seen:
    return Seen(
        hall=new_hall(),
        catalogue=CATALOGUE,
        connected=True,
        settings=KioskSettings(),
        url=None,
        areas=nearest(load_areas(Path("/nowhere"), ""), here),
        viewport=Viewport(1080, 1920),
    )


def test_the_nearest_come_first_six_at_a_time_and_one_is_shown_whole() -> None:
    known = seen(XIXIANG)
    found, page = [], 0
    while True:
        body = view_of(j.turn_page(j.see_areas(Journey()), page), known).body
        assert isinstance(body, TilesView)
        found += [tile.key for tile in body.tiles]
        assert len(body.tiles) == 6
        page += 1
        if page == body.pages:
            break
    assert found == [one.area.name_zh for one in sorted(known.areas, key=lambda one: one.km or 0)]
    assert len(set(found)) == 36
    assert "西乡" in found[0]
    area = view_of(j.choose_area(j.see_areas(Journey(english=True)), found[0]), known).body
    assert isinstance(area, AreaView)
    assert area.distance.endswith(" m")
    assert area.map_link.startswith("geo:22.5")
    assert area.services


def test_without_a_place_of_its_own_the_kiosk_lists_them_as_in_the_file() -> None:
    body = view_of(j.see_areas(Journey()), seen(None)).body
    assert isinstance(body, TilesView)
    assert "新安" in body.tiles[0].text
    assert "米" not in body.tiles[0].more
