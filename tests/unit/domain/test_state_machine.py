"""Thousands of random days: every role sends what it may at any time, and after each step the hall must be whole.

`HYPOTHESIS_PROFILE=nightly pytest -s tests/unit/domain/test_state_machine.py` plays thousands of long ones.
"""

import datetime as dt
import os
from collections import Counter as Tally

import msgspec
import pytest
from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, rule, run_state_machine_as_test
from msgspec.structs import replace

from hall_controller.domain import commands as c
from hall_controller.domain import events as e
from hall_controller.domain.acceptance import Carries, Decision, Delivery
from hall_controller.domain.alert import AlertKind, DeviceSeen, Surroundings
from hall_controller.domain.alerts.find import OUTSIDE
from hall_controller.domain.booking import days, slots
from hall_controller.domain.bundle import MatterOutcome, matters_of
from hall_controller.domain.commands import DeviceState, PrintOutcome, RatingReason
from hall_controller.domain.counter import CounterState
from hall_controller.domain.credit import Rating
from hall_controller.domain.decide import assign, decide
from hall_controller.domain.decisions.common import Moment
from hall_controller.domain.evolve import evolve
from hall_controller.domain.hall import Hall, Issuing
from hall_controller.domain.matters import Catalogue, How
from hall_controller.domain.prediction import predict, predict_newcomer
from hall_controller.domain.refusal import Code, Refusal
from hall_controller.domain.rules import (
    DEFAULT_HOURS,
    LUNCH,
    Between,
    DayKind,
    Mode,
    Narrowing,
    Policy,
    RosterSpan,
    SpecialDay,
)
from hall_controller.domain.rules_acceptance import AcceptanceRules
from hall_controller.domain.sender import HALL, Role, Sender
from hall_controller.domain.stranded_bookings import offered, stranded_by
from hall_controller.domain.ticket import Language, TicketState, VisitorClass
from tests.unit.domain.account import check_all, check_counters, check_places, check_replay
from tests.unit.domain.oracle import Line
from tests.unit.domain.recount import Recount
from tests.unit.domain.support import (
    BOARD,
    CATALOGUE,
    GATEWAY,
    KIOSK,
    MANAGER,
    PRINTER,
    RECEPTION,
    Pretend,
    frozen,
    terminal,
)

SEEN: Tally[str] = Tally()
"""What all runs have done, so that a run can show that it was no idle one."""

COUNTERS = st.integers(1, 4)
PICK = st.integers(0, 31)
STEPS = st.integers(0, 4 * 32 * 32 - 1)
"""A counter, what its clerk presses, and which ticket: one number, since drawing is what takes the time."""
MATTER_LIST = ["pension", "id-card", "licence", "collect"]
BUNDLES = st.sampled_from([(), (), ("id-card",), ("licence", "grant"), ("pension", "licence", "collect")])
MATTERS = st.sampled_from(MATTER_LIST)
CLASSES = st.sampled_from([VisitorClass.ORDINARY, VisitorClass.ORDINARY, VisitorClass.PRIORITY])
LANGUAGES = st.sampled_from(list(Language))
GROUPS = st.sampled_from([None, None, None, ("pickup",), ("social",), ("business", "pickup")])
TONGUES = st.sampled_from([None, None, None, (Language.ENGLISH,), (Language.MANDARIN, Language.CANTONESE)])
NARROWINGS = st.builds(
    lambda groups, languages: Narrowing(groups=groups or (), languages=languages or ()), GROUPS, TONGUES
)

