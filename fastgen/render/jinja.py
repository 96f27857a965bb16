"""The Jinja environment of templates: sandboxed, strict, one filter per format.

User input such as a description is escaped by one of these filters, so quotes, braces
and newlines in it stay text.
"""

import hashlib
import json
import re
from collections.abc import Iterable, Mapping
from functools import cache
from pathlib import Path
from typing import Any

import jinja2
from jinja2 import StrictUndefined, Template, Undefined, nodes

from fastgen.encoding import toml_string
from fastgen.errors import NeedsPerson
from fastgen.render.limits import BoundedEnvironment, bounded_work
from fastgen.tools.cache import TextCache

MARK = "# %"
"""The start of a statement line, `# % if ...`: a Jinja statement that Python reads as a
comment."""

_ALONE = re.compile(
    r"(?P<raw>\{%[-+]?\s*raw\b.*?\bendraw\s*[-+]?%\})"
    r"|^(?P<indent>[ \t]*)\{\{(?![-+])(?P<value>(?:(?!\}\}|\{\{|\n).)*)(?<!-)\}\}"
    r"[ \t\r]*$",
    re.MULTILINE | re.DOTALL,
)
"""A line that contains only one `{{ }}`, or a raw block."""

_EMPTY = "\0"
_EMPTY_LINE = re.compile(rf"^[ \t]*{_EMPTY}(?:\r?\n|\Z)", re.M)
"""The output of such a line if its value is empty; the line is removed."""

_KEY = re.compile(r"\{([a-z]\w*)\}")

_MARKDOWN = re.compile(r"([\\`*_{}\[\]<>#|~])")


class BrokenTemplate(NeedsPerson):
    """The template {path} cannot be rendered: {reason}. Fix the module it is in."""


def template_text(template: Path, path: str) -> str:
    """The text of `template`. Raises BrokenTemplate, which names `path`."""
    try:
        return template.read_text("utf-8")
    except UnicodeDecodeError as error:
        raise BrokenTemplate(path=path, reason="it is not UTF-8") from error


def rendered_text(source: str, context: Mapping[str, Any], path: str) -> str:
    """`source` rendered with `context`. Raises BrokenTemplate, which names `path`."""
    try:
        template, names = _compiled(source)
        seen = {name: context[name] for name in names & context.keys()}
        key = (source, *sorted((name, id(value)) for name, value in seen.items()))
        if key not in _RENDERED:
            bounded_work()
            text = _EMPTY_LINE.sub("", template.render(seen)).replace(_EMPTY, "")
            _RENDERED[key] = (text, seen)
        return _RENDERED[key][0]
    except Exception as error:  # an expression can raise any error
        line = getattr(error, "lineno", None)
        where = f"{path}:{line}" if line else path
        reason = (str(error) or type(error).__name__).rstrip(".")
        if line and _is_marked(source, line):
            reason += f"; a line that begins with `{MARK}` is a Jinja statement"
        raise BrokenTemplate(path=where, reason=reason) from error


def _is_marked(source: str, line: int) -> bool:
    lines = source.split("\n")
    return line <= len(lines) and lines[line - 1].lstrip().startswith(MARK)


_RENDERED: dict[tuple[object, ...], tuple[str, Mapping[str, Any]]] = {}
"""Rendered texts by source and identity of their variables. Cached because base and
next have most resources in common."""


@cache
def _compiled(source: str) -> tuple[Template, frozenset[str]]:
    """The compiled template and its variables.

    Cached in memory because base and next use the same templates, and as Python source
    on disk because compiling takes longer than rendering.
    """
    key = hashlib.sha256(f"{_compiler()}{source}".encode()).hexdigest()
    kept = _cached().get(key)
    if kept is None:
        kept = _as_python(source)
        _cached().put(key, kept)
    names, _, python = kept.partition("\n")
    code = compile(python, "<template>", "exec")
    environment = _environment()
    template = Template.from_code(environment, code, environment.make_globals(None))
    return template, frozenset(names.split())


def _as_python(source: str) -> str:
    """The variables of a template on one line, then the template as Python."""
    environment = _environment()
    tree = environment.parse(_ALONE.sub(_marked, source))
    names = sorted({name.name for name in tree.find_all(nodes.Name)})
    return f"{' '.join(names)}\n{environment.compile(tree, raw=True)}"


@cache
def _cached() -> TextCache:
    return TextCache("compiled")


@cache
def _compiler() -> str:
    """The sizes and times of the files that compile templates: Jinja's files and the
    files in this folder. A change invalidates the cache."""
    folders = (Path(jinja2.__file__).parent, Path(__file__).parent)
    files = [file for folder in folders for file in sorted(folder.glob("*.py"))]
    found = ((file.name, file.stat()) for file in files)
    return " ".join(f"{name}.{s.st_size}.{s.st_mtime_ns}" for name, s in found)


@cache
def _environment() -> BoundedEnvironment:
    environment = BoundedEnvironment(
        autoescape=False,  # the output is source text, not HTML
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        keep_trailing_newline=True,
        line_statement_prefix=MARK,
    )
    environment.filters.update(
        toml=toml_string,
        yaml=_json,
        python=repr,
        json=_json,
        markdown=_markdown,
        comment=_one_line,
        lines=_lines,
        whole_line=_whole_line,
    )
    return environment


def _lines(values: Iterable[object], form: str = "") -> str:
    """One line for each value: the value, or `form` with the keys in braces replaced by
    the attributes of the value."""

    def line(value: object) -> str:
        if not form:
            return str(value)
        return _KEY.sub(lambda key: str(getattr(value, key[1])), form)

    return "\n".join(map(line, values))


def _marked(match: re.Match[str]) -> str:
    if match["raw"]:
        return match[0]
    return f"{match['indent']}{{{{ ({match['value']}) | whole_line }}}}"


def _whole_line(value: object) -> object:
    nothing = value is None or value == "" or isinstance(value, Undefined)
    return _EMPTY if nothing else value


def _json(text: str) -> str:
    """An ASCII JSON string, which is also a double-quoted YAML scalar."""
    return json.dumps(text)


def _markdown(text: str) -> str:
    return _MARKDOWN.sub(r"\\\1", _one_line(text))


def _one_line(text: str) -> str:
    return " ".join("".join(c if c.isprintable() else " " for c in text).split())
