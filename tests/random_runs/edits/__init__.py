"""The kinds of edits that people make to a project, by name."""

from . import (
    files,
    line_files,
    markdown,
    migrations,
    moves,
    project_files,
    python_additions,
    python_changes,
    python_layout,
    python_names,
    python_orders,
    recipes,
    toml,
    yaml_files,
)
from .editing import KINDS, Edit, Editing, Kind

__all__ = [
    "KINDS",
    "Edit",
    "Editing",
    "Kind",
    "files",
    "line_files",
    "markdown",
    "migrations",
    "moves",
    "project_files",
    "python_additions",
    "python_changes",
    "python_layout",
    "python_names",
    "python_orders",
    "recipes",
    "toml",
    "yaml_files",
]
