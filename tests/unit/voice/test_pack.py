"""A voice pack: recorded words in place of the synthesiser."""

from array import array
from pathlib import Path

import pytest

from display_board.voice import sound
from display_board.voice.pack import Pack, load_pack, pieces
from display_board.voice.phrases import Clause, counter_clause, ticket_clause
from hall_controller.domain.ticket import Language
from tests.unit.voice.test_sound import record, tone

ZH, EN = Language.MANDARIN, Language.ENGLISH
SOUND = array("h", [1000])


def pack_of(language: Language, *words: str) -> Pack:
    return Pack("test", recordings={language: dict.fromkeys(words, SOUND)})


def cut(clause: Clause, pack: Pack) -> list[str]:
    """Recorded pieces in capitals' stead: with a star."""
    return [" ".join(piece.words) + ("*" if piece.recording else "") for piece in pieces(clause, pack)]


def test_the_longest_recording_that_fits_is_taken() -> None:
    pack = pack_of(ZH, "到", "十", "二", "十二", "十二号窗口", "号", "窗口")
    assert cut(counter_clause(12, ZH), pack) == ["到*", "十 二 号 窗口*"]
    assert cut(counter_clause(13, ZH), pack) == ["到*", "十*", "三", "号*", "窗口*"]


def test_words_that_are_not_recorded_are_synthesised_together() -> None:
    pack = pack_of(ZH, "请", "号")
    assert cut(ticket_clause("A012", ZH), pack) == ["请*", "A 零 一 二", "号*"]
    assert cut(ticket_clause("A012", ZH), Pack()) == ["请 A 零 一 二 号"]


def test_english_is_matched_by_words_in_any_case() -> None:
    pack = pack_of(EN, "please go to counter", "twenty one", "a")
    assert cut(counter_clause(21, EN), pack) == ["please go to counter*", "twenty one*"]
    assert cut(ticket_clause("A2", EN), pack) == ["ticket", "A*", "two"]


def write_pack(folder: Path, manifest: str) -> Path:
    folder.mkdir(exist_ok=True)
    (folder / "voice.toml").write_text(manifest, "utf-8")
    return folder


def test_a_pack_is_loaded_trimmed_and_levelled(tmp_path: Path) -> None:
    folder = write_pack(
        tmp_path,
        'name = "Ms Li"\ngap_ms = 50\nchime = "c.wav"\n[zh]\n"请" = "qing.wav"\n[en]\n"Please Go" = "go.wav"\n',
    )
    record(folder / "qing.wav", sound.join([sound.silence(0.4), tone(0.3, 0.05), sound.silence(0.4)], 0))
    record(folder / "go.wav", tone(0.5, rate=48_000), 48_000)
    record(folder / "c.wav", tone(0.4))
    pack, problems = load_pack(folder)
    assert problems == []
    assert (pack.name, pack.gap_s) == ("Ms Li", 0.05)
    assert pack.chime is not None
    recording = pack.recordings[ZH]["请"]
    assert sound.seconds(recording) == pytest.approx(0.34, abs=0.01)
    assert sound.loudness(recording) == pytest.approx(sound.LOUD, rel=0.1)
    assert "please go" in pack.recordings[EN]


def test_a_bad_recording_is_named_and_the_others_are_used(tmp_path: Path) -> None:
    folder = write_pack(tmp_path, 'name = "x"\n[zh]\n"请" = "qing.wav"\n"号" = "hao.wav"\n"到" = "dao.wav"\n')
    record(folder / "qing.wav", tone(0.3))
    record(folder / "dao.wav", sound.silence(0.5))
    pack, problems = load_pack(folder)
    assert list(pack.recordings[ZH]) == ["请"]
    assert [("hao.wav" in p, "dao.wav" in p) for p in problems] == [(True, False), (False, True)]
    assert "silent" in problems[1]


@pytest.mark.parametrize(
    ("manifest", "words"),
    [
        ("name = ", "voice.toml"),
        ('name = "x"\nspeed = 3\n', "speed"),
        ("[zh]\n", "name"),
        ('name = "x"\n[zh]\n"请" = 3\n', "zh"),
    ],
)
def test_an_unreadable_manifest_leaves_the_synthesiser_and_says_why(manifest: str, words: str, tmp_path: Path) -> None:
    pack, problems = load_pack(write_pack(tmp_path, manifest))
    assert pack.recordings == {}
    assert len(problems) == 1
    assert words in problems[0]
    assert str(tmp_path) in problems[0]


def test_a_folder_without_a_manifest_is_named(tmp_path: Path) -> None:
    _, problems = load_pack(tmp_path / "nowhere")
    assert "no such file" in problems[0]


def test_the_seventeen_recordings_that_the_guide_names_are_enough_for_nine_counters() -> None:
    guide = (Path(__file__).parents[3] / "docs" / "voice-pack.md").read_text("utf-8")
    words = guide.split("17 recordings are enough:\n")[1].split("\n")[0].split()
    assert len(words) == 17
    pack = pack_of(ZH, *words)
    clauses = [ticket_clause(f"{prefix}{count:03d}", ZH) for prefix in "APR" for count in range(0, 1000, 7)]
    clauses += [counter_clause(counter, ZH) for counter in range(1, 10)]
    for clause in clauses:
        assert all(piece.recording for piece in pieces(clause, pack)), clause
