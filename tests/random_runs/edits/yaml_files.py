"""Edits of YAML: compose.yaml, pipelines, hooks."""

import re

from .editing import Editing, project_edit, text_edit

GROUP = "YAML"
YAML = r"^(?!.*(chart|templates)/).*\.ya?ml$"
COMPOSE = r"compose\.ya?ml$"
PIPELINE = r"^\.github/workflows/\w+\.yml$"
GITLAB = r"^\.gitlab-ci\.yml$"
HOOKS = r"^\.pre-commit-config\.yaml$"


def _lines(text: str) -> list[str]:
    return text.splitlines(keepends=True)


def _indent(line: str) -> str:
    return line[: len(line) - len(line.lstrip())]


@text_edit(GROUP, YAML, "a comment")
def comment(text: str, editing: Editing) -> str | None:
    lines = _lines(text)
    places = [
        n
        for n, line in enumerate(lines)
        if re.match(r"\s*[\w\"-]+.*:?", line) and line.strip()
    ]
    places = [n for n in places if not _in_block(lines, n)]
    if not places:
        return None
    at = editing.random.choice(places)
    lines.insert(at, f"{_indent(lines[at])}# {editing.mark()} knows why\n")
    return "".join(lines)


@text_edit(GROUP, YAML, "a comment at the end of a line")
def trailing_comment(text: str, editing: Editing) -> str | None:
    lines = _lines(text)
    places = [
        n
        for n, line in enumerate(lines)
        if line.strip() and "#" not in line and "|" not in line and ">" not in line
    ]
    places = [n for n in places if not _in_block(lines, n)]
    if not places:
        return None
    at = editing.random.choice(places)
    lines[at] = f"{lines[at].rstrip()}  # {editing.mark()}\n"
    return "".join(lines)


def _in_block(lines: list[str], at: int) -> bool:
    """Whether the line is in a text of several lines."""
    depth = len(_indent(lines[at]))
    for line in reversed(lines[:at]):
        if line.strip() and len(_indent(line)) < depth:
            if re.search(r"[|>][+-]?\s*$", line):
                return True
            depth = len(_indent(line))
    return False


@text_edit(GROUP, YAML, "blank lines")
def blank(text: str, editing: Editing) -> str | None:
    lines = _lines(text)
    places = [n for n in range(len(lines)) if not _in_block(lines, n)]
    lines.insert(editing.random.choice(places), "\n")
    return "".join(lines)


@text_edit(GROUP, YAML, "blank lines that are deleted")
def without_blank(text: str, editing: Editing) -> str | None:
    lines = _lines(text)
    places = [n for n, line in enumerate(lines) if not line.strip()]
    if not places:
        return None
    del lines[editing.random.choice(places)]
    return "".join(lines)


@text_edit(GROUP, YAML, "a value in quotes")
def quotes(text: str, editing: Editing) -> str | None:
    found = [*re.finditer(r"^(\s+[\w-]+): ([A-Za-z][\w./-]*)$", text, re.MULTILINE)]
    found = [
        m
        for m in found
        if m[2] not in ("true", "false", "null", "yes", "no", "on", "off")
    ]
    if not found:
        return None
    match = editing.random.choice(found)
    quote = editing.random.choice("\"'")
    return f"{text[: match.start()]}{match[1]}: {quote}{match[2]}{quote}{text[match.end() :]}"


@text_edit(GROUP, YAML, "other quotes")
def other_quotes(text: str, editing: Editing) -> str | None:
    found = [*re.finditer(r': "([^"\'\\]*)"$', text, re.MULTILINE)]
    if not found:
        return None
    match = editing.random.choice(found)
    return f"{text[: match.start()]}: '{match[1]}'{text[match.end() :]}"


@text_edit(GROUP, YAML, "a document that begins with ---")
def document_start(text: str, editing: Editing) -> str | None:
    return None if text.startswith(("---", "%")) else f"---\n{text}"


