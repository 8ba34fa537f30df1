"""Each device of a rehearsal has a connection of its own: what a box does not allow is said before it is tried."""

import resource

import pytest

from hall_controller.part import Trouble
from hall_controller.rehearsal.rehearse import allow_open_files


def _limits(monkeypatch: pytest.MonkeyPatch, soft: int, hard: int) -> list[tuple[int, int]]:
    asked: list[tuple[int, int]] = []
    monkeypatch.setattr(resource, "getrlimit", lambda _: (soft, hard))
    monkeypatch.setattr(resource, "setrlimit", lambda _, limits: asked.append(limits))
    return asked


def test_a_limit_that_suffices_stays(monkeypatch: pytest.MonkeyPatch) -> None:
    assert _limits(monkeypatch, 1024, 1024) == []
    allow_open_files(8)


@pytest.mark.parametrize("hard", [4096, resource.RLIM_INFINITY])
def test_a_soft_limit_is_raised(monkeypatch: pytest.MonkeyPatch, hard: int) -> None:
    asked = _limits(monkeypatch, 1024, hard)
    allow_open_files(200)
    assert asked == [(2200, hard)]


def test_a_hard_limit_is_named_with_its_mend(monkeypatch: pytest.MonkeyPatch) -> None:
    _limits(monkeypatch, 1024, 1024)
    with pytest.raises(Trouble, match="200 counters need 2200 open files, and this box allows 1024"):
        allow_open_files(200)
