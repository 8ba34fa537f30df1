"""A disk that is full: the hall refuses with a reason, loses nothing, and goes on when there is room."""

import resource
from pathlib import Path

from hall_controller.bus.wire import Accepted, Status, StatusReply
from hall_controller.catalogue.sample import sample_district
from hall_controller.catalogue.uploads import parts_of
from hall_controller.domain import commands as c
from hall_controller.domain.catalogue_rows import catalogue_text
from hall_controller.domain.refusal import Code, Refusal
from tests.support import MATTER, RunningHall, make_hall, start_controller


def _limit_file_size(hall: RunningHall, size: int) -> None:
    """No file of this process may grow beyond `size` bytes: each write fails as on a full disk."""
    resource.prlimit(hall.process.pid, resource.RLIMIT_FSIZE, (size, resource.RLIM_INFINITY))


def test_a_full_disk_refuses_and_resumes(tmp_path: Path) -> None:
    with start_controller(make_hall(tmp_path)) as hall:
        hall.do(c.OpenCounter(counter=1, clerk="007"))
        before = hall.do(c.IssueTicket(matter=MATTER))
        state = hall.state()
        _limit_file_size(hall, 4096)
        refused = hall.do(c.IssueTicket(matter=MATTER), request_id="again")
        assert isinstance(refused, Refusal)
        assert refused.code is Code.STORAGE
        assert "technician" in refused.message
        assert hall.do(c.CallNext(counter=1)).code is Code.STORAGE
        assert isinstance(hall.do(Status()), StatusReply), "reading goes on"
        assert hall.state() == state, "what was refused has not happened"
        _limit_file_size(hall, resource.RLIM_INFINITY)
        after = hall.do(c.IssueTicket(matter=MATTER), request_id="again")
        assert isinstance(after, Accepted)
        assert (before.number, after.number) == ("A001", "A002")
        assert hall.do(c.CallNext(counter=1)).number == "A001"
        hall.kill()
        hall.start()
        assert hall.state().issued == 2


def test_a_catalogue_that_finds_no_room_leaves_the_old_one_in_force(tmp_path: Path) -> None:
    directory = make_hall(tmp_path)
    with start_controller(directory) as hall:
        file = directory / "matters.csv"
        before, version = file.read_text("utf-8"), hall.state().catalogue_version
        parts = list(parts_of(catalogue_text(sample_district()), "upload"))
        _limit_file_size(hall, 4096)
        replies = [hall.do(part) for part in parts]
        assert replies[-1].code is Code.STORAGE
        assert (file.read_text("utf-8"), hall.state().catalogue_version) == (before, version)
        assert isinstance(hall.do(Status()), StatusReply)
        _limit_file_size(hall, resource.RLIM_INFINITY)
        assert isinstance(hall.do(c.IssueTicket(matter=MATTER)), Accepted)
        again = [hall.do(part) for part in parts_of(catalogue_text(sample_district()), "another")]
        assert isinstance(again[-1], Accepted)
        assert hall.state().catalogue_version == version + 1
        hall.kill()
        hall.start()
        assert hall.state().catalogue_version == version + 1
