"""Accepted in a community, decided in the district, handed out in the community: three halls, days off the line."""

from collections import Counter
from pathlib import Path
from typing import Any

import pytest

from hall_controller.bus import wire
from hall_controller.domain import commands as c
from hall_controller.domain import events as e
from hall_controller.domain.acceptance import AcceptanceState, Carries, ConsignmentState, Decision
from hall_controller.domain.alert import AlertKind
from hall_controller.domain.refusal import Code, Refusal
from tests.district.papers import COMMUNITY, DISTRICT, PHYSICAL, STREET, Papers, accept, receive, send
from tests.support import RunningHall, hall_command, wait_for

pytestmark = pytest.mark.timeout(240)
COMPANY = "91440300MA5EXAMPLE"


@pytest.fixture
def papers(tmp_path: Path) -> Papers:
    papers = Papers(tmp_path)
    (papers.dir(COMMUNITY) / "credit.csv").write_text(f"applicant,rating\n{COMPANY},good\n", "utf-8")
    return papers


def on_credit(hall: RunningHall) -> str:
    """Accepted with its second document to come later."""
    hall.do(c.IssueTicket(matter=PHYSICAL), "reception")
    hall.do(c.CallNext(counter=1), "counter-1")
    hall.do(c.StartService(counter=1), "counter-1")
    told = hall.do(wire.Credit(applicant=COMPANY, matter=PHYSICAL), "counter-1")
    assert told.later == (2,)
    refused = hall.do(c.AcceptMatter(counter=1, applicant="somebody", outstanding=(2,)), "counter-1")
    assert refused.code is Code.DOCUMENTS_NEEDED
    accepted = hall.do(c.AcceptMatter(counter=1, applicant=COMPANY, outstanding=(2,)), "counter-1")
    assert isinstance(accepted, wire.Accepted), accepted
    hall.do(c.FinishService(counter=1), "counter-1")
    hall.do(c.EndWrapUp(counter=1), "counter-1")
    return str(accepted.receipt)


def next_day(halls: dict[str, RunningHall], day: str, *ids: str) -> None:
    """By each hall's own clock; overnight its counters were closed."""
    for hall in ids:
        halls[hall].set_clock(f"{day} 09:05:00")
        halls[hall].do(c.OpenCounter(counter=1, clerk="007"), "counter-1")


def done(reply: Any) -> Any:
    assert isinstance(reply, wire.Accepted), reply
    return reply


def test_a_paper_goes_its_whole_way(papers: Papers) -> None:
    with papers.running() as halls:
        receipts, other, sent = send_while_away(papers, halls)
        receive_with_one_missing(papers, halls, receipts, sent)
        back = decide_and_send_back(papers, halls, receipts)
        hand_out(halls[COMMUNITY], receipts)
        papers.pass_on()
        state = halls[COMMUNITY].state()
        assert set(state.acceptances) == {other}
        assert (state.totals.accepted, state.totals.handed_out) == (4, 3)
        assert papers.status()["counts"] == {
            "waiting": 0, "accepted": 5, "superseded": 1, "failed": 0, "dismissed": 0,
        }  # fmt: skip
    the_journals_agree(papers, receipts, sent, back)


def send_while_away(papers: Papers, halls: dict[str, RunningHall]) -> tuple[list[str], str, str]:
    """The district's hall is away for a day, and the papers go all the same."""
    community = halls[COMMUNITY]
    receipts = [accept(community), accept(community), on_credit(community)]
    other = accept(community)
    assert {community.state().acceptances[receipt].to_hall for receipt in receipts} == {DISTRICT}
    halls[DISTRICT].kill()
    with papers.passing_on():
        sent, to_street = send(community, DISTRICT, *receipts), send(community, STREET, other)
        wait_for(lambda: to_street in halls[STREET].state().consignments, "the street's hall knows")
        next_day(halls, "2026-11-25", COMMUNITY, STREET)
        (waiting,) = wait_for(lambda: papers.status()["waiting"], "what waits for the district's hall")
        assert (waiting["to_hall"], waiting["subject"]) == (DISTRICT, sent)
    return receipts, other, sent


