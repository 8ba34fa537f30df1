"""Rewrite the generated blocks of every page in docs/."""

import sys
from pathlib import Path

from hall_controller.reference.tables import rendered

DOCS = Path(__file__).parents[2] / "docs"


def main() -> None:
    for page in sorted(DOCS.glob("*.md")):
        before = page.read_text("utf-8")
        after = rendered(before)
        if after != before:
            page.write_text(after, "utf-8")
            sys.stdout.write(f"{page.name} rewritten\n")


if __name__ == "__main__":
    main()
