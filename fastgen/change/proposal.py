"""The one operation: everything that writes to a project goes through here."""

from collections.abc import Collection, Iterator
from dataclasses import dataclass, field, replace
from pathlib import Path

from fastgen import __version__
from fastgen.apply.create import create
from fastgen.apply.transaction import apply
from fastgen.catalog.catalog import Catalog
from fastgen.change.environment import environment_change, environment_findings
from fastgen.change.inputs import own_history, rendered_pair, user_files
from fastgen.errors import ConflictsRemain, GateRefused, NeedsPerson
from fastgen.merge.gate.gate import gate_findings, takes_away
from fastgen.merge.plan import merged
from fastgen.merge.user_style import in_user_style, restyled
from fastgen.migrations.chain import chained, history
from fastgen.migrations.kept_tables import kept_findings, with_kept
from fastgen.migrations.merging_heads import merging
from fastgen.migrations.of_resources import with_resource_migration
from fastgen.plan import Action, Change, Finding, Plan, Severity
from fastgen.project.reading import Project, read_file, read_files, read_python
from fastgen.render.render import project_facts, rendered_tree
from fastgen.spec.spec import DATABASE, Spec
from fastgen.spec.specfile import parse_spec, read_table, without_repeats
from fastgen.tools.git import check_git
from fastgen.tools.ruff import CONFIGURATIONS, formatted
from fastgen.tree import ENVIRONMENT, SPEC_PATH, Files, Tree

PROSE = (".md",)
"""What a fresh clone has of its own, and keeps."""


class SpecLaidOutOtherwise(NeedsPerson):
    """fastgen.toml is laid out in a way that fastgen cannot change: give each module a
    table of its own, [modules.NAME], with one option a line."""


class PlanConflicts(ConflictsRemain):
    """You and fastgen changed the same place ({count}), and nothing was written; settle
    it first, or let `--write-conflicts` write both sides into the files that can hold
    them."""


class PlanBreaks(GateRefused):
    """The project would no longer work: {first}{more}. Nothing was written; change that
    place first{or_delete}."""


@dataclass(frozen=True)
class Proposal:
    """What a command would do; the preview, the check and apply all read this one."""

    root: Path
    old: Spec | None
    new: Spec | None
    """None: what is written is no render: a Copier template's project, or an undo."""
    plan: Plan = field(default_factory=Plan)
    markers: bool = False


def propose_new(root: Path, spec: Spec, catalog: Catalog) -> Proposal:
    """The proposal that makes a project at `root`."""
    (tree,) = formatted([rendered_tree(spec, catalog)])
    tree = chained(tree, history(spec.salt, {}), {}, known=())
    if spec.resources:
        tree = with_resource_migration(tree, {}, None, spec, catalog)
    user = read_files(root, tree) if root.is_dir() else {}
    own = {path: file for path, file in user.items() if path.endswith(PROSE)}
    plan = merged({}, {p: e for p, e in tree.items() if p not in own}, user)
    plan = replace(plan, findings=(*plan.findings, *map(_kept_prose, own)))
    plan = _with_environment(plan, root, None, spec, catalog)
    return Proposal(root, None, spec, plan)


def propose_one_head(project: Project) -> Proposal:
    """The proposal that makes one head of the heads of the project's migrations; an
    empty plan where there is one."""
    spec = project.spec
    base, _ = rendered_pair(project, spec, spec)
    past, files = own_history(project, base)
    new = merging(past, files, DATABASE)
    user = read_files(project.root, [*new, *CONFIGURATIONS])
    _, next_ = restyled(({}, new), user, {*new})
    return Proposal(project.root, spec, spec, merged({}, next_, user))


def propose_copied(root: Path, tree: Tree) -> Proposal:
    """The proposal that writes `tree`, which is no render of a spec, to `root`."""
    user = read_files(root, tree) if root.is_dir() else {}
    return Proposal(root, None, None, merged({}, tree, user))


def _kept_prose(path: str) -> Finding:
    message = "yours is kept; `fastgen diff` shows it beside the one fastgen writes"
    return Finding(Severity.NOTICE, path, message)


