"""Flags of resources, declared by modules."""

from collections.abc import Collection, Iterable
from dataclasses import replace

from fastgen.errors import WrongUsage
from fastgen.phrases import hint, in_words
from fastgen.resources.accesses import accesses_of
from fastgen.spec.declared import accesses_there, declared_in, needs_module
from fastgen.spec.edits import settings_in
from fastgen.spec.lookup import resource_named
from fastgen.spec.side import Side


class UnknownFlag(WrongUsage):
    """Unknown flag {name!r}{hint}. `fastgen generate resource --help`
    lists the flags."""


class FlagInUse(WrongUsage):
    """{name} cannot be removed, because its flag {flag} is set for {others}. Run
    `fastgen set {settings}` first."""


class NotTrueOrFalse(WrongUsage):
    """{name}.{flag} cannot be {value!r}; it is true or false."""


def with_flags(side: Side, settings: Iterable[str]) -> Side:
    """`side` with each `RESOURCE.FLAG=true` or `RESOURCE.FLAG=false` applied."""
    resources = dict(side.spec.resources)
    for name, flag, value in settings_in(settings):
        resource_named(side.spec, name)
        check_flags(side, name, [flag])
        if value not in ("true", "false"):
            raise NotTrueOrFalse(name=name, flag=flag, value=value)
        others = {*resources[name].flags} - {flag}
        flags = others | {flag} if value == "true" else others
        resources[name] = replace(resources[name], flags=tuple(sorted(flags)))
    return side.with_spec(replace(side.spec, resources=resources))


def check_flags(side: Side, resource: str, flags: Collection[str]) -> None:
    """Check that the project has `flags`.

    Raises UnknownFlag, and NeedsModule for a flag of a missing module or option.
    """
    if not flags:
        return
    declared = accesses_there(side)
    known = {flag.name for flag in declared.flags}
    every = {flag.name for flag in declared_in(side.catalog).flags}
    for name in sorted({*flags} - known):
        what = f"The flag --{name}"
        if name in every and (refusal := needs_module(side, what, resource, name)):
            raise refusal
        options = {*known, *declared.names}
        raise UnknownFlag(name=name, hint=hint(name, sorted(options)))


def check_flags_unused(left: Side, module: str) -> None:
    """Raise FlagInUse if a resource of `left` has a flag of the removed `module`."""
    for flag in accesses_of([left.catalog[module]]).flags:
        having = [r.name for r in left.spec.resources.values() if flag.name in r.flags]
        if having:
            settings = " ".join(f"{name}.{flag.name}=false" for name in having)
            raise FlagInUse(
                name=module,
                others=in_words(having),
                flag=flag.name,
                settings=settings,
            )
