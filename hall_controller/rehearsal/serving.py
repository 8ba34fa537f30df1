"""What clerks do: call, wait, serve, hold, send on, mistake a key, pause, go home.

A clerk looks at the counter before each step and acts on what is there, so one copes with whatever
came between: a push, a person at the same counter, a controller that was started again.
"""

import random
from collections.abc import Generator

from hall_controller.bus.wire import Accepted
from hall_controller.domain import commands as c
from hall_controller.domain.counter import Counter, CounterState
from hall_controller.domain.hall import Issuing
from hall_controller.domain.refusal import Refusal
from hall_controller.domain.rules import Mode
from hall_controller.domain.ticket import Ticket
from hall_controller.rehearsal.agenda import Answer, At, Person, Send, Step, Until, Wait
from hall_controller.rehearsal.day import Clerk, Hold, Misclick, Transfer, Visitor
from hall_controller.rehearsal.floor import Floor
from hall_controller.rehearsal.visiting import comes_back

FREED = (CounterState.READY, CounterState.WRAPPING_UP, CounterState.PAUSED)
RECALL_AFTER_S, GIVE_UP_AFTER_S = 35.0, 30.0
NOTICED_S = 3.0
"""From pressing the wrong key to taking it back."""
HANDED_OVER_S = 15.0
BACK_S = (-60.0, 120.0)
"""Back from lunch, before or after it ends."""
REFUSED_S = 5.0
"""After a refusal a clerk looks again."""


class Desk:
    """One clerk at one counter."""

    def __init__(self, floor: Floor, plan: Clerk) -> None:
        self.floor = floor
        self.plan = plan
        self.device = f"counter-{plan.counter}"
        self.breaks_had = 0
        self.had_lunch = plan.lunch is None
        self.rng = random.Random(plan.seed)

    @property
    def counter(self) -> Counter:
        return self.floor.counter(self.plan.counter)

    @property
    def is_mine(self) -> bool:
        """Not closed, not handed over, and not opened by somebody else."""
        return self.counter.clerk == self.plan.clerk

    @property
    def next_break_ms(self) -> int | None:
        ahead = self.plan.breaks[self.breaks_had :]
        return ahead[0].at_ms if ahead else None

    @property
    def wants_break(self) -> bool:
        is_time = self.next_break_ms is not None and self.floor.now_ms >= self.next_break_ms
        return is_time and not self.floor.over and not self.floor.is_owed_to_someone(self.plan.counter)

    @property
    def wants_lunch(self) -> bool:
        """With nobody at the counter; on some days only once nobody waits."""
        lunch, now_ms = self.plan.lunch, self.floor.now_ms
        if self.had_lunch or self.floor.over or lunch is None or now_ms < lunch.from_ms:
            return False
        return now_ms >= lunch.finishes_by_ms or not self.floor.has_visitor_for(self.plan.counter)

    @property
    def goes_home(self) -> bool:
        """The shift is over, and none of this counter's visitors is away for a copy."""
        number, leaves_ms = self.plan.counter, self.plan.leaves_ms
        is_time = leaves_ms is not None and self.floor.now_ms >= leaves_ms
        return self.floor.over or (is_time and not self.floor.held.get(number))

    def press(self, command: c.AtCounter) -> Send:
        return Send(self.device, command)

    def has(self, ticket: int, state: CounterState) -> bool:
        """Whether this visitor still is at the counter, in this state of it."""
        counter = self.counter
        return self.is_mine and counter.ticket == ticket and counter.state is state

    def around(self, seconds: float) -> Wait:
        return Wait(round(seconds * self.rng.uniform(0.7, 1.3), 1))


def clerk(floor: Floor, plan: Clerk) -> Person:
    """From opening the counter, or taking it over, to closing it or being relieved.

    A counter that someone else opened is left to them. After an emergency the clerk is back when the hall reopens.
    """
    desk = Desk(floor, plan)
    yield At(plan.opens_ms)
    while not floor.over:
        if floor.hall.issuing is not Issuing.CLOSED:
            if not (yield from _begin(desk)):
                return
            yield from _work_on(desk)
        if floor.hall.issuing is not Issuing.CLOSED:
            return
        yield Until(lambda: floor.over or floor.hall.issuing is not Issuing.CLOSED, plan.leaves_ms)
        if plan.leaves_ms is not None and floor.now_ms >= plan.leaves_ms:
            return


def _begin(desk: Desk) -> Generator[Step, Answer | None, bool]:
    """At a closed counter, or at that of the colleague whom this clerk relieves."""
    counter, number, name = desk.counter, desk.plan.counter, desk.plan.clerk
    if counter.state is CounterState.CLOSED or counter.clerk not in desk.floor.colleagues:
        return isinstance((yield desk.press(c.OpenCounter(counter=number, clerk=name))), Accepted)
    if isinstance((yield desk.press(c.HandOverCounter(counter=number, clerk=name))), Refusal):
        return False
    # The colleague says how far the visitor's matter has come.
    yield desk.around(HANDED_OVER_S)
    return True


