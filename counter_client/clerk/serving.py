"""What a counter serves: everything, results only, or some groups of matters."""

from collections.abc import Mapping
from typing import cast

from counter_client.clerk.acts import Seen, counter_of
from counter_client.clerk.asking import Asker
from counter_client.widgets.dialogs import Choose, Entry
from counter_client.widgets.look import pair
from counter_client.widgets.tick import Tick
from counter_client.words import LANGUAGES, Words
from hall_controller.domain import commands as c
from hall_controller.domain.acceptance import RESULTS_GROUP
from hall_controller.domain.hall import Hall
from hall_controller.domain.matters import Matter
from hall_controller.domain.rules import Narrowing
from hall_controller.domain.ticket import Language

RESULTS = Words("出件", "results")


def groups_of(matters: Mapping[str, Matter]) -> dict[str, Words]:
    """The groups of the catalogue, in its order."""
    found: dict[str, Words] = {}
    for one in matters.values():
        found.setdefault(one.group, Words(one.group_zh, one.group_en))
    return found


def served_words(narrowing: Narrowing, matters: Mapping[str, Matter]) -> Words | None:
    """`只办 出件`; None for a counter that serves everything."""
    known = groups_of(matters)
    names = [RESULTS if group == RESULTS_GROUP else known.get(group, Words(group, group)) for group in narrowing.groups]
    names += [LANGUAGES[cast("Language", one)] for one in narrowing.languages]
    if not names:
        return None
    return Words("只办 " + "、".join(name.zh for name in names), "only " + ", ".join(name.en for name in names))


async def serve_what(screen: Asker, hall: Hall, looked: Seen) -> c.Command | None:
    """The languages that the counter is limited to stay."""
    del looked
    here = counter_of(hall, screen.number).narrowing
    known = groups_of(screen.matters)
    ways = [("all", Words("什么都办", "everything"))]
    if RESULTS_GROUP in known:
        ways.append(("results", Words("只出件：发放结果", "results only")))
    ways.append(("some", Words("选几类", "some groups")))
    title = Words("本窗口办什么？", "What does this counter serve?")
    way = await screen.ask(Choose(title, ways, screen.tongue))
    groups: tuple[str, ...] = {"results": (RESULTS_GROUP,)}.get(way or "", ())
    if way == "some":
        entries = [Entry(group, pair(words, screen.tongue, "bold")) for group, words in known.items()]
        take = Words("只办勾选的", "serves these")
        chosen = await screen.ask(Tick(title, entries, screen.tongue, ticked=here.groups, take=take, least=1))
        if chosen is None:
            return None
        groups = chosen
    if way is None:
        return None
    languages = tuple(Language(language) for language in here.languages)
    return c.NarrowCounter(counter=screen.number, groups=groups, languages=languages)
