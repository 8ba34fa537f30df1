"""The frame of all terminals: the connection, the clock, what is told, one press at a time."""

import os
import time
from collections.abc import Callable, Sequence
from typing import ClassVar, TypeVar

import msgspec
from textual import events, getters, work
from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.content import Content
from textual.filter import LineFilter
from textual.screen import Screen

from counter_client.desk import SEEN, Desk, Link, NotSent, Picture, Unanswered
from counter_client.keyboard import is_chinese, key_of
from counter_client.widgets.burst import BurstApp, is_typed
from counter_client.widgets.dialogs import DEAF_S, Dialog
from counter_client.widgets.drawn import Drawn
from counter_client.widgets.header import header_pane
from counter_client.widgets.look import THEME, pair, spread
from counter_client.widgets.pane import Pane
from counter_client.widgets.plain_lines import PlainLines
from counter_client.widgets.told import Told, Tone, told_pane
from counter_client.words import Tongue, Words, explain
from hall_controller.bus import wire
from hall_controller.bus.client import NoController
from hall_controller.domain.commands import Command
from hall_controller.domain.events import CatalogueChanged, Event
from hall_controller.domain.hall import Hall, in_force
from hall_controller.domain.hours import local
from hall_controller.domain.matters import Matter
from hall_controller.domain.refusal import Refusal

Answer = TypeVar("Answer")
Steady = Callable[[], float]
"""Seconds of a clock that only goes forward."""
BREAKPOINTS = [(0, "narrow"), (110, "wide")]
"""From so many columns on, the screen has this class."""


TOLD_S = 15.0
STILL_S = 3.0
"""A picture is drawn each second; one that is older is not what a key is pressed on."""
FLOW = "flow"
"""The workers that a key begins: what it asks, then what it sends."""
TOO_FAST = Words(
    "上一步还没完，或按键太快：没有发出，请再按。", "The last step is not finished, or keys came too fast: not sent."
)
STOOD_STILL = Words(
    "画面停住过，现已重画；这次按键没有发出，请看清再按。",
    "The screen had stood still; it is drawn afresh. Nothing was sent: look again.",
)
PLAIN_LINES = PlainLines()


