"""Names of endpoint functions, which are operation ids in the OpenAPI document."""

import re
from collections.abc import Iterator

from fastgen.catalog.generators import RESOURCE_KIND
from fastgen.catalog.module import Module
from fastgen.catalog.templates import template_paths
from fastgen.errors import WrongUsage
from fastgen.resources.names import snake_case
from fastgen.resources.resource import ResourceSpec
from fastgen.spec.side import Side

_ENDPOINT = re.compile(
    r"^@\w*router\.(?:get|post|put|patch|delete)\((?:.*\n)*?(?:async )?def (\w+)\(",
    re.MULTILINE,
)
_PACKAGE = "src/myapi/"


class EndpointTaken(WrongUsage):
    """{name} cannot name a resource: the module {module} has an endpoint called
    {function} already. Choose another name."""


def check_endpoints_free(resource: ResourceSpec, side: Side) -> None:
    """Raise EndpointTaken if an endpoint of any module has the name of an endpoint of
    `resource`. Modules outside the project count too."""
    generating = side.catalog.generating[RESOURCE_KIND]
    words = {"thing": snake_case(resource.name), "things": resource.plural}
    own = {
        re.sub(r"(?<=_)things?\b", lambda match: words[match[0]], function)
        for function in _functions(generating, of_resource=True)
    }
    for module in side.catalog.modules.values():
        for function in _functions(module, of_resource=False):
            if function in own:
                raise EndpointTaken(
                    name=resource.name, module=module.name, function=function
                )


def _functions(module: Module, *, of_resource: bool) -> Iterator[str]:
    """The endpoint functions in the templates of `module`: of the module itself, or of
    each resource."""
    for variant in module.variants:
        folder = variant.resource if of_resource else variant.files
        for path, template in template_paths(folder).items() if folder else ():
            if path.startswith(_PACKAGE) and path.endswith(".py"):
                yield from _ENDPOINT.findall(template.read_text("utf-8"))
