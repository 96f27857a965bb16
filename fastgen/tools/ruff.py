"""ruff for rendered files, and for merged files with the user's configuration."""

import ast
import json
import os
import re
import subprocess
import sys
import tempfile
import tomllib
from collections.abc import Collection, Mapping, Sequence
from dataclasses import replace
from functools import cache
from pathlib import Path, PurePosixPath

from fastgen.errors import NeedsPerson
from fastgen.tools.python_modules import INIT, imported
from fastgen.tree import Tree

PYPROJECT = "pyproject.toml"
CONFIGURATIONS = (".ruff.toml", "ruff.toml", PYPROJECT)
"""The configuration files of ruff by precedence; only in the project root."""


_SYNTAX = "invalid-syntax"
_ADDED = re.compile(r"syntax was added in Python (\d+)\.(\d+)\)")


class FormattingFailed(NeedsPerson):
    """ruff refused to format: {reason}. Fix ruff's configuration in {where}."""


class NotPython(FormattingFailed):
    """The module {module} renders {path} as Python that does not parse: {reason} (line
    {line}: `{text}`). Fix that template, or the fact in a module.toml that gives this
    line."""


def formatted(
    trees: Sequence[Tree],
    configuration: Mapping[str, bytes] | None = None,
    paths: Collection[str] | None = None,
) -> tuple[Tree, ...]:
    """`trees` with sorted imports and formatted Python files, in one run of ruff.

    `configuration` holds the user's files of CONFIGURATIONS. It replaces the
    configuration in each tree, and also formats the code in Markdown files. `paths`
    limits the files. Raises FormattingFailed and NotPython.
    """
    endings = (".py",) if configuration is None else (".py", ".md")
    every = {path for tree in trees for path in tree if path.endswith(endings)}
    wanted = every if paths is None else every.intersection(paths)
    if not wanted:
        return tuple(trees)
    with tempfile.TemporaryDirectory(prefix="fastgen-") as scratch:
        folders = [Path(scratch, str(number)) for number in range(len(trees))]
        for folder, tree in zip(folders, trees, strict=True):
            settings = (
                configuration_of(tree) if configuration is None else configuration
            )
            sources = {p: e.content for p, e in tree.items() if p in wanted}
            _write(folder, {**sources, **settings})
            if paths is not None:
                beside = [path for path in tree if path.endswith(".py")]
                _write_beside(folder, sources, beside)
            if configuration is not None:
                _write_source_roots(folder, configuration, tree)
        where = "the project" if configuration else "the templates"
        try:
            _ruff(scratch, where, "check", "--select=I", "--fix-only", "--exit-zero")
            _ruff(scratch, where, "format")
        except FormattingFailed:
            _check_parses(trees, wanted)
            raise
        return tuple(
            _read(folder, tree, wanted)
            for folder, tree in zip(folders, trees, strict=True)
        )


def configuration_of(tree: Tree) -> Mapping[str, bytes]:
    """The ruff configuration files of `tree`."""
    return {name: tree[name].content for name in CONFIGURATIONS if name in tree}


def new_flaws(
    sources: Mapping[str, tuple[bytes, bytes]],
) -> list[tuple[str, int, str]]:
    """The findings of ruff's F rules that only the second version of a file has.

    `sources` maps paths to (before, after). A finding is (path, line, message).
    """
    if not sources:
        return []
    with tempfile.TemporaryDirectory(prefix="fastgen-") as scratch:
        for number, side in enumerate(("before", "after")):
            files = {path: versions[number] for path, versions in sources.items()}
            _write(Path(scratch, side), files)
        rules = ("check", "--isolated", "--select=F", "--output-format=json")
        rows = json.loads(_ruff(scratch, "the project", *rules, "--exit-zero"))
        found: dict[str, list[tuple[str, int, str]]] = {"before": [], "after": []}
        for row in rows:
            side, path = (
                Path(row["filename"])
                .relative_to(Path(scratch).resolve())
                .as_posix()
                .split("/", 1)
            )
            text = f"{row['message']} ({row['code']})"
            found[side].append((path, row["location"]["row"], text))
    known = {(path, text) for path, _, text in found["before"]}
    return [flaw for flaw in found["after"] if (flaw[0], flaw[2]) not in known]