class TerminalScreen(Drawn, Screen[None]):
    """Header, notice, body, what was told, keys. Subclasses fill the body and take the keys."""

    EVENT_DRAW_S = 0.0
    """So long at least between two drawings for events; a key is drawn at once."""
    app = getters.app(BurstApp)

    def __init__(self, link: Link, tongue: Tongue, steady: Steady = time.monotonic) -> None:
        super().__init__()
        self.link, self.tongue, self.steady = link, tongue, steady
        self.desk = Desk(link)
        self.matters: dict[str, Matter] = {}
        self.devices: dict[str, wire.DeviceStatus] = {}
        self.rehearsal = False
        self.told = Told(Words("正在连接大厅主机……", "Connecting to the hall."))
        self._lost_at_s = steady()
        self._heard = False
        self._drawn = Picture()
        self._drawn_at_s = time.monotonic()
        self._covered = False
        self._uncovered_at_s = float("-inf")
        self._learning = False
        self._told_at_s = steady()
        self._event_due = False

    # --- for the subclasses ----------------------------------------------------------------------

    def compose_body(self) -> ComposeResult:
        raise NotImplementedError

    def draw_body(self, hall: Hall) -> None:
        raise NotImplementedError

    def who(self) -> Content:
        """The left of the header."""
        raise NotImplementedError

    def press(self, key: str) -> None:
        raise NotImplementedError

    def heard_event(self, event: Event) -> None:
        """An event, after the hall holds it."""

    def heard_devices(self, shared: frozenset[int]) -> None:
        """`shared` are the counters at which more than one terminal speaks; it has changed."""
        del shared
        self.draw_soon()

    def refused(self, refusal: Refusal) -> Words:
        """A refusal in words."""
        return explain(refusal)

    def standing(self, hall: Hall) -> Words:
        """The true state in a few words, told when the hall is heard again."""
        raise NotImplementedError

    # --- the frame -------------------------------------------------------------------------------

    def compose(self) -> ComposeResult:
        yield Pane(id="header")
        yield Pane(id="notice")
        yield from self.compose_body()
        yield Pane(id="told")
        yield Pane(id="keys")

    def on_mount(self) -> None:
        self.link.on_event(self._event)
        self.link.on_sync(self.draw_soon)
        self.link.on_connection(self._connection)
        self.link.on_devices(self.heard_devices)
        self.link.follow()
        self.set_interval(1.0, self._second)

    def on_screen_suspend(self) -> None:
        self._covered = True

    def on_screen_resume(self) -> None:
        if self._covered:
            self._covered, self._uncovered_at_s = False, self.steady()
        self.draw_at_once()

    def draw(self) -> None:
        hall = self.link.hall
        if min(self.query_one("#header", Pane).room) < 1:
            return  # before the first layout; the panes ask again
        self._draw_header(hall)
        columns = self.query_one("#told", Pane).room[0]
        self.query_one("#told", Pane).show(told_pane(self.told, self.tongue, columns))
        self.set_class(not self.link.connected, "lost")
        if hall is not None and hall.rules is not None:
            self.draw_body(hall)
            self._drawn = Picture(hall.epoch, hall.seq)
        self._drawn_at_s = time.monotonic()

    @property
    def picture(self) -> Picture:
        """Of which state of the hall all that is shown was drawn, at the latest."""
        return self._drawn

    def draw_outcome(self) -> None:
        """What a person sees of what they have just done, at once."""
        self.draw_at_once()

    def stands_still(self) -> bool:
        """Whether it has not been drawn although the hall is heard: what it shows may have long been otherwise."""
        return self.link.connected and time.monotonic() - self._drawn_at_s > STILL_S

    def _draw_header(self, hall: Hall | None) -> None:
        clock = local(in_force(hall), self.link.now_ms()).strftime("%H:%M") if hall and hall.rules else "--:--"
        header = self.query_one("#header", Pane)
        lost_s = self.steady() - self._lost_at_s
        connected = self.link.connected
        header.show(
            header_pane(
                self.who(), clock, self.tongue, header.room[0], connected=connected, heard=self._heard, lost_s=lost_s
            )
        )
        notice = self.query_one("#notice", Pane)
        words = self.notice(hall)
        notice.display = words is not None
        if words is not None:
            notice.show(spread(pair(words, self.tongue, "bold"), Content(""), notice.room[0]))

    def notice(self, hall: Hall | None) -> Words | None:
        """The manager's notice line, or that this is a rehearsal; None when there is nothing to say."""
        if hall is not None and (hall.notice_zh or hall.notice_en):
            return Words(hall.notice_zh or hall.notice_en, hall.notice_en or hall.notice_zh)
        return Words("演练：不是真的来访者", "rehearsal: no real visitors") if self.rehearsal else None

    def tell(self, words: Words, tone: Tone = Tone.NOTE) -> None:
        self.told, self._told_at_s = Told(words, tone), self.steady()
        self.draw_soon()

    # --- the hall --------------------------------------------------------------------------------

    def _event(self, event: Event) -> None:
        if isinstance(event, CatalogueChanged) or getattr(event, "matter", None) not in (None, *self.matters):
            self.learn()
        self.heard_event(event)
        self._draw_for_event()

    def _draw_for_event(self) -> None:
        if not self.EVENT_DRAW_S:
            self.draw_soon()
        elif not self._event_due:
            self._event_due = True
            self.set_timer(self.EVENT_DRAW_S, self._draw_now_for_events)

    def _draw_now_for_events(self) -> None:
        self._event_due = False
        self.draw_soon()

    def _connection(self, connected: bool) -> None:
        if connected:
            hall = self.link.hall
            standing = self.standing(hall) if hall is not None and hall.rules is not None else Words("", "")
            again = Words("已重新连接。", "Connected again. ") if self._heard else Words("已连接大厅。", "Connected. ")
            self.tell(Words(again.zh + standing.zh, again.en + standing.en), Tone.DONE)
            self._heard = True
            self.learn()
        else:
            self._lost_at_s = self.steady()
            self.tell(
                Words(
                    "与大厅的连接中断：画面停在此前，按键不会发出。",
                    "Connection lost: this is the last known state; keys send nothing.",
                ),
                Tone.WARNING,
            )
        self.draw_soon()

    def _second(self) -> None:
        if self.desk.unanswered is not None and self.link.connected:
            self.settle()
        if self.link.connected and not self.matters:
            self.learn()
        self._forget()
        self.draw_soon()

    def _forget(self) -> None:
        """What was told goes after a while, lest it be read as news; what is still so stays."""
        old = self.steady() - self._told_at_s > TOLD_S
        if old and not self._heard:
            zh = "还没连上大厅：主机开着吗？本终端的登记还有效吗？"
            self.tell(Words(zh, "Still no hall: is the controller running, and is this device enrolled?"), Tone.WARNING)
        elif old and self.link.connected and self.desk.why_not_now() is None:
            self.told = Told(Words("", ""))

    @work
    async def learn(self) -> None:
        """The catalogue, the devices, the pace of the clock: asked after each connection."""
        if self._learning:
            return
        self._learning = True
        try:
            matters, status = await self.link.ask(wire.Matters()), await self.link.ask(wire.Status())
        except (NoController, msgspec.DecodeError):
            return
        finally:
            self._learning = False
        if isinstance(matters, wire.MattersReply):
            self.matters = {matter.code: matter for matter in matters.matters}
        if isinstance(status, wire.StatusReply):
            self.devices, self.rehearsal = status.devices, status.rehearsal
            self.desk.clock_rate = status.clock_rate
        self.draw_soon()

    @work
    async def settle(self) -> None:
        known = await self.desk.settle()
        hall = self.link.hall
        if known is None or hall is None:
            return
        press, done = known
        now = self.standing(hall)
        if done:
            zh, en = f"“{press.what.zh}”中断前已办成。", f'"{press.what.en}" had been done. '
        else:
            zh, en = f"“{press.what.zh}”没有办成。", f'"{press.what.en}" was not done. '
        self.tell(Words(zh + now.zh, en + now.en), Tone.DONE if done else Tone.WARNING)

    async def send(self, command: Command, what: Words, done: Callable[[wire.Accepted], Words]) -> wire.Accepted | None:
        """Send one press and tell what became of it. Returns the reply when it was accepted."""
        asking = self.desk.why_not_now()
        if asking is None:
            self.tell(Words(f"{what.zh}……", f"{what.en} ..."))
        reply = await self.desk.send(command, what, SEEN.get(None))
        match reply:
            case wire.Accepted():
                self.tell(done(reply), Tone.DONE)
                # Before the next key, or the next command of this one: it is meant for what has come of this one.
                self.draw_outcome()
                SEEN.set(Picture(self.picture.epoch, reply.seq))
                return reply
            case Refusal():
                self.tell(self.refused(reply), Tone.WARNING)
            case NotSent():
                self.tell(reply.reason, Tone.WARNING)
            case Unanswered(press=press):
                zh = f"大厅没有答复：不知道“{what.zh}”是否已办。请勿重按，连上后会告知。"
                en = f'No answer: was "{press.what.en}" done? Not known yet; you will be told.'
                self.tell(Words(zh, en), Tone.WARNING)
        return None

    async def ask(self, dialog: Dialog[Answer]) -> Answer | None:
        return await self.app.push_screen_wait(dialog)

    # --- keys ------------------------------------------------------------------------------------

    def listen(self, event: events.Key) -> bool:
        """Whether a key is no press: part of a scan, say."""
        del event
        return False

    def after_dialog_s(self) -> float:
        """Keys that follow the end of a dialog by less than this were typed into it."""
        return 0.0

    def is_stray(self) -> bool:
        """Whether a typed key was meant for a dialog: one that has just closed, is about to open, or stands above."""
        if self.app.burst.goes_on():
            return True
        just_closed = self.steady() - self._uncovered_at_s < self.after_dialog_s()
        if not just_closed and self.app.screen is self and not self._is_between():
            return False
        self.app.burst.drop(max(DEAF_S, self.after_dialog_s()))
        self.tell(TOO_FAST, Tone.WARNING)
        return True

    def _is_between(self) -> bool:
        """Whether a key has begun something that has neither asked nor sent yet."""
        begun = any(worker.group == FLOW and not worker.is_finished for worker in self.workers)
        return begun and self.desk.under_way is None

    def on_key(self, event: events.Key) -> None:
        if (is_typed(event) and self.is_stray()) or self.listen(event):
            return
        if is_chinese(event.character):
            self.tell(Words("请切换到英文输入再按键。", "Switch the input method to English first."), Tone.WARNING)
            return
        self.take(key_of(event.key, event.character))

    def take(self, key: str) -> None:
        """A key that was meant for this screen, as it was drawn last."""
        seen = self.picture
        if key == "l":
            self.tongue = "en" if self.tongue == "zh" else "zh"
            self.draw_soon()
        elif self.link.hall is None or self.link.hall.rules is None:
            self.tell(Words("还没连上大厅，请稍候。", "Not yet connected to the hall; please wait."), Tone.WARNING)
        elif self.stands_still():
            self.tell(STOOD_STILL, Tone.WARNING)
            self.draw_at_once()
        else:
            self.draw_if_due()
            SEEN.set(seen)
            self.press(key)


