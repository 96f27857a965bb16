"""Checks for files that git, or a service that reads the repository, does not find."""

import os
import tempfile
from collections.abc import Collection, Iterable, Iterator
from pathlib import Path

from fastgen.catalog.facts import RepositoryFile
from fastgen.phrases import counted
from fastgen.plan import Finding, Severity
from fastgen.tools.git import IgnoreRule, ignore_rules, repository_root, run_git
from fastgen.tree import ENVIRONMENT

IGNORE_FILE = ".gitignore"


def misplaced_findings(
    root: Path, files: Iterable[RepositoryFile], paths: Collection[str]
) -> Iterator[Finding]:
    """A WARNING for each of `files` at `paths` that services only read in the root of a
    repository, if the project at `root` is in a subfolder."""
    wanted = [file for file in files if file.path in paths]
    top = repository_root(root) if wanted else None
    if top is None or top == root.resolve():
        return
    folder = root.resolve().relative_to(top).as_posix()
    for file in wanted:
        change = file.change.replace("{folder}", folder)
        message = (
            f"has no effect here, since it is read in the root of the repository only:"
            f" move it to {top / file.path}, and {change}"
        )
        yield Finding(Severity.WARNING, file.path, message)


def ignored_findings(
    root: Path, paths: Collection[str], ignore_file: bytes = b""
) -> Iterator[Finding]:
    """A WARNING for each git ignore rule that hides some of `paths`, because a clone
    would lack these files. `ignore_file` is the .gitignore of a project that is not in
    a repository yet."""
    asked = sorted({*paths} - {ENVIRONMENT})
    if not asked:
        return
    place, prefix = _existing(root)
    top = repository_root(place)
    if top is not None:
        rules = ignore_rules(place, [prefix + path for path in asked])
    else:
        prefix, rules = "", _rules_of_a_new_repository(asked, ignore_file)
    by_rule: dict[IgnoreRule, list[str]] = {}
    for path, rule in rules.items():
        by_rule.setdefault(rule, []).append(path.removeprefix(prefix))
    for rule, hidden in by_rule.items():
        more = (
            f" and {counted(len(hidden) - 1, 'more file')}" if len(hidden) > 1 else ""
        )
        more = f" and {hidden[1]}" if len(hidden) == 2 else more
        message = (
            f"`{rule.pattern}` makes git ignore {hidden[0]}{more}, which a clone would"
            " lack: narrow that line, for example with a / at its start"
        )
        file = os.path.relpath(top / rule.file, root.resolve()) if top else rule.file
        yield Finding(Severity.WARNING, Path(file).as_posix(), message, rule.line)


def _existing(root: Path) -> tuple[Path, str]:
    """The closest existing folder at or above `root`, and the path from it to
    `root`."""
    place = root.resolve()
    while not place.is_dir():
        place = place.parent
    prefix = root.resolve().relative_to(place).as_posix()
    return place, "" if prefix == "." else f"{prefix}/"


def _rules_of_a_new_repository(
    paths: list[str], ignore_file: bytes
) -> dict[str, IgnoreRule]:
    with tempfile.TemporaryDirectory(prefix="fastgen-") as scratch:
        folder = Path(scratch)
        (folder / IGNORE_FILE).write_bytes(ignore_file)
        try:
            run_git("init", "--quiet", folder=folder)
        except OSError:
            return {}
        return ignore_rules(folder, paths)
