"""The inventory: complete, and every mistake named by its line."""

import json
from pathlib import Path

import msgspec
import pytest

from hall_controller.domain.rules import Tier
from metrics.district import sample, targets
from metrics.district.inventory import DISTRICT_LEVEL, InventoryTrouble, by_street, load_inventory

FILE = Path("deploy/district/halls.toml")
STREETS = ("新安", "西乡", "航城", "福永", "福海", "沙井", "新桥", "松岗", "燕罗", "石岩")


def test_the_sample_is_a_whole_district() -> None:
    inventory = load_inventory(FILE)
    tiers = [hall.tier for hall in inventory.hall]
    assert [tiers.count(tier) for tier in Tier] == [1, 10, 124]
    assert inventory.streets == STREETS
    assert len(inventory.self_service) == 36
    assert all(area.round_the_clock and "示例" in area.address for area in inventory.self_service)
    assert inventory.sample
    first = inventory.find("BA001")
    assert first is not None
    assert (first.tier, first.street, first.name_zh) == (Tier.DISTRICT, DISTRICT_LEVEL, "区政务服务中心(示例)")
    streets = by_street(inventory)
    assert list(streets) == [DISTRICT_LEVEL, *STREETS]
    for street in STREETS:
        seat, *communities = streets[street]
        assert seat.tier is Tier.STREET
        assert [hall.tier for hall in communities] == [Tier.COMMUNITY] * len(communities)
        assert f"第{len(communities)}社区" in communities[-1].name_zh


def test_the_sample_file_is_what_the_program_makes() -> None:
    assert FILE.read_text("utf-8") == sample.text(sample.inventory())


def line_of(text: str, part: str, nth: int = 1) -> int:
    return [number for number, line in enumerate(text.splitlines(), 1) if part in line][nth - 1]


@pytest.mark.parametrize(
    ("before", "after", "at", "said"),
    [
        ('id = "BA003"', 'id = "BA002"', 'id = "BA002"', "id BA002 is given twice, first in line"),
        ('id = "BA003"', 'id = "BA 3"', 'id = "BA 3"', "'BA 3' is not 1 to 16 letters, digits or dashes"),
        ('host = "198.51.100.3"', 'host = "198.51.100.2"', "commands", "198.51.100.2:5701 is taken already in line"),
        ('host = "198.51.100.3"', 'host = "tcp://x"', 'host = "tcp://x"', "host is 'tcp://x'; write a name or an IPv4"),
        ('street = "西乡"', 'street = "東乡"', 'street = "東乡"', "street is '東乡'; use one of 新安, 西乡"),
        ('tier = "street"', 'tier = "town"', 'tier = "town"', "tier is 'town'; use one of district, street, community"),
        ('tier = "street"\nstreet = "新安"', 'tier = "street"', "[[hall]]", "street is left out; use one of"),
        ('tier = "street"', 'tier = "district"', 'street = "新安"', "a hall of the district is in no street"),
        ("community = 124", "community = 125", "community = 125", "but the file lists 124 such halls"),
        ("self_service = 36", "self_service = 6", "self_service = 6", "but the file lists 36 areas"),
        ("counters = 60", "counters = 0", "counters = 0", "counters is 0; a hall has 1 to 200"),
        ("counters = 60", 'counters = "six"', 'counters = "six"', "counters is 'six'; write a value of type int"),
        ("metrics = 5706", "metrics = 70000", "metrics = 70000", "metrics is 70000; a port is 1 to 65535"),
        ("counters = 60", "conters = 60", "conters", "there is no key 'conters'"),
        ("counters = 23\n", "", "[[hall]]", "has no 'counters'; add counters = …"),
        ('id = "BA001"', 'id = "BA001"\nfloor = 3', "floor = 3", "there is no key 'floor'"),
        ('hours = "hours.toml"', 'hours = "hours.toml"\nowner = "x"', "owner", "there is no key 'owner'"),
        ('streets = ["新安", ', 'streets = ["新安", "新安", ', "streets =", "streets names '新安' twice"),
        ('["西乡", "新安"]', '["西乡", "西乡"]', "map =", "map leaves out '新安'"),
        ('["西乡", "新安"]', '["西乡", "新安", "西乡"]', "map =", "map names '西乡' twice"),
        ('["西乡", "新安"]', '["西乡", "新安", "南山"]', "map =", "map names '南山'; use one of 新安"),
        (
            'street = "新安"\nname_zh = "新安第1',
            'street = "x"\nname_zh = "新安第1',
            'street = "x"',
            "street is 'x'; use",
        ),
        ('id = "BA001"', 'id = "BA001', 'id = "BA001', "not TOML"),
    ],
)
def test_a_mistake_is_named_by_file_line_value_and_mend(
    tmp_path: Path, before: str, after: str, at: str, said: str
) -> None:
    file = tmp_path / "halls.toml"
    good = FILE.read_text("utf-8")
    assert before in good
    text = good.replace(before, after, 1)
    file.write_text(text, "utf-8")
    nth = {"commands": 3, "[[hall]]": 2, 'id = "BA002"': 2}.get(at, 1)
    with pytest.raises(InventoryTrouble) as trouble:
        load_inventory(file)
    sentence = next(one for one in trouble.value.sentences if said in one)
    assert sentence.startswith(f"{file}, line {line_of(text, at, nth)}: ")


