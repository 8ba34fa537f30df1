"""The manager's screen: panes side by side where there is room, else one at a time; from a key to one command."""

import sys
import time
from collections.abc import Callable, Sequence
from typing import ClassVar

import msgspec
from textual import on, work
from textual.app import ComposeResult
from textual.containers import Horizontal, Vertical
from textual.content import Content

from counter_client.clerk.guard import Guard
from counter_client.desk import Link, Picture
from counter_client.manager import doing, drawing, finding, palette
from counter_client.manager.acts import BY_KEY, ON_HALL, ON_TICKET, VIEWS, Act, Focus, View, why_not
from counter_client.manager.curve import CurvePlot
from counter_client.manager.day import Day
from counter_client.manager.help import help_screen
from counter_client.manager.history import Gone, fetch, start_of
from counter_client.manager.journal import Search
from counter_client.manager.lists import ListPane
from counter_client.manager.papers import is_anything
from counter_client.manager.pieces import Pieces
from counter_client.manager.predictions import Predictions
from counter_client.manager.ratings import Ratings
from counter_client.manager.sentences import sentence
from counter_client.papers.card import CardAct
from counter_client.papers.screen import PaperScreen
from counter_client.settings import ManagerSettings, printing_kiosk
from counter_client.terminal import FLOW, Steady
from counter_client.widgets.look import line, pair
from counter_client.widgets.pane import Pane
from counter_client.widgets.told import Tone
from counter_client.words import Words
from hall_controller.bus import wire
from hall_controller.bus.client import NoController
from hall_controller.domain import commands as c
from hall_controller.domain.acceptance import Acceptance
from hall_controller.domain.events import Event
from hall_controller.domain.hall import Hall, in_force, waiting_count

GRAND = (130, 36)
"""From so many columns and rows on, all panes stand side by side."""
STATUS_S = 5.0
SWITCH_S = 0.001
"""So soon the thread that predicts lets go for a key."""
STEPS = {"down": 1, "up": -1, "pagedown": 10, "pageup": -10, "home": -1_000_000, "end": 1_000_000}


