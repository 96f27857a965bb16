"""Options, flags and fields that the user changed in fastgen.toml by hand, while the
files still match another value."""

import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import partial
from itertools import zip_longest
from operator import itemgetter

from fastgen.catalog.module import value_text
from fastgen.change.file_states import State, Surveyed
from fastgen.change.unapplied import Match, match_of, side_changed_from
from fastgen.errors import Refusal
from fastgen.project.reading import Project
from fastgen.resources.grammar import parse_fields
from fastgen.resources.names import snake_case
from fastgen.resources.resource import Field
from fastgen.resources.types import FLAGS, LIMITS, TYPES
from fastgen.spec.declared import accesses_there
from fastgen.spec.edits import with_options
from fastgen.spec.side import Side
from fastgen.tree import SPEC_PATH

_SIMPLE = tuple(name for name, kind in TYPES.items() if not kind.form)
"""The types without arguments."""

Edit = Callable[[Side], Side]


@dataclass(frozen=True)
class Changed:
    """A value in fastgen.toml that the files do not match."""

    title: str
    others: tuple[Edit, ...]
    """Edits that give the side another value. The files may match one of them."""


def changed_by_hand(
    project: Project, files: Sequence[Surveyed]
) -> tuple[tuple[str, ...], Side]:
    """The titles of the changed values, and the project's side before these changes."""
    titles = []
    if not all(f.state is State.PRISTINE for f in files if f.path != SPEC_PATH):
        for changed in (
            *_options(project.side),
            *_flags(project.side, files),
            *_fields(project, files),
        ):
            for edit in changed.others:
                if before := side_changed_from(project, edit):
                    titles.append(changed.title)
                    project = replace(project, side=before)
                    break
    return tuple(titles), project.side


def _options(side: Side) -> Iterator[Changed]:
    for module, given in side.spec.modules.items():
        for name, value in given.items():
            option = side.catalog[module].options[name]
            values = ("true", "false") if option.is_flag else option.choices
            settings = [
                f"{module}.{name}={each}"
                for each in values
                if each != value_text(value)
            ]
            others = tuple(partial(_with_setting, setting=each) for each in settings)
            title = f"the option {module}.{name}={value_text(value)}"
            yield Changed(title, others)


def _with_setting(side: Side, setting: str) -> Side:
    return with_options(side, [setting])


def _flags(side: Side, files: Sequence[Surveyed]) -> Iterator[Changed]:
    known = {flag.name for flag in accesses_there(side).flags}
    for name, resource in side.spec.resources.items():
        if not _edited(files, name, resource.plural):
            continue
        for flag in sorted(known):
            value = value_text(flag in resource.flags)
            edit = partial(_with_flag, resource=name, flag=flag)
            yield Changed(f"the flag {name}.{flag}={value}", (edit,))


def _with_flag(side: Side, resource: str, flag: str) -> Side:
    """`side` with the flag added to the resource, or removed if the resource has it."""
    known = side.spec.resources[resource]
    flags = tuple(sorted({*known.flags} ^ {flag}))
    resources = {**side.spec.resources, resource: replace(known, flags=flags)}
    return side.with_spec(replace(side.spec, resources=resources))


def _fields(project: Project, files: Sequence[Surveyed]) -> Iterator[Changed]:
    """The fields whose lines in the files match another definition.

    All fields are tried together, because each try renders the project.
    """
    wanted: dict[tuple[str, str], list[Field]] = {}
    for name, resource in project.spec.resources.items():
        edited = _edited(files, name, resource.plural)
        for field in resource.fields:
            if texts := [*_lines_beside(field, edited)]:
                others = dict.fromkeys(_other_definitions(field, texts))
                wanted[name, field.name] = [*others]
    fitting: dict[tuple[str, str], list[tuple[Match, Edit]]] = {k: [] for k in wanted}
    for tried in zip_longest(*wanted.values()):
        chosen = {k: f for k, f in zip(wanted, tried, strict=True) if f}
        side = _with_fields(project.side, chosen)
        for key, other in chosen.items():
            if match := match_of(project, side, other.column):
                edit = partial(_with_fields, changed={key: other})
                fitting[key].append((match, edit))
    for (owner, changed), found in fitting.items():
        edits = [edit for _, edit in sorted(found, key=itemgetter(0))]
        known = project.spec.resources[owner].by_name[changed].definition
        yield Changed(f"the field {owner}.{changed} as {known}", tuple(edits))


def _with_fields(side: Side, changed: Mapping[tuple[str, str], Field]) -> Side:
    resources = dict(side.spec.resources)
    for (name, field), other in changed.items():
        known = resources[name]
        fields = tuple(other if f.name == field else f for f in known.fields)
        resources[name] = replace(known, fields=fields)
    return side.with_spec(replace(side.spec, resources=resources))


def _edited(files: Sequence[Surveyed], name: str, plural: str) -> list[Surveyed]:
    """The edited Python files of a resource."""
    names = {snake_case(name), plural}
    return [
        file
        for file in files
        if file.file
        and file.path.endswith(".py")
        and file.state is not State.PRISTINE
        and names & {*file.path.removesuffix(".py").split("/")}
    ]


def _lines_beside(field: Field, files: Sequence[Surveyed]) -> Iterator[str]:
    """The user's lines that mention the field, from files that lack a line which
    fastgen would write for the field."""
    word = re.compile(rf"\b{field.column}\b")
    for file in files:
        assert file.file
        users = file.file.content.decode(errors="replace").splitlines()
        known = {line.strip() for line in users}
        generated = file.entry.content.decode().splitlines()
        absent = [g for g in generated if word.search(g) and g.strip() not in known]
        if absent:
            yield from (line for line in users if word.search(line))


def _other_definitions(field: Field, texts: Sequence[str]) -> Iterator[Field]:
    """Possible earlier definitions of the field, with another type, other arguments, or
    one other flag or limit.

    Numbers and types are taken from the user's lines `texts`.
    """
    words = dict.fromkeys(re.findall(r"\w+", " ".join(texts)))
    numbers = [word for word in words if word.isdigit()]
    kinds = [name for name in _SIMPLE if TYPES[name].python in words]
    plain = replace(field, arguments=(), min=None, max=None, pattern=None)
    definitions = [field.definition.split(":")]
    definitions += [replace(plain, kind=kind).definition.split(":") for kind in kinds]
    definitions += [
        [part for part in definitions[0] if part != gone] for gone in field.arguments
    ]
    for parts in dict.fromkeys(map(tuple, definitions)):
        bare = [part for part in parts if part.partition("=")[0] not in LIMITS]
        limited = [[*bare, f"max={number}"] for number in numbers]
        for others in (parts, bare, *limited, *_toggled(parts)):
            try:
                (other,) = parse_fields([":".join([field.name, *others])])
            except Refusal:
                continue
            if other != field:
                yield other


def _toggled(parts: Sequence[str]) -> Iterator[list[str]]:
    """The parts of a definition with one flag added or removed."""
    for flag in FLAGS:
        yield (
            [part for part in parts if part != flag]
            if flag in parts
            else [
                *parts,
                flag,
            ]
        )
