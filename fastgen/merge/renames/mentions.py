"""Mentions of modules, definitions and paths outside of imports: in configuration,
commands and texts."""

import re
from collections.abc import Collection, Mapping
from dataclasses import dataclass

from fastgen.merge.renames.modules import is_test, modules_in
from fastgen.merge.renames.names import UsersNames
from fastgen.tree import Tree

_PLUGINS = re.compile(r"^pytest_plugins\b[^=\n]*=\s*(?:\[[^\]]*\]|\([^)]*\)|.*)", re.M)


@dataclass(frozen=True)
class Mentions:
    """The new forms of dotted names and paths in texts, by the old ones."""

    dotted: Mapping[str, str]
    paths: Mapping[str, str]
    plugins: Mapping[str, str]
    """The new names of test modules that moved."""

    def python(self, text: str) -> str:
        """`text` with new dotted names in strings, comments and code."""
        text = _replaced(text, _dotted_pattern(self.dotted), self.dotted)
        if not self.plugins:
            return text
        quoted = re.compile(rf"(?<=[\"'])({_any(self.plugins)})(?=[\"'])")
        return _PLUGINS.sub(lambda m: _replaced(m[0], quoted, self.plugins), text)

    def lines(self, text: str, user: Collection[str]) -> str:
        """`text` with new dotted names and paths. Lines that are in `user` stay as they
        are."""
        dotted, paths = _dotted_pattern(self.dotted), _path_pattern(self.paths)
        result = []
        for line in text.splitlines(keepends=True):
            new = _replaced(_replaced(line, dotted, self.dotted), paths, self.paths)
            result.append(line if line.rstrip("\n") in user else new)
        return "".join(result)


def mentions_of(
    names: UsersNames, files: Mapping[str, str], folders: Mapping[str, str], base: Tree
) -> Mentions:
    """The mentions that change by `names` and by the moves of `files` and `folders`."""
    tests = {module for module, path in modules_in(base).items() if is_test(path)}
    tests |= {module.partition(".")[0] for module in tests}
    plugins = {old: new for old, new in names.modules.items() if old in tests}
    dotted = {old: new for old, new in names.modules.items() if old not in tests}
    dotted |= {
        f"{module}.{name}": ".".join(new)
        for (module, name), new in names.definitions.items()
        if module not in tests
    }
    paths = {old: new for old, new in files.items() if "." in old or "/" in old}
    paths |= {old: new for old, new in folders.items() if "/" in old}
    return Mentions(dotted, paths, plugins)


def _dotted_pattern(words: Mapping[str, str]) -> re.Pattern[str] | None:
    """The pattern of the dotted names in `words`.

    A name with one dot can also be a file name. `shop.db` only counts if more follows,
    as in `shop.db.models` and `shop.db:migrations`, or after `-m`.
    """
    if not words:
        return None
    short = [word for word in words if word.count(".") < 2]
    long = [word for word in words if word.count(".") >= 2]
    either = [rf"(?:{_any(long)})(?!\w)"] if long else []
    if short:
        either += [
            rf"(?:{_any(short)})(?=[.:][^\W\d])",
            rf"(?<=-m )(?:{_any(short)})\b",
        ]
    return re.compile(rf"(?<![\w./@-])(?:{'|'.join(either)})|(?!)") if either else None


def _path_pattern(words: Mapping[str, str]) -> re.Pattern[str] | None:
    if not words:
        return None
    return re.compile(rf"(?<![\w./-])(?:{_any(words)})(?![\w-]|\.\w)")


def _any(words: Collection[str]) -> str:
    return "|".join(map(re.escape, sorted(words, key=len, reverse=True)))


def _replaced(
    text: str, pattern: re.Pattern[str] | None, words: Mapping[str, str]
) -> str:
    return pattern.sub(lambda found: words[found[0]], text) if pattern else text
