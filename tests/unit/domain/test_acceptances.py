"""Front accepts, back decides, one window hands out; and papers between halls, each of which can go on alone."""

from collections.abc import Iterator

import pytest
from msgspec.structs import replace

from hall_controller.domain import commands as c
from hall_controller.domain import events as e
from hall_controller.domain.acceptance import AcceptanceState, Carries, ConsignmentState, Decision, Delivery
from hall_controller.domain.alert import AlertKind
from hall_controller.domain.credit import Rating
from hall_controller.domain.refusal import Code
from hall_controller.domain.rules_acceptance import AcceptanceRules
from hall_controller.domain.sender import HALL
from tests.unit.domain.account import check_all, check_replay
from tests.unit.domain.conftest import MakeHall
from tests.unit.domain.support import KIOSK, MANAGER, Pretend, terminal

WHOM = "91440300MA5DA0000X"


@pytest.fixture
def front(make: MakeHall) -> Pretend:
    """A community hall with a company's agent at counter 1, whose licence is decided in the district's hall."""
    hall = make(acceptance=AcceptanceRules(district_hall="BA900"))
    hall.open(1, 2)
    hall.take(matter="licence")
    hall.begin(1)
    return hall


@pytest.fixture
def back() -> Iterator[Pretend]:
    """The district's hall, where it is decided."""
    hall = Pretend()
    hall.do(c.ChangeRules(rules=hall.rules.__class__(hall="BA900", tier=hall.rules.tier, counters=4)), HALL)
    yield hall
    check_all(hall.hall, hall.events)
    check_replay(hall.hall, hall.events)


def state(hall: Pretend, receipt: str) -> AcceptanceState:
    return hall.hall.acceptances[receipt].state


def test_a_receipt_says_what_was_accepted_and_where_it_goes(front: Pretend) -> None:
    receipt = front.accept(1)
    assert receipt == "BA001-261124-0001"
    one = front.hall.acceptances[receipt]
    assert (one.matter, one.department, one.to_hall) == ("licence", "市场监督管理局", "BA900")
    front.finish(1)
    assert state(front, receipt) is AcceptanceState.ACCEPTED, "the visit is over, the matter is not"


def test_a_promised_day_is_a_working_day(make: MakeHall) -> None:
    hall = make("2026-11-26 09:00:00")  # a Thursday
    hall.open(1)
    hall.take(matter="pension")
    hall.begin(1)
    assert hall.hall.acceptances[hall.accept(1)].result_due_day == "2026-12-03"


def test_the_promise_runs_anew_from_when_the_last_document_came(make: MakeHall) -> None:
    hall = make("2026-11-24 09:00:00")
    hall.rating = Rating.GOOD
    hall.open(1)
    hall.take(matter="licence")
    hall.begin(1)
    receipt = hall.accept(1, None, WHOM, 3, 2)
    promised = hall.hall.acceptances[receipt].result_due_day
    assert promised is not None
    hall.finish(1)
    hall.until("2026-11-26 10:00:00")
    hall.do(c.SupplyDocuments(receipt=receipt, documents=(2,)))
    assert hall.hall.acceptances[receipt].result_due_day == promised, "one is still to come"
    hall.do(c.SupplyDocuments(receipt=receipt))
    anew = hall.hall.acceptances[receipt].result_due_day
    assert anew is not None
    assert anew > promised


