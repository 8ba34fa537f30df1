"""Papers between halls, by keys and by scanner, against a real controller."""

import time

from counter_client.clerk.guard import Guard
from hall_controller.domain import commands as c
from hall_controller.domain.acceptance import AcceptanceState, Carries, ConsignmentState
from tests.support import RunningHall
from tests.terminal.bench import clerk_at, greeter
from tests.terminal.test_clerk import Happened
from tests.terminal.visiting import accept, receipt_of, scan


def announce(hall: RunningHall, consignment: str, receipts: tuple[str, ...], **wishes: object) -> None:
    now_ms = int(time.time() * 1000)
    command = c.AnnounceConsignment(
        consignment=consignment,
        receipts=receipts,
        carries=Carries.MATERIALS,
        sent_at_ms=now_ms - 86_400_000,
        due_ms=now_ms + 86_400_000,
    )
    hall.do(c.AnnounceConsignment(**{**{f: getattr(command, f) for f in command.__struct_fields__}, **wishes}))


async def test_what_is_ticked_is_sent_on_one_list_that_is_printed(paper_hall: RunningHall) -> None:
    happened = Happened(paper_hall)
    whole, stays = accept(paper_hall, "permit-transport"), accept(paper_hall, "permit-transport")
    owing = accept(paper_hall, "permit-food-change", applicant="GOOD1", outstanding=(2,))
    async with clerk_at(paper_hall) as at:
        await at.press("y")
        await at.until_dialog_with("送 BA135：材料，勾选 2/3", f"[x] {whole}", f"[ ] {owing} ")
        await at.press("down", "space")
        await at.until_dialog_with("勾选 1/3", f"[ ] {stays}")
        await at.press("s")
        await at.until_told("1 件材料送 BA135，交接单在 kiosk 打印")
        await at.press("y")
        await at.until_dialog_with("已送出，还没收齐", "-> BA135")
        await at.press("down", "down", "p")
        await at.until_told("补打，在 kiosk")
    [sent] = happened.all_of("consignment_sent")
    [again] = happened.all_of("papers_reprint_requested")
    assert (again.consignment, again.receipt) == (sent.consignment, None)
    assert (sent.receipts, sent.kiosk) == ((whole,), "kiosk")
    states = [found.state for receipt in (whole, stays) if (found := receipt_of(paper_hall, receipt))]
    assert states == [AcceptanceState.SENT, AcceptanceState.ACCEPTED]


async def test_papers_are_received_by_scanning_with_a_running_tally(paper_hall: RunningHall) -> None:
    one, two = "BA020-261120-0004", "BA020-261120-0009"
    announce(paper_hall, "BA020-261120-C01", (one, two), matters=("permit-transport", "tax-declare"))
    async with greeter(paper_hall) as at:
        await at.until(lambda: at.hall.consignments, "the announcement")
        await at.press("y")
        await at.until_dialog_with("要收到的", "<- BA020")
        await at.press("escape")
        await at.until_main()
        await at.press("u")
        await at.until_dialog()
        await scan(at, "BA020-261120-C01")
        await at.until_dialog_with("清单 2 件，已扫 0，还缺 2")
        await scan(at, one)
        await at.until_dialog_with("清单 2 件，已扫 1，还缺 1")
        await scan(at, one)
        await at.until_dialog_with(f"{one} 已扫过")
        await scan(at, "BA021-261120-0001")
        await at.until_dialog_with("不是 BA020 的回执")
        await at.press("escape")
        await at.until_dialog_with("已扫 1 件没登记：再按 Esc 放弃")
        await at.press("enter")
        await at.until_dialog_with("还缺 1 件：再按回车")
        await at.press("enter")
        await at.until_told("BA020-261120-C01 已收 1 件，缺 1 件")
    found = paper_hall.state().consignments["BA020-261120-C01"]
    assert (found.state, found.missing) == (ConsignmentState.RECEIVED, (two,))
    async with greeter(paper_hall) as at:
        await at.press("u")
        await at.until_dialog()
        await scan(at, "BA020-261120-C01")
        await at.until_dialog_with("清单 2 件，已扫 1，还缺 1")
        await scan(at, two)
        await at.until_dialog_with("还缺 0")
        await at.press("enter")
        await at.until_told("已收 2 件，全部收齐")


