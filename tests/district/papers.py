"""What the tests of the relay share: a district whose halls send papers to each other, and relays to kill."""

import contextlib
import json
import subprocess
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import msgspec

from hall_controller.bus import wire
from hall_controller.domain import commands as c
from hall_controller.domain import events as e
from hall_controller.domain.acceptance import Carries
from tests.district.ledgers import District, bodies_of
from tests.support import HALL, RunningHall, hall_command

PHYSICAL = "residence-register"
"""Of the sample district: of the district's level, accepted in any hall, its papers carried."""
DISTRICT, STREET, COMMUNITY = "BA001", "BA002", "BA003"


class Papers(District):
    """Three rehearsed halls that know where papers go, with the sample district's matters."""

    def __init__(self, where: Path, *, rehearsal: bool = True) -> None:
        super().__init__(where, 3, rehearsal=rehearsal)
        self.outbox = where / "relay.db"
        for hall in self.ids:
            file = self.dir(hall) / "hall.toml"
            text = file.read_text("utf-8")
            known = text.replace('# district_hall = "BA001"', 'district_hall = "BA001"')
            file.write_text(known.replace('# street_hall = "BA002"', 'street_hall = "BA002"'), "utf-8")
            assert hall_command("matters", self.dir(hall), "--import", "sample").returncode == 0

    def relay_words(self, *more: str | Path) -> list[str]:
        where = ["--inventory", self.inventory, "--bundles", self.bundles, "--outbox", self.outbox]
        rehearsal = ["--rehearsal"] if self.rehearsal else []
        return [str(word) for word in (*where, *rehearsal, "--patience", "3", "--retry", "0.5", *more)]

    def relay(self, *more: str) -> "subprocess.CompletedProcess[str]":
        return hall_command("district", "relay", *self.relay_words(*more))

    def pass_on(self) -> None:
        """All that can be passed on is."""
        done = self.relay("--once")
        assert done.returncode == 0, done.stderr

    def status(self) -> dict[str, Any]:
        status: dict[str, Any] = json.loads(self.relay("--status", "--json").stdout)
        return status

    @contextlib.contextmanager
    def passing_on(self, *more: str) -> Iterator["subprocess.Popen[str]"]:
        with (self.where / "relay.log").open("a") as log:
            words = [*HALL, "district", "relay", *self.relay_words("--every", "0.05", *more)]
            process = subprocess.Popen(words, stdout=log, stderr=log, text=True)
        try:
            yield process
        finally:
            process.kill()
            process.wait()

    def events(self, hall: str, kind: type[e.Event]) -> list[Any]:
        """Of this kind, in its journal."""
        found = (wire.decode_event(body) for body in bodies_of(self.dir(hall)))
        return [event for event in found if isinstance(event, kind)]


def accept(hall: RunningHall, matter: str = PHYSICAL) -> str:
    """A visitor comes, and the matter is accepted at counter 1; its receipt."""
    assert isinstance(hall.do(c.IssueTicket(matter=matter), "reception"), wire.Accepted)
    hall.do(c.OpenCounter(counter=1, clerk="007"), "counter-1")
    for command in (c.CallNext(counter=1), c.StartService(counter=1)):
        assert isinstance(hall.do(command, "counter-1"), wire.Accepted)
    accepted = hall.do(c.AcceptMatter(counter=1), "counter-1")
    assert isinstance(accepted, wire.Accepted), accepted
    for after in (c.FinishService(counter=1), c.EndWrapUp(counter=1)):
        hall.do(after, "counter-1")
    receipt: str = msgspec.to_builtins(accepted)["receipt"]
    return receipt


def send(hall: RunningHall, to_hall: str, *receipts: str, carries: Carries = Carries.MATERIALS) -> str:
    sent = hall.do(c.SendConsignment(to_hall=to_hall, receipts=receipts, carries=carries), "counter-1")
    assert isinstance(sent, wire.Accepted), sent
    consignment: str = msgspec.to_builtins(sent)["consignment"]
    return consignment


def receive(hall: RunningHall, consignment: str, *receipts: str, carries: Carries = Carries.MATERIALS) -> None:
    command = c.ReceiveConsignment(consignment=consignment, receipts=receipts, carries=carries)
    got = hall.do(command, "reception")
    assert isinstance(got, wire.Accepted), got


__all__ = ["COMMUNITY", "DISTRICT", "PHYSICAL", "STREET", "Papers", "accept", "receive", "send"]
