"""The manager's panes: true to the hall, trouble first, and nothing wider than its pane."""

import datetime as dt

import pytest

from counter_client.manager import panes
from counter_client.manager.acts import KEYS, ON_COUNTER, ON_HALL, ON_TICKET, Act, Focus, View, inverse, why_not
from counter_client.manager.alerts import alert_rows, sorted_alerts
from counter_client.manager.day import Curve, Day, found, short
from counter_client.manager.ending import ending
from counter_client.manager.journal import Newest, Search
from counter_client.manager.questions import QUESTIONS
from counter_client.manager.roster import parse_roster, roster_text
from counter_client.manager.sentences import SENTENCES, sentence
from counter_client.manager.surroundings import device_row, devices
from counter_client.manager.view import Trouble, class_rows, counter_rows, queue_order, summary, usual_s
from counter_client.widgets.look import line
from counter_client.words import Tongue, Words
from hall_controller.bus import wire
from hall_controller.domain import commands as c
from hall_controller.domain import events as e
from hall_controller.domain.alert import AlertKind
from hall_controller.domain.assignment import call_order
from hall_controller.domain.counter import CounterState
from hall_controller.domain.hall import in_force
from hall_controller.domain.prediction import predict, predict_newcomer
from hall_controller.domain.rules import Mode, RosterSpan
from hall_controller.domain.ticket import VisitorClass
from hall_controller.i18n.terms import ALERTS
from tests.terminal.local_hall import CATALOGUE, LocalHall, busy_hall

MATTERS = CATALOGUE.matters
TONGUES: tuple[Tongue, ...] = ("zh", "en")


def events_of(local: LocalHall) -> list[e.Event]:
    return [wire.decode_event(raw) for raw in local.journal]


def day_of(local: LocalHall) -> Day:
    day, rules = Day(), in_force(local.state)
    day.begin(local.state.service_day, 0)
    for event in events_of(local):
        day.add(event, rules, lambda one: sentence(one, rules, MATTERS))
    return day


# --- counters ------------------------------------------------------------------------------------


def test_the_counter_in_the_worst_trouble_stands_first() -> None:
    local = busy_hall()
    local.later(3600)
    rows = counter_rows(local.state, local.now_ms(), MATTERS)
    assert [row.trouble for row in rows] == sorted(row.trouble for row in rows)
    assert rows[0].trouble is Trouble.FAR_OVER
    assert rows[0].counter == 1, "it has been serving for an hour"
    assert {row.counter for row in rows if row.trouble is Trouble.SLOW_CALL} == {2, 3}
    assert next(row for row in rows if row.counter == 5).trouble is Trouble.IDLE
    assert [row.counter for row in counter_rows(local.state, 0, MATTERS, by_number=True)] == list(range(1, 9))


def test_a_ready_counter_is_no_trouble_when_nobody_waits_or_visitors_come_by_themselves() -> None:
    local = LocalHall()
    local.do(c.OpenCounter(counter=1, clerk="001"))
    local.later(600)
    assert counter_rows(local.state, local.now_ms(), MATTERS)[0].trouble is Trouble.NONE
    local.do(c.SetMode(mode=Mode.PUSH))
    assert counter_rows(local.state, local.now_ms(), MATTERS)[0].trouble is Trouble.NONE


def test_the_usual_time_follows_the_journal_and_leans_on_the_catalogue_at_first() -> None:
    local = LocalHall()
    local.do(c.OpenCounter(counter=1, clerk="001"))
    local.do(c.IssueTicket(matter="id-card-renew"))
    [ticket] = local.state.tickets.values()
    catalogue_s = MATTERS["id-card-renew"].usual_minutes * 60
    assert usual_s(local.state, ticket, MATTERS) == catalogue_s
    for _ in range(12):
        local.do(c.IssueTicket(matter="id-card-renew"))
        local.do(c.CallNext(counter=1))
        local.do(c.StartService(counter=1))
        local.later(60)
        local.do(c.FinishService(counter=1))
    learned = usual_s(local.state, ticket, MATTERS)
    assert 60 < learned < catalogue_s


