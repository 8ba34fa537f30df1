"""A dialog in which a scanner works as it does on the main screen."""

from textual import events
from textual.timer import Timer

from counter_client.keyboard import key_of
from counter_client.papers.scanner import Ear, Sound
from counter_client.widgets.dialogs import Answer, Dialog
from counter_client.words import Tongue, Words


class HearingDialog(Dialog[Answer]):
    """Every key goes to `press`, every scan to `scanned`."""

    def __init__(self, title: Words, tongue: Tongue, ear: Ear, letters: set[str]) -> None:
        super().__init__(title, tongue)
        self.ear, self.letters = ear, letters
        self._silence: Timer | None = None

    def press(self, key: str) -> None:
        raise NotImplementedError

    def scanned(self, text: str) -> None:
        raise NotImplementedError

    def on_key(self, event: events.Key) -> None:
        if self._silence is not None:
            self._silence.stop()
        sound = self.ear.hear(event.character, event.key, self.letters)
        if event.key != "escape":
            event.stop()
        self._hear(sound)
        if not sound.taken and self.is_current:
            self.press(key_of(event.key, event.character))
        if self.ear.waits_s is not None:
            self._silence = self.set_timer(self.ear.waits_s, lambda: self._hear(self.ear.silence()))

    def _hear(self, sound: Sound) -> None:
        if sound.press and self.is_current:
            self.press(key_of(sound.press, sound.press))
        if sound.scan and self.is_current:
            self.scanned(sound.scan)
