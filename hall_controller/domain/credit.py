"""Credit: what an applicant's rating changes. The rating comes from outside; here is what follows from it."""

from hall_controller.domain.matters import Matter
from hall_controller.domain.open_enum import OpenEnum


class Rating(OpenEnum):
    """An applicant's standing, from whoever keeps such a register."""

    GOOD = "good"
    ORDINARY = "ordinary"
    DISCREDITED = "discredited"


def is_barred(matter: Matter, rating: Rating | None) -> bool:
    """Subsidies are not for discredited applicants."""
    return matter.subsidy and rating is Rating.DISCREDITED


def may_come_later(matter: Matter, rating: Rating | None) -> tuple[int, ...]:
    """Numbers, from 1 on, of the documents without which a matter may be accepted on this rating."""
    return matter.later if rating is Rating.GOOD else ()
