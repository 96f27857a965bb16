"""What a user does to a project between two commands, as tables of a case.toml."""

import subprocess
from pathlib import Path
from typing import Any

from fastgen.project.reading import walk
from fastgen.tools.ruff import ruff_program
from fastgen.tree import SPEC_PATH


def edit(root: Path, change: dict[str, Any]) -> None:
    """Carry one `[[edits]]` out; the keys of the table say which kind it is."""
    path = root / change["path"]
    if "content" in change:
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(change["content"].encode())
    elif "insert" in change:
        text = path.read_text()
        place = change.get("after") or change["before"]
        assert text.count(place) == 1, f"{place!r} is not there once in {path}"
        insert = change["insert"]
        both = place + insert if "after" in change else insert + place
        path.write_text(text.replace(place, both))
    elif "replace" in change:
        text = path.read_text()
        assert change["replace"] in text, f"{change['replace']!r} is not in {path}"
        path.write_text(text.replace(change["replace"], change["by"]))
    elif "everywhere" in change:
        for name in [p for p in walk(root) if p.endswith((".py", ".toml"))]:
            text = (root / name).read_text()
            if name != SPEC_PATH:
                (root / name).write_text(
                    text.replace(change["everywhere"], change["by"])
                )
    elif "reformat" in change:
        subprocess.run([ruff_program(), "format", "--quiet", root], check=True)
    elif "crlf" in change:
        path.write_bytes(path.read_bytes().replace(b"\n", b"\r\n"))
    elif "move_to" in change:
        target = root / change["move_to"]
        target.parent.mkdir(parents=True, exist_ok=True)
        path.rename(target)
    elif "link_to" in change:
        path.symlink_to(change["link_to"])
    elif "mode" in change:
        path.chmod(int(change["mode"], 8))
    else:
        assert change["delete"]
        path.unlink()


def user_lines(case: dict[str, Any]) -> set[str]:
    """Every line that the user wrote, stripped."""
    texts = [
        change[key]
        for change in case.get("edits", [])
        for key in ("content", "insert", "by")
        if key in change
    ]
    return {
        line.strip() for text in texts for line in text.splitlines() if line.strip()
    }