def receive_with_one_missing(papers: Papers, halls: dict[str, RunningHall], receipts: list[str], sent: str) -> None:
    """They come before their announcement: what is scanned counts. One is missing, and is found days later."""
    community, district = both = halls[COMMUNITY], halls[DISTRICT]
    district.start()
    next_day(halls, "2026-11-25", DISTRICT)
    receive(district, sent, *receipts[:2])
    assert district.state().consignments[sent].missing == ()
    papers.pass_on()
    assert [hall.state().consignments[sent].missing for hall in both] == [(receipts[2],)] * 2
    assert district.state().acceptances[receipts[0]].matter == PHYSICAL
    states = community.state().acceptances
    assert [states[receipt].state for receipt in receipts] == [
        AcceptanceState.RECEIVED, AcceptanceState.RECEIVED, AcceptanceState.SENT,
    ]  # fmt: skip
    for day in ("2026-11-26", "2026-11-27"):
        next_day(halls, day, COMMUNITY, DISTRICT)
    assert [overdue(hall) for hall in both] == [[sent]] * 2
    receive(district, sent, receipts[2])
    papers.pass_on()
    assert [hall.state().consignments[sent].missing for hall in both] == [()] * 2
    next_day(halls, "2026-11-30", COMMUNITY, DISTRICT)
    assert [overdue(hall) for hall in both] == [[]] * 2


def overdue(hall: RunningHall) -> list[str]:
    """Lists that the hall's alerts name; the one to the street, which nobody scans, is left out."""
    alerts = [one for one in hall.state().alerts.values() if one.alert is AlertKind.CONSIGNMENT_OVERDUE]
    consignments = hall.state().consignments
    return [one.subject for one in alerts if consignments[one.subject].to_hall != STREET]


def decide_and_send_back(papers: Papers, halls: dict[str, RunningHall], receipts: list[str]) -> str:
    """Decided at the back; the results come while the community's hall is away."""
    community, district = halls[COMMUNITY], halls[DISTRICT]
    done(community.do(c.SupplyDocuments(receipt=receipts[2]), "counter-1"))
    for receipt, decision in zip(receipts, (Decision.GRANTED, Decision.REJECTED, Decision.GRANTED), strict=True):
        done(district.do(c.ReportResult(receipt=receipt, decision=decision), "manager"))
    community.kill()
    back = send(district, COMMUNITY, *receipts, carries=Carries.RESULTS)
    assert papers.relay("--once").returncode == 4
    community.start()
    papers.pass_on()
    assert community.state().consignments[back].state is ConsignmentState.ANNOUNCED
    receive(community, back, *receipts, carries=Carries.RESULTS)
    papers.pass_on()
    assert {community.state().acceptances[receipt].state for receipt in receipts} == {AcceptanceState.READY}
    assert district.state().acceptances == {}, "nothing of it is left to do there"
    return back


def hand_out(hall: RunningHall, receipts: list[str]) -> None:
    """One window hands out, to those who hold a ticket for it."""
    done(hall.do(c.NarrowCounter(counter=1, groups=("pickup",)), "counter-1"))
    for receipt in receipts:
        ticket = done(hall.do(c.IssueTicket(matter="pickup-id", receipt=receipt), "reception")).ticket
        assert done(hall.do(c.CallNext(counter=1), "counter-1")).ticket == ticket
        for command in (c.StartService(counter=1), c.HandOut(counter=1, receipt=receipt), c.FinishService(counter=1)):
            done(hall.do(command, "counter-1"))
        hall.do(c.EndWrapUp(counter=1), "counter-1")
    assert isinstance(hall.do(c.HandOut(counter=1, receipt=receipts[0]), "counter-1"), Refusal)


def the_journals_agree(papers: Papers, receipts: list[str], sent: str, back: str) -> None:
    """Counted anew, event by event, without the hall's own state."""
    at_a = {kind: papers.events(COMMUNITY, kind) for kind in (e.MatterAccepted, e.ResultHandedOut)}
    assert [event.receipt for event in at_a[e.MatterAccepted]][:3] == receipts
    assert Counter(event.receipt for event in at_a[e.ResultHandedOut]) == dict.fromkeys(receipts, 1)
    assert Counter(event.receipt for event in papers.events(DISTRICT, e.ResultReported)) == dict.fromkeys(receipts, 1)
    for consignment, sender, receiver in ((sent, COMMUNITY, DISTRICT), (back, DISTRICT, COMMUNITY)):
        (list_,) = [one for one in papers.events(sender, e.ConsignmentSent) if one.consignment == consignment]
        announced = [one for one in papers.events(receiver, e.ConsignmentAnnounced) if one.consignment == consignment]
        assert [(one.receipts, one.matters, one.decisions, one.sent_at_ms, one.due_ms) for one in announced] == [
            (list_.receipts, list_.matters, list_.decisions, list_.at_ms, list_.due_ms)
        ]
        received = [one for one in papers.events(receiver, e.ConsignmentReceived) if one.consignment == consignment]
        confirmed = [one for one in papers.events(sender, e.ConsignmentConfirmed) if one.consignment == consignment]
        assert [set(one.receipts) for one in received] == [set(one.receipts) for one in confirmed]
        assert set(received[-1].receipts) == set(list_.receipts)
    for hall in papers.ids:
        checked = hall_command("check", papers.dir(hall)).stdout
        assert "events replay" in checked, checked