def _work_on(desk: Desk) -> Person:
    floor, number = desk.floor, desk.plan.counter
    while desk.is_mine:
        counter = desk.counter
        if counter.ticket is not None:
            ticket = floor.hall.tickets[counter.ticket]
            busy = _receive if counter.state is CounterState.CALLING else _serve
            yield from busy(desk, ticket, floor.plan(ticket.ticket))
        elif counter.state is CounterState.PAUSED:
            yield from _rest(desk)
        elif desk.goes_home:
            yield from _pressed(desk, c.CloseCounter(counter=number))
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
        if desk.is_mine and desk.counter.ticket is None:
            yield from _pressed(desk, c.ResumeTicket(counter=number, ticket=back))
        else:
            floor.held[number].append((floor.now_ms, back))
    elif _sees_unticketed(desk):
        yield from _take_unticketed(desk)
    elif desk.wants_break or desk.wants_lunch:
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
    if not desk.is_mine or desk.counter.ticket is not None or not _sees_unticketed(desk):
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
    if not desk.is_mine or desk.counter.state is not CounterState.READY or not floor.has_visitor_for(number):
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
            not desk.is_mine
            or desk.goes_home
            or _sees_unticketed(desk)
            or counter.state is not CounterState.READY
            or (pull and floor.has_visitor_for(number))
        )

    lunch = desk.plan.lunch
    at_lunch = (lunch.from_ms, lunch.finishes_by_ms) if lunch is not None else ()
    moments = (floor.next_back_ms(number), desk.next_break_ms, desk.plan.leaves_ms, *at_lunch)
    ahead = [moment for moment in moments if moment is not None and moment > floor.now_ms]
    yield Until(has_work, min(ahead, default=None))


def _rest(desk: Desk) -> Person:
    """A break, or lunch: the clerk's own, or as the hall ordered it."""
    yield Until(lambda: desk.floor.over or desk.counter.state is not CounterState.PAUSED, _until_ms(desk))
    if desk.is_mine and desk.counter.state is CounterState.PAUSED:
        yield from _pressed(desk, c.ResumeCounter(counter=desk.plan.counter))


def _until_ms(desk: Desk) -> int:
    ordered_ms, lunch = desk.counter.back_at_ms, desk.plan.lunch
    if ordered_ms is not None:
        return ordered_ms + round(desk.rng.uniform(*BACK_S) * 1000)
    if lunch is not None and desk.wants_lunch:
        desk.had_lunch = True
        return lunch.back_ms
    if desk.next_break_ms is None:
        return desk.floor.now_ms  # paused by somebody else
    desk.breaks_had += 1
    return _in_ms(desk, desk.plan.breaks[desk.breaks_had - 1].lasts_s)


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
        if not desk.is_mine or desk.counter.state not in FREED:
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
    floor.left_s.setdefault(who, floor.service_s(who))
    if visitor.amend_to is not None and floor.once(who, "amended"):
        yield from _work(desk, who, 20)
        if desk.has(who, CounterState.SERVING):
            yield Send(desk.device, c.AmendTicket(ticket=who, matter=visitor.amend_to))
    if visitor.hold is not None and floor.once(who, "held"):
        yield from _hold(desk, who, visitor.hold)
    elif visitor.transfer is not None and floor.once(who, "transferred"):
        yield from _send_on(desk, who, visitor.transfer)
    else:
        if desk.wants_break and not desk.counter.pausing:
            # "Pause after this one": the visitor at the counter is served first.
            yield from _pressed(desk, c.PauseCounter(counter=number))
        if _mistakes(floor, who, Misclick.FINISHED_TOO_SOON):
            yield from _finish_too_soon(desk, who)
        yield from _work(desk, who, floor.left_s[who])
        if desk.has(who, CounterState.SERVING):
            yield from _pressed(desk, c.FinishService(counter=number, ticket=who))


def _hold(desk: Desk, who: int, hold: Hold) -> Person:
    floor, number = desk.floor, desk.plan.counter
    yield from _work_until(desk, who, hold.after)
    if desk.has(who, CounterState.SERVING):
        yield from _pressed(desk, c.Hold(counter=number, ticket=who))
        floor.held.setdefault(number, []).append((_in_ms(desk, hold.away_s), who))


def _send_on(desk: Desk, who: int, transfer: Transfer) -> Person:
    """With another matter, or to a colleague; where there is none, the visitor stays."""
    floor, number = desk.floor, desk.plan.counter
    to_counter = floor.colleague_of(number) if transfer.matter is None else None
    if to_counter is None and transfer.matter is None:
        return
    yield from _work_until(desk, who, transfer.after)
    if to_counter is not None and floor.counter(to_counter).state is CounterState.CLOSED:
        return  # The colleague has gone home meanwhile.
    if desk.has(who, CounterState.SERVING):
        where = c.Transfer(counter=number, ticket=who, to_counter=to_counter, matter=transfer.matter)
        yield from _pressed(desk, where)


def _finish_too_soon(desk: Desk, who: int) -> Person:
    number = desk.plan.counter
    yield from _work(desk, who, desk.floor.left_s[who] / 2)
    if desk.has(who, CounterState.SERVING):
        yield from _pressed(desk, c.FinishService(counter=number, ticket=who))
        yield Wait(NOTICED_S)
        if desk.is_mine and desk.counter.state in FREED:
            yield from _pressed(desk, c.Undo(counter=number))


def _work_until(desk: Desk, who: int, share: float) -> Person:
    """Serve until this share of the whole service is done."""
    service_s = desk.floor.service_s(who)
    done_s = service_s - desk.floor.left_s[who]
    yield from _work(desk, who, service_s * share - done_s)


def _work(desk: Desk, who: int, seconds: float) -> Person:
    """Serve for so long, at most what is left."""
    seconds = round(min(max(0.0, seconds), desk.floor.left_s[who]), 1)
    began_ms = desk.floor.now_ms
    yield Until(lambda: not desk.has(who, CounterState.SERVING), _in_ms(desk, seconds))
    done_s = min(seconds, (desk.floor.now_ms - began_ms) / 1000)
    desk.floor.left_s[who] = round(desk.floor.left_s[who] - done_s, 3)


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
