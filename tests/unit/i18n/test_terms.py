"""No raw value reaches a person: every event, every field and every member of every closed set is said in words."""

import datetime as dt
import importlib
import pkgutil
import re
import types
from collections.abc import Iterator
from enum import Enum, StrEnum
from typing import Annotated, Any, Union, get_args, get_origin, get_type_hints

import msgspec
import pytest

import hall_controller.domain
from counter_client.manager.day import Entry
from counter_client.manager.fields import ENVELOPE, LABELS, UNSAID
from counter_client.manager.journal import entry_row, facts
from counter_client.manager.sentences import SENTENCES, sentence
from counter_client.manager.surroundings import Device, device_row
from counter_client.words import Tongue, Words, explain
from hall_controller.domain import events as e
from hall_controller.domain.commands import DeviceKind, DeviceState
from hall_controller.domain.hall import in_force
from hall_controller.domain.open_enum import OpenEnum, unknown_values
from hall_controller.domain.refusal import Code, Refusal
from hall_controller.domain.rules import Narrowing, RosterSpan, Rules, Tier
from hall_controller.domain.ticket import Language
from hall_controller.i18n.terms import BY_SET, term, unknown
from hall_controller.report.incidents import Incidents
from tests.terminal.local_hall import CATALOGUE, LocalHall

MATTERS = CATALOGUE.matters
CODE = next(iter(MATTERS))
RULES = in_force(LocalHall().state)
AT_MS = LocalHall().now_ms()
TONGUES: tuple[Tongue, ...] = ("zh", "en")
KINDS = sorted(SENTENCES, key=lambda kind: kind.__name__)
NAMES = {
    "matter": (CODE,), "more": ((CODE, CODE),), "left": ((CODE,),), "matters": (3, (CODE,)),
    "group": (MATTERS[CODE].group,),
    "subject": ("natural", "legal", "convenience", "kiosk-1"), "theme": ("cafe",), "place": ((AT_MS, 1168),),
    "kind": ("paper", "pack", "screen"), "number": ("A001", None), "step_ms": (-3_600_000, 4000, 400_000_000),
    "narrowing": (Narrowing(), Narrowing(groups=(MATTERS[CODE].group, "pickup"), languages=tuple(Language))),
    "spans": ((RosterSpan(start=dt.time(9), end=dt.time(12), counters=5),),), "day": ("2026-11-24",),
    "zh": ("notice",), "en": ("notice",), "comment": ("two\nlines",), "documents_due_day": ("2026-12-01", None),
    "result_due_day": ("2026-12-01", None), "wait_s": (0, 5000, 1_729_830), "service_s": (0, 5000, 1_729_830),
    "reason": ("power failure",),
}  # fmt: skip
"""Values that a hall would put there, where the type alone says too little."""

RAW = re.compile(r"<\w+\.|[a-z0-9]_[a-z]|\(\d{6,}|\d{9,}|None|True|False|\bUNSET\b|\d{3,}:\d\d|[({]'|\"\w+\":")
CJK = re.compile(r"[\u3000-\u303f\u4e00-\u9fff\uff00-\uffef]")


def values(hint: Any) -> Iterator[Any]:  # noqa: C901 - one case a kind of type
    """Each value of a closed set; one or two of every other type."""
    origin = get_origin(hint)
    if origin is Annotated:
        yield from values(get_args(hint)[0])
    elif origin in (Union, types.UnionType):
        for part in get_args(hint):
            yield from values(part)
    elif origin is tuple:
        first = get_args(hint)[0]
        found = list(values(first))
        yield tuple(found)
        yield ()
    elif hint is type(None):
        yield None
    elif isinstance(hint, type) and issubclass(hint, Enum):
        yield from hint
    elif hint is bool:
        yield from (False, True)
    elif hint is int:
        yield 3
    elif hint is str:
        yield "007"
    elif hint is Rules:
        yield Rules(hall="BA001", tier=Tier.STREET, counters=4)
    else:
        raise TypeError(hint)


def choices(kind: type[e.Event], field: msgspec.structs.FieldInfo, hint: Any) -> tuple[Any, ...]:
    if field.name.endswith("_ms") and field.name != "step_ms":
        return (AT_MS, AT_MS + 86_400_000)
    given = NAMES.get(field.name)
    if given is None or (field.name == "reason" and kind is e.TicketCancelled):
        return tuple(values(hint))
    if field.name == "matters":
        return given[:1] if kind is e.CatalogueChanged else given[1:]
    return given


def samples(kind: type[e.Event]) -> Iterator[e.Event]:
    """As many as it takes for each field to have had each of its values."""
    types_of = get_type_hints(kind, include_extras=True)
    fields = [field for field in msgspec.structs.fields(kind) if field.name not in ENVELOPE]
    found = {field.name: choices(kind, field, types_of[field.name]) for field in fields}
    for turn in range(max([1, *(len(one) for one in found.values())])):
        event = kind(**{name: one[turn % len(one)] for name, one in found.items()})
        event.seq, event.at_ms, event.service_day, event.by, event.why = 7, AT_MS, "2026-11-24", "counter-3", None
        yield event