@text_edit(GROUP, YAML, "keys in another order")
def key_order(text: str, editing: Editing) -> str | None:
    lines = _lines(text)
    simple = re.compile(r"^(\s*)[\w-]+: [^|>&{\[].*$")
    places = []
    for n in range(len(lines) - 1):
        one, other = simple.match(lines[n]), simple.match(lines[n + 1])
        below = lines[n + 2] if n + 2 < len(lines) else ""
        if (
            one
            and other
            and one[1] == other[1]
            and len(_indent(below)) <= len(one[1])
            and not _in_block(lines, n)
        ):
            places.append(n)
    if not places:
        return None
    at = editing.random.choice(places)
    lines[at], lines[at + 1] = lines[at + 1], lines[at]
    return "".join(lines)


@text_edit(GROUP, YAML, "a list in brackets")
def flow_list(text: str, editing: Editing) -> str | None:
    found = [
        *re.finditer(
            r"^(\s*)([\w-]+):\n((?:\1 *- [\w./:${}-]+\n)+)", text, re.MULTILINE
        )
    ]
    found = [m for m in found if ": " not in m[3] and "{" not in m[3]]
    if not found:
        return None
    match = editing.random.choice(found)
    items = ", ".join(f'"{line.strip()[2:]}"' for line in match[3].splitlines())
    return (
        f"{text[: match.start()]}{match[1]}{match[2]}: [{items}]\n{text[match.end() :]}"
    )


@text_edit(GROUP, YAML, "a list in lines")
def block_list(text: str, editing: Editing) -> str | None:
    found = [*re.finditer(r"^(\s*)([\w-]+): \[([^\[\]{}#]+)\]\n", text, re.MULTILINE)]
    found = [m for m in found if '", "' in m[3] or re.fullmatch(r"[\w, -]+", m[3])]
    if not found:
        return None
    match = editing.random.choice(found)
    items = re.findall(r'"[^"]*"|[^,\s]+', match[3])
    inner = "".join(f"{match[1]}  - {item}\n" for item in items)
    return f"{text[: match.start()]}{match[1]}{match[2]}:\n{inner}{text[match.end() :]}"


@text_edit(GROUP, COMPOSE, "a map in braces")
def flow_map(text: str, editing: Editing) -> str | None:
    found = [
        *re.finditer(
            r"^( +)([\w-]+):\n((?:\1  \w+: [\w\" ./:-]+\n)+)(?!\1 )", text, re.MULTILINE
        )
    ]
    if not found:
        return None
    match = editing.random.choice(found)
    items = ", ".join(line.strip() for line in match[3].splitlines())
    return f"{text[: match.start()]}{match[1]}{match[2]}: {{ {items} }}\n{text[match.end() :]}"


@text_edit(GROUP, COMPOSE, "an anchor and an alias")
def anchor(text: str, editing: Editing) -> str | None:
    if "x-" in text or "services:\n" not in text:
        return None
    name = editing.mark()
    text = text.replace(
        "services:\n",
        f"x-{name}: &{name}\n  logging:\n    driver: local\n\nservices:\n",
        1,
    )
    return re.sub(
        r"^(  app:\n)", rf"\1    <<: *{name}\n", text, count=1, flags=re.MULTILINE
    )


@text_edit(GROUP, COMPOSE, "a service")
def service(text: str, editing: Editing) -> str | None:
    found = [
        *re.finditer(
            r"^  [\w-]+:\n    (?=\w)", text.partition("\nvolumes:")[0], re.MULTILINE
        )
    ]
    if not found:
        return None
    block = (
        f'  {editing.mark()}:\n    image: nginx:1.29\n    ports:\n      - "8081:80"\n\n'
    )
    place = editing.random.choice(found).start()
    return f"{text[:place]}{block}{text[place:]}"


@text_edit(GROUP, COMPOSE, "a variable of a service")
def variable(text: str, editing: Editing) -> str | None:
    found = [*re.finditer(r"^( +)environment:\n", text, re.MULTILINE)]
    if not found:
        return None
    match = editing.random.choice(found)
    return f'{text[: match.end()]}{match[1]}  {editing.mark().upper()}: "1"\n{text[match.end() :]}'


