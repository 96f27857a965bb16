"""The check that the new names of a rename are free in the files that the user
edited."""

from collections.abc import Iterable, Iterator, Mapping

from fastgen.change.rename_leftovers import MIGRATION
from fastgen.encoding import Undecodable, decoded
from fastgen.errors import ConflictsRemain
from fastgen.merge.python.new_names import NewNames
from fastgen.merge.renames.captures import Capture, captures
from fastgen.tree import Files, Tree


class VariablesJoined(ConflictsRemain):
    """{path}:{line}: the name {new} is yours here, and {old} would get the same name;
    rename yours first{more}."""


def check_no_captures(
    files: Files,
    base: Tree,
    names: Mapping[str, NewNames],
    homes: Mapping[str, Iterable[tuple[NewNames, str]]],
) -> None:
    """Raises VariablesJoined if the new names `names` of generated files would join two
    variables in one of the user's `files`. `homes` has the new names for the
    definitions that the user moved to a file."""
    found = [
        (path, capture)
        for path in sorted(files)
        for capture in _captures(path, files, base, names, homes)
    ]
    if found:
        (path, first), *rest = found
        others = ", ".join(f"{path}:{each.line} {each.new}" for path, each in rest)
        raise VariablesJoined(
            path=path,
            line=first.line,
            old=first.old,
            new=first.new,
            more=f" (and {others})" if others else "",
        )


def _captures(
    path: str,
    files: Files,
    base: Tree,
    names: Mapping[str, NewNames],
    homes: Mapping[str, Iterable[tuple[NewNames, str]]],
) -> Iterator[Capture]:
    """The variables in the file at `path` that get the same name as others, and do not
    in fastgen's own text."""
    content = files[path].content
    if MIGRATION in content:
        return
    try:
        text = decoded(path, content)
    except Undecodable:
        return
    for moved, definition in homes.get(path, ()):
        yield from captures(text, moved.applied(text, {definition}))
    if path in names and path in base:
        change = names[path].applied
        own = base[path].content.decode(errors="replace")
        known = {(each.scope, each.new) for each in captures(own, change(own))}
        for each in captures(text, change(text)):
            if (each.scope, each.new) not in known:
                yield each
