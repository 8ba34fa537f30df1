"""Receipts and papers between halls as the terminals see them. Pure."""

import pytest

from counter_client.clerk.accepting import accepted_words
from counter_client.papers.card import card_rows
from counter_client.papers.receipts import canonical, find, is_consignment, is_receipt, why_nothing
from counter_client.papers.receiving import Tally, opened, scan, tally_rows, tally_words
from counter_client.papers.sending import first_ticks, overdue_words, papers_rows, to_send, under_way
from counter_client.papers.words import (
    consignment_words,
    outstanding,
    owed_words,
    where_words,
    why_no_hand_out,
    why_no_result,
    why_not_withdrawn,
)
from counter_client.words import Tongue, Words
from hall_controller.bus import wire
from hall_controller.domain import commands as c
from hall_controller.domain.acceptance import Carries
from hall_controller.domain.alert import Alert, AlertKind
from hall_controller.domain.hall import in_force
from hall_controller.domain.refusal import Refusal
from hall_controller.domain.rules_acceptance import AcceptanceRules
from tests.terminal.local_hall import CATALOGUE, LocalHall

MATTERS = CATALOGUE.matters
TONGUES: tuple[Tongue, ...] = ("zh", "en")


@pytest.fixture
def local() -> LocalHall:
    made = LocalHall(acceptance=AcceptanceRules(district_hall="BA135"))
    made.do(c.OpenCounter(counter=3, clerk="007"))
    return made


def accept(local: LocalHall, matter: str, *outstanding: int) -> str:
    local.do(c.IssueTicket(matter=matter))
    local.do(c.CallNext(counter=3))
    local.do(c.StartService(counter=3))
    reply = local.do(c.AcceptMatter(counter=3, matter=matter, applicant="GOOD1", outstanding=outstanding))
    assert isinstance(reply, wire.Accepted)
    assert isinstance(reply.receipt, str)
    local.do(c.FinishService(counter=3))
    return reply.receipt


def test_who_accepts_while_the_printer_has_no_paper_is_told_at_once(local: LocalHall) -> None:
    receipt = accept(local, "tax-declare")
    reply, wanted = wire.Accepted(9, receipt=receipt), c.AcceptMatter(counter=3, print_at="kiosk")
    assert accepted_words(wanted, reply, local.hall).zh.endswith("在 kiosk 打印。")
    assert local.hall is not None
    out = Alert(AlertKind.PAPER_OUT, "printer", 0, local.at_ms, local.at_ms)
    local.hall.alerts["paper_out/printer"] = out
    said = accepted_words(wanted, reply, local.hall)
    assert "取号纸已用完（printer）：没打出来请先抄给来访者，修好后补打" in said.zh
    assert "paper is out (printer): without paper write it down" in said.en
    assert "抄" not in accepted_words(c.AcceptMatter(counter=3), reply, local.hall).zh, "none was asked for"


def announce(local: LocalHall, consignment: str, *receipts: str, carries: Carries = Carries.MATERIALS) -> None:
    local.do(
        c.AnnounceConsignment(
            consignment=consignment,
            carries=carries,
            receipts=receipts,
            sent_at_ms=local.at_ms - 1,
            due_ms=local.at_ms + 1000,
        )
    )


def test_a_receipt_is_known_however_it_was_typed(local: LocalHall) -> None:
    receipt = accept(local, "tax-declare")
    for typed in (receipt.lower(), f" {receipt} ", "ＢＡ００１－261124－0001", "BA001–261124–0001"):
        assert canonical(local.state, typed) == receipt
        assert [one.receipt for one in find(local.state, typed)] == [receipt]
    for typed in ("1", "0001"):
        assert [one.receipt for one in find(local.state, typed)] == [receipt]
    assert find(local.state, "2") == find(local.state, "x") == []


def test_receipts_and_lists_are_told_apart() -> None:
    assert is_receipt("BA001-261128-0007")
    assert is_consignment("BA001-261128-C01")
    assert not is_receipt("BA001-261128-C01")
    assert not is_consignment("A001")


@pytest.mark.parametrize("typed", ["", "A001", "BA001-261124-0099", "x" * 80])
def test_what_is_wrong_with_a_receipt_is_said(local: LocalHall, typed: str) -> None:
    accept(local, "tax-declare")
    assert why_nothing(local.state, typed) is not None


def test_every_stand_of_a_receipt_has_words_and_the_keys_agree_with_the_hall(local: LocalHall) -> None:
    """Two tellers of one rule: what the card calls possible, the hall does."""
    receipt = accept(local, "permit-food-change", 2)
    announce(local, "BA020-261120-C01", "BA020-261120-0004")
    local.do(c.ReceiveConsignment(consignment="BA020-261120-C01", receipts=("BA020-261120-0004",)))
    steps: list[c.Command] = [
        c.SupplyDocuments(receipt=receipt),
        c.SendConsignment(to_hall="BA135", receipts=(receipt,)),
        c.ConfirmConsignment(consignment="BA001-261124-C01", receipts=(receipt,)),
        c.ReceiveConsignment(consignment="BA135-261124-C01", receipts=(receipt,), carries=Carries.RESULTS),
        c.ReportResult(receipt="BA020-261120-0004"),
        c.SendConsignment(to_hall="BA020", receipts=("BA020-261120-0004",), carries=Carries.RESULTS),
    ]
    told: set[Words] = set()
    for step in (None, *steps):
        if step is not None:
            assert isinstance(local.do(step), wire.Accepted), step
        for one in local.state.acceptances.values():
            told.add(where_words(one))
            for tongue in TONGUES:
                assert card_rows(one, local.state, MATTERS, tongue, local.at_ms)
            for why, command in (
                (why_no_hand_out(one), c.HandOut(counter=3, receipt=one.receipt)),
                (why_no_result(one), c.ReportResult(receipt=one.receipt)),
                (why_not_withdrawn(one), c.WithdrawAcceptance(receipt=one.receipt)),
            ):
                assert (why is not None) == isinstance(tried(local, command), Refusal), (one, command)
    assert len(told) == 7


