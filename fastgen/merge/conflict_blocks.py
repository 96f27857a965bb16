"""Conflicts written into a file. Both sides stand between markers; in a format with
comments, fastgen's lines become a comment below the user's lines."""

import re
import tomllib
from collections.abc import Callable, Iterator, Sequence
from difflib import SequenceMatcher

from fastgen.encoding import whole_lines
from fastgen.merge.gate.parse import is_yaml
from fastgen.phrases import counted

_MARKER = re.compile(r"^(?:# )?(<{7}(?: .*)?|>{7} .*)$", re.MULTILINE)
"""The first and last line of a conflict, in both forms and as git writes them."""

UNRESOLVED = "a conflict is not resolved yet: choose a side, delete the markers"

_COMMENTED = re.compile(
    r"(^|/)(\.gitignore|\.dockerignore|\.gitattributes|\.env\.example"
    r"|requirements[^/]*\.txt|Dockerfile[^/]*|[^/]*\.(toml|ini|cfg))$"
)
_CLOSE = ">>>>>>> fastgen"

Hunk = tuple[Sequence[str], Sequence[str], bool]
"""The user's lines, fastgen's lines, and whether they differ."""


def holds_comments(path: str) -> bool:
    """Whether the file at `path` stays valid with a conflict, because the conflict is
    written as a comment."""
    return is_yaml(path) or _COMMENTED.search(path) is not None


def marked(user: str, next_: str) -> str:
    """`user` with both sides between markers wherever `next_` differs."""
    text = ""
    for mine, fastgens, differs in _hunks(user, next_):
        yours, added = "".join(mine), "".join(fastgens)
        if differs:
            text += f"<<<<<<< yours\n{yours}=======\n{added}{_CLOSE}\n"
        else:
            text += yours
    return text


def commented(path: str, user: str, next_: str) -> str | None:
    """`user` with the differing lines of `next_` as comments.

    Each comment stands below the lines that it would replace, or at the end of the file
    if a comment in between would change the data. None if no position keeps the data.
    """
    same = _comparison(path, user)
    here, end, line = "", whole_lines(user), 1
    for mine, fastgens, differs in _hunks(user, next_):
        here += "".join(mine)
        if differs:
            count = counted(len(mine), "line") if len(mine) > 1 else "line"
            here += _comment(f"the {count} above", mine, fastgens)
            last = f" to {line + len(mine) - 1}" if len(mine) > 1 else ""
            end += _comment(f"line {line}{last}", mine, fastgens)
        line += len(mine)
    return next((text for text in (here, end) if same(text)), None)


def unresolved(text: str) -> Iterator[int]:
    """The line numbers of the unresolved conflicts in `text`."""
    is_open = False
    for found in _MARKER.finditer(text):
        opens = found[1].startswith("<")
        # A line of seven `>` without an opening marker can be a quotation.
        if opens or (not is_open and found[1] == _CLOSE):
            yield text.count("\n", 0, found.start()) + 1
        is_open = opens


def _hunks(user: str, next_: str) -> Iterator[Hunk]:
    """Both texts in pieces. Pieces that differ are separated by a line that has a
    letter or a digit."""
    before = whole_lines(user).splitlines(keepends=True)
    after = whole_lines(next_).splitlines(keepends=True)
    runs = SequenceMatcher(None, before, after, autojunk=False).get_opcodes()
    mine: list[str] = []
    fastgens: list[str] = []
    waiting: list[str] = []
    for kind, start, end, next_start, next_end in runs:
        lines = before[start:end]
        if kind != "equal":
            mine += [*waiting, *lines]
            fastgens += [*waiting, *after[next_start:next_end]]
            waiting = []
        elif mine != fastgens and not any(re.search(r"\w", line) for line in lines):
            waiting = lines
        else:
            if mine or fastgens:
                yield mine, fastgens, True
            mine, fastgens = [], []
            yield lines, lines, False
    if mine or fastgens:
        yield mine, fastgens, True
    yield waiting, waiting, False


def _comment(place: str, mine: Sequence[str], fastgens: Sequence[str]) -> str:
    note = f", {'instead of' if fastgens else 'without'} {place}" if mine else ""
    commented_out = "".join(f"# {line}" if line.strip() else "#\n" for line in fastgens)
    return f"# <<<<<<< fastgen{note}\n{commented_out}# {_CLOSE}\n"


def _comparison(path: str, user: str) -> Callable[[str], bool]:
    """A function that tells whether a text has the same data as `user`."""
    if path.endswith(".toml"):
        data = tomllib.loads(user)

        def same_toml(text: str) -> bool:
            try:
                return tomllib.loads(text) == data
            except tomllib.TOMLDecodeError:
                return False

        return same_toml
    if is_yaml(path):
        events = _events(user)
        return lambda text: _events(text) == events
    return lambda _: True


def _events(text: str) -> list[str] | None:
    """The YAML events of `text` without their positions, or None if it is not YAML."""
    import yaml

    try:
        found = [*yaml.parse(text, Loader=yaml.SafeLoader)]
    except yaml.YAMLError:
        return None
    return [repr(event) for event in found]
