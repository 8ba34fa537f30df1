"""Markup of the page. Whatever is not `Html` is text, and is escaped where it is put in."""

from collections.abc import Iterable, Sequence
from html import escape
from typing import NamedTuple

from hall_controller.report import words


class Html(str):
    """Markup of our own making."""

    __slots__ = ()


class Two(NamedTuple):
    """The same in Chinese and English."""

    zh: str
    en: str


Cell = Html | Two | str | int | None


def put(value: Cell) -> Html:
    match value:
        case Html():
            return value
        case Two():
            return Html(f"{put(value.zh)} {_en(value.en)}")
        case None:
            return Html(words.NOTHING)
        case int():
            return Html(f"{value:,}")
    return Html(escape(words.printable(value)))


def joined(parts: Iterable[Html], between: str = "") -> Html:
    return Html(between.join(parts))


def tag(name: str, *inside: Cell, **attributes: str) -> Html:
    given = "".join(f' {key.rstrip("_").replace("_", "-")}="{escape(value)}"' for key, value in attributes.items())
    return Html(f"<{name}{given}>{joined(map(put, inside))}</{name}>")


def _en(text: str) -> Html:
    return Html(f'<span class="en" lang="en">{put(text)}</span>') if text else Html()


def section(name: str, title: Two, *inside: Cell, wide: bool = False) -> Html:
    heading = tag("h2", title)
    return Html(f'<section id="{name}"{" class=wide" if wide else ""}>{heading}{joined(map(put, inside))}</section>')


def table(
    heads: Sequence[Two],
    rows: Sequence[Sequence[Cell]],
    total: Sequence[Cell] = (),
    *,
    words_in: Sequence[int] = (0,),
    minor: Sequence[int] = (),
) -> Html:
    """The first cell of a row names it. The columns of `words_in` are words, all others numbers.

    The `minor` columns are not shown on a phone.
    """

    def kind(place: int) -> str:
        return f"{'words' if place in words_in else 'n'}{' minor' if place in minor else ''}"

    def row(cells: Sequence[Cell], *, head: bool = False) -> Html:
        made = [tag("th" if head or place == 0 else "td", cell, class_=kind(place)) for place, cell in enumerate(cells)]
        return tag("tr", *made)

    foot = tag("tfoot", row(total)) if total else Html()
    long = " long" if len(rows) > LONG else ""
    head = tag("thead", row(heads, head=True))
    return Html(f'<div class="table{long}"><table>{head}{tag("tbody", *map(row, rows))}{foot}</table></div>')


LONG = 36
"""A table of more rows than these may go on on the next sheet, under its heads."""


def figure(picture: Html, legend: Sequence[tuple[str, Two]], note: Two | None = None) -> Html:
    """`legend`: colours and what they stand for."""
    marks = joined(tag("span", Html(f'<i style="background:{colour}"></i>'), said) for colour, said in legend)
    under = tag("figcaption", marks, *([tag("p", note)] if note else []))
    return tag("figure", picture, under)


def note(said: Two) -> Html:
    return tag("p", said, class_="note")
