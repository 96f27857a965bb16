"""The next command of a project: a random one that fits what the project has."""

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path
from random import Random

from fastgen.catalog.generators import RESOURCE_KIND
from fastgen.catalog.module import CORE, value_text
from fastgen.resources.conversion import needs_value
from fastgen.resources.grammar import parse_field
from fastgen.resources.resource import Field
from fastgen.spec.declared import accesses_there
from fastgen.spec.edits import with_modules
from fastgen.spec.side import Side

NAMES = (
    *("Article", "Booking", "Category", "Customer", "Invoice", "OrderItem", "Product"),
    *("Review", "Shipment", "Supplier", "Tag", "Warehouse"),
)
ENDPOINTS = ("Dashboard", "ExchangeRate", "SalesReport", "StockLevel")

FIELDS = {
    "title": ("str", "str:max=120:search", "str:max=300:index", "text"),
    "note": ("text:optional", "str:optional", "text:optional:search"),
    "price": ("decimal:10:2", "decimal:10:2:min=0:index", "decimal:12:2"),
    "stock": ("int", "int:min=0", "bigint", "int:default=1"),
    "status": ("enum:draft:live", "enum:draft:live:gone:default=draft"),
    "rating": ("float:optional", "float:min=0:max=5:optional"),
    "active": ("bool:default=true", "bool"),
    "born": ("date:optional", "date:index:optional"),
    "starts": ("datetime:optional", "datetime:index:optional"),
    "opens": (r"time:default=09\:30", "time:optional"),
    "code": ("str:max=20:pattern=^[A-Z]{3}$", "str:max=40:unique"),
    "reference": ("uuid:optional", "uuid:optional:unique"),
    "extra": ("json:optional",),
    "contact": ("email:optional", "email:optional:unique"),
    "site": ("url:optional",),
    "labels": ("list:str", "list:str:max=5"),
    "photo": ("bytes:optional",),
    "secret": ("str:optional:writeonly",),
    "views": ("int:default=0:readonly",),
}
ACCESSES = ("owner", "public-read", "admin-only", "open")

READING = (
    *(("status",), ("doctor",), ("diff",), ("graph",), ("list",), ("undo", "--list")),
    ("explain", "pyproject.toml"),
)


@dataclass(frozen=True)
class Command:
    """A command without its flags, and the file that it reads, if there is one."""

    arguments: tuple[str, ...]
    file: str = ""


FILE = "FILE"
"""Stands in `arguments` for the path of the file."""


def next_command(side: Side, random: Random) -> Command:
    """A command that changes the project, or at least may."""
    for _ in range(20):
        makers = random.choices([*_MAKERS], weights=[*_MAKERS.values()])
        if command := makers[0](side, random):
            return command
    return Command(("add", "docker"))


def reading_command(random: Random) -> Command:
    """A command that changes nothing."""
    return Command(random.choice(READING))


def independent(side: Side, random: Random) -> tuple[Command, Command]:
    """Two commands that do not speak of the same thing. A module that gives new
    resources another access speaks of resources."""
    access = _access_of_new_resources(side, ())
    absent = [
        name
        for name in side.catalog.names
        if name not in side.spec.modules
        and _access_of_new_resources(side, [name]) == access
    ]
    field = _field(random.choice([*FIELDS]), random)
    commands = [
        Command(("generate", "endpoint", random.choice(ENDPOINTS))),
        Command(("generate", "resource", random.choice(NAMES), field)),
        *(
            Command(("add", name))
            for name in random.sample(absent, min(2, len(absent)))
        ),
    ]
    first, second = random.sample(commands, 2)
    return first, second


def _access_of_new_resources(side: Side, names: Iterable[str]) -> str:
    resources = side.catalog.generating[RESOURCE_KIND].name
    return accesses_there(with_modules(side, [resources, *names])).usual.name


def _add(side: Side, random: Random) -> Command | None:
    absent = [m for m in side.catalog.modules if m not in side.spec.modules]
    if not absent:
        return None
    names = random.sample(absent, min(len(absent), random.choice((1, 1, 1, 2))))
    settings = [
        word
        for name in names
        for option, value in _other_values(side, name)
        if random.random() < 0.3
        for word in ("--set", f"{name}.{option}={value}")
    ]
    return Command(("add", *names, *settings))


def _remove(side: Side, random: Random) -> Command | None:
    needed = {r for m in side.modules for r in m.requires}
    free = [m for m in side.spec.modules if m not in needed and m != CORE]
    if not free:
        return None
    return Command(("remove", random.choice(free)))


def _set(side: Side, random: Random) -> Command | None:
    settings = [
        f"{name}.{option}={value}"
        for name in side.spec.modules
        for option, value in _other_values(side, name)
    ]
    return Command(("set", random.choice(settings))) if settings else None


def _other_values(side: Side, name: str) -> Iterator[tuple[str, str]]:
    """The options of a module, each with a value that it does not have."""
    for option in side.catalog.modules[name].options.values():
        now = side.spec.modules.get(name, {}).get(option.name, option.default)
        choices = ("true", "false") if option.is_flag else tuple(option.choices)
        for value in choices:
            if value != value_text(now):
                yield option.name, value


def _resource(side: Side, random: Random) -> Command | None:
    free = [name for name in NAMES if name not in side.spec.resources]
    if not free or len(side.spec.resources) > 4:
        return None
    fields = [
        _field(name, random) for name in random.sample([*FIELDS], random.randint(0, 4))
    ]
    if side.spec.resources and random.random() < 0.5:
        fields.append(_reference(side, random))
    return Command(("generate", "resource", random.choice(free), *fields))


