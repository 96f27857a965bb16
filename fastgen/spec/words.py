"""The difference of two specs in words."""

from collections.abc import Iterator

from fastgen.catalog.module import value_text
from fastgen.phrases import with_noun
from fastgen.spec.spec import Spec

_COMMIT = 12
"""The length of an abbreviated commit."""


def changes_of(old: Spec, new: Spec) -> str:
    """The changes from `old` to `new` in words: `adds auth, mail`."""
    words = []
    if added := [name for name in new.modules if name not in old.modules]:
        words.append(f"adds {', '.join(added)}")
    if removed := [name for name in old.modules if name not in new.modules]:
        words.append(f"removes {', '.join(removed)}")
    updated = [n for n, s in new.sources.items() if old.sources.get(n, s) != s]
    words += [f"takes {name} from {_place(new.sources[name])}" for name in updated]
    words += [
        f"drops {name}.{option}={value_text(value)}"
        for name in updated
        for option, value in old.modules[name].items()
        if option not in new.modules[name]
    ]
    words += _resource_changes(old, new)
    words += _generated_changes(old, new)
    words += [
        f"sets {name}.{option}={value_text(value)}"
        for name, options in new.modules.items()
        for option, value in options.items()
        if name in old.modules and old.modules[name].get(option) != value
    ]
    taken = {*added, *updated, *new.resources}
    taken |= {f"{item.kind} {item.name}" for item in new.generated}
    dropped = [
        table
        for table, owner in old.kept.items()
        if table not in new.kept and not {owner, owner.partition(" ")[0]} & taken
    ]
    words += [f"drops the {with_noun('table', dropped)}"] if dropped else []
    return "; ".join(words)


def removals_of(old: Spec, new: Spec) -> list[str]:
    """The parts of `old` that `new` lacks, as nouns: `the field Product.price`."""
    removed = [f"the module {name}" for name in old.modules if name not in new.modules]
    removed += [
        f"the option {name}.{option}"
        for name, options in old.modules.items()
        for option in options
        if name in new.modules and option not in new.modules[name]
    ]
    for name, resource in old.resources.items():
        if name not in new.resources:
            removed.append(f"the resource {name}")
        else:
            left = new.resources[name].by_name
            fields = (field for field in resource.by_name if field not in left)
            removed += [f"the field {name}.{field}" for field in fields]
    items = {(item.kind, item.name) for item in new.generated}
    removed += [
        f"the {item.kind} {item.name}"
        for item in old.generated
        if (item.kind, item.name) not in items
    ]
    tables = [
        table
        for table, owner in new.kept.items()
        if table not in old.kept and owner.partition(" ")[0] not in old.resources
    ]
    return [*removed, *(f"the table {table} from the code" for table in tables)]


def _place(source: str) -> str:
    """The commit and the URL of `source` (git+URL@COMMIT#FOLDER)."""
    url, _, commit = source.removeprefix("git+").partition("#")[0].rpartition("@")
    return f"{commit[:_COMMIT]} of {url}"


def _generated_changes(old: Spec, new: Spec) -> Iterator[str]:
    before = {(item.kind, item.name) for item in old.generated}
    after = {(item.kind, item.name) for item in new.generated}
    for verb, found in (("generates", after - before), ("removes", before - after)):
        names: dict[str, list[str]] = {}
        for kind, name in sorted(found):
            names.setdefault(kind, []).append(name)
        yield from (f"{verb} {kind} {', '.join(n)}" for kind, n in names.items())


def _resource_changes(old: Spec, new: Spec) -> Iterator[str]:
    added = [name for name in new.resources if name not in old.resources]
    removed = [name for name in old.resources if name not in new.resources]
    for verb, names in (("adds", added), ("removes", removed)):
        if names:
            yield f"{verb} the {with_noun('resource', names)}"
    for name in old.resources.keys() & new.resources.keys():
        before, after = old.resources[name].by_name, new.resources[name].by_name
        fields = {
            "adds": [f for f in after if f not in before],
            "removes": [f for f in before if f not in after],
            "changes": [f for f in after if f in before and before[f] != after[f]],
        }
        for verb, names in fields.items():
            if names:
                yield f"{verb} {', '.join(f'{name}.{field}' for field in names)}"
        access = new.resources[name].access.name
        if old.resources[name].access.name != access:
            yield f"makes {name} {access}"
        had, has = old.resources[name].flags, new.resources[name].flags
        yield from (f"sets {name}.{flag}=true" for flag in has if flag not in had)
        yield from (f"sets {name}.{flag}=false" for flag in had if flag not in has)
