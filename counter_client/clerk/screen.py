"""The clerk's screen: from a key to an act, from an act to one command, and what is told of it."""

import time

from textual import work
from textual.app import ComposeResult
from textual.containers import Horizontal
from textual.content import Content

from counter_client.clerk import questions
from counter_client.clerk.accepting import receipt_kiosk
from counter_client.clerk.acts import (
    BY_KEY,
    KEYS,
    Act,
    Seen,
    command,
    counter_of,
    primary,
    seen,
    undoable,
    visitor_of,
    why_not,
)
from counter_client.clerk.bundles import open_matters
from counter_client.clerk.guard import JUST_CHANGED, Guard
from counter_client.clerk.help import help_screen
from counter_client.clerk.outcomes import done, pressed
from counter_client.clerk.panes import frame, keys_pane, side_pane, visitor_pane
from counter_client.clerk.serving import served_words
from counter_client.clerk.view import clerk_view
from counter_client.desk import Link
from counter_client.hours import hours_words, lunch_words
from counter_client.papers.card import CardAct
from counter_client.papers.screen import PaperScreen
from counter_client.papers.words import why_no_hand_out
from counter_client.settings import CounterSettings
from counter_client.terminal import BREAKPOINTS, FLOW, Steady
from counter_client.widgets.look import badge, line, pair
from counter_client.widgets.pane import Pane
from counter_client.widgets.told import Tone
from counter_client.words import COUNTER_STATES, Words
from hall_controller.bus import wire
from hall_controller.domain import commands as c
from hall_controller.domain import events as e
from hall_controller.domain.acceptance import Acceptance
from hall_controller.domain.counter import CounterState
from hall_controller.domain.events import Event
from hall_controller.domain.hall import Hall, in_force
from hall_controller.domain.rules import Mode
from hall_controller.i18n.terms import DECISIONS

HAND_OUT = Words("发放", "Hand out")
SHARED = Words("！本窗口开着两个终端：请退出一个（Ctrl+Q）", "! Two terminals here: Ctrl+Q one")


