"""`Thing`, the name in templates of what a command generates, becomes the given name.

A template is real code: `class ThingCreate`, `list_things`, `thing_id`, `MAX_THINGS`.
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
"""In a string or a comment a word between spaces, or before a mark, is prose."""

_QUOTED = re.compile(r'"""[\s\S]*?"""|"[^"\n]*"|#[^\n]*')

TAGS = re.compile(
    r"\{\{.*?\}\}|\{%.*?%\}|\{#.*?#\}|^[ \t]*# %[^\n]*", re.DOTALL | re.MULTILINE
)

_ENDING = re.compile(r"_|\.[a-z]")

_HIDDEN = "\0"
"""Stands for a part of a template that is Jinja's."""


@dataclass(frozen=True)
class Names:
    """A name, and its plural: `OrderItem` and `order_items`."""

    name: str
    plural: str

    @property
    def names(self) -> str:
        """Several, as a class: `OrderItems`."""
        return pascal_case(self.plural)

    @property
    def singular(self) -> str:
        """In names of functions: `order_item`."""
        return snake_case(self.name)

    @property
    def variable(self) -> str:
        """A variable that holds one: `order_item`, or `list_row`, since `list` would
        hide something."""
        return variable_of(self.singular)

    @property
    def constant(self) -> str:
        return self.singular.upper()

    @property
    def constants(self) -> str:
        return self.plural.upper()

    @property
    def camel(self) -> str:
        """In names of JavaScript: `orderItem`."""
        return self.name[0].lower() + self.name[1:]

    @property
    def camels(self) -> str:
        return self.names[0].lower() + self.names[1:]

    @property
    def path(self) -> str:
        """Several, as a part of a URL: `order-items`."""
        return self.plural.replace("_", "-")

    @property
    def one_path(self) -> str:
        return self.singular.replace("_", "-")

    @property
    def label(self) -> str:
        """One in prose: `order item`."""
        return self.singular.replace("_", " ")

    @property
    def labels(self) -> str:
        return self.plural.replace("_", " ")


def named_text(text: str, names: Names) -> str:
    """`text` of a template with `names` in it. Behind a `/` stands the part of a URL:
    `/things` becomes `/order-items`; behind `myapi/` it is a package."""
    return _replaced(text, lambda form: getattr(names, form))


def named_path(path: str, names: Names) -> str:
    """`path` of a template with `names` in it: `things/test_thing.py` becomes
    `order_items/test_order_item.py`."""
    return WORDS.sub(lambda match: getattr(names, _form(match, urls=False)), path)


@cache
def named_facts(
    facts: Facts, names: Names, taken: frozenset[str] = frozenset()
) -> Facts:
    """`facts` with `names` in all their texts. A router, or a task of the load test, is
    called something else where its file has that name; `taken` are such names that
    modules bring."""

    def named(text: str) -> str:
        return WORDS.sub(lambda match: getattr(names, _form(match, urls=True)), text)

    found = with_texts(facts, named)
    routers = (replace(r, name=router_name(r.name, taken)) for r in found.routers)
    tasks = (replace(t, name=task_name(t.name, taken)) for t in found.load_tasks)
    return replace(found, routers=tuple(routers), load_tasks=tuple(tasks))


def as_template(text: str, variable: str) -> str:
    """A template of Jinja that renders to what `named_text` gives for the Names in
    `variable`: one template is compiled once, whatever the names."""
    tags = iter(TAGS.findall(text))
    hidden = TAGS.sub(_HIDDEN, text)
    named = _replaced(hidden, lambda form: f"{{{{ {variable}.{form} }}}}")
    # A brace of the text must not become one of Jinja's.
    named = re.sub(r"\{(?=\{\{ " + variable + r"\.)", '{{ "{" }}', named)
    return re.sub(_HIDDEN, lambda _: next(tags), named)


def _replaced(text: str, written: Callable[[str], str]) -> str:
    """`text` with each word replaced by what `written` says of its form, an attribute
    of Names."""

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
    """The attribute of Names that takes the place of the word."""
    word, text = match[0], match.string
    several = word[-1] in "sS"
    if word.isupper():
        return "constants" if several else "constant"
    if word[0] == "T":
        return "names" if several else "name"
    if text[match.end() : match.end() + 1].isupper():  # thingId, as in JavaScript
        return "camels" if several else "camel"
    # A file is no part of a URL: `scripts/thing.sql`.
    is_file = _ENDING.match(text, match.end()) is not None
    is_url = urls and text.endswith("/", 0, match.start()) and not is_file
    if is_url and not text.endswith(f"{PLACEHOLDER}/", 0, match.start()):
        return "path" if several else "one_path"
    return "plural" if several else "singular"
