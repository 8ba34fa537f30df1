"""The catalogue of matters: what the delivered file holds, and what a bad one is answered."""

import csv
import io
from importlib.resources import files

import pytest
from hypothesis import given
from hypothesis import strategies as st

from hall_controller.domain.catalogue_rows import COLUMNS, CatalogueError, parse_catalogue
from hall_controller.domain.matters import Catalogue, Subject

BUTTONS_ON_A_PAGE = 12
"""As many as a finger finds on a 15-inch touch screen without scrolling."""

GOOD = {
    "code": "id-card-renew",
    "name_zh": "居民身份证换领",
    "name_en": "Renew an ID card",
    "subject": "natural",
    "group": "person",
    "group_zh": "身份户政",
    "group_en": "ID and residence",
    "usual_minutes": "12",
    "documents_zh": "居民身份证；户口簿",
    "documents_en": "ID card; Household register",
}


@pytest.fixture(scope="module")
def delivered() -> Catalogue:
    return parse_catalogue(files("hall_controller").joinpath("data/matters.csv").read_text("utf-8"))


def sheet(*rows: dict[str, str], columns: tuple[str, ...] = COLUMNS) -> str:
    out = io.StringIO()
    writer = csv.DictWriter(out, columns, extrasaction="ignore")
    writer.writeheader()
    writer.writerows(rows)
    return out.getvalue()


def problems(text: str) -> list[str]:
    with pytest.raises(CatalogueError) as caught:
        parse_catalogue(text)
    return caught.value.problems


def test_the_delivered_catalogue_holds_at_least_seventy_matters_of_every_subject(delivered: Catalogue) -> None:
    assert len(delivered.matters) >= 70
    assert {matter.subject for matter in delivered.matters.values()} == set(Subject)


def test_groups_and_their_matters_each_fit_one_touch_page(delivered: Catalogue) -> None:
    groups = delivered.groups()
    assert 8 <= len(groups) <= 10
    assert {key: len(matters) for key, matters in groups.items() if not 1 <= len(matters) <= BUTTONS_ON_A_PAGE} == {}
    assert "pickup" in groups


def test_a_group_has_one_name_and_its_matters_stand_together(delivered: Catalogue) -> None:
    names = {(matter.group, matter.group_zh, matter.group_en) for matter in delivered.matters.values()}
    assert len(names) == len(delivered.groups())
    order = [matter.group for matter in delivered.matters.values()]
    assert order == sorted(order, key=list(delivered.groups()).index)


def test_every_matter_reads_well_on_a_button_in_both_languages(delivered: Catalogue) -> None:
    for matter in delivered.matters.values():
        assert len(matter.name_zh) <= 16, matter.code
        assert len(matter.name_en) <= 50, matter.code
        assert matter.name_en.isascii(), matter.code
        assert any("\u4e00" <= letter <= "\u9fff" for letter in matter.name_zh), matter.code
    for names in ("name_zh", "name_en"):
        seen = [getattr(matter, names) for matter in delivered.matters.values()]
        assert len(set(seen)) == len(seen)


def test_every_matter_says_what_to_bring_in_both_languages(delivered: Catalogue) -> None:
    for matter in delivered.matters.values():
        assert 1 <= len(matter.documents_zh) == len(matter.documents_en) <= 4, matter.code


def test_usual_minutes_are_those_of_a_counter_and_a_pickup_is_quick(delivered: Catalogue) -> None:
    for matter in delivered.matters.values():
        assert 3 <= matter.usual_minutes <= 45, matter.code
        if matter.group == "pickup":
            assert matter.usual_minutes <= 5, matter.code


def test_codes_can_be_typed_at_a_shell(delivered: Catalogue) -> None:
    for code in delivered.matters:
        assert code.replace("-", "").isalnum()
        assert code.isascii()
        assert code == code.lower()


