"""Who is called next."""

from hall_controller.domain import commands as c
from hall_controller.domain.rules import Mode, Narrowing, Policy
from hall_controller.domain.ticket import Language
from tests.unit.domain.conftest import MakeHall
from tests.unit.domain.support import ORDINARY, PRIORITY, RECEPTION, Pretend, terminal


def test_first_come_first_served_within_a_class(hall: Pretend) -> None:
    hall.open(1)
    hall.take_many(4)
    assert hall.calls(1, 4) == "A001 A002 A003 A004"


def test_priority_goes_first_but_every_third_call_is_ordinary(hall: Pretend) -> None:
    hall.open(1)
    hall.take_many(3, ORDINARY)
    hall.take_many(6, PRIORITY)
    assert hall.calls(1, 9) == "P001 P002 A001 P003 P004 A002 P005 P006 A003"


def test_the_guarantee_counts_over_all_counters_together(hall: Pretend) -> None:
    hall.open(1, 2, 3)
    hall.take_many(2, ORDINARY)
    hall.take_many(5, PRIORITY)
    assert [hall.number(hall.call(counter) or 0) for counter in (1, 2, 3)] == ["P001", "P002", "A001"]


def test_favoured_calls_do_not_count_while_nobody_ordinary_waits(hall: Pretend) -> None:
    hall.open(1)
    hall.take_many(3, PRIORITY)
    assert hall.calls(1, 3) == "P001 P002 P003"
    hall.take_many(1, ORDINARY)
    hall.take_many(2, PRIORITY)
    assert hall.calls(1, 3) == "P004 P005 A001"


def test_a_booked_visitor_on_time_is_favoured_from_the_booked_moment(hall: Pretend) -> None:
    hall.open(1)
    booked = hall.book("2026-11-24 09:10:00")
    hall.take(ORDINARY)
    hall.do(c.CheckIn(ticket=booked), RECEPTION)
    hall.until("2026-11-24 09:11:00")
    hall.take(PRIORITY)
    assert hall.calls(1, 3) == "R001 P001 A001"


def test_fcfs_calls_strictly_in_order_of_arrival(make: MakeHall) -> None:
    hall = make(policy=Policy.FCFS)
    hall.open(1)
    for visitor_class in (ORDINARY, PRIORITY, ORDINARY, PRIORITY):
        hall.take(visitor_class)
    assert hall.calls(1, 4) == "A001 P001 A002 P002"


def test_the_manager_changes_the_policy_at_once(hall: Pretend) -> None:
    hall.open(1)
    hall.take_many(3, ORDINARY)
    hall.take_many(3, PRIORITY)
    hall.do(c.SetPolicy(policy=Policy.PRIORITY, favoured_limit=1))
    assert hall.calls(1, 2) == "P001 A001"
    hall.do(c.SetPolicy(policy=Policy.FCFS))
    assert hall.calls(1, 2) == "A002 A003"
    assert hall.hall.favoured_limit == 1


def test_any_counter_takes_any_matter_by_default(hall: Pretend) -> None:
    hall.open(1, 2)
    tickets = [hall.take(matter="licence"), hall.take(matter="collect")]
    assert [hall.call(1), hall.call(2)] == tickets


def test_a_pickup_counter_calls_only_pickups(hall: Pretend) -> None:
    hall.open(1, groups=("pickup",))
    hall.take(matter="pension")
    pickup = hall.take(matter="collect")
    assert hall.call(1) == pickup
    hall.missed(1)
    assert hall.call(1) is None


def test_a_counter_for_english_calls_only_english_speakers(hall: Pretend) -> None:
    hall.open(1, languages=(Language.ENGLISH,))
    hall.take()
    visitor = hall.take(language=Language.ENGLISH)
    assert hall.call(1) == visitor


def test_a_counter_is_narrowed_by_hall_toml_unless_its_clerk_says_otherwise(make: MakeHall) -> None:
    hall = make(narrow={3: Narrowing(groups=("pickup",))})
    hall.take(matter="pension")
    hall.open(3)
    assert hall.call(3) is None
    hall.close(3)
    hall.do(c.OpenCounter(counter=3, clerk="x", groups=()), terminal(3))
    assert hall.call(3) is not None


def test_a_narrowed_counter_does_not_starve_those_it_cannot_take(hall: Pretend) -> None:
    """Counter 2 ends the hall's run again and again; counter 1 still passes the head of the queue only twice."""
    hall.open(1)
    hall.open(2, groups=("pickup",))
    head = hall.take(matter="pension")
    for _ in range(6):
        hall.take(PRIORITY, "licence")
        hall.take(ORDINARY, "collect")
    called = []
    for _ in range(3):
        called.append(hall.call(1))
        hall.missed(1)
        assert hall.call(2) != head
        hall.missed(2)
    assert called.index(head) == 2


def test_a_transferred_visitor_does_not_starve_at_the_counter_waited_for(hall: Pretend) -> None:
    hall.open(1, 5)
    sent = hall.take()
    hall.begin(1)
    hall.do(c.Transfer(counter=1, to_counter=5))
    for _ in range(6):
        hall.take(PRIORITY)
        hall.take(ORDINARY)
    at_five = []
    for _ in range(3):
        at_five.append(hall.call(5))
        hall.missed(5)
        for _ in range(3):
            hall.call(1)
            hall.missed(1)
    assert at_five.index(sent) == 2


def test_push_gives_visitors_to_the_counter_that_is_longest_idle(make: MakeHall) -> None:
    hall = make(mode=Mode.PUSH)
    for number in (2, 1, 3):
        hall.open(number)
        hall.later(1)
    tickets = hall.take_many(3)
    assert [hall.ticket(ticket).counter for ticket in tickets] == [2, 1, 3]
