"""The visit that need not be, papers that travel, results, and booked visitors who come late."""

from typing import Any

import pytest
from msgspec.structs import replace

from hall_controller.domain import events as e
from hall_controller.domain.acceptance import (
    Acceptance,
    AcceptanceState,
    Carries,
    Consignment,
    ConsignmentState,
    Decision,
)
from hall_controller.domain.day import StopCause
from hall_controller.domain.hall import Hall
from hall_controller.domain.matters import Catalogue, How, Level, Matter, Route
from hall_controller.domain.rules import Tier
from tests.unit.ticket_printer.halls import MONDAY_MS, TUESDAY_SLOT_MS, apply, book, check_in, new_hall
from tests.unit.ticket_printer.test_kiosk_choosing import BASE, matter, seen
from ticket_printer.kiosk import journey as j
from ticket_printer.kiosk import steps
from ticket_printer.kiosk.areas import Found, nearest, parse_areas
from ticket_printer.kiosk.asking import divert_command, ticket_command
from ticket_printer.kiosk.bundles import travels_told
from ticket_printer.kiosk.check_in import arrival_told
from ticket_printer.kiosk.journey import Journey, Screen
from ticket_printer.kiosk.results import ResultsView, ResultView, find, fitting
from ticket_printer.kiosk.settings import KioskSettings
from ticket_printer.kiosk.view import ConfirmView, view_of
from ticket_printer.kiosk.ways import DivertedView, WaysView, online_link
from ticket_printer.kiosk.words import EN, ZH

MINUTE_MS = 60_000
RECEIPT = "BA001-261123-0007"
PICKUPS = [matter("pickup-id", "身份证领取", group="pickup"), matter("pickup-other", "其他证件领取", group="pickup")]
AREAS = nearest(
    parse_areas(
        "name_zh,name_en,address_zh,address_en,latitude,longitude,services_zh,services_en\n"
        "远处,Far,远路1号,1 Far Road,22.7,113.8,打印,Prints\n近处,Near,近路2号,2 Near Road,22.58,113.86,打印,Prints\n"
    ),
    (22.576, 113.862),
)


def one(**fields: Any) -> Matter:
    return replace(BASE, code="card", name_zh="身份证换领", **fields)


def of(*matters: Matter) -> Catalogue:
    return Catalogue({each.code: each for each in matters})


def choosing(*ways: How) -> tuple[Journey, Catalogue]:
    return j.choose_matter(Journey(), "card"), of(one(how=(How.HERE, *ways)))


def ways(journey: Journey, catalogue: Catalogue, **fields: Any) -> WaysView:
    body = view_of(journey, seen(catalogue, **fields)).body
    assert isinstance(body, WaysView)
    return body


# --- without a visit -----------------------------------------------------------------------------


def test_a_matter_for_the_counter_alone_asks_nothing() -> None:
    journey, catalogue = choosing()
    assert isinstance(view_of(journey, seen(catalogue)).body, ConfirmView)


def test_the_least_trouble_is_told_first_and_what_is_approved_at_once_is_one_way() -> None:
    journey, catalogue = choosing(How.SELF_SERVICE, How.ZERO_RUN, How.BY_PHONE)
    assert [way.way for way in ways(journey, catalogue).ways] == [How.ZERO_RUN, How.BY_PHONE, How.SELF_SERVICE]
    journey, catalogue = choosing(How.ZERO_RUN, How.INSTANT)
    view = ways(journey, catalogue)
    assert [way.way for way in view.ways] == [How.INSTANT]
    assert view.chosen is How.INSTANT


def test_the_nearest_area_is_named_with_distance_and_hours() -> None:
    journey, catalogue = choosing(How.SELF_SERVICE)
    (way,) = ways(journey, catalogue, areas=AREAS).ways
    assert way.big == "近处"
    assert way.lines[-1] == "近路2号 · 500米 · 全天24小时开放"
    (english,) = ways(j.toggle_english(journey), catalogue, areas=AREAS).ways
    assert english.lines[-1] == "2 Near Road · 500 m · Open 24 hours a day"
    (nowhere,) = ways(journey, catalogue).ways
    assert nowhere.big == ""


def test_an_area_whose_machines_do_not_do_the_matter_is_passed_over() -> None:
    journey, catalogue = choosing(How.SELF_SERVICE)
    near, far = AREAS
    police = replace(near.area, does=frozenset({"公安分局", "other"}))
    (way,) = ways(journey, catalogue, areas=(Found(police, near.km), far)).ways
    assert way.big == "远处"
    for known in (BASE.department, "card"):
        able = replace(near.area, does=frozenset({"其他局", known}))
        (way,) = ways(journey, catalogue, areas=(Found(able, near.km), far)).ways
        assert way.big == "近处"
    (nowhere,) = ways(journey, catalogue, areas=(Found(police, near.km),)).ways
    assert (nowhere.big, len(nowhere.lines)) == ("", 1)


