"""Pictures of bundles, receipts and papers at a morning that is always the same; `--snapshot-update`, and look."""

from collections.abc import Callable

import pytest
from msgspec.structs import replace

from counter_client.clerk.accepting import sheet
from counter_client.papers.card import CardAct, ReceiptCard, card_rows
from counter_client.papers.scanner import Ear
from counter_client.words import Tongue, Words
from hall_controller.bus import wire
from hall_controller.domain import commands as c
from hall_controller.domain.acceptance import Carries
from hall_controller.domain.credit import Rating
from hall_controller.domain.rules_acceptance import AcceptanceRules
from tests.terminal.local_hall import CATALOGUE, NINE_MS, LocalHall
from tests.terminal.test_screens import LARGE, SMALL, Snap, clerk, greeter

DAY_MS = 86_400_000
WAYS = [
    pytest.param("zh", SMALL, id="zh-80x24"),
    pytest.param("en", LARGE, id="en-120x40", marks=pytest.mark.nightly("screens")),
]
GOOD = [*"GOOD1", "enter"]


def scanned(*codes: str) -> list[str]:
    return [key for code in codes for key in (*code, "enter")]


def opened() -> LocalHall:
    local = LocalHall(acceptance=AcceptanceRules(district_hall="BA135"))
    local.do(c.OpenCounter(counter=3, clerk="007"))
    return local


def serve(local: LocalHall, matter: str, seconds: float, **wishes: object) -> None:
    local.do(c.IssueTicket(matter=matter, **wishes))  # type: ignore[arg-type]
    local.later(60)
    local.do(c.CallNext(counter=3))
    local.do(c.StartService(counter=3))
    local.later(seconds)


def bundle() -> LocalHall:
    """A small shop is closed: three matters of a theme, the first of them done."""
    local = opened()
    more = ("permit-food-change", "tax-declare")
    serve(local, "business-individual-close", 200, more=more, theme="close-shop")
    for matter in ("id-card-renew", "id-card-child"):
        local.do(c.IssueTicket(matter=matter))
    local.do(c.HandleMatter(counter=3, matter="business-individual-close"))
    return local


def papers() -> LocalHall:
    """Some to send, one on its way, some coming and late; a visitor collects the result of receipt 0004."""
    local = opened()
    first, *_ = ("permit-transport", "family-elderly-allowance", "permit-food-change", "business-individual-close")
    for matter in (first, "family-elderly-allowance", "permit-food-change", "business-individual-close", first):
        serve(local, matter, 100)
        later = (2,) if matter == "permit-food-change" else ()
        reply = local.do(c.AcceptMatter(counter=3, matter=matter, applicant="GOOD1", outstanding=later))
        assert isinstance(reply, wire.Accepted), reply
        local.do(c.FinishService(counter=3))
    local.do(c.SendConsignment(to_hall="BA135", receipts=("BA001-261124-0001",)))
    coming = (
        ("BA020-261120-C01", Carries.MATERIALS, ("BA020-261120-0004", "BA020-261120-0009"), -2),
        ("BA135-261123-C02", Carries.RESULTS, ("BA001-261124-0001",), 1),
    )
    for consignment, carries, receipts, due in coming:
        local.do(
            c.AnnounceConsignment(
                consignment=consignment,
                carries=carries,
                receipts=receipts,
                matters=("permit-transport",) * len(receipts),
                sent_at_ms=NINE_MS - 4 * DAY_MS,
                due_ms=NINE_MS + due * DAY_MS,
            )
        )
    local.do(c.ReportResult(receipt="BA001-261124-0004"))
    local.do(c.ReceiveConsignment(consignment="BA021-261120-C01", receipts=("BA021-261120-0004",)))
    local.do(c.ReportResult(receipt="BA021-261120-0004"))
    serve(local, "pickup-card", 20, receipt="BA001-261124-0004")
    return local


def subsidy() -> LocalHall:
    local = opened()
    serve(local, "medical-maternity", 30)
    return local


