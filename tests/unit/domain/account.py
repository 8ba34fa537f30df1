"""What must hold of every hall at every moment, told independently of the code that makes it so."""

from collections import Counter as Tally
from collections.abc import Sequence

import msgspec

from hall_controller.bus import wire
from hall_controller.domain import events as e
from hall_controller.domain.acceptance import AcceptanceState, Delivery
from hall_controller.domain.counter import CounterState
from hall_controller.domain.evolve import evolve
from hall_controller.domain.hall import Hall
from hall_controller.domain.ticket import ENDED, TicketState

AT_COUNTER = {TicketState.CALLED: CounterState.CALLING, TicketState.SERVING: CounterState.SERVING}


def check_places(hall: Hall) -> None:
    """Everybody is in exactly one place, and no counter has two."""
    queued = Tally(ticket for queue in hall.queues.values() for _, ticket in queue)
    seated = Tally(counter.ticket for counter in hall.counters.values() if counter.ticket is not None)
    for number, ticket in hall.tickets.items():
        assert ticket.ticket == number
        assert ticket.state not in ENDED
        assert number not in hall.ended, f"{number} both lives and has ended"
        assert queued[number] == (ticket.state is TicketState.WAITING), ticket
        assert seated[number] == (ticket.state in AT_COUNTER), ticket
        assert (ticket.serving_since_ms is not None) == (ticket.state is TicketState.SERVING), ticket
        if ticket.state in (TicketState.WAITING, TicketState.BOOKED, TicketState.UNCLAIMED):
            assert ticket.counter is None, f"{ticket} waits and yet hangs on a counter"
        else:
            assert ticket.counter is not None
        assert (ticket.number is None) == (ticket.state is TicketState.BOOKED), ticket
        assert (ticket.missed_at_ms is not None) == (ticket.state is TicketState.MISSED), ticket
    assert set(queued) <= set(hall.tickets)
    assert set(seated) <= set(hall.tickets)
    for visitor_class, queue in hall.queues.items():
        assert queue == sorted(queue)
        for place, number in queue:
            ticket = hall.tickets[number]
            assert (ticket.place, ticket.visitor_class) == (place, visitor_class)


def check_counters(hall: Hall) -> None:
    """A counter is what its visitor says, and a clerk sits at one counter."""
    clerks = Tally(counter.clerk for counter in hall.counters.values() if counter.clerk is not None)
    assert all(count == 1 for count in clerks.values()), clerks
    for number, counter in hall.counters.items():
        assert counter.counter == number
        assert (counter.clerk is None) == (counter.state is CounterState.CLOSED), counter
        busy = counter.state in (CounterState.CALLING, CounterState.SERVING)
        assert (counter.ticket is not None) == busy, counter
        if counter.ticket is not None:
            ticket = hall.tickets[counter.ticket]
            assert (AT_COUNTER[ticket.state], ticket.counter) == (counter.state, number)
        assert busy or not counter.pausing, counter
        assert counter.state is not CounterState.CLOSED or counter.last_act is None


def check_numbers(hall: Hall, events: Sequence[e.Event]) -> None:
    """No number twice within a service day, and no two live tickets that read the same."""
    given = Tally(
        (event.service_day, event.number) for event in events if isinstance(event, e.TicketIssued | e.TicketCheckedIn)
    )
    assert all(count == 1 for count in given.values()), [number for number, count in given.items() if count > 1]
    live = Tally(ticket.number for ticket in hall.tickets.values() if ticket.number is not None)
    assert all(count == 1 for count in live.values()), live