@pytest.mark.parametrize("tongue", TONGUES)
@pytest.mark.parametrize("columns", [80, 70, 120])
def test_rows_fit_their_pane(tongue: Tongue, columns: int) -> None:
    local = busy_hall()
    local.later(4000)
    hall, at_ms = local.state, local.now_ms()
    told = [panes.counter_row(row, tongue, columns) for row in counter_rows(hall, at_ms, MATTERS)]
    estimates = predict(hall, at_ms)
    for place, ticket in enumerate(queue_order(hall)):
        row = panes.ticket_row(place, hall.tickets[ticket], estimates.get(ticket), at_ms, MATTERS, tongue, columns)
        told.append(row)
    newcomers = {one: predict_newcomer(hall, one, at_ms) for one in (VisitorClass.PRIORITY, VisitorClass.ORDINARY)}
    told += panes.classes_pane(class_rows(hall, at_ms), newcomers, tongue, columns)
    top = panes.summary_pane(summary(hall, at_ms), newcomers[VisitorClass.ORDINARY], tongue, columns, 2).split("\n")
    assert len(top) == 2
    assert [row.plain for row in (*told, *top) if row.cell_length > columns] == []


@pytest.mark.parametrize("tongue", TONGUES)
@pytest.mark.parametrize("view", list(View))
def test_the_keys_fit_eighty_columns_in_every_view(tongue: Tongue, view: View) -> None:
    local = busy_hall()
    rows = panes.keys_pane(frozenset(Act), view, local.state, Focus(counter=1), tongue, 80).split("\n")
    assert len(rows) == 4
    assert all(row.cell_length <= 80 and "…" not in row.plain for row in rows)


def test_every_act_has_a_key_of_its_own_and_a_question() -> None:
    assert len({entry.key for entry in KEYS.values()}) == len(Act)
    assert {*ON_COUNTER, *ON_TICKET, *ON_HALL} == set(Act) == set(KEYS)
    assert set(QUESTIONS) == set(Act) - {Act.TAKE_BACK, Act.END_DAY}


def test_the_list_shows_the_marked_row_wherever_it_is() -> None:
    for at in (0, 3, 250, 499):
        shown = panes.list_pane(500, lambda place: line(f"row {place}"), at, 20, 10).split("\n")
        assert len(shown) == 10
        assert sum(row.plain.startswith(">") for row in shown) == 1
        assert any(row.plain.strip() == f">row {at}" for row in shown)


# --- what makes sense, and what takes it back ----------------------------------------------------


def test_what_makes_no_sense_is_said_before_it_is_sent() -> None:
    local = busy_hall()
    hall = local.state
    assert why_not(Act.OPEN, hall, Focus(counter=1)) is not None, "a visitor is there"
    assert why_not(Act.OPEN, hall, Focus(counter=5)) is None
    assert why_not(Act.NEXT, hall, Focus(counter=8)) is not None, "closed"
    assert why_not(Act.PAUSE, hall, Focus()) is not None
    assert why_not(Act.CANCEL, hall, Focus(ticket=999)) is not None
    assert why_not(Act.CLOCK, hall, Focus(), clock_off_ms=900) is not None
    assert why_not(Act.CLOCK, hall, Focus(), clock_off_ms=-3_600_000) is None


def test_each_inverse_puts_the_hall_back() -> None:
    local = busy_hall()
    waiting = list(call_order(local.state))[-1]
    acts: list[c.Command] = [
        c.CloseCounter(counter=5),
        c.OpenCounter(counter=8, clerk="008"),
        c.PauseCounter(counter=5),
        c.SetMode(mode=Mode.PUSH),
        c.SetNotice(zh="停电", en="power off"),
        c.StopIssuing(),
        c.AmendTicket(ticket=waiting, visitor_class=VisitorClass.PRIORITY),
        c.AssignTicket(ticket=waiting, to_counter=5),
        c.CallTicket(counter=5, ticket=waiting),
    ]
    for act in acts:
        fresh = busy_hall()
        if isinstance(act, c.SetMode):  # else push mode gives counter 5 somebody, whom no change of mode sends away
            fresh.do(c.CloseCounter(counter=5))
        before, back = _picture(fresh), inverse(fresh.state, act)
        assert back is not None, act
        for command in (act, back):
            assert isinstance(fresh.do(command), wire.Accepted), command
        assert _picture(fresh) == before, act


