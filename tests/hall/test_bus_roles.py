"""Roles are enforced from the authenticated sender of each message: every role, every command, over the real bus."""

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
import zmq
from msgspec.structs import fields

from hall_controller.bus import wire
from hall_controller.bus.roles import ROLES
from hall_controller.config import load_config
from hall_controller.domain import commands as c
from hall_controller.domain.booking import days, slots
from hall_controller.domain.sender import Role
from hall_controller.making import enroll_device
from hall_controller.reference.tables import tag
from tests.hall.page_client import Json, PageClient
from tests.support import MATTER, RunningHall, make_hall, start_controller

VALUES: Json = {
    "matter": MATTER, "ticket": 999, "counter": 3, "clerk": "007", "slot_at_ms": 4_000_000_000_000, "stars": 5,
    "outcome": "printed", "kind": "paper", "state": "ok", "from_counter": 2, "minutes": 10, "policy": "fcfs",
    "mode": "pull", "reason": "typhoon", "to_ms": 0, "seq": 0, "day": "2099-01-05",
    "way": "zero_run", "receipt": "BA001-261128-0001", "receipts": ["BA002-261128-0001"],
    "consignment": "BA002-261128-C01", "to_hall": "BA002", "sent_at_ms": 0, "due_ms": 0, "carries": "materials",
    "print_at": "kiosk",
    "applicant": "91440300MA5DA0000X",
    "upload": "one", "part": 1, "parts": 2, "text": "code",
}  # fmt: skip
"""A value for every required field of every command: well-formed, though mostly not possible now."""


def request(kind: type[Any]) -> Json:
    body = {"type": tag(kind), **{field.name: VALUES[field.name] for field in fields(kind) if field.required}}
    if "token" in kind.__struct_fields__:
        body["token"] = "1.00000000000000000000"
    return body


@pytest.fixture(scope="module")
def running(tmp_path_factory: pytest.TempPathFactory) -> Iterator[RunningHall]:
    directory = make_hall(tmp_path_factory.mktemp("roles"))
    enroll_device(directory, load_config(directory), "gateway", Role.GATEWAY, None)
    with start_controller(directory) as hall:
        yield hall


def bundle(hall: RunningHall, name: str) -> Path:
    return hall.dir / "devices" / f"{name}.toml"


@pytest.mark.parametrize("role", [role for role in Role if role is not Role.MANAGER])
def test_a_role_may_send_what_the_table_says_and_nothing_else(running: RunningHall, role: Role) -> None:
    name = "counter-3" if role is Role.COUNTER else str(role)
    with PageClient(bundle(running, name)) as device:
        for kind in (*c.EXTERNAL, *wire.QUERIES):
            reply = json.loads(device.exchange(request(kind)))
            may = kind in ROLES[role]
            assert (reply.get("code") == "not_allowed") is not may, (tag(kind), reply)
            if not may:
                assert reply["field"] == "type"
                assert f"A {role} may not send {tag(kind)}" in reply["message"]


def test_the_manager_may_send_everything_but_what_belongs_to_rehearsals(running: RunningHall) -> None:
    with PageClient(bundle(running, "manager")) as manager:
        for kind in (*wire.QUERIES, *c.EXTERNAL):
            reply = json.loads(manager.exchange(request(kind)))
            assert (reply.get("code") == "not_allowed") is (kind is c.AdvanceClock), (tag(kind), reply)
        assert manager.ask("resume_issuing")["type"] == "accepted"  # close_hall was among them


def test_a_refused_role_changes_nothing(running: RunningHall) -> None:
    with PageClient(bundle(running, "kiosk")) as kiosk:
        before = kiosk.ask("status")["seq"]
        assert kiosk.ask("call_next", counter=3)["code"] == "not_allowed"
        assert kiosk.ask("close_hall", reason="prank")["code"] == "not_allowed"
        assert kiosk.ask("status")["seq"] == before


def test_a_counter_speaks_for_itself_only(running: RunningHall) -> None:
    with PageClient(bundle(running, "counter-3")) as counter:
        for kind in c.EXTERNAL:
            if kind in ROLES[Role.COUNTER] and issubclass(kind, c.AtCounter):
                reply = json.loads(counter.exchange({**request(kind), "counter": 4}))
                assert (reply["code"], reply["field"]) == ("not_allowed", "counter")
                assert reply["message"] == "counter-3 speaks for counter 3 only, not for 4."
        assert counter.ask("open_counter", counter=3, clerk="007")["type"] == "accepted"
        assert counter.ask("close_counter", counter=3)["type"] == "accepted"


