"""The panel follows the hall: all who are called stand there at once, whoever is answered leaves at once."""

from msgspec.structs import replace

from display_board.pages.calls import Stage, Timing, advance, is_fresh, next_change_ms, restore, standing
from hall_controller.domain import commands as c
from hall_controller.domain.evolve import evolve
from hall_controller.domain.hall import Hall
from tests.unit.display_board.room import Room, at

TIMING = Timing(hold_ms=8_000)


class Screen:
    """A stage that hears each event of a room, by a clock of its own."""

    def __init__(self, room: Room) -> None:
        self.room, self.now_ms, self.stage = room, 0, Stage()
        self.look()

    def look(self) -> None:
        self.stage = advance(self.stage, self.room.hall, self.now_ms, TIMING)

    def do(self, *commands: c.Command) -> None:
        for command in commands:
            self.room.do(command)
            self.look()

    def later(self, seconds: float) -> None:
        self.now_ms += int(seconds * 1000)
        self.room.later(seconds)

    @property
    def panel(self) -> list[tuple[str, int]]:
        return [(shown.call.number, shown.call.counter) for shown in self.stage.shown]

    @property
    def fresh(self) -> list[str]:
        return [shown.call.number for shown in self.stage.shown if is_fresh(shown, self.now_ms, TIMING)]

    @property
    def before(self) -> list[tuple[str, int]]:
        return [(shown.call.number, shown.call.counter) for shown in self.stage.before]


def opened(counters: int = 8, tickets: int = 12) -> Screen:
    room = Room(counters=max(counters, 8))
    room.open(*range(1, counters + 1))
    room.issue(tickets)
    return Screen(room)


def test_a_call_is_up_at_once_and_stays_while_its_visitor_is_expected() -> None:
    screen = opened()
    screen.do(c.CallNext(counter=3))
    assert (screen.panel, screen.fresh) == ([("A001", 3)], ["A001"])
    screen.later(8)
    assert (screen.panel, screen.fresh) == ([("A001", 3)], [])
    screen.later(3_600)
    screen.look()
    assert screen.panel == [("A001", 3)]


def test_forty_counters_that_call_at_once_are_all_on_the_panel_at_once_the_newest_first() -> None:
    screen = opened(counters=40, tickets=40)
    screen.do(*(c.CallNext(counter=counter) for counter in range(1, 41)))
    assert screen.panel == [(f"A{counter:03d}", counter) for counter in range(40, 0, -1)]
    assert len(screen.fresh) == 40


def test_a_visitor_who_has_come_is_called_no_more_and_listed_before() -> None:
    screen = opened()
    screen.do(c.CallNext(counter=1), c.CallNext(counter=2), c.StartService(counter=1))
    assert (screen.panel, screen.before) == ([("A002", 2)], [("A001", 1)])
    screen.do(c.StartService(counter=2), c.FinishService(counter=1))
    assert (screen.panel, screen.before) == ([], [("A002", 2), ("A001", 1)]), "by their calls, the newest first"


def test_after_a_recall_and_a_no_show_the_next_call_stands_alone() -> None:
    """It stood beside the missed one, "again" and bright, who was listed as missed too."""
    screen = opened()
    screen.do(c.CallNext(counter=3), c.Recall(counter=3), c.Missed(counter=3), c.CallNext(counter=3))
    assert (screen.panel, screen.before) == ([("A002", 3)], [])


def test_a_recall_is_highlighted_again_in_its_place() -> None:
    screen = opened()
    screen.do(c.CallNext(counter=1), c.CallNext(counter=2))
    screen.later(20)
    screen.do(c.Recall(counter=1))
    assert (screen.panel, screen.fresh) == ([("A002", 2), ("A001", 1)], ["A001"])
    assert [shown.call.again for shown in screen.stage.shown] == [False, True]


def test_a_call_that_is_undone_vanishes_however_it_was_made() -> None:
    for call in (c.CallNext(counter=1), c.CallTicket(counter=1, ticket=5)):
        screen = opened()
        screen.do(call, c.Undo(counter=1))
        assert (screen.panel, screen.before) == ([], [])
        screen.do(call)
        assert len(screen.fresh) == 1, "and is new when it is made again"