def _picture(local: LocalHall) -> object:
    hall = local.state
    counters = {
        n: (one.state, one.narrowing) for n, one in hall.counters.items() if one.state is not CounterState.CLOSED
    }
    tickets = {t.ticket: (t.state, t.visitor_class, t.only_counter, t.counter) for t in hall.tickets.values()}
    return counters, tickets, hall.mode, hall.notice_zh, hall.notice_en, hall.issuing, queue_order(hall)


def test_what_cannot_be_taken_back_has_no_inverse() -> None:
    hall = busy_hall().state
    for act in (c.CancelTicket(ticket=1), c.ExtendHours(minutes=5), c.CloseHall(reason="x"), c.AcceptClock()):
        assert inverse(hall, act) is None


# --- the end of the day --------------------------------------------------------------------------


def test_the_end_of_the_day_leaves_nobody_waiting_alone() -> None:
    local = busy_hall()
    plan = ending(local.state)
    assert plan.steps == (c.StopIssuing(why="end of day"),), "eleven wait: no counter closes"
    said = " ".join(words.zh for words in plan.outstanding)
    assert "还有 11 人等候" in said
    assert "窗口 5 留着叫完" in said
    assert "过号未回 1 人" in said


def test_the_end_of_the_day_closes_all_when_all_are_served() -> None:
    local = LocalHall()
    for number in (1, 2):
        local.do(c.OpenCounter(counter=number, clerk=f"00{number}"))
    local.do(c.PauseCounter(counter=2))
    plan = ending(local.state)
    for step in plan.steps:
        assert isinstance(local.do(step), wire.Accepted)
    assert plan.outstanding == ()
    assert {counter.state for counter in local.state.counters.values()} == {CounterState.CLOSED}
    assert ending(local.state).steps == ()


# --- the day -------------------------------------------------------------------------------------


def test_the_curve_counts_what_the_hall_counts() -> None:
    local = busy_hall()
    local.do(c.Undo(counter=3))
    local.do(c.CancelTicket(ticket=queue_order(local.state)[0]))
    curve = day_of(local).curve
    assert curve.in_queue == {ticket for queue in local.state.queues.values() for _, ticket in queue}
    assert sum(curve.arrived) == local.state.issued
    assert sum(curve.served) == sum(clerk.finished for clerk in local.state.clerks.values())
    assert curve.waiting[18] is not None
    assert curve.waiting[20] is None, "ten o'clock has not come yet"


def test_an_undone_finish_is_not_served() -> None:
    local = LocalHall()
    local.do(c.OpenCounter(counter=1, clerk="001"))
    local.do(c.IssueTicket(matter="id-card-renew"))
    for command in (c.CallNext(counter=1), c.StartService(counter=1), c.FinishService(counter=1), c.Undo(counter=1)):
        local.do(command)
    assert sum(day_of(local).curve.served) == 0


def test_a_new_day_begins_with_an_empty_curve() -> None:
    local = busy_hall()
    local.later(24 * 3600)
    local.tick()
    day = day_of(local)
    assert day.day == "2026-11-25"
    assert all(entry.event.service_day == day.day for entry in day.entries)
    assert sum(day.curve.arrived) == 0


def test_no_event_is_added_twice() -> None:
    local, rules = busy_hall(), in_force(busy_hall().state)
    day = day_of(local)
    count = len(day.entries)
    for event in events_of(local):
        day.add(event, rules, lambda _: Words("", ""))
    assert len(day.entries) == count


@pytest.mark.parametrize(
    ("typed", "every"),
    [
        ("A003", "a003"),
        ("a3", "a003"),
        ("c3", " c3 "),
        ("窗口3", " c3 "),
        ("ticket_called", "ticket_called"),
    ],
)
def test_the_journal_is_found_by_what_a_manager_would_type(typed: str, every: str) -> None:
    day = day_of(busy_hall())
    hits = found(day.entries, typed)
    assert hits
    assert all(every in entry.search for entry in hits)