def test_all_mistakes_are_told_at_once(tmp_path: Path) -> None:
    file = tmp_path / "halls.toml"
    text = FILE.read_text("utf-8").replace("counters = 60", "counters = 600").replace("street = 10", "street = 9")
    file.write_text(text, "utf-8")
    with pytest.raises(InventoryTrouble) as trouble:
        load_inventory(file)
    assert len(trouble.value.sentences) == 2


@pytest.mark.parametrize(
    ("agents", "says"), [('["XX9"]', "'XX9', which is no hall"), ('["BA002", "BA002"]', "'BA002' twice")]
)
def test_an_agent_is_a_hall_of_the_file(tmp_path: Path, agents: str, says: str) -> None:
    file = tmp_path / "halls.toml"
    file.write_text(FILE.read_text("utf-8").replace("agents = []", f"agents = {agents}"), "utf-8")
    with pytest.raises(InventoryTrouble, match=f"agents names {says}"):
        load_inventory(file)


def test_a_file_that_is_not_there_or_not_text(tmp_path: Path) -> None:
    with pytest.raises(InventoryTrouble, match="no such inventory"):
        load_inventory(tmp_path / "none.toml")
    (tmp_path / "odd.toml").write_bytes(b"\xff\xfe")
    with pytest.raises(InventoryTrouble, match="UTF-8"):
        load_inventory(tmp_path / "odd.toml")


def test_targets_carry_hall_tier_and_street(tmp_path: Path) -> None:
    inventory = load_inventory(FILE)
    assert targets.write_targets(inventory, tmp_path / "new")
    file = tmp_path / "new" / "halls.json"
    groups = json.loads(file.read_text("utf-8"))
    assert len(groups) == 135
    assert groups[0] == {
        "targets": ["198.51.100.1:5706"],
        "labels": {"hall": "BA001", "tier": "district", "street": DISTRICT_LEVEL},
    }
    assert all(set(group["labels"]) == {"hall", "tier", "street"} and all(group["labels"].values()) for group in groups)
    assert file.stat().st_mode & 0o777 == 0o644
    assert not targets.write_targets(inventory, tmp_path / "new")
    for name in ("halls.json", "inventory.yml"):
        (tmp_path / "new" / name).write_text("[]")
        assert not targets.is_up_to_date(inventory, tmp_path / "new")
        assert targets.write_targets(inventory, tmp_path / "new")
    assert sorted(one.name for one in (tmp_path / "new").iterdir()) == ["halls.json", "inventory.yml"]


def test_a_hall_with_an_agent_is_not_scraped_but_expected(tmp_path: Path) -> None:
    inventory = msgspec.structs.replace(load_inventory(FILE), agents=("BA002",))
    groups = json.loads(targets.targets(inventory))
    assert [group["labels"]["hall"] for group in groups[:2]] == ["BA001", "BA003"]
    assert len(groups) == 134
    expected = targets.expected(inventory)
    assert expected.count("record: hall:inventory:info") == 135
    assert '{hall: "BA001", tier: "district", street: "区级", way: "scrape"}' in expected
    assert '{hall: "BA002", tier: "street", street: "新安", way: "agent"}' in expected


def test_the_agent_of_a_hall_is_given_its_labels() -> None:
    entry = load_inventory(FILE).find("BA002")
    assert entry is not None
    assert targets.agent_labels(entry) == 'HALL="BA002"\nTIER="street"\nSTREET="新安"\n'
