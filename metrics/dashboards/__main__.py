"""`python -m metrics.dashboards [DIR]`: write the dashboards' JSON; `--check` only says whether it is up to date."""

import sys
from pathlib import Path

from metrics.dashboards.writing import FOLDER, is_up_to_date, write


def main(words: list[str]) -> int:
    where = Path(next((word for word in words if not word.startswith("-")), FOLDER))
    if "--check" not in words:
        write(where)
        return 0
    if is_up_to_date(where):
        return 0
    sys.stderr.write(f"{where}: OUT OF DATE; write it with: python -m metrics.dashboards\n")
    return 1


if __name__ == "__main__":
    raise SystemExit(main(sys.argv[1:]))