def test_counter_3_is_not_counter_30() -> None:
    local = LocalHall(counters=30)
    local.do(c.OpenCounter(counter=30, clerk="030"))
    assert not found(day_of(local).entries, "c3")
    assert found(day_of(local).entries, "c30")


def test_a_search_goes_on_as_events_come() -> None:
    local = busy_hall()
    day, rules = day_of(local), in_force(local.state)
    search = Search(day, "c5")
    before = len(search.entries())
    local.do(c.PauseCounter(counter=5))
    for event in events_of(local):
        day.add(event, rules, lambda one: sentence(one, rules, MATTERS))
    assert len(search.entries()) == before + 1
    assert isinstance(search.entries()[-1].event, e.CounterPaused)


def test_the_newest_stands_first() -> None:
    day = day_of(busy_hall())
    newest = Newest(day.entries)
    assert list(newest) == [entry.event.seq for entry in reversed(day.entries)]
    assert newest.index(newest[4]) == 4
    assert 10**9 not in newest
    with pytest.raises(ValueError, match="1000000000"):
        newest.index(10**9)


def test_every_kind_of_event_and_alert_has_its_sentence() -> None:
    assert set(e.ALL) == set(SENTENCES)
    assert set(ALERTS) == set(AlertKind)


def test_sentences_are_sentences() -> None:
    local = busy_hall()
    rules = in_force(local.state)
    for event in events_of(local):
        words = sentence(event, rules, MATTERS)
        for text in words:
            assert text
            assert "{" not in text
            assert "None" not in text
    assert short("A007") == "a7"


# --- roster, devices, alerts ---------------------------------------------------------------------


def test_a_roster_is_read_as_it_is_written() -> None:
    spans = (
        RosterSpan(start=dt.time(9), end=dt.time(12), counters=8),
        RosterSpan(start=dt.time(14), end=dt.time(18), counters=6),
    )
    assert parse_roster("14:00-18:00 6，9:00-12:00 8", 8) == spans
    assert parse_roster(roster_text(spans), 8) == spans
    assert parse_roster("", 8) == ()


@pytest.mark.parametrize(
    ("typed", "says"),
    [
        ("9-12 8", "9:00-12:00 8"),
        ("9:00-12:00 9", "8 个窗口"),
        ("12:00-9:00 3", "先后颠倒"),
        ("25:00-26:00 3", "没有这个时间"),
        ("9:00-12:00 3, 11:00-13:00 4", "重叠"),
    ],
)
def test_a_roster_that_cannot_be_is_explained(typed: str, says: str) -> None:
    told = parse_roster(typed, 8)
    assert isinstance(told, Words)
    assert says in told.zh


def test_devices_in_trouble_and_silent_ones_stand_first() -> None:
    local = busy_hall()
    local.do(c.ReportDevice(kind="paper", state=c.DeviceState.FAILED, detail="out"))
    at_ms = local.now_ms()
    known = {
        "board": wire.DeviceStatus("board", at_ms - 5_000),
        "voice": wire.DeviceStatus("voice", at_ms - 300_000),
        "gateway": wire.DeviceStatus("gateway", None),
    }
    found_devices = devices(local.state, known, at_ms)
    assert [device.name for device in found_devices] == ["hall", "voice", "board", "gateway"]
    told = [device_row(device, "zh", 76).plain for device in found_devices]
    assert "纸张 故障 out" in told[0]
    assert "5分钟没声音" in told[1]
    assert "在线" in told[2]


def test_an_alert_says_what_is_wrong_and_what_to_do() -> None:
    local = busy_hall()
    local.later(1200)
    local.tick()
    alerts = sorted_alerts(local.state)
    assert alerts, "somebody has waited for most of an hour"
    rows = alert_rows(local.state, alerts, 0, local.now_ms(), "zh", 36, 8)
    text = "".join(row.plain for row in rows)
    assert len(rows) <= 8
    assert all(row.cell_length <= 36 for row in rows)
    assert "!" in text
    assert "请" in text


def test_nothing_is_drawn_of_a_day_without_visitors() -> None:
    curve = Curve()
    curve.reach(in_force(LocalHall().state), LocalHall().now_ms())
    assert sum(curve.arrived) == 0
    assert curve.waiting[18] == 0
