"""Search finds what is meant, however it is typed."""

import subprocess
import sys
from importlib.resources import files
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from msgspec.structs import replace

from hall_controller.catalogue.readings import module
from hall_controller.catalogue.sample import sample_district
from hall_controller.domain.catalogue_rows import parse_catalogue
from hall_controller.domain.everyday import STOP, everyday, said_of, sayings
from hall_controller.domain.matters import Matter
from hall_controller.domain.pinyin import first_heard, heard, readings, units
from hall_controller.domain.search import Search

HERE = Path(__file__).parent
MATTERS = list(sample_district().matters.values())
SEARCH = Search([replace(matter, aliases=()) for matter in MATTERS])
"""Without aliases: what is found is found by what the language says, not by what this catalogue was told."""
DRIVING = "驾驶证"


def names(typed: str, limit: int = 3, search: Search = SEARCH) -> list[str]:
    return [matter.name_zh for matter in found(typed, limit, search)]


def found(typed: str, limit: int = 3, search: Search = SEARCH) -> list[Matter]:
    return [hit.matter for hit in search.find(typed, limit)]


def phrasings() -> list[tuple[str, set[str]]]:
    lines = (HERE / "phrasings.txt").read_text("utf-8").splitlines()
    pairs = [line.partition(" = ") for line in lines if line and not line.startswith("#")]
    return [(typed, set(right.split(";"))) for typed, _, right in pairs]


def test_the_right_matter_is_among_the_first_three_for_nearly_all_everyday_phrasings() -> None:
    asked = phrasings()
    known = {matter.name_zh for matter in MATTERS}
    assert not {name for _, right in asked for name in right} - known, "a phrasing names a matter that is not there"
    missed = [typed for typed, right in asked if not right & set(names(typed))]
    assert len(asked) >= 2_600
    assert len(missed) <= len(asked) * 0.02, missed


def test_it_is_so_too_with_the_matters_of_a_new_hall_alone() -> None:
    delivered = parse_catalogue((files("hall_controller") / "data" / "matters.csv").read_text("utf-8")).matters
    search, known = Search(delivered.values()), {matter.name_zh for matter in delivered.values()}
    asked = [(typed, right & known) for typed, right in phrasings() if right & known]
    missed = [typed for typed, right in asked if not right & set(names(typed, 3, search))]
    assert len(asked) >= 900
    assert len(missed) <= len(asked) * 0.03, missed


def test_no_phrasing_is_tried_twice() -> None:
    asked = [typed for typed, _ in phrasings()]
    assert len(asked) == len(set(asked))


@pytest.mark.parametrize(
    ("typed", "meant"),
    [
        ("居民身份证换领", "居民身份证换领"),
        ("id-card-renew", "居民身份证换领"),
        ("Renew an ID card", "居民身份证换领"),
        ("jumin shenfenzheng huanling", "居民身份证换领"),
        ("JMSFZHL", "居民身份证换领"),
        ("  居民 身份证，换领！ ", "居民身份证换领"),
        ("換領居民身份證", "居民身份证换领"),
        ("ＧＳＳＬＤＪ", "公司设立登记"),
    ],
)  # fmt: skip
def test_a_name_is_found_first_in_every_writing(typed: str, meant: str) -> None:
    assert names(typed, 1) == [meant]


@pytest.mark.parametrize("typed", ["yyzz", "yingyezhizhao", "yinyezizao", "营业执造", "營業執照", "business licence"])
def test_a_business_licence_by_initials_by_sound_and_by_slips(typed: str) -> None:
    assert "营业执照" in names(typed)[0], names(typed)


def test_every_matter_is_found_by_its_own_name_and_code() -> None:
    for matter in MATTERS[::25]:
        for typed in (matter.name_zh, matter.code):
            assert matter.name_zh in names(typed), typed


def test_each_letter_typed_brings_the_matter_nearer() -> None:
    letters = "jiashizheng"
    places = [names(letters[:end], 40) for end in range(4, len(letters) + 1)]
    assert all(any(DRIVING in name for name in found) for found in places[-4:])
    assert all(DRIVING in name for name in places[-1][:3])


@pytest.mark.parametrize("typed", ["", "   ", "，。!", "qqqqqq", "99999", "🙂", "Привет", "مرحبا"])
def test_what_is_no_query_finds_nothing(typed: str) -> None:
    assert names(typed) == []


