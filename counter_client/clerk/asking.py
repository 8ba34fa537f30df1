"""The clerk's screen, as its questions see it."""

from typing import Protocol

from counter_client import questions
from counter_client.settings import CounterSettings
from counter_client.widgets.told import Tone
from counter_client.words import Words
from hall_controller.bus import wire
from hall_controller.domain.refusal import Refusal


class Asker(questions.Asker, Protocol):
    number: int
    clerk: str | None
    settings: CounterSettings
    devices: dict[str, wire.DeviceStatus]

    def tell(self, words: Words, tone: Tone = ...) -> None: ...
    def refused(self, refusal: Refusal) -> Words: ...
