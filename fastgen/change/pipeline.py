"""The operation behind all changes of a project. Commands that change modules, options
or resources run all of these steps. `status`, `diff` and `doctor` run the steps before
the merge. A project from a Copier template and `doctor --fix` start with a tree and
run the steps up to the merge.

    rendered          base and next, from the sides of the request
    with_users_files  the user's files at these paths; repairs a fastgen.toml that git
                      merged, and keeps the .md files in the folder of a new project
    styled            base and next in the user's formatting
    with_moves        the files that the user moved
    with_renames      the modules and definitions that the user renamed or moved
    with_mentions     lines that still have the old name of a renamed package
    with_new_names    for `rename`: base and the user's files with the new names
    merged            base, next and the user's files -> plan
    completed         the plan with `.env`, notices, and the checks of the gate
"""

from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

from fastgen import __version__
from fastgen.apply.lock import AlreadyRunning
from fastgen.apply.preconditions import ChangedMeanwhile
from fastgen.apply.state import is_cut_off
from fastgen.catalog.generators import RESOURCE_KIND
from fastgen.change.changed_back_references import changed_back_references
from fastgen.change.deleted_tests import with_tests_as_deleted
from fastgen.change.environment import with_environment
from fastgen.change.inputs import (
    Inputs,
    rendered,
    styled,
    with_mentions,
    with_moves,
    with_renames,
    with_users_files,
)
from fastgen.change.placement import (
    IGNORE_FILE,
    ignored_findings,
    misplaced_findings,
)
from fastgen.change.proposal import Proposal
from fastgen.change.renaming import Renamed, with_new_names
from fastgen.change.request import Request, unchanged
from fastgen.errors import NeedsPerson, Refusal
from fastgen.merge.following import with_users_names_and_paths
from fastgen.merge.gate.gate import gated, takes_away
from fastgen.merge.gate.losses import REMOVED, RENAMED
from fastgen.merge.plan import merged
from fastgen.migrations.in_project import own_history
from fastgen.migrations.merging_heads import with_one_head
from fastgen.plan import Action, Change, Finding, Plan, Severity
from fastgen.project.reading import (
    Project,
    check_package_found,
    read_file,
    read_python,
)
from fastgen.render.collisions import check_names_free
from fastgen.render.render import project_facts
from fastgen.spec.specfile import parse_spec, read_table, without_repeats
from fastgen.tools.git import check_git
from fastgen.tree import SPEC_PATH, Tree

PROSE = (".md",)
"""Suffixes of the files that `fastgen new .` keeps if the folder already has them."""


class SpecLaidOutOtherwise(NeedsPerson):
    """fastgen.toml is laid out in a way that fastgen cannot change: give each module a
    separate table, [modules.NAME], with one option per line."""


def propose(request: Request) -> Proposal:
    """The proposal for `request`. Reads the project and never writes.

    Raises ChangedMeanwhile or AlreadyRunning if another command changes the project at
    the same time, because the files read may then not belong together.
    """
    try:
        proposal = _proposal(request)
    except (Refusal, OSError):
        _check_alone(request)
        raise
    _check_alone(request)
    return proposal


def _check_alone(request: Request) -> None:
    if not request.recorded:
        return
    if is_cut_off(request.root):
        raise AlreadyRunning(root=request.root)
    file = read_file(request.root, SPEC_PATH)
    text = file.content.decode(errors="replace") if file else ""
    if text != request.spec_file:
        raise ChangedMeanwhile(paths=SPEC_PATH)


def _proposal(request: Request) -> Proposal:
    old = request.old if request.recorded else None
    if request.changes_nothing:
        return Proposal(request.root, Plan(), old, request.new)
    check_names_free(request.old, request.new)
    if request.recorded:
        check_git()
        check_package_found(request.root, request.old.spec.package)
    inputs, plan, renamed = _merged(rendered(request), request)
    for completed in _COMPLETED:
        plan = completed(plan, inputs, request)
    plan = renamed.with_leftovers(plan) if renamed else plan
    title = request.rename.words if request.rename else ""
    return Proposal(request.root, plan, old, request.new, request.markers, title)


def propose_tree(root: Path, tree: Tree) -> Proposal:
    """The proposal that writes `tree`, which is not rendered from a spec, to `root`."""
    _, plan, _ = _merged(Inputs(root, next=tree))
    return Proposal(root, plan)


def propose_one_head(project: Project) -> Proposal:
    """The proposal that merges the heads of the project's migrations. The plan is empty
    if there is only one head."""
    inputs = rendered(unchanged(project))
    past, files = own_history(project.root, project.spec.salt, inputs.base)
    module = project.catalog.generating[RESOURCE_KIND].name
    next_ = with_one_head(inputs.base, past, files, module)
    _, plan, _ = _merged(replace(inputs, next=next_))
    return Proposal(project.root, plan, project.side, project.side)


def _merged(
    inputs: Inputs, request: Request | None = None
) -> tuple[Inputs, Plan, Renamed | None]:
    for step in _READ:
        inputs = step(inputs)
    markers = request is not None and request.markers
    delete_edited = request is not None and request.delete_edited
    rename = request.rename if request else None
    renamed = with_new_names(inputs, rename) if rename else None
    given = renamed.inputs if renamed else inputs
    sides = (given.base, given.next, given.user)
    plan = merged(*sides, given.followed, markers=markers, delete_edited=delete_edited)
    if renamed:
        plan = renamed.plan(plan)
    plan = inputs.links.named_in(plan)
    plan = replace(plan, findings=(*plan.findings, *inputs.findings))
    return inputs, plan, renamed


