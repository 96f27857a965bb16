"""What tests of the engine share: a catalog with modules of our own, and a project that
lies in memory."""

from dataclasses import dataclass, field, replace
from functools import cache
from pathlib import Path
from typing import Any

from fastgen import __version__
from fastgen.catalog.catalog import Catalog
from fastgen.catalog.sources import catalog_of, module_folders, templates_folder
from fastgen.cli.command import Edit
from fastgen.merge.moves import Followed, moved_files, with_names
from fastgen.merge.plan import merged
from fastgen.plan import Plan
from fastgen.render.render import rendered_tree
from fastgen.spec.edits import with_modules, with_options, without_modules
from fastgen.spec.generated_edits import with_generated
from fastgen.spec.side import Side
from fastgen.spec.spec import Spec, first_spec
from fastgen.tools.ruff import formatted
from fastgen.tree import File, Files, Tree

MODULES = Path(__file__).parent / "packaged" / "fastgen_test_modules"
EXAMPLES = Path(__file__).parents[1] / "examples"
"""The modules that docs/modules.md shows; no wheel has them."""


@cache
def catalog() -> Catalog:
    """fastgen's own modules, those of tests/packaged, and those of examples/."""
    return catalog_of(
        [
            *module_folders(templates_folder()),
            *module_folders(MODULES, "package:tests"),
            *module_folders(EXAMPLES, "package:examples"),
        ]
    )


def spec_with(*modules: str, name: str = "myapi") -> Spec:
    return side_with(*modules, name=name).spec


def side_with(*modules: str, name: str = "myapi") -> Side:
    nothing = Side(first_spec(name, "", "3.11", __version__), catalog())
    return with_modules(nothing, modules)


_RENDERED: dict[str, Tree] = {}


def tree_of(spec: Spec) -> Tree:
    """The formatted render of `spec`; kept, since tests ask for it again."""
    key = repr(spec)
    if key not in _RENDERED:
        (_RENDERED[key],) = formatted([rendered_tree(Side(spec, catalog()))])
    return _RENDERED[key]


def files_of(tree: Tree) -> Files:
    return {path: File(entry.content, entry.mode) for path, entry in tree.items()}


@dataclass(frozen=True)
class World:
    """A project in memory: its spec, the user's files, and the plan that led here."""

    spec: Spec
    files: Files
    plan: Plan = field(default_factory=Plan)

    def _repr_pretty_(self, printer: Any, cycle: bool) -> None:
        """What hypothesis shows; the texts of all files would be too much."""
        printer.text(f"World of {', '.join(self.spec.modules)}")

    def after(self, edit: Edit) -> "World":
        spec = edit(Side(self.spec, catalog())).spec
        base = tree_of(self.spec)
        next_ = tree_of(spec)
        plan = merged(base, next_, self.files, followed(base, next_, self.files))
        if plan.conflicts:
            return replace(self, plan=plan)
        return World(spec, applied(plan, self.files), plan)

    def edited(self, path: str, text: str) -> "World":
        mode = self.files[path].mode if path in self.files else 0o644
        return replace(self, files={**self.files, path: File(text.encode(), mode)})

    def text(self, path: str) -> str:
        return self.files[path].content.decode()


def world(*modules: str) -> World:
    spec = spec_with(*modules)
    return World(spec, files_of(tree_of(spec)))


def followed(base: Tree, next_: Tree, user: Files) -> Followed:
    """What the user moved and renamed; `user` is all of the user's files."""
    return with_names(moved_files(base, user), base, next_, user, lambda: user)


def applied(plan: Plan, files: Files) -> Files:
    """What apply leaves of `files`, without a disk."""
    after = dict(files)
    for change in plan.writes:
        after.pop(change.source or change.path, None)
        if change.after is not None:
            after[change.path] = change.after
    return dict(sorted(after.items()))


def adding(*names: str) -> Edit:
    return lambda side: with_modules(side, names)


def removing(*names: str) -> Edit:
    return lambda side: without_modules(side, names)


def generating(kind: str, name: str) -> Edit:
    return lambda side: with_generated(side, kind, name)


def setting(text: str) -> Edit:
    return lambda side: with_options(side, [text])
