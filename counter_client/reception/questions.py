"""What a greeter is asked before an act. Each answers a command, or None when left."""

from collections.abc import Awaitable, Callable
from typing import Protocol

from counter_client import questions
from counter_client.hours import when_words
from counter_client.questions import ask_amendment, pick_matter
from counter_client.reception.acts import Act
from counter_client.reception.panes import name_of
from counter_client.reception.slot import code_or_token, parse_slot, slot_search, slot_words, slots_ahead
from counter_client.reception.view import Tab, tickets_of
from counter_client.reception.visits import one_more, pick_visit, pickup_matter, visit_words, ways_without
from counter_client.settings import ReceptionSettings, printing_kiosk
from counter_client.widgets.dialogs import Choose, Confirm, Entry, Pick, Type
from counter_client.widgets.look import SOFT, fill, line, pair
from counter_client.words import CLASSES, LANGUAGES, WHO_HAS_PRIORITY, Words
from hall_controller.bus import wire
from hall_controller.domain import commands as c
from hall_controller.domain.acceptance import Acceptance
from hall_controller.domain.hall import Hall, in_force
from hall_controller.domain.matters import How
from hall_controller.domain.ticket import Language, Ticket, VisitorClass
from hall_controller.i18n.hours import reserve

DIVERT = "divert:"


class Asker(questions.Asker, Protocol):
    """The greeter's screen."""

    devices: dict[str, wire.DeviceStatus]
    settings: ReceptionSettings


def kiosk_here(screen: Asker) -> str | None:
    """The kiosk that prints what is issued here: that of the settings while it is enrolled, else the first there is."""
    wished = screen.settings.print_at
    return printing_kiosk(screen.devices, wished if wished in screen.devices else None)


async def issue(screen: Asker, hall: Hall, chosen: Ticket | None) -> c.Command | None:
    """Class and language; further matters, and ways without a visit, stand among the classes: no key more for one."""
    del hall, chosen
    visit = await pick_visit(screen, Words("取号", "Issue a ticket"))
    while visit is not None:
        name = visit_words(visit, screen.matters)
        title = Words(f"取号：{name.zh}", f"Issue: {name.en}")
        ways = ways_without(visit, screen.matters)
        choices = [
            *_classes(),
            ("more", Words("再加一件事项", "one more matter")),
            *((f"{DIVERT}{way}", Words(f"不用取号：{words.zh}", f"no visit: {words.en}")) for way, words in ways),
        ]
        chosen_way = await screen.ask(Choose(title, choices, screen.tongue))
        if chosen_way == "more":
            visit = await one_more(screen, visit, title)
            continue
        if chosen_way is None:
            return None
        if chosen_way.startswith(DIVERT):
            return c.Divert(matter=visit.matters[0], way=How(chosen_way.removeprefix(DIVERT)))
        language = await _language(screen, title)
        if language is None:
            return None
        return c.IssueTicket(
            matter=visit.matters[0],
            more=visit.more,
            theme=visit.theme,
            visitor_class=VisitorClass(chosen_way),
            language=language,
            print_at=kiosk_here(screen),
        )
    return None


def _classes() -> list[tuple[str, Words]]:
    priority, who = CLASSES[VisitorClass.PRIORITY], WHO_HAS_PRIORITY
    return [
        (VisitorClass.ORDINARY.value, CLASSES[VisitorClass.ORDINARY]),
        (VisitorClass.PRIORITY.value, Words(f"{priority.zh}（{who.zh}）", f"{priority.en} ({who.en})")),
    ]


async def issue_for_result(screen: Asker, one: Acceptance) -> c.Command | None:
    """A number to collect a result: nobody waits in vain, for it is known to be here."""
    matter = pickup_matter(one, screen.matters)
    if matter is None:
        return None
    title = Words(f"领结果 {one.receipt}", "Collect a result")
    visitor_class = await screen.ask(Choose(title, _classes(), screen.tongue))
    language = await _language(screen, title) if visitor_class is not None else None
    if visitor_class is None or language is None:
        return None
    return c.IssueTicket(
        matter=matter,
        receipt=one.receipt,
        visitor_class=VisitorClass(visitor_class),
        language=language,
        print_at=kiosk_here(screen),
    )


async def _language(screen: Asker, title: Words) -> Language | None:
    language = await screen.ask(Choose(title, [(key.value, words) for key, words in LANGUAGES.items()], screen.tongue))
    return Language(language) if language else None


async def amend(screen: Asker, hall: Hall, chosen: Ticket | None) -> c.Command | None:
    del hall
    return await ask_amendment(screen, chosen.ticket, name_of(chosen)) if chosen else None


async def return_missed(screen: Asker, hall: Hall, chosen: Ticket | None) -> c.Command | None:
    del screen, hall
    return c.ReturnToQueue(ticket=chosen.ticket) if chosen else None


async def reprint(screen: Asker, hall: Hall, chosen: Ticket | None) -> c.Command | None:
    del hall
    return c.ReprintTicket(ticket=chosen.ticket, print_at=kiosk_here(screen)) if chosen else None


async def cancel(screen: Asker, hall: Hall, chosen: Ticket | None) -> c.Command | None:
    """Confirmed, for it cannot be undone."""
    del hall
    if chosen is None:
        return None
    name = name_of(chosen)
    question = Words(f"取消 {name}？取消后不能恢复，只能重新取号。", f"Cancel {name}? It cannot be taken back.")
    sure = await screen.ask(Confirm(Words("取消号票", "Cancel a ticket"), question, screen.tongue))
    return c.CancelTicket(ticket=chosen.ticket) if sure else None


