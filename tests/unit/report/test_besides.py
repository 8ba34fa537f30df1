"""What is no visit: counted beside the visits, against the hall's own state and against the bare events."""

import io
import json
import random
from collections import Counter as Tally
from pathlib import Path
from typing import Any

import pytest
from openpyxl import load_workbook

from hall_controller.bus.wire import encode
from hall_controller.domain import commands as c
from hall_controller.domain.acceptance import AcceptanceState, Carries, Decision, Delivery, is_overdue, is_under_way
from hall_controller.domain.bundle import MatterOutcome
from hall_controller.domain.commands import RatingReason
from hall_controller.domain.credit import Rating
from hall_controller.domain.matters import How
from hall_controller.journal.journal import Entry, Journal
from hall_controller.report import make_report, page, table, text, workbook
from hall_controller.report.source import read
from tests.unit.domain.support import CATALOGUE, KIOSK, RECEPTION, Pretend, terminal
from tests.unit.report.accounts import DAY, MONTH, report_of


def besides(hall: Pretend, period: str = DAY) -> dict[str, Any]:
    found: dict[str, Any] = report_of(hall, period)["besides"]
    return found


@pytest.fixture
def hall() -> Pretend:
    hall = Pretend(f"{DAY} 09:00:00", 8)
    hall.open(1, 2)
    return hall


def test_who_does_without_a_visit_is_counted_by_way_and_matter_and_is_none(hall: Pretend) -> None:
    for _ in range(3):
        hall.do(c.Divert(matter="pension", way=How.ZERO_RUN), KIOSK)
    found = besides(hall)["diversions"]
    assert found == {"total": 3, "way": {"zero_run": 3}, "matter": {"pension": {"zero_run": 3}}}
    assert report_of(hall, DAY)["visits"]["total"] == 0


def test_a_visit_for_several_matters_is_one_and_an_undone_finish_handles_none(hall: Pretend) -> None:
    hall.do(c.IssueTicket(matter="licence", more=("grant", "id-card")), RECEPTION)
    hall.begin(1)
    hall.do(c.HandleMatter(counter=1, matter="grant", outcome=MatterOutcome.LEFT), terminal(1))
    hall.finish(1)
    assert besides(hall)["matters"] == {"handled": 2, "left": 1, "bundles": 1}
    assert report_of(hall, DAY)["visits"]["total"] == 1
    hall.undo(1)
    assert besides(hall)["matters"] == {"handled": 0, "left": 0, "bundles": 0}
    assert report_of(hall, DAY)["visits"]["total"] == 1


def test_acceptances_of_earlier_days_are_outstanding_until_they_are_not(hall: Pretend, tmp_path: Path) -> None:
    hall.rating = Rating.GOOD
    for outstanding in ((2, 3), (), ()):
        hall.take(matter="licence")
        hall.begin(1)
        hall.accept(1, None, "X", *outstanding)
        hall.finish(1)
    credit, plain, gone = hall.hall.acceptances
    hall.do(c.WithdrawAcceptance(receipt=gone))
    hall.until("2026-12-09 09:00:00")
    hall.do(c.ReportResult(receipt=plain, decision=Decision.REJECTED))
    december = besides(hall, "2026-12")["acceptances"]
    assert (december["accepted"], december["rejected"]) == (0, 1)
    assert (december["documents_outstanding"], december["documents_overdue"], december["results_ready"]) == (1, 1, 1)
    november = besides(hall)["acceptances"]
    assert (november["accepted"], november["on_credit"], november["withdrawn"]) == (3, 1, 1)
    assert (november["documents_outstanding"], november["documents_overdue"], november["results_ready"]) == (1, 0, 0)
    hall.do(c.SupplyDocuments(receipt=credit))
    hall.do(c.HandOut(counter=1, receipt=plain), terminal(1))
    with Journal(tmp_path, create=True) as journal:
        journal.commit([Entry.of(event, encode(event)) for event in hall.events], [])
    with Journal(tmp_path, read_only=True) as journal:
        source = read(journal, "2026-12-09")
        made = make_report(source.bodies, "2026-12-09")["besides"]["acceptances"]
    assert made == besides(hall, "2026-12-09")["acceptances"]
    assert (made["supplied"], made["handed_out"], made["documents_outstanding"], made["results_ready"]) == (1, 1, 0, 0)


def test_ratings_by_stars_and_reasons_and_the_low_ones_in_their_words(hall: Pretend) -> None:
    for stars, reasons, comment in ((5, (), ""), (2, (RatingReason.WAIT, RatingReason.PLACE), "等了一个小时")):
        ticket = hall.take()
        hall.serve(1)
        hall.do(c.Rate(ticket=ticket, stars=stars, reasons=reasons, comment=comment))
    found = besides(hall)["ratings"]
    assert (found["count"], found["stars"]["5"], found["stars"]["2"]) == (2, 1, 1)
    assert found["reasons"] == {"place": 1, "wait": 1}
    (low,) = found["low"]
    assert (low["stars"], low["counter"], low["clerk"], low["comment"]) == (2, 1, "clerk-1", "等了一个小时")


