"""The inventory as Prometheus reads it: file-based discovery with hall, tier and street, and who is expected.

A hall that sends its figures itself is not scraped, so only the inventory tells that it is missing.
"""

import json
import os
import tempfile
from pathlib import Path

from metrics.district.inventory import HallEntry, Inventory

FILE = "halls.json"
EXPECTED = "inventory.yml"


def _labels(hall: HallEntry) -> dict[str, str]:
    return {"hall": hall.id, "tier": hall.tier.value, "street": hall.street}


def targets(inventory: Inventory) -> str:
    """The JSON of a `file_sd` file: one group a hall, one a line, so that a change reads well in version control."""
    groups = (
        {"targets": [f"{hall.host}:{hall.metrics}"], "labels": _labels(hall)}
        for hall in inventory.hall
        if hall.id not in inventory.agents
    )
    return "[\n" + ",\n".join(json.dumps(group, ensure_ascii=False) for group in groups) + "\n]\n"


def expected(inventory: Inventory) -> str:
    """A file of rules: `hall:inventory:info` is 1 for every hall there should be; `way` tells how its figures come."""
    lines = ["groups:", "  - name: inventory", "    rules:"]
    for hall in inventory.hall:
        labels = {**_labels(hall), "way": "agent" if hall.id in inventory.agents else "scrape"}
        shown = ", ".join(f"{name}: {json.dumps(value, ensure_ascii=False)}" for name, value in labels.items())
        lines.append(f"      - {{record: hall:inventory:info, expr: vector(1), labels: {{{shown}}}}}")
    return "\n".join(lines) + "\n"


def agent_labels(hall: HallEntry) -> str:
    """The environment of the hall's own Prometheus, which deploy/prometheus/agent.yml takes its labels from."""
    return "".join(f"{name.upper()}={json.dumps(value, ensure_ascii=False)}\n" for name, value in _labels(hall).items())


def _files(inventory: Inventory) -> dict[str, str]:
    return {FILE: targets(inventory), EXPECTED: expected(inventory)}


def write_targets(inventory: Inventory, directory: Path) -> bool:
    """Each file whole or not at all, for Prometheus reads them at any moment. Returns whether one was old.

    Raises OSError.
    """
    if is_up_to_date(inventory, directory):
        return False
    directory.mkdir(parents=True, exist_ok=True)
    for name, text in _files(inventory).items():
        _write(directory / name, text)
    return True


def _write(file: Path, text: str) -> None:
    descriptor, name = tempfile.mkstemp(dir=file.parent, prefix=f".{file.name}.")
    try:
        with os.fdopen(descriptor, "w", encoding="utf-8") as out:
            out.write(text)
            out.flush()
            os.fsync(out.fileno())
        Path(name).chmod(0o644)  # Prometheus runs as another user
        Path(name).replace(file)
    except BaseException:
        Path(name).unlink(missing_ok=True)
        raise


def is_up_to_date(inventory: Inventory, directory: Path) -> bool:
    try:
        return all((directory / name).read_text("utf-8") == text for name, text in _files(inventory).items())
    except (FileNotFoundError, UnicodeDecodeError):
        return False