@text_edit(GROUP, COMPOSE, "the variables of a service as a list")
def variables_as_list(text: str, editing: Editing) -> str | None:
    found = [
        *re.finditer(r"^( +)environment:\n((?:\1  \w+: .*\n)+)", text, re.MULTILINE)
    ]
    if not found:
        return None
    match = editing.random.choice(found)
    pairs = [line.strip().partition(": ") for line in match[2].splitlines()]
    inner = "".join(
        f"{match[1]}  - {key}={value.strip(chr(34))}\n" for key, _, value in pairs
    )
    return (
        f"{text[: match.start()]}{match[1]}environment:\n{inner}{text[match.end() :]}"
    )


@text_edit(GROUP, COMPOSE, "a port of a service")
def port(text: str, editing: Editing) -> str | None:
    found = [*re.finditer(r"^( +)ports:\n", text, re.MULTILINE)]
    if not found:
        return None
    match = editing.random.choice(found)
    return f'{text[: match.end()]}{match[1]}  - "127.0.0.1:9{editing.number % 1000:03}:9000"  # {editing.mark()}\n{text[match.end() :]}'


@text_edit(GROUP, COMPOSE, "a volume")
def volume(text: str, editing: Editing) -> str | None:
    if "\nvolumes:\n" in text:
        return text.replace("\nvolumes:\n", f"\nvolumes:\n  {editing.mark()}:\n", 1)
    return f"{text.rstrip()}\n\nvolumes:\n  {editing.mark()}:\n"


@text_edit(GROUP, COMPOSE, "a setting of a service")
def setting(text: str, editing: Editing) -> str | None:
    found = [
        *re.finditer(
            r"^  [\w-]+:\n(?=    )", text.partition("\nvolumes:")[0], re.MULTILINE
        )
    ]
    if not found:
        return None
    place = editing.random.choice(found).end()
    return f"{text[:place]}    container_name: {editing.mark()}\n{text[place:]}"


@text_edit(GROUP, COMPOSE, "another image", may_conflict=True)
def image(text: str, editing: Editing) -> str | None:
    found = [*re.finditer(r"image: (\S+)\n", text)]
    if not found:
        return None
    match = editing.random.choice(found)
    return f"{text[: match.start()]}image: {editing.mark()}/{match[1]}\n{text[match.end() :]}"


@text_edit(GROUP, COMPOSE, "a service that is deleted")
def without_service(text: str, editing: Editing) -> str | None:
    found = [
        *re.finditer(
            r"^  (?!app)[\w-]+:\n(?:    .*\n|\n(?=    ))+\n?",
            text.partition("\nvolumes:")[0],
            re.MULTILINE,
        )
    ]
    if not found:
        return None
    match = editing.random.choice(found)
    return text.replace(match[0], "", 1)


@text_edit(GROUP, PIPELINE, "a job")
def job(text: str, editing: Editing) -> str | None:
    found = [*re.finditer(r"^  \w+:\n    name: ", text, re.MULTILINE)]
    if not found:
        return None
    name = editing.mark()
    block = f"  {name}:\n    runs-on: ubuntu-24.04\n    steps:\n      - run: echo {name}\n\n"
    place = editing.random.choice(found).start()
    return f"{text[:place]}{block}{text[place:]}"


@text_edit(GROUP, PIPELINE, "a step")
def step(text: str, editing: Editing) -> str | None:
    found = [*re.finditer(r"^      - (?=run: |uses: )", text, re.MULTILINE)]
    if not found:
        return None
    place = editing.random.choice(found).start()
    return f"{text[:place]}      - run: echo {editing.mark()}\n{text[place:]}"


@text_edit(GROUP, PIPELINE, "a variable of a job")
def job_variable(text: str, editing: Editing) -> str | None:
    found = [*re.finditer(r"^    env:\n", text, re.MULTILINE)]
    if not found:
        return None
    place = editing.random.choice(found).end()
    return f'{text[:place]}      {editing.mark().upper()}: "1"\n{text[place:]}'