async def test_what_was_decided_for_another_hall_goes_back_as_a_result(paper_hall: RunningHall) -> None:
    happened = Happened(paper_hall)
    receipt = "BA021-261120-0004"
    async with clerk_at(paper_hall) as at:
        await at.press("y")
        await at.until_dialog()
        await at.press("r")
        await at.until_dialog()
        await scan(at, "BA021-261120-C01")
        await at.until_dialog_with("已扫 0 件（对方还没告知清单）")
        await scan(at, receipt)
        await at.until_dialog_with("已扫 1 件")
        await at.press("enter")
        await at.until_told("BA021-261120-C01 已收 1 件，清单到后再核对")
        await at.press("u")
        await at.until_dialog()
        await scan(at, receipt)
        await at.until_dialog_with("材料已到本厅，待决定", "对方还没告知")
        await at.press("r")
        await at.until_dialog_with("准予，窗口领取")
        await at.press("1")
        await at.until_told("结果送回 BA021（Y）")
        await at.press("y")
        await at.until_dialog_with("送 BA021：结果，勾选 1/1")
        await at.press("home", "s")
        await at.until_told("1 件结果送 BA021")
    [sent] = happened.all_of("consignment_sent")
    assert (sent.to_hall, sent.carries, sent.receipts) == ("BA021", Carries.RESULTS, (receipt,))


async def test_a_list_of_this_hall_and_a_wrong_barcode_are_told_apart(paper_hall: RunningHall) -> None:
    async with clerk_at(paper_hall) as at:
        await at.press("y")
        await at.until_dialog()
        await at.press("r")
        await at.until_dialog()
        await scan(at, "BA001-261120-C09")
        await at.until_dialog_with("是本大厅送出的，由对方签收")
        await scan(at, "6901234567892")
        await at.until_dialog_with("“6901234567892”不是回执号")
        await at.press("enter")
        await at.until_dialog_with("还没扫到东西")
        await at.press("escape")
        await at.until_main()


async def test_a_receipt_scanned_in_the_list_is_ticked_and_a_list_s_number_opens_it(paper_hall: RunningHall) -> None:
    owing = accept(paper_hall, "permit-food-change", applicant="GOOD1", outstanding=(2,))
    announce(paper_hall, "BA023-261120-C01", ("BA023-261120-0001",))
    async with clerk_at(paper_hall, guard=Guard(repeat_s=0, settle_s=0, scan_s=5)) as at:
        await at.press("y")
        await at.until_dialog_with(f"[ ] {owing}")
        await scan(at, owing)
        await at.until_dialog_with(f"[x] {owing}")
        await scan(at, "BA001-261120-9999")
        await at.until_dialog_with("BA001-261120-9999 不在要送的里面")
        await scan(at, "BA023-261120-C01")
        await at.until_dialog_with("收件", "清单 1 件，已扫 0，还缺 1")


async def test_what_is_overdue_stands_out_and_is_told_at_the_door(paper_hall: RunningHall) -> None:
    late_ms = int(time.time() * 1000) - 3_600_000
    announce(paper_hall, "BA022-261120-C01", ("BA022-261120-0001",), due_ms=late_ms)
    async with greeter(paper_hall) as at:
        await at.until(lambda: "厅际材料逾期，按 Y 查看" in at.shown("notice"), "the notice")
        await at.press("y")
        await at.until_dialog_with("BA022-261120-C01", "逾期")
        await at.press("escape")
        await at.until_main()
        await at.press("l", "y")
        await at.until_dialog_with("OVERDUE")
