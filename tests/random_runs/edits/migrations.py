"""Edits of migrations, and migrations that people write."""

import re

from .editing import Editing, project_edit, text_edit
from .source import with_lines

GROUP = "migrations"
VERSIONS = r"/migrations/versions/\w+\.py$"

_REVISION = re.compile(r'^revision(?:: str)? = "(\w+)"', re.MULTILINE)
_DOWN = re.compile(r"^down_revision(?:: [^=]+)? = (.+)$", re.MULTILINE)


def _heads(editing: Editing) -> dict[str, str]:
    """The path of each migration that none follows, with its revision."""
    found, followed = {}, set()
    for path in editing.paths(VERSIONS):
        text = editing.read(path)
        revision, down = _REVISION.search(text), _DOWN.search(text)
        if revision and down:
            found[path] = revision[1]
            followed |= set(re.findall(r'"(\w+)"', down[1]))
    return {
        path: revision for path, revision in found.items() if revision not in followed
    }


@project_edit(GROUP, "a file with a date in its name")
def dated(editing: Editing) -> bool:
    found = [p for p in editing.paths(VERSIONS) if not re.search(r"/20\d\d", p)]
    if not found:
        return False
    path = editing.random.choice(found)
    folder, _, name = path.rpartition("/")
    editing.move(path, f"{folder}/20260801_1200_{name}")
    return True


@project_edit(GROUP, "a migration of one's own")
def own_migration(editing: Editing) -> bool:
    heads = _heads(editing)
    if len(heads) != 1:
        return False
    ((path, head),) = heads.items()
    revision = f"{editing.number:012x}"
    name = editing.mark()
    text = (
        f'"""Adds {name}.\n\nRevision ID: {revision}\nRevises: {head}\n"""\n\n'
        "from collections.abc import Sequence\n\nimport sqlalchemy as sa\nfrom alembic import op\n\n"
        f'revision: str = "{revision}"\ndown_revision: str | Sequence[str] | None = "{head}"\n'
        "branch_labels: str | Sequence[str] | None = None\ndepends_on: str | Sequence[str] | None = None\n\n\n"
        f'def upgrade() -> None:\n    op.create_table("{name}", sa.Column("id", sa.Integer(), primary_key=True))\n\n\n'
        f'def downgrade() -> None:\n    op.drop_table("{name}")\n'
    )
    editing.write(f"{path.rpartition('/')[0]}/{name}.py", text)
    return True


@text_edit(GROUP, VERSIONS, "a statement in upgrade")
def statement(text: str, editing: Editing) -> str | None:
    match = re.search(r"^def upgrade\(\) -> None:\n", text, re.MULTILINE)
    if not match:
        return None
    return f"{text[: match.end()]}    op.execute(\"SELECT '{editing.mark()}'\")\n{text[match.end() :]}"


@text_edit(GROUP, VERSIONS, "another docstring")
def docstring(text: str, editing: Editing) -> str | None:
    return (
        text.replace('"""', f'"""{editing.mark()}: ', 1)
        if text.startswith('"""')
        else None
    )


@text_edit(GROUP, VERSIONS, "a comment")
def comment(text: str, editing: Editing) -> str | None:
    at = text[: text.find("def upgrade")].count("\n")
    return (
        with_lines(text, at, f"# {editing.mark()} ran this on Monday")
        if "def upgrade" in text
        else None
    )


@text_edit(GROUP, VERSIONS, "no annotations")
def bare(text: str, editing: Editing) -> str | None:
    return re.sub(
        r"^(revision|down_revision|branch_labels|depends_on): [^=]+ =",
        r"\1 =",
        text,
        flags=re.MULTILINE,
    )


@project_edit(GROUP, "two migrations in one", rare=True)
def squashed(editing: Editing) -> bool:
    """The second one's statements go into the first one, which takes its revision."""
    texts = {path: editing.read(path) for path in editing.paths(VERSIONS)}
    revisions = {
        m[1]: path for path, text in texts.items() if (m := _REVISION.search(text))
    }
    pairs = [
        (revisions[m[1]], path)
        for path, text in texts.items()
        if (down := _DOWN.search(text))
        and (m := re.fullmatch(r'"(\w+)"', down[1].strip()))
        and m[1] in revisions
    ]
    if not pairs:
        return False
    first, second = editing.random.choice(pairs)
    one, other = texts[first], texts[second]
    old, new = _REVISION.search(one), _REVISION.search(other)
    assert old
    assert new
    upgrade = re.search(r"def upgrade\(\) -> None:\n((?:(?: {4}.*)?\n)*)", other)
    if not upgrade or "def downgrade" not in one:
        return False
    merged = one.replace(old[1], new[1]).replace(
        "\n\n\ndef downgrade", f"\n{upgrade[1].rstrip()}\n\n\ndef downgrade", 1
    )
    if "from datetime" in other or merged.count("def upgrade") != 1:
        return False
    extra = [
        line
        for line in other.splitlines()
        if line.startswith(("import ", "from ")) and line not in merged
    ]
    for line in extra:
        merged = merged.replace(
            "import sqlalchemy as sa\n", f"import sqlalchemy as sa\n{line}\n", 1
        )
    editing.write(first, merged)
    editing.delete(second)
    return True
