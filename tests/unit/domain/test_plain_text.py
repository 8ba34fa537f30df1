import html
import unicodedata
from typing import Any

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from hall_controller.bus import wire
from hall_controller.bus.mistakes import shown
from hall_controller.domain import commands as c
from hall_controller.domain.plain_text import (
    Entry,
    NotPlain,
    checked_text,
    entered,
    entries,
    escaped,
    guarded_cell,
    markup,
    one_line,
    own_words,
    unguarded_cell,
    visible,
)
from hall_controller.domain.refusal import Code, Refusal
from hall_controller.domain.sender import HALL
from hall_controller.edge import Edge, checked

BIDI = {"LRE", "RLE", "LRO", "RLO", "PDF", "LRI", "RLI", "FSI", "PDI"}
MARKS = "\u061c\u200e\u200f"
TEXTS = st.text(st.characters(codec=None, categories=None), max_size=12) | st.text(
    st.sampled_from("\x1b\x07\r\n\t\x7f\x9b\u2028\u2029\u202e\u2066\u200e\ufeff\u3000\u00a0张a\ue000\U00020bb7"),
    max_size=8,
)


def is_plain(letter: str) -> bool:
    """By the tables of Unicode, not by the expression that is tested."""
    return not (
        unicodedata.category(letter) in {"Cc", "Cs", "Zl", "Zp"}
        or unicodedata.bidirectional(letter) in BIDI
        or letter in MARKS
        or letter == "\ufeff"
    )


@given(TEXTS)
def test_a_text_enters_only_if_every_character_can_be_read(text: str) -> None:
    inner = text.removeprefix("\ufeff")
    if all(map(is_plain, inner)) and (inner or not text):
        assert list(checked_text(text)) == [" " if unicodedata.category(one) == "Zs" else one for one in inner]
    else:
        with pytest.raises(NotPlain):
            checked_text(text)


@given(TEXTS)
def test_a_visitors_own_words_are_never_refused_and_always_plain(text: str) -> None:
    cleaned = own_words(text)
    assert all(map(is_plain, cleaned))
    assert checked_text(cleaned) == cleaned
    assert own_words(cleaned) == cleaned
    assert len(cleaned) <= len(text)


def test_line_breaks_of_own_words_become_spaces() -> None:
    assert own_words("太慢\r\n等了\n\u2028一小时\x1b[2J\u202e") == "太慢 等了  一小时[2J"


@given(TEXTS)
def test_what_leaves_shows_the_characters_that_it_must_not_send(text: str) -> None:
    seen = escaped(text)
    assert all(map(is_plain, seen))
    assert [one for one in text if is_plain(one)] == list(text) or seen != text


@given(TEXTS)
def test_json_stays_json_when_it_is_escaped(text: str) -> None:
    whole = "".join(one for one in text if unicodedata.category(one) != "Cs")
    assert msgspec.json.decode(escaped(msgspec.json.encode([whole]).decode()).encode()) == [whole]


def test_rare_surnames_and_emoji_stay() -> None:
    for name in ("𠮷田", "\ue000丽", "👩‍👩‍👧", "é", "U\u0308"):
        assert checked_text(name) == name


@pytest.mark.parametrize("kind", c.EXTERNAL)
def test_every_text_of_every_command_is_checked_cleaned_or_read_by_cells(kind: type[c.Command]) -> None:
    names = {name for name, field in _fields(kind).items() if "str" in _plain_types(field)}
    assert set(entries(kind)) == names
    unchecked = {name: way for name, way in entries(kind).items() if way is not Entry.CHECKED}
    # A new field is checked unless it is named here.
    assert unchecked == {
        c.Rate: {"comment": Entry.OWN_WORDS},
        c.ReportPrint: {"detail": Entry.OWN_WORDS},
        c.ReportDevice: {"detail": Entry.OWN_WORDS},
        c.ImportCatalogue: {"text": Entry.CELLS},
    }.get(kind, {})


def _fields(kind: type[c.Command]) -> dict[str, msgspec.inspect.Type]:
    info = msgspec.inspect.type_info(kind)
    assert isinstance(info, msgspec.inspect.StructType)
    return {field.name: field.type for field in info.fields}


def _plain_types(info: msgspec.inspect.Type) -> set[str]:
    match info:
        case msgspec.inspect.StrType():
            return {"str"}
        case msgspec.inspect.Metadata(type=inner) | msgspec.inspect.VarTupleType(item_type=inner):
            return _plain_types(inner)
        case msgspec.inspect.UnionType(types=parts):
            return {name for part in parts for name in _plain_types(part)}
        case msgspec.inspect.StructType(fields=fields):
            return {name for field in fields for name in _plain_types(field.type)}
        case msgspec.inspect.ListType() | msgspec.inspect.DictType() | msgspec.inspect.TupleType():
            raise AssertionError(f"no command has held a {info}: teach `entered` to walk it")
        case _:
            return set()


