"""The manager's screen: panes side by side where there is room, else one at a time; from a key to one command."""

import time
from functools import partial
from typing import ClassVar

import msgspec
from msgspec.structs import replace
from textual import on, work
from textual.app import ComposeResult
from textual.containers import Horizontal, Vertical
from textual.content import Content

from counter_client.clerk.guard import Guard
from counter_client.desk import Link
from counter_client.manager import drawing, palette
from counter_client.manager.acts import BY_KEY, KEYS, ON_HALL, VIEWS, Act, Focus, View, inverse, label, why_not
from counter_client.manager.curve import CurvePlot
from counter_client.manager.day import Day, Entry
from counter_client.manager.details import Details
from counter_client.manager.ending import ending
from counter_client.manager.help import help_screen
from counter_client.manager.history import Gone, fetch, start_of
from counter_client.manager.journal import Search, facts
from counter_client.manager.lists import ListPane
from counter_client.manager.outcomes import done, pressed
from counter_client.manager.predictions import Predictions
from counter_client.manager.questions import QUESTIONS, ask_why
from counter_client.manager.sentences import sentence
from counter_client.reception.acts import find
from counter_client.settings import ManagerSettings
from counter_client.terminal import Steady, TerminalScreen
from counter_client.widgets.dialogs import Choose, Confirm, Type
from counter_client.widgets.look import line, pair
from counter_client.widgets.pane import Pane
from counter_client.widgets.told import Tone
from counter_client.words import TICKET_STATES, Words
from hall_controller.bus import wire
from hall_controller.bus.client import NoController
from hall_controller.domain import commands as c
from hall_controller.domain.events import Event
from hall_controller.domain.hall import Hall, in_force, waiting_count

GRAND = (130, 36)
"""From so many columns and rows on, all panes stand side by side."""
STATUS_S = 5.0
STEPS = {"down": 1, "up": -1, "pagedown": 10, "pageup": -10, "home": -1_000_000, "end": 1_000_000}


