"""A migration that merges several heads without other changes, like `alembic merge
heads`."""

from pathlib import PurePosixPath

from fastgen.migrations.chain import History, free_path
from fastgen.migrations.text import alembic_text, revision_id, with_migration
from fastgen.tree import Files, Tree

_LONGEST = 80
"""The maximum number of characters in a file name."""


def with_one_head(tree: Tree, past: History, files: Files, module: str) -> Tree:
    """`tree` with a migration of `module` that follows all heads of `past`; unchanged
    if there is only one.

    The same heads always give the same migration.
    """
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