def test_good_credit_lets_documents_come_later_and_a_reminder_comes_once(front: Pretend) -> None:
    front.rating = Rating.GOOD
    receipt = front.accept(1, None, WHOM, 3, 2)
    one = front.hall.acceptances[receipt]
    assert (one.outstanding_zh, one.outstanding_en, one.documents_due_day) == (
        ("租约", "照片"), ("Lease", "Photo"), "2026-12-08",
    )  # fmt: skip
    assert front.refused(c.ReportResult(receipt=receipt)) == Code.DOCUMENTS_NEEDED
    front.finish(1)
    front.until("2026-12-05 10:00:00")
    assert front.count(e.DocumentsDue) == 0
    front.until("2026-12-06 10:00:00")
    front.later(hours=1)
    assert front.count(e.DocumentsDue) == 1
    front.until("2026-12-09 10:00:00")
    front.tick()
    assert f"{AlertKind.DOCUMENTS_OVERDUE}/{receipt}" in front.hall.alerts
    front.do(c.SupplyDocuments(receipt=receipt, documents=(2,)))
    assert front.hall.acceptances[receipt].outstanding_zh == ("租约",)
    front.do(c.SupplyDocuments(receipt=receipt))
    assert front.refused(c.SupplyDocuments(receipt=receipt)) == Code.WRONG_STATE
    front.tick()
    assert front.hall.alerts == {}


def test_without_good_credit_nothing_comes_later(front: Pretend) -> None:
    for rating in (Rating.ORDINARY, Rating.DISCREDITED, None):
        front.rating = rating
        late = c.AcceptMatter(counter=1, applicant=WHOM, outstanding=(2,))
        assert front.refused(late, terminal(1)) == Code.DOCUMENTS_NEEDED
    front.rating = Rating.GOOD
    form = c.AcceptMatter(counter=1, applicant=WHOM, outstanding=(1,))
    assert front.refused(form, terminal(1)) == Code.DOCUMENTS_NEEDED
    front.accept(1)


def test_a_subsidy_is_never_accepted_unasked(front: Pretend) -> None:
    front.do(c.AmendTicket(ticket=1, matter="grant"))
    assert front.refused(c.AcceptMatter(counter=1), terminal(1)) == Code.CREDIT_NEEDED
    named = c.AcceptMatter(counter=1, applicant=WHOM)
    front.rating = None
    assert front.refused(named, terminal(1)) == Code.CREDIT_NEEDED
    front.rating = Rating.DISCREDITED
    assert front.refused(named, terminal(1)) == Code.BARRED
    front.rating = Rating.ORDINARY
    front.do(named, terminal(1))
    assert WHOM not in str(front.events), "whose it is stays out of the journal"


def test_a_result_is_handed_out_once_and_nobody_waits_for_one_that_is_not_there(front: Pretend) -> None:
    receipt = front.accept(1)
    front.finish(1)
    collect = c.IssueTicket(matter="collect", receipt=receipt)
    assert front.refused(collect, KIOSK) == Code.NOT_READY
    assert front.refused(c.IssueTicket(matter="pension", receipt=receipt), KIOSK) == Code.MALFORMED
    front.do(c.ReportResult(receipt=receipt, decision=Decision.REJECTED))
    front.do(c.IssueTicket(matter="collect", receipt=receipt), KIOSK)
    front.begin(2)
    front.do(c.HandOut(counter=2, receipt=receipt), terminal(2))
    assert front.hall.acceptances == {}
    assert front.refused(c.HandOut(counter=2, receipt=receipt), terminal(2)) == Code.UNKNOWN_RECEIPT
    assert front.refused(collect, KIOSK) == Code.UNKNOWN_RECEIPT


def test_a_result_that_goes_by_post_waits_for_nobody(front: Pretend) -> None:
    receipt = front.accept(1)
    front.do(c.ReportResult(receipt=receipt, delivery=Delivery.POST))
    assert front.hall.acceptances == {}
    reported = front.last(e.ResultReported)
    assert isinstance(reported, e.ResultReported)
    assert not reported.ready


def test_an_acceptance_by_mistake_is_withdrawn_while_it_is_here(front: Pretend) -> None:
    receipt = front.accept(1)
    front.do(c.WithdrawAcceptance(receipt=receipt, why="wrong matter"))
    second = front.accept(1)
    assert second != receipt, "no receipt twice: the first one is on paper"
    front.do(c.SendConsignment(to_hall="BA900", receipts=(second,)))
    assert front.refused(c.WithdrawAcceptance(receipt=second)) == Code.WRONG_STATE


