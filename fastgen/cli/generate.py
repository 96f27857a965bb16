"""`fastgen generate`."""

from pathlib import Path
from typing import Annotated

import typer

from fastgen.cli.command import change_project
from fastgen.cli.completion import resources
from fastgen.cli.flags import OF_CHANGES, Flags, takes
from fastgen.cli.kinds import Kinds
from fastgen.cli.module_options import WithModuleOptions, chosen_options
from fastgen.errors import WrongUsage
from fastgen.project.reading import Project
from fastgen.resources.fill import fill_of
from fastgen.resources.grammar import parse_fields
from fastgen.spec.resource_edits import with_fields, with_resource
from fastgen.spec.resource_options import resource_options
from fastgen.spec.resource_removal import without_fields, without_resources
from fastgen.spec.side import Side


class NothingToGenerate(WrongUsage):
    """Missing what to generate. Use `fastgen generate resource NAME FIELD...`, `fastgen
    generate field RESOURCE FIELD...`, `fastgen generate KIND NAME`, or `fastgen
    generate --from FILE`."""


class FieldsAndFile(WrongUsage):
    """--from takes everything about a resource from the file. Leave out the fields and
    the other options."""


commands = typer.Typer(
    cls=Kinds,
    rich_markup_mode=None,
    context_settings={"help_option_names": ["-h", "--help"]},
)

Fields = Annotated[
    list[str],
    typer.Argument(metavar="FIELD...", help="name:type[:argument...][:flag...]"),
]


@commands.callback(invoke_without_command=True)
@takes(*OF_CHANGES)
def generate(
    flags: Flags,
    context: typer.Context,
    from_: Annotated[
        Path | None,
        typer.Option("--from", metavar="FILE", help="Take everything from this file."),
    ] = None,
) -> int:
    """Generate resources, their fields, endpoints, and the kinds that modules add.

    A field is name:type[:argument...][:flag...], such as title:str:max=120:unique.
    `fastgen generate KIND --help` explains a kind. --from changes the project where it
    differs from a file in the form of fastgen.toml: modules, options, resources and
    other kinds. `--from fastgen.toml` adds what you wrote into that file by hand.

    Examples: `fastgen generate resource Note title:str:max=120 body:text:optional`;
    `fastgen generate field Note stars:int:min=1:max=5:optional`; `fastgen generate
    endpoint Report`; `fastgen generate --from shop.toml`.
    """
    if context.invoked_subcommand is not None:
        return 0
    if from_ is None:
        raise NothingToGenerate
    from fastgen.cli.generate_from import generate_from

    return generate_from(from_, flags)


@commands.command(cls=WithModuleOptions)
@takes(*OF_CHANGES)
def resource(
    flags: Flags,
    context: typer.Context,
    name: Annotated[str, typer.Argument(help="In the singular, like OrderItem.")] = "",
    fields: Fields = [],  # noqa: B006 (Typer's form of an optional list)
    plural: Annotated[
        str | None,
        typer.Option(help="Its plural in small letters, where fastgen's is wrong."),
    ] = None,
    owned_by: Annotated[str | None, typer.Option(metavar="SCOPE")] = None,
    access: Annotated[
        str | None,
        typer.Option(metavar="NAME", help="Who may do what, such as public-read."),
    ] = None,
    from_: Annotated[
        Path | None,
        typer.Option("--from", metavar="FILE", help="Copy resources of this file."),
    ] = None,
) -> int:
    """Generate a resource: model, schemas, service, router, migration, tests.

    Types: str, text, int, bigint, float, decimal:DIGITS:PLACES, bool, date, datetime,
    time, uuid, json, email, url, enum:VALUE:VALUE..., list:TYPE, bytes,
    ref:RESOURCE[:cascade|restrict|setnull], many:RESOURCE.

    Flags: optional, unique, index, search, readonly, writeonly, default=V, min=V,
    max=V, pattern=V. A colon within a value is written with a backslash before it.

    --from copies a resource from a file in the form of fastgen.toml, such as that of
    another project; without NAME, all of its resources.

    Examples: `fastgen generate resource Product title:str:max=120:unique
    price:decimal:10:2 status:enum:draft:live:index category:ref:Category`; `fastgen
    generate resource Product --from ../shop/fastgen.toml`.
    """
    words = chosen_options(context)
    if from_ is not None:
        from fastgen.cli.generate_from import resources_from

        if fields or plural or owned_by or access or words:
            raise FieldsAndFile
        return resources_from(from_, [name] if name else [], flags)
    if not name:
        raise NothingToGenerate
    parsed = parse_fields(fields)

    def edit(side: Side) -> Side:
        options = resource_options(side, access, owned_by, words)
        return with_resource(side, name, parsed, plural, options.access, options.flags)

    def without(project: Project) -> Side:
        return without_resources(project.side, [name])

    return change_project(f"generate resource {name}", edit, flags, without=without)


@commands.command()
@takes(*OF_CHANGES)
def field(
    flags: Flags,
    resource: Annotated[
        str,
        typer.Argument(help="The resource, like OrderItem.", autocompletion=resources),
    ],
    fields: Fields,
    fill: Annotated[
        str | None,
        typer.Option(metavar="VALUE", help="What existing rows get for a new field."),
    ] = None,
) -> int:
    """Add fields to a resource, or change its fields.

    `fastgen generate resource --help` lists the types and the flags of a field. A
    migration changes the table. A required field needs a value for existing rows:
    its default, or that of --fill, which only existing rows get.

    Examples: `fastgen generate field Product rating:float:optional stock:int:default=0`
    adds two fields; `fastgen generate field Product due:date --fill 2026-12-31` adds a
    field without a default; `fastgen generate field Product stock:bigint:index` changes
    stock.
    """
    parsed = parse_fields(fields)
    filled = None if fill is None else fill_of(resource, parsed, fill)
    names = " ".join(field.name for field in parsed)

    def without(project: Project) -> Side:
        return without_fields(project.side, resource, [f.name for f in parsed])

    return change_project(
        f"generate field {resource} {names}",
        lambda side: with_fields(side, resource, parsed, filled),
        flags,
        without=without,
        fill=filled,
    )