def check_figures(hall: Hall, events: Sequence[e.Event]) -> None:
    """The day's figures, counted again from the events of the day alone."""
    visits: Tally[str] = Tally()
    clerk_visits: Tally[str] = Tally()
    finished: Tally[str] = Tally()
    issued = 0
    for event in events:
        match event:
            case e.DayStarted():
                visits.clear()
                clerk_visits.clear()
                finished.clear()
                issued = 0
            case e.ServiceStarted():
                visits[event.band] += 1
                clerk_visits[event.clerk] += 1
            case e.ServiceFinished():
                finished[event.clerk] += 1
            case e.ActUndone():
                if event.visit_band is not None:
                    visits[event.visit_band] -= 1
                    clerk_visits[event.clerk] -= 1
                finished[event.clerk] -= event.act == "finish_service"
            case e.TicketIssued() | e.TicketCheckedIn():
                issued += 1
            case _:
                pass
    assert +Tally(hall.visits) == +visits
    assert +Tally({clerk: day.visits for clerk, day in hall.clerks.items()}) == +clerk_visits
    named = {clerk: count for clerk, count in finished.items() if clerk}
    assert +Tally({clerk: day.finished for clerk, day in hall.clerks.items()}) == +Tally(named)
    assert hall.issued == issued
    assert all(day.service_s >= 0 for day in hall.clerks.values())


def check_ends(hall: Hall, events: Sequence[e.Event]) -> None:
    """Each ticket that was ever given either lives or has ended exactly once; each is a visit at most once."""
    born: set[int] = set()
    ended: Tally[int] = Tally()
    visits: Tally[int] = Tally()
    for event in events:
        match event:
            case e.TicketIssued() | e.TicketBooked():
                assert event.ticket not in born
                born.add(event.ticket)
            case e.ServiceStarted():
                visits[event.ticket] += 1
            case e.ServiceFinished() | e.TicketNoShow() | e.TicketCancelled():
                ended[event.ticket] += 1
            case e.ActUndone(ticket=int() as ticket):
                ended[ticket] += event.ticket_state is TicketState.CANCELLED
                ended[ticket] -= event.act == "finish_service"
                visits[ticket] -= event.visit_band is not None
            case _:
                pass
    assert all(ended[ticket] == (ticket not in hall.tickets) for ticket in born)
    assert all(count in (0, 1) for count in visits.values())


def check_replay(hall: Hall, events: Sequence[e.Event], checkpoint: int | None = None) -> None:
    """The events alone bring the identical hall, over the wire and over a checkpoint in the middle."""
    middle = len(events) // 2 if checkpoint is None else checkpoint
    plain, wired, restarted = Hall(), Hall(), Hall()
    for index, event in enumerate(events):
        if index == middle:
            restarted = msgspec.json.decode(msgspec.json.encode(restarted), type=Hall)
            restarted = msgspec.msgpack.decode(msgspec.msgpack.encode(restarted), type=Hall)
        for replayed in (plain, restarted):
            evolve(replayed, event)
        evolve(wired, wire.decode_event(wire.encode(event)))
    expected = msgspec.msgpack.encode(hall)
    for replayed in (plain, wired, restarted):
        assert msgspec.msgpack.encode(replayed) == expected


def check_alerts(hall: Hall, events: Sequence[e.Event]) -> None:
    """Each is raised while it does not stand and cleared while it does; what then stands is what the hall says."""
    standing: dict[str, int] = {}
    calls: list[tuple[int, bool]] = []
    called: set[int] = set()
    for event in events:
        match event:
            case e.AlertRaised():
                name = f"{event.alert}/{event.subject}"
                assert name not in standing, f"{name} is raised twice"
                standing[name] = event.value
            case e.AlertCleared():
                del standing[f"{event.alert}/{event.subject}"]
            case e.DayStarted():
                calls.clear()
            case e.TicketCalled():
                called.add(event.ticket)
            case e.TicketMissed() | e.ServiceStarted() | e.ServiceResumed() if event.ticket in called:
                calls.append((event.ticket, isinstance(event, e.TicketMissed)))
                called.discard(event.ticket)
            case e.ActUndone(act="missed" | "start_service", ticket=int() as ticket):
                called.add(ticket)
                own = [place for place, call in enumerate(calls) if call[0] == ticket]
                if own:
                    del calls[own[-1]]
            case e.ActUndone(ticket=int() as ticket) if event.act.startswith("call_"):
                called.discard(ticket)
            case _:
                pass
    assert {name: alert.value for name, alert in hall.alerts.items()} == standing
    assert list(hall.recent_calls) == calls[-100:]
    waiting = {ticket for queue in hall.queues.values() for _, ticket in queue}
    assert set(hall.requeued_ms) <= waiting


