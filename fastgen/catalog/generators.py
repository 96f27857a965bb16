"""`[[generators]]` of a module.toml -> Generator."""

import re
from collections.abc import Iterable, Mapping
from keyword import iskeyword
from pathlib import Path
from typing import Any

from fastgen.catalog.module import Generator, Module, ends_of
from fastgen.catalog.options import option_of
from fastgen.catalog.resource_facts import is_command_option
from fastgen.catalog.templates import GENERATORS, refuse_link, template_paths

RESOURCE_KIND = "resource"
"""The kind that fastgen itself generates. The module that declares this kind
contributes the files that all resources need."""

FIELD_KIND = "field"
"""The kind of fields of a resource; no module declares this kind."""

PARAMETERS = ("flags", "name")
"""The parameters of every `generate KIND` function besides its options."""

_KIND = re.compile(r"[a-z][a-z0-9]*(-[a-z0-9]+)*")
_OPTION = re.compile(r"[a-z][a-z0-9]*(_[a-z0-9]+)*")
_KEYS = {"kind", "summary", "options", "facts"}
_NAMED = re.compile(r"Things?(?![a-z])|(?<![^\W_])things?(?![a-z])")


def generators_in(rows: Iterable[dict[str, Any]], folder: Path) -> dict[str, Generator]:
    """The generators of the module in `folder`, by kind.

    Raises ValueError for an invalid generator, and LinkInTemplates.
    """
    refuse_link(folder / GENERATORS)
    found: dict[str, Generator] = {}
    for row in rows:
        generator = _generator(row, folder)
        if generator.kind in found:
            raise ValueError(f"two generators are called {generator.kind!r}")
        found[generator.kind] = generator
    if found and ends_of(folder.name):
        raise ValueError("a bridge has no generators; one of its modules can have them")
    return dict(sorted(found.items()))


def check_generators(module: Module) -> None:
    """Check the paths of all generator templates.

    Raises ValueError for a path without `thing` or `things`, which two items would
    share, and for a folder of an unknown kind.
    """
    folder = module.folder / GENERATORS
    folders = folder.iterdir() if folder.is_dir() else ()
    for kind in sorted(path.name for path in folders):
        if kind not in module.generators:
            raise ValueError(f"the folder {GENERATORS}/{kind} is of no generator")
    for generator in module.generators.values():
        for path in template_paths(generator.files) if generator.files else ():
            if not _NAMED.search(path):
                where = f"{GENERATORS}/{generator.kind}/{path}"
                raise ValueError(f"{where} has no `thing` or `things` in its path")


def _generator(row: Mapping[str, Any], folder: Path) -> Generator:
    kind, summary = row.get("kind"), row.get("summary")
    if not isinstance(kind, str) or not _KIND.fullmatch(kind) or kind == FIELD_KIND:
        raise ValueError(f"{kind!r} is no kind of a generator, such as report-page")
    if not isinstance(summary, str) or not summary.isprintable():
        raise ValueError(f"the generator {kind!r} has no 'summary' of one line")
    if unknown := row.keys() - _KEYS:
        raise ValueError(f"the generator {kind!r} has no key {sorted(unknown)[0]!r}")
    if kind == RESOURCE_KIND:
        if row.keys() - {"kind", "summary"} or (folder / GENERATORS / kind).exists():
            raise ValueError(f"{kind!r} has its facts and templates under [resource]")
        return Generator(kind, summary)
    files = folder / GENERATORS / kind
    refuse_link(files)
    if not files.is_dir():
        raise ValueError(f"there is no folder {GENERATORS}/{kind}")
    options = row.get("options", {})
    for name in options:
        reserved = name in PARAMETERS or name.startswith("no_")
        reserved = reserved or is_command_option(name.replace("_", "-"))
        if not _OPTION.fullmatch(name) or reserved or iskeyword(name):
            raise ValueError(f"{name!r} cannot be an option of the generator {kind!r}")
    return Generator(
        kind=kind,
        summary=summary,
        options={name: option_of(name, options[name]) for name in sorted(options)},
        contributions=row.get("facts", {}),
        files=files,
    )
