"""A day as a person names it at a shell: today, yesterday, tomorrow, or a date."""

import datetime as dt

WORDS = {"yesterday": -1, "today": 0, "tomorrow": 1}


def named_day(word: str, today: dt.date) -> dt.date | None:
    """None for what is no day; a date is written as 2026-11-24 and in no other way."""
    try:
        if word in WORDS:
            return today + dt.timedelta(days=WORDS[word])
        day = dt.date.fromisoformat(word)
    except (ValueError, OverflowError):
        return None
    return day if day.isoformat() == word else None
