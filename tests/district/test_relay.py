"""The relay over real controllers: whatever is cut, killed or restored, each hall is told everything, once."""

import contextlib
import random
import shutil
import sqlite3
import time
from collections import Counter
from pathlib import Path

import pytest

from hall_controller.bus import wire
from hall_controller.domain import commands as c
from hall_controller.domain import events as e
from hall_controller.domain.acceptance import Carries, ConsignmentState, Decision, Delivery
from tests.district.papers import COMMUNITY, DISTRICT, STREET, Papers, accept, receive, send
from tests.support import hall_command, start_controller, wait_for

pytestmark = pytest.mark.timeout(240)


@pytest.fixture
def papers(tmp_path: Path) -> Papers:
    return Papers(tmp_path)


def told(papers: Papers, hall: str, kind: type[e.Event]) -> Counter[str]:
    return Counter(event.consignment for event in papers.events(hall, kind))


def test_papers_are_announced_where_they_go_and_confirmed_where_they_come_from(papers: Papers) -> None:
    with papers.running() as halls:
        receipts = [accept(halls[COMMUNITY]) for _ in range(3)]
        sent = send(halls[COMMUNITY], DISTRICT, *receipts)
        papers.pass_on()
        announced = halls[DISTRICT].state().consignments[sent]
        known = halls[COMMUNITY].state().consignments[sent]
        assert announced.state is ConsignmentState.ANNOUNCED
        assert (announced.receipts, announced.matters) == (known.receipts, known.matters)
        assert (announced.sent_at_ms, announced.due_ms) == (known.sent_at_ms, known.due_ms)
        receive(halls[DISTRICT], sent, *receipts[:2])
        papers.pass_on()
        assert halls[COMMUNITY].state().consignments[sent].missing == (receipts[2],)
        receive(halls[DISTRICT], sent, receipts[2])
        papers.pass_on()
        assert halls[COMMUNITY].state().consignments[sent].missing == ()
        papers.pass_on()
        assert told(papers, DISTRICT, e.ConsignmentAnnounced) == {sent: 1}
        assert told(papers, COMMUNITY, e.ConsignmentConfirmed) == {sent: 2}
        counts = papers.status()["counts"]
        assert (counts["waiting"], counts["failed"], counts["accepted"]) == (0, 0, 2)


def test_a_result_that_went_by_post_is_over_where_it_was_accepted(papers: Papers) -> None:
    with papers.running() as halls:
        receipts = [accept(halls[COMMUNITY]) for _ in range(2)]
        sent = send(halls[COMMUNITY], DISTRICT, *receipts)
        receive(halls[DISTRICT], sent, receipts[0])
        for delivery, receipt in zip((Delivery.POST, Delivery.ELECTRONIC), receipts, strict=True):
            receive(halls[DISTRICT], sent, receipt)
            report = c.ReportResult(receipt=receipt, decision=Decision.GRANTED, delivery=delivery)
            assert isinstance(halls[DISTRICT].do(report), wire.Accepted)
        papers.pass_on()
        assert papers.status()["failed"] == []
        assert halls[COMMUNITY].state().acceptances == {}
        reported = papers.events(COMMUNITY, e.ResultReported)
        assert [(event.receipt, event.by) for event in reported] == [(receipt, "district") for receipt in receipts]


def test_what_waits_for_a_hall_that_is_away_is_listed_and_told_when_it_is_back(papers: Papers) -> None:
    with papers.running() as halls, papers.passing_on():
        halls[DISTRICT].kill()
        consignments = [send(halls[COMMUNITY], DISTRICT, accept(halls[COMMUNITY])) for _ in range(2)]
        wait_for(lambda: len(papers.status()["waiting"]) == 2, "both announcements in the outbox")
        waiting = wait_for(
            lambda: [one for one in papers.status()["waiting"] if "no answer" in one["reason"]], "the reason"
        )
        assert [(one["to_hall"], one["from_hall"], one["subject"]) for one in waiting] == [
            (DISTRICT, COMMUNITY, consignment) for consignment in consignments
        ]
        shown = papers.relay("--status").stdout
        assert "2 messages wait" in shown
        assert consignments[1] in shown
        once = hall_command("district", "relay", *papers.relay_words("--once"))
        assert once.returncode == 2, "two relays over one outbox"
        assert "another relay works" in once.stderr
        halls[DISTRICT].start()
        wait_for(lambda: not papers.status()["waiting"], "both announcements at the hall")
        assert told(papers, DISTRICT, e.ConsignmentAnnounced) == dict.fromkeys(consignments, 1)


