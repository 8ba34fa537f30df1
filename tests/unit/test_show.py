"""`hall show`: the hall as a page of text."""

import re

from hall_controller.cli.watching import render
from tests.unit.domain.support import Pretend


def test_each_wait_stands_beside_the_bound_that_nine_in_ten_keep() -> None:
    hall = Pretend()
    hall.open(1)
    hall.take_many(4)
    lines = render(hall.hall, hall.now_ms).splitlines()
    at = next(at for at, line in enumerate(lines) if line.startswith("number"))
    assert lines[at].split("  ")[-3:] == ["predicted", "nine in ten", "matter"]
    place = lines[at].index("nine in ten")
    for line in lines[at + 2 : at + 5]:
        bound = re.fullmatch(r"≤(\d+) min", line[place : place + len("nine in ten")].strip())
        wait = re.fullmatch(r"(\d+) min", line[place - 11 : place].strip())
        assert bound is not None, line
        assert wait is not None, line
        assert int(bound[1]) > int(wait[1]), line