def check_papers(hall: Hall, events: Sequence[e.Event]) -> None:
    """No receipt twice, each ended at most once; what lives of them is what the hall says; a list sent has left."""
    born: Tally[str] = Tally()
    alive: set[str] = set()
    for event in events:
        match event:
            case e.MatterAccepted():
                born[event.receipt] += 1
                alive.add(event.receipt)
            case e.AcceptanceWithdrawn() | e.ResultHandedOut():
                alive.remove(event.receipt)
            case e.ResultReported(delivery=Delivery.POST | Delivery.ELECTRONIC):
                alive.discard(event.receipt)
            case _:
                pass
    assert all(count == 1 for count in born.values()), born
    assert {receipt for receipt, one in hall.acceptances.items() if not one.from_hall} == alive
    lists = Tally(event.consignment for event in events if isinstance(event, e.ConsignmentSent))
    assert all(count == 1 for count in lists.values()), lists
    for receipt, one in hall.acceptances.items():
        assert one.receipt == receipt
        assert (one.state is AcceptanceState.SENT) <= (one.consignment in hall.consignments), one
        assert len(one.outstanding_zh) == len(one.outstanding_en)
    for papers in hall.consignments.values():
        assert set(papers.missing) <= set(papers.receipts)
        assert len(set(papers.receipts)) == len(papers.receipts)
    tally = Tally(type(event).__name__ for event in events)
    assert hall.totals.accepted == tally["MatterAccepted"]
    assert hall.totals.handed_out == tally["ResultHandedOut"]
    assert sum(hall.totals.diversions.values()) == tally["VisitDiverted"]
    assert sum(hall.totals.ratings.values()) == tally["TicketRated"]


def check_all(hall: Hall, events: Sequence[e.Event]) -> None:
    check_places(hall)
    check_counters(hall)
    check_numbers(hall, events)
    check_figures(hall, events)
    check_ends(hall, events)
    check_totals(hall, events)
    check_papers(hall, events)
    check_alerts(hall, events)


def check_totals(hall: Hall, events: Sequence[e.Event]) -> None:
    """The totals of the epoch, counted again; and those of today are what has been added since midnight."""
    totals, tally = hall.totals, Tally(type(event).__name__ for event in events)
    assert sum(totals.issued.values()) == tally["TicketIssued"] + tally["TicketCheckedIn"]
    assert sum(totals.visits.values()) == tally["ServiceStarted"]
    assert (totals.calls, totals.recalls, totals.undone) == (
        tally["TicketCalled"], tally["TicketRecalled"], tally["ActUndone"],
    )  # fmt: skip
    assert totals.no_shows == tally["TicketNoShow"]
    assert sum(totals.cancelled.values()) == tally["TicketCancelled"]
    waits = [event.wait_s for event in events if isinstance(event, e.TicketCalled) and event.first]
    assert sum(sum(one.counts) for one in totals.waits.values()) == len(waits)
    assert sum(one.sum_s for one in totals.waits.values()) == sum(waits)
    told = {
        event.ticket: event.predicted_bound_s
        for event in events
        if isinstance(event, e.TicketIssued | e.TicketCheckedIn) and event.predicted_bound_s is not None
    }
    firsts = (event for event in events if isinstance(event, e.TicketCalled) and event.first and event.ticket in told)
    kept = Tally(event.wait_s <= told[event.ticket] for event in firsts)
    assert (totals.bounds_held, totals.bounds_missed) == (kept[True], kept[False])
    assert sum(sum(one.counts) for one in totals.services.values()) == tally["ServiceFinished"]
    undone = sum(isinstance(event, e.ActUndone) and event.visit_band is not None for event in events)
    assert sum(totals.visits_undone.values()) == undone
