"""What stands on the board, from a hall that the real core has made."""

from display_board.pages.board_view import MISSED_SHOWN, BoardView, CallRow, Scene, Shape, board_view
from display_board.pages.calls import Stage, Timing, advance, restore
from display_board.pages.words import NOTHING, Words
from hall_controller.domain import commands as c
from hall_controller.domain.ticket import VisitorClass
from tests.unit.display_board.room import Room, at

TIMING = Timing()


def look(room: Room, shape: Shape | None = None, **scene: object) -> BoardView:
    """As a board has it that has just begun to follow."""
    stage = restore(advance(Stage(), room.hall, 0, TIMING), room.hall, room.events)
    known = Scene(now_ms=room.now_ms, stage=stage, timing=TIMING, **scene)  # type: ignore[arg-type]
    return board_view(room.hall, known, shape or Shape())


def test_a_call_says_which_number_and_which_counter() -> None:
    room = Room()
    room.open(3)
    room.issue()
    stage = advance(Stage(), room.hall, 0, TIMING)
    room.call(3)
    scene = Scene(now_ms=room.now_ms, stage=advance(stage, room.hall, 0, TIMING), timing=TIMING)
    view = board_view(room.hall, scene, Shape())
    assert view.calls == (CallRow("A001", 3, fresh=True),)
    assert view.recent == (), "what stands large is not listed again beside it"
    room.do(c.Recall(counter=3))
    assert look(room).calls == (CallRow("A001", 3, again=True),)


def test_the_last_six_calls_are_listed_with_their_counters() -> None:
    room = Room()
    room.open(*range(1, 9))
    room.issue(8)
    for counter in range(1, 9):
        room.call(counter)
        room.do(c.StartService(counter=counter))
    assert [(row.number, row.counter) for row in look(room).recent] == [
        ("A008", 8), ("A007", 7), ("A006", 6), ("A005", 5), ("A004", 4), ("A003", 3),
    ]  # fmt: skip
    assert len(look(room, Shape(recent=8)).recent) == 8


def test_waiting_is_counted_and_told_by_class_once_someone_is_favoured() -> None:
    room = Room()
    room.issue(3)
    assert (look(room).waiting, look(room).by_class) == (3, ())
    room.issue(visitor_class=VisitorClass.PRIORITY)
    view = look(room)
    assert view.waiting == 4
    assert [(count.name.en, count.count) for count in view.by_class] == [("Priority", 1), ("Ordinary", 3)]
    assert look(room, Shape(by_class=False)).by_class == ()


def test_the_wait_of_a_newcomer_is_told_in_minutes() -> None:
    room = Room()
    assert look(room).wait == Words("未知", "Unknown"), "no counter works"
    room.open(1)
    assert look(room).wait == Words("无需等候", "No wait")
    assert look(room).wait_most == NOTHING
    room.issue(3)
    assert look(room).wait == Words("约25分钟", "About 25 min")
    assert look(room).wait_most == Words("多数不超过45分钟", "most wait under 45 min")


def test_missed_numbers_are_listed_and_leave_the_list_of_calls() -> None:
    room = Room()
    room.open(1)
    room.issue(2)
    room.call(1)
    room.do(c.Missed(counter=1))
    ticket = room.call(1)
    view = look(room)
    assert view.missed == ("A001",)
    assert ([row.number for row in view.calls], view.recent) == (["A002"], ())
    assert look(room, Shape(missed=False)).missed == ()
    room.do(c.StartService(counter=1, ticket=ticket))
    room.later(1801)
    room.do(c.Tick())
    assert look(room).missed == (), "after the grace period it is worth showing no more"


def test_more_missed_numbers_than_there_is_room_for_are_counted() -> None:
    room = Room()
    room.open(1)
    room.issue(MISSED_SHOWN + 3)
    for _ in range(MISSED_SHOWN + 3):
        room.call(1)
        room.do(c.Missed(counter=1))
    view = look(room)
    assert (len(view.missed), view.missed_more) == (MISSED_SHOWN, 3)


