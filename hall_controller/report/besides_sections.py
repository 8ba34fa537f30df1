"""The sections of the page that are no visits: spared ones, acceptances, ratings, bookings. None of what never was."""

from collections.abc import Mapping, Sequence
from typing import Any

from hall_controller.domain.matters import Catalogue
from hall_controller.report import besides_words as said
from hall_controller.report import words
from hall_controller.report.markup import Cell, Html, Two, note, section, table
from hall_controller.report.sections import TOP, seconds

Made = Mapping[str, Any]
LOW_SHOWN = 40
"""So many comments at most; the newest."""
COUNT = Two("次数", "times")


def sections(made: Made, catalogue: Catalogue | None, *, clerks: bool) -> list[Html]:
    besides = made["besides"]
    found = [
        _diversions(besides["diversions"], catalogue),
        _acceptances(besides["acceptances"], besides["papers"]),
        _bookings(besides["bookings"]),
        _matters(besides["matters"]),
        _ratings(besides["ratings"]),
        _low_ratings(besides["ratings"]["low"], catalogue) if clerks else None,
    ]
    return [one for one in found if one is not None]


def _diversions(found: Made, catalogue: Catalogue | None) -> Html | None:
    if not found["total"]:
        return None
    ways = list(found["way"])
    sums = {code: sum(row.values()) for code, row in found["matter"].items()}
    order = sorted(sums, key=lambda code: (-sums[code], code))
    rows: list[list[Cell]] = [
        [Two(*_names(code, catalogue)), *(found["matter"][code].get(way, 0) for way in ways), sums[code]]
        for code in order[:TOP]
    ]
    if others := order[TOP:]:
        name = Two(f"其余 {len(others)} 项", f"{len(others)} others")
        by_way = [sum(found["matter"][code].get(way, 0) for code in others) for way in ways]
        rows.append([name, *by_way, sum(by_way)])
    heads = [Two("事项", "matter"), *(Two(*said.way(way)) for way in ways), Two("合计", "total")]
    end: list[Cell] = [Two("合计", "total"), *found["way"].values(), found["total"]]
    under = note(Two("来访者看到不必排队后自己选择", "who saw that no visit was needed, and chose so"))
    title = Two("免排队办理", "Visits that need not be")
    return section("diversions", title, table(heads, rows, end), under, wide=True)


def _names(code: str, catalogue: Catalogue | None) -> tuple[str, str]:
    zh, en = words.matter_of(code, catalogue)
    return (zh, "" if en == zh else en)


def _acceptances(found: Made, papers: Made) -> Html | None:
    if not (said.is_anything(found) or said.is_anything(papers)):
        return None
    rows: list[list[Cell]] = [[Two(*name), found[key]] for key, name in said.ACCEPTANCES.items()]
    rows += [[Two(*said.PAPERS[key]), papers[key]] for key in ("sent", "received")]
    standing: list[list[Cell]] = [[Two(*name), found[key]] for key, name in said.STANDING.items()]
    standing += [
        [Two("交接单在途", "lists under way"), papers["under_way"]],
        [Two("其中逾期", "of these overdue"), papers["overdue"]],
    ]
    done = table([Two("办理", "done"), COUNT], rows)
    return section(
        "acceptances",
        Two("受理与出件", "Accepted and handed out"),
        done,
        table([Two("期末", "at the end"), COUNT], standing),
    )


def _matters(found: Made) -> Html | None:
    if not (found["bundles"] or found["left"]):
        return None
    rows: list[list[Cell]] = [[Two(*name), found[key]] for key, name in said.MATTERS.items()]
    return section(
        "handled",
        Two("一件事一次办", "Several matters in one visit"),
        table([Two("事项", "matters"), COUNT], rows),
        note(Two("人次不变：一张号票一次", "visits stay what they are: one a number")),
    )


def _bookings(found: Made) -> Html | None:
    if not said.is_anything(found):
        return None
    counts: list[list[Cell]] = [[Two(*name), found[key]] for key, name in said.BOOKINGS.items()]
    waits: list[list[Cell]] = [
        [Two(*name), found["waits"][who]["count"], *(seconds(found["waits"][who][key]) for key in TIMES)]
        for who, name in said.WAITED.items()
    ]
    heads = [
        Two("等候", "waited"), Two("人次", "visitors"), Two("中位数", "median"), Two("九成内", "9 in 10"),
        Two("最长", "at most"),
    ]  # fmt: skip
    under = note(Two("预约的等候自预约时刻起算", "a booked visitor waits from the booked moment on"))
    return section(
        "bookings", Two("预约", "Bookings"), table([Two("预约", "bookings"), COUNT], counts), table(heads, waits), under
    )


TIMES = ("median_s", "nine_in_ten_s", "most_s")


def _ratings(found: Made) -> Html | None:
    if not found["count"]:
        return None
    stars: list[list[Cell]] = [
        ["★" * int(number), found["stars"][number], words.share(found["stars"][number], found["count"])]
        for number in sorted(found["stars"], reverse=True)
    ]
    end: list[Cell] = [Two(f"平均 {said.mean_stars(found)}", "in the mean"), found["count"], words.share(1, 1)]
    parts = [table([Two("评价", "rating"), COUNT, Two("占比", "share")], stars, end)]
    if found["reasons"]:
        reasons: list[list[Cell]] = [[Two(*said.reason(code)), count] for code, count in found["reasons"].items()]
        parts.append(table([Two("不满意的原因", "what they were not content with"), COUNT], reasons))
    return section("ratings", Two("评价", "Ratings"), *parts)


def _low_ratings(found: Sequence[Made], catalogue: Catalogue | None) -> Html | None:
    """For the hall alone: a page without clerks has none."""
    if not found:
        return None
    rows: list[list[Cell]] = [
        [
            f"{one['day'][5:]} {one['time']}", "★" * one["stars"], one["number"],
            _names(one["matter"], catalogue)[0] if one["matter"] else None, one["counter"], one["clerk"] or None,
            "、".join(said.reason(code)[0] for code in one["reasons"]), one["comment"],
        ]
        for one in found[-LOW_SHOWN:]
    ]  # fmt: skip
    heads = [
        Two("时刻", "when"), Two("评价", "stars"), Two("号码", "number"), Two("事项", "matter"),
        Two("窗口", "counter"), Two("人员", "clerk"), Two("原因", "reasons"), Two("留言", "comment"),
    ]  # fmt: skip
    more = len(found) - len(rows)
    under = [note(Two(f"另有 {more} 条，见 hall report --json", f"{more} more: hall report --json"))] if more else []
    title = Two("不满意的评价", "Low ratings")
    return section(
        "low-ratings", title, table(heads, rows, words_in=(0, 1, 2, 3, 5, 6, 7), minor=(3, 5)), *under, wide=True
    )
