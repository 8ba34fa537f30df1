"""A catalogue that changes is one event, with all that a reader needs of it."""

import pytest

from hall_controller.domain import commands as c
from hall_controller.domain import events as e
from hall_controller.domain.catalogue_rows import catalogue_text, digest
from hall_controller.domain.catalogue_versions import changes, pack, unpack
from hall_controller.domain.matters import Catalogue, Matter, Subject
from tests.unit.domain.support import Pretend


def matter(code: str, minutes: float = 5) -> Matter:
    return Matter(code=code, name_zh=f"事项{code}", name_en=f"Matter {code}", subject=Subject.LEGAL, group="g",
                  group_zh="类", group_en="Group", usual_minutes=minutes)  # fmt: skip


def catalogue(*matters: Matter) -> Catalogue:
    return Catalogue({one.code: one for one in matters})


OLD = catalogue(matter("a"), matter("b"), matter("c"))
NEW = catalogue(matter("b"), matter("c", 9), matter("d"))


def test_what_came_changed_and_went_is_counted() -> None:
    assert changes(OLD, NEW) == (1, 1, 1)
    assert changes(OLD, OLD) == (0, 0, 0)


def test_a_packed_catalogue_is_unpacked_to_the_same() -> None:
    assert unpack(pack(catalogue_text(NEW))) == NEW
    for broken in ("", "AAAA", "not base64!", pack("code\n")):
        with pytest.raises(ValueError, match=r"."):
            unpack(broken)


def test_another_catalogue_is_journalled_whole_and_the_same_one_not_again() -> None:
    hall = Pretend()
    first = hall.do(c.ChangeCatalogue(catalogue=OLD))
    (event,) = [one for one in first if isinstance(one, e.CatalogueChanged)]
    assert (event.version, event.matters, event.digest) == (1, 3, digest(catalogue_text(OLD)))
    assert unpack(event.packed) == OLD
    assert (hall.hall.catalogue_version, hall.hall.catalogue_digest) == (1, event.digest)
    assert hall.do(c.ChangeCatalogue(catalogue=OLD)) == []
    (second,) = [one for one in hall.do(c.ChangeCatalogue(catalogue=NEW)) if isinstance(one, e.CatalogueChanged)]
    assert second.version == 2


def test_a_part_alone_changes_nothing() -> None:
    hall = Pretend()
    seq = hall.hall.seq
    assert hall.do(c.ImportCatalogue(upload="x", part=1, parts=2, text="code")) == []
    assert hall.hall.seq == seq
