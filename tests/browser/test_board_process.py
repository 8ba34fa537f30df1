"""The board's process: how it starts, what it refuses in one sentence, how it ends."""

import socket
import subprocess
import sys

from tests.browser.boards import board_of
from tests.support import RunningHall, hall_command


def test_it_stops_cleanly_on_sigterm(hall: RunningHall) -> None:
    with board_of(hall) as board:
        board.process.terminate()
        assert board.process.wait(5) == 0


def test_a_port_in_use_is_one_sentence_with_its_mend(hall: RunningHall) -> None:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        port = str(taken.getsockname()[1])
        refused = hall_command("board", hall.dir, "--port", port)
    assert refused.returncode == 2
    assert f"127.0.0.1:{port}" in refused.stderr
    assert "choose another port" in refused.stderr
    assert "Traceback" not in refused.stderr


def test_a_wrong_setting_is_named(hall: RunningHall) -> None:
    file = hall.dir / "hall.toml"
    file.write_text(file.read_text("utf-8").replace("[device.board]\n", "[device.board]\nrecent = 3\n"), "utf-8")
    refused = hall_command("board", hall.dir)
    assert refused.returncode == 2
    assert "[device.board]" in refused.stderr
    assert "recent" in refused.stderr
    assert "Traceback" not in refused.stderr


def test_help_is_plain_and_loads_no_web_server() -> None:
    assert "/counter/3" in hall_command("board", "--help").stdout
    script = "import sys; from display_board.pages.command import board; sys.exit('nicegui' in sys.modules)"
    assert subprocess.run([sys.executable, "-c", script], check=False).returncode == 0