def _with_spec_once(inputs: Inputs) -> Inputs:
    """`inputs` with a fastgen.toml without repeated tables, which a git merge of two
    branches can leave."""
    file = inputs.user.get(SPEC_PATH)
    if file is None:
        return inputs
    text = file.content.decode(errors="surrogateescape")
    content = without_repeats(text).encode(errors="surrogateescape")
    user = {**inputs.user, SPEC_PATH: replace(file, content=content)}
    return replace(inputs, user=user)


def _without_own_prose(inputs: Inputs) -> Inputs:
    """`inputs` without the .md files that the folder of a new project already has."""
    own = _own_prose(inputs)
    next_ = {path: entry for path, entry in inputs.next.items() if path not in own}
    return replace(inputs, next=next_) if own else inputs


def _own_prose(inputs: Inputs) -> list[str]:
    is_new = not inputs.base and SPEC_PATH in inputs.next
    return [path for path in inputs.user if is_new and path.endswith(PROSE)]


def _with_spec_as_on_disk(plan: Plan, _: Inputs, request: Request) -> Plan:
    def on_disk(change: Change) -> Change:
        if change.path != SPEC_PATH or change.before is None:
            return change
        return replace(change, before=read_file(request.root, SPEC_PATH))

    return replace(plan, changes=tuple(map(on_disk, plan.changes)))


def _with_notices_of_prose(plan: Plan, inputs: Inputs, _: Request) -> Plan:
    message = "yours is kept; `fastgen diff` shows it beside the one fastgen writes"
    notices = (Finding(Severity.NOTICE, path, message) for path in _own_prose(inputs))
    return replace(plan, findings=(*plan.findings, *notices))


def _with_readable_spec(plan: Plan, _: Inputs, request: Request) -> Plan:
    """`plan`, after checking that its fastgen.toml reads back as the new spec. Raises
    SpecLaidOutOtherwise."""
    if not request.recorded:
        return plan
    new = request.new
    after = next(
        (c.after.content for c in plan.writes if c.path == SPEC_PATH and c.after), None
    )
    text = after.decode() if after is not None else request.spec_file
    if not any(conflict.path == SPEC_PATH for conflict in plan.conflicts):
        try:
            said = parse_spec(text, read_table(text), new.catalog, __version__)
        except NeedsPerson:
            said = None
        if said == new.spec:
            return plan
    raise SpecLaidOutOtherwise


def _gated(plan: Plan, inputs: Inputs, request: Request) -> Plan:
    """`plan` with the findings of the gate. A new project has no code to break."""
    undecided = any(change.action is Action.CONFLICT for change in plan.changes)
    if not request.recorded or undecided:
        return plan
    package = request.new.spec.package
    folder = f"src/{package}"
    real = (request.root / folder).resolve()
    if takes_away(plan) or real != request.root.resolve() / folder:
        folder = ""
    sources = read_python(request.root, folder) or read_python(request.root)

    links = inputs.links

    def generated() -> Tree:
        sides = (inputs.base, inputs.next, inputs.user)
        next_ = with_users_names_and_paths(*sides, inputs.followed)[1]
        return {links.named_path(path): entry for path, entry in next_.items()}

    words = RENAMED if request.rename else REMOVED
    sources = {links.named_path(path): file for path, file in sources.items()}
    named, homes = links.with_names(plan), inputs.followed.names.homes
    found = gated(named, package, sources, generated, words, homes)
    plan = links.with_places(found, plan)
    return _with_names_to_change(plan, request)


def _with_names_to_change(plan: Plan, request: Request) -> Plan:
    """`plan` whose issues in new files suggest another name for the new item."""
    old, new = request.old.spec, request.new.spec
    items = (item.name for item in new.generated if item not in old.generated)
    names = sorted({*(new.resources.keys() - old.resources.keys()), *items})
    created = {change.path for change in plan.changes if change.before is None}
    if not names:
        return plan
    fix = f"choose another name than {' or '.join(names)}"
    findings = tuple(
        replace(f, fix=f.fix or fix) if f.path in created else f for f in plan.findings
    )
    return replace(plan, findings=findings)


def _with_tests_as_deleted(plan: Plan, inputs: Inputs, _: Request) -> Plan:
    return with_tests_as_deleted(plan, inputs.followed.tree(inputs.base), inputs.user)


def _with_notices_of_placement(plan: Plan, inputs: Inputs, request: Request) -> Plan:
    """`plan` with warnings about new files that git, or a service that reads the
    repository, would not find."""
    new = [c.path for c in plan.changes if c.action is Action.CREATE]
    files = project_facts(request.new).repository_files
    entry = inputs.next.get(IGNORE_FILE)
    ignore_file = entry.content if entry else b""
    findings = (
        *misplaced_findings(request.root, files, new),
        *ignored_findings(request.root, new, ignore_file),
    )
    return replace(plan, findings=(*plan.findings, *findings))


def _with_back_references(plan: Plan, _: Inputs, request: Request) -> Plan:
    """`plan` with warnings about attributes of models whose meaning changes."""
    if request.rename or not request.recorded:
        return plan
    specs = request.old.spec, request.new.spec
    findings = changed_back_references(*(spec.resources for spec in specs))
    return replace(plan, findings=(*plan.findings, *findings))


def _with_environment(plan: Plan, _: Inputs, request: Request) -> Plan:
    return with_environment(plan, request)


_READ: tuple[Callable[[Inputs], Inputs], ...] = (
    with_users_files,
    _with_spec_once,
    _without_own_prose,
    styled,
    with_moves,
    with_renames,
    with_mentions,
)

_COMPLETED: tuple[Callable[[Plan, Inputs, Request], Plan], ...] = (
    _with_notices_of_prose,
    _with_tests_as_deleted,
    _with_spec_as_on_disk,
    _with_readable_spec,
    _gated,
    _with_notices_of_placement,
    _with_back_references,
    _with_environment,
)
