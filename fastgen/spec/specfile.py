"""fastgen.toml: the spec as text. One fact per line, one table per module, sorted."""

import json
import re
import tomllib
from collections.abc import Iterable, Iterator, Mapping
from contextlib import suppress
from dataclasses import replace
from itertools import pairwise
from typing import TYPE_CHECKING, Any

from fastgen.catalog.catalog import Catalog, UnknownModule, generators_of
from fastgen.catalog.generators import RESOURCE_KIND
from fastgen.catalog.module import CORE, Module
from fastgen.encoding import toml_string, toml_value
from fastgen.errors import NeedsPerson, WrongUsage
from fastgen.names import PYTHONS, check_name, check_package
from fastgen.spec.edits import fitted_options, unknown_option
from fastgen.spec.models import missing_models, models_there, settings_for
from fastgen.spec.side import Side
from fastgen.spec.spec import GeneratedItem, Spec

if TYPE_CHECKING:
    from fastgen.resources.resource import ResourceSpec

HEADER = """\
# What this project is made of. fastgen writes this file; change it with
# `fastgen add`, `fastgen remove` and `fastgen set`, and commit it.
"""

_VERSION = r"(?=.{1,100}$)\d+(\.\d+)*\S*"

_TABLE = r"[a-z0-9_]+"

_TABLES = {"version", "project", "generated", "kept", "modules", "resources"}

_FACTS = ("name", "package", "description", "python", "salt")


class BrokenSpec(NeedsPerson):
    """fastgen.toml:{line}: {reason}. Fix that line, or take the file back from git."""


class NewerProject(NeedsPerson):
    """This project was made by fastgen {needed}, and this is fastgen {running}: bring
    it up to date with `pipx upgrade fastapi-fastgen`."""


def spec_text(spec: Spec) -> str:
    """The text of fastgen.toml for `spec`; equal specs give equal texts."""
    lines = [HEADER, f"version = {toml_string(spec.version)}\n", "\n[project]\n"]
    lines += [
        f"{fact} = {toml_string(getattr(spec, fact))}\n" for fact in sorted(_FACTS)
    ]
    if spec.generated:
        from fastgen.spec.generated_in_spec import generated_lines

        lines += ["\n[generated]\n", *generated_lines(spec.generated)]
    if spec.kept:
        lines.append("\n[kept]\n")
        lines += [f"{t} = {toml_string(m)}\n" for t, m in sorted(spec.kept.items())]
    if spec.resources:
        from fastgen.resources.in_spec import resource_lines

        lines += ["\n[resources]\n", *resource_lines(spec.resources)]
    for name, options in sorted(spec.modules.items()):
        lines.append(f"\n[modules.{name}]\n")
        if name in spec.sources:
            lines.append(f"source = {toml_string(spec.sources[name])}\n")
        for option, value in sorted(options.items()):
            text = json.dumps(value) if isinstance(value, bool) else toml_string(value)
            lines.append(f"{option} = {text}\n")
    return "".join(lines)


def read_table(text: str) -> dict[str, Any]:
    """fastgen.toml as a table. Raises BrokenSpec with the line of a TOML error."""
    try:
        return tomllib.loads(text)
    except tomllib.TOMLDecodeError as error:
        with suppress(tomllib.TOMLDecodeError):
            return tomllib.loads(without_repeats(text))
        message = str(error)
        place = re.search(r" \(at line (\d+), column \d+\)", message)
        line = int(place[1]) if place else len(text.splitlines()) or 1
        reason = re.sub(r" \(at .*\)", "", message)
        raise BrokenSpec(line=line, reason=reason) from None
    except RecursionError:
        raise BrokenSpec(line=1, reason="it is nested too deeply") from None


def without_repeats(text: str) -> str:
    """`text` without repeated tables and lines, if it is not valid TOML.

    If two branches each add a module, git keeps the lines of both. Tables between them,
    such as [modules.core], can then appear twice.
    """
    try:
        tomllib.loads(text)
    except tomllib.TOMLDecodeError:
        return "".join(_said_once(text.splitlines(keepends=True)))
    return text


def _said_once(lines: list[str]) -> Iterator[str]:
    starts = [n for n, line in enumerate(lines) if line.startswith("[")]
    said: dict[str, set[str]] = {}
    for start, end in pairwise([0, *starts, len(lines)]):
        part = lines[start:end]
        facts = {line.split("#")[0].strip() for line in part} - {""}
        table = lines[start].split("#")[0].strip() if start in starts else ""
        again = table in said and facts <= said[table]
        yield from (line for line in part if line.startswith("#") or not again)
        said.setdefault(table, set()).update(facts)


def sources_of(table: Mapping[str, Any]) -> dict[str, str]:
    """The sources in fastgen.toml by module, which loading the catalog requires."""
    modules = table.get("modules", {})
    named = modules.items() if isinstance(modules, dict) else ()
    return {
        n: str(t["source"]) for n, t in named if isinstance(t, dict) and "source" in t
    }


