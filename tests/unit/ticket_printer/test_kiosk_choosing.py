"""Choosing a matter at the kiosk: the start page, parts of a large group, the search, several at once."""

from typing import Any

import pytest
from msgspec.structs import replace

from hall_controller.domain.hall import Hall
from hall_controller.domain.matters import Catalogue, How, Matter
from hall_controller.domain.ticket import VisitorClass
from tests.unit.ticket_printer.halls import CATALOGUE, MONDAY_MS, new_hall
from ticket_printer.kiosk import journey as j
from ticket_printer.kiosk import steps
from ticket_printer.kiosk.asking import booking_command, list_command, ticket_command
from ticket_printer.kiosk.bundles import ThemeView, chosen
from ticket_printer.kiosk.choosing import SearchView
from ticket_printer.kiosk.finding import Finder, result_tiles
from ticket_printer.kiosk.journey import Journey, Purpose, Screen
from ticket_printer.kiosk.seen import Seen, Viewport
from ticket_printer.kiosk.settings import KioskSettings
from ticket_printer.kiosk.tiles import TilesView
from ticket_printer.kiosk.view import Body, ConfirmView, DocumentsView, view_of
from ticket_printer.kiosk.words import EN, ZH

BASE = CATALOGUE.matters["m0"]


def matter(code: str, name: str, **fields: Any) -> Matter:
    known: dict[str, Any] = {
        "code": code,
        "name_zh": name,
        "name_en": f"Matter {code}",
        "group": "small",
        "group_zh": "小",
        **fields,
    }
    return replace(BASE, **known)


def themed(code: str, name: str, *papers: str, **fields: Any) -> Matter:
    themes = {"themes": ("cafe",), "themes_zh": ("我要开咖啡店",), "themes_en": ("Open a café",)}
    return matter(code, name, documents_zh=papers, documents_en=(), **themes, **fields)


SHOP = Catalogue(
    {
        one.code: one
        for one in (
            themed("licence", "营业执照办理", "身份证", "章程", later=(2,)),
            themed("hygiene", "卫生许可", "身份证", "平面图"),
            themed("sign", "招牌备案", "章程", "效果图"),
            matter("card", "身份证换领", group="people", group_zh="人", how=(How.HERE, How.ZERO_RUN)),
            matter("pickup-all", "其他证件领取", group="pickup", group_zh="领取"),
        )
    }
)


def seen(catalogue: Catalogue = SHOP, hall: Hall | None = None, **fields: Any) -> Seen:
    known = Seen(
        hall=hall or new_hall(),
        catalogue=catalogue,
        connected=True,
        settings=KioskSettings(),
        url=None,
        viewport=Viewport(1080, 1920),
        now_ms=MONDAY_MS,
    )
    return replace(known, **fields)


def body(journey: Journey, catalogue: Catalogue = SHOP, **fields: Any) -> Body:
    return view_of(journey, seen(catalogue, **fields)).body


def tiles(journey: Journey, catalogue: Catalogue = SHOP, **fields: Any) -> TilesView:
    found = body(journey, catalogue, **fields)
    assert isinstance(found, TilesView)
    return found


def confirm(journey: Journey, catalogue: Catalogue = SHOP) -> ConfirmView:
    found = body(journey, catalogue)
    assert isinstance(found, ConfirmView)
    return found


def cafe() -> Journey:
    return steps.choose_theme(steps.themes(Journey()), "cafe")


def theme(journey: Journey) -> ThemeView:
    found = body(journey)
    assert isinstance(found, ThemeView)
    return found


# --- the start page ------------------------------------------------------------------------------


def test_the_start_page_leads_to_search_themes_and_results_where_the_catalogue_has_them() -> None:
    start = tiles(Journey())
    assert (start.search, [entry.key for entry in start.entries]) == (ZH.visit.search, ["themes", "results"])
    assert [tile.key for tile in start.tiles] == ["small", "people"]  # results have a way of their own
    plain = tiles(Journey(), CATALOGUE)
    assert (plain.search, plain.entries) == (ZH.visit.search, ())


def test_a_booking_and_a_list_begin_with_the_same_ways_but_results() -> None:
    for purpose in (Purpose.BOOKING, Purpose.DOCUMENTS):
        start = tiles(j.start_for(Journey(), purpose))
        assert [entry.key for entry in start.entries] == ["themes"]
        assert "pickup" in [tile.key for tile in start.tiles]