SENSIBLE: dict[CounterState, list[str | type[c.AtCounter]]] = {
    CounterState.CLOSED: ["open"],
    CounterState.READY: [
        *[c.CallNext] * 5, c.Undo, c.Undo, "call_ticket", "resume_ticket", "resume_ticket", "unticketed",
        "back", "back", c.PauseCounter, c.CloseCounter,
    ],
    CounterState.CALLING: [*[c.StartService] * 5, *[c.Missed] * 3, c.Undo, c.Undo, c.Recall, c.PauseCounter],
    CounterState.SERVING: [
        *[c.FinishService] * 4, c.Undo, c.Undo, c.Hold, c.Hold, "send_on", "send_back", "handle", "accept", "accept",
        "back", c.PauseCounter, c.ResumeCounter,
    ],
    CounterState.WRAPPING_UP: [*[c.EndWrapUp] * 2, c.Undo, c.Undo, "call_ticket", "resume_ticket", c.PauseCounter],
    CounterState.PAUSED: [c.ResumeCounter, c.ResumeCounter, c.Undo, c.CloseCounter],
}  # fmt: skip
"""What a clerk may well press at a counter in each state."""

RARE_KEYS = [c.Recall, c.EndWrapUp, c.PauseCounter, c.ResumeCounter, c.CloseCounter]


STARTS = [
    "2026-11-24 08:30:00", "2026-11-24 23:40:00", "2026-11-28 11:50:00", "2026-11-24 11:55:00", "2026-11-24 19:20:00",
]  # fmt: skip
"""A morning, a midnight, a weekend, a lunch, a closing."""