class ClerkScreen(PaperScreen):
    HORIZONTAL_BREAKPOINTS = BREAKPOINTS

    def __init__(
        self,
        link: Link,
        number: int,
        *,
        clerk: str | None = None,
        settings: CounterSettings | None = None,
        guard: Guard | None = None,
        steady: Steady = time.monotonic,
    ) -> None:
        self.settings = settings or CounterSettings()
        super().__init__(link, self.settings.language, guard or Guard(), steady)
        self.number, self.clerk = number, clerk
        self._shared = False
        self._told_of: Seen | None = None
        """State and visitor of the counter when something was last told."""

    def compose_body(self) -> ComposeResult:
        with Horizontal(id="body"):
            yield Pane(id="visitor")
            yield Pane(id="side")

    # --- drawing ---------------------------------------------------------------------------------

    def who(self) -> Content:
        hall = self.link.hall
        at = line(" ", pair(Words(f"窗口 {self.number}", f"Counter {self.number}"), self.tongue, "bold"))
        if hall is None or hall.rules is None:
            return at
        here = counter_of(hall, self.number)
        if here.clerk:
            at = line(at, "  ", pair(Words(f"工号 {here.clerk}", "clerk"), self.tongue))
            serves = served_words(here.narrowing, self.matters)
            if serves is not None:
                at = line(at, "  ", badge(serves.first(self.tongue), "$accent"))
        name = Words(in_force(hall).name_zh or in_force(hall).hall, in_force(hall).name_en or in_force(hall).hall)
        return line(at, "  ", (name.first(self.tongue), "$secondary"))

    def notice(self, hall: Hall | None) -> Words | None:
        """Another terminal at this counter comes before all else: each of the two shows what the other one does."""
        return SHARED if self.number in self.link.shared else super().notice(hall)

    def tell(self, words: Words, tone: Tone = Tone.NOTE) -> None:
        super().tell(words, tone)
        self._told_of = self._seen()

    def _seen(self) -> Seen | None:
        hall = self.link.hall
        return seen(hall, self.number) if hall is not None and hall.rules is not None else None

    def draw(self) -> None:
        """What was told of another visitor or state is no longer so; what is not known yet stays."""
        if self._told_of != self._seen() and self.desk.why_not_now() is None:
            self.tell(Words("", ""))
        super().draw()

    def draw_body(self, hall: Hall) -> None:
        view = clerk_view(hall, self.number, self.link.now_ms(), self.matters)
        visitor, side, keys = (self.query_one(f"#{name}", Pane) for name in ("visitor", "side", "keys"))
        if min(visitor.room) < 1:
            return
        visitor.show(visitor_pane(view, self.tongue, *visitor.room))
        visitor.frame(*frame(view, self.tongue, visitor.room[0]))
        side.show(side_pane(view, self.tongue, *side.room, able=self.link.connected))
        able = (
            frozenset(act for act in Act if why_not(act, hall, self.number) is None)
            if self.link.connected
            else frozenset()
        )
        keys.show(keys_pane(able, view, self.tongue, keys.room[0]))
        self.guard.show(seen(hall, self.number), self.steady())

    def standing(self, hall: Hall) -> Words:
        looked = seen(hall, self.number)
        state = COUNTER_STATES[looked.state]
        visitor = f" {looked.number}" if looked.number else ""
        return Words(f"现在：{state.zh}{visitor}。", f"Now: {state.en}{visitor}.")

    def heard_event(self, event: Event) -> None:
        """Say what came to this counter without a key pressed here."""
        hall = self.link.hall
        if hall is None or self.desk.under_way is not None:
            return
        if isinstance(event, e.HoursExtended | e.OpeningEnded):
            words = hours_words(hall, self.link.now_ms())
            self.tell(Words(f"{words.zh}。", f"{words.en}."))
        if getattr(event, "counter", None) != self.number:
            return
        if isinstance(event, e.TicketCalled):
            self.tell(Words(f"派来 {event.number}。", f"{event.number} was assigned to you."))
            if self.settings.bell and hall.mode is Mode.PUSH:
                self.app.bell()
        elif isinstance(event, e.CounterPaused | e.CounterPausePlanned) and event.back_at_ms is not None:
            words = lunch_words(hall, counter_of(hall, self.number), self.link.now_ms()) or Words("午休", "lunch")
            self.tell(Words(f"{words.zh}。", f"{words.en[:1].upper()}{words.en[1:]}."))
        elif isinstance(event, e.CounterHandedOver):
            self.tell(Words(f"由 {event.by} 交给 {event.clerk}。", f"Handed over to {event.clerk} by {event.by}."))
        elif isinstance(event, e.CounterNarrowed):
            serves = served_words(event.narrowing, self.matters) or Words("什么都办", "everything")
            self.tell(Words(f"本窗口改为：{serves.zh}。", f"This counter now serves: {serves.en}."), Tone.WARNING)
        elif isinstance(event, e.CounterTakenOver | e.CounterClosed | e.CounterPaused):
            self.tell(Words(f"由 {event.by} 更改。", f"Changed by {event.by}."), Tone.WARNING)

    def heard_devices(self, shared: frozenset[int]) -> None:
        before, self._shared = self._shared, self.number in shared
        if self._shared and not before:
            zh = "另一个终端也开在本窗口，两边的按键都算数：请退出一个（Ctrl+Q）。"
            en = "Another terminal is open here too, and the keys of both count: Ctrl+Q one."
            self.tell(Words(zh, en), Tone.WARNING)
            self.app.bell()
        elif before and not self._shared and self.link.connected:
            self.tell(Words("本窗口又只有这一个终端了。", "This is the only terminal at the counter again."), Tone.DONE)
        super().heard_devices(shared)

    # --- keys ------------------------------------------------------------------------------------

    def press(self, key: str) -> None:
        hall, now_s = self.link.hall, self.steady()
        assert hall is not None, "the frame has looked"
        if key in {"f1", "?"}:
            self.app.push_screen(help_screen(self.tongue))
            return
        by_primary = key == "space"
        act = primary(hall, self.number) if by_primary else BY_KEY.get(key)
        if act is None and not by_primary:
            return
        if self.guard.repeats(key, now_s):
            return
        if act is None:
            self._tell_no_primary(hall)
            return
        reason = self.desk.why_not_now() or why_not(act, hall, self.number)
        reason = reason or self.guard.too_soon(act, now_s, by_primary=by_primary)
        if reason is not None:
            self.tell(reason, Tone.WARNING)
            return
        if act is Act.RECEIPT:
            self.look_up(self._receipt_here(hall))
        elif act is Act.PAPERS:
            self.papers()
        else:
            self.do(act, seen(hall, self.number))

    def _tell_no_primary(self, hall: Hall) -> None:
        if counter_of(hall, self.number).state is CounterState.SERVING:
            self.tell(Words("办完请按 F（空格不会办结）。", "Press F to finish; Space never ends a service."))
        else:
            self.tell(
                Words(
                    "本大厅自动派号，来访者会自己出现。", "Visitors are assigned by themselves; the next appears here."
                )
            )

    @work(group=FLOW)
    async def do(self, act: Act, looked: Seen) -> None:
        """One act: ask what must be asked, then send one command that carries the ticket seen."""
        hall = self.link.hall
        assert hall is not None, "the frame has looked"
        if seen(hall, self.number) != looked:
            self.tell(JUST_CHANGED, Tone.WARNING)
            return
        asked = command(act, hall, self.number, looked) or await questions.ask(self, act, hall, looked)
        for wanted in [asked] if isinstance(asked, c.Command) else asked or ():
            if await self._send_act(act, wanted, looked, undoable(hall, self.number)) is None:
                return

    async def _send_act(self, act: Act, wanted: c.Command, looked: Seen, undone: Words | None) -> wire.Accepted | None:
        def told(reply: wire.Accepted) -> Words:
            assert self.link.hall is not None, "it has answered"
            return done(wanted, reply, looked, undone, self.link.hall, self.matters)

        reply = await self.send(wanted, pressed(act, looked), told)
        if reply is not None and act is Act.HAND_OVER:
            self.clerk = None  # whoever was named at the start has left: the next opening asks
        if reply is not None and isinstance(wanted, c.AcceptMatter):
            await self._note_accepted(wanted)
        return reply

    async def _note_accepted(self, wanted: c.AcceptMatter) -> None:
        """One of several matters that was accepted is done as far as this visit goes: nobody marks it besides."""
        ticket = self.link.hall.tickets.get(wanted.ticket or 0) if self.link.hall is not None else None
        if ticket is None or not ticket.more or wanted.matter not in open_matters(ticket):
            return
        mark = c.HandleMatter(counter=self.number, ticket=ticket.ticket, matter=wanted.matter)
        receipt = self.told.words
        await self.send(mark, KEYS[Act.NEXT_MATTER].label, lambda _: receipt)

    # --- receipts --------------------------------------------------------------------------------

    def _receipt_here(self, hall: Hall) -> str | None:
        """That for which the visitor has come, until it is handed out."""
        ticket = visitor_of(hall, self.number)
        return ticket.receipt if ticket is not None and ticket.receipt in hall.acceptances else None

    def prints_at(self) -> str | None:
        return receipt_kiosk(self)

    def own_card_acts(self, hall: Hall, one: Acceptance) -> list[CardAct]:
        closed = counter_of(hall, self.number).state is CounterState.CLOSED
        why = Words("窗口未开，请先按 O 开窗。", "The counter is closed; O opens it.") if closed else None
        return [CardAct("f", HAND_OUT, why or why_no_hand_out(one))]

    async def do_with(self, key: str, one: Acceptance) -> None:
        del key  # there is but one
        result = DECISIONS.get(one.decision) if one.decision is not None else None
        zh, en = (f"（{result.zh}）", f" ({result.en})") if result is not None else ("", "")
        said = Words(f"{one.receipt} 结果已发放{zh}。", f"{one.receipt}: the result was handed out{en}.")
        what = Words(f"{HAND_OUT.zh} {one.receipt}", f"hand out {one.receipt}")
        await self.send(c.HandOut(counter=self.number, receipt=one.receipt), what, lambda _: said)
