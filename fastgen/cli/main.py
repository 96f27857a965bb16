"""The application: its commands and the handling of exceptions."""

import os
from collections.abc import Mapping, Sequence
from importlib import import_module

import typer

from fastgen import __version__
from fastgen.errors import (
    INTERRUPTED,
    TERMINATED,
    CutShort,
    NeedsPerson,
    Refusal,
    WrongUsage,
)
from fastgen.output.console import print_error, print_json, print_line

BUG = 1

COMMANDS: Mapping[str, tuple[str, str]] = {
    "new": ("new", "Make a project: `fastgen new my-api` makes ./my-api."),
    "add": ("add", "Put modules into the project."),
    "remove": (
        "remove",
        "Remove modules, resources, fields, endpoints and other kinds from the"
        " project.",
    ),
    "generate": (
        "generate",
        "Generate resources, their fields, endpoints, and the kinds that modules add.",
    ),
    "rename": ("rename", "Give a resource or a field another name; its rows stay."),
    "set": (
        "set_options",
        "Set options of the project's modules, and flags of its resources.",
    ),
    "status": ("status", "Show the project's modules, and the files that you changed."),
    "diff": ("diff", "Show your own edits to what fastgen wrote."),
    "explain": ("explain", "Say which module wrote a file, and whether you edited it."),
    "undo": ("undo", "Take back what the last command did, byte for byte."),
    "list": (
        "list_modules",
        "List all modules; inside of a project, with those it has.",
    ),
    "show": ("show", "Say what a module would add."),
    "graph": ("graph", "Draw the resources and the modules, in Mermaid."),
    "doctor": ("doctor", "Check this machine and the project."),
}
"""Each command with its function, in the module `fastgen.cli.{function}`, and the first
line of that function's docstring."""


class NotText(WrongUsage):
    """{argument!a} is not text in this terminal's character set; set LC_ALL=C.UTF-8,
    and run the command again."""


def application(command: str) -> typer.Typer:
    """The command line. Only `command` can be run; the others are only listed, so that
    their modules need not be imported."""
    # Typer's rich help would import a Markdown parser and Pygments, and take twice as
    # long as the rest of `fastgen --help`.
    app = typer.Typer(
        name="fastgen",
        rich_markup_mode=None,
        pretty_exceptions_enable=False,
        context_settings={"help_option_names": ["-h", "--help"]},
    )
    app.callback(invoke_without_command=True)(_fastgen)
    for name, (function, summary) in COMMANDS.items():
        if name == command:
            module = import_module(f"fastgen.cli.{function}")
            if commands := getattr(module, "commands", None):
                app.add_typer(commands, name=name)
            else:
                app.command(name)(getattr(module, function))
        else:
            app.command(name, help=summary)(_listed)
    return app


def _listed() -> None:
    """A command that is not the one to run."""


def _fastgen(
    context: typer.Context,
    version: bool = typer.Option(False, "--version", help="Print the version."),
) -> int:
    """Make FastAPI projects, and keep working on them afterwards.

    `fastgen new my-api` makes a project. Inside of one, `fastgen add MODULE` puts a
    module into it, `fastgen remove MODULE` takes it out again, and `fastgen undo` takes
    back whatever the last command did. What you have edited is never lost.
    """
    if version:
        print_line(f"fastgen {__version__}")
    elif context.invoked_subcommand is None:
        print_line(context.get_help())
    return 0


def run(arguments: Sequence[str]) -> int:
    """Run the command and return its exit code. An error is one line on stderr."""
    as_json = "--json" in arguments
    words = (*arguments, *_typed_so_far())
    command = next((word for word in words if not word.startswith("-")), "")
    try:
        _check_text(arguments)
        code = application(command)(
            list(arguments), prog_name="fastgen", standalone_mode=False
        )
        if code == INTERRUPTED:  # Typer's exit code for Ctrl+C
            return _refused(command, "interrupted", INTERRUPTED, as_json)
        return code if isinstance(code, int) else 0
    except Refusal as refusal:
        return _refused(command, str(refusal), refusal.exit_code, as_json)
    except typer.TyperException as error:
        return _refused(command, _usage(error, command), error.exit_code, as_json)
    except (KeyboardInterrupt, typer.Abort):
        return _refused(command, "interrupted", INTERRUPTED, as_json)
    except SystemExit as stop:
        if stop.code != TERMINATED:
            raise
        return _refused(command, "ended by a signal", TERMINATED, as_json)
    except OSError as error:
        place = f" ({error.filename})" if error.filename else ""
        message = (
            f"the system refuses: {error.strerror or error}{place}; fix that first"
        )
        return _refused(command, message, NeedsPerson.exit_code, as_json)
    except CutShort as cut:
        return _cut_short(cut, as_json)
    except Exception as bug:
        import traceback

        traceback.print_exc()
        message = f"this is a bug in fastgen; nothing was half done: {bug!r}"
        return _refused(command, message, BUG, as_json)


def _typed_so_far() -> Sequence[str]:
    """The words after `fastgen` in the line that a shell completes."""
    if "_FASTGEN_COMPLETE" not in os.environ:
        return ()
    line = os.environ.get("COMP_WORDS") or os.environ.get("_TYPER_COMPLETE_ARGS", "")
    return line.split()[1:]


def _check_text(arguments: Sequence[str]) -> None:
    """Raise NotText for an argument that Python could not decode. Such an argument
    contains a lone surrogate, which cannot be encoded."""
    for argument in arguments:
        try:
            argument.encode()
        except UnicodeEncodeError:
            raise NotText(argument=argument) from None


def _usage(error: typer.TyperException, command: str) -> str:
    text = error.format_message().rstrip(".")
    see = " See" if text.endswith("?") else "; see"
    words = ["fastgen", *([command] if command in COMMANDS else [])]
    return f"{text}{see} `{' '.join(words)} --help`."


def _cut_short(cut: CutShort, as_json: bool) -> int:
    if as_json:
        print_json(cut.report)
    else:
        print_error(cut.message)
    return cut.exit_code


def _refused(command: str, message: str, code: int, as_json: bool) -> int:
    if as_json:
        from fastgen.output.report import refused

        print_json(refused(command, message, code).as_json())
    else:
        print_error(message)
    return code