def needed_python(text: str) -> str:
    """The lowest Python version that parses `text`, which the running version does not
    parse; empty if no known version does."""
    running = f"py{sys.version_info.major}{sys.version_info.minor}"
    rules = ("check", "--isolated", "--select=F", "--output-format=json", "--exit-zero")
    done = subprocess.run(
        [ruff_program(), *rules, "--no-cache", f"--target-version={running}", "-"],
        input=text.encode(errors="replace"),
        env=_environment(),
        capture_output=True,
        check=False,
    )
    if done.returncode != 0:  # ruff does not know this Python version
        return ""
    messages = [r["message"] for r in json.loads(done.stdout) if r["code"] == _SYNTAX]
    found = [_ADDED.search(message) for message in messages]
    versions = [(int(place[1]), int(place[2])) for place in found if place]
    if not versions or len(versions) < len(messages):
        return ""
    return ".".join(map(str, max(versions)))


def _check_parses(trees: Sequence[Tree], paths: Collection[str]) -> None:
    """Raise NotPython for a rendered file that does not parse."""
    for tree in trees:
        for path in sorted(tree.keys() & paths):
            entry = tree[path]
            try:
                ast.parse(entry.content)
            except SyntaxError as error:
                raise NotPython(
                    module=entry.module,
                    path=path,
                    reason=error.msg,
                    line=error.lineno,
                    text=(error.text or "").strip(),
                ) from None


def _write(folder: Path, files: Mapping[str, bytes]) -> None:
    folder.mkdir()
    for made in sorted({(folder / path).parent for path in files}):
        made.mkdir(parents=True, exist_ok=True)
    for path, content in files.items():
        (folder / path).write_bytes(content)


def _write_beside(
    folder: Path, sources: Mapping[str, bytes], paths: Collection[str]
) -> None:
    """Create the files by which ruff recognizes the project's own imports: the packages
    of `sources` and the modules that they import."""
    for path in paths:
        package = path.removesuffix(f"/{INIT}")
        if package != path and (folder / package).is_dir():
            (folder / path).touch()
    for module in imported(sources, paths):
        (folder / module).mkdir(parents=True, exist_ok=True)


def _write_source_roots(
    folder: Path, configuration: Mapping[str, bytes], tree: Tree
) -> None:
    """Create the packages of `tree`, empty, in each source root of the user's
    configuration. The user may have moved a package there, and its imports still count
    as the project's own."""
    packages = {
        place.parent.name
        for place in map(PurePosixPath, tree)
        if place.name == INIT and len(place.parts) == 3
    }
    for root in map(PurePosixPath, _source_roots(configuration)):
        if not root.is_absolute() and ".." not in root.parts and "*" not in str(root):
            for package in packages:
                (folder / root / package).mkdir(parents=True, exist_ok=True)


def _source_roots(configuration: Mapping[str, bytes]) -> list[str]:
    """The value of ruff's option `src`, or its default."""
    name = next((name for name in CONFIGURATIONS if name in configuration), None)
    try:
        table = tomllib.loads(configuration[name].decode()) if name else {}
    except ValueError:
        return []
    if name == PYPROJECT:
        table = table.get("tool", {}).get("ruff", {})
    roots = table.get("src", [".", "src"]) if isinstance(table, dict) else []
    return [root for root in roots if isinstance(root, str)]


def _read(folder: Path, tree: Tree, paths: Collection[str]) -> Tree:
    return {
        path: replace(entry, source=(folder / path).read_bytes())
        if path in paths
        else entry
        for path, entry in tree.items()
    }


def _ruff(scratch: str, where: str, *command: str) -> str:
    done = subprocess.run(
        [ruff_program(), *command, "--no-cache", "--quiet", "."],
        cwd=scratch,
        env=_environment(),
        capture_output=True,
        text=True,
        check=False,
    )
    if done.returncode != 0:
        lines = [line.strip() for line in done.stderr.splitlines() if line.strip()]
        reason = " ".join(lines)[:300].replace(scratch, "").rstrip(".")
        reason = reason or "a file does not parse"
        raise FormattingFailed(reason=reason, where=where)
    return done.stdout


def _environment() -> dict[str, str]:
    # Variables such as RUFF_CONFIG would make the result depend on the machine.
    return {k: v for k, v in os.environ.items() if not k.startswith("RUFF_")}


@cache
def ruff_program() -> str:
    """The path of the ruff that was installed with fastgen, not of the project's."""
    from ruff import find_ruff_bin  # type: ignore[import-untyped]

    return str(find_ruff_bin())
