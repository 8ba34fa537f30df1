"""What the terminals of clerk and greeter share: a scanner that works anywhere, receipts, papers between halls."""

import time
from functools import partial

from textual import events, work
from textual.timer import Timer

from counter_client.clerk.guard import Guard
from counter_client.desk import SEEN, Link
from counter_client.keyboard import key_of
from counter_client.papers import receipts
from counter_client.papers.card import SCANNED, CardAct, ReceiptCard, card_rows
from counter_client.papers.receiving import Receive, Tally, opened
from counter_client.papers.scanner import Ear, Sound, prefixes
from counter_client.papers.sending import Papers, Wish
from counter_client.papers.words import (
    NO_KIOSK,
    accepted_matter,
    outstanding,
    why_no_result,
    why_not_printed,
    why_not_supplied,
    why_not_withdrawn,
)
from counter_client.terminal import FLOW, Steady, TerminalScreen
from counter_client.widgets.dialogs import Choose, Entry, Pick, Type
from counter_client.widgets.look import line, pair
from counter_client.widgets.tick import Tick
from counter_client.widgets.told import Tone
from counter_client.words import Tongue, Words
from hall_controller.bus import wire
from hall_controller.domain import commands as c
from hall_controller.domain.acceptance import Acceptance, Carries, Decision, Delivery
from hall_controller.domain.hall import Hall
from hall_controller.i18n.terms import CARRIES, DECISIONS, DELIVERIES

SUPPLY = Words("补交", "Supply")
RESULT = Words("结果", "Result")
WITHDRAW = Words("撤回", "Withdraw")
REPRINT = Words("补打", "Reprint")