def test_bookings_and_how_long_they_waited_after_the_booked_moment(hall: Pretend) -> None:
    slots = ("10:00:00", "10:00:00", "10:30:00", "11:00:00")
    on_time, late, never, off = (hall.book(f"{DAY} {slot}") for slot in slots)
    hall.do(c.CancelTicket(ticket=off), RECEPTION)
    hall.until(f"{DAY} 09:40:00")
    hall.do(c.CheckIn(ticket=on_time), RECEPTION)
    hall.until(f"{DAY} 10:03:00")
    assert hall.call(1) == on_time
    hall.start(1)
    hall.finish(1)
    hall.until(f"{DAY} 10:20:00")
    hall.do(c.CheckIn(ticket=late), RECEPTION)
    walk_in = hall.take()
    hall.later(minutes=5)
    assert [hall.call(1), hall.call(2)] == [late, walk_in]
    hall.until("2026-11-25 09:00:00")
    assert never not in hall.hall.tickets
    found = besides(hall, MONTH)["bookings"]
    counts = {key: value for key, value in found.items() if key != "waits"}
    assert counts == {"booked": 4, "cancelled": 1, "came": 2, "on_time": 1, "late": 1, "no_show": 1}
    medians = {who: found["waits"][who]["median_s"] for who in found["waits"]}
    assert medians == {"on_time": 180, "late": 300, "walk_in": 300}


@pytest.mark.parametrize("seed", range(6))
def test_random_days_agree_with_the_halls_own_state_and_with_the_bare_events(seed: int, tmp_path: Path) -> None:
    hall = played(random.Random(seed))
    period = MONTH
    made = besides(hall, period)
    totals, bare = hall.hall.totals, [json.loads(encode(event)) for event in hall.events]
    assert made["diversions"]["way"] == {str(way): count for way, count in totals.diversions.items()}
    assert made["matters"]["handled"] <= totals.matters_handled, "the totals keep what was undone"
    assert (made["acceptances"]["accepted"], made["acceptances"]["handed_out"]) == (totals.accepted, totals.handed_out)
    assert {int(stars): count for stars, count in made["ratings"]["stars"].items() if count} == totals.ratings
    assert made["ratings"]["reasons"] == {str(reason): count for reason, count in totals.rating_reasons.items()}
    own = [one for one in hall.hall.acceptances.values() if not one.from_hall]
    today = hall.hall.service_day
    acceptances = made["acceptances"]
    assert acceptances["documents_outstanding"] == sum(bool(one.outstanding_zh) for one in own)
    late = [one for one in own if one.outstanding_zh and (one.documents_due_day or "") < today]
    assert acceptances["documents_overdue"] == len(late)
    assert acceptances["results_ready"] == sum(one.state is AcceptanceState.READY for one in own)
    consignments = hall.hall.consignments.values()
    assert made["papers"]["under_way"] == sum(map(is_under_way, consignments))
    assert made["papers"]["overdue"] == sum(is_overdue(one, hall.events[-1].at_ms) for one in consignments)
    kinds = Tally(event["type"] for event in bare)
    assert made["papers"]["sent"] == kinds["consignment_sent"]
    assert made["bookings"]["booked"] == kinds["ticket_booked"]
    bookings = made["bookings"]
    assert bookings["came"] == kinds["ticket_checked_in"] == bookings["on_time"] + bookings["late"]
    days = sorted({event["service_day"] for event in bare if event["service_day"].startswith(period)})
    with Journal(tmp_path, create=True) as journal:
        journal.commit([Entry.of(event, encode(event)) for event in hall.events], [])
    flows: Tally[str] = Tally()
    with Journal(tmp_path, read_only=True) as journal:
        for day in days:
            flows.update(flow(make_report(read(journal, day).bodies, day)["besides"]))
    assert +flows == +flow(made), "a month is the sum of its days"


def flow(made: dict[str, Any]) -> Tally[str]:
    """What is done, and not what stands at the end."""
    standing = ("documents_outstanding", "documents_overdue", "results_ready", "under_way", "overdue")
    found: Tally[str] = Tally()
    for name in ("matters", "acceptances", "papers", "bookings"):
        found.update({f"{name}/{key}": value for key, value in made[name].items() if key not in (*standing, "waits")})
    found.update({f"stars/{key}": value for key, value in made["ratings"]["stars"].items()})
    found.update({f"way/{key}": value for key, value in made["diversions"]["way"].items()})
    found.update({f"waits/{who}": row["count"] for who, row in made["bookings"]["waits"].items()})
    return found


def played(rng: random.Random) -> Pretend:
    """Three weeks in which everything happens by chance; what makes no sense is refused."""
    hall = Pretend("2026-11-02 09:00:00", 2)
    hall.rating = Rating.GOOD
    for day in range(2, 24):
        hall.until(f"2026-11-{day:02} 09:30:00")
        for number in (1, 2):
            hall.try_(c.OpenCounter(counter=number, clerk=f"clerk-{number}"), terminal(number))
        for _ in range(40):
            hall.later(seconds=rng.randrange(1, 500))
            something(hall, rng)
    return hall


