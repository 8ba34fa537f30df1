"""From an act to one command: what must be asked is asked, what can be taken back is kept, what came of it is told."""

from functools import partial
from typing import TYPE_CHECKING

from msgspec.structs import replace

from counter_client.manager.acts import KEYS, Act, Focus, inverse, label, why_not
from counter_client.manager.ending import Ending, ending
from counter_client.manager.outcomes import done, pressed
from counter_client.manager.questions import QUESTIONS, ask_why
from counter_client.widgets.dialogs import Confirm
from counter_client.widgets.told import Tone
from counter_client.words import Words
from hall_controller.bus import wire
from hall_controller.domain import commands as c
from hall_controller.domain.hall import Hall

if TYPE_CHECKING:
    from counter_client.manager.screen import ManagerScreen


async def do(screen: "ManagerScreen", act: Act, focus: Focus) -> None:
    hall = screen.link.hall
    if hall is None or why_not(act, hall, focus, screen.clock_off_ms) is not None:
        return  # it has changed between the press and now
    if act is Act.END_DAY:
        await end_day(screen, hall)
    elif act is Act.TAKE_BACK:
        await take_back(screen)
    else:
        await _do(screen, act, focus, hall)


async def _do(screen: "ManagerScreen", act: Act, focus: Focus, hall: Hall) -> None:
    named, ticket = label(act, hall, focus), hall.tickets.get(focus.ticket or 0)
    name = (ticket.number or f"#{ticket.ticket}") if ticket else ""
    asked = await QUESTIONS[act](screen, hall, focus)
    if asked is None:
        return
    what = pressed(asked, named, name)
    wanted = await ask_why(screen, asked, what)
    now = screen.link.hall
    if wanted is None or now is None:
        return
    back = inverse(now, wanted)

    def told(reply: wire.Accepted) -> Words:
        return done(wanted, reply, name, back=_takes_back(back, reply) is not None)

    reply = await screen.send(wanted, what, told)
    if reply is not None:
        undoing = _takes_back(back, reply)
        screen.back = (what, undoing) if undoing is not None else None


def _takes_back(back: c.Command | None, reply: wire.Accepted) -> c.Command | None:
    """A call that found nobody leaves nothing to take back; one that found somebody is undone for that visitor."""
    if not isinstance(back, c.Undo):
        return back
    return replace(back, ticket=reply.ticket) if isinstance(reply.ticket, int) else None


async def take_back(screen: "ManagerScreen") -> None:
    assert screen.back is not None, "the press has looked"
    (what, command), screen.back = screen.back, None
    told = Words(f"撤回“{what.zh}”", f'take back "{what.en}"')
    taken = Words(f"已撤回“{what.zh}”。", f'Taken back: "{what.en}".')
    await screen.send(replace(command, why=told.en), told, lambda _: taken)


async def end_day(screen: "ManagerScreen", hall: Hall) -> None:
    """Close what can be closed, after a yes; then say what is outstanding."""
    plan = ending(hall)
    if plan.steps:
        sure = Confirm(Words("收工", "End of day"), _question(plan), screen.tongue)
        if not await screen.ask(sure):
            return
        for step in plan.steps:
            what = pressed(step, KEYS[Act.END_DAY].label, "")
            if await screen.send(step, what, partial(done, step, name="", back=False)) is None:
                return
        screen.back = None
    now = screen.link.hall
    left = ending(now).outstanding if now is not None else ()
    if left:
        listed = _listed(left)
        told = Words(f"能关的都关了。还剩：{listed.zh}", f"Closed what could be. Outstanding: {listed.en}")
        screen.tell(told, Tone.WARNING)
    else:
        screen.tell(Words("全部已关，没有剩下的。", "All is closed; nothing is outstanding."), Tone.DONE)


def _question(plan: Ending) -> Words:
    acts: list[Words] = []
    if any(isinstance(step, c.StopIssuing) for step in plan.steps):
        acts.append(Words("停止取号", "stop issuing"))
    counters = " ".join(str(step.counter) for step in plan.steps if isinstance(step, c.CloseCounter))
    if counters:
        acts.append(Words(f"关窗口 {counters}", f"close counters {counters}"))
    todo = Words("、".join(words.zh for words in acts), ", ".join(words.en for words in acts))
    left = _listed(plan.outstanding)
    rest = Words(f" 还剩：{left.zh}", f" Outstanding: {left.en}") if plan.outstanding else Words("", "")
    return Words(f"{todo.zh}？{rest.zh}", f"{todo.en}?{rest.en}")


def _listed(words: tuple[Words, ...]) -> Words:
    return Words("；".join(one.zh for one in words), "; ".join(one.en for one in words))
