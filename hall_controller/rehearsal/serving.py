"""What clerks do: call, wait, serve, hold, send on, mistake a key, pause, go home.

A clerk looks at the counter before each step and acts on what is there, so one copes with whatever
came between: a push, a person at the same counter, a controller that was started again.
"""

import random

from hall_controller.bus.wire import Accepted
from hall_controller.domain import commands as c
from hall_controller.domain.counter import Counter, CounterState
from hall_controller.domain.refusal import Refusal
from hall_controller.domain.rules import Mode
from hall_controller.domain.ticket import Ticket
from hall_controller.rehearsal.agenda import At, Person, Send, Until, Wait
from hall_controller.rehearsal.day import Clerk, Hold, Misclick, Transfer, Visitor
from hall_controller.rehearsal.floor import Floor
from hall_controller.rehearsal.visiting import comes_back

FREED = (CounterState.READY, CounterState.WRAPPING_UP, CounterState.PAUSED)
RECALL_AFTER_S, GIVE_UP_AFTER_S = 35.0, 30.0
NOTICED_S = 3.0
"""From pressing the wrong key to taking it back."""
REFUSED_S = 5.0
"""After a refusal a clerk looks again."""


class Desk:
    """One clerk at one counter."""

    def __init__(self, floor: Floor, plan: Clerk) -> None:
        self.floor = floor
        self.plan = plan
        self.device = f"counter-{plan.counter}"
        self.had_break = False
        self.rng = random.Random(plan.seed)

    @property
    def counter(self) -> Counter:
        return self.floor.counter(self.plan.counter)

    @property
    def wants_break(self) -> bool:
        is_time = not self.had_break and self.floor.now_ms >= self.plan.break_ms
        return is_time and not self.floor.over and not self.floor.is_owed_to_someone(self.plan.counter)

    def press(self, command: c.AtCounter) -> Send:
        return Send(self.device, command)

    def has(self, ticket: int, state: CounterState) -> bool:
        """Whether this visitor still is at the counter, in this state of it."""
        counter = self.counter
        return counter.ticket == ticket and counter.state is state

    def around(self, seconds: float) -> Wait:
        return Wait(round(seconds * self.rng.uniform(0.7, 1.3), 1))


def clerk(floor: Floor, plan: Clerk) -> Person:
    """From opening the counter to closing it. A counter that someone else opened is left to them."""
    desk, number = Desk(floor, plan), plan.counter
    yield At(plan.opens_ms)
    if isinstance((yield desk.press(c.OpenCounter(counter=number, clerk=plan.clerk))), Refusal):
        return
    while (counter := desk.counter).clerk == plan.clerk:
        if counter.ticket is not None:
            ticket = floor.hall.tickets[counter.ticket]
            busy = _receive if counter.state is CounterState.CALLING else _serve
            yield from busy(desk, ticket, floor.plan(ticket.ticket))
        elif counter.state is CounterState.PAUSED:
            yield from _rest(desk)
        elif floor.over:
            yield desk.press(c.CloseCounter(counter=number))
        else:
            yield from _look_up(desk, counter)


# --- nobody at the counter -----------------------------------------------------------------------


def _look_up(desk: Desk, counter: Counter) -> Person:
    """Whom to take next: one who is back, one without a ticket, a break, the next of the queue."""
    floor, number = desk.floor, desk.plan.counter
    back = floor.someone_back(number)
    if back is not None:
        floor.held[number] = [one for one in floor.held[number] if one[1] != back]
        yield desk.around(4)
        if desk.counter.ticket is None:
            yield from _pressed(desk, c.ResumeTicket(counter=number, ticket=back))
        else:
            floor.held[number].append((floor.now_ms, back))
    elif _sees_unticketed(desk):
        yield from _take_unticketed(desk)
    elif desk.wants_break:
        yield from _pressed(desk, c.PauseCounter(counter=number))
    elif counter.state is CounterState.WRAPPING_UP:
        yield Until(lambda: desk.counter.state is not CounterState.WRAPPING_UP, _in_ms(desk, desk.plan.wrap_up_s))
        if desk.counter.state is CounterState.WRAPPING_UP:
            yield from _pressed(desk, c.EndWrapUp(counter=number))
    elif floor.hall.mode is Mode.PULL and floor.has_visitor_for(number):
        yield from _call(desk)
    else:
        yield from _idle(desk)