class ManagerScreen(TerminalScreen):
    EVENT_DRAW_S = 0.1
    """Events redraw at most ten times a second; a key at once."""

    def __init__(
        self,
        link: Link,
        *,
        settings: ManagerSettings | None = None,
        guard: Guard | None = None,
        steady: Steady = time.monotonic,
    ) -> None:
        self.settings = settings or ManagerSettings()
        super().__init__(link, self.settings.language, steady)
        self.guard = guard or Guard()
        self.view = View.COUNTERS
        self.by_number = False
        self.marked: dict[View, int | str | None] = dict.fromkeys(View)
        """The marked row of each list: counter, ticket, seq, device or alert."""
        self.rows: dict[View, list[int | str]] = {view: [] for view in View}
        """What each list was last drawn of, so that a step is meant as it is seen."""
        self.day = Day()
        self.search = Search(self.day)
        self.predictions = Predictions(steady)
        self.status: wire.StatusReply | None = None
        self.back: tuple[Words, c.Command] | None = None
        """What U takes back."""
        self._epoch = ""
        self._loading = False
        self._meanwhile: list[Event] = []

    # --- the frame -------------------------------------------------------------------------------

    def compose_body(self) -> ComposeResult:
        yield Pane(id="summary")
        yield Pane(id="tabs")
        with Horizontal(id="body"):
            with Vertical(id="left"):
                yield ListPane(View.COUNTERS)
                yield ListPane(View.JOURNAL)
            with Vertical(id="right"):
                yield ListPane(View.QUEUE)
                with Vertical(id="curve"):
                    yield Pane(id="legend")
                    yield CurvePlot(id="plot")
                with Horizontal(id="low"):
                    yield ListPane(View.ALERTS)
                    yield ListPane(View.DEVICES)

    def on_mount(self) -> None:
        self.link.on_sync(self._synced)
        self.set_interval(STATUS_S, self.poll)
        super().on_mount()
        self._arrange()

    def on_resize(self) -> None:
        self._arrange()
        super().on_resize()

    def _arrange(self) -> None:
        """All panes, or the open one alone."""
        grand = self.size.width >= GRAND[0] and self.size.height >= GRAND[1]
        self.set_class(grand, "grand")
        for view in View:
            pane = self.query_one(f"#{view.value}")
            pane.display = grand or view is self.view
            pane.set_class(view is self.view, "open")
        for box, views in {
            "left": (View.COUNTERS, View.JOURNAL),
            "right": (View.QUEUE, View.CURVE, View.ALERTS, View.DEVICES),
            "low": (View.ALERTS, View.DEVICES),
        }.items():
            self.query_one(f"#{box}").display = grand or self.view in views
        self.query_one("#tabs").display = not grand

    @property
    def grand(self) -> bool:
        return self.has_class("grand")

    def who(self) -> Content:
        at = line(" ", pair(Words("值班经理", "Manager"), self.tongue, "bold"))
        hall = self.link.hall
        if hall is None or hall.rules is None:
            return at
        rules = in_force(hall)
        name = Words(rules.name_zh or rules.hall, rules.name_en or rules.hall)
        return line(at, "  ", (name.first(self.tongue), "$secondary"))

    def standing(self, hall: Hall) -> Words:
        return Words(f"现在 {waiting_count(hall)} 人等候。", f"{waiting_count(hall)} waiting now.")

    def draw_body(self, hall: Hall) -> None:
        drawing.draw(self, hall)

    def able(self, hall: Hall) -> frozenset[Act]:
        if not self.link.connected:
            return frozenset()
        focus, off_ms = self.focus_of(self.view), self.status.clock_off_ms if self.status else 0
        acts = {act for act in Act if why_not(act, hall, focus, off_ms) is None}
        return frozenset(acts if self.back else acts - {Act.TAKE_BACK})

    def focus_of(self, view: View) -> Focus:
        """What the marked row is of."""
        marked = self.marked[view]
        if view is View.COUNTERS and isinstance(marked, int):
            return Focus(counter=marked)
        if view is View.QUEUE and isinstance(marked, int):
            return Focus(ticket=marked)
        return Focus()

    # --- what is heard ---------------------------------------------------------------------------

    def heard_event(self, event: Event) -> None:
        if self._loading:
            self._meanwhile.append(event)
        else:
            self._add(event)

    def _add(self, event: Event) -> None:
        hall = self.link.hall
        if hall is not None and hall.rules is not None:
            rules = in_force(hall)
            self.day.add(event, rules, lambda one: sentence(one, rules, self.matters))

    def _connection(self, connected: bool) -> None:
        super()._connection(connected)
        if connected:
            self.load_day()
            self.poll()

    def _synced(self) -> None:
        self.load_day()

    @work
    async def load_day(self) -> None:
        """The service day's events so far, or those of a line that was down; live ones wait meanwhile."""
        hall = self.link.hall
        if self._loading or hall is None or hall.rules is None or not self.link.connected:
            return
        self._loading = True
        try:
            if self._epoch != hall.epoch or self.day.day != hall.service_day:
                self._epoch = hall.epoch
                self.day.begin(hall.service_day, await start_of(self.link, hall.service_day, hall.seq))
            await fetch(self.link, self.day.last_seq, self._add)
        except (NoController, Gone, msgspec.DecodeError):
            self._epoch = ""  # fetched afresh when the hall is heard again
        finally:
            self._loading = False
            waiting, self._meanwhile = self._meanwhile, []
            for event in waiting:
                self._add(event)
        self.draw_soon()

    @work(exclusive=True, group="status")
    async def poll(self) -> None:
        """Who was last heard when, and how the hall's own box is."""
        if not self.link.connected:
            return
        try:
            status = await self.link.ask(wire.Status())
        except (NoController, msgspec.DecodeError):
            return
        if isinstance(status, wire.StatusReply):
            self.status, self.devices = status, status.devices
            self.draw_soon()

    # --- keys ------------------------------------------------------------------------------------

    def press(self, key: str) -> None:
        hall = self.link.hall
        assert hall is not None, "the frame has looked"
        if key in STEPS:
            self.step(self.view, STEPS[key])
        elif key in self._OWN_KEYS:
            getattr(self, self._OWN_KEYS[key])()
        elif key.isdigit() and 1 <= int(key) <= len(View):
            self.open_view(list(VIEWS)[int(key) - 1])
        elif key in BY_KEY and not self.guard.repeats(key, self.steady()):
            self.press_act(BY_KEY[key])

    _OWN_KEYS: ClassVar[dict[str, str]] = {
        "f1": "help", "?": "help", "tab": "next_view", "shift+tab": "last_view", "ctrl+p": "menu", "f": "find_ticket",
        "/": "ask_search", "escape": "leave_search", "enter": "enter", "j": "journal_of_row", "g": "go_to",
        "i": "reorder",
    }  # fmt: skip

    def open_view(self, view: View) -> None:
        self.view = view
        self._arrange()
        self.draw_soon()

    def next_view(self, by: int = 1) -> None:
        order = list(VIEWS)
        self.open_view(order[(order.index(self.view) + by) % len(order)])

    def last_view(self) -> None:
        self.next_view(-1)

    def step(self, view: View, by: int) -> None:
        rows, marked = self.rows[view], self.marked[view]
        if not rows:
            return
        at = rows.index(marked) + by if marked in rows else 0
        self.marked[view] = rows[max(0, min(len(rows) - 1, at))]
        self.draw_soon()

    @on(ListPane.Clicked)
    def clicked(self, event: ListPane.Clicked) -> None:
        rows = self.rows[event.view]
        first = drawing.first_shown(self, event.view)
        if event.row >= 0 and first + event.row < len(rows):
            self.marked[event.view] = rows[first + event.row]
        self.open_view(event.view)

    @on(ListPane.Wheeled)
    def wheeled(self, event: ListPane.Wheeled) -> None:
        self.step(event.view, event.by)

    def help(self) -> None:
        self.app.push_screen(help_screen(self.tongue))

    def reorder(self) -> None:
        self.by_number = not self.by_number
        self.draw_soon()

    def press_act(self, act: Act, focus: Focus | None = None) -> None:
        hall = self.link.hall
        assert hall is not None, "the frame has looked"
        focus = focus or self.focus_of(self.view)
        if act not in ON_HALL and focus == Focus():
            focus = self.focus_of(View.QUEUE if act in FOR_TICKETS else View.COUNTERS) if self.grand else focus
        off_ms = self.status.clock_off_ms if self.status else 0
        reason = self.desk.why_not_now() or why_not(act, hall, focus, off_ms)
        if act is Act.TAKE_BACK and self.back is None:
            reason = reason or Words("您还没有可以撤回的操作。", "You have done nothing that can be taken back.")
        if reason is not None:
            self.tell(reason, Tone.WARNING)
            return
        self.do(act, focus)

    # --- acts ------------------------------------------------------------------------------------

    @work
    async def do(self, act: Act, focus: Focus) -> None:
        """Ask what must be asked, then send one command; what can be taken back is kept for U."""
        hall = self.link.hall
        if hall is None or why_not(act, hall, focus, self.status.clock_off_ms if self.status else 0) is not None:
            return
        if act is Act.END_DAY:
            await self.end_day(hall)
            return
        if act is Act.TAKE_BACK:
            await self.take_back()
            return
        named, name = label(act, hall, focus), self._ticket_name(hall, focus)
        wanted = await QUESTIONS[act](self, hall, focus)
        if wanted is None:
            return
        what = pressed(wanted, named, name)
        wanted = await ask_why(self, wanted, what)
        now = self.link.hall
        if wanted is None or now is None:
            return
        back = inverse(now, wanted)
        sent = wanted

        def told(reply: wire.Accepted) -> Words:
            return done(sent, reply, name, back=_takes_back(back, reply) is not None)

        reply = await self.send(sent, what, told)
        if reply is not None:
            undoing = _takes_back(back, reply)
            self.back = (what, undoing) if undoing is not None else None

    def _ticket_name(self, hall: Hall, focus: Focus) -> str:
        ticket = hall.tickets.get(focus.ticket or 0)
        return (ticket.number or f"#{ticket.ticket}") if ticket else ""

    async def take_back(self) -> None:
        assert self.back is not None, "the press has looked"
        (what, command), self.back = self.back, None
        told = Words(f"撤回“{what.zh}”", f'take back "{what.en}"')
        taken = Words(f"已撤回“{what.zh}”。", f'Taken back: "{what.en}".')
        await self.send(replace(command, why=told.en), told, lambda _: taken)

    async def end_day(self, hall: Hall) -> None:
        plan = ending(hall)
        counters = [str(step.counter) for step in plan.steps if isinstance(step, c.CloseCounter)]
        which = Words(f"关窗口 {' '.join(counters)}", f"close counters {' '.join(counters)}") if counters else None
        stop = Words("停止取号", "stop issuing") if any(isinstance(s, c.StopIssuing) for s in plan.steps) else None
        acts = [words for words in (stop, which) if words is not None]
        left = Words("；".join(w.zh for w in plan.outstanding), "; ".join(w.en for w in plan.outstanding))
        if not acts:
            told = Words(f"没有能关的了。还剩：{left.zh}", f"Nothing to close. Outstanding: {left.en}")
            nothing = Words("全部已关，没有剩下的。", "All is closed; nothing is outstanding.")
            self.tell(told if plan.outstanding else nothing, Tone.WARNING if plan.outstanding else Tone.DONE)
            return
        todo = Words("、".join(w.zh for w in acts), ", ".join(w.en for w in acts))
        rest = Words(f" 还剩：{left.zh}", f" Outstanding: {left.en}") if plan.outstanding else Words("", "")
        question = Words(f"{todo.zh}？{rest.zh}", f"{todo.en}?{rest.en}")
        if not await self.ask(Confirm(Words("收工", "End of day"), question, self.tongue)):
            return
        for step in plan.steps:
            what = pressed(step, KEYS[Act.END_DAY].label, "")
            if await self.send(step, what, partial(done, step, name="", back=False)) is None:
                return
        now = self.link.hall
        left_now = ending(now).outstanding if now is not None else ()
        zh, en = "；".join(w.zh for w in left_now), "; ".join(w.en for w in left_now)
        self.back = None
        if left_now:
            self.tell(Words(f"能关的都关了。还剩：{zh}", f"Closed what could be. Outstanding: {en}"), Tone.WARNING)
        else:
            self.tell(Words("全部已关，没有剩下的。", "All is closed; nothing is outstanding."), Tone.DONE)

    # --- finding ---------------------------------------------------------------------------------

    @work
    async def menu(self) -> None:
        """The command palette: any act by its name, on the marked row or on a named counter."""
        hall = self.link.hall
        if hall is None:
            return
        picked = await palette.ask(self, hall)
        if picked is not None:
            palette.run(self, picked)

    @work
    async def find_ticket(self) -> None:
        prompt = Words("号码，如 A001 或 1", "e.g. A001 or 1")
        typed = await self.ask(Type(Words("查号", "Find a ticket"), self.tongue, prompt=prompt))
        hall = self.link.hall
        if not typed or hall is None:
            return
        living, ended = find(hall, typed)
        if len(living) > 1:
            ways = [(str(t.ticket), Words(t.number or "", TICKET_STATES[t.state].en)) for t in living[:9]]
            picked = await self.ask(Choose(Words("哪一个？", "Which one?"), ways, self.tongue))
            living = [ticket for ticket in living if str(ticket.ticket) == picked]
        if living:
            self.show_ticket(living[0].ticket)
        elif ended:
            self.look_for(typed)
            states = "、".join(f"{one.number} {TICKET_STATES[one.state].zh}" for one in ended)
            self.tell(Words(f"{states}，见日志。", "That ticket has ended; its journal is shown."))
        else:
            self.tell(Words(f"今天没有“{typed}”这个号。", f'There is no ticket "{typed}" today.'), Tone.WARNING)

    def show_ticket(self, ticket: int) -> None:
        """In the queue, or at the counter where it is."""
        hall = self.link.hall
        found = hall.tickets.get(ticket) if hall is not None else None
        if found is None:
            self.tell(Words("这个号今天已结束。", "That ticket has ended."), Tone.WARNING)
            return
        state = TICKET_STATES[found.state]
        if found.counter is not None and found.state.value in ("called", "serving"):
            self.show_counter(found.counter)
        else:
            self.marked[View.QUEUE] = ticket
            self.open_view(View.QUEUE)
        self.tell(Words(f"{found.number}：{state.zh}。", f"{found.number}: {state.en}."))

    def show_counter(self, counter: int) -> None:
        self.marked[View.COUNTERS] = counter
        self.open_view(View.COUNTERS)

    @work
    async def ask_search(self) -> None:
        prompt = Words("号码、窗口3、工号、类型", "number, c3, clerk, kind")
        title = Words("搜索今天的日志", "Search today's journal")
        typed = await self.ask(Type(title, self.tongue, prompt=prompt, initial=self.search.typed))
        if typed is not None:
            self.look_for(typed)

    def look_for(self, typed: str) -> None:
        self.search = Search(self.day, typed)
        self.marked[View.JOURNAL] = None
        self.open_view(View.JOURNAL)

    def leave_search(self) -> None:
        """The marked event stays marked, now among all others: what happened around it."""
        self.search = Search(self.day)
        self.draw_soon()

    def journal_of_row(self) -> None:
        focus, hall = self.focus_of(self.view), self.link.hall
        ticket = hall.tickets.get(focus.ticket or 0) if hall is not None else None
        if focus.counter is not None:
            self.look_for(f"c{focus.counter}")
        elif ticket is not None and ticket.number:
            self.look_for(ticket.number)
        else:
            self.open_view(View.JOURNAL)

    def enter(self) -> None:
        if self.view is View.JOURNAL:
            self.details()
        elif self.view in (View.COUNTERS, View.QUEUE):
            self.journal_of_row()
        else:
            self.go_to()

    @work
    async def details(self) -> None:
        entry, hall = self._marked_entry(), self.link.hall
        if entry is None or hall is None:
            return
        rows = facts(entry, in_force(hall), self.matters)
        if await self.ask(Details(Words("日志", "Journal"), rows, self.tongue)) == "go":
            self.go_to()

    def _marked_entry(self) -> Entry | None:
        entries, marked = self.search.entries(), self.marked[View.JOURNAL]
        return next((one for one in reversed(entries) if one.event.seq == marked), None)

    def go_to(self) -> None:
        """From the marked line of the journal, or an alert, to the ticket or counter that it is about."""
        entry, hall = self._marked_entry(), self.link.hall
        if self.view is not View.JOURNAL or entry is None or hall is None:
            return
        ticket, counter = (getattr(entry.event, field, None) for field in ("ticket", "counter"))
        if isinstance(ticket, int) and ticket in hall.tickets:
            self.show_ticket(ticket)
        elif isinstance(counter, int):
            self.show_counter(counter)
        else:
            self.tell(Words("这一条没有窗口，号也已结束。", "This names no counter, and its ticket has ended."))


FOR_TICKETS = (Act.ASSIGN, Act.CALL, Act.CANCEL, Act.AMEND, Act.REPRINT, Act.RETURN)


def _takes_back(back: c.Command | None, reply: wire.Accepted) -> c.Command | None:
    """A call that found nobody leaves nothing to take back; one that found somebody is undone for that visitor."""
    if not isinstance(back, c.Undo):
        return back
    return replace(back, ticket=reply.ticket) if isinstance(reply.ticket, int) else None
