"""hall check, backup, restore: what a technician does with ten minutes."""

import json
import sqlite3
import tomllib
from pathlib import Path

from hall_controller.bus.bundle import load_bundle
from hall_controller.bus.wire import Status
from hall_controller.domain import commands as c
from tests.support import MATTER, RunningHall, hall_command, make_hall, start_controller


def test_a_backup_of_a_running_hall_is_restored_with_every_place_in_the_queue(
    hall: RunningHall, tmp_path: Path
) -> None:
    hall.do(c.OpenCounter(counter=1, clerk="007"))
    for _ in range(3):
        hall.do(c.IssueTicket(matter=MATTER))
    hall.do(c.CallNext(counter=1))
    saved = hall_command("backup", hall.dir, tmp_path / "hall.backup")
    assert saved.returncode == 0, saved.stderr
    assert (tmp_path / "hall.backup").stat().st_mode & 0o777 == 0o600
    hall.do(c.IssueTicket(matter=MATTER))  # after the backup: lost with the box
    before = hall.do(Status())
    hall.kill()
    restored = hall_command("restore", tmp_path / "hall.backup", tmp_path / "new box")
    assert restored.returncode == 0, restored.stderr
    with start_controller(tmp_path / "new box") as again:
        state = again.state()
        assert [ticket.number for ticket in state.tickets.values()] == ["A001", "A002", "A003"]
        assert again.do(Status()).epoch != before.epoch, "readers must forget what came after the backup"
        assert again.do(c.IssueTicket(matter=MATTER), as_="reception").number == "A004", "the devices' keys still fit"


def test_restore_refuses_what_is_no_backup_or_no_empty_directory(tmp_path: Path) -> None:
    (tmp_path / "poem.txt").write_text("Roses are red")
    refused = hall_command("restore", tmp_path / "poem.txt", tmp_path / "new")
    assert refused.returncode == 2
    assert "not a hall's backup" in refused.stderr
    assert "not an empty directory" in hall_command("restore", tmp_path / "poem.txt", tmp_path).stderr


def test_a_backup_never_replaces_another(hall: RunningHall, tmp_path: Path) -> None:
    (tmp_path / "hall.backup").write_text("the only one")
    assert hall_command("backup", hall.dir, tmp_path / "hall.backup").returncode == 2
    assert (tmp_path / "hall.backup").read_text() == "the only one"


def test_check_is_content_with_a_new_hall(tmp_path: Path) -> None:
    checked = hall_command("check", make_hall(tmp_path), "--json")
    assert checked.returncode == 0, checked.stdout
    subjects = {finding["subject"] for finding in json.loads(checked.stdout)}
    assert {"settings", "matters", "keys", "journal", "printer", "sound"} <= subjects


def test_check_names_what_is_to_be_mended(tmp_path: Path) -> None:
    directory = make_hall(tmp_path)
    with start_controller(directory) as hall:
        hall.do(c.IssueTicket(matter=MATTER))
    with sqlite3.connect(directory / "hall.db") as database:
        seq, body = database.execute("SELECT seq, body FROM events WHERE type = 'ticket_issued'").fetchone()
        later = body.replace(b'"seq":%d' % seq, b'"seq":%d' % (seq + 1)).replace(b'"ticket":1', b'"ticket":2')
        database.execute(
            "INSERT INTO events SELECT ?, epoch, at_ms, service_day, type, device, ? FROM events WHERE seq = ?",
            (seq + 1, later, seq),
        )
        database.execute("DELETE FROM checkpoints")
    database.close()
    (directory / "keys" / "token.key").chmod(0o644)
    checked = hall_command("check", directory)
    assert checked.returncode == 1
    assert "number A001 was given twice" in checked.stdout
    assert "token.key can be read by others; chmod 600 it" in checked.stdout


def test_a_printer_that_does_not_answer_is_named(tmp_path: Path) -> None:
    directory = make_hall(tmp_path)
    text = (directory / "hall.toml").read_text()
    # Port 9 (discard) answers nobody here.
    lines = 'transport = "network"\naddress = "127.0.0.1:9"\n#'
    (directory / "hall.toml").write_text(text.replace('transport = "screen"', lines))
    checked = hall_command("check", directory)
    assert checked.returncode == 1
    assert "printer not found" in checked.stdout


def test_a_kiosk_on_another_box_knows_where_the_phone_page_is(tmp_path: Path) -> None:
    directory = make_hall(tmp_path)
    file = Path(hall_command("enroll", directory, "kiosk-2", "--role", "kiosk").stdout.strip())
    port = tomllib.loads((directory / "hall.toml").read_text())["device"]["board"]["port"]
    assert load_bundle(file).settings["phone_url"] == f"http://127.0.0.1:{port}/t/"
