"""The controller: receive, dedupe, decide, commit, publish, reply.

Commands that have arrived together are decided one after another and committed in one transaction;
only then are they answered and published. When a commit fails or its outcome is unknown, memory is
dropped, the journal is read again, and each command is answered by its request id.
"""

import errno
import logging
import os
import sqlite3
import time
from pathlib import Path
from typing import NamedTuple

import zmq
from msgspec.structs import replace

from hall_controller import edge
from hall_controller.answering import FAILED, Known, accepted, answer
from hall_controller.bus import wire
from hall_controller.bus.keys import (
    KeyTrouble,
    devices_stamp,
    load_devices,
    load_server_pair,
    load_token_secret,
)
from hall_controller.bus.roles import check_role
from hall_controller.bus.server import BusServer, Incoming, check_frames
from hall_controller.catalogue.holding import Holding
from hall_controller.clock import HallClock, RehearsalClock
from hall_controller.config import load_config
from hall_controller.credit.lookup import open_lookup
from hall_controller.domain import commands as c
from hall_controller.domain import events as e
from hall_controller.domain.decide import assign, decide
from hall_controller.domain.decisions.bookings import class_on_arrival
from hall_controller.domain.decisions.common import Moment
from hall_controller.domain.decisions.openings import judges_last_ticket
from hall_controller.domain.evolve import evolve
from hall_controller.domain.prediction import predict_newcomer
from hall_controller.domain.refusal import Code, Refusal
from hall_controller.domain.rules import Mode
from hall_controller.domain.sender import HALL, Sender
from hall_controller.domain.ticket import VisitorClass
from hall_controller.figures import Figures, Outcome
from hall_controller.journal.answers import Answer
from hall_controller.journal.journal import EMPTY, Entry, Journal, JournalTrouble
from hall_controller.journal.orm import PeeweeException, cause_of
from hall_controller.lock import lock_hall
from hall_controller.surroundings import Lookout

log = logging.getLogger(__name__)

BATCH = 256
"""Commands in one commit at most."""
CHECKPOINT_EVENTS = 2_000
PULSE_S = 1.0
STORAGE_FAILED = (sqlite3.Error, PeeweeException, OSError)
CANNOT_WRITE = Refusal(Code.STORAGE, "The hall cannot write its journal now; nothing was done. Ask for the technician.")

Key = tuple[str, bytes]
"""(device, request_id): what makes a command one and the same."""


class Late(NamedTuple):
    """To be answered after the commit, for it may show what is being committed."""

    peer: bytes
    key: Key
    what: wire.Query | wire.Accepted | Refusal


class Pending(NamedTuple):
    """An accepted command that waits for its commit."""

    peer: bytes
    reply: wire.Accepted
    kind: type[c.Command]
    since_s: float
    """When it came to be decided (performance counter)."""