def _sees_unticketed(desk: Desk) -> bool:
    return bool(desk.floor.at_desk) and not desk.floor.is_owed_to_someone(desk.plan.counter)


def _take_unticketed(desk: Desk) -> Person:
    floor, number = desk.floor, desk.plan.counter
    yield desk.around(desk.plan.react_s)
    if desk.counter.ticket is not None or not _sees_unticketed(desk):
        return
    visitor = floor.at_desk.popleft()
    command = c.ServeUnticketed(counter=number, matter=visitor.matter, visitor_class=visitor.visitor_class)
    answer = yield desk.press(command)
    if isinstance(answer, Accepted) and isinstance(answer.ticket, int):
        floor.plans[answer.ticket] = visitor
    else:
        floor.at_desk.appendleft(visitor)
        yield Wait(REFUSED_S)


def _call(desk: Desk) -> Person:
    floor, number = desk.floor, desk.plan.counter
    yield desk.around(desk.plan.react_s)
    if desk.counter.state is not CounterState.READY or not floor.has_visitor_for(number):
        return
    yield from _pressed(desk, c.CallNext(counter=number))
    ticket = desk.counter.ticket
    if ticket is not None and _mistakes(floor, ticket, Misclick.CALLED_TOO_SOON):
        yield Wait(NOTICED_S)
        if desk.has(ticket, CounterState.CALLING):
            yield from _pressed(desk, c.Undo(counter=number))


def _idle(desk: Desk) -> Person:
    """Until there is something to do."""
    floor, number = desk.floor, desk.plan.counter

    def has_work() -> bool:
        counter = desk.counter
        pull = floor.hall.mode is Mode.PULL
        return (
            floor.over
            or _sees_unticketed(desk)
            or counter.state is not CounterState.READY
            or (pull and floor.has_visitor_for(number))
        )

    moments = [floor.next_back_ms(number), None if desk.had_break else desk.plan.break_ms]
    ahead = [moment for moment in moments if moment is not None and moment > floor.now_ms]
    yield Until(has_work, min(ahead, default=None))


def _rest(desk: Desk) -> Person:
    desk.had_break = True
    yield Until(
        lambda: desk.floor.over or desk.counter.state is not CounterState.PAUSED, _in_ms(desk, desk.plan.break_s)
    )
    if desk.counter.state is CounterState.PAUSED:
        yield from _pressed(desk, c.ResumeCounter(counter=desk.plan.counter))


# --- a visitor at the counter --------------------------------------------------------------------


def _receive(desk: Desk, ticket: Ticket, visitor: Visitor) -> Person:
    """The called visitor walks up, or does not come."""
    floor, number, who = desk.floor, desk.plan.counter, ticket.ticket
    if who in floor.gone or (visitor.absent and floor.once(who, "absent")):
        yield from _miss(desk, who, visitor)
        return
    yield Wait(visitor.walk_s)
    if not desk.has(who, CounterState.CALLING):
        return
    if _mistakes(floor, who, Misclick.NOT_MISSED):
        yield from _pressed(desk, c.Missed(counter=number, ticket=who))
        yield Wait(NOTICED_S)
        if desk.counter.state not in FREED:
            return
        yield from _pressed(desk, c.Undo(counter=number))
        yield desk.around(2)
        if not desk.has(who, CounterState.CALLING):
            return
    yield from _pressed(desk, c.StartService(counter=number, ticket=who))


def _miss(desk: Desk, who: int, visitor: Visitor) -> Person:
    floor, number = desk.floor, desk.plan.counter
    yield desk.around(RECALL_AFTER_S)
    if desk.has(who, CounterState.CALLING):
        yield from _pressed(desk, c.Recall(counter=number, ticket=who))
    yield desk.around(GIVE_UP_AFTER_S)
    if desk.has(who, CounterState.CALLING):
        yield from _pressed(desk, c.Missed(counter=number, ticket=who))
        if visitor.returns_after_s is not None and who not in floor.gone:
            floor.to_come += 1
            floor.begin(comes_back(floor, who, visitor.returns_after_s))