def something(hall: Pretend, rng: random.Random) -> None:
    receipts = [*hall.hall.acceptances, "BA900-261102-0001"]
    lists = [*hall.hall.consignments, "BA900-261102-C01"]
    receipt, consignment, number = rng.choice(receipts), rng.choice(lists), rng.choice((1, 2))
    own = tuple(one for one in receipts if one.startswith("BA001"))[:2]
    carries = rng.choice(list(Carries))
    scanned = (receipt,) if rng.random() < 0.7 else own
    listed = own if own and carries is Carries.RESULTS else ("BA900-261102-0009", "BA900-261102-0010")
    ended = list(hall.hall.ended)
    booked = [ticket for ticket, one in hall.hall.tickets.items() if one.number is None]
    commands: list[c.Command] = [
        c.Divert(matter="pension", way=How.ZERO_RUN),
        c.IssueTicket(matter="licence", more=rng.choice([(), ("id-card",), ("grant", "id-card")])),
        c.BookTicket(matter="pension", slot_at_ms=hall.now_ms + rng.randrange(1, 8) * 600_000),
        *[c.CheckIn(ticket=ticket) for ticket in booked[:1]] * 2,
        *[c.CancelTicket(ticket=ticket) for ticket in booked[:1] if rng.random() < 0.2],
        *[c.CallNext(counter=number), c.StartService(counter=number), c.FinishService(counter=number)] * 3,
        c.Undo(counter=number),
        c.HandleMatter(counter=number, matter="id-card", outcome=MatterOutcome.LEFT),
        *[c.AcceptMatter(counter=number, applicant="X", outstanding=rng.choice([(), (2,), (2, 3)]))] * 3,
        c.SupplyDocuments(receipt=receipt, documents=rng.choice([(), (1,)])),
        c.WithdrawAcceptance(receipt=receipt),
        c.ReportResult(receipt=receipt, decision=rng.choice(list(Decision)), delivery=rng.choice(list(Delivery))),
        c.HandOut(counter=number, receipt=receipt),
        c.SendConsignment(to_hall="BA900", receipts=own or (receipt,), carries=carries),
        c.ReceiveConsignment(consignment="BA900-261102-C01", receipts=scanned, carries=carries),
        c.AnnounceConsignment(
            consignment="BA900-261102-C01", carries=carries, receipts=listed, sent_at_ms=1,
            due_ms=hall.now_ms + 10_000_000,
        ),
        c.ConfirmConsignment(consignment=consignment, receipts=own[:1]),
        *[c.Rate(ticket=ticket, stars=rng.randrange(1, 6), reasons=(RatingReason.WAIT,)) for ticket in ended[-1:]],
    ]  # fmt: skip
    hall.try_(rng.choice(commands))


SHEETS = ("Diversions", "Besides", "Low ratings")


def test_text_csv_workbook_and_page_say_it_and_say_nothing_of_what_never_was(hall: Pretend) -> None:
    empty = report_of(hall, DAY)
    assert "ratings" not in text.render(empty)
    hall.do(c.Divert(matter="pension", way=How.ZERO_RUN), KIOSK)
    ticket = hall.take(matter="licence")
    hall.begin(1)
    hall.accept(1)
    hall.finish(1)
    hall.do(c.Rate(ticket=ticket, stars=1, reasons=(RatingReason.UNFRIENDLY,), comment="<b>looked\naway</b>"))
    made = make_report([encode(event) for event in hall.events], DAY, with_course=True)
    said = text.render(made)
    assert "visits that need not be: 1 (without a visit 1)" in said
    assert "acceptances: accepted 1" in said
    assert "counter 1, clerk-1  unfriendly" in said
    assert all(len(line) <= 80 for line in said.splitlines())
    rows = [line.split(",") for line in table.render(made).splitlines()]
    assert [DAY, "diversion", "zero_run", "", "", "", "", "", "", "", "", "1"] in rows
    assert [DAY, "acceptances", "accepted", "", "", "", "", "", "", "", "", "1"] in rows
    book = load_workbook(io.BytesIO(workbook.render(made, CATALOGUE)))
    spared, counts, low = ([[cell.value for cell in row] for row in book[name].iter_rows()] for name in SHEETS)
    assert spared[1] == ["pension", "pension", "pension", 1, 1]
    assert ["受理与出件 acceptances", "受理 accepted", 1, None, None, None] in counts
    assert low[1][2:] == [1, "A001", "licence", 1, "clerk-1", "态度不好", "<b>looked\naway</b>"]
    assert not set(SHEETS) & set(load_workbook(io.BytesIO(workbook.render(empty))).sheetnames)
    whole = page.render(made).decode()
    assert 'id="ratings"' in whole
    assert "&lt;b&gt;looked" in whole
    without = page.render(made, clerks=False).decode()
    assert 'id="ratings"' in without
    assert "looked" not in without
    assert 'id="low-ratings"' not in without
    assert 'id="bookings"' not in whole
