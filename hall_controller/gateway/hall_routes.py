"""Reads: the hall, its hours, its matters and themes."""

import datetime as dt
from typing import Annotated

from fastapi import APIRouter, Query, Request
from pydantic.json_schema import SkipJsonSchema

from hall_controller.domain import hours
from hall_controller.domain.bundle import documents_needed
from hall_controller.domain.counter import WORKING
from hall_controller.domain.hall import Hall, Issuing, in_force, waiting_count
from hall_controller.domain.matters import How, Matter, Subject, Theme
from hall_controller.domain.refusal import Code
from hall_controller.domain.rules import Rules
from hall_controller.gateway import schemas as s
from hall_controller.gateway.answers import READ, problems
from hall_controller.gateway.live import Live
from hall_controller.gateway.problems import Own, Problem
from hall_controller.i18n import waits

FOUND_MOST = 100
"""By a search: what stands further down was not meant."""
HERE = (How.HERE, How.ANY_HALL)
DAYS_MOST = 31


def wait_body(wait_s: int | None, bound_s: int | None) -> s.WaitBody:
    told = waits.whole(wait_s, bound_s)
    return s.WaitBody(zh=told.zh, en=told.en)


def moment(rules: Rules, at_ms: int) -> str:
    """In the hall's own time."""
    return hours.local(rules, at_ms).isoformat(timespec="seconds")


def hall_router() -> APIRouter:
    router = APIRouter(tags=["hall"])

    @router.get("/hall", responses=problems(*READ), operation_id="hall")
    async def hall_now(request: Request) -> s.HallNow:
        """The hall now: open or not, how many wait, how long a newcomer would."""
        live: Live = request.app.state.live
        return _hall_now(await live.hall(), live, rehearsal=await live.rehearsal())

    @router.get("/hours", responses=problems(*READ), operation_id="hours")
    async def hours_of_days(
        request: Request,
        first: Annotated[
            s.GivenDay | SkipJsonSchema[None], Query(alias="from", description="By default today.")
        ] = None,
        days: Annotated[int, Query(ge=1, le=DAYS_MOST)] = 7,
    ) -> s.Hours:
        """When the hall serves."""
        live: Live = request.app.state.live
        hall = await live.hall()
        rules = in_force(hall)
        day = dt.date.fromisoformat(first) if first is not None else hours.local(rules, live.now_ms()).date()
        return s.Hours(days=[_day_hours(hall, day + dt.timedelta(days=ahead)) for ahead in range(days)])

    @router.get("/matters", responses=problems(*READ), operation_id="matters")
    async def matters(
        request: Request,
        q: Annotated[str, Query(max_length=200, description="As people type: 换驾照, yyzz, passport.")] = "",
        subject: Subject | SkipJsonSchema[None] = None,
        theme: s.Name | SkipJsonSchema[None] = None,
        page: Annotated[int, Query(ge=1, le=10_000)] = 1,
        per_page: Annotated[int, Query(ge=1, le=100)] = 20,
    ) -> s.MatterPage:
        """The catalogue, page by page; with `q` its best matches, best first."""
        known = await request.app.state.live.known()
        found = [hit.matter for hit in known.search.find(q, FOUND_MOST)] if q.strip() else known.matters.values()
        fitting = [
            matter
            for matter in found
            if (subject is None or matter.subject is subject) and (theme is None or theme in matter.themes)
        ]
        shown = fitting[(page - 1) * per_page : page * per_page]
        return s.MatterPage(
            total=len(fitting),
            page=page,
            per_page=per_page,
            matters=[s.MatterShort.model_validate(_short(one)) for one in shown],
        )

    @router.get("/matters/{code}", responses=problems(*READ, Code.UNKNOWN_MATTER, Own.NOT_FOUND), operation_id="matter")
    async def matter(request: Request, code: s.Name) -> s.MatterFull:
        """One matter: what to bring, and how it can be done, also without a visit."""
        known = await request.app.state.live.known()
        found = known.matters.get(code)
        if found is None:
            raise Problem(Code.UNKNOWN_MATTER, "There is no such matter in this hall; GET /v1/matters?q= finds it.")
        return _full(found)

    @router.get("/themes", responses=problems(*READ), operation_id="themes")
    async def themes(request: Request) -> s.Themes:
        """What takes several matters, as opening a restaurant does."""
        known = await request.app.state.live.known()
        return s.Themes(themes=[_theme(one) for one in known.themes.values()])

    return router


