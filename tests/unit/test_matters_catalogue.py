"""The catalogue's optional columns, its files, and the sample district."""

from collections import Counter
from pathlib import Path

import pytest

from hall_controller.catalogue.files import read_catalogue, write_catalogue
from hall_controller.catalogue.sample import COUNTS, sample_district
from hall_controller.domain.catalogue_rows import (
    COLUMNS,
    HEADINGS,
    OPTIONAL,
    TOLD,
    CatalogueError,
    catalogue_text,
    digest,
    parse_catalogue,
)
from hall_controller.domain.matters import Catalogue, How, Level, Route

GOOD = "id-card,居民身份证换领,Renew an ID card,natural,person,身份户政,ID and residence,12,旧证,Old card"
HEAD = ",".join((*COLUMNS, *OPTIONAL))
SAMPLE = sample_district()


def problems(text: str) -> list[str]:
    with pytest.raises(CatalogueError) as caught:
        parse_catalogue(text)
    return caught.value.problems


def sheet(**cells: str) -> str:
    return f"{HEAD}\n{GOOD},{','.join(cells.get(name, '') for name in OPTIONAL)}\n"


def test_a_file_without_the_optional_columns_reads_as_it_always_did() -> None:
    (matter,) = parse_catalogue(f"{','.join(COLUMNS)}\n{GOOD}\n").matters.values()
    assert matter.how == (How.HERE,)
    assert (matter.aliases, matter.themes, matter.department) == ((), (), "")
    assert (matter.level, matter.route, matter.sample) == (None, None, False)


def test_the_optional_columns_are_read() -> None:
    text = sheet(aliases="换身份证；ID", department="公安分局", level="district", themes="new-home",
                 how="here;any_hall;zero_run", route="physical", sample="是")  # fmt: skip
    (matter,) = parse_catalogue(text).matters.values()
    assert matter.aliases == ("换身份证", "ID")
    assert matter.department == "公安分局"
    assert (matter.level, matter.route, matter.sample) == (Level.DISTRICT, Route.PHYSICAL, True)
    assert matter.how == (How.HERE, How.ANY_HALL, How.ZERO_RUN)


def test_credit_themes_and_promised_days_are_read() -> None:
    text = sheet(themes="a;b", themes_zh="甲;乙", themes_en="Alpha", later="1", subsidy="是", decide_days="20")
    catalogue = parse_catalogue(text)
    (matter,) = catalogue.matters.values()
    assert (matter.later, matter.subsidy, matter.decide_days) == ((1,), True, 20)
    names = {key: (theme.name_zh, theme.name_en, theme.matters) for key, theme in catalogue.themes().items()}
    assert names == {"a": ("甲", "Alpha", (matter,)), "b": ("乙", "b", (matter,))}


@pytest.mark.parametrize(
    ("cells", "said"),
    [
        ({"level": "city"}, "row 2: level 'city' is unknown; use district, street, community"),
        ({"how": "here;by_post"}, "row 2: how 'by_post' is unknown; use here, any_hall, zero_run"),
        ({"how": "any_hall"}, "row 2: route is empty, but how has any_hall; write electronic or physical"),
        ({"route": "electronic"}, "row 2: route 'electronic' is of a matter for any hall; add any_hall to how"),
        ({"how": "any_hall", "route": "car"}, "row 2: route 'car' is unknown; use electronic, physical"),
        ({"sample": "perhaps"}, "row 2: sample 'perhaps' is unknown; write yes, or leave it empty"),
        ({"aliases": "长" * 65}, "is longer than 64 letters; shorten it"),
        ({"themes": ";".join("abcdefghijklmnopqrstuvwxyz" * 2)}, "row 2: themes has 52 parts; use at most 40"),
        ({"department": "长" * 65}, "row 2: department"),
        ({"department_en": "long" * 17}, "row 2: department_en 'longlonglonglonglong'… is longer than 64 letters"),
        ({"subsidy": "much"}, "row 2: subsidy 'much' is unknown; write yes, or leave it empty"),
        ({"later": "2"}, "row 2: later '2' is no document of this matter; write numbers from 1 to 1"),
        ({"later": "旧证"}, "row 2: later '旧证' is no document of this matter"),
        ({"decide_days": "soon"}, "row 2: decide_days 'soon' is not 0 to 400; write working days"),
        ({"decide_days": "401"}, "row 2: decide_days '401' is not 0 to 400"),
        ({"themes": "a", "themes_zh": "甲;乙"}, "row 2: themes_zh has 2 names for 1 themes; give one for each key"),
    ],
)
def test_a_wrong_optional_cell_is_named_by_row_column_value_and_mend(cells: dict[str, str], said: str) -> None:
    (problem,) = problems(sheet(**cells))
    assert said in problem


def test_a_slip_in_a_heading_is_named_and_a_column_of_ones_own_is_not() -> None:
    assert problems(f"{','.join(COLUMNS)},alias\n{GOOD},x\n") == [
        "row 1: column 'alias' is unknown; did you mean aliases?"
    ]
    assert parse_catalogue(f"{','.join(COLUMNS)},备注\n{GOOD},x\n").matters
    assert problems(f"{','.join(COLUMNS)},code\n{GOOD},x\n") == ["row 1: column code appears twice; keep one of them"]


def test_headings_may_be_chinese() -> None:
    chinese = {name: heading for heading, name in HEADINGS.items()}
    text = sheet(how="here", department="公安分局")
    assert set(chinese) == {*COLUMNS, *OPTIONAL}
    assert parse_catalogue(text.replace(HEAD, ",".join(chinese[name] for name in HEAD.split(",")))) == parse_catalogue(
        text
    )


