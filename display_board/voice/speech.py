"""Clauses as sound: from the voice pack, from the cache, or made by the synthesiser."""

from collections import OrderedDict

from display_board.voice import sound
from display_board.voice.pack import Pack, pieces
from display_board.voice.phrases import Clause
from display_board.voice.synthesiser import NoSpeech, Synthesiser

KEPT = 400
"""Clauses in memory, about 60 kB each: forty counters in three languages and both forms, and the heads of the queue."""
LIKELY = 300
"""Of these at most so many made ahead: making them must never push each other out."""
CLAUSE_GAP_S = 0.16
LANGUAGE_GAP_S = 0.35
CHIME_GAP_S = 0.05
END_S = 0.3
"""Silence at the end of an announcement, before the next begins."""


class Speech:
    def __init__(self, synthesiser: Synthesiser, pack: Pack, *, volume: float = 1.0, chime: bool = True) -> None:
        self._synthesiser = synthesiser
        self._pack = pack
        self._volume = volume
        self._kept: OrderedDict[Clause, sound.Samples] = OrderedDict()
        self.chime = pack.chime or sound.level(sound.chime()) if chime else sound.silence(0)
        """Empty when the hall wants none."""

    def has(self, clause: Clause) -> bool:
        return clause in self._kept

    async def clause(self, clause: Clause) -> sound.Samples:
        """Raises NoSpeech when the synthesiser fails twice."""
        if clause in self._kept:
            self._kept.move_to_end(clause)
            return self._kept[clause]
        found = pieces(clause, self._pack)
        parts = [piece.recording or await self._say(clause, piece.words) for piece in found]
        self._kept[clause] = sound.join(parts, self._pack.gap_s)
        while len(self._kept) > KEPT:
            self._kept.popitem(last=False)
        return self._kept[clause]

    async def announcement(self, sentences: list[tuple[Clause, ...]], *, chime: bool) -> sound.Samples:
        """The chime, then a sentence in each language. Raises NoSpeech."""
        spoken = [sound.join([await self.clause(clause) for clause in clauses], CLAUSE_GAP_S) for clauses in sentences]
        whole = sound.join(spoken, LANGUAGE_GAP_S)
        if chime and self.chime:
            whole = sound.join([self.chime, whole], CHIME_GAP_S)
        if self._volume < 1.0:
            whole = sound.scale(whole, self._volume)
        whole.extend(sound.silence(END_S))
        return whole

    async def _say(self, clause: Clause, words: tuple[str, ...]) -> sound.Samples:
        try:
            return await self._synthesiser.render(clause.language, words)
        except NoSpeech:
            return await self._synthesiser.render(clause.language, words)