def assert_in_words(text: str, tongue: Tongue) -> None:
    assert not RAW.search(text), text
    if tongue == "en":
        names = [one for matter in MATTERS.values() for one in (matter.name_zh, matter.group_zh)]
        for name in names:
            text = text.replace(name, "")
        assert not CJK.search(text), text


@pytest.mark.parametrize("kind", KINDS, ids=lambda kind: kind.__name__)
@pytest.mark.parametrize("tongue", TONGUES)
def test_every_event_is_told_in_words_in_the_journal_and_in_full(kind: type[e.Event], tongue: Tongue) -> None:
    for event in samples(kind):
        entry = Entry(event, "")
        said = sentence(event, RULES, MATTERS)
        assert_in_words(said.first(tongue), tongue)
        assert_in_words(entry_row(entry, RULES, MATTERS, tongue, 160).plain, tongue)
        for name, value in facts(entry, RULES, MATTERS, tongue):
            assert_in_words(f"{name}: {value}", tongue)


@pytest.mark.parametrize("kind", KINDS, ids=lambda kind: kind.__name__)
def test_every_event_is_told_in_words_in_a_report(kind: type[e.Event]) -> None:
    incidents = Incidents()
    for event in samples(kind):
        incidents.add(event, RULES)
    for made in incidents.made():
        assert_in_words(made["zh"], "zh")
        assert_in_words(made["en"], "en")


def test_every_field_of_every_event_has_a_name() -> None:
    fields = {name for kind in e.ALL for name in kind.__struct_fields__}
    assert fields - set(ENVELOPE) - set(UNSAID) <= set(LABELS)
    assert set(e.ALL) >= set(SENTENCES)


def test_every_member_of_a_closed_set_that_people_see_has_words() -> None:
    for members, words in BY_SET.items():
        assert set(members) == set(words), members
    for kind in e.Event.__subclasses__():
        for event in samples(kind) if kind in SENTENCES else ():
            for field in event.__struct_fields__:
                value = getattr(event, field)
                assert not isinstance(value, StrEnum) or type(value) in BY_SET, (kind, field)


def test_an_event_that_is_younger_than_the_program_is_plainly_unknown() -> None:
    event = e.UnknownEvent(kind="robot_arrived", body=msgspec.Raw(b'{"type":"robot_arrived"}'))
    event.at_ms, event.service_day = AT_MS, "2026-11-24"
    assert sentence(event, RULES, MATTERS) == unknown("robot_arrived")
    for tongue in TONGUES:
        for name, value in facts(Entry(event, ""), RULES, MATTERS, tongue):
            assert_in_words(f"{name}: {value}", tongue)


def test_a_value_that_is_younger_than_the_program_is_plainly_unknown() -> None:
    assert unknown("brand_new") == ("未知（brand new）", "unknown (brand new)")
    assert term("brand_new").en == "unknown (brand new)"
    with unknown_values():
        for kind in BY_SET:
            if issubclass(kind, OpenEnum):
                assert term(kind("brand_new")) == unknown("brand_new"), kind


@pytest.mark.parametrize("tongue", TONGUES)
@pytest.mark.parametrize("columns", [30, 38, 49, 50, 78, 120])
def test_between_two_words_of_a_device_stands_a_space(tongue: Tongue, columns: int) -> None:
    for role in ("counter", "reception", "kiosk", "brand_new"):
        for seen_s in (None, 3, 7000):
            reports = (("paper", DeviceState.FAILED, "roll is empty"),)
            device = Device(
                name="counter-12", role=role, seen_s=seen_s, reports=reports, delay_s=3.0, silent=seen_s != 3
            )
            row = device_row(device, tongue, columns).plain
            assert_in_words(row, tongue)
            seen = "没听到过 not heard" if seen_s is None else "在线 alive" if seen_s == 3 else "116分钟没声音 silent"
            first = term(DeviceKind.PAPER) if columns < 50 else Words(*seen.split(" ", 1))
            at = row.index(first.first(tongue))
            assert row[at - 1] == " ", row


@pytest.mark.parametrize("code", sorted(Code))
def test_no_refusal_shows_its_code(code: Code) -> None:
    assert_in_words(explain(Refusal(code, "Counter 3 has a visitor (A001); finish first.")).zh, "zh")


def modules() -> Iterator[str]:
    return (one.name for one in pkgutil.walk_packages(hall_controller.domain.__path__, "hall_controller.domain."))


def test_the_domain_has_no_closed_set_that_this_test_forgets() -> None:
    """Sets that reach no person, or that have words of their own elsewhere, are named here."""
    found = {
        one.__name__
        for name in modules()
        for one in vars(importlib.import_module(name)).values()
        if isinstance(one, type) and issubclass(one, StrEnum) and one is not StrEnum and one.__module__ == name
    }
    elsewhere = {
        "AcceptanceState", "Advised", "Basis", "Between", "Code", "ConsignmentState", "DayKind", "Entry", "Level",
        "OpenEnum", "PrintOutcome", "StrandedBy", "Tier",
    }  # fmt: skip
    assert found - {kind.__name__ for kind in BY_SET} - elsewhere == set()
