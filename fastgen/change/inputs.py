"""The inputs of a merge: base and next, rendered for the project, and the user's
files."""

from dataclasses import dataclass, field, replace
from pathlib import Path

from fastgen.catalog.module import CORE
from fastgen.change.renders import render_pair, whole_render
from fastgen.change.request import Request
from fastgen.merge.moves import Followed, moved_files, with_names
from fastgen.merge.package_mentions import with_mentions_as_written
from fastgen.merge.user_style import in_user_style
from fastgen.migrations.in_project import with_migrations
from fastgen.names import package_of
from fastgen.plan import Finding
from fastgen.project.links import Links, links_at
from fastgen.project.reading import read_files, read_python, read_similar
from fastgen.spec.specfile import spec_text
from fastgen.tools.git import ignored_paths
from fastgen.tools.ruff import CONFIGURATIONS
from fastgen.tree import SPEC_PATH, Entry, Files, Tree


@dataclass(frozen=True)
class Inputs:
    """The three sides of a merge. Each step of the pipeline fills in more of them."""

    root: Path
    """The project's folder."""
    base: Tree = field(default_factory=dict)
    """The files that fastgen wrote last."""
    next: Tree = field(default_factory=dict)
    """The files that fastgen writes now."""
    user: Files = field(default_factory=dict)
    """The user's files on disk."""
    followed: Followed = field(default_factory=Followed)
    """The user's moves and renames."""
    links: Links = field(default_factory=Links)
    """The symbolic links at the paths of base and next."""
    package: str = ""
    """The name of the package."""
    old_packages: frozenset[str] = frozenset()
    """The old names of the package, if the user has renamed it."""
    findings: tuple[Finding, ...] = ()
    """Notices and warnings about the migrations."""


def rendered(request: Request) -> Inputs:
    """Base and next, formatted. Base has the project's own fastgen.toml, and the
    migrations in both follow the project's migrations."""
    return _fitted(request, render_pair(request.old, request.new, request.root))


def rendered_to_read(request: Request) -> Inputs:
    """Base alone, for a command that only reads. The render may come from a cache."""
    base = whole_render(request.old, request.root)
    return replace(_fitted(request, (base, base)), next={})


def _fitted(request: Request, pair: tuple[Tree, Tree]) -> Inputs:
    root = request.root
    found = with_migrations(
        root,
        request.old,
        request.new,
        pair,
        request.drop,
        request.rename,
        request.fill,
    )
    base = found.base
    if request.recorded:
        text = spec_text(request.recorded)
        base = {**base, SPEC_PATH: Entry(text.encode(), CORE)}
    spec = request.old.spec
    names = {package_of(spec.name), (request.recorded or spec).package}
    return Inputs(
        root,
        base,
        found.next,
        package=spec.package,
        old_packages=frozenset(names - {spec.package}),
        findings=found.findings,
    )


def with_users_files(inputs: Inputs) -> Inputs:
    """`inputs` with the user's files at all paths of base and next."""
    root = inputs.root
    links = links_at(root, inputs.base.keys() | inputs.next.keys())
    paths = {*inputs.base, *inputs.next, *CONFIGURATIONS}
    own = read_files(root, paths - links.files.keys() - links.closed)
    return replace(
        inputs, user={**read_files(root, links.files.values()), **own}, links=links
    )


def styled(inputs: Inputs) -> Inputs:
    """`inputs` with base and next in the user's formatting."""
    base, next_ = in_user_style(inputs.base, inputs.next, inputs.user)
    return replace(inputs, base=base, next=next_)


def with_moves(inputs: Inputs) -> Inputs:
    """`inputs` with the files that the user moved, at their new paths."""
    root, base, next_, user = inputs.root, inputs.base, inputs.next, inputs.user
    missing = {p: len(entry.content) for p, entry in base.items() if p not in user}
    if not missing:
        return inputs
    links = inputs.links
    user = {**_of_project(root, read_similar(root, missing)), **user}
    moves = moved_files(base, user, links.files, links.folders)
    targets = read_files(root, moves.tree(next_))
    user = {**_without_links(root, targets), **user}
    return replace(inputs, user=user, followed=moves)


def with_renames(inputs: Inputs) -> Inputs:
    """`inputs` with the user's names for modules and definitions, and with the files to
    which the user moved definitions."""
    root, user = inputs.root, inputs.user

    def python() -> Files:
        return _of_project(root, read_python(root))

    followed = with_names(inputs.followed, inputs.base, inputs.next, user, python)
    homes = read_files(root, followed.names.homes.values())
    return replace(inputs, user={**homes, **user}, followed=followed)


def with_mentions(inputs: Inputs) -> Inputs:
    """`inputs` with the package's old name in each line that still has it in the user's
    file."""
    if not inputs.old_packages:
        return inputs
    base, next_ = with_mentions_as_written(
        inputs.base,
        inputs.next,
        inputs.user,
        inputs.followed,
        inputs.package,
        inputs.old_packages,
    )
    return replace(inputs, base=base, next=next_)


def _of_project(root: Path, files: Files) -> Files:
    """The files in `files` that can be the target of a move: symbolic links and files
    that git ignores are left out."""
    ignored = ignored_paths(root, files)
    others = {path: file for path, file in files.items() if path not in ignored}
    return _without_links(root, others)


def _without_links(root: Path, files: Files) -> Files:
    """`files` without symbolic links. If AGENTS.md links to CLAUDE.md, the file counts
    as moved to CLAUDE.md."""
    kept = (*CONFIGURATIONS, SPEC_PATH)
    return {p: f for p, f in files.items() if p in kept or not (root / p).is_symlink()}
