"""What staff are told, what the voice remembers, how its files are named."""

from pathlib import Path

import pytest

from display_board.voice.files import file_name, save
from display_board.voice.memory import Memory, forget, load_memory, missed_meanwhile, save_memory
from display_board.voice.queue import standing
from display_board.voice.trouble import Unspoken, lose, queue_report, sound_report
from hall_controller.domain import commands as c
from hall_controller.domain.commands import DeviceState
from tests.unit.domain.support import Pretend, at, terminal
from tests.unit.voice.test_queue import call

# --- lost calls ---


def test_lost_calls_are_told_and_the_warning_clears_itself() -> None:
    unspoken = lose(Unspoken(), call(1, counter=3), "older than 60 s", 1_000)
    unspoken, report = queue_report(unspoken, 1_000)
    assert (report.kind, report.state) == ("queue", DeviceState.WARNING)
    assert report.detail == "1 call was not spoken, the last A001 for counter 3 (older than 60 s); the board shows them"
    unspoken, report = queue_report(unspoken, 301_000)
    assert report.state is DeviceState.WARNING
    unspoken, report = queue_report(unspoken, 301_001)
    assert (report.state, report.detail) == (DeviceState.OK, "")
    assert unspoken == Unspoken()


def test_a_flood_of_lost_calls_is_told_twice_a_minute_and_not_each() -> None:
    unspoken, details = Unspoken(), []
    for second in range(60):
        unspoken = lose(unspoken, call(second), "older than 60 s", second * 1_000)
        unspoken, report = queue_report(unspoken, second * 1_000)
        details.append(report.detail)
    assert len(set(details)) == 2
    assert details[-1].startswith("31 calls")


def test_all_that_keeps_sound_from_coming_is_in_one_report() -> None:
    assert sound_report({"speaker": "", "files": ""}).state is DeviceState.OK
    report = sound_report({"speaker": "no card", "files": "", "synthesiser": "it hangs"})
    assert (report.state, report.detail) == (DeviceState.FAILED, "no card; it hangs")
    assert len(sound_report({"speaker": "x" * 1000}).detail) == 400


# --- memory ---


def calling_hall() -> Pretend:
    play = Pretend()
    play.open(1, 2)
    play.take_many(3)
    play.call(1)
    play.later(10)
    play.call(2)
    return play


def test_a_restart_speaks_what_was_called_meanwhile_and_repeats_nothing() -> None:
    play = calling_hall()
    memory = Memory(play.hall.epoch)
    memory.remember(standing(play.hall)[0])
    missed = missed_meanwhile(memory, play.hall, play.now_ms, 60_000)
    assert [(each.counter, each.number) for each in missed] == [(2, "A002")]
    play.do(c.Recall(counter=1), terminal(1))
    assert [each.counter for each in missed_meanwhile(memory, play.hall, play.now_ms, 60_000)] == [1, 2]


def test_a_restart_does_not_speak_what_is_old() -> None:
    play = calling_hall()
    assert missed_meanwhile(Memory(play.hall.epoch), play.hall, play.now_ms + 55_000, 60_000)[0].counter == 2


def test_a_visitor_who_returns_and_is_called_again_is_a_new_call() -> None:
    play = calling_hall()
    memory = Memory(play.hall.epoch)
    for each in standing(play.hall):
        memory.remember(each)
    play.missed(1)
    play.later(20)
    ticket = next(iter(memory.said))
    play.do(c.ReturnToQueue(ticket=ticket))
    play.call_by_hand(1, ticket)
    assert [each.ticket for each in missed_meanwhile(memory, play.hall, play.now_ms, 60_000)] == [ticket]


def test_memory_survives_in_its_file_and_forgets_tickets_that_ended(tmp_path: Path) -> None:
    play = calling_hall()
    memory = Memory()
    for each in standing(play.hall):
        memory.remember(each)
    memory.said[99] = (1, 1)
    forget(memory, play.hall)
    save_memory(memory, tmp_path / "said.json")
    loaded = load_memory(tmp_path / "said.json")
    assert loaded == memory
    assert 99 not in loaded.said
    assert loaded.epoch == play.hall.epoch


@pytest.mark.parametrize("content", [None, b"", b"{", b'{"said": 3}', b"\xff\xfe"])
def test_a_missing_or_damaged_memory_is_none(content: bytes | None, tmp_path: Path) -> None:
    if content is not None:
        (tmp_path / "said.json").write_bytes(content)
    assert load_memory(tmp_path / "said.json") is None


# --- files ---


def test_a_file_is_named_by_the_halls_time_the_ticket_and_the_counter() -> None:
    start_ms = at("2026-11-24 10:15:02") + 7
    assert file_name(call(1, counter=3), start_ms, "Asia/Shanghai") == "20261124-101502-007_A001_counter-3.wav"


def test_only_the_newest_of_our_own_files_are_kept(tmp_path: Path) -> None:
    (tmp_path / "music.wav").write_bytes(b"")
    for second in range(5):
        save(tmp_path, file_name(call(second, counter=1), at(f"2026-11-24 10:00:0{second}"), "Asia/Shanghai"), b"x", 2)
    names = sorted(file.name for file in tmp_path.iterdir())
    assert [name.split("_")[1] for name in names[:-1]] == ["A003", "A004"]
    assert names[-1] == "music.wav"
