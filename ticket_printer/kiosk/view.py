"""What the screen shows, from the journey and the hall: pure. `page` draws it and adds nothing."""

import datetime as dt
import io

import msgspec
import qrcode
import qrcode.image.svg

from hall_controller.domain.hall import Hall, Issuing, in_force, waiting_count
from hall_controller.domain.hours import local, windows
from hall_controller.domain.matters import Catalogue, Matter
from hall_controller.domain.prediction import predict_newcomer
from hall_controller.domain.ticket import Language, TicketState, VisitorClass
from ticket_printer.kiosk.journey import Journey, PaperShown, Screen, Shown, paper_shown
from ticket_printer.kiosk.settings import KioskSettings
from ticket_printer.kiosk.words import EN, ZH, Words
from ticket_printer.waits import wait_en, wait_zh


class Tile(msgspec.Struct, frozen=True):
    key: str
    text: str


class TilesView(msgspec.Struct, frozen=True, kw_only=True):
    """Groups, or the matters of a group; a page of them."""

    title: str
    tiles: tuple[Tile, ...]
    columns: int
    rows: int
    page: int
    pages: int
    is_start: bool


class ConfirmView(msgspec.Struct, frozen=True, kw_only=True):
    title: str
    documents: tuple[str, ...]
    visitor_class: VisitorClass
    language: Language


class TicketView(msgspec.Struct, frozen=True, kw_only=True):
    number: str
    facts: tuple[tuple[str, str], ...]
    paper: PaperShown
    called_to: int | None
    qr_svg: str


class MessageView(msgspec.Struct, frozen=True, kw_only=True):
    kind: str
    """`silent`, `closed`, `issuing`, `sorry`."""
    title: str
    lines: tuple[str, ...]


Body = TilesView | ConfirmView | TicketView | MessageView


class View(msgspec.Struct, frozen=True, kw_only=True):
    words: Words
    large: bool
    hall_name: str
    body: Body


class Viewport(msgspec.Struct, frozen=True):
    """The touch screen's size, as its browser tells it."""

    width: int = 1080
    height: int = 1920


class Seen(msgspec.Struct, frozen=True, kw_only=True):
    """All that a page is drawn from, beside the visitor's journey."""

    hall: Hall | None
    catalogue: Catalogue | None
    connected: bool
    settings: KioskSettings
    url: str | None
    """What the QR code says before the token."""
    viewport: Viewport = Viewport()
    at_ms: int = 0
    """This process's own clock, as in the journey."""
    now_ms: int = 0
    """The hall's clock."""


def view_of(journey: Journey, seen: Seen) -> View:
    words = EN if journey.english else ZH
    rules = seen.hall.rules if seen.hall else None
    name = ((rules.name_en if journey.english else rules.name_zh) or rules.hall) if rules else ""
    return View(words=words, large=journey.large, hall_name=name, body=_body(journey, seen, words))


def _body(journey: Journey, seen: Seen, words: Words) -> Body:
    """A number that was given stays to be read, whatever happens to the hall."""
    if journey.screen is Screen.TICKET and journey.ticket is not None:
        return _ticket(journey, journey.ticket, seen, words)
    if not seen.connected or seen.hall is None or seen.catalogue is None:
        why = words.silent_why if not seen.connected else words.no_matters
        return MessageView(kind="silent", title=words.silent, lines=(why,))
    if journey.screen is Screen.ISSUING:
        return MessageView(kind="issuing", title=words.issuing, lines=())
    if seen.hall.issuing is not Issuing.OPEN:
        return _closed(seen.hall, seen.now_ms, words)
    if journey.screen is Screen.SORRY:
        return MessageView(kind="sorry", title=words.sorry, lines=(journey.reason, words.ask_staff))
    matter = seen.catalogue.matters.get(journey.matter or "")
    if journey.screen is Screen.CONFIRM and matter is not None:
        return _confirm(journey, matter)
    return _tiles(journey, seen.catalogue, seen.viewport, words)


def _closed(hall: Hall, now_ms: int, words: Words) -> MessageView:
    title = words.closed if hall.issuing is Issuing.CLOSED else words.stopped
    lines = (hall.issuing_reason, hours_today(hall, now_ms, words), words.ask_staff)
    return MessageView(kind="closed", title=title, lines=tuple(filter(None, lines)))


