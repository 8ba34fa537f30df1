"""Every hall that a test plays with is accounted for at its end: places, figures, numbers, and an identical replay."""

from collections.abc import Callable, Iterator

import pytest

from tests.unit.domain.account import check_all, check_replay
from tests.unit.domain.support import Pretend

MakeHall = Callable[..., Pretend]


@pytest.fixture
def make() -> Iterator[MakeHall]:
    """Makes halls with rules of the test's own: `make(mode=Mode.PUSH)`."""
    made: list[Pretend] = []

    def make_one(*args: object, **rules: object) -> Pretend:
        made.append(Pretend(*args, **rules))  # type: ignore[arg-type]
        return made[-1]

    yield make_one
    for pretend in made:
        check_all(pretend.hall, pretend.events)
        check_replay(pretend.hall, pretend.events)


@pytest.fixture
def hall(make: MakeHall) -> Pretend:
    """A hall with eight closed counters on a Tuesday at nine; pull, priority with k = 2."""
    return make()
