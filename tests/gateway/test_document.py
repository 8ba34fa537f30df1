"""The OpenAPI document, and an independent client (schemathesis) that believes it."""

import json
import os
import re
import subprocess
import sys
from pathlib import Path

import pytest

from hall_controller.domain import commands as c
from tests.gateway.gateways import site
from tests.support import MATTER, hall_command, make_hall

EXAMPLES = 8
"""Of each operation in each of the phases that draw."""
UNLIMITED = "\n".join(
    f'{rate} = "1000000/minute"'
    for rate in ("per_address", "bookings_per_address", "bookings_per_holder", "wrong_tokens")
)

OWN_TICKET = ("ticket", "rate")
"""Operations that are given a ticket that is there; the others draw tokens, and find bookings by the links."""


def _always(operation: str, token: str) -> str:
    return f'[[operations]]\ninclude-operation-id = "{operation}"\nparameters = {{ "path.token" = "{token}" }}\n'


def test_the_document_is_printed_without_a_hall() -> None:
    document = json.loads(hall_command("gateway", "--openapi").stdout)
    assert document["openapi"] == "3.1.0"
    operations = [one for path in document["paths"].values() for one in path.values()]
    assert len(operations) == 13
    for operation in operations:
        assert operation["description"]
        assert {"422", "429", "503"} <= set(operation["responses"])
        for status, answer in operation["responses"].items():
            if int(status) >= 400:
                schema = answer["content"]["application/json"]["schema"]
                assert schema["allOf"] == [{"$ref": "#/components/schemas/ProblemBody"}]
                assert schema["properties"]["code"]["enum"]
    assert set(document["components"]["schemas"]["ProblemBody"]["required"]) == {"code", "message", "field"}


@pytest.mark.timeout(300)
def test_an_independent_client_finds_nothing_that_the_document_does_not_say(tmp_path: Path) -> None:
    with site(make_hall(tmp_path, counters=8), UNLIMITED) as there:
        day = there.get("/days")["days"][2]["day"]
        slots = [slot["slot_at"] for slot in there.get(f"/days/{day}/slots")["slots"]]
        there.hall.do(c.OpenCounter(counter=1, clerk="007"))
        tokens = [there.hall.do(c.IssueTicket(matter=MATTER), as_="kiosk").token for _ in OWN_TICKET]
        for _ in OWN_TICKET:
            there.hall.do(c.CallNext(counter=1))
            there.hall.do(c.StartService(counter=1))
            there.hall.do(c.FinishService(counter=1))
        known = json.dumps({"matters": [MATTER], "slots": slots})
        config = tmp_path / "schemathesis.toml"
        config.write_text("\n".join(_always(name, token) for name, token in zip(OWN_TICKET, tokens, strict=True)))
        url = there.url.removesuffix("/v1") + "/openapi.json"
        command = [
            sys.executable,
            "-m",
            "schemathesis.cli",
            "--config-file",
            str(config),
            "--no-color",
            "run",
            url,
            "--checks",
            "all",
            "--seed",
            "7",
        ]
        drawing = ["--max-examples", str(EXAMPLES), "--continue-on-failure", "--request-timeout", "20"]
        result = subprocess.run(
            [*command, *drawing],
            cwd=tmp_path,
            env={**os.environ, "SCHEMATHESIS_HOOKS": "tests.gateway.trial_hooks", "HALL_TRIAL": known,
                 "PYTHONPATH": str(Path(__file__).parents[2])},
            capture_output=True, text=True, check=False, timeout=280,
        )  # fmt: skip
        log = (there.hall.dir.with_name("gateway.log")).read_text("utf-8")
    assert result.returncode == 0, result.stdout[-6_000:] + result.stderr[-2_000:]
    for wanted in ("POST /bookings 201", "POST /tickets/{token}/cancel 200", "POST /tickets/{token}/rating 201"):
        assert wanted in log, wanted
    assert set(re.findall(r" (5\d\d) in ", log)) == set()
