"""From builders to files."""

import json
from pathlib import Path

from grafana_foundation_sdk.cog.encoder import JSONEncoder

from metrics.dashboards.district import district
from metrics.dashboards.hall import hall

FOLDER = "deploy/grafana/dashboards"


def files() -> dict[str, str]:
    """Name and JSON of each dashboard."""
    built = {"district.json": district().build(), "hall.json": hall().build()}
    for board in built.values():
        for number, panel in enumerate(board.panels or (), 1):
            panel.id_val = number  # else Grafana counts them anew at each load, and a link to a panel is lost
    return {name: as_json(board) for name, board in built.items()}


def as_json(board: object) -> str:
    return json.dumps(board, cls=JSONEncoder, indent=2, sort_keys=True, ensure_ascii=False) + "\n"


def write(where: Path) -> None:
    where.mkdir(parents=True, exist_ok=True)
    for name, text in files().items():
        (where / name).write_text(text, "utf-8")


def is_up_to_date(where: Path) -> bool:
    try:
        return all((where / name).read_text("utf-8") == text for name, text in files().items())
    except (FileNotFoundError, UnicodeDecodeError):
        return False
