"""The gateway as a part of the hall: with `hall run` once it is enrolled, on another box with its bundle alone."""

import subprocess
import time
from pathlib import Path

import httpx

from hall_controller.supervisor import PARTS, parts_of
from tests.gateway.gateways import enroll, gateway
from tests.support import BOUND_S, HALL, hall_command, make_hall, make_hall_at, start_controller, started, wait_for


def test_hall_run_starts_it_once_it_is_enrolled(tmp_path: Path) -> None:
    directory = make_hall(tmp_path)
    assert "gateway" not in parts_of(directory)
    enroll(directory)
    assert parts_of(directory) == list(PARTS)
    others = [word for part in PARTS if part not in ("controller", "gateway") for word in ("--without", part)]
    out = tmp_path / "run.out"
    with out.open("w") as file:
        process = subprocess.Popen([*HALL, "run", str(directory), *others], stdout=file, stderr=file, text=True)
    with started(process):
        wait_for(lambda: "The hall is running" in out.read_text(), bound_s=3 * BOUND_S)
        (line,) = [line for line in out.read_text().splitlines() if line.startswith("gateway  ")]
        assert httpx.get(line.split()[1] + "/hall", trust_env=False, timeout=20).status_code == 200
        since_s = time.monotonic()
        process.terminate()
        assert process.wait(BOUND_S) == 0
        assert time.monotonic() - since_s < BOUND_S


def test_with_its_bundle_alone(tmp_path: Path) -> None:
    directory = make_hall_at(tmp_path, "2026-11-30 08:50:00", counters=1)
    enroll(directory)
    hall_command("revoke", directory, "gateway")
    # Enrolled after its settings were written: they stand in the bundle.
    with (directory / "hall.toml").open("a", encoding="utf-8") as file:
        file.write('app_keys = ["app:' + "0" * 64 + '"]\n')
    bundle = Path(hall_command("enroll", directory, "gateway", "--role", "gateway").stdout.strip())
    elsewhere = tmp_path / "another box" / "gateway.toml"
    elsewhere.parent.mkdir()
    elsewhere.write_bytes(bundle.read_bytes())
    with start_controller(directory), gateway(elsewhere) as url:
        with httpx.Client(base_url=url, trust_env=False, timeout=20) as http:
            assert http.get("/hall").status_code == 200
            assert http.post("/bookings", json={}).status_code in (401, 422)
        # Revoked, it is told nothing more, and says so as if the hall were away.
        hall_command("revoke", directory, "gateway")
        with httpx.Client(base_url=url, trust_env=False, timeout=20) as http:
            wait_for(lambda: http.get(f"/tickets/1.{'0' * 20}").status_code == 503)
