"""What ruff's F rules find in the changed files and did not find before."""

import json
import subprocess
import tempfile
from collections.abc import Iterable, Iterator
from pathlib import Path

from fastgen.tools.ruff import ruff_program

from .snapshot import Snapshot


def flaws(
    before: Snapshot, after: Snapshot, paths: Iterable[str]
) -> Iterator[tuple[str, str]]:
    """The path and the message of each new finding in `paths`."""
    sides = {"before": before, "after": after}
    files = {
        f"{side}/{path}": tree[path].content
        for path in paths
        for side, tree in sides.items()
        if path in tree and not tree[path].link
    }
    if not files:
        return
    known = set()
    found = []
    for name, message in _findings(files):
        side, _, path = name.partition("/")
        if side == "before":
            known.add((path, message))
        else:
            found.append((path, message))
    yield from (flaw for flaw in found if flaw not in known)


def _findings(files: dict[str, bytes]) -> list[tuple[str, str]]:
    with tempfile.TemporaryDirectory(prefix="random-runs-") as folder:
        for path, content in files.items():
            (place := Path(folder, path)).parent.mkdir(parents=True, exist_ok=True)
            place.write_bytes(content)
        command = [ruff_program(), "check", "--isolated", "--no-cache", "--exit-zero"]
        done = subprocess.run(
            [*command, "--select=F", "--output-format=json", "."],
            cwd=folder,
            capture_output=True,
            check=True,
        )
        root = Path(folder).resolve()
        return [
            (Path(row["filename"]).relative_to(root).as_posix(), row["message"])
            for row in json.loads(done.stdout)
        ]
