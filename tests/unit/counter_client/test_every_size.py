"""At every size and in both languages, what decides is told whole; words give way, never figures."""

import re
from itertools import product

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st
from msgspec.structs import replace
from rich.cells import cell_len

from counter_client.clerk.accepting import accepted_words
from counter_client.clerk.panes import side_pane, visitor_pane
from counter_client.clerk.view import clerk_view
from counter_client.manager.alerts import advice_lines, alert_lines
from counter_client.manager.panes import summary_pane
from counter_client.manager.view import summary
from counter_client.widgets.look import line, wrapped
from counter_client.widgets.told import Told, Tone, told_pane
from counter_client.words import CLASSES, LANGUAGES, Tongue, Words
from hall_controller.bus import wire
from hall_controller.domain import commands as c
from hall_controller.domain.advice_words import Advised, Sentence, sentence
from hall_controller.domain.alert import Alert, AlertKind
from hall_controller.domain.alert_words import tell
from hall_controller.domain.counter import CounterState
from hall_controller.domain.hall import in_force
from hall_controller.domain.prediction import Estimate
from hall_controller.domain.staffing import Advice, advise
from hall_controller.domain.ticket import Language, VisitorClass
from hall_controller.i18n import times, waits
from tests.terminal.local_hall import CATALOGUE, LocalHall, busy_hall

MATTERS = CATALOGUE.matters
TONGUES: tuple[Tongue, ...] = ("zh", "en")
SIZES = ((80, 24), (100, 30), (120, 40), (160, 48))
COUNTS = st.sampled_from([0, 9, 99, 100, 999, 9_999, 99_999])
HALL = busy_hall()
RULES = in_force(HALL.state)
LETTERS = st.characters(codec="ascii", categories=["Lu", "Ll", "Nd"]) | st.sampled_from("打印机纸张窗口，。")
NAMES = st.text(LETTERS, min_size=1, max_size=24)


def bare(text: str) -> str:
    return re.sub(r"\s+", "", text)


@given(
    words=st.lists(NAMES, min_size=1, max_size=30).map(" ".join),
    second=NAMES,
    columns=st.sampled_from([size[0] for size in SIZES]),
    tone=st.sampled_from(Tone),
)
def test_what_is_told_takes_both_lines_before_a_word_of_it_is_cut(
    words: str, second: str, columns: int, tone: Tone
) -> None:
    pane = told_pane(Told(Words(words, second), tone), "zh", columns)
    rows = pane.split("\n", allow_blank=True)
    assert len(rows) == 2
    assert all(row.cell_length <= columns for row in rows)
    longest = max(cell_len(word) for word in words.split())
    if cell_len(words) <= 2 * (columns - 4) - longest:
        assert bare(words) in bare(pane.plain)
    if rows[0].cell_length < columns - 40:
        assert bare(second) in bare(pane.plain)


@pytest.mark.parametrize("tongue", TONGUES)
def test_a_receipt_that_may_not_come_out_says_so_before_anything_is_cut(tongue: Tongue) -> None:
    local = LocalHall()
    local.state.alerts["printer_silent/kiosk"] = Alert(AlertKind.PRINTER_SILENT, "kiosk", 1, local.now_ms(), 0)
    wanted = c.AcceptMatter(counter=1, ticket=1, matter="id-card-renew", print_at="kiosk")
    told = accepted_words(wanted, wire.Accepted(seq=1, receipt="BA001-261128-0007"), local.state)
    shown = told_pane(Told(told, Tone.WARNING), tongue, 80).plain
    assert bare(told.first(tongue)) in bare(shown)
    assert ("先抄给来访者" if tongue == "zh" else "writeitdown") in bare(shown)


