"""The docs say what the code does: an undocumented command, field, event, refusal, role or setting fails here."""

import json
import re
from pathlib import Path

import msgspec
import pytest

from hall_controller.bus import wire
from hall_controller.bus.bundle import Bundle
from hall_controller.domain import commands as c
from hall_controller.domain import events as e
from hall_controller.domain.hall import Hall
from hall_controller.domain.matters import Matter
from hall_controller.domain.refusal import Code
from hall_controller.domain.sender import Role
from hall_controller.reference.tables import BLOCKS, REPLIES, SETTINGS, meanings, part_settings, rendered, tag
from hall_controller.reference.types import structs_within
from hall_controller.reference.words import MEANINGS, REFUSALS

ROOT = Path(__file__).parents[2]
PAGES = sorted((ROOT / "docs").glob("*.md"))
PROTOCOL = (ROOT / "docs" / "protocol.md").read_text("utf-8")
DOCUMENTED: tuple[type[msgspec.Struct], ...] = (
    *c.EXTERNAL, *wire.QUERIES, *e.ALL, *REPLIES,
    *structs_within([Hall, Matter, wire.DeviceStatus, wire.ProcessFigures]), Bundle,
    *SETTINGS.values(), *part_settings(),
)  # fmt: skip


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.name)
def test_generated_tables_are_those_of_the_code(page: Path) -> None:
    text = page.read_text("utf-8")
    assert rendered(text) == text, f"{page.name} is out of date: run python -m hall_controller.reference"


def test_every_table_stands_on_a_page() -> None:
    marked = {name for page in PAGES for name in re.findall(r"<!-- generated: ([a-z-]+) -->", page.read_text("utf-8"))}
    assert marked == set(BLOCKS)


def test_every_field_has_a_meaning() -> None:
    silent = [f"{kind.__name__}.{field}" for kind in DOCUMENTED for field, says in meanings(kind).items() if not says]
    assert not silent, "write a docstring under the field, or a line in hall_controller/reference/words.py"


def test_no_meaning_is_left_over() -> None:
    names = {base.__name__ for kind in DOCUMENTED for base in kind.__mro__}
    fields = {field for kind in DOCUMENTED for field in kind.__struct_fields__}
    for key in MEANINGS:
        struct, _, field = key.rpartition(".")
        assert (struct in names and field in fields) if struct else (field in fields or key in names), key


def test_every_command_query_and_event_says_what_it_is() -> None:
    for kind in (*c.EXTERNAL, *wire.QUERIES):
        assert (kind.__doc__ or "").strip().endswith("."), f"{tag(kind)} has no sentence"
        assert f"#### `{tag(kind)}`" in PROTOCOL
    for event in e.ALL:
        assert f"#### `{tag(event)}`" in PROTOCOL


def test_every_refusal_says_what_is_wrong_and_what_to_do() -> None:
    assert set(REFUSALS) == set(Code)
    for code, (wrong, mend) in REFUSALS.items():
        assert len(wrong) > 10, code
        assert len(mend) > 5, code


def test_every_role_is_explained() -> None:
    for role in Role:
        assert re.search(rf"^\| `{role}` \| \w", PROTOCOL, re.MULTILINE), role


def test_every_setting_of_the_hall_stands_in_the_files_that_hall_init_writes() -> None:
    written = (ROOT / "hall_controller" / name for name in ("hall.toml.in", "data/hours.toml"))
    text = "\n".join(file.read_text("utf-8") for file in written)
    for heading, kind in SETTINGS.items():
        for field in set(kind.__struct_fields__) - {"rehearsal"}:
            assert re.search(rf"(?m)^#? ?(\[\w+\.|\[\[)?{field}( = |\])", text), f"{heading} {field}"


def example(name: str) -> str:
    found = re.search(rf"<!-- example: {name} -->\n```\w*\n(.*?)\n```", PROTOCOL, re.DOTALL)
    assert found, name
    return found[1]


def test_the_worked_example_is_what_it_says() -> None:
    version, request_id, body = (bytes.fromhex(line) for line in example("request").splitlines())
    assert (version, request_id) == (b"1", b"kiosk-000017")
    assert body.decode() == example("request-json")
    assert wire.decode_request(body) == c.IssueTicket(matter="id-card-renew", visitor_class="priority")  # type: ignore[arg-type]  # a StrEnum's value

    version, request_id, body = (bytes.fromhex(line) for line in example("reply").splitlines())
    assert (version, request_id) == (b"1", b"kiosk-000017")
    assert body.decode() == example("reply-json")
    reply = wire.decode_reply(body)
    assert isinstance(reply, wire.Accepted)
    assert reply.number == "P001"

    topic, version, epoch, seq, body = (bytes.fromhex(line) for line in example("event").splitlines())
    event = wire.decode_event(body)
    assert (topic, version, epoch.decode()) == (b"event", b"1", event.epoch)
    assert int.from_bytes(seq, "big") == event.seq == reply.seq
    assert set(json.loads(body)) == {"type", *e.TicketIssued.__struct_fields__}


def test_the_page_names_no_field_that_does_not_exist() -> None:
    """Words in `code` that look like fields or types are fields, types, codes or states of today."""
    prose = re.sub(r"<!-- generated.*?<!-- end -->", "", PROTOCOL, flags=re.DOTALL)
    prose = re.sub(r"```.*?```", "", prose, flags=re.DOTALL)
    known = {field for kind in DOCUMENTED for field in kind.__struct_fields__}
    known |= {tag(kind) for kind in (*c.EXTERNAL, *wire.QUERIES, *e.ALL, *REPLIES)} | {str(code) for code in Code}
    for word in re.findall(r"`([a-z]+(?:_[a-z]+)+)`", prose):
        assert word in known or word in {"request_id", "wrapping_up", "no_show"}, word