def propose(
    project: Project, new: Spec, *, markers: bool = False, drop: Collection[str] = ()
) -> Proposal:
    """The proposal that makes `new` the project's spec, and drops the tables that the
    modules `drop` leave. Reads, and never writes."""
    old = project.spec
    new = _with_kept(project, new, drop)
    if new == project.recorded:
        return Proposal(project.root, old, new, Plan())

    check_git()
    base, next_ = rendered_pair(project, old, new, drop)
    user = user_files(project.root, base, next_)
    base, next_ = in_user_style(base, next_, user)
    plan = merged(base, next_, _with_spec_once(user), markers=markers)
    plan = replace(
        plan,
        changes=tuple(_as_on_disk(c, user) for c in plan.changes),
        findings=(*plan.findings, *_kept_findings(old, new)),
    )
    _check_spec(plan, new, project)
    if markers or not plan.conflicts:
        folder = f"src/{new.package}"
        if takes_away(plan) or not (project.root / folder).is_dir():
            folder = ""
        sources = read_python(project.root, folder)
        findings = (*plan.findings, *gate_findings(plan, new.package, sources))
        plan = replace(plan, findings=findings)
    plan = _with_environment(plan, project.root, old, new, project.catalog)
    return Proposal(project.root, old, new, plan, markers)


def _with_spec_once(user: Files) -> Files:
    """`user` with a fastgen.toml that git has merged put right."""
    file = user[SPEC_PATH]
    text = file.content.decode(errors="surrogateescape")
    content = without_repeats(text).encode(errors="surrogateescape")
    return {**user, SPEC_PATH: replace(file, content=content)}


def _as_on_disk(change: Change, user: Files) -> Change:
    on_disk = change.path == SPEC_PATH and change.before is not None
    return replace(change, before=user[SPEC_PATH]) if on_disk else change


def check(proposal: Proposal) -> None:
    """Raise PlanConflicts or PlanBreaks where the plan must not be applied."""
    plan = proposal.plan
    issues = [f for f in plan.findings if f.severity is Severity.ISSUE]
    if issues:
        more = f" (and {len(issues) - 1} more)" if len(issues) > 1 else ""
        kept = {c.path for c in plan.changes if c.action is Action.KEEP}
        hint = ", or delete that file if it can go too"
        or_delete = hint if issues[0].path in kept else ""
        first = finding_text(issues[0])
        raise PlanBreaks(first=first, more=more, or_delete=or_delete)
    if plan.conflicts and not proposal.markers:
        count = len(plan.conflicts)
        raise PlanConflicts(count="1 conflict" if count == 1 else f"{count} conflicts")


def carry_out(proposal: Proposal, command: str) -> None:
    """Write the plan, all or nothing; `command` is what the history says of it."""
    if not proposal.plan.writes:
        return
    make = create if proposal.old is None and is_fresh(proposal.root) else apply
    make(proposal.root, proposal.plan, command)


def is_fresh(root: Path) -> bool:
    """Nothing is at `root` yet, or an empty folder."""
    return not root.exists() or (root.is_dir() and not any(root.iterdir()))


def finding_text(finding: Finding) -> str:
    where = f"{finding.path}:{finding.line}" if finding.line else finding.path
    return f"{where} {finding.message}" if where else finding.message


def _with_kept(project: Project, new: Spec, drop: Collection[str]) -> Spec:
    if new == project.spec and not drop:
        return new

    return with_kept(project.spec, new, project.catalog, drop)


def _kept_findings(old: Spec, new: Spec) -> Iterator[Finding]:
    return kept_findings(old, new)


def _check_spec(plan: Plan, new: Spec, project: Project) -> None:
    """What fastgen.toml will say is the new spec, whatever the user made of it."""
    after = next(
        (c.after.content for c in plan.writes if c.path == SPEC_PATH and c.after), None
    )
    text = after.decode() if after is not None else project.text
    if not any(conflict.path == SPEC_PATH for conflict in plan.conflicts):
        try:
            said = parse_spec(text, read_table(text), project.catalog, __version__)
        except NeedsPerson:
            said = None
        if said == new:
            return
    raise SpecLaidOutOtherwise


def _with_environment(
    plan: Plan, root: Path, old: Spec | None, new: Spec, catalog: Catalog
) -> Plan:
    """`plan` with what `.env` gets, which is never part of a render."""
    known = project_facts(old, catalog).variables if old else ()
    wanted = project_facts(new, catalog).variables
    user = read_file(root, ENVIRONMENT)
    change = environment_change(wanted, known, user)
    findings = [*plan.findings, *environment_findings(wanted, known, user)]
    if change and (root / ENVIRONMENT).is_symlink():
        names = ", ".join(v.name for v in wanted if v not in known)
        message = f"is a symbolic link, which fastgen leaves alone: add {names} to it"
        findings.append(Finding(Severity.WARNING, ENVIRONMENT, message))
        change = None
    changes: list[Change] = [*plan.changes, *([change] if change else [])]
    return replace(
        plan,
        changes=tuple(sorted(changes, key=lambda c: c.path)),
        findings=tuple(findings),
    )
