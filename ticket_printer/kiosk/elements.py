"""Plain HTML elements that a finger, a keyboard and a screen reader can use."""

import io
import json
from collections.abc import Callable, Sequence

import qrcode
import qrcode.image.svg
from nicegui import ui
from nicegui.element import Element

from hall_controller.domain.plain_text import one_line


def tag(name: str, classes: str = "") -> Element:
    return ui.element(name).classes(classes)


def text(name: str, content: str, classes: str = "") -> Element:
    """An element with plain text: never markup, wherever the text comes from."""
    element = tag(name, classes)
    element._text = one_line(content)  # noqa: SLF001 NiceGUI has text elements for <div> alone
    return element


def heading(content: str) -> None:
    text("h1", content).props('tabindex="-1"')


def button(content: str, classes: str, on_touch: Callable[[], None], *, key: str = "", more: str = "") -> Element:
    element = tag("button", classes).props('type="button"')
    if key:
        element.props(f"data-key={json.dumps(key)}")
    with element:
        text("div", content)
        if more:
            text("div", more, "more")
    element.on("click", on_touch)
    return element


def pairs(facts: Sequence[tuple[str, ...]]) -> None:
    """Label and value; what is said beside the value, if anything, follows it."""
    for label, value, *more in facts:
        with tag("div", "pair"):
            if label:
                text("span", label, "label")
            text("span", value, "value")
            for said in filter(None, more):
                text("span", said, "more")


def radio(label: str, chosen: bool, on_touch: Callable[[], None], key: str, *, more: str = "") -> None:
    drawn = button(label, f"radio {'chosen' if chosen else ''}", on_touch, key=key, more=more)
    drawn.props(f'role="radio" aria-checked="{"true" if chosen else "false"}"')


def documents(title: str, names: Sequence[str], said: str = "") -> None:
    """What to bring, and what is to be said of it."""
    with tag("section", "documents"):
        text("h2", title)
        with tag("ul"):
            for name in names:
                text("li", name)
        if said:
            text("p", said, "later")


def qr(content: str, caption: str) -> None:
    with tag("section", "qr"):
        ui.html(qr_svg(content), sanitize=False).props(f'role="img" aria-label={json.dumps(caption)}')
        text("p", caption)


def qr_svg(content: str) -> str:
    """The code as one SVG path, black on white with its quiet zone."""
    code = qrcode.QRCode(
        error_correction=qrcode.constants.ERROR_CORRECT_M, border=3, image_factory=qrcode.image.svg.SvgPathFillImage
    )
    code.add_data(content)
    code.make(fit=True)
    out = io.BytesIO()
    code.make_image().save(out)
    svg = out.getvalue().decode()
    return svg[svg.index("<svg") :]