def _serve(desk: Desk, ticket: Ticket, visitor: Visitor) -> Person:
    """Until finished, sent away for a copy, or sent on."""
    floor, number, who = desk.floor, desk.plan.counter, ticket.ticket
    floor.left_s.setdefault(who, visitor.service_s)
    if visitor.amend_to is not None and floor.once(who, "amended"):
        yield from _work(desk, who, 20)
        if desk.has(who, CounterState.SERVING):
            yield Send(desk.device, c.AmendTicket(ticket=who, matter=visitor.amend_to))
    if visitor.hold is not None and floor.once(who, "held"):
        yield from _hold(desk, who, visitor, visitor.hold)
    elif visitor.transfer is not None and floor.once(who, "transferred"):
        yield from _send_on(desk, who, visitor, visitor.transfer)
    else:
        if desk.wants_break and not desk.counter.pausing:
            # "Pause after this one": the visitor at the counter is served first.
            yield from _pressed(desk, c.PauseCounter(counter=number))
        if _mistakes(floor, who, Misclick.FINISHED_TOO_SOON):
            yield from _finish_too_soon(desk, who)
        yield from _work(desk, who, floor.left_s[who])
        if desk.has(who, CounterState.SERVING):
            yield from _pressed(desk, c.FinishService(counter=number, ticket=who))


def _hold(desk: Desk, who: int, visitor: Visitor, hold: Hold) -> Person:
    floor, number = desk.floor, desk.plan.counter
    yield from _work_until(desk, who, visitor, hold.after)
    if desk.has(who, CounterState.SERVING):
        yield from _pressed(desk, c.Hold(counter=number, ticket=who))
        floor.held.setdefault(number, []).append((_in_ms(desk, hold.away_s), who))


def _send_on(desk: Desk, who: int, visitor: Visitor, transfer: Transfer) -> Person:
    """With another matter, or to a colleague; where there is none, the visitor stays."""
    floor, number = desk.floor, desk.plan.counter
    to_counter = floor.colleague_of(number) if transfer.matter is None else None
    if to_counter is None and transfer.matter is None:
        return
    yield from _work_until(desk, who, visitor, transfer.after)
    if desk.has(who, CounterState.SERVING):
        where = c.Transfer(counter=number, ticket=who, to_counter=to_counter, matter=transfer.matter)
        yield from _pressed(desk, where)


def _finish_too_soon(desk: Desk, who: int) -> Person:
    number = desk.plan.counter
    yield from _work(desk, who, desk.floor.left_s[who] / 2)
    if desk.has(who, CounterState.SERVING):
        yield from _pressed(desk, c.FinishService(counter=number, ticket=who))
        yield Wait(NOTICED_S)
        if desk.counter.state in FREED:
            yield from _pressed(desk, c.Undo(counter=number))


def _work_until(desk: Desk, who: int, visitor: Visitor, share: float) -> Person:
    """Serve until this share of the whole service is done."""
    done_s = visitor.service_s - desk.floor.left_s[who]
    yield from _work(desk, who, visitor.service_s * share - done_s)


def _work(desk: Desk, who: int, seconds: float) -> Person:
    """Serve for so long, at most what is left."""
    seconds = round(min(max(0.0, seconds), desk.floor.left_s[who]), 1)
    yield Until(lambda: not desk.has(who, CounterState.SERVING), _in_ms(desk, seconds))
    desk.floor.left_s[who] -= seconds


# --- keys ----------------------------------------------------------------------------------------


def _pressed(desk: Desk, command: c.AtCounter) -> Person:
    """Press a key; when it is refused, stop for a moment before looking again."""
    if isinstance((yield desk.press(command)), Refusal):
        yield Wait(REFUSED_S)


def _mistakes(floor: Floor, ticket: int, misclick: Misclick) -> bool:
    if misclick is Misclick.CALLED_TOO_SOON and floor.hall.mode is Mode.PUSH:
        return False
    return floor.plan(ticket).misclick is misclick and floor.once(ticket, misclick)


def _in_ms(desk: Desk, seconds: float) -> int:
    return desk.floor.now_ms + round(seconds * 1000)