def _hall_now(hall: Hall, live: Live, *, rehearsal: bool) -> s.HallNow:
    rules, now_ms = in_force(hall), live.now_ms()
    opening = hours.opening_at(rules, now_ms, hall.extension) if hall.issuing is not Issuing.CLOSED else None
    following = hours.next_opening(rules, now_ms)
    told = live.newcomer(hall)
    return s.HallNow(
        hall=rules.hall,
        tier=rules.tier,
        name_zh=rules.name_zh,
        name_en=rules.name_en,
        now=moment(rules, now_ms),
        service_day=hall.service_day,
        rehearsal=rehearsal,
        heard=live.heard,
        is_open=opening is not None,
        closes_at=moment(rules, opening.end_ms) if opening else None,
        opens_at=moment(rules, following.start_ms) if following else None,
        opens_confirmed=hours.is_promised(rules, following.start_ms, now_ms) if following else None,
        issuing=hall.issuing,
        stop_cause=hall.stop_cause,
        waiting=waiting_count(hall),
        counters_open=sum(counter.state in WORKING for counter in hall.counters.values()),
        predicted_wait_s=told.wait_s,
        predicted_bound_s=told.bound_s,
        predicted_wait=wait_body(told.wait_s, told.bound_s),
        notice_zh=hall.notice_zh,
        notice_en=hall.notice_en,
    )


def _day_hours(hall: Hall, day: dt.date) -> s.DayHours:
    rules = in_force(hall)
    special = rules.calendar.get(day.isoformat())
    return s.DayHours(
        day=day.isoformat(),
        kind=hours.day_kind(rules, day),
        name_zh=special.name_zh if special else "",
        name_en=special.name_en if special else "",
        stretches=[
            s.Stretch(start=moment(rules, one.start_ms), end=moment(rules, one.end_ms), band=one.band)
            for opening in hours.openings(rules, day, hall.extension)
            for one in opening.stretches
        ],
        confirmed=hours.is_confirmed(rules, day),
    )


def _short(matter: Matter) -> dict[str, object]:
    return {
        "code": matter.code,
        "name_zh": matter.name_zh,
        "name_en": matter.name_en,
        "subject": matter.subject,
        "group": matter.group,
        "group_zh": matter.group_zh,
        "group_en": matter.group_en,
        "usual_minutes": matter.usual_minutes,
        "how": matter.how,
    }


def _full(matter: Matter) -> s.MatterFull:
    return s.MatterFull.model_validate(
        _short(matter)
        | {
            "documents_zh": matter.documents_zh,
            "documents_en": matter.documents_en,
            "department": matter.department,
            "department_en": matter.department_en,
            "level": matter.level,
            "route": matter.route,
            "themes": matter.themes,
            "without_visit": [way for way in matter.how if way not in HERE],
            "decide_days": matter.decide_days,
            "sample": matter.sample,
        }
    )


def _theme(theme: Theme) -> s.ThemeBody:
    return s.ThemeBody(
        theme=theme.theme,
        name_zh=theme.name_zh,
        name_en=theme.name_en,
        matters=[s.NamedMatter(code=one.code, name_zh=one.name_zh, name_en=one.name_en) for one in theme.matters],
        documents_zh=documents_needed(theme.matters, english=False),
        documents_en=documents_needed(theme.matters, english=True),
    )