@text_edit(GROUP, PIPELINE, "a trigger", may_conflict=True)
def trigger(text: str, editing: Editing) -> str | None:
    if "workflow_dispatch" in text or "\n  pull_request:\n" not in text:
        return None
    return text.replace(
        "\n  pull_request:\n", "\n  pull_request:\n  workflow_dispatch:\n", 1
    )


@text_edit(GROUP, PIPELINE, "another version of an action", may_conflict=True)
def action(text: str, editing: Editing) -> str | None:
    found = [*re.finditer(r"uses: ([\w/-]+)@\w+.*\n", text)]
    if not found:
        return None
    match = editing.random.choice(found)
    return f"{text[: match.start()]}uses: {match[1]}@{editing.mark()}\n{text[match.end() :]}"


@text_edit(GROUP, PIPELINE, "another timeout", may_conflict=True)
def timeout(text: str, editing: Editing) -> str | None:
    return re.sub(
        r"timeout-minutes: \d+",
        f"timeout-minutes: {30 + editing.number % 20}",
        text,
        count=1,
    )


@text_edit(GROUP, PIPELINE, "a step that is deleted")
def without_step(text: str, editing: Editing) -> str | None:
    found = [*re.finditer(r"^      - run: make \w+\n", text, re.MULTILINE)]
    return (
        text.replace(editing.random.choice(found)[0], "", 1) if len(found) > 2 else None
    )


@text_edit(GROUP, GITLAB, "a job of GitLab")
def gitlab_job(text: str, editing: Editing) -> str | None:
    return f"{text.rstrip()}\n\n{editing.mark()}:\n  script:\n    - echo {editing.mark()}\n"


@text_edit(GROUP, HOOKS, "a hook")
def hook(text: str, editing: Editing) -> str | None:
    if "repos:\n" not in text:
        return None
    block = f"  - repo: https://example.com/{editing.mark()}\n    rev: v1.0.0\n    hooks:\n      - id: {editing.mark()}\n"
    return text.replace("repos:\n", f"repos:\n{block}", 1)


@text_edit(GROUP, YAML, "deeper lists")
def deeper_lists(text: str, editing: Editing) -> str | None:
    found = [
        *re.finditer(r"^( *)([\w-]+):\n((?:\1  - [^\n:]*\n)+)", text, re.MULTILINE)
    ]
    if not found:
        return None
    match = editing.random.choice(found)
    inner = "".join(f"  {line}\n" for line in match[3].splitlines())
    return f"{text[: match.start(3)]}{inner}{text[match.end() :]}"


@project_edit(GROUP, "a compose file with another name")
def renamed_compose(editing: Editing) -> bool:
    if (
        not (editing.root / "compose.yaml").is_file()
        or (editing.root / "compose.yaml").is_symlink()
    ):
        return False
    name = editing.random.choice(
        ("compose.yml", "docker-compose.yml", "docker-compose.yaml")
    )
    editing.move("compose.yaml", name)
    return True


@project_edit(GROUP, "a pipeline with the other ending")
def renamed_pipeline(editing: Editing) -> bool:
    found = editing.paths(PIPELINE)
    if not found:
        return False
    editing.move(found[0], found[0].removesuffix(".yml") + ".yaml")
    return True


@project_edit(GROUP, "a pipeline of one's own")
def own_pipeline(editing: Editing) -> bool:
    name = editing.mark()
    editing.write(
        f".github/workflows/{name}.yml",
        f"name: {name}\non: push\njobs:\n  one:\n    runs-on: ubuntu-24.04\n    steps:\n      - run: echo {name}\n",
    )
    return True


@project_edit(GROUP, "compose.override.yaml")
def override(editing: Editing) -> bool:
    if (editing.root / "compose.override.yaml").exists():
        return False
    editing.write(
        "compose.override.yaml",
        f'services:\n  app:\n    environment:\n      {editing.mark().upper()}: "1"\n',
    )
    return True
