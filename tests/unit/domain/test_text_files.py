import codecs

import pytest
from hypothesis import given
from hypothesis import strategies as st

from hall_controller.domain.text_files import NotPlainAt, NotText, checked_settings, decoded

LINES = st.lists(st.text(st.characters(codec="utf-8", exclude_categories=["Cc"], exclude_characters="\ufeff")))


@given(LINES, st.sampled_from([b"", codecs.BOM_UTF8]), st.sampled_from(["\n", "\r\n", "\r"]))
def test_a_file_is_read_whatever_editor_saved_it(rows: list[str], mark: bytes, end: str) -> None:
    assert decoded(mark + end.join(rows).encode()) == "\n".join(rows)


@pytest.mark.parametrize(
    ("body", "said"),
    [
        ("[hall]\n".encode("utf-16"), "UTF-16"),
        ("[hall]\n".encode("utf-32"), "UTF-32"),
        ("[hall]\n".encode("utf-16-le"), "line 1 holds NUL bytes"),
        ("a\n名 = 1\n".encode("gb18030"), "line 2, byte 0xc3, is not UTF-8"),
        (b"a\n" + b"\0" * 9, "line 2 holds NUL bytes"),
    ],
)
def test_a_file_that_is_no_utf8_is_named_with_its_line(body: bytes, said: str) -> None:
    with pytest.raises(NotText) as error:
        decoded(body)
    assert said in str(error.value)


def test_an_empty_file_is_an_empty_text() -> None:
    assert decoded(b"") == decoded(codecs.BOM_UTF8) == ""


def test_every_text_of_the_settings_is_checked_where_it_stands() -> None:
    assert checked_settings({"hall": {"name": "大\u3000厅", "n": 8}}) == {"hall": {"name": "大 厅", "n": 8}}
    for values, key in (
        ({"hall": {"name": "a\x1b"}}, ("hall", "name")),
        ({"hours": [{"days": ["mon", "\u202e"]}]}, ("hours", 0, "days", 1)),
        ({"device": {"board\n": {}}}, ("device", "board\n")),
    ):
        with pytest.raises(NotPlainAt) as error:
            checked_settings(values)
        assert error.value.key == key
        assert str(error.value).isprintable()
