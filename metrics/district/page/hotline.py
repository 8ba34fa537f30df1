"""The hotline's answer as HTML: one sentence to read aloud, then the halls behind it."""

from hall_controller.domain.plain_text import markup as escape
from hall_controller.i18n import waits
from metrics.district.inventory import Inventory
from metrics.district.page import words
from metrics.district.page.markup import both, hall_row
from metrics.district.page.nearest import Place, answer, english, search
from metrics.district.page.picture import HallNow, Picture
from metrics.district.page.words import Words

HINT = Words(
    "输入社区、街道或大厅名称，查附近等候最短的大厅",
    "Type a community, street or hall: where is the wait shortest nearby?",
)


def hotline(inventory: Inventory, picture: Picture, text: str, about: Place | None = None) -> str:
    """`about` is what the page itself shows, until something is typed."""
    places = search(inventory, text)
    if not text.strip() and about is not None:
        return _told(inventory, picture, about)
    if not text.strip():
        return f'<p class="hint">{both(HINT)}</p>'
    if not places:
        said = Words(f"没有找到“{text.strip()}”，请换一个名称", f"“{text.strip()}” is not known; try another name")
        return f'<p class="hint" role="status">{both(said)}</p>'
    return _told(inventory, picture, places[0]) + _others(inventory, places[1:])


def _told(inventory: Inventory, picture: Picture, place: Place) -> str:
    found = answer(inventory, picture, place)
    street = words.street_name(place.street, english(inventory, place.street))
    about = Words(place.hall.name_zh, place.hall.name_en) if place.hall else street
    parts = [f'<p class="about">{both(about)}</p>']
    best = next(iter(found.here or found.near), None)
    if best is None:
        none = Words("附近没有开放的大厅", "No hall is open nearby")
        parts.append(f'<p class="answer none" role="status">{both(none)}</p>')
    else:
        parts.append(f'<p class="answer" role="status" data-hall="{escape(best.entry.id)}">{both(_sentence(best))}</p>')
    parts += [_list(Words(f"{street.zh}", f"In {street.en}"), found.here), _list(Words("邻近", "Nearby"), found.near)]
    if best is None:
        rows = "".join(
            f"<li>{both(Words(area.name_zh, area.name_en))} <span>{escape(area.address)}</span></li>"
            for area in found.areas
        )
        title = both(Words("自助服务区（24小时）", "Self-service, day and night"))
        parts.append(f'<h3>{title}</h3><ul class="areas">{rows}</ul>' if rows else "")
    return "".join(parts)


def _sentence(hall: HallNow) -> Words:
    wait = waits.wait(hall.wait_s)
    return Words(
        f"{hall.entry.name_zh}：{wait.zh}，{hall.queue}人等候",
        f"{hall.entry.name_en}: {wait.en}, {hall.queue} waiting",
    )


def _list(title: Words, halls: tuple[HallNow, ...]) -> str:
    return f"<h3>{both(title)}</h3><ol>{''.join(map(hall_row, halls))}</ol>" if halls else ""


def _others(inventory: Inventory, places: list[Place]) -> str:
    """What else the text could mean; a touch searches for it."""
    names = [_name(inventory, place) for place in places]
    marks = "".join(f'<button type="button" data-search="{escape(text)}">{both(name)}</button>' for text, name in names)
    return f'<p class="others">{both(Words("还是", "Or"))} {marks}</p>' if marks else ""


def _name(inventory: Inventory, place: Place) -> tuple[str, Words]:
    """What finds it again, and its name."""
    street = words.street_name(place.street, english(inventory, place.street))
    if place.hall is None:
        return street.zh, street
    name = words.short(place.hall)
    return place.hall.id, Words(f"{place.street}{name.zh}", f"{street.en} {name.en}")
