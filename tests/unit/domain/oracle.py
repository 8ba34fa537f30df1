"""Who is next? A second opinion, kept as a plain list of people in line and written without looking at `assignment`.

The line holds everybody in order, also those who are at a counter or gone: whoever comes back finds
the own place again. Who is next for a counter is found by walking along it.
"""

from dataclasses import dataclass, field

from hall_controller.domain import events as e
from hall_controller.domain.counter import CounterState
from hall_controller.domain.hall import Hall
from hall_controller.domain.rules import Mode, Narrowing, Policy
from hall_controller.domain.ticket import Paper, TicketState, VisitorClass


@dataclass(eq=False)
class Person:
    ticket: int
    when_ms: int
    visitor_class: VisitorClass
    matter: str
    group: str
    language: str
    issued_at_ms: int
    waits: bool = True
    unclaimed: bool = False
    missed_ms: int | None = None
    announced: int = 0
    """How often the number was called out, in all."""
    pending: bool = False
    only: int | None = None
    behind: set[object] = field(default_factory=set)
    """Spots in the line behind which this person was put."""
    spot: object = field(default_factory=object)
    passed: set[int] = field(default_factory=set)
    """Calls of favoured people that this person had to watch."""
    before_missed_ms: int | None = None
    before_announced: int = 0
    before_transfer: tuple[str, str, str, str] | None = None
    put_back_ms: int | None = None
    """Since when this person waits again, or for the counter chosen first."""
    before_put_back_ms: int | None = None
    before_resume: int | None = None

    @property
    def favoured(self) -> bool:
        return self.visitor_class is not VisitorClass.ORDINARY


