"""`make lint` for templates: ruff and mypy check projects made of them, and what they
find is shown where it stands in the template.

Modules lie in many folders, and a `.jinja` file is not Python yet. So the templates are
checked as rendered, by the rules of generated projects.
"""

import ast
import json
import subprocess
import sys
import tempfile
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from difflib import SequenceMatcher
from pathlib import Path

from fastgen.catalog.catalog import Catalog
from fastgen.catalog.sources import catalog_of, module_folders, templates_folder
from fastgen.render.jinja import BrokenTemplate
from fastgen.render.render import rendered_tree
from fastgen.spec.side import Side
from fastgen.tools.ruff import FormattingFailed, formatted, ruff_program
from fastgen.tree import Tree
from tests.kit import EXAMPLES

from .environment import shared_environment
from .generated import libraries_known_to_mypy
from .linted import linted_projects, template_sources

FOUND = 1
"""The exit code of ruff and mypy for findings; a greater one is a failure."""


class CheckerFailed(Exception):
    """ruff or mypy did not check the project."""


Rendered = tuple[Mapping[str, Path], Tree]
"""A project: the template of each file by its path, and the files."""


@dataclass(frozen=True)
class Finding:
    """What ruff or mypy says about a line of a generated file."""

    path: str
    line: int
    text: str


@dataclass(frozen=True, order=True)
class InTemplate:
    """A finding at its place in a template; `line` is 0 where the generated line is not
    in the template."""

    template: Path
    line: int
    text: str

    def __str__(self) -> str:
        place = f"{self.template}:{self.line}" if self.line else f"{self.template}"
        return f"{place}: {self.text}"


def main(templates: Path) -> int:
    """Check the templates of all modules in the folder `templates`, and those of the
    examples; the exit code."""
    sides = linted_projects(linted_catalog(templates))
    found = findings(sides)
    for finding in found:
        print(finding)  # noqa: T201 (for people)
    print(f"Errors in templates: {len(found)} (rendered in {len(sides)} projects)")  # noqa: T201
    return 1 if found else 0


def linted_catalog(templates: Path) -> Catalog:
    """The modules in the folder `templates`, and the examples."""
    return catalog_of([*module_folders(templates), *module_folders(EXAMPLES)])


def findings(sides: Iterable[Side]) -> list[InTemplate]:
    """What ruff and mypy find in the projects `sides`, each finding once; sorted. Where
    a template does not render, or renders to no Python, that is all that is found."""
    rendered: list[Rendered] = []
    broken: set[InTemplate] = set()
    for side in sides:
        sources = template_sources(side)
        try:
            rendered.append((sources, rendered_tree(side)))
        except BrokenTemplate as error:
            broken.add(_not_rendered(error, sources))
    if broken:
        return sorted(broken)
    try:
        trees = formatted([tree for _, tree in rendered])
    except FormattingFailed:
        found = _found(rendered, _syntax_errors)
        if not found:
            raise
        return found
    every = [sources for sources, _ in rendered]
    return _found(zip(every, trees, strict=True), _findings_in)


def _not_rendered(error: BrokenTemplate, sources: Mapping[str, Path]) -> InTemplate:
    path, _, line = str(error.facts["path"]).partition(":")
    template = _shown(sources.get(path, Path(path)))
    number = int(line) if line.isdecimal() else 0
    return InTemplate(template, number, f"error: {error.facts['reason']}")


def _found(
    rendered: Iterable[Rendered],
    check: Callable[[Tree], Iterable[Finding]],
) -> list[InTemplate]:
    found = {
        in_template(finding, tree, sources)
        for sources, tree in rendered
        for finding in check(tree)
    }
    return sorted(found)


def _syntax_errors(tree: Tree) -> Iterator[Finding]:
    for path, entry in tree.items():
        if path.endswith(".py"):
            try:
                ast.parse(entry.content)
            except SyntaxError as error:
                yield Finding(path, error.lineno or 0, f"error: {error.msg}")


def _findings_in(tree: Tree) -> list[Finding]:
    """What ruff and mypy find in the project `tree`, with its own configuration."""
    with tempfile.TemporaryDirectory(prefix="fastgen-lint-") as folder:
        root = Path(folder).resolve()
        for path, entry in tree.items():
            (root / path).parent.mkdir(parents=True, exist_ok=True)
            (root / path).write_bytes(entry.content)
        return [*_ruff_findings(root), *_mypy_findings(root)]


def _ruff_findings(root: Path) -> Iterator[Finding]:
    command = [ruff_program(), "check", "--no-cache", "--output-format=json", "."]
    for row in json.loads(_output(command, root, {})):
        path = Path(row["filename"]).relative_to(root).as_posix()
        text = f"error: {row['message']} [{row['code']}]"
        yield Finding(path, row["location"]["row"], text)


def _mypy_findings(root: Path) -> Iterator[Finding]:
    mypy = shared_environment().folder / "bin" / "mypy"
    command = [str(mypy), "--output=json", "--no-error-summary"]
    with libraries_known_to_mypy() as environment:
        output = _output(command, root, environment)
    for row in map(json.loads, output.splitlines()):
        code = f" [{row['code']}]" if row["code"] else ""
        text = f"{row['severity']}: {row['message']}{code}"
        yield Finding(row["file"], row["line"], text)


def _output(
    command: Sequence[str | Path], root: Path, environment: Mapping[str, str]
) -> str:
    """What a checker prints in the folder `root`. Raises CheckerFailed."""
    done = subprocess.run(
        command, cwd=root, env=environment, capture_output=True, text=True, check=False
    )
    if done.returncode > FOUND or done.stderr:
        output = f"{done.stderr}{done.stdout}"
        raise CheckerFailed(f"{command[0]}: exit code {done.returncode}\n{output}")
    return done.stdout


def in_template(
    finding: Finding, tree: Tree, sources: Mapping[str, Path]
) -> InTemplate:
    """The finding, at the line of the template that the generated line comes from."""
    template = sources[finding.path]
    generated = tree[finding.path].content.decode().splitlines()
    text = finding.text
    line = template_line(finding.line, generated, template.read_text().splitlines())
    if not line and 0 < finding.line <= len(generated):
        text += f", in the generated line `{generated[finding.line - 1].strip()}`"
    return InTemplate(_shown(template), line, text)


def template_line(line: int, generated: Sequence[str], template: Sequence[str]) -> int:
    """The number of the template's line that became the generated `line`; 0 if there is
    none like it. ruff moves imports, so a line may be in another order there."""
    first, second = ([each.strip() for each in text] for text in (generated, template))
    for match in SequenceMatcher(None, first, second, False).get_matching_blocks():
        if match.a < line <= match.a + match.size:
            return match.b + line - match.a
    text = first[line - 1] if 0 < line <= len(first) else ""
    return second.index(text) + 1 if text and second.count(text) == 1 else 0


def _shown(path: Path) -> Path:
    here = Path.cwd()
    return path.relative_to(here) if path.is_relative_to(here) else path


if __name__ == "__main__":
    sys.exit(main(templates_folder()))
