"""The migration that makes one head of several: it follows them all, and changes
nothing. Alembic writes the same with `alembic merge heads`."""

from pathlib import PurePosixPath

from fastgen.migrations.chain import History, free_path
from fastgen.migrations.text import alembic_text, revision_id, with_migration
from fastgen.tree import Files, Tree

_LONGEST = 80
"""Characters of a file's name."""


def with_one_head(tree: Tree, past: History, files: Files, module: str) -> Tree:
    """`tree` with the migration of `module` that follows all heads of `past`; as it is,
    where there is one head. The same heads give the same migration, whoever writes
    it."""
    heads = past.heads
    if len(heads) < 2:
        return tree
    scripts = sorted((past.scripts[head] for head in heads), key=lambda s: s.path)
    stems = [PurePosixPath(script.path).stem for script in scripts]
    name = f"merge_{'_'.join(stems)}"[:_LONGEST].rstrip("_")
    place = PurePosixPath(scripts[0].path).with_name(f"{name}.py")
    revision = revision_id("\n".join([*heads, past.salt, "merge"]))
    text = alembic_text(f"Merges {' and '.join(stems)}", revision, heads)
    return with_migration(tree, free_path(str(place), files), text, module)