class Line:
    def __init__(self) -> None:
        self.line: list[Person] = []
        self.people: dict[int, Person] = {}
        self.bookings: dict[int, e.TicketBooked] = {}
        self.open: dict[int, Narrowing] = {}
        self.run: list[int] = []
        """Calls of favoured people in a row, while an ordinary one waited."""
        self.ended_runs: dict[int, list[int]] = {}
        """The run that a call ended, by the call's seq."""
        self.last_call: dict[int, e.TicketCalled] = {}
        """The last call at each counter."""
        self.most_passed = 0
        self.closed_for_today = False
        """The last opening is over."""
        self.at_lunch: set[int] = set()
        """Counters whose clerks the hall has sent to lunch."""
        self.was_back_early: dict[int, bool] = {}
        """Whether the last resuming of a counter ended its lunch."""

    def next_for(self, hall: Hall, counter: int, at_ms: int) -> int | None:
        """The ticket that the counter should be given."""
        favoured = self._first(hall, counter, at_ms, favoured=True)
        ordinary = self._first(hall, counter, at_ms, favoured=False)
        if favoured is None or ordinary is None:
            chosen = favoured or ordinary
        elif hall.policy is Policy.FCFS:
            chosen = min(favoured, ordinary, key=self.line.index)
        else:
            enough = len(self.run) >= hall.favoured_limit or len(ordinary.passed) >= hall.favoured_limit
            chosen = ordinary if enough else favoured
        if chosen is None and self.closed_for_today and not any(person.waits for person in self.line):
            chosen = self._called_once(hall, counter, at_ms)
        return chosen.ticket if chosen else None

    def _called_once(self, hall: Hall, counter: int, at_ms: int) -> Person | None:
        """Before the lights go out everybody is called twice."""
        once = [
            (person.missed_ms, person.ticket, person)
            for person in self.line
            if person.missed_ms is not None and person.announced < 2 and self._may_meet(hall, counter, person, at_ms)
        ]
        return min(once)[2] if once else None

    def _first(self, hall: Hall, counter: int, at_ms: int, *, favoured: bool) -> Person | None:
        for person in self.line:
            if person.waits and person.favoured == favoured and self._can_take(hall, counter, person, at_ms):
                return person
        return None

    def _can_take(self, hall: Hall, counter: int, person: Person, at_ms: int) -> bool:
        assert hall.rules is not None
        printing = person.pending and at_ms - person.issued_at_ms < hall.rules.print_wait_s * 1000
        if hall.mode is Mode.PUSH and printing:
            return False
        return self._may_meet(hall, counter, person, at_ms)

    def _may_meet(self, hall: Hall, counter: int, person: Person, at_ms: int) -> bool:
        assert hall.rules is not None
        if not self._suits(counter, person):
            return False
        windows = [other for other, told in self.open.items() if "pickup" in told.groups and self._suits(other, person)]
        elsewhere = person.group == "pickup" and bool(windows)
        if elsewhere and counter not in windows:
            there = not hall.rules.results_anywhere
            if there or any(self._is_there(hall, window, person, at_ms) for window in windows):
                return False
        if person.only in (None, counter) or person.only not in self.open or not self._suits(person.only, person):
            return True
        return (elsewhere and person.only not in windows) or not self._is_there(hall, person.only, person, at_ms)

    def _is_there(self, hall: Hall, number: int, person: Person, at_ms: int) -> bool:
        """Whether somebody who waits for this counter had better go on waiting."""
        assert hall.rules is not None
        if number in self.at_lunch:
            return False
        counter = hall.counters[number]
        if counter.state is CounterState.PAUSED:
            return at_ms - counter.since_ms < 1000 * hall.rules.kept_pause_s
        waits_ms = person.issued_at_ms if person.put_back_ms is None else person.put_back_ms
        return min(at_ms - counter.since_ms, at_ms - waits_ms) < 1000 * hall.rules.kept_busy_s

    def _suits(self, counter: int, person: Person) -> bool:
        narrowing = self.open[counter]
        return (not narrowing.groups or person.group in narrowing.groups) and (
            not narrowing.languages or person.language in narrowing.languages
        )

    # --- what happens ---

    def hear(self, hall: Hall, event: e.Event) -> None:  # noqa: C901, PLR0912, PLR0915 - one case an event
        """Follow an event, before the hall does; a call by policy must be the one expected."""
        match event:
            case e.TicketIssued():
                person = Person(
                    event.ticket,
                    event.place[0],
                    event.visitor_class,
                    event.matter,
                    event.group,
                    event.language,
                    event.at_ms,
                )
                person.pending = event.paper is Paper.PENDING
                self._arrive(person)
            case e.TicketBooked():
                self.bookings[event.ticket] = event
            case e.TicketCheckedIn():
                self._check_in(hall, event)
            case e.TicketPrinted() | e.TicketAcknowledged():
                if event.ticket in self.people:
                    person = self.people[event.ticket]
                    person.waits = person.waits or person.unclaimed
                    person.pending = person.unclaimed = False
            case e.TicketPrintFailed():
                if event.ticket in self.people:
                    self.people[event.ticket].pending = False
            case e.TicketUnclaimed():
                self.people[event.ticket].waits, self.people[event.ticket].unclaimed = False, True
            case e.TicketAmended():
                if event.ticket in self.people:
                    person = self.people[event.ticket]
                    person.visitor_class = event.visitor_class
                    person.matter, person.group = event.matter, event.group
            case e.TicketCalled():
                self._call(hall, event)
            case e.TicketRecalled():
                self.people[event.ticket].announced += 1
            case e.TicketMissed():
                self.people[event.ticket].missed_ms = event.at_ms
            case e.TicketReturned():
                self.people[event.ticket].missed_ms = None
                self._return(event)
            case e.TicketTransferred():
                person = self.people[event.ticket]
                person.before_transfer = (person.matter, person.group, event.matter, event.group)
                person.matter, person.group = event.matter, event.group
                person.waits, person.only = True, event.to_counter
                person.before_put_back_ms, person.put_back_ms = person.put_back_ms, event.at_ms
            case e.ServiceHeld():
                person = self.people[event.ticket]
                person.before_put_back_ms, person.put_back_ms = person.put_back_ms, event.at_ms
            case e.TicketAssigned():
                person = self.people[event.ticket]
                person.only = event.to_counter
                person.put_back_ms = event.at_ms if person.put_back_ms is None else person.put_back_ms
            case e.TicketCancelled() | e.TicketNoShow():
                if event.ticket in self.people:
                    self.people[event.ticket].waits = self.people[event.ticket].unclaimed = False
                    self.people[event.ticket].missed_ms = None
            case e.ServiceStarted():
                self.people[event.ticket].waits = False
            case e.ServiceResumed():
                person = self.people[event.ticket]
                person.before_resume, person.only = person.only, None
            case e.CounterOpened() | e.CounterHandedOver() | e.CounterNarrowed():
                self.open[event.counter] = event.narrowing
            case e.CounterPaused(back_at_ms=int()) | e.CounterPausePlanned(back_at_ms=int()):
                self.at_lunch.add(event.counter)
            case e.CounterResumed():
                self.was_back_early[event.counter] = event.counter in self.at_lunch
                self.at_lunch.discard(event.counter)
            case e.ActUndone(act="resume_counter"):
                if self.was_back_early.get(event.counter):
                    self.at_lunch.add(event.counter)
            case e.CounterClosed():
                del self.open[event.counter]
                self.at_lunch.discard(event.counter)
            case e.CounterTakenOver():
                del self.open[event.from_counter]
                self.at_lunch.discard(event.from_counter)
            case e.OpeningStarted():
                self.closed_for_today = False
            case e.OpeningEnded():
                self.closed_for_today = event.next_ms is None
            case e.ClockStepped():
                for person in self.line:
                    person.when_ms += event.step_ms
                    person.missed_ms = None if person.missed_ms is None else person.missed_ms + event.step_ms
                    person.issued_at_ms += event.step_ms
                    if person.put_back_ms is not None:
                        person.put_back_ms += event.step_ms
                    if person.before_put_back_ms is not None:
                        person.before_put_back_ms += event.step_ms
            case e.ActUndone(ticket=int()):
                self._undo(event)
            case _:
                pass

    def _arrive(self, person: Person) -> None:
        index = len(self.line)
        while index and self.line[index - 1].when_ms > person.when_ms:
            index -= 1
        self.line.insert(index, person)
        self.people[person.ticket] = person

    def _check_in(self, hall: Hall, event: e.TicketCheckedIn) -> None:
        booking, booked = self.bookings[event.ticket], hall.tickets[event.ticket]
        on_time = event.visitor_class is VisitorClass.APPOINTMENT
        when_ms = booking.slot_at_ms if on_time else event.at_ms
        person = Person(
            event.ticket, when_ms, event.visitor_class, booked.matter, booked.group, booked.language, event.at_ms
        )
        person.pending = event.paper is Paper.PENDING
        self._arrive(person)

    def _call(self, hall: Hall, event: e.TicketCalled) -> None:
        person = self.people[event.ticket]
        self.last_call[event.counter] = event
        if not event.out_of_turn:
            expected = self.next_for(hall, event.counter, event.at_ms)
            assert event.ticket == expected, f"{event.number} was called where {expected} was next"
            if person.favoured:
                ordinary = self._first(hall, event.counter, event.at_ms, favoured=False)
                if ordinary is not None and hall.policy is Policy.PRIORITY:
                    ordinary.passed.add(event.seq)
                    self.most_passed = max(self.most_passed, len(ordinary.passed))
                    assert len(ordinary.passed) <= hall.favoured_limit, f"{ordinary.ticket} starves"
            if person.favoured and any(other.waits and not other.favoured for other in self.line):
                self.run.append(event.seq)
            else:
                self.ended_runs[event.seq], self.run = self.run, []
        person.before_missed_ms, person.missed_ms = person.missed_ms, None
        person.before_announced, person.announced = person.announced, person.announced + 1
        person.waits = person.unclaimed = False

    def _return(self, event: e.TicketReturned) -> None:
        person = self.people[event.ticket]
        ahead = [other for other in self.line if other.waits and other.visitor_class is person.visitor_class][:2]
        person.waits, person.put_back_ms = True, event.at_ms
        if not ahead:
            return
        last = ahead[-1]
        own = self.line.index(person)
        self.line.remove(person)
        index = self.line.index(last) + 1
        while index < len(self.line) and last.spot in self.line[index].behind:
            index += 1
        self.line.insert(max(own, index), person)
        if own >= index:
            return  # Called out of turn from further back: there the own place still is.
        person.when_ms, person.behind, person.spot = last.when_ms, last.behind | {last.spot}, object()

    def _undo(self, event: e.ActUndone) -> None:
        assert event.ticket is not None
        person = self.people[event.ticket]
        person.waits = event.ticket_state is TicketState.WAITING
        if event.act == "missed":
            person.missed_ms = None
        elif event.act in ("call_next", "call_ticket"):
            person.missed_ms = person.before_missed_ms
            person.announced = person.before_announced
        person.unclaimed = event.ticket_state is TicketState.UNCLAIMED
        if event.act in ("transfer", "hold"):
            person.put_back_ms = person.before_put_back_ms
        if event.act in ("start_service", "resume_ticket") and event.visit_band is None:
            person.only = person.before_resume
        elif event.act == "transfer" and person.before_transfer is not None:
            matter, group, to_matter, to_group = person.before_transfer
            if (person.matter, person.group) == (to_matter, to_group):
                person.matter, person.group = matter, group
            person.only = None
        elif event.act in ("call_next", "call_ticket"):
            call = self.last_call[event.counter]
            if event.act == "call_next":
                for other in self.line:
                    other.passed.discard(call.seq)
                self.run = self.ended_runs.get(call.seq, []) + [seq for seq in self.run if seq != call.seq]
