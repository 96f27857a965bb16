"""`fastgen generate KIND`, for each kind that a module declares."""

import inspect
import shlex
from collections.abc import Iterator
from typing import Annotated, Any

import typer
from typer.main import get_command

from fastgen.catalog.module import Generator, Option, value_text
from fastgen.cli.command import change_project
from fastgen.cli.flags import OF_CHANGES, Flags, takes
from fastgen.project.reading import Project
from fastgen.spec.generated_edits import with_generated, without_generated
from fastgen.spec.side import Side


def kind_command(generator: Generator) -> Any:  # noqa: ANN401 (Typer hides the type)
    """The command `generate KIND` with the options of `generator`."""
    kind = generator.kind

    def generate(flags: Flags, name: str, plural: str | None, **given: Any) -> int:  # noqa: ANN401
        def edit(side: Side) -> Side:
            return with_generated(side, kind, name, plural, given)

        def without(project: Project) -> Side:
            return without_generated(project.side, kind, [name])

        command = f"generate {kind} {name}"
        return change_project(command, edit, flags, without=without)

    generate.__doc__ = _manual(generator)
    parameters = [*_parameters(generator)]
    generate.__signature__ = inspect.Signature(parameters)  # type: ignore[attr-defined]
    app = typer.Typer(rich_markup_mode=None, add_completion=False)
    settings = {"help_option_names": ["-h", "--help"]}
    app.command(kind, context_settings=settings)(takes(*OF_CHANGES)(generate))
    return get_command(app)


def _parameters(generator: Generator) -> Iterator[inspect.Parameter]:
    """The parameters of the command: name, plural and the options of its kind."""
    name = typer.Argument(help="In the singular, like OrderItem.")
    yield _parameter("flags", Flags)
    yield _parameter("name", Annotated[str, name])
    plural = typer.Option(help="Its plural in small letters, where fastgen's is wrong.")
    yield _parameter("plural", Annotated[str | None, plural], None)
    for option in generator.options.values():
        yield _parameter(option.name, _annotation(option), option.default)


def _parameter(
    name: str,
    annotation: object,
    default: object = inspect.Parameter.empty,
) -> inspect.Parameter:
    kind = inspect.Parameter.KEYWORD_ONLY
    return inspect.Parameter(name, kind, default=default, annotation=annotation)


def _annotation(option: Option) -> object:
    flag = f"--{option.name.replace('_', '-')}"
    help_text = f"{option.summary}."
    if option.is_flag:
        return Annotated[bool, typer.Option(f"{flag}/--no-{flag[2:]}", help=help_text)]
    metavar = "|".join(option.choices) or "TEXT"

    def offered() -> list[str]:
        return [*option.choices]

    return Annotated[
        str,
        typer.Option(flag, metavar=metavar, help=help_text, autocompletion=offered),
    ]


def _manual(generator: Generator) -> str:
    words = ["fastgen generate", generator.kind, "OrderItem"]
    for option in generator.options.values():
        others = [choice for choice in option.choices if choice != option.default]
        flag = f"--{option.name.replace('_', '-')}"
        if option.is_flag:
            words.append(f"--no-{flag[2:]}" if option.default else flag)
        else:
            shown = (others or [value_text(option.default)])[0]
            words.append(f"{flag} {shlex.quote(shown)}")
    return (
        f"{generator.summary}.\n\n"
        "The new files are yours: fastgen never changes one that you have edited."
        " Add --dry-run to see their names."
        f" `fastgen remove {generator.kind} OrderItem` removes them again.\n\n"
        f"Example: `{' '.join(words)}`."
    )
