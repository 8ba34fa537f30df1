"""The role table as it was agreed, written out once more: whoever widens a role must do it in two places, knowingly."""

import itertools
from typing import Any

import pytest

from hall_controller.bus import wire
from hall_controller.bus.roles import ROLES, check_role
from hall_controller.domain import commands as c
from hall_controller.domain.refusal import Code
from hall_controller.domain.sender import Role, Sender
from hall_controller.reference.tables import tag

READS = "snapshot events_since status matters"
AT_ITS_COUNTER = (
    "open_counter close_counter pause_counter resume_counter hand_over_counter call_next call_ticket recall "
    "start_service finish_service end_wrap_up missed hold resume_ticket transfer serve_unticketed undo "
    "narrow_counter handle_matter accept_matter hand_out"
)
PAPERS = " withdraw_acceptance supply_documents send_consignment receive_consignment report_result reprint_papers"
AGREED = {
    Role.KIOSK: "issue_ticket acknowledge_ticket book_ticket check_in cancel_ticket print_documents report_device "
    "divert",
    Role.RECEPTION: "issue_ticket book_ticket rebook_ticket check_in reprint_ticket cancel_ticket amend_ticket "
    "return_to_queue acknowledge_ticket print_documents report_device ticket_status divert" + PAPERS,
    Role.COUNTER: AT_ITS_COUNTER + " return_to_queue amend_ticket reprint_ticket report_device credit" + PAPERS,
    Role.PRINTER: "report_print report_device ticket_status",
    Role.BOARD: "report_device rate rebook_ticket ticket_status",
    Role.VOICE: "report_device",
    Role.GATEWAY: "book_ticket rebook_ticket check_in cancel_ticket rate ticket_status",
    Role.DISTRICT: "announce_consignment confirm_consignment report_result",
}
KINDS = (*c.EXTERNAL, *wire.QUERIES)


@pytest.mark.parametrize("role", AGREED)
def test_a_role_may_send_what_was_agreed(role: Role) -> None:
    assert {tag(kind) for kind in ROLES[role]} == {*READS.split(), *AGREED[role].split()}


def test_the_manager_may_send_everything_and_every_role_is_known() -> None:
    assert ROLES[Role.MANAGER] == frozenset(KINDS)
    assert set(ROLES) == set(Role)


def test_nobody_may_send_what_the_hall_decides_by_itself() -> None:
    internal = {c.Tick, c.ChangeRules, c.StepClock}
    assert not internal & set(itertools.chain.from_iterable(ROLES.values()))


def test_a_refusal_names_the_role_and_the_command() -> None:
    refusal = check_role(Sender("kiosk", Role.KIOSK), c.CallNext(counter=1))
    assert refusal is not None
    assert (refusal.code, refusal.field) == (Code.NOT_ALLOWED, "type")
    assert refusal.message == "A kiosk may not send call_next."


# Sorted: each worker of a parallel run must collect the same tests in the same order.
AT_COUNTER = sorted((kind for kind in ROLES[Role.COUNTER] if issubclass(kind, c.AtCounter)), key=tag)


@pytest.mark.parametrize("kind", AT_COUNTER, ids=tag)
def test_a_counter_speaks_for_itself_only(kind: type[c.AtCounter]) -> None:
    fields: dict[str, Any] = {"clerk": "007", "ticket": 1, "matter": "x", "receipt": "BA001-261128-0001"}
    own, other = (
        kind(counter=number, **{name: fields[name] for name in fields if name in kind.__struct_fields__})
        for number in (3, 4)
    )
    sender = Sender("counter-3", Role.COUNTER, 3)
    assert check_role(sender, own) is None
    refusal = check_role(sender, other)
    assert refusal is not None
    assert (refusal.code, refusal.field) == (Code.NOT_ALLOWED, "counter")
    assert check_role(Sender("manager", Role.MANAGER), other) is None


def test_a_counter_may_transfer_to_another_but_not_from_another() -> None:
    sender = Sender("counter-3", Role.COUNTER, 3)
    assert check_role(sender, c.Transfer(counter=3, to_counter=4)) is None
    assert check_role(sender, c.Transfer(counter=4, to_counter=3)) is not None


def test_a_gateway_names_a_ticket_by_its_token() -> None:
    gateway = Sender("gateway", Role.GATEWAY)
    for kind in (c.CheckIn, c.CancelTicket, wire.TicketStatus):
        assert check_role(gateway, kind(token="1.x")) is None
        refusal = check_role(gateway, kind(ticket=1))
        assert refusal is not None
        assert refusal.field == "ticket"
        assert check_role(gateway, kind(ticket=1, token="1.x")) is not None
    assert check_role(gateway, c.Rate(stars=5, ticket=1)) is not None