def _field(name: str, random: Random) -> str:
    return f"{name}:{random.choice(FIELDS[name])}"


def _for_rows(known: Field | None, text: str) -> str:
    """The field of `text` as existing rows can get it; `known` is the field before."""
    return f"{text}:optional" if needs_value(known, parse_field(text)) else text


def _reference(side: Side, random: Random) -> str:
    target = random.choice([*side.spec.resources])
    kind = random.choice(("ref:{}:optional", "ref:{}:optional:cascade", "many:{}"))
    return f"{target.lower()}{'s' if 'many' in kind else ''}:{kind.format(target)}"


def _new_field(side: Side, random: Random) -> Command | None:
    if not side.spec.resources:
        return None
    resource = random.choice([*side.spec.resources.values()])
    there = {field.name for field in resource.fields}
    absent = [name for name in FIELDS if name not in there]
    count = min(len(absent), random.choice((1, 1, 2)))
    names = random.sample(absent, count)
    fields = [_for_rows(None, _field(name, random)) for name in names]
    if random.random() < 0.2:
        fields.append(_reference(side, random))
    return Command(("generate", "field", resource.name, *fields)) if fields else None


def _changed_field(side: Side, random: Random) -> Command | None:
    if not side.spec.resources:
        return None
    resource = random.choice([*side.spec.resources.values()])
    known = [field.name for field in resource.fields if field.name in FIELDS]
    if not known:
        return None
    name = random.choice(known)
    field = _for_rows(resource.by_name[name], _field(name, random))
    return Command(("generate", "field", resource.name, field))


def _endpoint(side: Side, random: Random) -> Command | None:
    made = {item.name for item in side.spec.generated}
    free = [name for name in ENDPOINTS if name not in made]
    method = ("--method", "post") if random.random() < 0.5 else ()
    if not free:
        return None
    return Command(("generate", "endpoint", random.choice(free), *method))


def _from_file(side: Side, random: Random) -> Command | None:
    """A resource that comes or changes, its access, and perhaps a module."""
    names = [*side.spec.resources] or [random.choice(NAMES)]
    name = random.choice(names)
    resource = side.spec.resources.get(name)
    lines = []
    if random.random() < 0.3:
        lines += [
            f"[modules.{random.choice(('ci', 'docker', 'precommit', 'updates'))}]",
            "",
        ]
    lines.append(f"[resources.{name}]")
    if "auth" in side.spec.modules and random.random() < 0.7:
        lines.append(f'access = "{random.choice(ACCESSES)}"')
    chosen = {name: random.choice(FIELDS[name]) for name in random.sample([*FIELDS], 2)}
    for field in resource.fields if resource else ():
        if field.name in FIELDS and random.random() < 0.7:
            chosen[field.name] = random.choice(FIELDS[field.name])
    lines += [f"fields.{field} = '{kind}'" for field, kind in chosen.items()]
    return Command(("generate", "--from", FILE), "\n".join(lines) + "\n")


def _without_resource(side: Side, random: Random) -> Command | None:
    if not side.spec.resources:
        return None
    drop = ("--drop-tables",) if random.random() < 0.3 else ()
    return Command(("remove", "resource", random.choice([*side.spec.resources]), *drop))


def _without_field(side: Side, random: Random) -> Command | None:
    with_fields = [r for r in side.spec.resources.values() if r.fields]
    if not with_fields:
        return None
    resource = random.choice(with_fields)
    field = random.choice(resource.fields)
    return Command(("remove", "field", resource.name, field.name))


def _without_endpoint(side: Side, random: Random) -> Command | None:
    if not side.spec.generated:
        return None
    item = random.choice(side.spec.generated)
    return Command(("remove", item.kind, item.name))


Maker = Callable[[Side, Random], Command | None]

_MAKERS: dict[Maker, int] = {
    _add: 20,
    _remove: 14,
    _set: 12,
    _resource: 12,
    _new_field: 14,
    _changed_field: 8,
    _endpoint: 6,
    _from_file: 6,
    _without_resource: 4,
    _without_field: 8,
    _without_endpoint: 3,
}
"""What makes a command, and how often it is asked, of a hundred times or so."""


def inverse(old: Side, new: Side, command: Command) -> Command | None:
    """The command that takes back what `command` made of `old`; None if no single one
    does."""
    words = command.arguments
    if words[0] == "add":
        added = [name for name in new.spec.modules if name not in old.spec.modules]
        same = all(
            new.spec.modules[name] == options
            for name, options in old.spec.modules.items()
        )
        return Command(("remove", *added)) if added and same else None
    if words[0] == "set":
        name, _, rest = words[1].partition(".")
        option = rest.partition("=")[0]
        if old.spec.modules.keys() != new.spec.modules.keys():
            return None
        return Command(
            ("set", f"{name}.{option}={value_text(old.spec.modules[name][option])}")
        )
    if old.spec.modules != new.spec.modules:
        return None
    if words[:2] == ("generate", "endpoint"):
        return Command(("remove", "endpoint", words[2]))
    if words[:2] == ("generate", "resource"):
        return Command(("remove", "resource", words[2]))
    if words[:2] == ("generate", "field"):
        there = {field.name for field in old.spec.resources[words[2]].fields}
        names = [word.partition(":")[0] for word in words[3:]]
        return (
            None if there & {*names} else Command(("remove", "field", words[2], *names))
        )
    return None


def written_file(command: Command, folder: Path) -> tuple[str, ...]:
    """The arguments of `command`, with the path of its file, which is written."""
    if not command.file:
        return command.arguments
    path = folder / "wanted.toml"
    path.write_text(command.file)
    return tuple(str(path) if word == FILE else word for word in command.arguments)