def test_a_relay_killed_at_random_loses_and_doubles_nothing(papers: Papers) -> None:
    rng = random.Random()
    sent: list[str] = []
    with papers.running() as halls:
        receipts = {hall: [accept(halls[hall]) for _ in range(8)] for hall in (COMMUNITY, STREET)}
        for number in range(8):
            with papers.passing_on() as relay:
                for hall in (COMMUNITY, STREET):
                    receipt = receipts[hall][number]
                    consignment = send(halls[hall], DISTRICT, receipt)
                    sent.append(consignment)
                    if number % 2:
                        receive(halls[DISTRICT], consignment, receipt)  # before or after its announcement
                wait_for(papers.outbox.exists)
                time.sleep(rng.random() * 0.6)  # waits for nothing: the moment of the kill is to be any
                relay.kill()
                relay.wait()
        papers.pass_on()
        received = {consignment for consignment in sent if halls[DISTRICT].state().consignments[consignment].missing}
        assert not received
        assert told(papers, DISTRICT, e.ConsignmentAnnounced) == dict.fromkeys(sent, 1)
        confirmed = told(papers, COMMUNITY, e.ConsignmentConfirmed) + told(papers, STREET, e.ConsignmentConfirmed)
        assert confirmed == told(papers, DISTRICT, e.ConsignmentReceived)
        assert set(confirmed.values()) == {1}
        assert len(confirmed) == 8


def test_a_relay_killed_between_answer_and_note_is_answered_alike(papers: Papers) -> None:
    """The hall has done it; only the outbox does not know: told again under the same request id, nothing happens."""
    with papers.running() as halls:
        sent = send(halls[COMMUNITY], DISTRICT, accept(halls[COMMUNITY]))
        halls[DISTRICT].kill()
        assert papers.relay("--once").returncode == 4
        shutil.copy(papers.outbox, papers.where / "before.db")
        halls[DISTRICT].start()
        papers.pass_on()
        seq = halls[DISTRICT].state().seq
        for left in papers.where.glob("relay.db*"):
            left.unlink()
        shutil.copy(papers.where / "before.db", papers.outbox)
        halls[DISTRICT].kill()
        halls[DISTRICT].start()
        papers.pass_on()
        assert halls[DISTRICT].state().seq - seq <= 1, "nothing but its own restart"
        assert told(papers, DISTRICT, e.ConsignmentAnnounced) == {sent: 1}


def test_a_lost_outbox_is_made_anew_from_the_journals(papers: Papers) -> None:
    with papers.running() as halls:
        receipt = accept(halls[COMMUNITY])
        sent = send(halls[COMMUNITY], DISTRICT, receipt)
        receive(halls[DISTRICT], sent, receipt)
        papers.pass_on()
        for left in papers.where.glob("relay.db*"):
            left.unlink()
        papers.pass_on()
        assert told(papers, DISTRICT, e.ConsignmentAnnounced) == {sent: 1}
        assert told(papers, COMMUNITY, e.ConsignmentConfirmed) == {sent: 1}


def test_a_restored_hall_is_read_afresh_and_told_what_it_has_lost(papers: Papers, tmp_path: Path) -> None:
    with papers.running() as halls:
        early = accept(halls[COMMUNITY])
        first = send(halls[COMMUNITY], DISTRICT, early)
        papers.pass_on()
        assert hall_command("backup", papers.dir(DISTRICT), tmp_path / "backup").returncode == 0
        late = accept(halls[COMMUNITY])
        second = send(halls[COMMUNITY], DISTRICT, late)
        receive(halls[DISTRICT], first, early)
        papers.pass_on()
        halls[DISTRICT].stop()
        shutil.move(papers.dir(DISTRICT), tmp_path / "broken")
        assert hall_command("restore", tmp_path / "backup", papers.dir(DISTRICT)).returncode == 0
        halls[DISTRICT].start()
        assert second not in halls[DISTRICT].state().consignments
        papers.pass_on()
        state = halls[DISTRICT].state()
        assert state.consignments[second].state is ConsignmentState.ANNOUNCED
        assert state.consignments[first].state is ConsignmentState.ANNOUNCED, "its receiving was lost with the box"
        receive(halls[DISTRICT], first, early)
        receive(halls[DISTRICT], second, late)
        papers.pass_on()
        assert told(papers, DISTRICT, e.ConsignmentAnnounced) == {first: 1, second: 1}
        assert told(papers, COMMUNITY, e.ConsignmentConfirmed) == {first: 1, second: 1}


