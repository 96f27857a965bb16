"""(base, next, user's files) -> Plan."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace

from fastgen.encoding import Undecodable, Unencodable, decoded, encoded
from fastgen.merge.decision import Outcome, Place, settled
from fastgen.merge.moved_definitions import with_moved_definitions
from fastgen.merge.moves import Followed
from fastgen.merge.python.renamed import with_users_names
from fastgen.merge.structure.blocks import Deleted
from fastgen.merge.text import TextMerge, Versions, text_merges
from fastgen.plan import Finding, Plan, Severity
from fastgen.tools.git_merge import renames
from fastgen.tree import Files, Policy, Tree

_QUOTED = 6
"""At most so many lines are said in a notice; more are read in a diff."""


def merged(
    base: Tree,
    next_: Tree,
    user: Files,
    followed: Followed,
    *,
    markers: bool = False,
) -> Plan:
    """The plan that brings the user's project from `base` to `next_`.

    `user` holds every file of the user's at a path of `base` or `next_`, and, when some
    file of `base` is missing, those that it could have been moved to; `followed` says
    which of them it was moved to. With `markers`
    conflicts are written into the files that can take them; elsewhere the user's side
    stays.
    """
    base, next_ = followed.tree(base), followed.tree(next_)
    base, next_ = with_moved_definitions(base, next_, user)
    places = list(_places(base, next_, user))
    texts = _merged_texts([place for place in places if place.is_open])
    outcomes = [
        _outcome(place, texts.get(place.path), markers)
        if place.is_open
        else settled(place)
        for place in places
    ]
    return Plan(
        tuple(outcome.change for outcome in outcomes if outcome.change),
        tuple(conflict for outcome in outcomes for conflict in outcome.conflicts),
        tuple(finding for outcome in outcomes for finding in outcome.findings),
    )


def _places(base: Tree, next_: Tree, user: Files) -> Iterator[Place]:
    moved = _template_moves(base, next_, user)
    sources = {new: old for old, new in moved.items()}
    for path in sorted((base.keys() | next_.keys()) - moved.keys()):
        source = sources.get(path)
        old = source or path
        yield Place(path, base.get(old), next_.get(path), user.get(old), source)


def _template_moves(base: Tree, next_: Tree, user: Files) -> Mapping[str, str]:
    """Edited files whose template has another path now; unedited ones need no care, and
    a journal stays, however much another one is like it."""
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


def _merged_texts(places: Sequence[Place]) -> Mapping[str, TextMerge]:
    """The merges of all open places; without those that are not text."""
    versions = {place.path: _versions(place) for place in places}
    return text_merges({path: v for path, v in versions.items() if v})


def _versions(place: Place) -> Versions | None:
    assert place.next is not None
    assert place.user is not None
    try:
        base = decoded(place.path, place.base.content) if place.base else None
        next_ = decoded(place.path, place.next.content)
        user = _whole_lines(decoded(place.path, place.user.content))
    except Undecodable:
        return None
    if base is not None and place.path.endswith(".py"):
        base, next_ = with_users_names(base, next_, user)
    return Versions(base, next_, user)


def _whole_lines(text: str) -> str:
    """An editor that writes no last line end has not changed the last line."""
    return text if not text or text.endswith("\n") else f"{text}\n"


def _outcome(place: Place, text: TextMerge | None, markers: bool) -> Outcome:
    if text is None:
        return place.conflicting("you and fastgen both changed it, and it is not text")
    if text.rewritten:
        return place.kept(
            "kept, because you have rewritten it; what fastgen would change in it is"
            f" left out, and `fastgen diff {place.path}` shows both"
        )
    if not text.clashes:
        written = _with_text(place, text.text)
        return replace(written, findings=_notices(place, text))
    outcome = place.conflicting(
        *(
            f"line {clash.line}: {': '.join(filter(None, (clash.where, clash.reason)))}"
            for clash in text.clashes
        )
    )
    if not markers:
        return outcome
    marked = text.text if text.marked is None else text.marked
    written = _with_text(place, marked)
    return Outcome(written.change, outcome.conflicts)


def _notices(place: Place, text: TextMerge) -> tuple[Finding, ...]:
    kept = (f"{name} stays as you have it" for name in text.kept)
    return (
        *(_left_out(deleted, place.path) for deleted in text.deleted),
        *(Finding(Severity.NOTICE, place.path, message) for message in kept),
    )


def _left_out(deleted: Deleted, path: str) -> Finding:
    """A definition may have moved, and then the user has to add to it."""
    lines = "; ".join(f"`{line}`" for line in deleted.lines)
    is_short = 0 < len(deleted.lines) <= _QUOTED
    change = f"add to it: {lines}" if is_short else "change"
    is_code = path.endswith(".py") and deleted.where.startswith(("def ", "class "))
    severity = Severity.WARNING if is_code and deleted.lines else Severity.NOTICE
    message = f"you have deleted {deleted.where}, so it does not get what fastgen would"
    return Finding(severity, path, f"{message} {change}")


def _with_text(place: Place, text: str) -> Outcome:
    if place.user is None:
        return place.written(text.encode())
    try:
        return place.written(encoded(place.path, text, place.user.content))
    except Unencodable as error:
        return place.conflicting(str(error))
