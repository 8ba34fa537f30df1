"""A misclick is taken back: visitor, counter and figures are as if it had not been pressed."""

from hall_controller.domain import commands as c
from hall_controller.domain import events as e
from hall_controller.domain.commands import PrintOutcome
from hall_controller.domain.refusal import Code
from hall_controller.domain.rules import Mode
from tests.unit.domain.conftest import MakeHall
from tests.unit.domain.support import KIOSK, ORDINARY, PRINTER, PRIORITY, RECEPTION, Pretend, terminal


def figures(hall: Pretend) -> tuple[object, ...]:
    """What clerk and manager read."""
    return ({band: count for band, count in hall.hall.visits.items() if count}, hall.hall.clerks, hall.waiting())


def test_a_called_visitor_waits_again_in_the_own_place(hall: Pretend) -> None:
    hall.open(1)
    first, second = hall.take_many(2)
    hall.call(1)
    hall.undo(1)
    assert (hall.counter_state(1), hall.waiting()) == ("ready", [first, second])
    assert hall.ticket(first).called_at_ms is None
    assert hall.call(1) == first


def test_a_service_started_by_mistake_is_no_visit(hall: Pretend) -> None:
    hall.open(1)
    ticket = hall.take()
    hall.call(1)
    before = figures(hall)
    hall.start(1)
    hall.undo(1)
    assert (hall.state(ticket), hall.counter_state(1)) == ("called", "calling")
    assert figures(hall)[0] == before[0] == {}
    assert hall.hall.clerks["clerk-1"].visits == 0


def test_a_finish_by_mistake_throws_no_service_time_away(hall: Pretend) -> None:
    # A misclick that throws away the service time: eappointment #2936.
    hall.open(1)
    ticket = hall.take()
    hall.begin(1)
    hall.later(minutes=6)
    before = figures(hall)
    hall.finish(1)
    hall.undo(1)
    assert (hall.state(ticket), figures(hall)) == ("serving", before)
    assert hall.hall.learned[""].count == 0
    hall.later(minutes=2)
    hall.finish(1)
    finished = hall.last(e.ServiceFinished)
    assert isinstance(finished, e.ServiceFinished)
    assert finished.service_s == 480
    assert (hall.hall.learned["pension"].count, hall.hall.learned["pension"].mean_s) == (1, 480)
    assert hall.hall.clerks["clerk-1"].service_s == 480


def test_a_finish_taken_back_is_unlearned_even_if_others_finished_meanwhile(hall: Pretend) -> None:
    hall.open(1, 2)
    hall.take_many(2)
    hall.begin(1)
    hall.begin(2)
    hall.later(3)
    hall.finish(1)
    hall.later(minutes=10)
    hall.finish(2)
    hall.undo(1)
    assert hall.hall.learned[""].count == 1
    assert round(hall.hall.learned[""].mean_s) == 603


def test_a_missed_visitor_who_stands_there_after_all(hall: Pretend) -> None:
    hall.open(1)
    ticket = hall.take()
    hall.call(1)
    hall.missed(1)
    hall.later(5)
    hall.undo(1)
    assert (hall.state(ticket), hall.counter_state(1)) == ("called", "calling")
    assert hall.hall.clerks["clerk-1"].no_shows == 0


def test_a_hold_by_mistake_goes_on_as_one_service(hall: Pretend) -> None:
    hall.open(1)
    hall.take()
    hall.begin(1)
    hall.later(60)
    hall.hold(1)
    hall.later(60)
    hall.undo(1)
    hall.later(60)
    hall.finish(1)
    assert hall.hall.clerks["clerk-1"].service_s == 180


def test_a_transfer_by_mistake_comes_back(hall: Pretend) -> None:
    hall.open(1, 2)
    ticket = hall.take(matter="pension")
    hall.begin(1)
    before = figures(hall)
    hall.do(c.Transfer(counter=1, to_counter=2, matter="licence"), terminal(1))
    hall.undo(1)
    assert (hall.state(ticket), hall.ticket(ticket).matter, figures(hall)) == ("serving", "pension", before)
    assert hall.ticket(ticket).only_counter is None


