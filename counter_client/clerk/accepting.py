"""Accepting a matter: which one, on whose credit, and what may come later. The clerk alone sees a rating."""

from collections.abc import Sequence

import msgspec
from textual.content import Content

from counter_client.clerk.acts import Seen
from counter_client.clerk.asking import Asker
from counter_client.clerk.bundles import open_matters
from counter_client.papers.words import RATINGS, day_words, owed_words
from counter_client.settings import printing_kiosk
from counter_client.widgets.dialogs import Choose, Entry, Pick, Type
from counter_client.widgets.look import SOFT, badge, line, pair
from counter_client.widgets.tick import Read, Tick
from counter_client.widgets.told import Tone
from counter_client.words import Tongue, Words
from hall_controller.bus import wire
from hall_controller.bus.client import NoController
from hall_controller.domain import commands as c
from hall_controller.domain.acceptance import RESULTS_GROUP, Acceptance
from hall_controller.domain.alert import AlertKind
from hall_controller.domain.alert_words import Said, tell
from hall_controller.domain.bundle import matters_of
from hall_controller.domain.credit import Rating
from hall_controller.domain.hall import Hall
from hall_controller.domain.matters import Matter
from hall_controller.domain.refusal import Refusal
from hall_controller.domain.ticket import Ticket

CHOICES = 9
NOW_ROWS = 5
"""Documents needed now that the sheet lists at 80x24; key D lists all."""


def accepted_of(hall: Hall, ticket: int | None) -> list[Acceptance]:
    """The receipts that the visitor was given, in order."""
    return [one for one in hall.acceptances.values() if ticket is not None and one.ticket == ticket]


def acceptable(hall: Hall, ticket: Ticket, matters: dict[str, Matter]) -> list[str]:
    """Matters of the visit of which no receipt was given yet, the open ones first. A result is handed out instead."""
    given = {one.matter for one in accepted_of(hall, ticket.ticket)}
    still = open_matters(ticket)
    found = [one for one in matters_of(ticket) if one not in given]
    found = [one for one in found if one not in matters or matters[one].group != RESULTS_GROUP]
    return sorted(found, key=lambda one: one not in still)


async def accept(screen: Asker, hall: Hall, looked: Seen) -> c.Command | None:
    ticket = hall.tickets.get(looked.ticket or 0)
    code = await _which(screen, hall, ticket) if ticket is not None else None
    if ticket is None or code is None:
        return None
    matter = screen.matters.get(code)
    if matter is None:
        screen.tell(Words("事项目录里已没有这个事项，请先更正。", "Not in the catalogue now; amend it."), Tone.WARNING)
        return None
    wanted = c.AcceptMatter(
        counter=screen.number, ticket=ticket.ticket, matter=code, print_at=receipt_kiosk(screen, ticket)
    )
    title = Words(f"受理 {matter.name_zh}", f"Accept: {matter.name_en}")
    if not matter.subsidy and not matter.later:
        ticks = await screen.ask(sheet(title, matter, None, (), screen.tongue))
        return wanted if ticks is not None else None
    applicant = await screen.ask(_applicant(title, matter, screen.tongue))
    if applicant is None:
        return None
    if not applicant:
        ticks = await screen.ask(sheet(title, matter, None, (), screen.tongue))
        return wanted if ticks is not None else None
    credit = await _credit(screen, applicant, code)
    if credit is None:
        return None
    if credit.barred:
        await screen.ask(_barred(credit, screen.tongue))
        return None
    if credit.rating is None and matter.subsidy:
        zh = "现在查不到信用，补贴事项不能受理，请稍后再试。"
        screen.tell(Words(zh, "Credit cannot be asked now: no subsidy without it; try again later."), Tone.WARNING)
        return None
    ticks = await screen.ask(sheet(title, matter, credit, credit.later, screen.tongue))
    if ticks is None:
        return None
    return msgspec.structs.replace(wanted, applicant=applicant, outstanding=tuple(int(place) for place in ticks))


async def _which(screen: Asker, hall: Hall, ticket: Ticket) -> str | None:
    codes = acceptable(hall, ticket, screen.matters)
    if len(codes) < 2:
        return codes[0] if codes else None
    names = [(code, _name(screen, code)) for code in codes]
    title = Words(f"{ticket.number} 受理哪一件？", "Accept which matter?")
    if len(names) <= CHOICES:
        return await screen.ask(Choose(title, names, screen.tongue))
    entries = [
        Entry(code, pair(words, screen.tongue, "bold"), f"{code} {words.zh} {words.en}") for code, words in names
    ]
    return await screen.ask(Pick(title, entries, screen.tongue, prompt=Words("事项", "matter")))


def _name(screen: Asker, code: str) -> Words:
    matter = screen.matters.get(code)
    return Words(matter.name_zh, matter.name_en) if matter else Words(code, code)


def _applicant(title: Words, matter: Matter, tongue: Tongue) -> Type:
    """For a subsidy the number must be given; else only to let a document come later."""

    def wrong(typed: str) -> Words | None:
        if matter.subsidy and not typed:
            return Words("补贴事项必须查信用。", "A subsidy needs it.")
        return Words("最多 64 个字。", "At most 64 letters.") if len(typed) > 64 else None

    needed = Words("补贴事项：身份证号或信用代码", "subsidy: ID or company number")
    wished = Words("材料齐全直接回车；容缺输证件号", "Enter if complete; else ID number")
    return Type(title, tongue, prompt=needed if matter.subsidy else wished, check=wrong)