@pytest.mark.parametrize(
    ("typed", "meant"),
    [
        ("餐饮健康证", "从业人员健康证"),
        ("电工证", "特种作业操作证申领"),
        ("上班摔伤", "工伤认定申请"),
        ("蚊子多", "蚊虫消杀申请"),
        ("公司社保开户", "单位参保登记及增减员"),
        ("买房公积金怎么用", "公积金贷款申请"),
    ],
)
def test_a_word_that_few_matters_have_beats_one_that_many_have(typed: str, meant: str) -> None:
    assert meant in names(typed, 2)


def test_the_act_chooses_among_the_matters_of_a_thing() -> None:
    for typed, meant in (("补驾照", "驾驶证遗失补证"), ("驾照过期", "驾驶证期满换证"), ("外国驾照", "境外驾驶证申领")):
        assert names(typed, 1) == [meant]


def test_words_mean_the_same_together_in_whatever_order() -> None:
    assert names("公积金交房租", 1) == names("用公积金来交这个月的房租", 1) == ["公积金租房提取"]


def test_each_saying_is_of_a_matter_and_finds_it() -> None:
    said = [(matter, one) for matter in MATTERS for one in said_of(matter.name_zh)]
    assert {matter.name_zh for matter, _ in said} == {matter.name_zh for matter in MATTERS}
    assert set(sayings().values()) == {said_of(matter.name_zh) for matter in MATTERS}, "one is of no matter"
    assert all(2 <= len(one) <= 64 for _, one in said)
    some = said[::40]
    missed = [one for matter, one in some if sayings_of(matter) not in map(sayings_of, found(one))]
    assert len(missed) <= len(some) * 0.02, missed


def sayings_of(matter: Matter) -> tuple[str, ...]:
    """The same for whatever is done with the same thing."""
    return said_of(matter.name_zh)


def test_an_alias_is_found_as_a_name_is() -> None:
    search = Search([*MATTERS[:50], replace(MATTERS[60], aliases=("彩虹通", "Rainbow pass"))])
    for typed in ("彩虹通", "caihongtong", "cht", "rainbow"):
        assert names(typed, 1, search) == [MATTERS[60].name_zh]


def test_an_empty_catalogue_finds_nothing() -> None:
    assert Search([]).find("身份证") == []


@given(st.text(max_size=80))
def test_anything_typed_is_answered_in_order_and_within_the_limit(typed: str) -> None:
    hits = SEARCH.find(typed, 5)
    assert len(hits) <= 5
    assert [hit.score for hit in hits] == sorted((hit.score for hit in hits), reverse=True)
    assert len({hit.matter.code for hit in hits}) == len(hits)


def test_the_same_query_has_the_same_answer() -> None:
    again = Search([replace(matter, aliases=()) for matter in MATTERS])
    assert [again.find(typed, 5) for typed in ("开店", "sfz")] == [SEARCH.find(typed, 5) for typed in ("开店", "sfz")]


def test_the_table_of_readings_is_that_of_the_library() -> None:
    table = Path(sys.modules["hall_controller.domain.readings_table"].__file__ or "")
    assert table.read_text("utf-8") == module(), "run python -m hall_controller.catalogue.readings"


def test_names_are_read_as_a_person_reads_them() -> None:
    """Characters with several readings: the library knows words, the table must hold what it says."""
    from pypinyin import lazy_pinyin

    wrong = []
    for name in (matter.name_zh for matter in MATTERS if all(one in readings() for one in matter.name_zh)):
        read = [syllable.replace("ü", "v") for syllable in lazy_pinyin(name, v_to_u=False)]
        wrong += [(name, one) for one, syllable in zip(name, read, strict=True) if syllable not in readings()[one]]
    assert not wrong


def test_typed_letters_become_syllables_and_initials() -> None:
    assert units("shenfz") == ("sen", "f*", "z*")
    assert units("nvlv") == units("nülü".replace("ü", "v"))
    assert units("lanzhou") == units("nanzou"), "l and n, zh and z are typed for one another"
    assert units("i") is None
    assert first_heard("行驶证 A") == ("xin", "si", "zen")
    assert heard("A") == ()


def test_an_everyday_word_that_says_nothing_has_no_official_one() -> None:
    assert not set(STOP.split()) & set(everyday())


def test_search_needs_no_library_of_pinyin() -> None:
    """A kiosk, a terminal and the controller stay small."""
    code = (
        "import sys; from hall_controller.domain.search import Search; Search([]).find('shenfenzheng');"
        "sys.exit('pypinyin' in sys.modules)"
    )
    assert subprocess.run([sys.executable, "-c", code], check=False).returncode == 0