@pytest.mark.parametrize("kind", AlertKind)
@pytest.mark.parametrize(("tongue", "size"), product(TONGUES, SIZES))
def test_an_alert_is_told_whole_above_the_lists(kind: AlertKind, tongue: Tongue, size: tuple[int, int]) -> None:
    subject = "counter-device-of-the-hall-with-a-long-name"
    alert = Alert(kind, subject, 3, HALL.now_ms() - 5_000_000, HALL.now_ms())
    rows = alert_lines(HALL.state, alert, HALL.now_ms(), tongue, size[0] - 2)
    text = "".join(row.plain for row in rows)
    assert bare(Words(*tell(HALL.state, alert, HALL.now_ms())).first(tongue)) in bare(text)
    assert len(rows) <= 3
    assert all(row.cell_length <= size[0] - 2 for row in rows)


@given(
    kind=st.sampled_from([Advised.OPEN, Advised.CLOSE, Advised.SHORT, Advised.HOLDS]),
    counters=st.integers(1, 60),
    paused=st.lists(st.integers(1, 99), max_size=30, unique=True).map(sorted),
    tongue=st.sampled_from(TONGUES),
    size=st.sampled_from(SIZES),
)
def test_the_advice_is_told_whole_and_names_the_paused_counters(
    kind: Advised, counters: int, paused: list[int], tongue: Tongue, size: tuple[int, int]
) -> None:
    at_ms = HALL.now_ms()
    one = Sentence(
        kind=kind, counters=counters, by_ms=at_ms, until_ms=at_ms + 7_200_000, share=0.4, paused=tuple(paused)
    )
    made = sentence(RULES, one)
    advice = Advice(at_ms=at_ms, day="2026-11-24", basis=None, sentences=(made,))
    rows = advice_lines(advice, tongue, size[0] - 2)
    text = "".join(row.plain for row in rows)
    assert bare(Words(made.zh, made.en).first(tongue)) in bare(text)
    assert len(rows) <= 3
    assert all(row.cell_length <= size[0] - 2 for row in rows)
    if kind in (Advised.OPEN, Advised.SHORT) and len(paused) <= 6:
        assert set(map(str, paused)) <= set(re.findall(r"\d+", made.zh))
        assert set(map(str, paused)) <= set(re.findall(r"\d+", made.en))


def test_advice_that_asks_for_counters_names_those_that_are_paused_with_no_end_in_sight() -> None:
    local = LocalHall()
    for number in range(1, 9):
        local.do(c.OpenCounter(counter=number, clerk=f"{number:03}"))
    for number in (3, 5, 7):
        local.do(c.PauseCounter(counter=number))
    for _ in range(60):
        local.do(c.IssueTicket(matter="id-card-renew"))
    local.later(1800)
    asked = [one for one in advise(local.state, local.now_ms()).sentences if one.kind in (Advised.OPEN, Advised.SHORT)]
    assert asked[0].paused == (3, 5, 7)
    assert "3、5、7号窗口正暂停" in asked[0].zh
    assert "resume 3, 5, 7 first" in asked[0].en


@settings(max_examples=60)
@example(waiting=99_999, oldest_s=86_000, wait_s=5_000, more_s=9_000, tongue="en", size=(80, 24))
@given(
    waiting=COUNTS,
    oldest_s=st.one_of(st.none(), st.integers(0, 400_000)),
    wait_s=st.one_of(st.none(), st.integers(0, 30_000)),
    more_s=st.integers(0, 20_000),
    tongue=st.sampled_from(TONGUES),
    size=st.sampled_from(SIZES),
)
def test_the_consoles_first_lines_tell_the_wait_the_hours_and_the_counters_whole(
    waiting: int, oldest_s: int | None, wait_s: int | None, more_s: int, tongue: Tongue, size: tuple[int, int]
) -> None:
    known = summary(HALL.state, HALL.now_ms())
    view = replace(
        known,
        waiting=waiting, oldest_s=oldest_s, visits=waiting, issued=waiting, missed=waiting, no_shows=waiting,
        counters=dict(zip(CounterState, (10, 12, 1, 24, 0, 2), strict=True)),
    )  # fmt: skip
    estimate = Estimate(waiting, wait_s, None if wait_s is None else wait_s + more_s)
    shown = summary_pane(view, estimate, tongue, size[0], 2)
    assert all(row.cell_length <= size[0] for row in shown.split("\n"))
    text = shown.plain
    assert "…" not in text
    assert str(waiting) in text
    assert view.hours.first(tongue) in text
    assert waits.brief(wait_s).first(tongue) in text
    assert waits.at_most(wait_s, estimate.bound_s).first(tongue) in text
    if oldest_s is not None:
        assert times.clock(oldest_s).first(tongue) in text
    assert re.search(r"暂停 \d|停 \d" if tongue == "zh" else r"(?i)paused \d", text)