CLERK_PICTURES: dict[str, tuple[Callable[[], LocalHall], list[str]]] = {
    "bundle": (bundle, []),
    "finish": (bundle, ["f"]),
    "mark": (bundle, ["m"]),
    "documents": (bundle, ["d"]),
    "accept-which": (bundle, ["a"]),
    "accept-whose": (bundle, ["a", "1"]),
    "accept-later": (bundle, ["a", "1", *GOOD, "1"]),
    "accepted": (bundle, ["a", "1", *GOOD, "1", "enter"]),
    "ordinary": (subsidy, ["a", *"X1", "enter"]),
    "barred": (subsidy, ["a", *"BAD1", "enter"]),
    "pickup": (papers, []),
    "receipt": (papers, ["u"]),
    "owing": (papers, ["f", "u", "3", "enter"]),
    "supply": (papers, ["f", "u", "3", "enter", "s"]),
    "result": (papers, ["f", "u", "5", "enter", "r"]),
    "papers": (papers, ["y"]),
    "receive": (papers, ["y", "r", *scanned("BA020-261120-C01", "BA020-261120-0004", "BA020-261120-0077")]),
    "serves": (papers, ["i"]),
    "serves-groups": (papers, ["i", "3", "5"]),
    "results-only": (papers, ["i", "2"]),
}
GREETER_PICTURES: dict[str, list[str]] = {
    "themes": ["i", *"一"],
    "theme": ["i", *"关一家小", "enter"],
    "issue": ["i", *"household-certificate", "enter"],
    "receipt": ["u", "4", "enter"],
    "papers": ["y"],
}


@pytest.mark.parametrize(("tongue", "size"), WAYS)
@pytest.mark.parametrize("name", CLERK_PICTURES)
def test_the_clerk(snap_compare: Snap, name: str, tongue: Tongue, size: tuple[int, int]) -> None:
    make, keys = CLERK_PICTURES[name]
    assert snap_compare(clerk(make(), tongue), press=keys, terminal_size=size)


@pytest.mark.parametrize(("tongue", "size"), WAYS)
@pytest.mark.parametrize("name", GREETER_PICTURES)
def test_the_greeter(snap_compare: Snap, name: str, tongue: Tongue, size: tuple[int, int]) -> None:
    local = papers()
    local.do(c.IssueTicket(matter="business-individual-close", more=("tax-declare",), theme="close-shop"))
    assert snap_compare(greeter(local, tongue), press=GREETER_PICTURES[name], terminal_size=size)


@pytest.mark.parametrize("tongue", ["zh", "en"])
def test_the_list_of_the_greeter(snap_compare: Snap, tongue: Tongue) -> None:
    local = papers()
    local.do(c.IssueTicket(matter="business-individual-close", more=("tax-declare",), theme="close-shop"))
    assert snap_compare(greeter(local, tongue), press=["down"])


async def test_the_longest_sheet_and_card_fit_eighty_by_twenty_four() -> None:
    """With forty documents, the most that a matter may have, the keys below are still in sight."""
    documents = [Words(f"材料{place}", f"Document {place}") for place in range(1, 41)]
    matter = replace(
        CATALOGUE.matters["medical-maternity"],
        documents_zh=tuple(words.zh for words in documents),
        documents_en=tuple(words.en for words in documents),
        later=tuple(range(9, 41)),
    )
    credit = wire.CreditReply(Rating.GOOD, False, "", "", matter.later)
    local = subsidy()
    local.do(c.AcceptMatter(counter=3, matter=matter.code, applicant="GOOD1", outstanding=(2, 3)))
    [one] = local.state.acceptances.values()
    one = replace(one, outstanding_zh=matter.documents_zh, outstanding_en=matter.documents_en)
    rows = card_rows(one, local.state, CATALOGUE.matters, "zh", local.at_ms)
    acts = [CardAct(key, Words("补打", "Reprint"), None) for key in "fsrxp"]
    title = Words("受理", "Accept")
    for dialog in (
        sheet(title, matter, credit, matter.later, "zh"),
        ReceiptCard(title, rows, acts, Ear(), set(), "zh"),
    ):
        async with clerk(local).run_test(size=SMALL) as pilot:
            await pilot.app.push_screen(dialog)
            await pilot.pause()
            box, foot = dialog.query_one(".box"), dialog.query_one(".foot")
            assert box.region.bottom <= SMALL[1]
            assert foot.region.bottom < box.region.bottom
            assert foot.region.height >= 1
