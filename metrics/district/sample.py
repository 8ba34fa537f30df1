"""The sample inventory: a district of 135 halls and 36 self-service areas, to try everything out with.

The streets are those of Bao'an; communities are numbered within their street, and hosts are addresses reserved for
documentation. `deploy/district/halls.toml` is what `text(inventory())` says.
"""

import json
from collections.abc import Iterator

import msgspec

from hall_controller.domain.rules import Tier
from metrics.district.inventory import DISTRICT_LEVEL, Counts, HallEntry, Inventory, SelfService

STREETS = {
    "新安": ("Xin'an", 22, 6),
    "西乡": ("Xixiang", 25, 6),
    "航城": ("Hangcheng", 11, 3),
    "福永": ("Fuyong", 7, 3),
    "福海": ("Fuhai", 7, 3),
    "沙井": ("Shajing", 16, 4),
    "新桥": ("Xinqiao", 6, 2),
    "松岗": ("Songgang", 11, 4),
    "燕罗": ("Yanluo", 7, 2),
    "石岩": ("Shiyan", 12, 3),
}
"""Name in English, communities, self-service areas."""
MAP = (("松岗", "燕罗"), ("沙井", "新桥"), ("福海", "福永"), ("航城", "石岩"), ("西乡", "新安"))
"""As they lie, roughly."""
HEAD = """\
# The halls of the district: ids, tiers, streets, and where each hall's box is reached.
#
# SAMPLE DATA (示例): names, addresses and numbers of counters are made up. Copy this file and write your own halls.
# `hall district halls --inventory FILE` checks it and names every mistake by its line.
"""


def inventory() -> Inventory:
    return Inventory(
        name_zh="宝安区(示例)",
        name_en="Bao'an District (sample)",
        sample=True,
        streets=tuple(STREETS),
        map=MAP,
        counts=Counts(district=1, street=10, community=124, self_service=36),
        hall=tuple(_halls()),
        self_service=tuple(_areas()),
    )


def _halls() -> Iterator[HallEntry]:
    number = 1
    for tier, street, name_zh, name_en, counters in _named():
        yield HallEntry(
            id=f"BA{number:03}",
            tier=tier,
            street=street,
            name_zh=f"{name_zh}(示例)",
            name_en=name_en,
            counters=counters,
            host=f"198.51.100.{number}",
        )
        number += 1


def _named() -> Iterator[tuple[Tier, str, str, str, int]]:
    yield Tier.DISTRICT, DISTRICT_LEVEL, "区政务服务中心", "District Government Service Centre", 60
    for street, (english, communities, _) in STREETS.items():
        name_en = f"{english} Street Service Hall"
        yield Tier.STREET, street, f"{street}街道政务服务大厅", name_en, 12 + communities // 2
    for street, (english, communities, _) in STREETS.items():
        for number in range(1, communities + 1):
            name_zh, name_en = f"{street}街道第{number}社区便民服务中心", f"{english} Community {number} Service Hall"
            yield Tier.COMMUNITY, street, name_zh, name_en, 2 + number % 3


def _areas() -> Iterator[SelfService]:
    number = 1
    for street, (english, _, areas) in STREETS.items():
        for within in range(1, areas + 1):
            yield SelfService(
                id=f"ZZ{number:02}",
                street=street,
                name_zh=f"{street}第{within}自助服务区(示例)",
                name_en=f"{english} Self-Service Area {within}",
                address=f"{street}街道示例路{within}号(示例)",
            )
            number += 1


def text(inventory: Inventory) -> str:
    """As TOML."""
    values = msgspec.to_builtins(inventory)
    parts = [HEAD if inventory.sample else "", _table({k: v for k, v in values.items() if not _is_table(v)})]
    parts.append("[counts]\n" + _table(values["counts"]))
    for name in ("hall", "self_service"):
        rows = ({key: value for key, value in one.items() if value != DISTRICT_LEVEL} for one in values[name])
        parts += [f"[[{name}]]\n{_table(row)}" for row in rows]
    return "\n".join(part for part in parts if part)


def _is_table(value: object) -> bool:
    return isinstance(value, dict) or (isinstance(value, list | tuple) and bool(value) and isinstance(value[0], dict))


def _table(values: dict[str, object]) -> str:
    """JSON's strings, numbers, booleans and arrays are TOML's too."""
    return "".join(f"{key} = {json.dumps(value, ensure_ascii=False)}\n" for key, value in values.items())