BAD = st.sampled_from(["\x1b]0;x\x07", "\u202e", "a\nb", "\x9b2J", "\u2028", "张\ufeff三", "\x7f"])


@pytest.mark.parametrize("kind", c.EXTERNAL)
@given(data=st.data())
def test_a_command_with_odd_text_in_any_field_is_refused_and_the_field_named(
    kind: type[c.Command], data: st.DataObject
) -> None:
    name = data.draw(st.sampled_from(sorted(entries(kind))))
    bad = data.draw(BAD)
    command = _made(kind, {name: bad})
    answer = checked(command, HALL, Edge(b"", "", {}))
    match entries(kind)[name]:
        case Entry.CHECKED:
            assert isinstance(answer, Refusal)
            assert (answer.code, answer.field) == (Code.MALFORMED, name)
            assert all(map(is_plain, answer.message))
        case Entry.OWN_WORDS:
            assert not isinstance(answer, Refusal)
            assert all(map(is_plain, getattr(answer, name)))
        case Entry.CELLS:
            assert answer == command


def _made(kind: type[c.Command], values: dict[str, Any]) -> c.Command:
    """With the values that it needs, and no more: built without the wire, which already refuses some of these."""
    fields = {field.name: field for field in msgspec.structs.fields(kind)}
    fill = {name: 1 for name, field in fields.items() if field.required}
    listed = {name: (value,) for name, value in values.items() if "tuple" in str(fields[name].type)}
    return kind(**{**fill, **values, **listed})


@pytest.mark.parametrize("kind", c.EXTERNAL)
@given(
    data=st.data(),
    blank=st.text(st.sampled_from(" \u3000\u00a0\u200b\u2060\u00ad\u3164\u2800"), min_size=1, max_size=4),
)
def test_a_name_that_nobody_can_see_is_refused_and_the_field_named(
    kind: type[c.Command], data: st.DataObject, blank: str
) -> None:
    name = data.draw(st.sampled_from([name for name, way in entries(kind).items() if way is Entry.CHECKED]))
    answer = checked(_made(kind, {name: blank}), HALL, Edge(b"", "", {}))
    assert isinstance(answer, Refusal)
    assert (answer.code, answer.field) == (Code.MALFORMED, name)


def test_texts_inside_tuples_and_structs_are_walked() -> None:
    class Inner(msgspec.Struct, frozen=True):
        name: str
        also: tuple[str, ...] = ()

    class Outer(msgspec.Struct, frozen=True):
        inner: tuple[Inner, ...]
        other: Inner | None = None

    assert entries(Outer) == {"inner": Entry.CHECKED, "other": Entry.CHECKED}
    assert entered((Inner("a\u3000b", ("c",)),), Entry.CHECKED) == (Inner("a b", ("c",)),)
    with pytest.raises(NotPlain):
        entered(Inner("a", ("\x1b",)), Entry.CHECKED)


@given(TEXTS)
def test_a_refusal_repeats_no_control_character(text: str) -> None:
    assert all(map(is_plain, shown(text)))


def test_what_is_shown_of_a_state_is_escaped_in_every_depth() -> None:
    class Room(msgspec.Struct):
        name: str
        clerks: dict[int, str]
        tags: tuple[str, ...]

    room = Room("a\x1b", {1: "\u202eb"}, ("c\n", "d"))
    assert visible(room) == Room("a\\u001b", {1: "\\u202eb"}, ("c\\u000a", "d"))
    assert room.name == "a\x1b"


def test_the_wire_takes_a_comment_of_two_hundred_letters_still() -> None:
    body = wire.encode(c.Rate(stars=1, comment="慢" * 200, ticket=1))
    assert wire.decode_request(body) == c.Rate(stars=1, comment="慢" * 200, ticket=1)
    with pytest.raises(wire.BadRequest):
        wire.decode_request(wire.encode(c.Rate(stars=1, comment="慢" * 201, ticket=1)))


@given(TEXTS | st.text(st.sampled_from("'=+-@＝＋－＠a1 \u3000\u200b"), max_size=6))
def test_no_cell_of_a_table_is_a_formula_and_ours_come_back_as_they_were(text: str) -> None:
    cell = guarded_cell(text)
    # Some programs take a formula also after spaces.
    assert not cell.strip(" \u3000\u200b").startswith(tuple("=+-@＝＋－＠\t\r"))
    assert all(map(is_plain, cell))
    assert unguarded_cell(cell) == escaped(text)


@given(TEXTS | st.text(st.sampled_from("<>&\"'/\x1b\u202ea")))
def test_markup_holds_the_text_and_neither_tag_nor_quote_nor_control(text: str) -> None:
    made = markup(text)
    assert not set(made) & set("<>\"'")
    assert all(map(is_plain, made))
    assert html.unescape(made) == one_line(text)