def departments(count: int, each: int) -> Catalogue:
    many = [
        replace(BASE, code=f"d{n}-{m}", name_en=f"{chr(65 + (n * each + m) % 26)} {n} {m}", department=f"部门{n}")
        for n in range(count)
        for m in range(each)
    ]
    return Catalogue({one.code: one for one in many})


def test_a_large_group_is_parted_by_department_and_back_again() -> None:
    catalogue = departments(4, 9)
    journey = j.choose_group(Journey(), "big")
    parts = tiles(journey, catalogue)
    assert (parts.kind, [tile.text for tile in parts.tiles]) == ("parts", ["部门0", "部门1", "部门2", "部门3"])
    one = steps.choose_part(journey, "部门2")
    assert [tile.key for tile in tiles(one, catalogue).tiles] == [f"d2-{m}" for m in range(9)]
    assert j.back(one) == journey
    assert j.back(journey).screen is Screen.GROUPS


def test_a_group_of_two_pages_is_not_parted_nor_one_of_a_single_department() -> None:
    journey = j.choose_group(Journey(), "big")
    assert tiles(journey, departments(4, 6)).kind == "matters"
    assert tiles(journey, departments(1, 40)).kind == "matters"


def test_an_english_reader_chooses_among_departments_that_have_english_names() -> None:
    named = Catalogue(
        {code: replace(one, department_en=f"Office {code[1]}") for code, one in departments(4, 9).matters.items()}
    )
    journey = j.choose_group(Journey(english=True), "big")
    parts = tiles(journey, named)
    assert [(tile.text, tile.more) for tile in parts.tiles][:2] == [
        ("Office 0", "9 matters"),
        ("Office 1", "9 matters"),
    ]
    assert EN.visit.choose_department in parts.title
    one = steps.choose_part(journey, "部门2")
    assert [tile.key for tile in tiles(one, named).tiles] == [f"d2-{m}" for m in range(9)]
    assert [tile.key for tile in tiles(j.toggle_english(one), named).tiles] == [f"d2-{m}" for m in range(9)]


def test_in_english_every_matter_is_in_exactly_one_stretch_of_the_alphabet() -> None:
    catalogue = departments(5, 30)
    journey = j.choose_group(Journey(english=True), "big")
    found: list[str] = []
    for part in tiles(journey, catalogue).tiles:
        for page in range(9):
            view = tiles(j.turn_page(steps.choose_part(journey, part.key), page), catalogue)
            if view.page == page:
                found += [tile.key for tile in view.tiles]
    assert sorted(found) == sorted(catalogue.matters)


# --- the search ----------------------------------------------------------------------------------


def test_the_search_page_says_nothing_of_what_was_typed_so_that_a_key_draws_it_not_again() -> None:
    journey = steps.search(Journey())
    typed = steps.type_text(journey, "sfz")
    assert isinstance(body(journey), SearchView)
    assert body(journey) == body(typed)
    assert j.back(j.choose_matter(typed, "card")).screen is Screen.SEARCH
    assert j.back(typed).screen is Screen.GROUPS
    assert steps.type_text(Journey(), "sfz") == Journey()  # a key that comes too late


def test_a_matter_and_a_theme_are_found_each_with_a_word_of_its_kind() -> None:
    finder = Finder(SHOP)
    tile, *_ = result_tiles(finder.find("shenfenzheng", 6), False, ZH, 6)
    assert (tile.key, tile.more) == ("card", f"人 · {ZH.visit.no_trip}")
    last = result_tiles(finder.find("kafeidian", 6), False, ZH, 6)[-1]
    assert (last.key, last.text) == ("theme:cafe", "我要开咖啡店")
    assert result_tiles(finder.find("café", 6), True, EN, 6)[-1].text == "Open a café"


# --- several matters -----------------------------------------------------------------------------


def test_a_theme_is_ticked_whole_and_has_one_list_without_repeats() -> None:
    view = theme(cafe())
    assert view.codes == ("licence", "hygiene", "sign")
    assert view.documents == ("身份证", "章程", "平面图", "效果图")
    assert view.later == ""  # the articles are needed at once for the sign
    without = theme(steps.tick(cafe(), "sign"))
    assert without.codes == ("licence", "hygiene")
    assert without.later == "信用良好的申请人可先受理、后补：章程"
    assert theme(steps.tick(steps.tick(cafe(), "sign"), "sign")) == view