def parse_spec(
    text: str, table: Mapping[str, Any], catalog: Catalog, running: str
) -> Spec:
    """The spec in `table`, which was read from `text`. `running` is the version of this
    fastgen.

    Raises NewerProject, and BrokenSpec with the line of anything that fastgen would not
    have written.
    """
    version = table.get("version")
    if not isinstance(version, str) or not re.fullmatch(_VERSION, version):
        raise BrokenSpec(
            line=_line(text, (), "version"), reason="there is no valid `version`"
        )
    if _release(version) > _release(running):
        raise NewerProject(needed=version, running=running)
    for problem, keys in _problems(table, catalog):
        raise BrokenSpec(line=_line(text, keys[:-1], keys[-1]), reason=problem)
    modules = table["modules"]
    spec = Spec(
        **{fact: table["project"][fact] for fact in _FACTS},
        version=version,
        modules={
            # Options added after the project was created have their defaults.
            n: fitted_options(catalog[n].options, modules[n])
            for n in sorted(modules)
        },
        sources=sources_of(table),
        kept=table.get("kept", {}),
        generated=_generated(table, catalog.active(modules)),
    )
    return replace(spec, resources=_resources(text, table, Side(spec, catalog)))


def _resources(
    text: str, table: Mapping[str, Any], side: Side
) -> "dict[str, ResourceSpec]":
    """The resources of the project with the modules and options of `side`."""
    if not table.get("resources"):
        return {}
    from fastgen.resources.in_spec import resource_problems, resources_in
    from fastgen.spec.declared import accesses_there

    models, absent = models_there(side), settings_for(side)
    accesses = accesses_there(side)
    for problem, keys in resource_problems(table, models, absent, accesses):
        raise BrokenSpec(line=_line(text, keys[:-1], keys[-1]), reason=problem)
    resources = resources_in(table, accesses)
    for resource, field in missing_models(side, resources):
        reason = f"{resource.name} refers to {field.target}, which no module brings"
        raise BrokenSpec(line=_line(text, (), "resources"), reason=reason)
    return resources


def _generated(
    table: Mapping[str, Any], modules: Iterable[Module]
) -> tuple[GeneratedItem, ...]:
    if not table.get("generated"):
        return ()
    from fastgen.spec.generated_in_spec import generated_in

    return generated_in(table, generators_of(modules))


def _release(version: str) -> tuple[int, ...]:
    return tuple(int(number) for number in re.findall(r"\d+", version)[:3])


def _problems(
    table: Mapping[str, Any], catalog: Catalog
) -> Iterator[tuple[str, tuple[str, ...]]]:
    """Each problem, with the path of keys to it."""
    for key in table.keys() - _TABLES:
        yield f"fastgen knows no {key!r}", (key,)
    project = table.get("project")
    if not isinstance(project, dict):
        yield "there is no [project]", ("project",)
        return
    for fact in _FACTS:
        if not isinstance(project.get(fact), str):
            yield f"[project] has no text called {fact!r}", ("project", fact)
    for key in project.keys() - set(_FACTS):
        yield f"[project] has no {key!r}", ("project", key)
    try:
        check_name(project["name"])
    except WrongUsage:
        yield f"{project['name']!r} cannot name a project", ("project", "name")
    if wrong := check_package(project["package"]):
        yield f"the package {project['package']!r} {wrong}", ("project", "package")
    if project["python"] not in PYTHONS:
        yield f"Python is none of {', '.join(PYTHONS)}", ("project", "python")
    kept = table.get("kept", {})
    if not isinstance(kept, dict) or not all(
        re.fullmatch(_TABLE, key) and isinstance(kept[key], str) for key in kept
    ):
        yield "[kept] is not tables with the names of their modules", ("kept",)
    modules = table.get("modules")
    if not isinstance(modules, dict) or CORE not in modules:
        yield "there is no [modules.core]", ("modules",)
        return
    for name, options in modules.items():
        yield from _module_problems(name, options, modules, catalog)
    needed = catalog.generating[RESOURCE_KIND].name if table.get("resources") else CORE
    if needed not in modules:
        yield f"resources require the module {needed}", ("resources",)
    if table.get("generated"):
        from fastgen.spec.generated_in_spec import generated_problems

        present = [name for name in modules if name in catalog.names]
        yield from generated_problems(table, catalog, present)


def _module_problems(
    name: str, options: object, modules: Mapping[str, Any], catalog: Catalog
) -> Iterator[tuple[str, tuple[str, ...]]]:
    where = ("modules", name)
    if not isinstance(options, dict):
        yield f"modules.{name} is not a table", where
        return
    try:
        module = catalog[name]
    except UnknownModule as unknown:
        yield str(unknown).rstrip("."), where
        return
    for other in module.requires:
        if other not in modules:
            yield f"{name} requires {other}", where
    for other in module.conflicts:
        if other in modules:
            yield f"{name} excludes {other}", where
    for key, value in options.items():
        if key == "source":
            continue
        if key not in module.options:
            problem = str(unknown_option(name, module.options, key)).rstrip(".")
            yield problem, (*where, key)
        elif not module.options[key].accepts(value):
            valid, given = module.options[key].valid, toml_value(value)
            yield f"{name}.{key} has to be {valid}, not {given}", (*where, key)


def _line(text: str, tables: tuple[str, ...], key: str) -> int:
    """The line number (from 1) of `key` in its table, else of the table, else 1."""
    best, inside = 1, not tables
    header, wanted = ".".join(tables), ".".join((*tables, key))
    keys = (f"{key}.", f'"{key}".')
    for number, line in enumerate(text.splitlines(), 1):
        bare = line.split("#")[0].strip()
        if bare.startswith("["):
            name = bare.strip("[] ").replace('"', "").replace(" ", "")
            inside = name == header
            if name == header or f"{name}.".startswith(f"{wanted}."):
                best = number
        elif inside and f"{bare.partition('=')[0].strip()}.".startswith(keys):
            return number
    return best