async def _credit(screen: Asker, applicant: str, code: str) -> wire.CreditReply | None:
    """Looked up before anything is accepted; the number is kept nowhere."""
    asking = Words("正在查信用……", "Looking the credit up ...")
    screen.tell(asking)
    try:
        reply = await screen.link.ask(wire.Credit(applicant, code))
    except (NoController, msgspec.DecodeError):
        screen.tell(
            Words("大厅没有答复，没有受理，请再试。", "No answer; nothing was accepted: try again."), Tone.WARNING
        )
        return None
    if isinstance(reply, Refusal):
        screen.tell(screen.refused(reply), Tone.WARNING)
        return None
    screen.tell(Words("", ""))
    assert isinstance(reply, wire.CreditReply)
    return reply


def _barred(credit: wire.CreditReply, tongue: Tongue) -> Read:
    """The legal wording; nothing was sent, and nothing is told on the screen behind it."""
    wording = Words(credit.barred_zh, credit.barred_en)
    rows = [
        badge(Words("不予受理", "NOT ACCEPTED").both(tongue), "$error"),
        Content(""),
        line((wording.first(tongue), "bold")),
        Content(""),
        line((wording.second(tongue), SOFT)),
        Content(""),
        pair(Words("只给窗口看，请勿转屏", "for your eyes only"), tongue, "$warning"),
    ]
    return Read(Words("失信主体", "Discredited applicant"), rows, tongue)


def sheet(title: Words, matter: Matter, credit: wire.CreditReply | None, later: Sequence[int], tongue: Tongue) -> Tick:
    """What is needed now, and ticks for what may come later. Enter accepts."""
    head = []
    if credit is not None:
        colour = "$success" if credit.rating is Rating.GOOD else "$warning"
        head.append(badge(RATINGS[credit.rating].both(tongue), colour))
    english = matter.documents_en if len(matter.documents_en) == len(matter.documents_zh) else matter.documents_zh
    names = [Words(zh, en) for zh, en in zip(matter.documents_zh, english, strict=True)]
    now = [words for place, words in enumerate(names, 1) if place not in later]
    if now:
        head.append(pair(Words("现在必须有", "needed now"), tongue, "bold $accent"))
        head += [line("  - ", pair(words, tongue)) for words in now[:NOW_ROWS]]
        more = len(now) - NOW_ROWS
        head += [pair(Words(f"  …还有 {more} 项", f"{more} more"), tongue, SOFT)] if more > 0 else []
    if later:
        head.append(pair(Words("勾选的以后补", "tick what comes later"), tongue, "bold $accent"))
    elif credit is not None and matter.later:
        head.append(pair(Words("不能容缺，材料要齐", "nothing may come later"), tongue, "bold $warning"))
    if not names:
        head.append(pair(Words("无需材料", "no documents needed"), tongue))
    entries = [Entry(f"{place}", pair(names[place - 1], tongue, "bold")) for place in later]
    return Tick(title, entries, tongue, head=head, take=Words("受理", "accepts"))


def receipt_kiosk(screen: Asker, ticket: Ticket | None = None) -> str | None:
    """As for reprints: the kiosk of the settings, else the one that issued the ticket, else the first there is."""
    return printing_kiosk(screen.devices, screen.settings.print_at, ticket.kiosk if ticket else None)


NO_PAPER = (AlertKind.PAPER_OUT, AlertKind.PRINTER_FAILING, AlertKind.PRINTER_SILENT)


def _no_paper(hall: Hall) -> Said | None:
    """Why the receipt may not come out: the visitor stands there, and the alert is on another screen."""
    alert = next((one for kind in NO_PAPER for one in hall.alerts.values() if one.alert is kind), None)
    return tell(hall, alert, hall.at_ms) if alert is not None else None


def accepted_words(wanted: c.AcceptMatter, reply: wire.Accepted, hall: Hall | None) -> Words:
    receipt = reply.receipt if isinstance(reply.receipt, str) else ""
    one = hall.acceptances.get(receipt) if hall is not None else None
    zh, en = f"已受理，回执 {receipt}", f"Accepted, receipt {receipt}"
    unprinted = _no_paper(hall) if hall is not None and wanted.print_at is not None else None
    if unprinted is not None:
        # First what must be done while the visitor is still there.
        zh = f"{zh}；{unprinted.zh}：没打出来请先抄给来访者，修好后补打"
        en = f"{en}; {unprinted.en}: without paper write it down, print it once mended"
    owed = owed_words(one) if one is not None else None
    if owed is not None:
        zh, en = f"{zh}，{owed.zh}", f"{en}, {owed.en}"
    elif one is not None and one.result_due_day:
        due = day_words(one.result_due_day)
        zh, en = f"{zh}，{due} 前办结", f"{en}, result by {due}"
    if wanted.print_at is not None and unprinted is None:
        zh, en = f"{zh}，在 {wanted.print_at} 打印", f"{en}, printed at {wanted.print_at}"
    return Words(f"{zh}。", f"{en}.")