def test_documents_split_at_both_semicolons_and_lose_their_blanks() -> None:
    matter = parse_catalogue(sheet(GOOD)).matters["id-card-renew"]
    assert matter.documents_zh == ("居民身份证", "户口簿")
    assert matter.documents_en == ("ID card", "Household register")
    assert matter.usual_minutes == 12


def test_a_spreadsheets_byte_order_mark_and_spare_columns_do_no_harm() -> None:
    text = "\ufeff" + sheet(GOOD | {"remark": "x"}, columns=("remark", *COLUMNS))
    assert list(parse_catalogue(text).matters) == ["id-card-renew"]


def test_documents_may_be_left_empty() -> None:
    matter = parse_catalogue(sheet(GOOD | {"documents_zh": "", "documents_en": " ; "})).matters["id-card-renew"]
    assert matter.documents_zh == matter.documents_en == ()


@pytest.mark.parametrize("column", COLUMNS[:8])
def test_an_empty_cell_is_named_by_row_and_column(column: str) -> None:
    (problem,) = [line for line in problems(sheet(GOOD, GOOD | {"code": "x", column: "  "})) if column in line]
    assert problem.startswith("row 3: ")
    assert "empty" in problem
    assert "fill it in" in problem


@pytest.mark.parametrize(
    ("column", "value", "mend"),
    [
        ("subject", "person", "natural, legal, convenience"),
        ("usual_minutes", "a while", "a number from 0 to 480"),
        ("usual_minutes", "0", "a number from 0 to 480"),
        ("usual_minutes", "-5", "a number from 0 to 480"),
        ("usual_minutes", "481", "a number from 0 to 480"),
        ("usual_minutes", "nan", "a number from 0 to 480"),
        ("usual_minutes", "inf", "a number from 0 to 480"),
    ],
)
def test_a_wrong_value_is_named_by_row_column_value_and_mend(column: str, value: str, mend: str) -> None:
    (problem,) = problems(sheet(GOOD | {column: value}))
    assert problem.startswith("row 2: ")
    assert column in problem
    assert repr(value) in problem
    assert mend in problem


def test_a_code_used_twice_is_named_with_its_second_row() -> None:
    assert problems(sheet(GOOD, GOOD)) == ["row 3: code 'id-card-renew' appears twice; give each matter its own code"]


def test_missing_columns_are_named_before_any_row_is_read() -> None:
    (problem,) = problems(sheet(GOOD, columns=tuple(c for c in COLUMNS if c not in {"group", "subject"})))
    assert "subject, group" in problem
    assert "add it to the heading" in problem


@pytest.mark.parametrize("text", ["", "\n", ",".join(COLUMNS), ",".join(COLUMNS) + "\n\n"])
def test_an_empty_file_is_refused(text: str) -> None:
    (problem,) = problems(text)
    assert "missing" in problem or "no matters" in problem


def test_a_row_cut_short_is_named() -> None:
    assert all(line.startswith("row 3: ") for line in problems(sheet(GOOD) + "x,名称\n"))


def test_all_or_nothing_every_bad_row_is_told_and_a_long_list_is_cut() -> None:
    bad = [GOOD | {"code": f"m{n}", "subject": "?"} for n in range(30)]
    with pytest.raises(CatalogueError) as caught:
        parse_catalogue(sheet(GOOD, *bad))
    assert len(caught.value.problems) == 30
    assert "and 10 more" in str(caught.value)


@given(st.text(alphabet=st.characters(codec="utf-8", exclude_characters="\r"), max_size=300))
def test_any_text_after_the_heading_gives_matters_or_problems(text: str) -> None:
    """Without carriage returns: reading a file as text has turned them into line ends."""
    try:
        outcome: object = parse_catalogue(",".join(COLUMNS) + "\n" + text).matters
    except CatalogueError as error:
        outcome = error.problems
    assert outcome


def test_a_file_that_is_no_csv_is_refused_and_not_a_crash() -> None:
    for text in ("a\rb", ",".join(COLUMNS) + '\n"' + "长" * 140_000 + '"'):
        with pytest.raises(CatalogueError, match="row"):
            parse_catalogue(text)
