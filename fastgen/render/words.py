"""Replacement of `Thing`, the placeholder in templates, by the given name.

Templates are real code: `class ThingCreate`, `list_things`, `thing_id`, `MAX_THINGS`.
"""

import re
from collections.abc import Callable
from dataclasses import dataclass, replace
from functools import cache

from fastgen.catalog.facts import Facts
from fastgen.catalog.placeholders import WORD, WORDS
from fastgen.render.package import PLACEHOLDER, with_texts
from fastgen.resources.lines.generated_names import router_name, task_name, variable_of
from fastgen.resources.names import pascal_case, snake_case

_VARIABLE = r"(?P<variable>thing)(?<![\w./]thing)(?P<id>_id)?(?!\w)"
"""`thing`, or `thing_id`, as a whole identifier."""

_IN_CODE = re.compile(f"{_VARIABLE}|{WORD}")
_IN_TEXT = re.compile(
    r"(?P<prose>thing(?<=[ \n]thing)s?)(?=[ \n.,;:!?')\"])" f"|{_VARIABLE}|{WORD}"
)
"""In a string or comment, a word between spaces or before punctuation is prose."""

_QUOTED = re.compile(r'"""[\s\S]*?"""|"[^"\n]*"|#[^\n]*')

TAGS = re.compile(
    r"\{\{.*?\}\}|\{%.*?%\}|\{#.*?#\}|^[ \t]*# %[^\n]*", re.DOTALL | re.MULTILINE
)

_ENDING = re.compile(r"_|\.[a-z]")

_HIDDEN = "\0"
"""Replaces Jinja tags while placeholders are replaced."""


@dataclass(frozen=True)
class Names:
    """A name and its plural: `OrderItem` and `order_items`."""

    name: str
    plural: str

    @property
    def names(self) -> str:
        """The plural as a class name: `OrderItems`."""
        return pascal_case(self.plural)

    @property
    def singular(self) -> str:
        """The singular in function names: `order_item`."""
        return snake_case(self.name)

    @property
    def variable(self) -> str:
        """A variable with one row: `order_item`, or `list_row` for `list`, which would
        shadow the built-in."""
        return variable_of(self.singular)

    @property
    def constant(self) -> str:
        return self.singular.upper()

    @property
    def constants(self) -> str:
        return self.plural.upper()

    @property
    def camel(self) -> str:
        """The singular in JavaScript names: `orderItem`."""
        return self.name[0].lower() + self.name[1:]

    @property
    def camels(self) -> str:
        return self.names[0].lower() + self.names[1:]

    @property
    def path(self) -> str:
        """The plural in a URL: `order-items`."""
        return self.plural.replace("_", "-")

    @property
    def one_path(self) -> str:
        return self.singular.replace("_", "-")

    @property
    def label(self) -> str:
        """The singular in prose: `order item`."""
        return self.singular.replace("_", " ")

    @property
    def labels(self) -> str:
        return self.plural.replace("_", " ")


def named_text(text: str, names: Names) -> str:
    """The template `text` with `names` applied.

    After a `/` the URL form is used, so `/things` becomes `/order-items`. After
    `myapi/` the package name is used.
    """
    return _replaced(text, lambda form: getattr(names, form))


def named_path(path: str, names: Names) -> str:
    """The template `path` with `names` applied: `things/test_thing.py` becomes
    `order_items/test_order_item.py`."""
    return WORDS.sub(lambda match: getattr(names, _form(match, urls=False)), path)


@cache
def named_facts(
    facts: Facts, names: Names, taken: frozenset[str] = frozenset()
) -> Facts:
    """`facts` with `names` in all texts.

    Routers and load tasks get another name where theirs collides in its file. `taken`
    are the names that modules use there.
    """

    def named(text: str) -> str:
        return WORDS.sub(lambda match: getattr(names, _form(match, urls=True)), text)

    found = with_texts(facts, named)
    routers = (replace(r, name=router_name(r.name, taken)) for r in found.routers)
    tasks = (replace(t, name=task_name(t.name, taken)) for t in found.load_tasks)
    return replace(found, routers=tuple(routers), load_tasks=tuple(tasks))


def as_template(text: str, variable: str) -> str:
    """A Jinja template that renders to `named_text` for the Names in `variable`. One
    compiled template serves all names."""
    tags = iter(TAGS.findall(text))
    hidden = TAGS.sub(_HIDDEN, text)
    named = _replaced(hidden, lambda form: f"{{{{ {variable}.{form} }}}}")
    # Escape braces that would form a Jinja tag.
    named = re.sub(r"\{(?=\{\{ " + variable + r"\.)", '{{ "{" }}', named)
    return re.sub(_HIDDEN, lambda _: next(tags), named)


def _replaced(text: str, written: Callable[[str], str]) -> str:
    """`text` with each placeholder replaced by `written(form)`, where `form` is an
    attribute of Names."""

    def replaced(match: re.Match[str]) -> str:
        groups = match.groupdict()
        if prose := groups.get("prose"):
            return written("labels" if prose == "things" else "label")
        if groups["variable"]:
            return written("variable") + (groups["id"] or "")
        return written(_form(match, urls=True))

    parts: list[str] = []
    end = 0
    for quoted in _QUOTED.finditer(text):
        parts.append(_IN_CODE.sub(replaced, text[end : quoted.start()]))
        parts.append(_IN_TEXT.sub(replaced, quoted[0]))
        end = quoted.end()
    parts.append(_IN_CODE.sub(replaced, text[end:]))
    return "".join(parts)


def _form(match: re.Match[str], *, urls: bool) -> str:
    """The attribute of Names for the matched placeholder."""
    word, text = match[0], match.string
    several = word[-1] in "sS"
    if word.isupper():
        return "constants" if several else "constant"
    if word[0] == "T":
        return "names" if several else "name"
    if text[match.end() : match.end() + 1].isupper():  # thingId, in JavaScript
        return "camels" if several else "camel"
    # A file is not part of a URL: `scripts/thing.sql`.
    is_file = _ENDING.match(text, match.end()) is not None
    is_url = urls and text.endswith("/", 0, match.start()) and not is_file
    if is_url and not text.endswith(f"{PLACEHOLDER}/", 0, match.start()):
        return "path" if several else "one_path"
    return "plural" if several else "singular"
