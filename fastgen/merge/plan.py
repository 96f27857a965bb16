"""The merge of base, next and the user's files into a plan."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace

from fastgen.encoding import Undecodable, Unencodable, decoded, encoded, whole_lines
from fastgen.merge.decision import Case, Decision, decided
from fastgen.merge.following import with_users_names_and_paths
from fastgen.merge.moved_definitions import with_moved_definitions
from fastgen.merge.moves import Followed
from fastgen.merge.python.lost_neighbours import lost_neighbours
from fastgen.merge.python.renamed import with_users_names
from fastgen.merge.structure.blocks import Deleted
from fastgen.merge.text import TextMerge, Versions, text_merges
from fastgen.plan import Finding, Plan, Severity
from fastgen.tools.git_merge import renames
from fastgen.tree import Files, Policy, Tree

_QUOTED = 6
"""The maximum number of lines that a notice quotes."""


def merged(
    base: Tree,
    next_: Tree,
    user: Files,
    followed: Followed,
    *,
    markers: bool = False,
    delete_edited: bool = False,
) -> Plan:
    """The plan that updates the user's project from `base` to `next_`.

    `user` holds the user's files at the paths of `base` and `next_`, and the files that
    `followed` names as moved.

    With `markers`, conflicts are written into the files that can hold both sides. A
    conflict in another file stays, and the plan cannot be applied. With
    `delete_edited`, files that `next_` does not have are deleted even if the user
    edited them.
    """
    base, next_ = with_users_names_and_paths(base, next_, user, followed)
    base, next_ = with_moved_definitions(base, next_, user, followed.names.homes)
    cases = list(_cases(base, next_, user))
    texts = _merged_texts([case for case in cases if case.is_open])
    decisions = [
        _decision(case, texts.get(case.path), markers)
        if case.is_open
        else decided(case, delete_edited=delete_edited)
        for case in cases
    ]
    return Plan(
        tuple(decision.change for decision in decisions if decision.change),
        tuple(conflict for decision in decisions for conflict in decision.conflicts),
        tuple(finding for decision in decisions for finding in decision.findings),
    )


def _cases(base: Tree, next_: Tree, user: Files) -> Iterator[Case]:
    moved = _template_moves(base, next_, user)
    sources = {new: old for old, new in moved.items()}
    for path in sorted((base.keys() | next_.keys()) - moved.keys()):
        source = sources.get(path)
        old = source or path
        yield Case(path, base.get(old), next_.get(path), user.get(old), source)


def _template_moves(base: Tree, next_: Tree, user: Files) -> Mapping[str, str]:
    """The new path of each edited file whose template moved. Unedited files need no
    match, and a journal never moves."""
    gone = {
        path: entry
        for path, entry in base.items()
        if path not in next_
        and path in user
        and user[path].content != entry.content
        and entry.policy is not Policy.JOURNAL
    }
    come = {p: e for p, e in next_.items() if p not in base and p not in user}
    found = renames(_contents(gone), _contents(come))
    return {
        old: new for old, new in found.items() if _same_module(gone, old, come, new)
    }


def _same_module(gone: Tree, old: str, come: Tree, new: str) -> bool:
    return gone[old].module == come[new].module


def _contents(tree: Tree) -> Mapping[str, bytes]:
    return {path: entry.content for path, entry in tree.items()}


def _merged_texts(cases: Sequence[Case]) -> Mapping[str, TextMerge]:
    """The merge of each open case that is text, by path."""
    versions = {case.path: _versions(case) for case in cases}
    return text_merges({path: v for path, v in versions.items() if v})


def _versions(case: Case) -> Versions | None:
    assert case.next is not None
    assert case.user is not None
    try:
        base = decoded(case.path, case.base.content) if case.base else None
        next_ = decoded(case.path, case.next.content)
        user = whole_lines(decoded(case.path, case.user.content))
    except Undecodable:
        return None
    if base is not None and case.path.endswith(".py"):
        base, next_ = with_users_names(base, next_, user)
    return Versions(base, next_, user)


def _decision(case: Case, text: TextMerge | None, markers: bool) -> Decision:
    if text is None:
        return case.conflicting("you and fastgen both changed it, and it is not text")
    if text.rewritten:
        return case.left_alone(
            "kept, because you have rewritten it; what fastgen would change in it is"
            f" left out, and `fastgen diff {case.path}` shows both"
        )
    if text.missing:
        return case.left_alone(_without(case.path, text.missing))
    if not text.clashes:
        written = _with_text(case, text.text)
        return replace(written, findings=_notices(case, text))
    decision = case.conflicting(
        *(
            f"line {clash.line}: {': '.join(filter(None, (clash.where, clash.reason)))}"
            for clash in text.clashes
        ),
        obstacle=text.obstacle,
    )
    if not markers or text.marked is None:
        return decision
    written = _with_text(case, text.marked)
    if written.conflicts:
        return written
    return Decision(written.change, decision.conflicts, _notices(case, text))


def _without(path: str, missing: Sequence[str]) -> str:
    """The notice for a file that lacks some of fastgen's lines."""
    lines = "; ".join(f"`{line}`" for line in missing)
    known = f"it does not have {lines}"
    difference = f"`fastgen diff {path}` shows what it does not have"
    what = known if len(missing) <= _QUOTED else difference
    return f"kept, because it was there before; {what}"


def _notices(case: Case, text: TextMerge) -> tuple[Finding, ...]:
    messages = (f"{name} stays as you have it" for name in text.left_alone)
    return (
        *(_left_out(deleted, case.path) for deleted in text.deleted),
        *(Finding(Severity.NOTICE, case.path, message) for message in messages),
        *_unplaced_calls(case, text),
    )


def _unplaced_calls(case: Case, text: TextMerge) -> Iterator[Finding]:
    """A warning for each new call that has no neighbouring call left to place it by."""
    if not case.path.endswith(".py") or case.base is None or case.user is None:
        return
    versions = _versions(case)
    if versions is None or versions.base is None:
        return
    sides = (versions.base, versions.next, versions.user, text.text)
    for line, message in lost_neighbours(*sides):
        yield Finding(Severity.WARNING, case.path, message, line)


def _left_out(deleted: Deleted, path: str) -> Finding:
    """The finding about a definition that the user deleted. A definition may have moved
    to another file; then the user has to add the lines there."""
    lines = "; ".join(f"`{line}`" for line in deleted.lines)
    is_short = 0 < len(deleted.lines) <= _QUOTED
    change = f"add to it: {lines}" if is_short else "change"
    is_code = path.endswith(".py") and deleted.where.startswith(("def ", "class "))
    severity = Severity.WARNING if is_code and deleted.lines else Severity.NOTICE
    message = f"you have deleted {deleted.where}, so it does not get what fastgen would"
    return Finding(severity, path, f"{message} {change}")


def _with_text(case: Case, text: str) -> Decision:
    if case.user is None:
        return case.written(text.encode())
    try:
        return case.written(encoded(case.path, text, case.user.content))
    except Unencodable as error:
        return case.conflicting(str(error))