class Day(RuleBasedStateMachine):
    pretend: Pretend

    @initialize(
        mode=st.sampled_from(Mode),
        policy=st.sampled_from([Policy.PRIORITY, Policy.PRIORITY, Policy.FCFS]),
        favoured_limit=st.integers(1, 3),
        narrow=st.dictionaries(st.integers(1, 4), NARROWINGS, max_size=2),
        start=st.sampled_from(STARTS),
        lunch=st.sampled_from([(), (1,), (1, 2)]),
        between=st.sampled_from(Between),
        last_ticket_s=st.sampled_from([0, 3600]),
        rating=st.sampled_from([Rating.GOOD, Rating.GOOD, Rating.ORDINARY, Rating.DISCREDITED, None]),
    )
    def begin(self, start: str, lunch: tuple[int, ...], rating: Rating | None, **rules: object) -> None:
        self.line, self.recount = Line(), Recount()
        hours = (*DEFAULT_HOURS, LUNCH) if lunch else DEFAULT_HOURS
        soon = AcceptanceRules(documents_due_days=1)
        self.pretend = Pretend(start, counters=4, hours=hours, lunch_counters=lunch, acceptance=soon, **rules)
        self.pretend.rating = rating
        for event in self.pretend.events:
            self.recount.hear(self.pretend.hall, event)
        for ready in (1, 2):
            self.send(c.OpenCounter(counter=ready, clerk=f"clerk-{ready}"), terminal(ready))

    # --- sending ---

    def send(self, command: c.Command, by: Sender) -> bool:
        """As the controller does it, with the second opinion listening; whether it was accepted."""
        pretend = self.pretend
        moment = pretend._moment(by, command)
        before = frozen(pretend.hall)
        decided = decide(pretend.hall, command, moment)
        self.send_on_old_pictures(command, moment, decided)
        assert frozen(pretend.hall) == before, "a decision changed the hall"
        kind = type(command).__name__
        if isinstance(decided, Refusal):
            SEEN["refused"] += 1
            SEEN[f"refused {decided.code}"] += 1
            assert decided.message
            return False
        SEEN["accepted"] += 1
        SEEN[f"accepted {kind}"] += 1
        if isinstance(command, c.CallNext) and not decided:
            assert self.line.next_for(pretend.hall, command.counter, moment.at_ms) is None
        self.apply(decided)
        while owed := assign(pretend.hall, moment):
            self.apply(owed)
        self.check()
        return True

    def send_on_old_pictures(self, command: c.Command, moment: Moment, decided: list[e.Event] | Refusal) -> None:
        """Made by somebody who looked a while ago: stale exactly when what it is about has changed since."""
        hall = self.pretend.hall
        for seen_seq in (hall.seq + hall.seq % 2, max(0, hall.seq - 1 - hall.seq % 23)):
            again = decide(hall, replace(command, seen_seq=seen_seq), moment)
            expired = isinstance(decided, Refusal) and decided.field == "expires_at_ms"
            if not expired and self.recount.is_stale(hall, command, seen_seq):
                assert isinstance(again, Refusal)
                assert (again.code, again.field) == (Code.STALE, "seen_seq"), again
                SEEN["stale by seen_seq"] += 1
            else:
                assert again == decided

    def check(self) -> None:
        """What must hold after every command."""
        hall, now_ms = self.pretend.hall, self.pretend.now_ms
        check_places(hall)
        check_counters(hall)
        if hall.mode is Mode.PUSH:
            for number, counter in hall.counters.items():
                if counter.state is CounterState.READY:
                    assert self.line.next_for(hall, number, now_ms) is None, f"counter {number} was left alone"
        estimates = predict(hall, now_ms)
        assert sorted(estimates) == self.pretend.waiting()
        assert [estimate.ahead for estimate in estimates.values()] == list(range(len(estimates)))
        for visitor_class in (VisitorClass.ORDINARY, VisitorClass.PRIORITY):
            assert 0 <= predict_newcomer(hall, visitor_class, now_ms).ahead <= len(estimates)

    def apply(self, events: list[e.Event]) -> None:
        for event in events:
            self.line.hear(self.pretend.hall, event)
            evolve(self.pretend.hall, event)
            self.recount.hear(self.pretend.hall, event)
            self.pretend.events.append(event)

    def pick(self, index: int, *states: TicketState) -> int:
        """Some ticket, in one of these states if there is one; now and then one that has never been."""
        hall = self.pretend.hall
        fitting = [number for number, ticket in hall.tickets.items() if not states or ticket.state in states]
        others = fitting or [*hall.tickets, *hall.ended]
        return others[index % len(others)] if others else 999

    def tick(self) -> None:
        while True:
            seq = self.pretend.hall.seq
            self.send(c.Tick(), HALL)
            if not any(isinstance(event, e.DayStarted) for event in self.pretend.events[seq:]):
                break
        self.send(c.Tick(), HALL)  # alerts are judged by the hall as it was before the tick
        self.check_alerts()

    def check_alerts(self) -> None:
        """Of the two that can be told by a look at the room."""
        hall, now_ms = self.pretend.hall, self.pretend.now_ms
        serving = {str(one.counter) for one in hall.counters.values() if one.state is CounterState.SERVING}
        alerted = {alert.subject for alert in hall.alerts.values() if alert.alert is AlertKind.SLOW_SERVICE}
        assert alerted <= serving
        new = [ticket for ticket in self.pretend.waiting() if hall.tickets[ticket].called_at_ms is None]
        since_ms = min((hall.tickets[ticket].issued_at_ms for ticket in new), default=now_ms)
        opening = hall.opening
        if not new:
            assert "long_wait/" not in hall.alerts
        elif opening is not None and not opening.over and since_ms >= opening.start_ms:
            waited_s, stands = (now_ms - since_ms) / 1000, "long_wait/" in hall.alerts
            assert stands or waited_s < 1800
            assert not stands or waited_s >= 1440

    # --- visitors ---

    @rule(matter=MATTERS, visitor_class=CLASSES, language=LANGUAGES, kiosk=st.booleans(), prints=st.booleans())
    def issue(self, matter: str, visitor_class: VisitorClass, language: Language, kiosk: bool, prints: bool) -> None:
        command = c.IssueTicket(matter=matter, visitor_class=visitor_class, language=language)
        ticket = self.pretend.hall.next_ticket
        if self.send(command, KIOSK if kiosk else RECEPTION) and kiosk and prints:
            self.send(c.ReportPrint(ticket=ticket, outcome=PrintOutcome.PRINTED), PRINTER)

    @rule(matter=MATTERS, more=BUNDLES, index=PICK, what=st.sampled_from(["issue", "book", "amend", "lists", "divert"]))
    def several(self, matter: str, more: tuple[str, ...], index: int, what: str) -> None:
        """A visit for several matters, or for none."""
        match what:
            case "issue":
                self.send(c.IssueTicket(matter=matter, more=more), RECEPTION)
            case "book":
                slot_at_ms = self.pretend.now_ms + index * 300_000 + 1
                holder = f"holder-{index % 3}"
                self.send(c.BookTicket(matter=matter, more=more, slot_at_ms=slot_at_ms, holder=holder), RECEPTION)
            case "amend":
                self.send(c.AmendTicket(ticket=self.pick(index), more=more), RECEPTION)
            case "lists":
                self.send(c.PrintDocuments(matter=matter, more=more), KIOSK)
            case _:
                self.send(c.Divert(matter="pension" if more else matter, way=How.ZERO_RUN), KIOSK)

    @rule(classes=st.lists(CLASSES, min_size=2, max_size=6), matter=MATTERS)
    def crowd(self, classes: list[VisitorClass], matter: str) -> None:
        for visitor_class in classes:
            self.send(c.IssueTicket(matter=matter, visitor_class=visitor_class), RECEPTION)

    @rule(index=PICK, outcome=st.sampled_from([None, *PrintOutcome]))
    def paper(self, index: int, outcome: PrintOutcome | None) -> None:
        """A printer reports, or the visitor touches the number away."""
        ticket = self.pick(index)
        if outcome is None:
            self.send(c.AcknowledgeTicket(ticket=ticket), KIOSK)
        else:
            self.send(c.ReportPrint(ticket=ticket, outcome=outcome), PRINTER)

    @rule(index=PICK, minutes=st.sampled_from([None, None, 1, 20, 45, 60 * 24]), matter=MATTERS, language=LANGUAGES)
    def appointment(self, index: int, minutes: int | None, matter: str, language: Language) -> None:
        if minutes is None:
            self.send(c.CheckIn(ticket=self.pick(index, TicketState.BOOKED)), GATEWAY)
        else:
            slot_at_ms = self.pretend.now_ms + minutes * 60_000
            self.send(c.BookTicket(matter=matter, slot_at_ms=slot_at_ms, language=language), RECEPTION)

    @rule(index=PICK, by=st.sampled_from([GATEWAY, BOARD, RECEPTION]), minutes=st.sampled_from([None, 30, 60 * 24]))
    def rebook(self, index: int, by: Sender, minutes: int | None) -> None:
        """A visitor takes one of the half hours that are offered; what is not offered is refused."""
        hall, now_ms = self.pretend.hall, self.pretend.now_ms
        found = hall.tickets.get(self.pick(index, TicketState.BOOKED))
        if found is None:
            return
        is_stranded = found.state is TicketState.BOOKED and stranded_by(hall, found) is not None
        if minutes is not None:
            slot_at_ms = now_ms + minutes * 60_000
            moved = self.send(c.RebookTicket(ticket=found.ticket, slot_at_ms=slot_at_ms), by)
            assert not moved or by is RECEPTION or is_stranded or found.slot_at_ms == slot_at_ms
        elif is_stranded and (offers := offered(hall, found, now_ms)):
            slot_at_ms = offers[index % len(offers)].slot_at_ms
            assert self.send(c.RebookTicket(ticket=found.ticket, slot_at_ms=slot_at_ms), by)
            assert stranded_by(hall, hall.tickets[found.ticket]) is None

    @rule(index=PICK, matter=MATTERS, check_in=st.booleans())
    def at_the_kiosk(self, index: int, matter: str, check_in: bool) -> None:
        """A visitor checks in, or books one of the half hours and has a list of documents printed."""
        hall, now_ms = self.pretend.hall, self.pretend.now_ms
        if check_in:
            self.send(c.CheckIn(ticket=self.pick(index, TicketState.BOOKED)), KIOSK)
            return
        offered = [slot for day in days(hall, now_ms)[:2] for slot in slots(hall, day, now_ms)]
        if offered:
            slot = offered[index % len(offered)]
            booked = self.send(c.BookTicket(matter=matter, slot_at_ms=slot.slot_at_ms), KIOSK)
            assert booked == (slot.free > 0) or hall.issuing is Issuing.CLOSED
        self.send(c.PrintDocuments(matter=matter), KIOSK)

    @rule(
        action=st.sampled_from(["cancel", "reprint", "return", "return", "return", "rate", "matter", "class"]),
        index=PICK,
        matter=MATTERS,
        visitor_class=st.sampled_from(VisitorClass),
        by=st.sampled_from([KIOSK, RECEPTION, GATEWAY, MANAGER]),
    )
    def at_reception(self, action: str, index: int, matter: str, visitor_class: VisitorClass, by: Sender) -> None:
        match action:
            case "cancel":
                self.send(c.CancelTicket(ticket=self.pick(index)), by)
            case "reprint":
                self.send(c.ReprintTicket(ticket=self.pick(index)), by)
            case "return":
                self.send(c.ReturnToQueue(ticket=self.pick(index, TicketState.MISSED)), by)
            case "rate":
                ended = list(self.pretend.hall.ended) or [1]
                reasons = (RatingReason.WAIT,) if index % 3 else ()
                self.send(c.Rate(ticket=ended[index % len(ended)], stars=1 + index % 5, reasons=reasons), by)
            case "matter":
                self.send(c.AmendTicket(ticket=self.pick(index), matter=matter), by)
            case _:
                self.send(c.AmendTicket(ticket=self.pick(index), visitor_class=visitor_class), by)

    # --- clerks ---

    @rule(
        counter=COUNTERS,
        clerk=st.integers(1, 4),
        groups=GROUPS,
        languages=TONGUES,
    )
    def open_counter(
        self, counter: int, clerk: int, groups: tuple[str, ...] | None, languages: tuple[Language, ...] | None
    ) -> None:
        command = c.OpenCounter(counter=counter, clerk=f"clerk-{clerk}", groups=groups, languages=languages)
        self.send(command, terminal(counter))

    @rule(counter=COUNTERS, clerk=st.integers(1, 8), groups=GROUPS)
    def hand_over(self, counter: int, clerk: int, groups: tuple[str, ...] | None) -> None:
        """A colleague goes on, also with a visitor at the counter."""
        self.send(c.HandOverCounter(counter=counter, clerk=f"clerk-{clerk}", groups=groups), terminal(counter))

    @rule(steps=st.lists(STEPS, min_size=6, max_size=12))
    def work_long(self, steps: list[int]) -> None:
        self.work(steps)

    @rule(steps=st.lists(STEPS, min_size=2, max_size=8))
    def work(self, steps: list[int]) -> None:
        """Clerks press what makes sense at their counters."""
        for step in steps:
            self.work_once(1 + step % 4, step // 4)

    @rule(counter=COUNTERS, steps=st.lists(STEPS, min_size=2, max_size=6))
    def work_at(self, counter: int, steps: list[int]) -> None:
        """One clerk works on, while time passes."""
        for step in steps:
            self.work_once(counter, step // 4)
            self.pretend.now_ms += step % 32 * 1000
            self.tick()

    def work_once(self, counter: int, step: int) -> None:
        index, choice = divmod(step, 32)
        hall = self.pretend.hall
        state = hall.counters[counter].state if counter in hall.counters else CounterState.CLOSED
        sensible = SENSIBLE[state]
        action = sensible[choice % len(sensible)]
        match action:
            case "call_ticket":
                states = (TicketState.WAITING, TicketState.UNCLAIMED, TicketState.MISSED)
                command: c.Command = c.CallTicket(counter=counter, ticket=self.pick(index, *states))
            case "resume_ticket":
                command = c.ResumeTicket(counter=counter, ticket=self.pick(index, TicketState.HELD))
            case "back":
                command = c.ReturnToQueue(ticket=self.pick(index, TicketState.MISSED))
            case "unticketed":
                command = c.ServeUnticketed(counter=counter, matter=MATTER_LIST[index % 4])
            case "send_on":
                command = c.Transfer(counter=counter, to_counter=1 + index % 4)
            case "send_back":
                command = c.Transfer(counter=counter, matter=MATTER_LIST[index % 4])
            case "handle" | "accept":
                command = self.on_matter(counter, index, accept=action == "accept")
            case "open":
                command = c.OpenCounter(counter=counter, clerk=f"clerk-{1 + index % 4}")
            case type():
                command = action(counter=counter)
        self.send(command, terminal(counter))

    def on_matter(self, counter: int, index: int, *, accept: bool) -> c.Command:
        """Something about one of the matters of the visitor who is being served."""
        hall = self.pretend.hall
        matters = matters_of(hall.tickets[hall.counters[counter].ticket or 0])
        matter = matters[index % len(matters)]
        if not accept:
            return c.HandleMatter(counter=counter, matter=matter, outcome=list(MatterOutcome)[index % 3])
        applicant = "91440300MA5DA0000X" if index % 3 else None
        return c.AcceptMatter(
            counter=counter, matter=matter, applicant=applicant, outstanding=(2,) if index % 2 else ()
        )

    @rule(counter=COUNTERS, groups=GROUPS, index=PICK)
    def results_window(self, counter: int, groups: tuple[str, ...] | None, index: int) -> None:
        """A counter is told what it serves; and somebody comes for a result."""
        self.send(c.NarrowCounter(counter=counter, groups=groups or ()), terminal(counter))
        receipts = list(self.pretend.hall.acceptances) or ["BA001-261124-9999"]
        self.send(c.IssueTicket(matter="collect", receipt=receipts[index % len(receipts)]), KIOSK)

    @rule(
        acts=st.lists(
            st.sampled_from(
                ["withdraw", "reprint", "supply", "supply", "supply", "decide", "decide", "hand out", "hand out",
                 "send", "send", "announce", "receive", "receive", "confirm", "confirm", "rating"]
            ),
            min_size=1,
            max_size=3,
        ),
        index=PICK,
        counter=COUNTERS,
        results=st.booleans(),
    )  # fmt: skip
    def papers(self, acts: list[str], index: int, counter: int, results: bool) -> None:
        """Receipts and the papers that travel for them, with this hall and another speaking as they may."""
        for number, serving in self.pretend.hall.counters.items():
            if serving.state is CounterState.SERVING:
                self.send(self.on_matter(number, index, accept=True), terminal(number))
        for place, act in enumerate(acts):
            self.on_papers(act, index + place, counter, results)

    def on_papers(self, action: str, index: int, counter: int, results: bool) -> None:
        hall, now_ms = self.pretend.hall, self.pretend.now_ms
        receipts = list(hall.acceptances) or ["BA001-261124-9999"]
        receipt = receipts[index % len(receipts)]
        sent = [one for one in hall.consignments.values() if one.from_hall == "BA001"]
        carries = Carries.RESULTS if results else Carries.MATERIALS
        theirs = f"BA002-261124-C{1 + index % 4:02}"
        foreign = tuple(f"BA002-261124-{1 + (index + more) % 6:04}" for more in range(1 + index % 3))
        arriving = (receipt,) if results else foreign
        match action:
            case "withdraw":
                command: c.Command = c.WithdrawAcceptance(receipt=receipt)
            case "reprint":
                command = c.ReprintPapers(receipt=receipt, print_at="kiosk")
            case "supply":
                lacking = [one.receipt for one in hall.acceptances.values() if one.outstanding_zh] or receipts
                receipt = lacking[index % len(lacking)]
                command = c.SupplyDocuments(receipt=receipt, documents=(1,) if results else ())
            case "decide":
                command = c.ReportResult(
                    receipt=receipt, decision=list(Decision)[index % 2], delivery=list(Delivery)[index // 2 % 3]
                )
            case "hand out":
                command = c.HandOut(counter=counter, receipt=receipt)
            case "send":
                command = c.SendConsignment(to_hall="BA002", receipts=tuple(receipts[:3]), carries=carries)
            case "announce":
                command = c.AnnounceConsignment(
                    consignment=theirs, receipts=arriving, carries=carries, sent_at_ms=now_ms, due_ms=now_ms + 60_000,
                    decisions=(list(Decision)[index % 2],) if results else (),
                )  # fmt: skip
            case "receive":
                command = c.ReceiveConsignment(consignment=theirs, receipts=arriving, carries=carries)
            case "confirm":
                one = sent[index % len(sent)] if sent else None
                command = c.ConfirmConsignment(
                    consignment=one.consignment if one else theirs, receipts=one.receipts[index % 2 :] if one else ()
                )
            case _:
                self.pretend.rating = [None, *Rating][index % 4]
                return
        self.send(command, MANAGER)

    @rule(
        counter=COUNTERS,
        action=st.sampled_from(
            [c.CallNext, c.StartService, c.FinishService, c.Undo, c.Undo, c.Undo, c.Missed, c.Hold, *RARE_KEYS]
        ),
    )
    def press(self, counter: int, action: type[c.AtCounter]) -> None:
        """A press that may make no sense."""
        self.send(action(counter=counter), terminal(counter))

    @rule(counter=COUNTERS, index=PICK, expiry=st.sampled_from([-1, 0, 1]), right=st.booleans())
    def press_late(self, counter: int, index: int, expiry: int, right: bool) -> None:
        """A press with what its sender saw, and when it is worth nothing any more."""
        seen = self.pretend.hall.counters[counter].ticket if right and counter in self.pretend.hall.counters else None
        command = c.FinishService(
            counter=counter, ticket=seen or self.pick(index), expires_at_ms=self.pretend.now_ms + expiry
        )
        self.send(command, terminal(counter))

    @rule(
        counter=COUNTERS,
        other=COUNTERS,
        matter=st.none() | MATTERS,
        what=st.sampled_from(["send", "move", "take over", "assign"]),
        index=PICK,
    )
    def move_visitors(self, counter: int, other: int, matter: str | None, what: str, index: int) -> None:
        if what == "take over":
            self.send(c.TakeOverCounter(counter=counter, from_counter=other), MANAGER)
        elif what == "assign":
            self.send(c.AssignTicket(ticket=self.pick(index), to_counter=counter if matter else None), MANAGER)
        else:
            to_counter = other if what == "send" else None
            self.send(c.Transfer(counter=counter, to_counter=to_counter, matter=matter), terminal(counter))

    # --- the manager, the clock, the box ---

    @rule(
        command=st.one_of(
            st.builds(lambda mode: c.SetMode(mode=mode), st.sampled_from(Mode)),
            st.builds(
                lambda policy, limit: c.SetPolicy(policy=policy, favoured_limit=limit),
                st.sampled_from(Policy),
                st.none() | st.integers(1, 3),
            ),
            st.sampled_from(
                [
                    c.StopIssuing(why="full"),
                    c.ResumeIssuing(),
                    c.ResumeIssuing(),
                    c.CloseHall(reason="typhoon"),
                    c.SetNotice(zh="台风", en="Typhoon"),
                    c.ExtendHours(minutes=30),
                    c.SetRoster(day="2026-11-26", spans=(RosterSpan(start=dt.time(9), end=dt.time(12), counters=2),)),
                    c.AcceptClock(),
                    c.ReportDevice(kind="paper", state=DeviceState.FAILED, detail="out"),
                    c.ReportDevice(kind="paper", state=DeviceState.OK),
                    c.ChangeCatalogue(catalogue=CATALOGUE),
                    c.ChangeCatalogue(catalogue=Catalogue(dict(list(CATALOGUE.matters.items())[1:]))),
                ]
            ),
        )
    )
    def manage(self, command: c.Command) -> None:
        self.send(command, MANAGER)

    @rule(
        counters=st.sampled_from([4, 4, 4, 2]),
        limit=st.integers(1, 3),
        narrow=st.dictionaries(st.integers(1, 2), NARROWINGS, max_size=1),
        mode=st.sampled_from(Mode),
        shut=st.lists(st.sampled_from(["2026-11-24", "2026-11-25", "2026-11-28", "2026-11-29"]), max_size=2),
    )
    def change_rules(
        self, counters: int, limit: int, narrow: dict[int, Narrowing], mode: Mode, shut: list[str]
    ) -> None:
        calendar = {day: SpecialDay(kind=DayKind.HOLIDAY) for day in shut}
        rules = replace(
            self.pretend.rules, counters=counters, favoured_limit=limit, narrow=narrow, mode=mode, calendar=calendar
        )
        self.send(c.ChangeRules(rules=rules), HALL)

    @rule(
        seconds=st.sampled_from([1, 4, 6, 25, 100, 100, 100, 600, 900, 900, 2000, 4 * 3600, 26 * 3600, 80 * 3600]),
        step=st.sampled_from([None, None, None, -26 * 3600, -7200, -3, 3, 7200]),
    )
    def later(self, seconds: int, step: int | None) -> None:
        """Time passes, or somebody sets the clock."""
        if step is None:
            self.pretend.now_ms += seconds * 1000
        else:
            self.pretend.now_ms += step * 1000
            self.send(c.StepClock(step_ms=step * 1000), HALL)
        self.tick()

    @rule(silent_s=st.sampled_from([None, 5, 100, 500]), disk=st.sampled_from([50, 11, 2]), clock=st.integers(-15, 15))
    def look_around(self, silent_s: int | None, disk: int, clock: int) -> None:
        """The hall is told of devices, disk and clock."""
        now_ms = self.pretend.now_ms
        seen_ms = None if silent_s is None else now_ms - silent_s * 1000
        surroundings = Surroundings(
            started_ms=now_ms - 3_600_000,
            devices={
                "manager": DeviceSeen(Role.MANAGER, None, now_ms),
                "board": DeviceSeen(Role.BOARD, None, seen_ms),
                "counter-1": DeviceSeen(Role.COUNTER, 1, seen_ms),
            },
            clock_off_ms=clock * 1000,
            disk_free_percent=disk,
            backup_age_s=0,
        )
        for _ in range(2):  # what is new is said once
            seq = self.pretend.hall.seq
            self.send(c.Tick(surroundings=surroundings), HALL)
        alerts = [event for event in self.pretend.events[seq:] if isinstance(event, e.AlertRaised)]
        assert not [event for event in alerts if event.alert in OUTSIDE]

    @rule(as_json=st.booleans())
    def restart(self, as_json: bool) -> None:
        codec = msgspec.json if as_json else msgspec.msgpack
        self.pretend.hall = codec.decode(codec.encode(self.pretend.hall), type=Hall)

    def teardown(self) -> None:
        if not hasattr(self, "pretend"):
            return
        hall, events = self.pretend.hall, self.pretend.events
        check_all(hall, events)
        check_replay(hall, events)
        SEEN["sequences"] += 1
        SEEN["events"] += len(events)
        SEEN["most passed"] = max(SEEN["most passed"], self.line.most_passed)
        for event in events:
            SEEN[f"event {type(event).__name__}"] += 1


LONG = os.environ.get("HYPOTHESIS_PROFILE") == "nightly"


@pytest.mark.timeout(0 if LONG else 300)  # a failure is made small first, and that takes minutes
def test_the_hall_is_whole_after_every_command_of_every_random_day() -> None:
    SEEN.clear()
    run_state_machine_as_test(
        Day, settings=settings(max_examples=4000 if LONG else 200, stateful_step_count=80 if LONG else 40)
    )
    assert SEEN["accepted"] > 10 * SEEN["sequences"] > 0, "idle days prove nothing"
    if LONG:
        print(dict(sorted(SEEN.items())))
        missing = {kind.__name__ for kind in e.ALL} - {name.removeprefix("event ") for name in SEEN}
        assert not missing, f"no random day had {missing}"