def test_twenty_bad_rows_are_told_and_then_a_count() -> None:
    rows = [f"m{number},名,Name,alien,g,组,Group,5,," for number in range(30)]
    with pytest.raises(CatalogueError) as caught:
        parse_catalogue("\n".join([",".join(COLUMNS), *rows]))
    assert len(caught.value.problems) == 30
    assert str(caught.value).count("; use natural") == TOLD
    assert str(caught.value).endswith("and 10 more")


def test_too_many_matters_are_refused() -> None:
    rows = [f"m{number},名,Name,legal,g,组,Group,5,," for number in range(5_001)]
    (problem,) = problems("\n".join([",".join(COLUMNS), *rows]))
    assert "more than 5000 matters" in problem


# --- the sample district -------------------------------------------------------------------------


def test_the_sample_has_exactly_the_districts_counts() -> None:
    matters = SAMPLE.matters.values()
    assert Counter(matter.subject for matter in matters) == COUNTS
    assert sorted(COUNTS.values()) == [88, 248, 702]
    departments = {matter.department for matter in matters}
    assert sum(name.endswith("街道") for name in departments) == 10
    assert len(departments) == 39
    ways = Counter(way for matter in matters for way in matter.how)
    assert (ways[How.ANY_HALL], ways[How.ZERO_RUN], ways[How.SELF_SERVICE]) == (538, 239, 190)
    assert ways[How.INSTANT]
    assert ways[How.BY_PHONE]
    themes = [theme for matter in matters for theme in matter.themes]
    assert (len(set(themes)), len(themes)) == (12, 49)
    assert sum(matter.subsidy for matter in matters) == 164
    assert all(theme.name_zh != theme.theme != theme.name_en for theme in SAMPLE.themes().values())
    assert not any("身份" in matter.documents_zh[one - 1] for matter in matters for one in matter.later)


def test_what_any_hall_accepts_is_the_districts_and_has_a_route_and_nothing_else_has() -> None:
    accepted = [matter for matter in SAMPLE.matters.values() if How.ANY_HALL in matter.how]
    assert {matter.level for matter in accepted} == {Level.DISTRICT}
    assert {matter.route for matter in accepted} == set(Route)
    assert {matter.route for matter in SAMPLE.matters.values() if How.ANY_HALL not in matter.how} == {None}


def test_every_matter_of_the_sample_is_marked_and_has_names_of_its_own() -> None:
    matters = SAMPLE.matters.values()
    assert all(matter.sample for matter in matters)
    assert len({matter.name_zh for matter in matters}) == len({matter.name_en for matter in matters}) == 1038
    assert all(matter.documents_zh and len(matter.documents_zh) == len(matter.documents_en) for matter in matters)


def test_the_sample_is_the_same_each_time() -> None:
    assert digest(catalogue_text(sample_district())) == digest(catalogue_text(SAMPLE))


# --- files ---------------------------------------------------------------------------------------


@pytest.mark.parametrize("name", ["matters.csv", "matters.xlsx", "MATTERS.XLSX"])
def test_what_is_exported_is_imported_again(tmp_path: Path, name: str) -> None:
    write_catalogue(SAMPLE, tmp_path / name)
    assert read_catalogue(tmp_path / name) == SAMPLE
    assert [file.name for file in tmp_path.iterdir()] == [name]


def test_a_sheet_saved_by_excel_in_china_is_read(tmp_path: Path) -> None:
    (tmp_path / "a.csv").write_bytes(sheet(department="公安分局").replace("\n", "\r\n").encode("gb18030"))
    assert read_catalogue(tmp_path / "a.csv") == parse_catalogue(sheet(department="公安分局"))


def test_a_workbook_with_numbers_and_empty_cells_is_read_and_bad_rows_keep_their_numbers(tmp_path: Path) -> None:
    from openpyxl import Workbook

    book = Workbook()
    page = book.active
    assert page is not None
    page.append(list(COLUMNS))
    page.append([1001, "名称", "Name", "legal", "g", "组", "Group", 12, None, None])
    page.append([])
    page.append([1002, "名称二", "Name 2", "alien", "g", "组", "Group", "soon", None, None])
    book.save(tmp_path / "a.xlsx")
    with pytest.raises(CatalogueError) as caught:
        read_catalogue(tmp_path / "a.xlsx")
    assert [problem.partition(";")[0] for problem in caught.value.problems] == [
        "row 4: usual_minutes 'soon' is not a number from 0 to 480",
        "row 4: subject 'alien' is unknown",
    ]
    page.delete_rows(4)
    book.save(tmp_path / "a.xlsx")
    (matter,) = read_catalogue(tmp_path / "a.xlsx").matters.values()
    assert (matter.code, matter.usual_minutes) == ("1001", 12)


@pytest.mark.parametrize("name", ["a.csv", "a.xlsx"])
def test_a_file_that_is_neither_is_refused(tmp_path: Path, name: str) -> None:
    (tmp_path / name).write_bytes(b"\x89PNG\r\n\x00\x00\xff\xfe")
    with pytest.raises(CatalogueError, match="save it as"):
        read_catalogue(tmp_path / name)


def test_a_name_that_looks_like_a_formula_stays_a_name(tmp_path: Path) -> None:
    catalogue = parse_catalogue(sheet().replace("旧证", "=1+1"))
    write_catalogue(catalogue, tmp_path / "a.xlsx")
    assert read_catalogue(tmp_path / "a.xlsx") == catalogue


def test_a_catalogue_reads_back_from_its_text() -> None:
    assert parse_catalogue(catalogue_text(SAMPLE)) == SAMPLE
    assert digest(catalogue_text(SAMPLE)) != digest(catalogue_text(Catalogue(dict(list(SAMPLE.matters.items())[1:]))))
