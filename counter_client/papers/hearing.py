"""A dialog in which a scanner works as it does on the main screen."""

from textual import events
from textual.timer import Timer

from counter_client.keyboard import key_of
from counter_client.papers.scanner import Ear, Sound
from counter_client.widgets.dialogs import Answer, KeyDialog
from counter_client.words import Tongue, Words


class HearingDialog(KeyDialog[Answer]):
    """A scan goes to `scanned`; it presses no key."""

    def __init__(self, title: Words, tongue: Tongue, ear: Ear, letters: set[str]) -> None:
        super().__init__(title, tongue)
        self.ear, self.letters = ear, letters
        self._silence: Timer | None = None

    def scanned(self, text: str) -> None:
        raise NotImplementedError

    def hear(self, event: events.Key) -> bool:
        if self._silence is not None:
            self._silence.stop()
        sound = self.ear.hear(event.character, event.key, self.letters)
        self._hear(sound)
        if not sound.taken:
            self.take(key_of(event.key, event.character))
        if self.ear.waits_s is not None:
            self._silence = self.set_timer(self.ear.waits_s, lambda: self._hear(self.ear.silence()))
        return event.key != "escape"

    def _hear(self, sound: Sound) -> None:
        if sound.press:
            self.take(key_of(sound.press, sound.press))
        if sound.scan and self.is_on_top:
            self.scanned(sound.scan)