def test_a_lost_receipt_and_a_lost_list_are_printed_again_as_copies(front: Pretend) -> None:
    receipt = front.accept(1)
    for copy in (1, 2):
        again = front.do(c.ReprintPapers(receipt=receipt, print_at="kiosk"))[0]
        assert isinstance(again, e.PapersReprintRequested)
        assert (again.copy, again.kiosk, again.ticket) == (copy, "kiosk", 1)
    sent = front.do(c.SendConsignment(to_hall="BA900", receipts=(receipt,)))[0]
    assert isinstance(sent, e.ConsignmentSent)
    front.do(c.ReprintPapers(consignment=sent.consignment, print_at="kiosk"))
    assert front.hall.consignments[sent.consignment].copies == 1
    for command, code in (
        (c.ReprintPapers(print_at="kiosk"), Code.MALFORMED),
        (c.ReprintPapers(receipt=receipt, consignment=sent.consignment, print_at="kiosk"), Code.MALFORMED),
        (c.ReprintPapers(consignment="BA001-261124-C09", print_at="kiosk"), Code.UNKNOWN_RECEIPT),
    ):
        assert front.refused(command) == code


# --- the results window --------------------------------------------------------------------------


def test_while_a_counter_hands_out_results_the_others_leave_them_to_it(front: Pretend) -> None:
    front.finish(1)
    collects, other = front.take(matter="collect"), front.take()
    front.do(c.NarrowCounter(counter=2, groups=("pickup",)))
    assert front.call(1) == other
    assert front.call(2) == collects
    front.start(2)
    front.finish(2)
    third = front.take(matter="collect")
    front.start(1)
    front.finish(1)
    assert front.call(1) is None
    front.close(2)
    assert front.call(1) == third, "nobody else could"


def test_a_counter_is_told_what_it_serves(front: Pretend) -> None:
    assert front.refused(c.NarrowCounter(counter=2, groups=("nothing",))) == Code.UNKNOWN_MATTER
    assert front.refused(c.NarrowCounter(counter=3, groups=("pickup",))) == Code.COUNTER_CLOSED
    front.do(c.NarrowCounter(counter=2, groups=("pickup",)), terminal(2))
    assert front.do(c.NarrowCounter(counter=2, groups=("pickup",)), terminal(2)) == []
    front.do(c.NarrowCounter(counter=2), terminal(2))
    assert front.counter(2).narrowing.groups == ()


def test_undo_does_not_take_back_what_a_counter_was_told_to_serve(front: Pretend) -> None:
    front.do(c.NarrowCounter(counter=1, groups=("pickup",)))
    front.undo(1)
    assert front.counter(1).narrowing.groups == ("pickup",)


# --- between halls -------------------------------------------------------------------------------


def sent_by(hall: Pretend, to_hall: str, *receipts: str, carries: Carries = Carries.MATERIALS) -> e.ConsignmentSent:
    event = hall.do(c.SendConsignment(to_hall=to_hall, receipts=receipts, carries=carries))[0]
    assert isinstance(event, e.ConsignmentSent)
    return event


def announce(sent: e.ConsignmentSent) -> c.AnnounceConsignment:
    return c.AnnounceConsignment(
        consignment=sent.consignment, receipts=sent.receipts, matters=sent.matters, carries=sent.carries,
        sent_at_ms=sent.at_ms, due_ms=sent.due_ms, decisions=sent.decisions,
    )  # fmt: skip


