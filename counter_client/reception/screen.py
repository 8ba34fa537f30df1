"""The greeter's screen: lists of tickets, the chosen one, and one key for each act."""

import time

from textual import work
from textual.app import ComposeResult
from textual.content import Content

from counter_client.clerk.guard import Guard
from counter_client.desk import Link
from counter_client.papers import receipts
from counter_client.papers.card import CardAct
from counter_client.papers.screen import PaperScreen
from counter_client.papers.sending import overdue_words
from counter_client.papers.words import why_no_hand_out
from counter_client.reception import questions
from counter_client.reception.acts import BY_KEY, KEYS, ON_CHOSEN, Act, find, why_not
from counter_client.reception.outcomes import done
from counter_client.reception.panes import chosen_pane, hours_pane, keys_pane, name_of, tabs_pane, tickets_pane
from counter_client.reception.view import TAB_OF_STATE, Tab, device_troubles, reception_view
from counter_client.reception.visits import pickup_matter
from counter_client.settings import ReceptionSettings
from counter_client.terminal import BREAKPOINTS, FLOW, Steady
from counter_client.widgets.dialogs import Entry, Pick, Type
from counter_client.widgets.help import HelpScreen
from counter_client.widgets.look import line, pair
from counter_client.widgets.pane import Pane
from counter_client.widgets.told import Tone
from counter_client.words import TICKET_STATES, Words
from hall_controller.domain import commands as c
from hall_controller.domain import events as e
from hall_controller.domain.acceptance import Acceptance
from hall_controller.domain.events import Event
from hall_controller.domain.hall import Hall, in_force, waiting_count
from hall_controller.domain.refusal import Code, Refusal
from hall_controller.domain.ticket import Ticket

STEPS = {"down": 1, "j": 1, "up": -1, "k": -1, "pagedown": 10, "pageup": -10, "home": -100_000, "end": 100_000}

TICKET = Words("取号", "Ticket")
PAPER_S = 8.0
"""So long after it was asked for, a ticket that nobody reports as printed is told to the greeter."""