def test_a_service_without_ticket_by_mistake_never_was(hall: Pretend) -> None:
    hall.open(1)
    hall.do(c.ServeUnticketed(counter=1, matter="pension"), terminal(1))
    hall.undo(1)
    assert (hall.counter_state(1), hall.hall.tickets) == ("ready", {})
    assert hall.hall.clerks["clerk-1"].visits == 0
    assert not any(hall.hall.visits.values())


def test_pauses_planned_pauses_and_their_end_are_taken_back(hall: Pretend) -> None:
    hall.open(1)
    hall.take()
    hall.do(c.PauseCounter(counter=1))
    hall.undo(1)
    assert hall.counter_state(1) == "ready"
    hall.do(c.PauseCounter(counter=1))
    hall.do(c.ResumeCounter(counter=1))
    hall.undo(1)
    assert hall.counter_state(1) == "paused"
    hall.do(c.ResumeCounter(counter=1))
    hall.begin(1)
    hall.do(c.PauseCounter(counter=1))
    hall.undo(1)
    assert (hall.counter(1).pausing, hall.counter_state(1)) == (False, "serving")


def test_undoing_a_finish_keeps_the_planned_pause(hall: Pretend) -> None:
    hall.open(1)
    hall.take()
    hall.begin(1)
    hall.do(c.PauseCounter(counter=1))
    hall.finish(1)
    hall.undo(1)
    assert (hall.counter(1).pausing, hall.counter_state(1)) == (True, "serving")


def test_a_held_visitor_taken_up_by_mistake_is_held_again(hall: Pretend) -> None:
    hall.open(1, 2)
    ticket = hall.take()
    hall.begin(1)
    hall.hold(1)
    hall.do(c.ResumeTicket(counter=2, ticket=ticket), terminal(2))
    assert hall.refused(c.Undo(counter=1)) == Code.NOTHING_TO_UNDO
    hall.undo(2)
    assert (hall.state(ticket), hall.ticket(ticket).counter) == ("held", 1)
    hall.undo(1)
    assert hall.state(ticket) == "serving"


def test_one_press_is_taken_back_and_not_two(hall: Pretend) -> None:
    hall.open(1)
    assert hall.refused(c.Undo(counter=1)) == Code.NOTHING_TO_UNDO
    hall.take()
    hall.begin(1)
    hall.undo(1)
    assert hall.refused(c.Undo(counter=1)) == Code.NOTHING_TO_UNDO


def test_an_undo_that_was_meant_for_another_visitor_is_stale(hall: Pretend) -> None:
    hall.open(1)
    first, second = hall.take_many(2)
    hall.serve(1)
    hall.begin(1)
    assert hall.refused(c.Undo(counter=1, ticket=first)) == Code.STALE
    hall.do(c.Undo(counter=1, ticket=second), terminal(1))
    assert hall.state(second) == "called"


def test_no_undo_once_the_ticket_has_moved_on(hall: Pretend) -> None:
    hall.open(1, 2)
    first, second = hall.take_many(2)
    hall.call(1)
    hall.missed(1)
    hall.do(c.ReturnToQueue(ticket=first), RECEPTION)
    assert hall.refused(c.Undo(counter=1)) == Code.NOTHING_TO_UNDO
    hall.begin(1)
    hall.do(c.Transfer(counter=1, matter="licence"), terminal(1))
    hall.call_by_hand(2, second)
    assert hall.refused(c.Undo(counter=1)) == Code.NOTHING_TO_UNDO


def test_no_undo_of_a_visit_that_was_rated(hall: Pretend) -> None:
    hall.open(1)
    hall.take()
    ticket = hall.serve(1)
    hall.do(c.Rate(ticket=ticket, stars=5))
    assert hall.refused(c.Undo(counter=1)) == Code.NOTHING_TO_UNDO


def test_no_undo_over_midnight(make: MakeHall) -> None:
    hall = make("2026-11-24 23:58:00")
    hall.open(1)
    hall.take()
    hall.begin(1)
    hall.until("2026-11-25 00:01:00")
    assert hall.refused(c.Undo(counter=1)) == Code.NOTHING_TO_UNDO
    hall.finish(1)
    assert hall.hall.clerks["clerk-1"].visits == 0
    hall.undo(1)
    assert hall.counter_state(1) == "serving"