def test_stopped_issuing_and_a_closed_hall_are_plain() -> None:
    room = Room()
    room.do(c.StopIssuing(why="系统维护"))
    stopped = look(room)
    assert "今日已停止取号（系统维护）" in stopped.banners[0].words.zh
    assert stopped.wait == Words("停止取号", "No more tickets")
    room.do(c.ResumeIssuing())
    assert look(room).banners == ()
    room.do(c.CloseHall(reason="台风"))
    assert look(room).idle[0].en == "The hall is closed"
    assert look(room).banners[0].words == Words("大厅已关闭：台风", "The hall is closed: 台风")


def test_a_hall_that_is_not_heard_is_said_so_with_the_time_at_which_the_screen_stands() -> None:
    room = Room("10:42")
    banner = look(room, heard=False, lost_since_ms=at("10:41")).banners[0]
    assert "10:41" in banner.words.zh
    assert "10:41" in banner.words.en
    assert banner.kind == "warning"


def test_the_clock_is_the_halls_own_and_local() -> None:
    clock = look(Room("23:59")).clock
    assert (clock.time, clock.date) == ("23:59", Words("11月24日 星期二", "Tue 24 Nov 2026"))
    assert clock.offset_min == 480


def test_the_notice_is_on_the_board() -> None:
    room = Room()
    room.do(c.SetNotice(zh=" 今日停电 ", en="Power cut today"))
    assert look(room).notice == Words("今日停电", "Power cut today")


def test_visits_are_the_halls_own_count_with_those_of_extended_hours() -> None:
    room = Room("11:00")
    assert look(room).visits == Words("今日办理 0 人次 · 延时 0", "Visits today 0, extended hours 0")
    room.open(1)
    for clock, count in (("11:00", 2), ("18:30", 3)):
        room.until(clock)
        room.issue(count)
        for _ in range(count):
            room.call(1)
            room.do(c.StartService(counter=1))
            room.do(c.FinishService(counter=1))
    assert sum(room.hall.visits.values()) == 5
    assert look(room).visits == Words("今日办理 5 人次 · 延时 3", "Visits today 5, extended hours 3")


def test_an_announcement_is_a_banner_of_its_own() -> None:
    room = Room("11:00")
    room.until("11:30")
    assert [(banner.kind, banner.words.zh) for banner in look(room).banners] == [("news", "12:00起午休，14:00继续办公")]


def test_at_night_the_panel_says_when_the_hall_opens_and_by_day_whom_to_watch_for() -> None:
    room = Room("19:00")
    assert look(room).idle == (
        Words("请留意屏幕和语音叫号", "Please watch this screen and listen for your number"),
        NOTHING,
    )
    room.open(1)
    room.issue()
    room.until("20:00")
    assert look(room).idle[0].zh == "持票请等候叫号", "one visitor still waits"
    room.call(1)
    room.do(c.StartService(counter=1))
    room.do(c.FinishService(counter=1))
    assert look(room).idle == (
        Words("今日办公已结束", "Closed for today"),
        Words("下次办公：明天（星期三）09:00", "We open tomorrow, Wednesday, at 09:00"),
    )
    assert look(room).wait == Words("明天08:30起取号", "Tickets from 08:30 tomorrow")
    room.until("07:00", "2026-11-25")
    assert look(room).idle == (
        Words("今日09:00开始办公", "We open at 09:00 today"), Words("08:30起取号", "Tickets from 08:30"),
    )  # fmt: skip
    room.until("08:40", "2026-11-25")
    assert look(room).idle[1].zh == "今日09:00开始办公"


def test_over_lunch_the_panel_says_until_when() -> None:
    room = Room("11:00")
    room.until("12:00")
    assert look(room).idle == (Words("午休", "Lunch break"), Words("14:00继续办公", "Open again at 14:00"))


def test_a_new_hall_may_be_tried_out_at_night() -> None:
    assert look(Room("22:00")).idle[0].zh == "请留意屏幕和语音叫号"