class ManagerScreen(PaperScreen):
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
        super().__init__(link, self.settings.language, guard or Guard(), steady)
        self.view = View.COUNTERS
        self.by_number = False
        self.marked: dict[View, int | str | None] = dict.fromkeys(View)
        """The marked row of each list: counter, ticket, seq, device or alert."""
        self.touched: set[View] = set()
        """Lists in which a row was chosen; in the others the first row is the marked one, whichever it is now."""
        self.rows: dict[View, Sequence[int | str]] = {view: [] for view in View}
        """What each list was last drawn of, so that a step is meant as it is seen."""
        self.day = Day()
        self.ratings = Ratings()
        self.search = Search(self.day)
        self.predictions = Predictions(steady)
        self.status: wire.StatusReply | None = None
        self.back: tuple[Words, c.Command] | None = None
        """What U takes back."""
        self.curve_title = ""
        self.pieces = Pieces(self)
        self._epoch = ""
        self._loading = False
        self._meanwhile: list[Event] = []

    # --- the frame -------------------------------------------------------------------------------

    def compose_body(self) -> ComposeResult:
        yield Pane(id="summary")
        yield Pane(id="advice")
        yield Pane(id="tabs")
        with Horizontal(id="body"):
            with Vertical(id="left"):
                yield ListPane(View.COUNTERS)
                yield ListPane(View.PAPERS)
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
        sys.setswitchinterval(SWITCH_S)
        self.set_interval(STATUS_S, self.poll)
        self._arrange()

    def on_resize(self) -> None:
        self._arrange()

    def _arrange(self) -> None:
        """All panes, or the open one alone."""
        self.pieces.afresh = True
        grand = self.size.width >= GRAND[0] and self.size.height >= GRAND[1]
        self.set_class(grand, "grand")
        for view in View:
            pane = self.query_one(f"#{view.value}")
            pane.display = self.shows(view)
            pane.set_class(view is self.view, "open")
        for box, views in {
            "left": (View.COUNTERS, View.PAPERS, View.JOURNAL),
            "right": (View.QUEUE, View.CURVE, View.ALERTS, View.DEVICES),
            "low": (View.ALERTS, View.DEVICES),
        }.items():
            self.query_one(f"#{box}").display = grand or self.view in views
        self.query_one("#tabs").display = not grand

    @property
    def grand(self) -> bool:
        return self.has_class("grand")

    def shows(self, view: View) -> bool:
        """All panes stand side by side where there is room; that of papers only where there are any."""
        if view is self.view:
            return True
        hall = self.link.hall
        return self.grand and (view is not View.PAPERS or (hall is not None and is_anything(hall)))

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
        """All at once where all is new; else piece by piece, so that a key waits for one piece at most."""
        if min(self.query_one("#summary", Pane).room) < 1:
            return
        if self.query_one(f"#{View.PAPERS.value}").display is not self.shows(View.PAPERS):
            self._arrange()
        self.pieces.draw_soon(hall)
        if self.predictions.due:
            self.run_worker(self._predict(hall))

    @property
    def picture(self) -> Picture:
        return self.pieces.picture

    def draw_outcome(self) -> None:
        hall = self.link.hall
        if hall is not None and hall.rules is not None and self.is_attached:
            self.pieces.draw_acted_on(hall)
        self.draw_soon()

    async def _predict(self, hall: Hall) -> None:
        if self.predictions.due:
            await self.predictions.refresh(hall, self.link.now_ms())
            self.draw_soon()

    def draw_now(self, view: View) -> None:
        """The answer to a key: its own list and what can be done there, before anything else."""
        hall = self.link.hall
        if hall is not None and hall.rules is not None:
            self.pieces.draw(hall, view, "keys")

    def able(self, hall: Hall) -> frozenset[Act]:
        if not self.link.connected:
            return frozenset()
        acts = {act for act in Act if why_not(act, hall, self.focus_for(act), self.clock_off_ms) is None}
        return frozenset(acts if self.back else acts - {Act.TAKE_BACK})

    @property
    def clock_off_ms(self) -> int:
        return self.status.clock_off_ms if self.status else 0

    def focus_of(self, view: View) -> Focus:
        """What the marked row is of."""
        marked = self.marked[view]
        if view is View.COUNTERS and isinstance(marked, int):
            return Focus(counter=marked)
        if view is View.QUEUE and isinstance(marked, int):
            return Focus(ticket=marked)
        return Focus()

    def focus_for(self, act: Act) -> Focus:
        """What an act is about: the marked row, or whom the marked alert names."""
        offered = finding.offered(self)
        return offered.get(act, Focus()) if self.view is View.ALERTS else self.focus_of(self.view)

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
            self.ratings.add(event)
            self.day.add(event, rules, lambda one: sentence(one, rules, self.matters))

    def _connection(self, connected: bool) -> None:
        super()._connection(connected)
        if connected:
            self.load_day()
            self.poll()

    def _synced(self) -> None:
        self._epoch = ""  # what was read before may be the hall's no more
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
            self._OWN_KEYS[key](self)
        elif key.isdigit() and 1 <= int(key) <= len(View):
            self.open_view(list(VIEWS)[int(key) - 1])
        elif key in BY_KEY and not self.guard.repeats(key, self.steady()):
            self.press_act(BY_KEY[key])

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
        self.touched.add(view)
        at = rows.index(marked) + by if marked in rows else 0
        self.marked[view] = rows[max(0, min(len(rows) - 1, at))]
        self.draw_now(view)

    def mark(self, view: View, row: int | str) -> None:
        self.touched.add(view)
        self.marked[view] = row

    @on(ListPane.Clicked)
    def clicked(self, event: ListPane.Clicked) -> None:
        rows = self.rows[event.view]
        first = drawing.first_shown(self, event.view)
        if event.row >= 0 and first + event.row < len(rows):
            self.mark(event.view, rows[first + event.row])
        self.open_view(event.view)

    @on(ListPane.Wheeled)
    def wheeled(self, event: ListPane.Wheeled) -> None:
        self.step(event.view, event.by)

    def show_help(self) -> None:
        self.app.push_screen(help_screen(self.tongue))

    def reorder(self) -> None:
        self.by_number = not self.by_number
        self.draw_now(View.COUNTERS)

    def press_act(self, act: Act, focus: Focus | None = None) -> None:
        hall = self.link.hall
        assert hall is not None, "the frame has looked"
        focus = focus or self.focus_for(act)
        if act not in ON_HALL and focus == Focus():
            focus = self.focus_of(View.QUEUE if act in ON_TICKET else View.COUNTERS) if self.grand else focus
        reason = self.desk.why_not_now() or why_not(act, hall, focus, self.clock_off_ms)
        if act is Act.TAKE_BACK and self.back is None:
            reason = reason or Words("您还没有可以撤回的操作。", "You have done nothing that can be taken back.")
        if reason is not None:
            self.tell(reason, Tone.WARNING)
            return
        self.run_worker(doing.do(self, act, focus), group=FLOW)

    def menu(self) -> None:
        """The command palette: any act by its name, on the marked row or on a named counter."""
        self.run_worker(palette.ask_and_run(self), group=FLOW)

    def find_ticket(self) -> None:
        self.run_worker(finding.find_ticket(self), group=FLOW)

    def ask_search(self) -> None:
        self.run_worker(finding.ask_search(self), group=FLOW)

    # --- receipts and papers between halls -------------------------------------------------------

    def prints_at(self) -> str | None:
        return printing_kiosk(self.devices, self.settings.print_at)

    def own_card_acts(self, hall: Hall, one: Acceptance) -> list[CardAct]:
        del hall, one
        return []

    async def do_with(self, key: str, one: Acceptance) -> None:
        raise AssertionError(f"{key} on {one.receipt}: a manager has no act of its own on a receipt")

    @work(group=FLOW)
    async def do_with_receipt(self, key: str, receipt: str) -> None:
        """An act of the receipt's card, by its key."""
        one = self.link.hall.acceptances.get(receipt) if self.link.hall is not None else None
        if one is not None:
            await self._do_with(key, one)

    def enter(self) -> None:
        rating = self.ratings.get(self.marked[View.ALERTS]) if self.view is View.ALERTS else None
        if rating is not None:
            self.run_worker(finding.see_rating(self, rating), group=FLOW)
        elif self.view is View.PAPERS:
            finding.open_paper(self)
        elif self.view is View.JOURNAL:
            self.run_worker(finding.details(self), group=FLOW)
        elif self.view in (View.COUNTERS, View.QUEUE):
            finding.journal_of_row(self)
        else:
            finding.go_to(self)

    _OWN_KEYS: ClassVar[dict[str, Callable[["ManagerScreen"], object]]] = {
        "f1": show_help, "?": show_help, "tab": next_view, "shift+tab": last_view, "ctrl+p": menu, "f": find_ticket,
        "/": ask_search, "escape": finding.leave_search, "enter": enter, "j": finding.journal_of_row,
        "g": finding.go_to, "i": reorder, "8": PaperScreen.look_up, "0": PaperScreen.papers,
    }  # fmt: skip