def live_line(journey: Journey, hall: Hall, now_ms: int) -> tuple[tuple[str, str], ...]:
    """People waiting and predicted wait, for whoever would take this ticket now: changes while the page stays."""
    words = EN if journey.english else ZH
    estimate = predict_newcomer(hall, journey.visitor_class, now_ms)
    wait = wait_en(estimate.wait_s) if journey.english else wait_zh(estimate.wait_s)
    if journey.screen is Screen.CONFIRM:
        return (words.ahead, words.people.format(estimate.ahead)), (words.wait, wait)
    return (words.waiting, words.people.format(waiting_count(hall))), (words.wait, wait)


def hours_today(hall: Hall, now_ms: int, words: Words) -> str:
    rules = in_force(hall)
    today = windows(rules, local(rules, now_ms).date())
    if not today:
        return words.no_hours
    spans = "  ".join(f"{_hm(start)}–{_hm(end)}" for start, end in _joined([(w.start, w.end) for w in today]))
    return f"{words.hours}  {spans}"


def grid(viewport: Viewport, large: bool) -> tuple[int, int]:
    """(columns, rows) of tiles on one page: never more than a hand finds at once."""
    if viewport.height >= viewport.width:
        return (1, 6) if large else (2, 6)
    return (2, 3) if large else (3, 4)


def _tiles(journey: Journey, catalogue: Catalogue, viewport: Viewport, words: Words) -> TilesView:
    groups = catalogue.groups()
    in_group = groups.get(journey.group or "")
    start = journey.screen is not Screen.MATTERS or in_group is None
    if start or in_group is None:
        title = words.choose_group
        heads = [matters[0] for matters in groups.values()]
        tiles = [Tile(head.group, _group_name(head, journey.english)) for head in heads]
    else:
        title = _group_name(in_group[0], journey.english)
        tiles = [Tile(matter.code, matter.name_en if journey.english else matter.name_zh) for matter in in_group]
    columns, rows = grid(viewport, journey.large)
    size = columns * rows
    pages = max(1, -(-len(tiles) // size))
    page = min(journey.page, pages - 1)
    shown = tuple(tiles[page * size : (page + 1) * size])
    used = min(rows, max(3, -(-len(shown) // columns)))
    return TilesView(title=title, tiles=shown, columns=columns, rows=used, page=page, pages=pages, is_start=start)


def _confirm(journey: Journey, matter: Matter) -> ConfirmView:
    return ConfirmView(
        title=matter.name_en if journey.english else matter.name_zh,
        documents=(matter.documents_en or matter.documents_zh) if journey.english else matter.documents_zh,
        visitor_class=journey.visitor_class,
        language=journey.call_language,
    )


def _ticket(journey: Journey, shown: Shown, seen: Seen, words: Words) -> TicketView:
    ticket = seen.hall.tickets.get(shown.ticket) if seen.hall else None
    facts: list[tuple[str, str]] = []
    if shown.ahead is not None:
        wait = wait_en(shown.predicted_wait_s) if journey.english else wait_zh(shown.predicted_wait_s)
        facts = [(words.ahead, words.people.format(shown.ahead)), (words.wait, wait)]
    called = ticket is not None and ticket.state in (TicketState.CALLED, TicketState.SERVING)
    return TicketView(
        number=shown.number,
        facts=tuple(facts),
        paper=paper_shown(shown, seen.hall, seen.settings, seen.at_ms),
        called_to=ticket.counter if ticket is not None and called else None,
        qr_svg=qr_svg(seen.url + shown.token) if seen.url and shown.token else "",
    )


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


def _group_name(matter: Matter, english: bool) -> str:
    return matter.group_en if english else matter.group_zh


def _joined(spans: list[tuple[dt.time, dt.time]]) -> list[tuple[dt.time, dt.time]]:
    """14:00–18:00 and 18:00–20:00 are one stretch to a visitor."""
    joined: list[tuple[dt.time, dt.time]] = []
    for start, end in spans:
        if joined and joined[-1][1] >= start:
            joined[-1] = (joined[-1][0], max(joined[-1][1], end))
        else:
            joined.append((start, end))
    return joined


def _hm(time: dt.time) -> str:
    return time.strftime("%H:%M")