def test_papers_go_and_results_come_back(front: Pretend, back: Pretend) -> None:
    receipt = front.accept(1)
    sent = sent_by(front, "BA900", receipt)
    assert (sent.consignment, state(front, receipt)) == ("BA001-261124-C01", AcceptanceState.SENT)
    back.do(announce(sent))
    back.do(c.ReceiveConsignment(consignment=sent.consignment, receipts=(receipt,)))
    assert (state(back, receipt), back.hall.acceptances[receipt].matter) == (AcceptanceState.RECEIVED, "licence")
    front.do(c.ConfirmConsignment(consignment=sent.consignment, receipts=(receipt,)))
    assert state(front, receipt) is AcceptanceState.RECEIVED
    back.do(c.ReportResult(receipt=receipt))
    assert state(back, receipt) is AcceptanceState.DECIDED
    assert back.refused(c.HandOut(counter=1, receipt=receipt)) == Code.COUNTER_CLOSED
    result = sent_by(back, "BA001", receipt, carries=Carries.RESULTS)
    got = c.ReceiveConsignment(consignment=result.consignment, receipts=(receipt,), carries=Carries.RESULTS)
    front.do(got)
    assert state(front, receipt) is AcceptanceState.READY
    back.do(c.ConfirmConsignment(consignment=result.consignment, receipts=(receipt,)))
    assert back.hall.acceptances == {}
    front.do(c.HandOut(counter=1, receipt=receipt), terminal(1))


@pytest.mark.parametrize("announced_first", [True, False])
def test_the_hall_that_hands_out_learns_what_was_decided(front: Pretend, back: Pretend, announced_first: bool) -> None:
    receipt = front.accept(1)
    sent = sent_by(front, "BA900", receipt)
    back.do(c.ReceiveConsignment(consignment=sent.consignment, receipts=(receipt,)))
    assert back.refused(replace(announce(sent), decisions=(Decision.GRANTED,))) == Code.MALFORMED, "of materials"
    back.do(c.ReportResult(receipt=receipt, decision=Decision.REJECTED))
    result = sent_by(back, "BA001", receipt, carries=Carries.RESULTS)
    assert front.refused(replace(announce(result), decisions=(Decision.GRANTED,) * 2)) == Code.MALFORMED
    got = c.ReceiveConsignment(consignment=result.consignment, receipts=(receipt,), carries=Carries.RESULTS)
    for command in (announce(result), got) if announced_first else (got, announce(result)):
        front.do(command)
    one = front.hall.acceptances[receipt]
    assert (one.state, one.decision) == (AcceptanceState.READY, Decision.REJECTED)


def test_a_hall_that_was_offline_receives_what_nobody_announced(front: Pretend, back: Pretend) -> None:
    first, second = front.accept(1), None
    front.finish(1)
    front.take(matter="licence")
    front.begin(1)
    second = front.accept(1)
    sent = sent_by(front, "BA900", first, second)
    empty = c.ReceiveConsignment(consignment=sent.consignment, receipts=())
    assert back.refused(empty) == Code.MALFORMED
    back.do(c.ReceiveConsignment(consignment=sent.consignment, receipts=(first,)))
    back.later(hours=24)
    back.do(announce(sent))
    papers = back.hall.consignments[sent.consignment]
    assert (papers.state, papers.missing) == (ConsignmentState.RECEIVED, (second,))
    assert back.hall.acceptances[first].matter == "licence"
    front.do(c.ConfirmConsignment(consignment=sent.consignment, receipts=(first,)))
    assert (state(front, first), state(front, second)) == (AcceptanceState.RECEIVED, AcceptanceState.SENT)
    back.do(c.ReceiveConsignment(consignment=sent.consignment, receipts=(second,)))
    assert back.hall.consignments[sent.consignment].missing == ()
    front.do(c.ConfirmConsignment(consignment=sent.consignment, receipts=(second, first)))
    assert state(front, second) is AcceptanceState.RECEIVED


