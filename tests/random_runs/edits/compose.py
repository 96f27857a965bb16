"""Edits of compose.yaml."""

import re

from .editing import Editing, inserted, project_edit, text_edit, with_match

GROUP = "YAML"
YAML = r"^(?!.*(chart|templates)/).*\.ya?ml$"
COMPOSE = r"compose\.ya?ml$"
PIPELINE = r"^\.github/workflows/\w+\.yml$"
GITLAB = r"^\.gitlab-ci\.yml$"
HOOKS = r"^\.pre-commit-config\.yaml$"


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
    return with_match(text, match, f"{match[1]}{match[2]}: {{ {items} }}\n")


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
    line = f'{match[1]}  {editing.mark().upper()}: "1"\n'
    return inserted(text, match.end(), line)


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
    port = f'"127.0.0.1:9{editing.number % 1000:03}:9000"'
    line = f"{match[1]}  - {port}  # {editing.mark()}\n"
    return inserted(text, match.end(), line)


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
    return with_match(text, match, f"image: {editing.mark()}/{match[1]}\n")


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


@project_edit(GROUP, "compose.override.yaml")
def override(editing: Editing) -> bool:
    if (editing.root / "compose.override.yaml").exists():
        return False
    editing.write(
        "compose.override.yaml",
        f'services:\n  app:\n    environment:\n      {editing.mark().upper()}: "1"\n',
    )
    return True
