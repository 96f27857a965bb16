"""The Jinja environment of templates: sandboxed, strict, and with one filter a format.

What a person typed (a description) reaches a file through one of these filters only, so
that quotes, braces and line ends in it stay text.
"""

import json
import re
from collections.abc import Mapping
from functools import cache
from pathlib import Path
from typing import Any

from jinja2 import StrictUndefined, Template

from fastgen.errors import NeedsPerson
from fastgen.render.limits import BoundedEnvironment, bounded_work
from fastgen.specfile import toml_string

_MARKDOWN = re.compile(r"([\\`*_{}\[\]<>#|~])")


class BrokenTemplate(NeedsPerson):
    """The template {path} cannot be rendered: {reason}. Mend the module it is in."""


def template_text(template: Path, path: str) -> str:
    """The text of a template. Raises BrokenTemplate, naming `path`."""
    try:
        return template.read_text("utf-8")
    except UnicodeDecodeError as error:
        raise BrokenTemplate(path=path, reason="it is not UTF-8") from error


def rendered_text(source: str, context: Mapping[str, Any], path: str) -> str:
    """`source` rendered. Raises BrokenTemplate, naming `path`."""
    try:
        bounded_work()
        return _compiled(source).render(context)
    except Exception as error:  # whatever an expression in the template raises
        line = getattr(error, "lineno", None)
        where = f"{path}:{line}" if line else path
        reason = (str(error) or type(error).__name__).rstrip(".")
        raise BrokenTemplate(path=where, reason=reason) from error


@cache
def _compiled(source: str) -> Template:
    """Kept, since base and next are rendered from the same templates."""
    return _environment().from_string(source)


@cache
def _environment() -> BoundedEnvironment:
    environment = BoundedEnvironment(
        autoescape=False,  # the output is source text, not HTML
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        keep_trailing_newline=True,
    )
    environment.filters.update(
        toml=toml_string,
        yaml=_json,
        python=repr,
        json=_json,
        markdown=_markdown,
        comment=_one_line,
    )
    return environment


def _json(text: str) -> str:
    """A string of JSON in ASCII, which is a double-quoted scalar of YAML as well."""
    return json.dumps(text)


def _markdown(text: str) -> str:
    return _MARKDOWN.sub(r"\\\1", _one_line(text))


def _one_line(text: str) -> str:
    return " ".join("".join(c if c.isprintable() else " " for c in text).split())
