"""Back references that get another name, or stand for another field, with a change."""

from collections.abc import Iterator, Mapping

from fastgen.plan import Finding, Severity
from fastgen.resources.back_references import back_references
from fastgen.resources.resource import ResourceSpec

Resources = Mapping[str, ResourceSpec]

_Fields = Mapping[tuple[str, str], str]
"""The fields of back references, such as `Product.category`, by the name of the model
and of the attribute."""


def changed_back_references(before: Resources, after: Resources) -> Iterator[Finding]:
    """A warning for each attribute of a model whose meaning changes. Python does not
    detect it: the attribute still exists, with other rows, or a field has its name."""
    old, new = _fields(before), _fields(after)
    for (model, name), field in sorted(old.items()):
        names = [n for (m, n), known in new.items() if (m, known) == (model, field)]
        other = new.get((model, name))
        if names and name not in names:
            message = f"{model}.{name} is called {names[0]} now"
        elif other and other != field:
            message = f"{model}.{name} has the rows of {other} now, not of {field}"
        else:
            continue
        yield Finding(Severity.WARNING, "", f"{message}: check where you use it")


def _fields(resources: Resources) -> _Fields:
    return {
        (model, back.name): f"{back.source}.{back.field.name}"
        for model, found in back_references(resources).items()
        for back in found
    }