def tried(local: LocalHall, command: c.Command) -> object:
    """What the hall would say, with nothing done."""
    from hall_controller.domain.decide import decide
    from hall_controller.domain.decisions.common import Moment
    from hall_controller.domain.sender import HALL

    return decide(local.state, command, Moment(at_ms=local.at_ms, by=HALL, catalogue=CATALOGUE))


def test_what_is_owed_is_told_with_its_day(local: LocalHall) -> None:
    one = local.state.acceptances[accept(local, "medical-maternity", 2, 3)]
    assert owed_words(one) == Words("缺 2 项，12-08 前补", "2 to come by 12-08")
    assert outstanding(one)[0] == Words("诊断证明或出院小结", "Diagnosis or discharge summary")
    assert owed_words(local.state.acceptances[accept(local, "tax-declare")]) is None
    rows = "\n".join(row.plain for row in card_rows(one, local.state, MATTERS, "zh", local.at_ms))
    assert "12-08 前补齐" in rows
    late = "\n".join(row.plain for row in card_rows(one, local.state, MATTERS, "zh", local.at_ms + 30 * 86_400_000))
    assert "已过期" in late


def test_what_must_be_sent_is_grouped_by_hall_and_only_what_is_complete_is_ticked(local: LocalHall) -> None:
    whole, owing = accept(local, "permit-transport"), accept(local, "permit-food-change", 2)
    accept(local, "tax-declare")
    [batch] = to_send(local.state)
    assert (batch.to_hall, batch.carries) == ("BA135", Carries.MATERIALS)
    assert [one.receipt for one in batch.receipts] == [whole, owing]
    assert first_ticks([batch]) == {whole}


def test_the_list_of_papers_fits_and_shows_what_is_overdue_first(local: LocalHall) -> None:
    accept(local, "permit-transport")
    announce(local, "BA020-261120-C01", "BA020-261120-0004")
    local.later(10)
    announce(local, "BA021-261120-C01", "BA021-261120-0004")
    assert under_way(local.state, local.at_ms)[1][0].consignment == "BA020-261120-C01"
    assert overdue_words(local.state, local.at_ms) == Words("1 批厅际材料逾期，按 Y 查看", "1 overdue between halls: Y")
    for tongue in TONGUES:
        batches = to_send(local.state)
        rows = papers_rows(local.state, batches, first_ticks(batches), MATTERS, tongue, local.at_ms)
        assert all(row.text.cell_length <= 110 for row in rows)
        assert ("逾期" if tongue == "zh" else "OVERDUE") in "\n".join(row.text.plain for row in rows)
    empty = LocalHall()
    assert [row.text.plain for row in papers_rows(empty.state, [], (), MATTERS, "zh", empty.at_ms)] == [
        "没有要送的 nothing to send"
    ]


def test_the_tally_counts_what_was_announced_scanned_and_missing(local: LocalHall) -> None:
    one, two, strange = (f"BA020-261120-000{n}" for n in (1, 2, 3))
    announce(local, "BA020-261120-C01", one, two)
    tally = opened(local.state, "BA020-261120-C01")
    assert isinstance(tally, Tally)
    for typed in (one, strange):
        tally = scan(local.state, tally, typed)
        assert isinstance(tally, Tally)
    assert (tally.missing, tally.unlisted, tally.is_new) == ((two,), (strange,), True)
    assert tally_words(tally) == Words("清单 2 件，已扫 2，还缺 1", "2 announced, 2 scanned, 1 missing")
    assert len(tally_rows(tally, "zh", 2)) == 2


@pytest.mark.parametrize("wrong", ["BA021-261120-0001", "BA001-261124-0001", "A001", "BA020-261120-C02"])
def test_what_cannot_be_on_a_list_is_refused_at_its_scan(local: LocalHall, wrong: str) -> None:
    accept(local, "tax-declare")
    announce(local, "BA020-261120-C01", "BA020-261120-0001")
    tally = opened(local.state, "BA020-261120-C01")
    assert isinstance(tally, Tally)
    tally = scan(local.state, tally, "BA020-261120-0001")
    assert isinstance(tally, Tally)
    assert isinstance(scan(local.state, tally, wrong), Words)


def test_an_unannounced_list_learns_from_its_first_receipt_what_it_carries(local: LocalHall) -> None:
    own = accept(local, "permit-transport")
    results = scan(local.state, Tally("BA135-261120-C01"), own)
    papers = scan(local.state, Tally("BA020-261120-C01"), "BA020-261120-0001")
    assert isinstance(results, Tally)
    assert isinstance(papers, Tally)
    assert (results.carries, papers.carries) == (Carries.RESULTS, Carries.MATERIALS)
    assert isinstance(scan(local.state, results, "BA135-261120-0001"), Words)
    assert isinstance(scan(local.state, Tally("BA135-261120-C01"), "BA001-261124-0099"), Words)


def test_a_consignment_is_told_with_its_day(local: LocalHall) -> None:
    announce(local, "BA020-261120-C01", "BA020-261120-0001", "BA020-261120-0002")
    [one] = local.state.consignments.values()
    rules = in_force(local.state)
    assert consignment_words(one, rules, local.at_ms).zh == "2 件，11-24 09:00 前"
    assert "逾期" in consignment_words(one, rules, local.at_ms + 5000).zh
