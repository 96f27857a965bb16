"""The places in the Python files of a project that make its modules work."""

import re
from collections.abc import Iterator, Sequence

from fastgen import __version__
from fastgen.catalog.facts import Facts, Router
from fastgen.catalog.module import CORE
from fastgen.render.render import project_facts
from fastgen.spec.edits import without_modules
from fastgen.spec.side import Side
from fastgen.spec.spec import Spec
from fastgen.spec.specfile import parse_spec, read_table
from fastgen.tree import SPEC_PATH
from tests.cases.snapshot import Snapshot
from tests.kit import catalog


def missing_parts(files: Snapshot) -> Iterator[str]:
    """The parts of the modules in fastgen.toml that no Python file has, as patterns: a
    router that is included, a group of settings, a middleware, something that the
    lifespan opens. Lines between conflict markers count; comments do not. Raises
    Refusal if fastgen.toml cannot be read."""
    text = "".join(files.get(SPEC_PATH, []))
    spec = parse_spec(text, read_table(text), catalog(), __version__)
    texts = [_code(files[path]) for path in files if path.endswith(".py")]
    for pattern in _parts(spec):
        if not any(re.search(pattern, text) for text in texts):
            yield pattern


def _code(lines: Sequence[str]) -> str:
    return "".join(line for line in lines if not line.lstrip().startswith("#"))


def _parts(spec: Spec) -> list[str]:
    """The patterns of all modules but core, whose parts are the user's to take out."""
    others = [name for name in spec.modules if name != CORE]
    core = without_modules(Side(spec, catalog()), others)
    of_core = _patterns(project_facts(core))
    return [
        p for p in _patterns(project_facts(Side(spec, catalog()))) if p not in of_core
    ]


def _included(router: Router) -> str:
    """Under its own name, or under the user's."""
    module = ".".join(router.module.split(".")[-2:])
    imported = rf"{module} import {router.attribute} as (\w+)\b"
    return (
        rf"include_router\(\s*{router.name}\b"
        rf"|{imported}(?s:.*)include_router\(\s*\1\b"
    )


def _patterns(facts: Facts) -> list[str]:
    return [
        *map(_included, facts.routers),
        *(rf"add_middleware\(\s*{each.name}\b" for each in facts.middleware),
        *(rf"\b{setting.field}: {setting.type}\b" for setting in facts.settings),
        *(rf"\b{opened.name}: {opened.type}\b" for opened in facts.connections),
    ]