def test_undoing_a_start_or_a_no_show_brings_the_call_back_into_its_place() -> None:
    for settle in (c.StartService(counter=1), c.Missed(counter=1)):
        screen = opened()
        screen.do(c.CallNext(counter=1))
        screen.later(1)
        screen.do(c.CallNext(counter=2), settle, c.Undo(counter=1))
        assert (screen.panel, screen.before) == ([("A002", 2), ("A001", 1)], [])


def test_a_transferred_visitor_waits_and_is_not_listed_as_called() -> None:
    screen = opened()
    screen.do(c.CallNext(counter=1), c.StartService(counter=1), c.Transfer(counter=1, to_counter=2))
    assert (screen.panel, screen.before) == ([], [])


def test_a_dead_counters_visitor_is_called_anew_to_the_other() -> None:
    screen = opened(counters=2)
    screen.do(c.CallNext(counter=1))
    screen.later(20)
    screen.do(c.TakeOverCounter(counter=2, from_counter=1))
    assert (screen.panel, screen.fresh) == ([("A001", 2)], ["A001"])


def test_a_closed_hall_calls_nobody_and_another_day_has_called_nobody() -> None:
    screen = opened()
    screen.do(c.CallNext(counter=1), c.StartService(counter=1), c.CallNext(counter=2))
    screen.do(c.CloseHall(reason="台风"))
    assert screen.panel == []
    screen.room.until("08:00", "2026-11-25")
    screen.look()
    assert screen.before == []


def test_a_stepped_clock_calls_nobody_anew() -> None:
    screen = opened()
    screen.do(c.CallNext(counter=1), c.CallNext(counter=2))
    screen.later(20)
    screen.do(c.StepClock(step_ms=-3_600_000))
    assert (screen.panel, screen.fresh) == ([("A002", 2), ("A001", 1)], [])


def test_a_screen_that_begins_calls_nobody_anew_and_reads_the_answered_calls_from_the_journal() -> None:
    screen = opened(counters=4)
    screen.do(
        c.CallNext(counter=1), c.CallNext(counter=2), c.CallNext(counter=3), c.StartService(counter=1),
        c.StartService(counter=2), c.Missed(counter=3), c.CallNext(counter=4), c.FinishService(counter=2),
        c.ServeUnticketed(counter=3, matter="id-card"),
    )  # fmt: skip
    again = Screen(screen.room)
    assert (again.panel, again.fresh, again.before) == (screen.panel, [], [])
    again.stage = restore(again.stage, again.room.hall, again.room.events)
    assert again.before == screen.before == [("A002", 2), ("A001", 1)]


def test_one_that_was_taken_over_on_the_way_is_listed_where_it_was_answered() -> None:
    screen = opened(counters=2)
    screen.do(c.CallNext(counter=1), c.TakeOverCounter(counter=2, from_counter=1), c.StartService(counter=2))
    assert screen.before == [("A001", 2)]
    assert Screen(screen.room).before == []
    assert restore(Stage("e1"), screen.room.hall, screen.room.events).before[0].call.counter == 2


def test_what_a_restored_hall_does_not_know_is_gone() -> None:
    screen = opened(counters=3)
    screen.do(c.CallNext(counter=1), c.StartService(counter=1))
    kept = list(screen.room.events)
    screen.do(c.CallNext(counter=2), c.StartService(counter=2), c.CallNext(counter=3))
    rest = Hall()
    for event in kept:
        evolve(rest, event)
    lost = advance(screen.stage, rest, screen.now_ms, TIMING)
    assert [shown.call.number for shown in lost.before] == ["A001"]
    assert lost.shown == ()
    other = advance(screen.stage, replace(screen.room.hall, epoch="e2"), screen.now_ms, TIMING)
    assert other.before == ()
    assert [is_fresh(shown, screen.now_ms, TIMING) for shown in other.shown] == [False]


def test_the_next_change_is_when_a_highlight_ends() -> None:
    screen = opened()
    assert next_change_ms(screen.stage, 0, TIMING) is None
    screen.do(c.CallNext(counter=1))
    assert next_change_ms(screen.stage, 5_000, TIMING) == 8_000
    assert next_change_ms(screen.stage, 8_000, TIMING) is None
    assert [call.number for call in standing(screen.room.hall)] == ["A001"]
    assert at("09:00") == screen.room.now_ms