def test_nothing_ticked_leads_nowhere() -> None:
    journey = cafe()
    for code in ("licence", "hygiene", "sign"):
        journey = steps.tick(journey, code)
    assert theme(journey).codes == ()
    assert not theme(journey).can_print
    assert steps.choose_bundle(journey, ()) is journey


def test_a_bundle_is_one_command_and_its_theme_falls_when_another_matter_joins() -> None:
    journey = steps.choose_bundle(cafe(), ("licence", "sign"))
    assert [tile.key for tile in confirm(journey).matters] == ["licence", "sign"]
    command = ticket_command(journey, SHOP, 1)
    assert (command.matter, command.more, command.theme) == ("licence", ("sign",), "cafe")
    more = j.choose_matter(steps.add(journey), "card")
    command = ticket_command(more, SHOP, 1)
    assert (command.more, command.theme) == (("sign", "card"), None)
    off = ticket_command(steps.take_off(more, "card"), SHOP, 1)
    assert (off.more, off.theme) == (("sign",), "cafe")
    assert list_command(more, [one.code for one in chosen(more, SHOP)], 1).more == ("sign", "card")


def test_the_same_matter_is_not_added_twice_and_the_first_may_be_taken_off() -> None:
    journey = j.choose_matter(steps.add(j.choose_matter(Journey(), "licence")), "licence")
    assert (journey.matter, journey.more, journey.screen) == ("licence", (), Screen.CONFIRM)
    two = j.choose_matter(steps.add(journey), "sign")
    assert steps.take_off(two, "licence").matter == "sign"
    assert steps.take_off(journey, "licence") is journey


def test_adding_is_called_off_by_going_back() -> None:
    journey = j.choose_matter(j.choose_group(Journey(), "small"), "licence")
    adding = steps.add(journey)
    title = tiles(adding)
    assert (title.title, title.entries, title.is_start) == (ZH.visit.add_title, (), False)
    assert j.back(adding).screen is Screen.CONFIRM
    for deeper in (j.choose_group(adding, "people"), steps.search(adding)):
        assert j.back(deeper).screen is Screen.GROUPS
        assert j.back(deeper).adding
    assert confirm(j.back(adding)).title == "营业执照办理"


def test_twenty_matters_are_the_most() -> None:
    catalogue = departments(1, 30)
    journey = j.choose_matter(Journey(), "d0-0")
    for n in range(1, 25):
        journey = j.choose_matter(steps.add(journey), f"d0-{n}")
    assert len(chosen(journey, catalogue)) == 20
    assert not confirm(journey, catalogue).can_add


def test_a_theme_can_be_booked_and_listed() -> None:
    booking = steps.choose_bundle(
        steps.choose_theme(j.start_for(Journey(), Purpose.BOOKING), "cafe"), ("hygiene", "sign")
    )
    assert booking.screen is Screen.DAYS
    command = booking_command(replace(booking, slot_at_ms=5), SHOP, 1)
    assert (command.matter, command.more, command.theme) == ("hygiene", ("sign",), "cafe")
    listing = steps.choose_bundle(
        steps.choose_theme(j.start_for(Journey(), Purpose.DOCUMENTS), "cafe"), ("hygiene", "sign")
    )
    view = body(listing)
    assert isinstance(view, DocumentsView)
    assert view.documents == ("身份证", "平面图", "章程", "效果图")


@pytest.mark.parametrize("screen", [Screen.THEME, Screen.THEMES])
def test_a_theme_that_left_the_catalogue_leads_back_to_the_groups(screen: Screen) -> None:
    assert tiles(replace(cafe(), screen=screen), CATALOGUE).kind == "groups"


def test_going_back_from_a_theme_keeps_what_was_unticked_and_forgets_the_class() -> None:
    journey = steps.choose_bundle(steps.tick(cafe(), "sign"), ("licence", "hygiene"))
    back = j.back(j.choose_class(journey, VisitorClass.PRIORITY))
    assert (back.screen, back.unticked, back.visitor_class) == (Screen.THEME, ("sign",), VisitorClass.ORDINARY)
    assert j.back(back).screen is Screen.THEMES
