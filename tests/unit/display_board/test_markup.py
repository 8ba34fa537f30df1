"""Views as HTML: nothing that anyone typed becomes markup, long texts run, letters fit."""

import pytest

from display_board.pages.board_view import Banner, BannerKind, BoardView, CallRow, Clock
from display_board.pages.counter_view import CounterView
from display_board.pages.markup import board_regions, counter_markup, em_width
from display_board.pages.opening import Phase, Today
from display_board.pages.words import NOTHING, Words, most


def view(**fields: object) -> BoardView:
    known: dict[str, object] = {
        "name": Words("大厅", "Hall"),
        "rehearsal": False,
        "clock": Clock("10:42", Words("11月24日 星期二", "Tue 24 Nov 2026"), 1, 480),
        "banners": (),
        "calls": (),
        "recent": (),
        "missed": (),
        "missed_more": 0,
        "waiting": 0,
        "by_class": (),
        "wait_label": NOTHING,
        "wait": NOTHING,
        "wait_most": NOTHING,
        "today": Today(hours=("09:00–12:00",), phase=Phase.OPEN, state=Words("办公至12:00", "Open until 12:00")),
        "idle": (Words("请留意屏幕", "Please watch"), NOTHING),
        "visits": Words("今日办理 123 人次 · 延时 45", "Visits today 123, extended hours 45"),
        "notice": NOTHING,
    }
    return BoardView(**(known | fields))  # type: ignore[arg-type]


def test_what_a_manager_types_stays_text() -> None:
    notice = board_regions(view(notice=Words("<b>注意</b>&", "</p><script>")))["notice"]
    assert "&lt;b&gt;注意&lt;/b&gt;&amp;" in notice
    assert "<script>" not in notice
    assert "<script>" not in board_regions(view(name=Words("<script>", "<script>")))["head"]


def test_a_short_notice_stands_still_and_a_long_one_runs_as_slowly_however_long() -> None:
    assert "runs" not in board_regions(view(notice=Words("今日停电", "Power cut")))["notice"]
    long = board_regions(view(notice=Words("今日停电，" * 40, "")))["notice"]
    assert "runs" in long
    assert "animation-duration:73.8s" in long
    assert board_regions(view())["notice"] == "", "no notice takes no room"


@pytest.mark.parametrize(
    ("count", "layout"), [(1, "n1"), (2, "n2"), (3, "n3"), (4, "crowd"), (8, "crowd"), (9, "many"), (40, "many")]
)
def test_the_layout_follows_the_number_of_calls(count: int, layout: str) -> None:
    calls = tuple(CallRow(f"A{n:03d}", n + 1, fresh=n == 0, again=n == 1) for n in range(count))
    panel = board_regions(view(calls=calls))["panel"]
    assert f'class="calls {layout}"' in panel
    assert panel.count('class="call fresh"') == 1
    assert "请A000号到1号窗口" in panel


def test_only_the_region_that_changed_differs() -> None:
    before, after = board_regions(view()), board_regions(view(waiting=3))
    assert [name for name in before if before[name] != after[name]] == ["facts"]


def test_widths_are_known_well_enough_to_fit_letters() -> None:
    assert em_width("号窗口") == 3
    assert em_width("A001") < em_width("A1001") < em_width("ABC1001")


def test_the_name_gives_way_to_what_the_hours_are_now() -> None:
    name = Words("深圳市宝安区新安街道政务服务大厅", "Xin'an Street Public Service Hall, Bao'an District")
    long = Today(
        hours=("14:00–20:30",), phase=Phase.EXTENDED, state=Words("今晚延时服务至20:30", "Open until 20:30 tonight")
    )

    def fit(head: str) -> float:
        return float(head.partition("--fit:")[2].partition(";")[0])

    usual, extended = (fit(board_regions(view(name=name, **more))["head"]) for more in ({}, {"today": long}))
    assert 1.0 <= usual < extended < 2.0


def test_an_announcement_has_a_sign_of_its_own() -> None:
    banners = (
        Banner(BannerKind.NEWS, Words("12:00起午休", "Lunch break from 12:00")),
        Banner(BannerKind.CLOSED, Words("停", "Stop")),
    )
    markup = board_regions(view(banners=banners))["banners"]
    assert markup.index('class="banner news"') < markup.index("12:00起午休") < markup.index('class="banner closed"')


def test_how_sure_the_wait_is_stands_beside_it_where_that_says_something() -> None:
    told = board_regions(view(wait=Words("约25分钟", "About 25 min"), wait_most=most(1500, 2300)))["facts"]
    assert '<p class="most"><span class="zh" lang="zh">多数不超过40分钟</span>' in told
    assert "most wait under 40 min" in told
    assert "most" not in board_regions(view())["facts"]


def test_a_rehearsal_is_marked() -> None:
    assert "演练" in board_regions(view(rehearsal=True))["head"]
    assert "演练" not in board_regions(view())["head"]


def test_the_counter_display_says_its_state_in_words() -> None:
    closed = CounterView(counter=3, name=Words("", ""), state="closed", lead=Words("暂停服务", "Closed"), heard=False)
    markup = counter_markup(closed)
    assert "暂停服务" in markup
    assert "与叫号系统失去联系" in markup