def test_an_announcement_that_contradicts_what_came_or_names_other_halls_receipts_is_refused(
    front: Pretend, back: Pretend
) -> None:
    sent = sent_by(front, "BA900", front.accept(1))
    back.do(c.ReceiveConsignment(consignment=sent.consignment, receipts=sent.receipts))
    own = "BA900-261124-0001"
    for wrong in (
        replace(announce(sent), carries=Carries.RESULTS),
        replace(announce(sent), carries=Carries.RESULTS, receipts=(own,), matters=()),
        replace(announce(sent), receipts=(own,), matters=()),
        replace(announce(sent), receipts=("BA007-261124-0001",), matters=()),
        replace(announce(sent), consignment="BA001-261124-C09", carries=Carries.RESULTS),
    ):
        assert back.refused(wrong) == Code.WRONG_STATE, wrong
    assert back.do(announce(sent))


def test_what_is_said_twice_changes_nothing(front: Pretend, back: Pretend) -> None:
    receipt = front.accept(1)
    sent = sent_by(front, "BA900", receipt)
    received = c.ReceiveConsignment(consignment=sent.consignment, receipts=(receipt,))
    for command in (announce(sent), received):
        assert back.do(command)
        assert back.do(command) == []
    confirmed = c.ConfirmConsignment(consignment=sent.consignment, receipts=(receipt,))
    assert front.do(confirmed)
    assert front.do(confirmed) == []
    assert front.do(c.ConfirmConsignment(consignment="BA001-250101-C01", receipts=())) == []


def test_papers_that_do_not_arrive_are_alerted_of_at_both_ends(front: Pretend, back: Pretend) -> None:
    sent = sent_by(front, "BA900", front.accept(1))
    back.do(announce(sent))
    for hall in (front, back):
        hall.until("2026-11-26 12:00:00")
        hall.tick()
        assert hall.hall.alerts == {} or "consignment_overdue" not in str(hall.hall.alerts)
        hall.until("2026-11-26 13:30:00")
        hall.tick()
        assert f"{AlertKind.CONSIGNMENT_OVERDUE}/{sent.consignment}" in hall.hall.alerts
    back.do(c.ReceiveConsignment(consignment=sent.consignment, receipts=sent.receipts))
    back.tick()
    assert "consignment_overdue" not in str(back.hall.alerts)


def test_what_does_not_belong_on_a_list_is_refused(front: Pretend, back: Pretend) -> None:
    receipt = front.accept(1)
    for command, code in (
        (c.SendConsignment(to_hall="BA001", receipts=(receipt,)), Code.MALFORMED),
        (c.SendConsignment(to_hall="BA900", receipts=(receipt, "BA001-261124-0009")), Code.UNKNOWN_RECEIPT),
        (c.SendConsignment(to_hall="BA900", receipts=(receipt,), carries=Carries.RESULTS), Code.WRONG_STATE),
        (c.ReceiveConsignment(consignment="BA001-261124-C01", receipts=(receipt,)), Code.WRONG_STATE),
        (c.ReceiveConsignment(consignment="BA900-261124-C01", receipts=(receipt,)), Code.WRONG_STATE),
        (c.ReceiveConsignment(consignment="BA900-261124-C01", receipts=("BA007-261124-0001",)), Code.WRONG_STATE),
    ):
        assert front.refused(command, MANAGER) == code, command
    sent = sent_by(front, "BA900", receipt)
    assert front.refused(c.SendConsignment(to_hall="BA900", receipts=(receipt,))) == Code.WRONG_STATE
    wrong = c.ReceiveConsignment(consignment=sent.consignment, receipts=(receipt,), carries=Carries.RESULTS)
    assert back.refused(wrong) == Code.WRONG_STATE


def test_a_restored_hall_gives_no_receipt_that_it_may_have_given_before(front: Pretend) -> None:
    front.accept(1)
    front._apply(
        [e.EpochStarted(epoch="e2", seq=front.hall.seq + 1, at_ms=front.now_ms, by="hall", origin=e.Origin.RESTORE)]
    )
    front.finish(1)
    front.take(matter="licence")
    front.begin(1)
    assert front.accept(1) == "BA001-261124-1001"