def test_a_print_report_in_between_does_not_forbid_the_undo(hall: Pretend) -> None:
    hall.open(1)
    ticket = hall.take(by=KIOSK)
    hall.call(1)
    hall.do(c.ReportPrint(ticket=ticket, outcome=PrintOutcome.PRINTED), PRINTER)
    hall.undo(1)
    assert (hall.state(ticket), hall.ticket(ticket).paper) == ("waiting", "printed")


def test_a_paper_that_came_while_called_by_hand_keeps_the_place_after_the_undo(hall: Pretend) -> None:
    hall.open(1)
    ticket = hall.take(by=KIOSK)
    hall.later(minutes=2)
    assert hall.state(ticket) == "unclaimed"
    hall.call_by_hand(1, ticket)
    hall.do(c.ReportPrint(ticket=ticket, outcome=PrintOutcome.PRINTED), PRINTER)
    hall.undo(1)
    assert hall.waiting() == [ticket]


def test_what_reception_corrected_meanwhile_is_not_lost(hall: Pretend) -> None:
    hall.open(1)
    ticket = hall.take(matter="pension")
    hall.begin(1)
    hall.do(c.AmendTicket(ticket=ticket, matter="licence", visitor_class=PRIORITY), RECEPTION)
    hall.undo(1)
    assert (hall.ticket(ticket).matter, hall.ticket(ticket).group) == ("licence", "business")
    assert hall.ticket(ticket).visitor_class == PRIORITY


def test_a_recall_leaves_the_call_undoable(hall: Pretend) -> None:
    hall.open(1)
    hall.take()
    hall.call(1)
    hall.do(c.Recall(counter=1))
    hall.undo(1)
    assert hall.counter_state(1) == "ready"


def test_in_push_a_call_is_no_misclick_but_a_call_by_hand_is(make: MakeHall) -> None:
    hall = make(mode=Mode.PUSH)
    hall.open(1)
    first, second, third = hall.take_many(3)
    assert hall.refused(c.Undo(counter=1)) == Code.NOTHING_TO_UNDO
    hall.start(1)
    hall.finish(1)
    hall.call_by_hand(1, third)
    hall.undo(1)
    assert (hall.counter_state(1), hall.waiting()) == ("wrapping_up", [second, third])
    assert hall.state(first) == "done"


def test_calls_taken_back_let_nobody_slip_past_an_ordinary_visitor(hall: Pretend) -> None:
    hall.open(1, 2)
    head = hall.take(ORDINARY)
    hall.take_many(4, PRIORITY)
    assert [hall.number(hall.call(counter) or 0) for counter in (1, 2)] == ["P001", "P002"]
    hall.undo(1)
    hall.undo(2)
    for counter in (1, 2):
        hall.call(counter)
    hall.missed(2)
    assert hall.call(2) == head
    hall.undo(2)
    assert hall.call(2) == head


def test_an_ordinary_visitor_whose_call_was_taken_back_is_still_next(hall: Pretend) -> None:
    hall.open(1)
    hall.open(2, groups=("pickup",))
    ordinary = hall.take(ORDINARY, "pension")
    for _ in range(2):
        hall.take(PRIORITY, "collect")
        hall.call(2)
        hall.missed(2)
    hall.take(PRIORITY, "pension")
    assert hall.call(1) == ordinary
    hall.undo(1)
    assert hall.call(1) == ordinary


def test_the_same_visitor_is_called_again_after_a_call_taken_back(hall: Pretend) -> None:
    hall.open(1)
    hall.take_many(2, ORDINARY)
    favoured = hall.take_many(3, PRIORITY)
    for ticket in favoured[:2]:
        hall.call(1)
        hall.undo(1)
        assert hall.call(1) == ticket
        hall.missed(1)


def test_a_counter_that_is_closed_has_nothing_to_undo(hall: Pretend) -> None:
    hall.open(1)
    hall.take()
    hall.serve(1)
    hall.close(1)
    assert hall.refused(c.Undo(counter=1)) == Code.COUNTER_CLOSED
    hall.open(1)
    assert hall.refused(c.Undo(counter=1)) == Code.NOTHING_TO_UNDO