def test_a_restored_sender_doubles_nothing(papers: Papers, tmp_path: Path) -> None:
    with papers.running() as halls:
        receipt, other = accept(halls[COMMUNITY]), accept(halls[COMMUNITY])
        first = send(halls[COMMUNITY], DISTRICT, receipt)
        papers.pass_on()
        assert hall_command("backup", papers.dir(COMMUNITY), tmp_path / "backup").returncode == 0
        receive(halls[DISTRICT], first, receipt)
        papers.pass_on()
        halls[COMMUNITY].stop()
        shutil.move(papers.dir(COMMUNITY), tmp_path / "broken")
        assert hall_command("restore", tmp_path / "backup", papers.dir(COMMUNITY)).returncode == 0
        halls[COMMUNITY].start()
        assert halls[COMMUNITY].state().consignments[first].state is ConsignmentState.SENT
        papers.pass_on()
        assert halls[COMMUNITY].state().consignments[first].state is ConsignmentState.RECEIVED, "told again"
        later = send(halls[COMMUNITY], DISTRICT, other)
        papers.pass_on()
        assert later != first
        assert told(papers, DISTRICT, e.ConsignmentAnnounced) == {first: 1, later: 1}


def test_papers_for_a_hall_that_nobody_knows_wait_and_are_shown(papers: Papers) -> None:
    with papers.running() as halls:
        (papers.bundles / f"{STREET}.toml").unlink()
        sent = [send(halls[COMMUNITY], to, accept(halls[COMMUNITY])) for to in ("BA999", STREET)]
        papers.pass_on()
        reasons = {one["subject"]: one["reason"] for one in papers.status()["waiting"]}
        assert "the inventory has no hall BA999" in reasons[sent[0]]
        assert "no bundle of BA002 yet" in reasons[sent[1]]
        papers.enlist(STREET)
        papers.pass_on()
        assert sent[1] in halls[STREET].state().consignments
        assert [one["to_hall"] for one in papers.status()["waiting"]] == ["BA999"]


def test_a_refusal_for_ever_is_kept_with_its_reason(papers: Papers) -> None:
    """A list of its own comes back to a hall, as no relay of ours would do it."""
    with papers.running() as halls:
        sent = send(halls[COMMUNITY], DISTRICT, accept(halls[COMMUNITY]))
        papers.pass_on()
    own = c.AnnounceConsignment(
        consignment="BA001-261124-C01",
        carries=Carries.MATERIALS,
        receipts=("BA001-261124-0001",),
        sent_at_ms=1,
        due_ms=2,
    )
    with contextlib.closing(sqlite3.connect(papers.outbox)) as database, database:
        values = (wire.encode(own), own.consignment, sent)
        database.execute(
            "UPDATE messages SET state = 'waiting', round = 9, body = ?, subject = ? WHERE subject = ?", values
        )
    with start_controller(papers.dir(DISTRICT)):
        assert papers.relay("--once").returncode == 4, "the other halls are off"
        status = papers.relay("--status")
        assert status.returncode == 1
        assert "wrong_state: BA001-261124-C01 was sent from here" in status.stdout
        (failed,) = papers.status()["failed"]
        assert papers.relay("--again", "99").returncode == 2
        assert papers.relay("--again", str(failed["id"])).returncode == 0
        assert papers.status()["failed"] == []
        papers.relay("--once")
        assert len(papers.status()["failed"]) == 1
        assert papers.relay("--dismiss", str(failed["id"])).returncode == 0
        assert papers.status()["counts"]["dismissed"] == 1


def test_real_halls_and_rehearsals_are_not_mixed(tmp_path: Path) -> None:
    papers = Papers(tmp_path)
    with start_controller(papers.dir(COMMUNITY)):
        papers.rehearsal = False
        refused = papers.relay("--once")
        assert refused.returncode == 4
        assert "it is a rehearsal, whose papers are none" in refused.stderr
        papers.rehearsal = True
        papers.relay("--once")
        papers.rehearsal = False
        mixed = papers.relay("--once")
        assert mixed.returncode == 2
        assert "is the outbox of a rehearsal; add --rehearsal" in mixed.stderr
    no_bundles = hall_command("district", "relay", "--inventory", papers.inventory)
    assert no_bundles.returncode == 2
    assert "Give --bundles DIR" in no_bundles.stderr