def test_an_address_becomes_a_code_and_words_stand_where_there_is_none() -> None:
    journey, catalogue = choosing(How.ZERO_RUN)
    with_url = KioskSettings(online_url="https://gov.example/{code}?x=1")
    (way,) = ways(journey, catalogue, settings=with_url).ways
    assert way.link == "https://gov.example/card?x=1"
    (plain,) = ways(journey, catalogue).ways
    assert (plain.link, plain.lines[-1]) == ("", "用手机打开政务服务小程序或网站，搜索“身份证换领”。")
    assert online_link("https://gov.example/{code}", "a b/ü") == "https://gov.example/a%20b%2F%C3%BC"


@pytest.mark.parametrize(
    "wrong",
    [
        {"online_url": "https://gov.example/"},
        {"online_url": "javascript:alert('{code}')"},
        {"phone_number": "call us"},
        {"phone_number": "1" * 21},
    ],
)
def test_a_wrong_setting_is_told_by_its_name(wrong: dict[str, Any]) -> None:
    with pytest.raises(ValueError, match=next(iter(wrong))):
        KioskSettings(**wrong)


def test_the_visitor_decides_and_is_asked_again_after_going_back() -> None:
    journey, catalogue = choosing(How.ZERO_RUN, How.SELF_SERVICE)
    journey = steps.choose_way(journey, "self_service")
    assert ways(journey, catalogue).chosen is How.SELF_SERVICE
    counter = steps.to_counter(journey)
    assert isinstance(view_of(counter, seen(catalogue)).body, ConfirmView)
    assert isinstance(view_of(j.back(counter), seen(catalogue)).body, WaysView)
    done = steps.diverted(journey, How.SELF_SERVICE)
    body = view_of(done, seen(catalogue)).body
    assert isinstance(body, DivertedView)
    assert body.documents == ("身份证",)
    command = divert_command(done, How.SELF_SERVICE)
    assert (command.matter, command.way) == ("card", How.SELF_SERVICE)
    assert j.pass_time(done, new_hall(), KioskSettings(), 99_000_000).screen is Screen.GROUPS


# --- papers that travel --------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("tier", "level", "route", "told"),
    [
        (Tier.COMMUNITY, Level.DISTRICT, Route.PHYSICAL, "纸质材料由大厅派人送到卫健局"),
        (Tier.STREET, Level.DISTRICT, Route.PHYSICAL, "纸质材料由大厅派人送到卫健局"),
        (Tier.COMMUNITY, Level.STREET, Route.PHYSICAL, "纸质材料由大厅派人送到卫健局"),
        (Tier.STREET, Level.STREET, Route.PHYSICAL, ""),
        (Tier.DISTRICT, Level.DISTRICT, Route.PHYSICAL, ""),
        (Tier.COMMUNITY, Level.DISTRICT, Route.ELECTRONIC, "材料网上流转"),
    ],
)
def test_papers_are_carried_to_whoever_decides_above_this_hall(
    tier: Tier, level: Level, route: Route, told: str
) -> None:
    hall = new_hall()
    assert hall.rules is not None
    hall.rules = replace(hall.rules, tier=tier)
    asked = one(how=(How.HERE, How.ANY_HALL), route=route, level=level, department="卫健局")
    said = travels_told([asked], hall, False, ZH)
    assert told in said
    assert bool(told) is bool(said)


def test_where_papers_go_is_told_in_english_by_the_english_name_or_else_the_chinese_one() -> None:
    asked = one(how=(How.HERE, How.ANY_HALL), route=Route.PHYSICAL, level=Level.DISTRICT, department="卫健局")
    assert "卫健局" in travels_told([asked], new_hall(), True, EN)
    said = travels_told([replace(asked, department_en="Health")], new_hall(), True, EN)
    assert "Health" in said
    assert "卫健局" not in said


def test_of_several_matters_those_are_named_whose_papers_are_carried() -> None:
    carried = one(how=(How.HERE, How.ANY_HALL), route=Route.PHYSICAL, level=Level.DISTRICT)
    said = travels_told([carried, matter("other", "别的事")], new_hall(), False, ZH)
    assert "“身份证换领”" in said
    assert "别的事" not in said


# --- results -------------------------------------------------------------------------------------


def accepted(state: AcceptanceState, **fields: Any) -> Hall:
    hall = new_hall()
    hall.acceptances[RECEIPT] = Acceptance(
        receipt=RECEIPT, matter="card", department="公安分局", state=state, accepted_at_ms=MONDAY_MS, **fields
    )  # fmt: skip
    return hall


def result(hall: Hall, typed: str = RECEIPT, english: bool = False) -> ResultView:
    journey = steps.ask_result(Journey(english=english), typed)
    body = view_of(journey, seen(of(one(), *PICKUPS), hall)).body
    assert isinstance(body, ResultView)
    return body


@pytest.mark.parametrize(
    "typed", [RECEIPT, "ba001-261123-0007", "BA001 261123 0007", "ＢＡ００１－２６１１２３－０００７", "261123-0007"]
)
def test_a_receipt_is_known_however_it_is_typed(typed: str) -> None:
    assert find(accepted(AcceptanceState.READY), typed) is not None


def test_a_part_of_a_receipt_finds_nothing() -> None:
    hall = accepted(AcceptanceState.READY)
    for typed in ("", "0007", "BA001", "261123-000"):
        assert find(hall, typed) is None