def test_nothing_in_a_request_makes_a_device_another(running: RunningHall) -> None:
    with PageClient(bundle(running, "kiosk")) as kiosk:
        for claim in ({"by": "manager"}, {"device": "manager"}, {"role": "manager"}):
            assert kiosk.ask("issue_ticket", matter=MATTER, **claim)["code"] == "malformed"
        kiosk.dealer.close(linger=0)
        kiosk.dealer = kiosk.connect(zmq.DEALER, routing_id=b"manager")
        assert kiosk.ask("set_notice", zh="x")["code"] == "not_allowed"


def test_a_gateway_names_tickets_by_token_only(running: RunningHall) -> None:
    with PageClient(bundle(running, "gateway")) as gateway, PageClient(bundle(running, "manager")) as manager:
        hall, now_ms = running.state(), gateway.now_ms()
        slot = slots(hall, days(hall, now_ms)[-1], now_ms)[0]
        anytime = gateway.ask("book_ticket", matter=MATTER, slot_at_ms=slot.slot_at_ms + 60_000)
        assert (anytime["code"], anytime["field"]) == ("no_slot", "slot_at_ms")
        booked = gateway.ask("book_ticket", matter=MATTER, slot_at_ms=slot.slot_at_ms)
        assert set(booked) == {"type", "seq", "ticket", "token", "code"}
        assert gateway.ask("check_in", token=booked["code"])["code"] == "unknown_ticket"  # for inside the hall alone
        for kind in ("ticket_status", "cancel_ticket", "check_in", "rate"):
            stars: Json = {"stars": 5} if kind == "rate" else {}
            reply = gateway.ask(kind, ticket=booked["ticket"], **stars)
            assert (reply["code"], reply["field"]) == ("not_allowed", "ticket"), kind
        assert gateway.ask("ticket_status", token=booked["token"])["state"] == "booked"
        assert gateway.ask("check_in", token=booked["token"])["code"] == "too_early"
        assert gateway.ask("cancel_ticket", token=booked["token"])["type"] == "accepted"
        forged = f"{booked['ticket']}.{'0' * 20}"
        for token in (forged, booked["token"][:-1], booked["token"].upper() + "0", "1.é", "1", ".", "x" * 64, "९.abc"):
            assert gateway.ask("ticket_status", token=token)["code"] == "unknown_ticket", token
            assert gateway.ask("check_in", token=token)["code"] == "unknown_ticket", token
        assert manager.ask("ticket_status", ticket=booked["ticket"])["token"] == booked["token"]


def test_a_kiosk_takes_back_only_its_own_unprinted_ticket(running: RunningHall) -> None:
    with (
        PageClient(bundle(running, "kiosk")) as kiosk,
        PageClient(bundle(running, "reception")) as reception,
        PageClient(bundle(running, "printer")) as printer,
    ):
        others = reception.ask("issue_ticket", matter=MATTER)["ticket"]
        assert kiosk.ask("cancel_ticket", ticket=others)["code"] == "not_allowed"
        assert kiosk.ask("acknowledge_ticket", ticket=others)["code"] == "not_allowed"
        own, printed = (kiosk.ask("issue_ticket", matter=MATTER)["ticket"] for _ in range(2))
        assert printer.ask("report_print", ticket=printed, outcome="printed")["type"] == "accepted"
        assert kiosk.ask("cancel_ticket", ticket=own)["type"] == "accepted"
        assert kiosk.ask("cancel_ticket", ticket=printed)["code"] == "not_allowed"


def test_no_token_and_no_key_is_ever_on_the_stream(running: RunningHall) -> None:
    with PageClient(bundle(running, "district")) as district, PageClient(bundle(running, "kiosk")) as kiosk:
        issued = kiosk.ask("issue_ticket", matter=MATTER)
        stream = district.exchange({"type": "events_since", "seq": issued["seq"] - 1}).decode()
        state = district.exchange({"type": "snapshot"}).decode()
        for secret in (issued["token"], issued["token"].split(".")[1], kiosk.bundle["secret_key"]):
            assert secret not in stream
            assert secret not in state
