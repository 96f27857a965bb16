"""The one operation. Every command that changes modules, options or resources runs all
of these steps. `status`, `diff` and `doctor` run the steps before the merge. A Copier
template's project and `doctor --fix` start with a tree, and end with the merge.

    rendered          base and next, from the sides of the request
    with_users_files  the user's files at these paths; a fastgen.toml that git merged is
                      repaired then, and a new project keeps the .md files that it finds
    styled            base and next, formatted as the user formats
    with_moves        the files and definitions that the user moved
    merged            base, next and the user's files -> plan
    completed         the plan with `.env`, notices, and the checks of the gate
"""

from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

from fastgen import __version__
from fastgen.catalog.generators import RESOURCE_KIND
from fastgen.change.environment import with_environment
from fastgen.change.inputs import Inputs, rendered, styled, with_moves, with_users_files
from fastgen.change.proposal import Proposal
from fastgen.change.request import Request, unchanged
from fastgen.errors import NeedsPerson
from fastgen.merge.gate.gate import gate_findings, takes_away
from fastgen.merge.plan import merged
from fastgen.migrations.in_project import own_history
from fastgen.migrations.kept_tables import kept_findings
from fastgen.migrations.merging_heads import with_one_head
from fastgen.plan import Action, Change, Finding, Plan, Severity
from fastgen.project.reading import Project, read_file, read_python
from fastgen.render.collisions import check_names_free
from fastgen.spec.specfile import parse_spec, read_table, without_repeats
from fastgen.tools.git import check_git
from fastgen.tree import SPEC_PATH, Tree

PROSE = (".md",)
"""Endings of files that `fastgen new .` keeps when the folder already has them."""


class SpecLaidOutOtherwise(NeedsPerson):
    """fastgen.toml is laid out in a way that fastgen cannot change: give each module a
    separate table, [modules.NAME], with one option per line."""


def propose(request: Request) -> Proposal:
    """The proposal that does what `request` asks for. Reads, and never writes."""
    old = request.old if request.recorded else None
    if request.changes_nothing:
        return Proposal(request.root, Plan(), old, request.new)
    check_names_free(request.old, request.new)
    if request.recorded:
        check_git()
    inputs, plan = _merged(rendered(request), markers=request.markers)
    plan = _with_notices_of_prose(plan, inputs)
    for completed in _COMPLETED:
        plan = completed(plan, request)
    return Proposal(request.root, plan, old, request.new, request.markers)


def propose_tree(root: Path, tree: Tree) -> Proposal:
    """The proposal that writes `tree`, which is no render of a spec, to `root`."""
    _, plan = _merged(Inputs(root, next=tree))
    return Proposal(root, plan)


def propose_one_head(project: Project) -> Proposal:
    """The proposal that merges the heads of the project's migrations into one. The plan
    is empty if there is only one head."""
    inputs = rendered(unchanged(project))
    past, files = own_history(project.root, project.spec.salt, inputs.base)
    module = project.catalog.generating[RESOURCE_KIND].name
    next_ = with_one_head(inputs.base, past, files, module)
    _, plan = _merged(replace(inputs, next=next_))
    return Proposal(project.root, plan, project.side, project.side)


def _merged(inputs: Inputs, *, markers: bool = False) -> tuple[Inputs, Plan]:
    for step in _READ:
        inputs = step(inputs)
    sides = (inputs.base, inputs.next, inputs.user)
    return inputs, merged(*sides, inputs.followed, markers=markers)


def _with_spec_once(inputs: Inputs) -> Inputs:
    """`inputs` with a fastgen.toml in which no table is repeated, as it is after git
    merged two branches."""
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


def _with_spec_as_on_disk(plan: Plan, request: Request) -> Plan:
    def on_disk(change: Change) -> Change:
        if change.path != SPEC_PATH or change.before is None:
            return change
        return replace(change, before=read_file(request.root, SPEC_PATH))

    return replace(plan, changes=tuple(map(on_disk, plan.changes)))


def _with_notices_of_prose(plan: Plan, inputs: Inputs) -> Plan:
    message = "yours is kept; `fastgen diff` shows it beside the one fastgen writes"
    notices = (Finding(Severity.NOTICE, path, message) for path in _own_prose(inputs))
    return replace(plan, findings=(*plan.findings, *notices))


def _with_notices_of_tables(plan: Plan, request: Request) -> Plan:
    notices = kept_findings(request.old.spec, request.new.spec)
    return replace(plan, findings=(*plan.findings, *notices))


def _with_readable_spec(plan: Plan, request: Request) -> Plan:
    """`plan`, after a check that its fastgen.toml reads back as the new spec. Raises
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


def _gated(plan: Plan, request: Request) -> Plan:
    """`plan` with the findings of the gate. A new project has no code to break."""
    undecided = any(change.action is Action.CONFLICT for change in plan.changes)
    if not request.recorded or undecided:
        return plan
    package = request.new.spec.package
    folder = f"src/{package}"
    if takes_away(plan) or not (request.root / folder).is_dir():
        folder = ""
    sources = read_python(request.root, folder)
    findings = gate_findings(plan, package, sources)
    return replace(plan, findings=(*plan.findings, *findings))


_READ: tuple[Callable[[Inputs], Inputs], ...] = (
    with_users_files,
    _with_spec_once,
    _without_own_prose,
    styled,
    with_moves,
)

_COMPLETED: tuple[Callable[[Plan, Request], Plan], ...] = (
    _with_spec_as_on_disk,
    _with_notices_of_tables,
    _with_readable_spec,
    _gated,
    with_environment,
)
