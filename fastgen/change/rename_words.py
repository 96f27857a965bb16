"""The words for a resource or a field in a generated project, and their new forms."""

import re
from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass, field, replace
from pathlib import PurePosixPath

from fastgen.render.words import Names
from fastgen.resources.names import pascal_case
from fastgen.spec.rename_edits import Rename
from fastgen.tree import Tree

_FORMS = (
    *("labels", "label", "camels", "camel", "constants", "constant", "names", "name"),
    *("plural", "singular"),
)
"""If two forms of the old name are the same word, the later form decides."""


@dataclass(frozen=True)
class Words:
    """The old and new words of a rename."""

    forms: Mapping[str, str]
    """The new words, by the old ones."""
    whole: Mapping[str, str] = field(default_factory=dict)
    """The new names of variables, for old names that are a whole word."""
    prose: Mapping[str, str] = field(default_factory=dict)
    """The new words in prose."""
    urls: Mapping[str, str] = field(default_factory=dict)
    """The new parts of URLs."""
    fields: Mapping[str, str] = field(default_factory=dict)
    """The new names of attributes, if a field is renamed."""
    mentions: tuple[str, ...] = ()
    """The names of the resource. A file that uses the field contains one of them."""
    plural: str = ""
    """The old plural of the resource."""
    singular: str = ""
    """The old name of the resource in snake case."""
    name: str = ""
    """The old name of the resource."""
    url: str = ""
    """The part of URLs that contains the resource's name."""

    def named(self, text: str) -> str:
        """`text` with the new words."""
        if text in self.whole:
            return self.whole[text]
        return self._pattern.sub(lambda match: self.forms[match[0]], text)

    def texts(self, text: str) -> Iterator[str]:
        """The possible new forms of a literal or a comment: prose and URLs write names
        differently from code."""
        yield self.named(text)
        for prose in (self.prose, {}):
            for urls in (self.urls, {}):
                changed = text
                for words, before in ((urls, "(?<=/)"), (prose, r"(?<![\w/.])")):
                    changed = _replaced(changed, words, before)
                yield self.named(changed)

    @property
    def _pattern(self) -> re.Pattern[str]:
        return _pattern(tuple(self.forms))

    def new_path(self, path: str, base: Tree, next_: Tree) -> str | None:
        """The new path of the file at `path`, which only base has, or None."""
        if path in next_:
            return None
        parts = path.split("/")
        for number in reversed(range(len(parts))):
            changed = [*parts]
            changed[number] = self.named(parts[number])
            target = "/".join(changed)
            if target != path and target in next_ and target not in base:
                return target
        return None

    def moved_path(self, path: str, place: str, target: str) -> str:
        """The user's path for `target`, the new path of `path`, if the user has moved
        `path` to `place`."""
        if path == place:
            return target
        old, new, now = (PurePosixPath(p).parts for p in (path, target, place))
        kept = 0
        while kept < min(len(old), len(now)) and old[-1 - kept] == now[-1 - kept]:
            kept += 1
        # The path parts that the user kept get their new names.
        return "/".join((*now[: len(now) - kept], *new[len(new) - kept :]))

    def is_of_resource(self, path: str) -> bool:
        """Whether the file belongs to the resource."""
        return bool({self.plural} & {*PurePosixPath(path).with_suffix("").parts})

    def is_mentioned(self, text: str) -> bool:
        """Whether `text` contains a name of the resource."""
        return any(name in text for name in self.mentions)

    def holds_fields(self, name: str, path: str) -> bool:
        """Whether `name`, defined in the file at `path`, takes the fields of the
        resource."""
        if not self.fields or not self.is_of_resource(path):
            return False
        return name.startswith(self.name) or name == f"add_{self.singular}"

    def leftover(self, known: Collection[str]) -> re.Pattern[str]:
        """A pattern for the old words in the user's own code. `known` are names that
        generated modules no longer define."""
        if self.fields:
            words = "|".join(map(re.escape, self.fields))
            return re.compile(rf"(?<!\w)({words})(?!\w)")
        words = "|".join(map(re.escape, sorted(known, key=len, reverse=True)))
        named = rf"(?<!\w)({words})(?!\w)|" if words else ""
        return re.compile(rf"{named}/{re.escape(self.url)}(?![\w-])")


def words_of(rename: Rename) -> Words:
    """The old and new words of `rename`."""
    resource = rename.resource
    names = Names(resource.name, resource.plural)
    about = Words(
        {},
        plural=resource.plural,
        singular=names.singular,
        name=resource.name,
        url=names.path,
    )
    if rename.field:
        old, new = rename.field, rename.new_field
        forms = {
            old: new,
            pascal_case(old): pascal_case(new),
            old.upper(): new.upper(),
        }
        prose = {old.replace("_", " "): new.replace("_", " ")}
        fields = {old: new}
        kind = resource.by_name[old].kind
        if kind == "ref":
            fields = {f"{old}_id": f"{new}_id", old: new}
        mentions = (resource.name, resource.plural, names.singular)
        return replace(
            about, forms=forms, prose=prose, fields=fields, mentions=mentions
        )
    others = Names(rename.renamed.name, rename.renamed.plural)
    forms = {getattr(names, f): getattr(others, f) for f in _FORMS}
    prose = {getattr(names, f): getattr(others, f) for f in ("label", "labels")}
    urls = {getattr(names, f): getattr(others, f) for f in ("one_path", "path")}
    whole = {names.variable: others.variable}
    whole[f"{names.variable}_id"] = f"{others.variable}_id"
    return replace(about, forms=forms, whole=whole, prose=prose, urls=urls)


def _replaced(text: str, words: Mapping[str, str], before: str) -> str:
    if not words:
        return text
    every = "|".join(map(re.escape, sorted(words, key=len, reverse=True)))
    return re.sub(rf"{before}({every})(?![\w])", lambda m: words[m[0]], text)


def _pattern(words: tuple[str, ...]) -> re.Pattern[str]:
    parts = []
    for word in sorted(words, key=len, reverse=True):
        # An upper-case word may be followed by a lower-case letter, and a capitalized
        # word may follow one.
        before = "(?<![A-Za-z0-9])" if not word[0].isupper() else "(?<![A-Z0-9])"
        after = "(?![A-Z0-9])" if word.isupper() and len(word) > 1 else "(?![a-z0-9])"
        parts.append(f"{before}{re.escape(word)}{after}")
    return re.compile("|".join(parts))
