"""What a visitor has come for: one matter, a theme, or several; and whether a visit is needed at all."""

from collections.abc import Mapping, Sequence

import msgspec

from counter_client.papers.words import WAYS
from counter_client.questions import Asker, pick_among, pick_matter
from counter_client.widgets.dialogs import Entry
from counter_client.widgets.look import pair
from counter_client.widgets.tick import Tick
from counter_client.words import Words
from hall_controller.domain.acceptance import RESULTS_GROUP, Acceptance
from hall_controller.domain.bundle import MORE_MAX
from hall_controller.domain.matters import Catalogue, How, Matter, Theme

THEME = Words("主题", "Theme")
THEME_CODE = "theme:"


class Visit(msgspec.Struct, frozen=True):
    matters: tuple[str, ...]
    """Codes, the first one first; never empty."""
    theme: str | None = None
    """From which all of them were chosen."""

    @property
    def more(self) -> tuple[str, ...]:
        return self.matters[1:]


_THEMED: list[tuple[Mapping[str, Matter], dict[str, Matter], dict[str, Theme]]] = []
"""The last catalogue with its themes among its matters; a terminal has one."""


def with_themes(matters: dict[str, Matter]) -> tuple[dict[str, Matter], dict[str, Theme]]:
    """The catalogue with a line for each theme, so that themes are found as matters are: by name, pinyin, initials."""
    if not _THEMED or _THEMED[0][0] is not matters:
        themes = Catalogue(dict(matters)).themes()
        _THEMED[:] = [
            (matters, {**matters, **{f"{THEME_CODE}{key}": _line(theme) for key, theme in themes.items()}}, themes)
        ]
    return _THEMED[0][1:]


def _line(theme: Theme) -> Matter:
    count = len(theme.matters)
    return Matter(
        code=f"{THEME_CODE}{theme.theme}",
        name_zh=f"{theme.name_zh}（{count} 件一次办）",
        name_en=f"{theme.name_en} ({count} matters)",
        subject=theme.matters[0].subject,
        group="theme",
        group_zh=THEME.zh,
        group_en=THEME.en,
        usual_minutes=1,
        documents_zh=(),
        documents_en=(),
    )


async def pick_visit(screen: Asker, title: Words) -> Visit | None:
    """One matter, or those ticked of a theme."""
    matters, themes = with_themes(screen.matters)
    picked = await pick_among(screen, title, matters)
    if picked is None or not picked.startswith(THEME_CODE):
        return Visit((picked,)) if picked else None
    theme = themes[picked.removeprefix(THEME_CODE)]
    title = Words(f"{theme.name_zh}：办哪几件？", f"{theme.name_en}: which?")
    some = theme.matters[: MORE_MAX + 1]
    entries = [Entry(one.code, pair(Words(one.name_zh, one.name_en), screen.tongue, "bold")) for one in some]
    every = [one.code for one in some]
    chosen = await screen.ask(Tick(title, entries, screen.tongue, ticked=every, take=Words("确定", "takes"), least=1))
    return Visit(chosen, theme.theme) if chosen else None


async def one_more(screen: Asker, visit: Visit, title: Words) -> Visit:
    """With one more matter; as it was when nothing is picked. A matter from elsewhere ends the theme."""
    picked = await pick_matter(screen, title, without=visit.matters)
    if picked is None:
        return visit
    of_theme = visit.theme is not None and visit.theme in screen.matters[picked].themes
    return Visit((*visit.matters, picked), visit.theme if of_theme else None)


def visit_words(visit: Visit, matters: Mapping[str, Matter]) -> Words:
    """`营业执照设立`, or `营业执照设立 等 3 件`."""
    first = matters.get(visit.matters[0])
    name = Words(first.name_zh, first.name_en) if first else Words(visit.matters[0], visit.matters[0])
    count = len(visit.matters)
    return Words(f"{name.zh} 等 {count} 件", f"{name.en} +{count - 1}") if count > 1 else name


def ways_without(visit: Visit, matters: Mapping[str, Matter]) -> list[tuple[How, Words]]:
    """How it can be done without a number, where the visit is for one matter."""
    matter = matters.get(visit.matters[0])
    if matter is None or visit.more:
        return []
    return [(way, WAYS[way]) for way in matter.how if way in WAYS]


def pickup_matter(one: Acceptance, matters: Mapping[str, Matter]) -> str | None:
    """The matter of a visit for this result: of those to collect results, the first that is for the same people."""
    known: Sequence[Matter] = [matter for matter in matters.values() if matter.group == RESULTS_GROUP]
    accepted = matters.get(one.matter)
    fitting = [matter for matter in known if accepted is not None and matter.subject == accepted.subject]
    return next((matter.code for matter in (*fitting, *known)), None)
