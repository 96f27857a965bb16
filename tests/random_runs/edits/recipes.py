"""Edits of the Makefile and the Dockerfile."""

import re

from .editing import Editing, project_edit, text_edit

MAKE = "Makefile"
MAKEFILE = r"^Makefile$"
DOCKER = "Dockerfile"
DOCKERFILE = r"^Dockerfile$"

_TARGET = re.compile(r"^([a-z][\w-]*):.*\n(?:\t.*\n)*(?:\.PHONY: \1\n)?", re.MULTILINE)
_INSTRUCTION = re.compile(
    r"^(RUN|ENV|COPY|WORKDIR|USER|EXPOSE|CMD|FROM) ", re.MULTILINE
)


@text_edit(MAKE, MAKEFILE, "a target at the end")
def last_target(text: str, editing: Editing) -> str | None:
    name = editing.mark()
    return f"{text.rstrip()}\n\n{name}:  ## {name}\n\techo {name}\n.PHONY: {name}\n"


@text_edit(MAKE, MAKEFILE, "a target in the middle")
def middle_target(text: str, editing: Editing) -> str | None:
    found = [*_TARGET.finditer(text)]
    if not found:
        return None
    name = editing.mark()
    place = editing.random.choice(found).start()
    return f"{text[:place]}{name}: install\n\t$(BIN)/python -m {name}\n.PHONY: {name}\n\n{text[place:]}"


@text_edit(MAKE, MAKEFILE, "a line of a recipe", may_conflict=True)
def recipe_line(text: str, editing: Editing) -> str | None:
    found = [*re.finditer(r"^\t.*\n", text, re.MULTILINE)]
    if not found:
        return None
    match = editing.random.choice(found)
    place = editing.random.choice((match.start(), match.end()))
    return f"{text[:place]}\t@echo {editing.mark()}\n{text[place:]}"


@text_edit(MAKE, MAKEFILE, "a flag in a recipe", may_conflict=True)
def recipe_flag(text: str, editing: Editing) -> str | None:
    found = [*re.finditer(r"^\t\$\(BIN\)/\w+.*\n", text, re.MULTILINE)]
    if not found:
        return None
    match = editing.random.choice(found)
    return text.replace(match[0], f"{match[0].rstrip()} --{editing.mark()}\n", 1)


@text_edit(MAKE, MAKEFILE, "a prerequisite of a target", may_conflict=True)
def prerequisite(text: str, editing: Editing) -> str | None:
    found = [*re.finditer(r"^([a-z][\w-]*):( [a-z ]*)?(?=  ##)", text, re.MULTILINE)]
    if not found:
        return None
    match = editing.random.choice(found)
    text = f"{text[: match.end()]} {editing.mark()}{text[match.end() :]}"
    return text


@text_edit(MAKE, MAKEFILE, "a target that is deleted")
def without_target(text: str, editing: Editing) -> str | None:
    found = [m for m in _TARGET.finditer(text) if m[1] not in ("install", "help")]
    return text.replace(editing.random.choice(found)[0], "", 1) if found else None


@text_edit(MAKE, MAKEFILE, "another help text of a target", may_conflict=True)
def help_text(text: str, editing: Editing) -> str | None:
    found = [*re.finditer(r"  ## .*\n", text)]
    if not found:
        return None
    match = editing.random.choice(found)
    return f"{text[: match.start()]}  ## {editing.mark()}\n{text[match.end() :]}"


@text_edit(MAKE, MAKEFILE, "a variable")
def variable(text: str, editing: Editing) -> str | None:
    found = [*re.finditer(r"^[A-Z]+ := .*\n", text, re.MULTILINE)]
    if not found:
        return None
    place = editing.random.choice(found).end()
    return f"{text[:place]}{editing.mark().upper()} ?= 4\n{text[place:]}"


@text_edit(MAKE, MAKEFILE, "a comment")
def comment(text: str, editing: Editing) -> str | None:
    found = [*_TARGET.finditer(text)]
    if not found:
        return None
    place = editing.random.choice(found).start()
    return f"{text[:place]}# {editing.mark()} runs this each night\n{text[place:]}"


@text_edit(MAKE, MAKEFILE, "blank lines")
def blank(text: str, editing: Editing) -> str | None:
    found = [*_TARGET.finditer(text)]
    if not found:
        return None
    place = editing.random.choice(found).start()
    return f"{text[:place]}\n{text[place:]}"


@text_edit(MAKE, MAKEFILE, "targets in another order")
def order(text: str, editing: Editing) -> str | None:
    found = [*_TARGET.finditer(text)]
    if len(found) < 2:
        return None
    at = editing.random.randrange(len(found) - 1)
    a, b = found[at], found[at + 1]
    return (
        f"{text[: a.start()]}{b[0]}{text[a.end() : b.start()]}{a[0]}{text[b.end() :]}"
    )


