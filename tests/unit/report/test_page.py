"""The page for a meeting: the account's own figures, nothing from outside, and no name is ever read as markup."""

import random
import re
from collections import Counter as Tally
from html.parser import HTMLParser
from typing import Any

import pytest

from hall_controller.bus.wire import encode
from hall_controller.domain import commands as c
from hall_controller.domain.matters import Catalogue, Matter, Subject
from hall_controller.report import make_report, page, words
from tests.unit.domain.support import Pretend, terminal
from tests.unit.domain.test_months import Month
from tests.unit.report.accounts import DAY

EVIL = "<script>alert(1)</script>"
LAST_TUESDAY = "2026-11-17"
PENSION = Matter(
    code="pension",
    name_zh="养老待遇申领",
    name_en=f"Pension {EVIL}",
    subject=Subject.NATURAL,
    group="social",
    group_zh="社保",
    group_en="Social",
    usual_minutes=8,
)
CATALOGUE = Catalogue({"pension": PENSION})


class Reader(HTMLParser):
    """What a browser finds on the page."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self.tags: Tally[str] = Tally()
        self.ids: list[str] = []
        self.links: list[str] = []
        self.figures: dict[str, str] = {}
        self.columns: dict[str, list[list[str]]] = {}
        self.text = ""
        self._section = self._figure = ""
        self.feed(text)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        given = {name: value or "" for name, value in attrs}
        self.tags[tag] += 1
        self.ids += [given["id"]] if "id" in given else []
        self.links += [value for name, value in given.items() if name in {"href", "src", "xlink:href", "action"}]
        assert not any(name.startswith("on") for name in given)
        self._figure = given.get("data-figure", "")
        if tag == "section":
            self._section = given["id"]
        elif tag == "tr":
            self.columns.setdefault(self._section, []).append([])
        elif tag in {"td", "th"} and self._section:
            self.columns[self._section][-1].append("")

    def handle_data(self, data: str) -> None:
        self.text += data
        if self._figure:
            self.figures[self._figure] = data
            self._figure = ""
        if self.columns.get(self._section) and self.columns[self._section][-1]:
            self.columns[self._section][-1][-1] += data

    def total(self, section: str, column: int) -> str:
        return self.columns[section][-1][column]


def account(hall: Pretend, period: str = DAY) -> dict[str, Any]:
    return make_report([encode(event) for event in hall.events], period, with_course=True)


def read(made: dict[str, Any], before: dict[str, Any] | None = None, *, clerks: bool = True) -> Reader:
    return Reader(page.render(made, CATALOGUE, before, clerks=clerks).decode())


@pytest.fixture(scope="module")
def hall() -> Pretend:
    """Two Tuesdays; on the second a notice, a reason and a clerk that would like to be markup."""
    hall = Pretend(f"{LAST_TUESDAY} 10:00:00", name_zh=f"西乡{EVIL}", name_en="Xixiang")
    hall.open(1)
    hall.take()
    hall.serve(1, 300)
    hall.close(1)
    hall.until(f"{DAY} 09:00:00")
    hall.do(c.OpenCounter(counter=1, clerk=f"李{EVIL}"), terminal(1))
    hall.do(c.SetNotice(zh=f"公告{EVIL}", en='"></svg><img src=x onerror=alert(1)>', why=EVIL))
    hall.take_many(12)
    for _ in range(10):
        hall.serve(1, 300)
    hall.until(f"{DAY} 18:10:00")
    hall.serve(1, 300)
    hall.do(c.ExtendHours(minutes=30, why="many wait"))
    return hall


@pytest.fixture(scope="module")
def made(hall: Pretend) -> dict[str, Any]:
    return account(hall)


@pytest.fixture(scope="module")
def month() -> dict[str, Any]:
    played = Month("2026-10", random.Random(3))
    played.play()
    return account(played.hall, "2026-10")


@pytest.fixture(scope="module")
def pages(made: dict[str, Any], month: dict[str, Any]) -> dict[str, str]:
    """Drawn once: a chart takes a while."""
    return {name: page.render(one, CATALOGUE).decode() for name, one in (("day", made), ("month", month))}


def test_the_headline_is_the_account(made: dict[str, Any], pages: dict[str, str]) -> None:
    figures = Reader(pages["day"]).figures
    assert figures["visits"] == f"{made['visits']['total']}" == "11"
    assert (figures["extended"], figures["extended_share"]) == ("1", words.share(1, 11))
    assert figures["no_shows"] == str(made["tickets"]["no_show"])
    waits = made["course"]["waits"]
    assert figures["nine_in_ten"] == words.minutes(waits["nine_in_ten_s"], 1) == "45:00"
    assert figures["soon"] == words.share(waits["soon"], waits["count"])


@pytest.mark.parametrize("what", ["day", "month"])
def test_every_table_adds_up_to_the_account(
    what: str, made: dict[str, Any], month: dict[str, Any], pages: dict[str, str]
) -> None:
    made = {"day": made, "month": month}[what]
    seen = Reader(pages[what])
    total = f"{made['visits']['total']:,}"
    for name in ("bands", "matters", "groups", "counters", "clerks"):
        column = [int(row[1].replace(",", "")) for row in seen.columns[name][1:]]
        assert seen.total(name, 1) == total, name
        assert sum(column[:-1]) == column[-1], name
    assert seen.total("half-hours", 2) == total
    assert seen.total("half-hours", 1) == f"{made['tickets']['issued']:,}"
    served = [int(row[2].replace(",", "")) for row in seen.columns["half-hours"][1:-1]]
    assert sum(served) == made["visits"]["total"]
    if what == "month":
        cells = re.findall(r"<td [^>]*data-day=.*?<b>([\d,]+)</b>", pages["month"])
        assert sum(int(cell.replace(",", "")) for cell in cells) == made["visits"]["total"]


@pytest.mark.parametrize("what", ["day", "month"])
def test_nothing_runs_and_nothing_is_loaded(what: str, pages: dict[str, str]) -> None:
    raw = pages[what]
    seen = Reader(raw)
    assert not {"script", "img", "link", "iframe", "object", "form"} & set(seen.tags)
    assert all(link.startswith("#") for link in seen.links)
    assert not re.search(r"url\((?!#)|@import", raw)
    assert len(seen.ids) == len(set(seen.ids)), "no two charts share an id"
    assert {link[1:] for link in seen.links} <= set(seen.ids)
    assert len(raw.encode()) < (600_000 if what == "day" else 1_500_000)


def test_the_same_account_is_the_same_page(made: dict[str, Any], pages: dict[str, str]) -> None:
    assert page.render(made, CATALOGUE).decode() == pages["day"]


def test_what_people_wrote_is_shown_as_they_wrote_it(pages: dict[str, str]) -> None:
    seen = Reader(pages["day"])
    for said in (f"公告{EVIL}", f"李{EVIL}", f"西乡{EVIL}", '"></svg><img src=x', f"Pension {EVIL}"):
        assert said in seen.text
    style = pages["day"].split("</style>")[0]
    assert EVIL not in style
    assert f"\\{ord('<'):06x}\\{ord('s'):06x}" in style, "the name at the foot of each sheet is letters only"


def test_each_chart_says_in_words_what_it_shows(month: dict[str, Any], pages: dict[str, str]) -> None:
    raw = pages["month"]
    labels = re.findall(r'<svg viewBox="[^"]*" class="chart" role="img" aria-label="([^"]*)">', raw)
    assert len(labels) == raw.count("<svg") == 4 + len(month["course"]["weekdays"])
    assert all(re.search(r"[\u4e00-\u9fff].*[a-z]", label) for label in labels)
    assert not re.search(r"<text[^>]*>[^<]*[\u4e00-\u9fff]", raw), "no chart needs a Chinese font"


def test_clerks_can_be_left_out(made: dict[str, Any]) -> None:
    seen = read(made, clerks=False)
    assert "clerks" not in seen.columns
    assert "李" not in seen.text
    assert seen.total("counters", 1) == "11"


def test_a_day_is_compared_to_the_same_weekday_before(
    hall: Pretend, made: dict[str, Any], pages: dict[str, str]
) -> None:
    seen = read(made, account(hall, LAST_TUESDAY))
    rows = {row[0].split()[0]: row[1:] for row in seen.columns["before"]}
    assert rows["指标"][:2] == ["11-24 周二 tue", "11-17 周二 tue"]
    assert rows["办理人次"] == ["11", "1", "+10 (+1000.0%)"]
    assert rows["九成等候不超过"] == ["45:00", "0:00", "+45:00"]
    assert "日志中没有此前同一星期几的服务日" in Reader(pages["day"]).text


def test_an_empty_day_and_month_say_so() -> None:
    hall = Pretend(f"{DAY} 10:00:00")
    assert "这一天日志中没有取号，也没有办理。" in read(account(hall)).text
    assert "这个月日志中没有取号，也没有办理。" in read(account(hall, "2025-01")).text
    assert not read(account(hall)).figures
    nothing = make_report([], DAY, with_course=True)
    assert "2026 年 11 月 24 日 周二" in read(nothing).text


def test_a_day_on_which_nobody_was_called_still_has_a_page() -> None:
    hall = Pretend(f"{DAY} 10:00:00")
    hall.take()
    seen = read(account(hall))
    assert (seen.figures["visits"], seen.figures["median_wait"], seen.figures["soon"]) == ("0", "-", "-")
    month = read(account(hall, "2026-11"))
    assert month.figures["daily"] == "0.0"


def test_a_month_full_of_incidents_lists_those_of_people_before_those_of_machines(made: dict[str, Any]) -> None:
    one = {"day": DAY, "time": "10:00", "until": "10:00", "count": 1, "en": ""}
    many = [one | {"kind": "device", "zh": f"设备 {number}"} for number in range(100)]
    found = made | {"course": made["course"] | {"incidents": [*many, one | {"kind": "emergency", "zh": "台风"}]}}
    seen = read(found)
    assert "台风" in seen.text
    assert "另有 41 项" in seen.text