async def check_in(screen: Asker, hall: Hall, chosen: Ticket | None) -> c.Command | None:
    """From the list of bookings, or by what the visitor brings: the slip's code, or the phone's token."""
    del chosen
    rules, now_ms = in_force(hall), screen.link.now_ms()
    booked = tickets_of(hall, Tab.BOOKED, [])
    entries = []
    for ticket in booked:
        name, matter = name_of(ticket), screen.matters.get(ticket.matter)
        words = Words(matter.name_zh, matter.name_en) if matter else Words(ticket.matter, ticket.matter)
        at = slot_words(rules, ticket.slot_at_ms or 0, now_ms)
        text = line((at.ljust(13), "bold"), (name.ljust(6), SOFT), pair(words, screen.tongue))
        entries.append(Entry(name, text, f"{name} {at} {words.zh} {words.en}"))
    title, prompt = Words("预约签到", "Check in"), Words("签到码 12-3456，或时间、预约号", "code, time or #")
    picked = await screen.ask(Pick(title, entries, screen.tongue, prompt=prompt, free=True))
    if picked is None:
        return None
    found = next((ticket.ticket for ticket in booked if name_of(ticket) == picked), None)
    kiosk = kiosk_here(screen)
    if found is not None:
        return c.CheckIn(ticket=found, print_at=kiosk)
    return c.CheckIn(token=code_or_token(picked), print_at=kiosk)


async def book(screen: Asker, hall: Hall, chosen: Ticket | None) -> c.Command | None:
    """Further matters, and who books, stand among the languages: no key more where they are not wanted."""
    del chosen
    visit = await pick_visit(screen, Words("预约", "Book a visit"))
    slot = await _slot(screen, hall, Words("预约", "Book a visit")) if visit is not None else None
    holder: str | None = None
    while visit is not None and slot is not None:
        name = visit_words(visit, screen.matters)
        title = Words(f"预约：{name.zh}", f"Book: {name.en}")
        who = Words(f"预约人：{holder}", f"booked by {holder}") if holder else Words("登记预约人", "note who books")
        choices = [(key.value, words) for key, words in LANGUAGES.items()]
        choices += [("more", Words("再加一件事项", "one more matter")), ("holder", who)]
        language = await screen.ask(Choose(title, choices, screen.tongue))
        if language == "more":
            visit = await one_more(screen, visit, title)
        elif language == "holder":
            holder = await _holder(screen, holder)
        elif language is None:
            return None
        else:
            return c.BookTicket(
                matter=visit.matters[0],
                more=visit.more,
                theme=visit.theme,
                holder=holder,
                slot_at_ms=slot,
                language=Language(language),
                print_at=kiosk_here(screen),
            )
    return None


async def _holder(screen: Asker, before: str | None) -> str | None:
    """The hall keeps a digest only; with it the same person cannot book twice."""

    def wrong(typed: str) -> Words | None:
        return Words("最多 64 个字。", "At most 64 letters.") if len(typed) > 64 else None

    prompt = Words("手机号或证件号，防止重复预约", "phone or ID number: nobody books twice")
    title = Words("登记预约人", "Who books")
    typed = await screen.ask(Type(title, screen.tongue, prompt=prompt, initial=before or "", check=wrong))
    return before if typed is None else typed or None


async def _slot(screen: Asker, hall: Hall, title: Words) -> int | None:
    """A half hour from the list, or any other moment, typed."""
    rules, link = in_force(hall), screen.link

    def wrong(typed: str) -> Words | None:
        slot = parse_slot(typed, rules, link.now_ms())
        return None if isinstance(slot, int) else slot

    entries = []
    for slot in slots_ahead(hall, link.now_ms()):
        at = when_words(rules, slot.slot_at_ms, link.now_ms())
        but = reserve(rules, slot.slot_at_ms, link.now_ms())
        at = Words(f"{at.zh}{but.zh}", f"{at.en}{but.en}")
        free = Words(f"余 {slot.free}", f"{slot.free} free") if slot.free else Words("约满", "full")
        text = line(
            fill(pair(at, screen.tongue, "bold"), 32), pair(free, screen.tongue, "" if slot.free else "$warning")
        )
        entries.append(Entry(str(slot.slot_at_ms), text, f"{slot_search(hall, slot.slot_at_ms)} {at.zh} {at.en}"))
    prompt = Words("选时段，或写 14:30、11-26 14:30", "pick, or type 11-26 14:30")
    picked = await screen.ask(Pick(title, entries, screen.tongue, prompt=prompt, free=True, check=wrong))
    if picked is None:
        return None
    if any(entry.id == picked for entry in entries):
        return int(picked)
    typed = parse_slot(picked, rules, link.now_ms())
    return typed if isinstance(typed, int) else None


async def documents(screen: Asker, hall: Hall, chosen: Ticket | None) -> c.Command | None:
    del hall, chosen
    title = Words("打印材料清单", "Print the list of documents")
    matter = await pick_matter(screen, title)
    if matter is None:
        return None
    ways = [(Language.MANDARIN.value, Words("中文", "Chinese")), (Language.ENGLISH.value, Words("英文", "English"))]
    language = await screen.ask(Choose(title, ways, screen.tongue))
    if language is None:
        return None
    return c.PrintDocuments(matter=matter, language=Language(language), print_at=kiosk_here(screen))


Question = Callable[[Asker, Hall, Ticket | None], Awaitable[c.Command | None]]
QUESTIONS: dict[Act, Question] = {
    Act.ISSUE: issue,
    Act.AMEND: amend,
    Act.RETURN: return_missed,
    Act.REPRINT: reprint,
    Act.CANCEL: cancel,
    Act.CHECK_IN: check_in,
    Act.BOOK: book,
    Act.DOCUMENTS: documents,
}
