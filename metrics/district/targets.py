"""The inventory as Prometheus reads it: file-based discovery, with the labels hall, tier and street."""

import json
import os
import tempfile
from pathlib import Path

from metrics.district.inventory import Inventory

FILE = "halls.json"


def targets(inventory: Inventory) -> str:
    """The JSON of a `file_sd` file: one group a hall, one a line, so that a change reads well in version control."""
    groups = (
        {
            "targets": [f"{hall.host}:{hall.metrics}"],
            "labels": {"hall": hall.id, "tier": hall.tier.value, "street": hall.street},
        }
        for hall in inventory.hall
    )
    return "[\n" + ",\n".join(json.dumps(group, ensure_ascii=False) for group in groups) + "\n]\n"


def write_targets(inventory: Inventory, directory: Path) -> bool:
    """Whole or not at all, for Prometheus reads it at any moment. Returns whether it was old. Raises OSError."""
    if is_up_to_date(inventory, directory):
        return False
    directory.mkdir(parents=True, exist_ok=True)
    descriptor, name = tempfile.mkstemp(dir=directory, prefix=f".{FILE}.")
    try:
        with os.fdopen(descriptor, "w", encoding="utf-8") as out:
            out.write(targets(inventory))
            out.flush()
            os.fsync(out.fileno())
        Path(name).chmod(0o644)  # Prometheus runs as another user
        Path(name).replace(directory / FILE)
    except BaseException:
        Path(name).unlink(missing_ok=True)
        raise
    return True


def is_up_to_date(inventory: Inventory, directory: Path) -> bool:
    try:
        return (directory / FILE).read_text("utf-8") == targets(inventory)
    except (FileNotFoundError, UnicodeDecodeError):
        return False
