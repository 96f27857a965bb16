"""(base, next, user's files) -> Plan."""

from codecs import BOM_UTF8
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace

from fastgen.merge.git import renames
from fastgen.merge.moves import follow, moved_folders, user_moves
from fastgen.merge.place import Outcome, Place, settled
from fastgen.merge.python.renamed import with_users_names
from fastgen.merge.text import TextMerge, Versions, text_merges
from fastgen.plan import Finding, Plan, Severity
from fastgen.tree import File, Files, Tree


def merged(base: Tree, next_: Tree, user: Files, *, markers: bool = False) -> Plan:
    """The plan that brings the user's project from `base` to `next_`.

    `user` holds every file of the user's at a path of `base` or `next_`, and, when some
    file of `base` is missing, those that it could have been moved to. With `markers`
    conflicts are written into the files that can take them; elsewhere the user's side
    stays.
    """
    moves = user_moves(base, user) if base.keys() - user.keys() else {}
    folders = moved_folders(moves, user)
    places = list(
        _places(follow(base, moves, folders), follow(next_, moves, folders), user)
    )
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
    """Edited files whose template has another path now; unedited ones need no care."""
    gone = {
        path: entry
        for path, entry in base.items()
        if path not in next_ and path in user and user[path].content != entry.content
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
        base = _text(place.base.content) if place.base else None
        next_ = _text(place.next.content)
        user = _whole_lines(_text(place.user.content))
    except UnicodeDecodeError:
        return None
    if base is not None and place.path.endswith(".py"):
        base, next_ = with_users_names(base, next_, user)
    return Versions(base, next_, user)


def _text(content: bytes) -> str:
    return content.decode("utf-8-sig").replace("\r\n", "\n")


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
        written = place.written(_encoded(text.text, place.user))
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
    written = place.written(_encoded(marked, place.user))
    return Outcome(written.change, outcome.conflicts)


def _notices(place: Place, text: TextMerge) -> tuple[Finding, ...]:
    said = [
        *(
            f"you have deleted {name}, so it does not get what fastgen would change"
            for name in text.deleted
        ),
        *(f"{name} stays as you have it" for name in text.kept),
    ]
    return tuple(Finding(Severity.NOTICE, place.path, message) for message in said)


def _encoded(text: str, user: File | None) -> bytes:
    """`text` with the line ends and the byte order mark that the user's file has, and
    without a last line end where the user's last line has none."""
    if user is None:
        return text.encode()
    old = _text(user.content)
    if old and not old.endswith("\n") and text.endswith(f"\n{old.splitlines()[-1]}\n"):
        text = text.removesuffix("\n")
    if b"\r\n" in user.content:
        text = text.replace("\n", "\r\n")
    return text.encode("utf-8-sig" if user.content.startswith(BOM_UTF8) else "utf-8")
