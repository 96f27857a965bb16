"""Parts that fastgen.toml records and the project's files no longer have."""

import ast
import re
import tomllib
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass

from fastgen.catalog.facts import Facts
from fastgen.change.file_states import State, Surveyed
from fastgen.encoding import code_lines
from fastgen.merge.python.symbols import Attribute, Package, Symbol
from fastgen.plan import Finding, Severity
from fastgen.project.reading import Project, read_file, read_python
from fastgen.render.render import project_facts
from fastgen.spec.side import Side

PYPROJECT = "pyproject.toml"

_NAME = re.compile(r"[A-Za-z0-9][\w.-]*")


@dataclass(frozen=True)
class RecordedPart:
    """Code in a shared file that connects a module to the application."""

    title: str
    symbol: Symbol
    """The function, class or router that the code uses."""


@dataclass(frozen=True)
class Sides:
    """The package as fastgen renders it and as the user has it, and the user's paths of
    the rendered files."""

    base: Package
    user: Package
    places: Mapping[str, str]

    def place(self, path: str) -> str:
        return self.places.get(path, path)

    def in_project(self, module: str) -> str | None:
        """The user's module for `module` of base, or None if its file no longer
        exists."""
        path = self.base.file_of(module)
        place = self.place(path) if path else ""
        return self.user.module_of(place) if place in self.user.code else None


def missing_parts(
    project: Project, files: Sequence[Surveyed], old: Side | None = None
) -> Iterator[Finding]:
    """A warning for each router, middleware, setting, connection, dependency and field
    that fastgen.toml records and the project lacks.

    A part whose definition the user deleted or renamed gets no warning, and neither
    does a part that the package uses anywhere, under any name. With `old`, only parts
    that `old` does not have are checked.
    """
    before = old or project.side.emptied()
    known = project_facts(before)
    sides = _sides(project, files)
    facts = project_facts(project.side)
    for part in [p for p in _parts(facts) if p not in set(_parts(known))]:
        yield from _unused(part, sides)
    for setting in [s for s in facts.settings if s not in known.settings]:
        yield from _absent_attribute("setting", setting.field, setting.type, sides)
    for opened in [c for c in facts.connections if c not in known.connections]:
        yield from _absent_attribute("connection", opened.name, opened.type, sides)
    for resource in project.spec.resources.values():
        earlier = before.spec.resources.get(resource.name)
        others = earlier.fields if earlier else ()
        names = {f.column for f in resource.fields if f not in others}
        for found in _absent_fields(resource.plural, names, files, sides):
            title = f"the field {found.name} of {found.owner}"
            yield _lacks(title, (found.path, found.line), sides)
    wanted = [r for r in facts.dependencies if r not in known.dependencies]
    yield from _absent_dependencies(project, wanted)


def missing_fields(
    project: Project, files: Sequence[Surveyed]
) -> Iterator[tuple[str, str]]:
    """The resource and the name of each recorded field that a class lacks."""
    sides = _sides(project, files)
    for resource in project.spec.resources.values():
        names = {field.column for field in resource.fields}
        lacking = _absent_fields(resource.plural, names, files, sides)
        absent = {attribute.name for attribute in lacking}
        for field in resource.fields:
            if field.column in absent:
                yield resource.name, field.name


def _sides(project: Project, files: Sequence[Surveyed]) -> Sides:
    name = project.spec.package
    code = {path: file.content for path, file in read_python(project.root).items()}
    rendered = {f.path: f.entry.content for f in files if f.path.endswith(".py")}
    places = {f.path: f.place for f in files}
    return Sides(Package.of(name, rendered), Package.of(name, code), places)


def _parts(facts: Facts) -> Iterator[RecordedPart]:
    for router in facts.routers:
        yield RecordedPart(
            f"the router {router.name}", (router.module, router.attribute)
        )
    for each in facts.middleware:
        yield RecordedPart(f"the middleware {each.name}", (each.module, each.name))
    for guard in facts.guards:
        yield RecordedPart(f"the dependency {guard.name}", (guard.module, guard.name))
    for mount in facts.mounts:
        yield RecordedPart(f"the call of {mount.name}", (mount.module, mount.name))