class TerminalApp(BurstApp):
    """One terminal: makes its link inside its own loop, and closes it at the end."""

    BINDINGS: ClassVar[list[BindingType]] = [Binding("ctrl+q,ctrl+c", "quit", show=False, priority=True)]
    TITLE = "hall"
    CSS_PATH = "terminal.tcss"
    ENABLE_COMMAND_PALETTE = False

    def __init__(
        self, make_link: Callable[[], Link], make_screen: Callable[[Link], TerminalScreen], *, quiet: bool = False
    ) -> None:
        """`quiet`: keep a crash in `failure` for one sentence to the shell, in place of Textual's traceback."""
        # Without colours Textual would still paint in greys; the terminal's own colours are what NO_COLOR asks for.
        super().__init__(ansi_color=True if "NO_COLOR" in os.environ else None)
        self._make_link, self._make_screen, self._quiet = make_link, make_screen, quiet
        self.link: Link | None = None
        self.failure: Exception | None = None

    def _handle_exception(self, error: Exception) -> None:
        if not self._quiet:
            super()._handle_exception(error)
        elif self.failure is None:
            self.failure = error
            self.exit(return_code=1)

    def get_line_filters(self) -> Sequence[LineFilter]:
        return [*super().get_line_filters(), PLAIN_LINES]

    def on_mount(self) -> None:
        self.register_theme(THEME)
        self.theme = "hall"
        self.link = self._make_link()
        self.push_screen(self._make_screen(self.link))

    async def on_unmount(self) -> None:
        if self.link is not None:
            await self.link.close()