@pytest.mark.parametrize(
    ("state", "fields", "told"),
    [
        (AcceptanceState.ACCEPTED, {}, "部门正在办理。"),
        (AcceptanceState.ACCEPTED, {"result_due_day": "2026-12-07"}, "应在 12月7日 周一 前出结果"),
        (AcceptanceState.ACCEPTED, {"to_hall": "BA000"}, "材料将由大厅派人送到办理部门。"),
        (AcceptanceState.SENT, {"to_hall": "BA000"}, "材料正在送往办理部门的路上。"),
        (AcceptanceState.SENT, {"consignment": "R1"}, "结果已经做出，正在送回的路上。"),
        (AcceptanceState.RECEIVED, {"to_hall": "BA000"}, "材料已送到办理部门"),
        (AcceptanceState.RECEIVED, {"decision": Decision.REJECTED}, "结果已经做出，正在送回的路上。"),
        (
            AcceptanceState.ACCEPTED,
            {"outstanding_zh": ("章程", "照片"), "documents_due_day": "2026-12-07"},
            "还缺材料：章程、照片。请在 12月7日 周一 前补交。",
        ),
        (AcceptanceState.RECEIVED, {"from_hall": "BA077"}, "这个回执是 BA077 号大厅受理的"),
    ],
)
def test_what_is_not_ready_says_where_it_stands(state: AcceptanceState, fields: dict[str, Any], told: str) -> None:
    hall = accepted(state, **fields)
    hall.consignments["R1"] = Consignment(
        consignment="R1", from_hall="BA000", to_hall="BA001", carries=Carries.RESULTS, receipts=(RECEIPT,),
        state=ConsignmentState.ANNOUNCED, sent_at_ms=MONDAY_MS,
    )  # fmt: skip
    view = result(hall)
    assert (view.title, view.collect) == (ZH.visit.not_ready, "")
    assert told in "".join(view.lines)


def test_a_ready_result_gives_a_number_of_the_window_that_fits() -> None:
    view = result(accepted(AcceptanceState.READY))
    assert (view.is_ready, view.collect) == (True, "pickup-id")
    journey = steps.collect(steps.ask_result(Journey(), "261123-0007"), view.collect, view.receipt)
    command = ticket_command(journey, of(one(), *PICKUPS), 1)
    assert (command.matter, command.receipt, command.more) == ("pickup-id", RECEIPT, ())
    body = view_of(journey, seen(of(one(), *PICKUPS), accepted(AcceptanceState.READY))).body
    assert isinstance(body, ConfirmView)
    assert not body.can_add
    assert j.back(journey).screen is Screen.RESULTS


def test_what_has_nothing_in_common_goes_to_the_last_of_the_results_window() -> None:
    assert fitting(PICKUPS, matter("tax", "印花税申报")) is PICKUPS[1]
    assert fitting(PICKUPS, None) is PICKUPS[1]
    assert fitting([], one()) is None


def test_a_ready_result_gives_no_number_while_none_are_given() -> None:
    hall = accepted(AcceptanceState.READY)
    apply(hall, e.IssuingStopped(cause=StopCause.SHUT))
    view = result(hall)
    assert (view.is_ready, view.collect, view.lines) == (True, "", (ZH.visit.ready_closed,))


@pytest.mark.parametrize(
    ("typed", "why"),
    [("BA001-261123-0099", EN.visit.unknown_why), ("BA9-261123-0001", "by hall BA9"), ("77", EN.visit.incomplete)],
)
def test_an_unknown_receipt_is_one_sentence(typed: str, why: str) -> None:
    view = result(accepted(AcceptanceState.READY), typed, english=True)
    assert not view.is_known
    assert why in "".join(view.lines)
    assert j.back(steps.ask_result(Journey(), typed)).asked is False


def test_a_scan_leaves_a_number_on_the_screen_alone() -> None:
    ticket = Journey(screen=Screen.TICKET)
    assert steps.ask_result(ticket, RECEIPT) is ticket
    body = view_of(steps.results(Journey()), seen(of(one(), *PICKUPS))).body
    assert isinstance(body, ResultsView)
    assert body.without == "pickup"


# --- late with a booking -------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("late_min", "told"),
    [(-20, ZH.visit.on_time), (0, ZH.visit.on_time), (10, "您晚到了10分钟，没关系，仍按预约叫号。")],
)
def test_what_coming_on_time_or_late_means_is_said_beside_the_number(late_min: int, told: str) -> None:
    hall = new_hall()
    book(hall)
    assert arrival_told(hall.tickets[1], ZH) == ""
    check_in(hall, at_ms=TUESDAY_SLOT_MS + late_min * MINUTE_MS)
    assert arrival_told(hall.tickets[1], ZH) == told


def test_who_walks_in_is_told_nothing_of_bookings() -> None:
    hall = new_hall()
    book(hall, slot_at_ms=TUESDAY_SLOT_MS)
    ticket = replace(hall.tickets[1], slot_at_ms=None, number="A001")
    assert arrival_told(ticket, ZH) == ""