def _unused(part: RecordedPart, sides: Sides) -> Iterator[Finding]:
    module, name = part.symbol
    here = sides.in_project(module)
    place = next(sides.base.uses_of(part.symbol), None)
    if here is None or place is None or name in sides.user.unparsed:
        return
    defined = sides.user.file_of(here)
    text = sides.user.code[defined].decode(errors="replace") if defined else ""
    if not re.search(rf"\b{re.escape(name)}\b", text):
        return  # renamed or removed by the user
    if next(sides.user.uses_of((here, name)), None) is None:
        yield _lacks(part.title, place, sides)


def _absent_attribute(
    kind: str, name: str, type_: str, sides: Sides
) -> Iterator[Finding]:
    found = [a for a in sides.base.attributes if a.name == name and type_ in a.words]
    if not found or re.search(rf"\b{re.escape(name)}\b", sides.user.unparsed):
        return
    others = {
        (a.owner, a.name)
        for a in sides.base.attributes
        if (a.owner, a.name) != (found[0].owner, name)
    }
    own = (a for a in sides.user.attributes if (a.owner, a.name) not in others)
    if not any(a.name == name or type_ in a.words for a in own):
        place = (found[0].path, found[0].line)
        yield _lacks(f"the {kind} {name}", place, sides)


def _absent_fields(
    folder: str, names: set[str], files: Sequence[Surveyed], sides: Sides
) -> Iterator[Attribute]:
    edited = {f.path for f in files if f.state in (State.EDITED, State.MOVED)}
    owners = {attribute.owner for attribute in sides.user.attributes}
    for found in sides.base.attributes:
        is_field = found.name in names and folder in found.path.split("/")
        if not is_field or found.path not in edited or found.owner not in owners:
            continue
        if not sides.user.has_attribute(found.owner, found.name):
            yield found


def _lacks(title: str, place: tuple[str, int], sides: Sides) -> Finding:
    path, line = place
    text = _statement(sides.base, path, line)
    message = (
        f"lacks {title}, which fastgen.toml records: add `{text}`, or take it out of"
        " the project with `fastgen remove`"
    )
    return Finding(Severity.WARNING, sides.place(path), message)


def _statement(package: Package, path: str, line: int) -> str:
    """The innermost statement around `line`, joined to one line."""
    around = (
        node
        for node in ast.walk(package.modules[path])
        if isinstance(node, ast.stmt) and node.lineno <= line <= (node.end_lineno or 0)
    )
    first = max(around, key=lambda node: node.lineno)
    lines = code_lines(package.code[path].decode())
    parts = (part.strip() for part in lines[first.lineno - 1 : first.end_lineno])
    return re.sub(r"([(\[]) |,? (?=[)\]])", r"\1", " ".join(parts))


def _absent_dependencies(
    project: Project, requirements: Iterable[str]
) -> Iterator[Finding]:
    file = read_file(project.root, PYPROJECT)
    try:
        table = tomllib.loads(file.content.decode()) if file else {}
    except ValueError:
        return  # reported as a separate finding
    if not table or "dependencies" in table.get("project", {}).get("dynamic", ()):
        return
    present = {_distribution(text) for text in _requirements(table)}
    for found in project.root.glob("requirements*.txt"):
        text = found.read_text(errors="replace")
        present |= {_distribution(line) for line in text.splitlines()}
    for requirement in requirements:
        if _distribution(requirement) not in present:
            message = (
                f"lacks the dependency {requirement}, which fastgen.toml records: add"
                " it to `dependencies` of [project]"
            )
            yield Finding(Severity.WARNING, PYPROJECT, message)


def _requirements(value: object) -> Iterator[str]:
    """All strings and keys in `value`, a TOML table."""
    if isinstance(value, str):
        yield value
    elif isinstance(value, Mapping):
        for key, inner in value.items():
            yield key
            yield from _requirements(inner)
    elif isinstance(value, list):
        for inner in value:
            yield from _requirements(inner)


def _distribution(requirement: str) -> str:
    found = _NAME.match(requirement.strip())
    return re.sub(r"[-_.]+", "-", found[0]).lower() if found else ""
