"""The controller restarts, is away for long, or comes back from a backup."""

import signal
from pathlib import Path

from tests.gateway.gateways import Site, at, enroll, gateway, problem, site
from tests.support import MATTER, RunningHall, hall_command, make_hall, make_hall_at, start_controller, wait_for


def test_reads_go_on_while_the_controller_restarts_and_acts_wait(tmp_path: Path) -> None:
    with site(make_hall_at(tmp_path, "2026-11-30 08:50:00")) as there:
        token = there.book(at("10:00"))["token"]
        there.get("/matters")
        there.hall.stop()
        assert there.refused("/bookings", booking("h2")) == (503, "no_controller")
        there.until(lambda: not there.get("/hall")["heard"])
        assert there.get(f"/tickets/{token}")["state"] == "booked"
        assert there.get("/matters", params={"q": "身份证"})["total"] > 0
        assert there.get("/days")["days"]
        assert there.refused(f"/tickets/{token}/cancel") == (503, "no_controller")
        assert problem(there.http.get(f"/tickets/1.{'0' * 20}")) == (503, "no_controller")
        there.hall.start()
        there.until(lambda: there.get("/hall")["heard"])
        there.post("/bookings", booking("h2"), 201)
        assert there.post(f"/tickets/{token}/cancel") == {"state": "cancelled"}


def test_a_booking_that_meets_a_short_restart_is_done_once(tmp_path: Path) -> None:
    with site(make_hall_at(tmp_path, "2026-11-30 08:50:00")) as there:
        there.get("/hall")
        there.hall.process.send_signal(signal.SIGSTOP)  # it hangs: the request is in its queue, and times out
        key = {"Idempotency-Key": "the-same-for-all-repeats"}
        assert there.refused("/bookings", booking("h1"), headers=key) == (503, "no_controller")
        there.hall.process.send_signal(signal.SIGCONT)
        first = there.post("/bookings", booking("h1"), 201, headers=key)
        assert there.post("/bookings", booking("h1"), 201, headers=key) == first
        assert len(there.hall.state().tickets) == 1


def test_what_is_too_old_is_not_told(tmp_path: Path) -> None:
    with site(make_hall_at(tmp_path, "2026-11-30 08:50:00"), "stale_s = 0") as there:
        there.get("/hall")
        there.hall.stop()
        there.until(lambda: there.http.get("/hall").status_code == 503)
        for path in ("/hall", "/hours", "/matters", "/themes", "/days", "/days/2026-11-30/slots"):
            assert problem(there.http.get(path)) == (503, "no_controller")


def test_a_gateway_that_starts_before_its_controller(tmp_path: Path) -> None:
    directory = make_hall(tmp_path)
    enroll(directory)
    with gateway(directory) as url:
        import httpx

        with httpx.Client(base_url=url, trust_env=False, timeout=20) as http:
            assert problem(http.get("/hall")) == (503, "no_controller")
            assert http.get(url.removesuffix("/v1") + "/healthz").status_code == 503
            with start_controller(directory):
                wait_for(lambda: http.get("/matters").status_code == 200)


def test_after_a_restore_the_old_tokens_open_nothing(tmp_path: Path) -> None:
    directory = make_hall_at(tmp_path, "2026-11-30 08:50:00")
    with site(directory) as there:
        kept = there.book(at("10:00"), "kept")["token"]
        backup = tmp_path / "hall.backup"
        assert hall_command("backup", directory, backup).returncode == 0
        lost = there.book(at("10:00"), "lost")["token"]
        assert there.get(f"/tickets/{lost}")["state"] == "booked"
        there.hall.stop()
        directory.rename(tmp_path / "old")
        restored = hall_command("restore", backup, directory)
        assert restored.returncode == 0, restored.stderr
        with start_controller(directory) as again:
            there.until(lambda: there.http.get(f"/tickets/{lost}").status_code == 404)
            assert there.get(f"/tickets/{kept}", 404)["code"] == "unknown_ticket"
            assert there.refused(f"/tickets/{kept}/check-in") == (404, "unknown_ticket")
            ask_again(there, again)


def ask_again(there: Site, hall: RunningHall) -> None:
    """The booking that was in the backup stands; a new one gets a token of the new epoch."""
    assert len(hall.state().tickets) == 1
    assert there.refused("/bookings", booking("kept")) == (409, "already_booked")
    assert there.get(f"/tickets/{there.book(at('11:00'), 'new')['token']}")["state"] == "booked"


def booking(holder: str) -> dict[str, object]:
    return {"matter": MATTER, "slot_at": at("10:00"), "holder": holder}