class ReceptionScreen(PaperScreen):
    HORIZONTAL_BREAKPOINTS = BREAKPOINTS

    def __init__(
        self,
        link: Link,
        *,
        settings: ReceptionSettings | None = None,
        guard: Guard | None = None,
        steady: Steady = time.monotonic,
    ) -> None:
        self.settings = settings or ReceptionSettings()
        super().__init__(link, self.settings.language, guard or Guard(), steady)
        self.tab = Tab.WAITING
        self.chosen: int | None = None
        self._mine: set[int] = set()
        """Tickets printed at this desk's wish: what becomes of their paper is told here."""
        self._codes: dict[int, str] = {}
        """Check-in codes of bookings made here: they stand beside the booking, to be read out."""

    def compose_body(self) -> ComposeResult:
        yield Pane(id="hours")
        yield Pane(id="tabs")
        yield Pane(id="tickets")
        yield Pane(id="chosen")

    # --- drawing ---------------------------------------------------------------------------------

    def who(self) -> Content:
        at = line(" ", pair(Words("导办台", "Reception"), self.tongue, "bold"))
        hall = self.link.hall
        if hall is None or hall.rules is None:
            return at
        rules = in_force(hall)
        return line(
            at, "  ", (Words(rules.name_zh or rules.hall, rules.name_en or rules.hall).first(self.tongue), "$secondary")
        )

    def notice(self, hall: Hall | None) -> Words | None:
        """A device in trouble comes before the manager's notice: the greeter stands beside it."""
        troubles = device_troubles(hall) if hall is not None else []
        if troubles:
            return Words("！" + "；".join(t.zh for t in troubles), "! " + "; ".join(t.en for t in troubles))
        late = overdue_words(hall, self.link.now_ms()) if hall is not None and hall.rules is not None else None
        return super().notice(hall) or late

    def draw_body(self, hall: Hall) -> None:
        hours, tabs, tickets, chosen, keys = (
            self.query_one(f"#{name}", Pane) for name in ("hours", "tabs", "tickets", "chosen", "keys")
        )
        if min(tickets.room) < 1:
            return
        rules = in_force(hall)
        view = reception_view(hall, self.tab, self.chosen, self.link.now_ms())
        hours.show(hours_pane(view, self.tongue, hours.room[0]))
        tabs.show(tabs_pane(view, self.tongue, tabs.room[0]))
        tickets.show(tickets_pane(view, rules, self.matters, self.tongue, *tickets.room))
        code = self._codes.get(self.chosen or 0)
        chosen.show(chosen_pane(view, rules, self.matters, self.tongue, *chosen.room, code))
        able = (
            frozenset(act for act in Act if why_not(act, hall, view.chosen) is None)
            if self.link.connected
            else frozenset()
        )
        keys.show(keys_pane(able, self.tongue, keys.room[0]))

    def standing(self, hall: Hall) -> Words:
        return Words(f"现在 {waiting_count(hall)} 人等候。", f"{waiting_count(hall)} waiting now.")

    def heard_event(self, event: Event) -> None:
        """What became of the paper of tickets that were printed at this desk's wish."""
        if isinstance(event, e.TicketPrinted | e.TicketPrintFailed) and event.ticket in self._mine:
            self._mine.discard(event.ticket)
            name = event.number or f"#{event.ticket}"
            if isinstance(event, e.TicketPrinted):
                self.tell(Words(f"{name} 已打印。", f"{name} is printed."), Tone.DONE)
            else:
                detail = f"：{event.detail}" if event.detail else ""
                what = "号码" if event.number else "时间和签到码"
                zh = f"{name} 没打出来{detail}。请把{what}写给来访者。"
                self.tell(Words(zh, f"{name} was not printed ({event.detail}): write it down."), Tone.WARNING)

    def _no_paper_yet(self, ticket: int) -> None:
        """A printer that says nothing is not trusted to have printed."""
        hall = self.link.hall
        if ticket in self._mine and hall is not None and ticket in hall.tickets:
            self._mine.discard(ticket)
            name = name_of(hall.tickets[ticket])
            self.tell(
                Words(
                    f"{name}：打印机没有回音，请看票是否打出。",
                    f"{name}: no word from the printer; look for the paper.",
                ),
                Tone.WARNING,
            )

    # --- keys ------------------------------------------------------------------------------------

    def press(self, key: str) -> None:
        hall = self.link.hall
        assert hall is not None, "the frame has looked"
        if key in ("f1", "?"):
            self._help()
        elif key in STEPS:
            self._step(hall, STEPS[key])
        elif key.isdigit() and 1 <= int(key) <= len(Tab):
            self.tab = list(Tab)[int(key) - 1]
            self.chosen = None
            self._step(hall, 0)
        elif key in BY_KEY and not self.guard.repeats(key, self.steady()):
            self._press_act(hall, BY_KEY[key])

    def _press_act(self, hall: Hall, act: Act) -> None:
        if act is Act.FIND:
            self.find()
            return
        if act is Act.RECEIPT:
            self.look_up()
            return
        if act is Act.PAPERS:
            self.papers()
            return
        chosen = hall.tickets.get(self.chosen or 0)
        reason = self.desk.why_not_now() or why_not(act, hall, chosen)
        if act is Act.DOCUMENTS and questions.kiosk_here(self) is None:
            reason = reason or Words("没有取号机可以打印。", "There is no kiosk to print at.")
        if reason is not None:
            self.tell(reason, Tone.WARNING)
            return
        self.do(act, chosen)

    def _step(self, hall: Hall, by: int) -> None:
        tickets = reception_view(hall, self.tab, None, self.link.now_ms()).tickets
        at = next((i for i, ticket in enumerate(tickets) if ticket.ticket == self.chosen), None)
        if not tickets:
            self.chosen = None
        elif at is None:
            self.chosen = tickets[0].ticket
        else:
            self.chosen = tickets[max(0, min(len(tickets) - 1, at + by))].ticket
        self.draw_soon()

    def _help(self) -> None:
        rows = [(entry.key, entry.label, entry.help) for entry in KEYS.values()]
        rows.append(
            (
                "1-5",
                Words("名单", "Lists"),
                Words("等候、过号、未取票、窗口、预约", "waiting, missed, unclaimed, counters, booked"),
            )
        )
        rows.append(("↑↓", Words("选择", "Choose"), Words("或 J、K", "or J and K")))
        rows.append(("L", Words("语言", "中/EN"), Words("先中文或先英文", "which language comes first")))
        notes = [
            Words("只有“取消”会先确认：它不能撤回。", "Only cancel asks first: it cannot be taken back."),
            Words(
                "未取票：没打出来也没人看过的号，叫号会跳过；人来了就补打。",
                "Unclaimed: skipped by calls; reprint when its visitor comes.",
            ),
            Words(
                "扫描枪随时可用：直接扫回执或交接单。主题按名称、拼音找，一个号办几件。",
                "A scanner works at any time. Themes are found like matters: one number for several.",
            ),
            Words(
                "不用来的事项，取号时会列出别的办法；选了就记一次。",
                "A matter that needs no visit lists other ways; choosing one counts it.",
            ),
            Words("退出按 Ctrl+Q。", "Ctrl+Q leaves."),
        ]
        self.app.push_screen(HelpScreen(Words("按键", "Keys"), rows, notes, self.tongue))

    # --- acts ------------------------------------------------------------------------------------

    def choose(self, ticket: Ticket) -> None:
        self.chosen = ticket.ticket
        self.tab = TAB_OF_STATE.get(ticket.state, self.tab)
        self.draw_soon()

    @work(group=FLOW)
    async def find(self) -> None:
        typed = await self.ask(
            Type(Words("查号", "Find a ticket"), self.tongue, prompt=Words("号码，如 A001 或 1", "e.g. A001 or 1"))
        )
        hall = self.link.hall
        if not typed or hall is None:
            return
        if receipts.is_receipt(text := receipts.canonical(hall, typed)) or receipts.is_consignment(text):
            self.look_up(text)
            return
        living, ended = find(hall, typed)
        if len(living) > 1:
            entries = [
                Entry(
                    name_of(t),
                    line((name_of(t).ljust(8), "bold"), pair(TICKET_STATES[t.state], self.tongue)),
                    name_of(t),
                )
                for t in living
            ]
            picked = await self.ask(
                Pick(Words("哪一个？", "Which one?"), entries, self.tongue, prompt=Words("号码", "number"))
            )
            living = [ticket for ticket in living if name_of(ticket) == picked]
            if not living:
                return
        if living:
            self.choose(living[0])
            state = TICKET_STATES[living[0].state]
            self.tell(Words(f"{name_of(living[0])}：{state.zh}。", f"{name_of(living[0])}: {state.en}."))
        elif ended:
            names = [(found.number, TICKET_STATES[found.state]) for found in ended]
            zh = "；".join(f"{number} {state.zh}" for number, state in names)
            self.tell(Words(f"今天已结束：{zh}。", "Ended today: " + "; ".join(f"{n} {s.en}" for n, s in names) + "."))
        else:
            self.tell(Words(f"今天没有“{typed}”这个号。", f"There is no ticket {typed!r} today."), Tone.WARNING)

    @work(group=FLOW)
    async def do(self, act: Act, chosen: Ticket | None) -> None:
        hall = self.link.hall
        assert hall is not None, "the frame has looked"
        wanted = await questions.QUESTIONS[act](self, hall, chosen)
        if wanted is not None:
            await self._send_act(act, hall, wanted, chosen)

    async def _send_act(self, act: Act, hall: Hall, wanted: c.Command, chosen: Ticket | None) -> None:
        label = KEYS[act].label
        name = f" {name_of(chosen)}" if chosen and act in ON_CHOSEN else ""
        what = Words(label.zh + name, label.en.lower() + name)
        reply = await self.send(wanted, what, lambda got: done(wanted, got, name, hall, self.link.now_ms()))
        if reply is None or isinstance(wanted, c.PrintDocuments | c.Divert):
            return
        ticket = reply.ticket if isinstance(reply.ticket, int) else chosen.ticket if chosen else 0
        if isinstance(reply.code, str):
            self._codes[ticket] = reply.code
        if isinstance(wanted, c.ReprintTicket) or getattr(wanted, "print_at", None):
            self._mine.add(ticket)
            self.set_timer(PAPER_S, lambda: self._no_paper_yet(ticket))
        self.link_choose(ticket)

    # --- receipts --------------------------------------------------------------------------------

    def prints_at(self) -> str | None:
        return questions.kiosk_here(self)

    def own_card_acts(self, hall: Hall, one: Acceptance) -> list[CardAct]:
        none = Words("事项目录里没有领取类事项。", "The catalogue has no matter to collect results.")
        reason = why_no_hand_out(one) or why_not(Act.ISSUE, hall, None)
        return [CardAct("t", TICKET, reason or (None if pickup_matter(one, self.matters) else none))]

    async def do_with(self, key: str, one: Acceptance) -> None:
        del key  # there is but one
        hall, wanted = self.link.hall, await questions.issue_for_result(self, one)
        if wanted is not None and hall is not None:
            await self._send_act(Act.ISSUE, hall, wanted, None)

    def refused(self, refusal: Refusal) -> Words:
        """When no tickets are issued: why, and what may be done instead."""
        hall = self.link.hall
        issuing = refusal.code in (Code.ISSUING_STOPPED, Code.HALL_CLOSED)
        return (why_not(Act.ISSUE, hall, None) if hall and issuing else None) or super().refused(refusal)

    def link_choose(self, ticket: int) -> None:
        """Choose a ticket once the events that made it have been heard."""
        hall = self.link.hall
        if hall is not None and ticket in hall.tickets:
            self.choose(hall.tickets[ticket])
        else:
            self.chosen = ticket
