"""Earlier releases: their sources, and a scene that their clients play."""

import io
import json
import subprocess
import sys
import tarfile
from pathlib import Path
from typing import Any, NamedTuple

from tests.hall.page_client import PageClient
from tests.support import RunningHall, of_release

ROOT = Path(__file__).parent.parent.parent
SCENE = Path(__file__).with_name("release_scene.py")
Json = dict[str, Any]


class Release(NamedTuple):
    name: str
    commit: str

    @property
    def reads_what_is_new(self) -> bool:
        """Clients of the first release stop at what they do not know: they are upgraded ahead of their hall."""
        return self.name != "first"


RELEASES = [
    Release(*line.split())
    for line in (ROOT / "tests" / "releases.txt").read_text("utf-8").splitlines()
    if line and not line.startswith("#")
]


def check_out(release: Release, where: Path) -> Path:
    """The sources of this release, in `where`."""
    archived = subprocess.run(["git", "archive", release.commit], cwd=ROOT, capture_output=True, check=False)
    assert archived.returncode == 0, (
        f"this clone lacks {release.commit}, the release {release.name!r} of tests/releases.txt "
        f"({archived.stderr.decode().strip()}); get the whole history with: git fetch --unshallow"
    )
    with tarfile.open(fileobj=io.BytesIO(archived.stdout)) as tar:
        tar.extractall(where)
    return where


def play(hall: RunningHall, tree: Path | None = None, *words: str) -> tuple[list[Json], Json | None]:
    """The replies that a client of this release got, and the hall as its follower has it."""
    played = subprocess.run(
        [sys.executable, str(SCENE), str(hall.dir), *words],
        **of_release(tree or ROOT), capture_output=True, text=True, timeout=100, check=False,
    )  # fmt: skip
    assert played.returncode == 0, played.stdout[-500:] + played.stderr
    *replies, followed = map(json.loads, played.stdout.splitlines())
    return replies, followed


def state_of(hall: RunningHall) -> Json:
    """As it stands on the wire."""
    with PageClient(hall.dir / "devices" / "manager.toml") as vendor:
        state: Json = vendor.ask("snapshot")["state"]
        return state


def differences(one: Any, other: Any, path: str = "") -> list[str]:
    """Where two states disagree in what both of them tell: the paths, e.g. `.tickets.35.state`."""
    match one, other:
        case dict(), dict():
            both = one.keys() & other.keys()
            return [found for key in sorted(both) for found in differences(one[key], other[key], f"{path}.{key}")]
        case list(), list() if len(one) == len(other):
            return [found for pair in zip(one, other, strict=True) for found in differences(*pair, path)]
        case _:
            return [] if one == other else [path]