@text_edit(MAKE, MAKEFILE, "an include")
def include(text: str, editing: Editing) -> str | None:
    return f"-include {editing.mark()}.mk\n\n{text}"


@text_edit(MAKE, MAKEFILE, "all .PHONY in one line", may_conflict=True)
def phony(text: str, editing: Editing) -> str | None:
    names = re.findall(r"^\.PHONY: ([\w-]+)\n", text, re.MULTILINE)
    if len(names) < 3:
        return None
    text = re.sub(r"^\.PHONY: [\w-]+\n", "", text, flags=re.MULTILINE)
    return f".PHONY: {' '.join(names)} {editing.mark()}\n\n{text}"


@text_edit(DOCKER, DOCKERFILE, "a RUN")
def run(text: str, editing: Editing) -> str | None:
    found = [*_INSTRUCTION.finditer(text)]
    if len(found) < 2:
        return None
    place = editing.random.choice([m for m in found if m[1] != "FROM"] or found).start()
    return f"{text[:place]}RUN echo {editing.mark()}\n{text[place:]}"


@text_edit(DOCKER, DOCKERFILE, "an ENV")
def env(text: str, editing: Editing) -> str | None:
    found = [*_INSTRUCTION.finditer(text)]
    if len(found) < 2:
        return None
    place = editing.random.choice(found[1:]).start()
    return f"{text[:place]}ENV {editing.mark().upper()}=1\n{text[place:]}"


@text_edit(
    DOCKER, DOCKERFILE, "a variable in an ENV of several lines", may_conflict=True
)
def env_line(text: str, editing: Editing) -> str | None:
    found = [*re.finditer(r"^    ([A-Z_]+)=\S+( \\)?\n", text, re.MULTILINE)]
    if not found:
        return None
    place = editing.random.choice(found).start()
    return f"{text[:place]}    {editing.mark().upper()}=1 \\\n{text[place:]}"


@text_edit(DOCKER, DOCKERFILE, "a stage")
def stage(text: str, editing: Editing) -> str | None:
    found = [*re.finditer(r"^FROM ", text, re.MULTILINE)]
    if not found:
        return None
    place = editing.random.choice(found).start()
    return f"{text[:place]}FROM alpine:3.22 AS {editing.mark()}\nRUN apk add --no-cache curl\n\n{text[place:]}"


@text_edit(DOCKER, DOCKERFILE, "a comment")
def docker_comment(text: str, editing: Editing) -> str | None:
    found = [*_INSTRUCTION.finditer(text)]
    if not found:
        return None
    place = editing.random.choice(found).start()
    return f"{text[:place]}# {editing.mark()} asked for this\n{text[place:]}"


@text_edit(DOCKER, DOCKERFILE, "another base image", may_conflict=True)
def base_image(text: str, editing: Editing) -> str | None:
    return re.sub(
        r"^FROM (\S+)",
        rf"FROM registry.example.com/{editing.mark()}/\1",
        text,
        count=1,
        flags=re.MULTILINE,
    )


@text_edit(DOCKER, DOCKERFILE, "a LABEL at the end")
def label(text: str, editing: Editing) -> str | None:
    return f'{text.rstrip()}\nLABEL team="{editing.mark()}"\n'


@text_edit(DOCKER, DOCKERFILE, "an ARG at the top")
def arg(text: str, editing: Editing) -> str | None:
    return text.replace("\nFROM ", f"\nARG {editing.mark().upper()}=1\nFROM ", 1)


@text_edit(DOCKER, DOCKERFILE, "an instruction that is deleted")
def without_instruction(text: str, editing: Editing) -> str | None:
    found = [*re.finditer(r"^(EXPOSE|USER|WORKDIR) .*\n", text, re.MULTILINE)]
    return text.replace(editing.random.choice(found)[0], "", 1) if found else None


@text_edit(DOCKER, DOCKERFILE, "another command", may_conflict=True)
def command(text: str, editing: Editing) -> str | None:
    match = re.search(r"^CMD \[(.*)\]\n", text, re.MULTILINE)
    if not match:
        return None
    return text.replace(match[0], f'CMD [{match[1]}, "--{editing.mark()}"]\n')


@text_edit(DOCKER, DOCKERFILE, "blank lines")
def docker_blank(text: str, editing: Editing) -> str | None:
    found = [*_INSTRUCTION.finditer(text)]
    if not found:
        return None
    place = editing.random.choice(found).start()
    return f"{text[:place]}\n{text[place:]}"


@project_edit(DOCKER, "a Dockerfile with another name")
def renamed(editing: Editing) -> bool:
    if not (editing.root / "Dockerfile").is_file():
        return False
    editing.move(
        "Dockerfile",
        editing.random.choice(
            ("docker/Dockerfile", "Dockerfile.prod", "api.Dockerfile")
        ),
    )
    return True