class PaperScreen(TerminalScreen):
    def __init__(self, link: Link, tongue: Tongue, guard: Guard, steady: Steady = time.monotonic) -> None:
        super().__init__(link, tongue, steady)
        self.guard = guard
        self.ear = Ear(guard.scan_s)
        self._silence: Timer | None = None

    # --- for the subclasses ----------------------------------------------------------------------

    def prints_at(self) -> str | None:
        """The kiosk at which receipts and transfer lists come out."""
        raise NotImplementedError

    def own_card_acts(self, hall: Hall, one: Acceptance) -> list[CardAct]:
        """What may be done with a receipt at this terminal alone; they stand first on its card."""
        raise NotImplementedError

    async def do_with(self, key: str, one: Acceptance) -> None:
        """One of `own_card_acts`, by its key."""
        raise NotImplementedError

    # --- a scanner -------------------------------------------------------------------------------

    def after_dialog_s(self) -> float:
        return self.guard.repeat_s

    def listen(self, event: events.Key) -> bool:
        hall = self.link.hall
        if hall is None or hall.rules is None:
            return False
        if self._silence is not None:
            self._silence.stop()
        sound = self.ear.hear(event.character, event.key, prefixes(hall))
        self._hear(sound)
        if self.ear.waits_s is not None:
            self._silence = self.set_timer(self.ear.waits_s, lambda: self._hear(self.ear.silence()))
        return sound.taken

    def _hear(self, sound: Sound) -> None:
        if sound.press and self.app.screen is self:
            self.take(key_of(sound.press, sound.press))
        if sound.scan and self.app.screen is self:
            SEEN.set(self.picture)
            self.look_up(sound.scan)

    # --- receipts --------------------------------------------------------------------------------

    @work(group=FLOW)
    async def look_up(self, typed: str | None = None) -> None:
        """Of what is scanned or typed: show what is known of it, and do with it what is wished."""
        while True:
            hall = self.link.hall
            assert hall is not None, "the frame has looked"
            if typed is None:
                title, prompt = (
                    Words("查回执", "Look a receipt up"),
                    Words("扫描或输入回执号", "scan, or type its number"),
                )
                typed = await self.ask(
                    Type(title, self.tongue, prompt=prompt, check=partial(receipts.why_nothing, hall))
                )
            if typed is None:
                return
            wrong = receipts.why_nothing(hall, typed)
            if wrong is not None:
                self.tell(wrong, Tone.WARNING)
                return
            text = receipts.canonical(hall, typed)
            if receipts.is_consignment(text):
                await self._receive(hall, text)
                return
            typed = await self._one_of(hall, receipts.find(hall, typed))
            if typed is None:
                return

    async def _one_of(self, hall: Hall, found: list[Acceptance]) -> str | None:
        """The card of the one that is meant. Answers what was scanned meanwhile."""
        one = found[0]
        if len(found) > 1:
            entries = [
                Entry(
                    one.receipt,
                    line((one.receipt, "bold"), "  ", pair(accepted_matter(one, self.matters), self.tongue)),
                    one.receipt,
                )
                for one in found
            ]
            title = Words("哪一张回执？", "Which receipt?")
            picked = await self.ask(Pick(title, entries, self.tongue, prompt=Words("回执号", "receipt")))
            if picked is None:
                return None
            one = next(one for one in found if one.receipt == picked)
        acts = [*self.own_card_acts(hall, one), *common_acts(one), reprint_act(one, self.prints_at())]
        title = Words(f"回执 {one.receipt}", "Receipt")
        rows = card_rows(one, hall, self.matters, self.tongue, self.link.now_ms())
        key = await self.ask(ReceiptCard(title, rows, acts, self.ear, prefixes(hall), self.tongue))
        if key is not None and key.startswith(SCANNED):
            return key.removeprefix(SCANNED)
        if key is not None:
            await self._do_with(key, one)
        return None

    async def _do_with(self, key: str, one: Acceptance) -> None:
        if key == "s":
            await self._supply(one)
        elif key == "r":
            await self._report(one)
        elif key == "x":
            await self._withdraw(one)
        elif key == "p":
            await self._reprint(receipt=one.receipt)
        else:
            await self.do_with(key, one)

    async def _supply(self, one: Acceptance) -> None:
        names = outstanding(one)
        entries = [Entry(f"{at}", pair(name, self.tongue, "bold")) for at, name in enumerate(names, 1)]
        every = {entry.id for entry in entries}
        title = Words(f"补交材料 {one.receipt}", "Documents brought")
        take = Words("补交", "supplies")
        ticked = await self.ask(Tick(title, entries, self.tongue, ticked=every, take=take, least=1))
        if not ticked:
            return
        left = len(names) - len(ticked)
        command = c.SupplyDocuments(receipt=one.receipt, documents=tuple(int(place) for place in ticked))
        now = Words(f"还缺 {left} 项", f"{left} still to come") if left else Words("材料已齐", "complete now")
        said = Words(
            f"{one.receipt} 已补 {len(ticked)} 项，{now.zh}。", f"{one.receipt}: {len(ticked)} brought, {now.en}."
        )
        await self.send(command, _named(SUPPLY, one), lambda _: said)

    async def _report(self, one: Acceptance) -> None:
        title = Words(f"决定结果 {one.receipt}", "The result")
        ways = {
            f"{decision}/{delivery}": Words(f"{said.zh}，{way.zh}", f"{said.en}, {way.en}")
            for decision, said in DECISIONS.items()
            for delivery, way in DELIVERIES.items()
        }
        chosen = await self.ask(Choose(title, list(ways.items()), self.tongue))
        if chosen is None:
            return
        decision, delivery = chosen.split("/")
        command = c.ReportResult(receipt=one.receipt, decision=Decision(decision), delivery=Delivery(delivery))
        words = ways[chosen]
        if one.from_hall and command.delivery is Delivery.WINDOW:
            words = DECISIONS[command.decision]
            words = Words(
                f"{words.zh}，结果送回 {one.from_hall}（Y）", f"{words.en}; to go back to {one.from_hall} (Y)"
            )
        said = Words(f"{one.receipt} {words.zh}。", f"{one.receipt}: {words.en}.")
        await self.send(command, _named(RESULT, one), lambda _: said)

    async def _withdraw(self, one: Acceptance) -> None:
        title = Words(f"撤回受理 {one.receipt}", "Withdraw")
        prompt = Words("原因，如 受理错了事项", "why, e.g. the wrong matter")
        why = await self.ask(Type(title, self.tongue, prompt=prompt, check=_a_reason))
        if why:
            said = Words(f"{one.receipt} 已撤回，请收回回执。", f"{one.receipt} withdrawn; take the receipt back.")
            await self.send(c.WithdrawAcceptance(receipt=one.receipt, why=why), _named(WITHDRAW, one), lambda _: said)

    async def _reprint(self, *, receipt: str | None = None, consignment: str | None = None) -> None:
        at, name = self.prints_at(), receipt or consignment
        if at is None:
            self.tell(NO_KIOSK, Tone.WARNING)
            return
        said = Words(f"{name} 补打，在 {at}，注明补打。", f"{name} printed again at {at}, marked as a copy.")
        what = Words(f"{REPRINT.zh} {name}", f"reprint {name}")
        command = c.ReprintPapers(print_at=at, receipt=receipt, consignment=consignment)
        await self.send(command, what, lambda _: said)

    # --- papers between halls --------------------------------------------------------------------

    @work(group=FLOW)
    async def papers(self) -> None:
        hall = self.link.hall
        assert hall is not None, "the frame has looked"
        wish = await self.ask(Papers(hall, self.matters, self.tongue, self.link.now_ms(), self.ear, prefixes(hall)))
        if wish is None:
            return
        if wish.send is not None:
            await self._send_papers(wish)
        elif wish.reprint is not None:
            await self._reprint(consignment=wish.reprint)
        elif wish.receive is not None:
            await self._receive(hall, wish.receive)

    async def _send_papers(self, wish: Wish) -> None:
        batch = wish.send
        assert batch is not None
        at = self.prints_at()
        command = c.SendConsignment(
            to_hall=batch.to_hall,
            receipts=tuple(one.receipt for one in batch.receipts),
            carries=batch.carries,
            print_at=at,
        )
        where = Words(f"，交接单在 {at} 打印", f"; the list is printed at {at}") if at else Words("", "")
        count, what = len(batch.receipts), CARRIES[batch.carries]

        def done(reply: wire.Accepted) -> Words:
            name = reply.consignment if isinstance(reply.consignment, str) else ""
            return Words(
                f"{name}：{count} 件{what.zh}送 {batch.to_hall}{where.zh}。",
                f"{name}: {count} to {batch.to_hall}{where.en}.",
            )

        await self.send(command, Words(f"送 {batch.to_hall}", f"send to {batch.to_hall}"), done)

    async def _receive(self, hall: Hall, consignment: str) -> None:
        tally = opened(hall, consignment) if consignment else Tally()
        if isinstance(tally, Words):
            self.tell(tally, Tone.WARNING)
            return
        got = await self.ask(Receive(hall, tally, self.tongue))
        if got is None:
            return
        command = c.ReceiveConsignment(
            consignment=got.consignment,
            receipts=got.scanned[got.before :],
            carries=got.carries or Carries.MATERIALS,
        )
        count, missing = len(got.scanned), len(got.missing)
        short = Words(f"，缺 {missing} 件", f", {missing} missing") if missing else Words("，全部收齐", ", all there")
        if not got.announced:
            short = Words("，清单到后再核对", "; the list will be compared when it is announced")
        said = Words(
            f"{got.consignment} 已收 {count} 件{short.zh}。", f"{got.consignment}: {count} received{short.en}."
        )
        await self.send(command, Words(f"收件 {got.consignment}", f"receive {got.consignment}"), lambda _: said)


def common_acts(one: Acceptance) -> list[CardAct]:
    return [
        CardAct("s", SUPPLY, why_not_supplied(one)),
        CardAct("r", RESULT, why_no_result(one)),
        CardAct("x", WITHDRAW, why_not_withdrawn(one)),
    ]


def reprint_act(one: Acceptance, print_at: str | None) -> CardAct:
    return CardAct("p", REPRINT, why_not_printed(one, print_at))


def _named(label: Words, one: Acceptance) -> Words:
    return Words(f"{label.zh} {one.receipt}", f"{label.en.lower()} {one.receipt}")


def _a_reason(typed: str) -> Words | None:
    if not typed:
        return Words("请写原因。", "Say why.")
    return Words("最多 400 个字。", "At most 400 letters.") if len(typed) > 400 else None
