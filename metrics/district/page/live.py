"""The district, asked for once for all viewers of this process."""

import asyncio
import contextlib
import logging
import time
from collections.abc import Callable

from metrics.district.inventory import Inventory
from metrics.district.page import questions
from metrics.district.page.charts import Curves
from metrics.district.page.picture import Answers, Picture, make_picture
from metrics.district.page.prometheus import Prometheus, PrometheusAway, Series

log = logging.getLogger(__name__)

SLOW_ROUNDS = 6
"""Curves and the day's visits of silent halls are asked for in every so many rounds."""
PATIENCE_S = 8.0
LONG_PATIENCE_S = 60.0
"""For the days of the month, once a day."""


class Live:
    """Not for threads: everything happens in one asyncio loop."""

    def __init__(self, inventory: Inventory, prometheus: Prometheus, every_s: float) -> None:
        self.inventory = inventory
        self.prometheus = prometheus
        self.every_s = every_s
        self.picture: Picture | None = None
        """The last one that could be had; it stays when Prometheus is away."""
        self.curves = Curves()
        self.trouble = ""
        """Why the picture is not of now; empty when it is."""
        self.asked = 0
        """How many questions were put to Prometheus, to see that viewers cost none."""
        self._answers = Answers()
        self._month = ""
        self._listeners: list[Callable[[], None]] = []

    def listen(self, listener: Callable[[], None]) -> Callable[[], None]:
        """Call `listener` after each round; returns what ends it."""
        self._listeners.append(listener)
        return lambda: self._listeners.remove(listener) if listener in self._listeners else None

    async def run(self) -> None:
        """Ask on and on, until cancelled."""
        month: asyncio.Task[None] | None = None
        turn = 0
        try:
            while True:
                started = time.monotonic()
                if month is None or month.done():
                    month = asyncio.create_task(self._ask_month())
                if await self._round(turn):
                    turn += 1
                for listener in tuple(self._listeners):
                    try:
                        listener()
                    except Exception:
                        log.exception("one viewer's page could not be drawn")
                await asyncio.sleep(max(0.0, self.every_s - (time.monotonic() - started)))
        finally:
            if month is not None:
                month.cancel()
                with contextlib.suppress(asyncio.CancelledError):
                    await month

    async def _round(self, turn: int) -> bool:
        """Whether Prometheus answered."""
        at_s = time.time()
        try:
            await self._ask_now(at_s)
            if turn % SLOW_ROUNDS == 0:
                await self._ask_day(at_s)
        except PrometheusAway as error:
            if not self.trouble:
                log.warning("Prometheus at %s: %s; asking again", self.prometheus.shown, error)
            self.trouble = str(error)
            return False
        except Exception:
            # A picture that cannot be made is as bad as none, and must not end the asking.
            log.exception("the picture could not be made")
            self.trouble = "the answer could not be read; the log says more"
            return False
        if self.trouble:
            log.info("Prometheus at %s answers again", self.prometheus.shown)
        self.trouble = ""
        self.picture = make_picture(self.inventory, self._answers, at_s)
        return True

    async def _ask(self, promql: str, at_s: float, patience_s: float = PATIENCE_S) -> list[Series]:
        self.asked += 1
        return await self.prometheus.ask(promql, at_s, patience_s)

    async def _ask_now(self, at_s: float) -> None:
        now, heard, waits = await asyncio.gather(
            *(self._ask(promql, at_s) for promql in (questions.NOW, questions.HEARD, questions.WAITS))
        )
        self._answers.now, self._answers.heard, self._answers.waits = now, heard, waits

    async def _ask_day(self, at_s: float) -> None:
        now = questions.local(at_s)
        self._answers.today = await self._ask(questions.today(now), at_s)
        steps, curves = questions.curve_steps(now), {}
        for name, promql in questions.CURVES.items():
            self.asked += 1
            series = await self.prometheus.ask_steps(promql, steps, PATIENCE_S)
            curves[name] = {one.label("hall"): {int(at): float(value) for at, value in one.values} for one in series}
        self.curves = Curves(**curves)

    async def _ask_month(self) -> None:
        """The days of the month before today, once a day; what has passed does not change."""
        now = questions.local(time.time())
        today = f"{now:%Y-%m-%d}"
        if today == self._month:
            return
        steps = questions.past_days(now)
        try:
            if steps is None:
                self._answers.past = []
            else:
                self.asked += 1
                self._answers.past = await self.prometheus.ask_steps(questions.PAST_DAYS, steps, LONG_PATIENCE_S)
        except PrometheusAway as error:
            log.warning("the days of the month could not be read: %s; asking again", error)
            return
        self._month = today
