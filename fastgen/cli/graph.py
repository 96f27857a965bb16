"""`fastgen graph`."""

from typing import Annotated

import typer

from fastgen.cli.command import current_project
from fastgen.cli.flags import Json
from fastgen.errors import WrongUsage
from fastgen.output import console
from fastgen.render.diagrams import diagrams

RESOURCES, MODULES = "resources", "modules"


class NoSuchDiagram(WrongUsage):
    """There is no diagram {name!r}; `fastgen graph` draws resources and modules."""


class NothingToDraw(WrongUsage):
    """There is no resource to draw yet; `fastgen generate resource NAME FIELD...` makes
    one."""


def graph(
    diagram: Annotated[
        str | None,
        typer.Argument(
            help="resources or modules; both if it is left out.",
            autocompletion=lambda: [RESOURCES, MODULES],
        ),
    ] = None,
    as_json: Json = False,
) -> int:
    """Draw the resources and the modules, in Mermaid.

    Resources with their fields and references, and what each module requires. One
    diagram alone is plain Mermaid; both are Markdown, as the project's README has them.

    Examples: `fastgen graph >> docs/overview.md`; `fastgen graph resources | mmdc -i -
    -o resources.svg`.
    """
    if diagram not in (None, RESOURCES, MODULES):
        raise NoSuchDiagram(name=diagram)
    project = current_project()
    modules = project.catalog.active(project.spec.modules)
    drawn = diagrams(project.spec.resources, modules)
    if diagram == RESOURCES and not drawn.resources:
        raise NothingToDraw
    texts = {RESOURCES: drawn.resources, MODULES: drawn.modules}
    if as_json:
        console.print_json({"command": "graph", "exit_code": 0, **texts})
    elif diagram:
        console.print_line(texts[diagram].rstrip())
    else:
        parts = (f"```mermaid\n{text}```" for text in texts.values() if text)
        console.print_line("\n\n".join(parts))
    return 0