@pytest.mark.parametrize("language", Language)
@pytest.mark.parametrize("visitor_class", VisitorClass)
@pytest.mark.parametrize("tongue", TONGUES)
@pytest.mark.parametrize("rows", [14, 15, 21, 31])
def test_class_language_and_wait_of_a_visitor_are_never_cut(
    language: Language, visitor_class: VisitorClass, tongue: Tongue, rows: int
) -> None:
    local = LocalHall()
    local.do(c.OpenCounter(counter=3, clerk="007"))
    local.do(c.IssueTicket(matter="id-card-renew", language=language))
    local.do(c.CallNext(counter=3))
    view = clerk_view(local.state, 3, local.now_ms(), MATTERS)
    assert view.visitor is not None
    for wait_s in (0, 59, 5_999, 86_399, 8_000_000):
        visitor = replace(view.visitor, visitor_class=visitor_class, wait_s=wait_s)
        text = visitor_pane(replace(view, visitor=visitor), tongue, 49, rows).plain
        assert CLASSES[visitor_class].first(tongue) in text
        assert LANGUAGES[language].first(tongue) in text
        assert times.clock(wait_s).first(tongue) in text


@settings(max_examples=60)
@given(
    counts=st.tuples(COUNTS, COUNTS, COUNTS),
    for_here=COUNTS,
    visits=COUNTS,
    held=st.integers(0, 4),
    tongue=st.sampled_from(TONGUES),
    room=st.sampled_from([(23, 14), (23, 15), (23, 21), (28, 31)]),
)
def test_beside_the_visitor_stand_the_waiting_and_who_comes_next(
    counts: tuple[int, int, int], for_here: int, visits: int, held: int, tongue: Tongue, room: tuple[int, int]
) -> None:
    view = clerk_view(HALL.state, 3, HALL.now_ms(), MATTERS)
    waiting = replace(
        view.waiting, by_class=dict(zip(VisitorClass, counts, strict=True)), total=sum(counts), for_here=for_here
    )
    view = replace(
        view,
        waiting=waiting,
        today=replace(view.today, visits=visits),
        held=view.held[:1] * held,
        upcoming=(("A4501", VisitorClass.ORDINARY), ("P005", VisitorClass.PRIORITY)) * 5,
    )
    pane = side_pane(view, tongue, *room)
    assert len(pane.split("\n")) <= room[1]
    assert all(row.cell_length <= room[0] for row in pane.split("\n"))
    text = pane.plain
    for said in (str(sum(counts)), str(visits), "A4501", Words("接下来", "Next").first(tongue)):
        assert said in text, said


@given(
    words=st.lists(NAMES, min_size=1, max_size=30).map(" ".join), columns=st.integers(12, 90), indent=st.integers(0, 5)
)
def test_wrapping_loses_nothing_and_is_never_too_wide(words: str, columns: int, indent: int) -> None:
    rows = wrapped(line(words), columns, indent)
    assert all(row.cell_length <= columns for row in rows)
    assert bare("".join(row.plain for row in rows)) == bare(words)
    assert len(rows) <= 1 + 3 * cell_len(words) // max(1, columns - indent)
