"""A register of ratings in a CSV file: columns `applicant` and `rating`, read again whenever the file changes.

`applicant` is a person's or company's number, or its SHA-256 in hexadecimal digits, so that the file need not hold the
numbers themselves. Whoever is not listed is `ordinary`.
"""

import csv
import io
import logging
from collections.abc import Mapping
from hashlib import sha256
from pathlib import Path
from typing import Any

from hall_controller.domain.credit import Rating
from hall_controller.domain.text_files import NotText, decoded, why_unread

log = logging.getLogger(__name__)

FILE = "credit.csv"
HEADING = ("applicant", "rating")
TOLD = 5


class RegisterTrouble(Exception):
    """The file cannot be read, or a row is wrong: all or nothing, since a row left out would let someone through."""


class Register:
    def __init__(self, directory: Path, options: Mapping[str, Any]) -> None:
        self._file = directory / str(options.get("file", FILE))
        self._stamp: tuple[int, int] | None = None
        self._ratings: dict[str, Rating] = {}

    def rating(self, applicant: str) -> Rating:
        """Raises RegisterTrouble."""
        try:
            stat = self._file.stat()
        except OSError as error:
            raise RegisterTrouble(f"{self._file}: {error.strerror}; copy the register there") from None
        if (stamp := (stat.st_mtime_ns, stat.st_ino)) != self._stamp:
            self._ratings = read_register(self._file)
            self._stamp = stamp
            log.info("%s: %d ratings read", self._file, len(self._ratings))
        hidden = sha256(applicant.encode()).hexdigest().upper()
        return self._ratings.get(applicant) or self._ratings.get(hidden) or Rating.ORDINARY


def read_register(file: Path) -> dict[str, Rating]:
    """Ratings by number in capitals. Raises RegisterTrouble naming the bad rows."""
    try:
        text = decoded(file.read_bytes())
    except (OSError, NotText) as error:
        raise RegisterTrouble(f"{file}: cannot be read: {why_unread(error)}; save it as CSV in UTF-8") from None
    reader = csv.DictReader(io.StringIO(text))
    missing = [name for name in HEADING if name not in (reader.fieldnames or ())]
    if missing:
        raise RegisterTrouble(f"{file}: row 1: column {', '.join(missing)} is missing; add it to the heading")
    ratings: dict[str, Rating] = {}
    problems = []
    try:
        for row in reader:
            applicant, rating = ((row[name] or "").strip() for name in HEADING)
            if not applicant:
                problems.append(f"row {reader.line_num}: applicant is empty; fill it in")
            elif rating not in set(Rating):
                problems.append(f"row {reader.line_num}: rating {rating[:20]!r} is unknown; use {', '.join(Rating)}")
            elif ratings.get(applicant.upper(), rating) != rating:
                problems.append(f"row {reader.line_num}: this applicant has another rating above; keep one of them")
            else:
                ratings[applicant.upper()] = Rating(rating)
    except csv.Error as error:
        problems.append(f"row {reader.line_num + 1}: {error}; save the file as CSV in UTF-8")
    if problems:
        more = f"; and {len(problems) - TOLD} more" if len(problems) > TOLD else ""
        raise RegisterTrouble(f"{file}: {'; '.join(problems[:TOLD])}{more}")
    return ratings
