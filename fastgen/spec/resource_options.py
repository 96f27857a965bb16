"""Options of `generate resource` that modules declare: accesses and flags."""

from collections.abc import Iterable
from dataclasses import dataclass

from fastgen.catalog.resource_facts import OWNERS
from fastgen.errors import WrongUsage
from fastgen.spec.declared import declared_in
from fastgen.spec.side import Side


class AccessTwice(WrongUsage):
    """{first} and {second} both say who may do what; choose one of them."""


class UnknownOwner(WrongUsage):
    """Rows cannot be owned by {name!r}; --owned-by takes {known}."""


@dataclass(frozen=True)
class ResourceOptions:
    """The name of a resource's access, None for the default, and its flags."""

    access: str | None = None
    flags: tuple[str, ...] = ()


def resource_options(
    side: Side, access: str | None, owner: str | None, words: Iterable[str]
) -> ResourceOptions:
    """The access and flags that the options request.

    `words` are all options except `--access` and `--owned-by`, without dashes. Each
    word is the name of an access or else a flag.
    """
    every = declared_in(side.catalog)
    chosen = {f"--access {access}": access} if access is not None else {}
    if owner is not None:
        owned = [a for a in every.accesses if (a.scope, a.readers) == (owner, OWNERS)]
        if not owned:
            known = " or ".join(scope.name for scope in every.scopes)
            raise UnknownOwner(name=owner, known=known)
        chosen[f"--owned-by {owner}"] = owned[0].name
    flags = []
    for word in words:
        if word in every.names:
            chosen[f"--{word}"] = word
        else:
            flags.append(word)
    if len(chosen) > 1:
        first, second, *_ = chosen
        raise AccessTwice(first=first, second=second)
    return ResourceOptions(next(iter(chosen.values()), None), tuple(flags))