class Controller:
    """One hall's controller; `run` returns once `stop` was called."""

    def __init__(self, directory: Path) -> None:
        """Lock the directory, read its files, bind the bus. Raises ConfigTrouble, LockTrouble, JournalTrouble."""
        self.directory = directory
        config = load_config(directory)
        self._lock = lock_hall(directory)
        self._token_secret = load_token_secret(directory)
        self._devices = load_devices(directory)
        self._devices_stamp = devices_stamp(directory)
        self.rehearsal = config.hall.rehearsal
        self.journal = Journal(directory)
        self.hall = self.journal.load()
        if not self.hall.epoch:
            raise JournalTrouble(f"{self.journal.file}: {EMPTY}")
        self._holding = Holding(directory, self.hall, self.journal)
        self._checkpoint_seq = self.hall.seq
        self._forgotten_day = ""
        self.figures = Figures(directory)
        self.clock = RehearsalClock(self.hall.at_ms) if self.rehearsal else HallClock(self.hall.at_ms)
        self.server = BusServer(config.bus.commands, config.bus.events, load_server_pair(directory), self._devices)
        self._credit = open_lookup(directory, config.credit.source, config.credit.options)
        self._lookout = Lookout(directory, self.clock, self.server.seen)
        self._epoch = self.hall.epoch.encode()
        self._stopping = False
        self._decided: list[e.Event] = []
        self._pending: dict[Key, Pending] = {}
        self._late: list[Late] = []
        self._config = config
        self._read_rules()
        self._commit()
        self._tick()
        self._decide_internal(c.ChangeCatalogue(catalogue=self._holding.found))
        self._holding.current = self._holding.found
        self._commit()

    def stop(self) -> None:
        self._stopping = True

    def close(self) -> None:
        self.server.close()
        if self.hall.seq > self._checkpoint_seq:
            self._checkpoint()
        self.journal.close()
        os.close(self._lock)

    # --- the loop --------------------------------------------------------------------------------

    def run(self) -> None:
        next_pulse_s = time.monotonic()
        while not self._stopping:
            wait_s = max(0.0, next_pulse_s - time.monotonic())
            try:
                batch = self.server.drain(int(wait_s * 1000) + 1, BATCH)
            except zmq.ZMQError as error:
                if error.errno == errno.EINTR:
                    continue
                raise
            if batch:
                self._serve(batch)
            if time.monotonic() >= next_pulse_s:
                next_pulse_s = time.monotonic() + PULSE_S
                self._each_second()

    def _each_second(self) -> None:
        self._read_devices()
        if step_ms := self.clock.small_step_ms() if not self.rehearsal else 0:
            self._step_clock(step_ms, HALL)
        self._tick()
        shared = self.server.presence.shared(time.monotonic())
        pulse = wire.Pulse(self.hall.seq, self.clock.now_ms(), self.clock.rate, shared)
        self.server.publish(wire.TOPIC_PULSE, self._epoch, self.hall.seq, wire.encode(pulse))

    def _read_devices(self) -> None:
        stamp = devices_stamp(self.directory)
        if stamp == self._devices_stamp:
            return
        self._devices_stamp = stamp
        try:
            self._devices = load_devices(self.directory)
        except KeyTrouble as error:
            log.error("%s; going on with the devices known before", error)
        else:
            self.server.admit(self._devices)

    def _checkpoint(self) -> None:
        try:
            self.journal.checkpoint(self.hall)
            if self._forgotten_day != self.hall.service_day:
                self.journal.forget_answers(self.hall.at_ms)
                self._forgotten_day = self.hall.service_day
            self._checkpoint_seq = self.hall.seq
        except STORAGE_FAILED as error:
            log.warning("no checkpoint: %s", cause_of(error))

    def _tick(self) -> None:
        self._decide_tick()
        self._commit()

    def _decide_tick(self) -> None:
        """What happens by itself; a day that begins is followed by what it changes."""
        # A rehearsed day must not hang on the box that it is rehearsed on.
        tick = c.Tick(surroundings=None if self.rehearsal else self._lookout.look(self._devices))
        while any(isinstance(event, e.DayStarted) for event in self._decide_internal(tick)):
            self._read_rules()  # a new year has holidays of its own

    def _read_rules(self) -> None:
        """Those of hall.toml as it was at the start, with the holidays of the hall's present year and the next."""
        rules = self._config.rules(self._config.date(self.clock.now_ms()), self.hall.rules)
        self._decide_internal(c.ChangeRules(rules=rules))

    def _step_clock(self, step_ms: int, sender: Sender) -> None:
        log.warning("the clock was set by %.1f s", step_ms / 1000)
        self.clock.step(step_ms)
        self._lookout.forget()
        self._decide_internal(c.StepClock(step_ms=step_ms), sender)

    # --- a batch ---------------------------------------------------------------------------------

    def _serve(self, batch: list[Incoming]) -> None:
        for incoming in batch:
            good = len(self._decided)
            try:
                self._receive(incoming)
            except Exception:
                # One bad command stops neither the hall nor those decided before it; half an event must not stay.
                log.exception("a command failed")
                self.figures.failed(incoming.frames[-1])
                del self._decided[good:]
                self._write()
                self._recover()
                self.server.reply(incoming.peer, b"".join(incoming.frames[1:2]), wire.encode(FAILED))
        self._commit()

    def _receive(self, incoming: Incoming) -> None:
        peer, sender, frames = incoming
        request_id = frames[1] if len(frames) == 3 else b""
        request: wire.Request | None = None
        refusal = check_frames(sender, frames)
        if refusal is None:
            assert sender is not None
            try:
                request = wire.decode_request(frames[2])
                refusal = check_role(sender, request)
            except wire.BadRequest as bad:
                refusal = bad.refusal
        if refusal is not None:
            self.server.reply(peer, request_id, wire.encode(refusal))
            self.figures.refused(request)
        elif isinstance(request, wire.Query):
            self.figures.heard(sender, request)
            if isinstance(request, wire.Status) and request.session is not None and sender is not None:
                self.server.presence.heard(sender, request.session, peer, time.monotonic())
            self._late.append(Late(peer, ("", request_id), request))
        else:
            assert sender is not None
            assert request is not None
            self._command(peer, request_id, sender, request)

    def _command(self, peer: bytes, request_id: bytes, sender: Sender, command: c.Command) -> None:
        key = (sender.name, request_id)
        if key in self._pending:
            self._late.append(Late(peer, key, self._pending[key].reply))
            return
        known = self.journal.answer(*key)
        if known is not None:
            self.server.reply(peer, request_id, known)
            return
        seq, since_s, kind = self.hall.seq, time.perf_counter(), type(command)
        reply = self._decide(sender, command)
        if isinstance(reply, Refusal) or self.hall.seq == seq:
            # Refusals and calls that found nobody are not kept: asked again, they are decided afresh.
            self._late.append(Late(peer, key, reply))
            self.figures.count(kind, Outcome.REFUSED if isinstance(reply, Refusal) else Outcome.ACCEPTED)
        else:
            self._pending[key] = Pending(peer, reply, kind, since_s)

    def _decide(self, sender: Sender, command: c.Command) -> wire.Accepted | Refusal:
        checked = edge.checked(command, sender, edge.Edge(self._token_secret, self.hall.epoch, self._devices))
        if isinstance(checked, c.AdvanceClock):
            checked = self._advance(checked)
        if isinstance(checked, c.ImportCatalogue):
            checked = self._holding.receive(sender, checked)
        if isinstance(checked, Refusal):
            return checked
        events = decide(self.hall, checked, self._moment(sender, checked))
        if isinstance(events, Refusal):
            return events
        if (cannot := self._holding.prepare(checked, events)) is not None:
            return cannot
        self._apply(events)
        if isinstance(checked, c.AcceptClock) and not self.rehearsal:
            self._step_clock(self.clock.off_ms(), sender)
        if isinstance(checked, c.ExtendHours | c.AcceptClock):
            self._decide_tick()  # what is due by the new hours or the new clock is due at once
        return accepted(checked, events, self.hall, self._token_secret)

    def _advance(self, command: c.AdvanceClock) -> c.Command | Refusal:
        if not isinstance(self.clock, RehearsalClock):
            return Refusal(Code.NOT_ALLOWED, "Only a rehearsal's clock can be moved.", "type")
        if command.expires_at_ms is None or self.clock.now_ms() <= command.expires_at_ms:
            self.clock.move(command.to_ms, command.rate)
            self._decide_tick()
            command = replace(command, expires_at_ms=None)  # it was in time by the clock that it moved
        return command

    def _moment(self, sender: Sender, command: c.Command) -> Moment:
        at_ms = self.clock.now_ms()
        estimate = None
        if isinstance(command, c.Tick) and judges_last_ticket(self.hall, at_ms):
            estimate = predict_newcomer(self.hall, VisitorClass.ORDINARY, at_ms)
        elif isinstance(command, c.IssueTicket):
            group = self._holding.current.group_of(command.matter)
            estimate = predict_newcomer(self.hall, command.visitor_class, at_ms, group)
        elif isinstance(command, c.CheckIn):
            booked = self.hall.tickets.get(command.ticket or 0)
            arrives_as = class_on_arrival(self.hall, booked, at_ms)
            estimate = predict_newcomer(self.hall, arrives_as, at_ms, booked.group if booked is not None else None)
        rating = None
        if isinstance(command, c.AcceptMatter) and command.applicant is not None:
            rating = self._credit.rating(command.applicant)
        return Moment(at_ms=at_ms, by=sender, catalogue=self._holding.current, estimate=estimate, rating=rating)

    def _decide_internal(self, command: c.Command, sender: Sender = HALL) -> list[e.Event]:
        events = decide(self.hall, command, self._moment(sender, command))
        assert not isinstance(events, Refusal), "the hall does not refuse itself"
        self._apply(events)
        return events

    def _apply(self, events: list[e.Event]) -> None:
        for event in events:
            evolve(self.hall, event)
        self._decided += events
        if self.hall.mode is Mode.PUSH:
            self._assign()

    def _assign(self) -> None:
        """Push mode: a counter that has become ready is given its visitor at once."""
        moment = self._moment(HALL, c.Tick())
        while owed := assign(self.hall, moment):
            evolve(self.hall, owed[0])
            self._decided += owed

    # --- commit, publish, reply ------------------------------------------------------------------

    def _commit(self) -> None:
        if self._write():
            self._answer_late()
            if self.hall.seq - self._checkpoint_seq >= CHECKPOINT_EVENTS:
                self._checkpoint()

    def _write(self) -> bool:
        """Commit what was decided, then publish and answer it. False when that failed; all were answered then."""
        if self._decided:
            bodies = [wire.encode(event) for event in self._decided]
            replies = {key: wire.encode(pending.reply) for key, pending in self._pending.items()}
            try:
                self.journal.commit(
                    [Entry.of(event, body) for event, body in zip(self._decided, bodies, strict=True)],
                    [Answer(*key, self.hall.at_ms, reply) for key, reply in replies.items()],
                )
            except STORAGE_FAILED as error:
                log.error("the journal cannot be written: %s", cause_of(error))
                self.figures.journal_writable = False
                self._recover()
                return False
            self.figures.journal_writable = True
            self._holding.committed(self._decided)
            for event, body in zip(self._decided, bodies, strict=True):
                self.server.publish(wire.TOPIC_EVENT, self._epoch, event.seq, body)
            for key, pending in self._pending.items():
                self.server.reply(pending.peer, key[1], replies[key])
                self.figures.done(pending.kind, pending.since_s)
        self._decided, self._pending = [], {}
        return True

    def _answer_late(self) -> None:
        late, self._late = self._late, []
        if late:
            known = self._known()
            for peer, (_, request_id), what in late:
                body = answer(what, known) if isinstance(what, wire.Query) else wire.encode(what)
                self.server.reply(peer, request_id, body)

    def _recover(self) -> None:
        """Drop memory, read the journal again, and answer each command by its request id."""
        decided, pending, late = self._decided, self._pending, self._late
        self._decided, self._pending, self._late = [], {}, []
        before_seq = decided[0].seq - 1 if decided else self.hall.seq
        self.journal = self.journal.reopened()
        self.hall = self.journal.load()
        self._holding.recall(self.hall, self.journal)
        for body in self.journal.events_since(before_seq, wire.PAGE):
            self.server.publish(wire.TOPIC_EVENT, self._epoch, wire.decode_event(body).seq, body)
        cannot_write, known = wire.encode(CANNOT_WRITE), self._known()
        for key, one in pending.items():
            known_reply = self.journal.answer(*key)
            self.server.reply(one.peer, key[1], known_reply or cannot_write)
            self.figures.count(one.kind, Outcome.ACCEPTED if known_reply else Outcome.ERROR)
        for peer, key, what in late:
            match what:
                case wire.Query():
                    self.server.reply(peer, key[1], answer(what, known))
                case Refusal():
                    self.server.reply(peer, key[1], wire.encode(what))
                case _:
                    self.server.reply(peer, key[1], self.journal.answer(*key) or cannot_write)

    def _known(self) -> Known:
        now_ms, now_s = self.clock.now_ms(), time.monotonic()
        seen_ms = {name: now_ms - int((now_s - seen_s) * 1000) for name, seen_s in self.server.seen.items()}
        return Known(
            self.hall, self.journal, self._holding.current, self.clock, self._token_secret, self._devices, seen_ms,
            self.rehearsal, self.figures, self._credit, self.server.presence,
        )  # fmt: skip
