"""The fenced blocks of a Markdown file, and what a shell makes of them.

All blocks of one document run in one shell, in their order, in an empty folder:

- ```sh: commands; each has to end with 0.
- ```console: `$ command`, then what it prints. `...` stands for any lines, and within a
  line for any text. A command may end with another code than 0 only when
  `$ echo $?` follows. A command goes on for as long as its lines begin with `> `.
- `<!-- not run: REASON -->` right above a block: it is only read.
"""

import re
import subprocess
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path

ROOT = Path(__file__).parents[2]
DOCUMENTS = (ROOT / "README.md", *sorted((ROOT / "docs").glob("*.md")))

_NOT_RUN = re.compile(r"<!-- not run: (?P<reason>.+) -->")


@dataclass(frozen=True)
class Block:
    """A fenced block; `start` is the index of its first line in the document."""

    language: str
    start: int
    lines: tuple[str, ...]
    not_run: str = ""


@dataclass(frozen=True)
class Command:
    """A command; `expected` is None where any output will do. `first` and `last` bound
    the lines of the document that hold the output."""

    text: str
    expected: tuple[str, ...] | None
    first: int
    last: int
    code_follows: bool = False


@dataclass(frozen=True)
class Ran:
    output: tuple[str, ...]
    code: int


def blocks(text: str) -> Iterator[Block]:
    lines = text.splitlines()
    opened: int | None = None
    for number, line in enumerate(lines):
        if not line.startswith("```"):
            continue
        if opened is None:
            opened = number
            continue
        above = _NOT_RUN.fullmatch(lines[opened - 1]) if opened else None
        yield Block(
            lines[opened].removeprefix("```").strip(),
            opened + 1,
            tuple(lines[opened + 1 : number]),
            above["reason"] if above else "",
        )
        opened = None


def commands(text: str) -> list[Command]:
    """What has to run, in its order."""
    found: list[Command] = []
    for block in blocks(text):
        if block.not_run:
            continue
        if block.language == "sh":
            end = block.start + len(block.lines)
            found += [
                Command(command, None, end, end)
                for command in _joined("\n".join(block.lines))
            ]
        elif block.language == "console":
            found += _console(block)
    return found


def _joined(text: str) -> Iterator[str]:
    """Whole commands: a line that ends in a backslash goes on in the next."""
    for command in re.sub(r"\\\n\s*", " ", text).splitlines():
        if command.strip() and not command.startswith("#"):
            yield command


def _console(block: Block) -> list[Command]:
    starts = [n for n, line in enumerate(block.lines) if line.startswith("$ ")]
    assert starts[:1] == [0], "a console block begins with `$ command`"
    found = []
    for start, end in zip(starts, [*starts[1:], len(block.lines)], strict=True):
        first = start + 1
        text = block.lines[start].removeprefix("$ ")
        while first < end and re.match(r">( |$)", block.lines[first]):
            text += "\n" + block.lines[first][2:]
            first += 1
        following = block.lines[end] if end < len(block.lines) else ""
        found.append(
            Command(
                text,
                block.lines[first:end],
                block.start + first,
                block.start + end,
                code_follows=following == "$ echo $?",
            )
        )
    return found


def run(
    script: list[Command], folder: Path, environment: Mapping[str, str]
) -> list[Ran]:
    """Every command's output and exit code, from one shell that starts in `folder`."""
    mark = "--- end of a command ---"
    steps = ["code=0"]
    for command in script:
        # `$?` is that of the command before, as in a terminal.
        steps += [f"(exit $code)\n{command.text}\ncode=$?", f'echo; echo "{mark}$code"']
    done = subprocess.run(
        ["sh", "-c", "\n".join(steps)],
        cwd=folder,
        env=environment,
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        check=False,
    )
    ran = []
    for output, code in re.findall(rf"(.*?)\n{mark}(\d+)\n", done.stdout, re.DOTALL):
        lines = (line.rstrip() for line in output.rstrip("\n").splitlines())
        ran.append(Ran(tuple(lines), int(code)))
    assert len(ran) == len(script), done.stdout
    return ran


def agrees(expected: tuple[str, ...], output: tuple[str, ...]) -> bool:
    """Whether `output` is what a document says; see above for `...`."""
    if expected == output:
        return True
    pattern = ""
    for line in expected:
        if line.strip() == "...":
            pattern += r"(?:.*\n)*?"
        else:
            pattern += r"[^\n]*".join(map(re.escape, line.split("..."))) + r"\n"
    return re.fullmatch(pattern, "".join(f"{line}\n" for line in output)) is not None
