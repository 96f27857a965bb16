"""The folder with fastgen's own records in a project."""

import os
from pathlib import Path

STATE = ".fastgen"


def transaction_folder(root: Path) -> Path:
    """The folder that exists while a transaction runs, or after it was interrupted."""
    return root / STATE / "transaction"


def history_folder(root: Path, number: int) -> Path:
    return root / STATE / "history" / f"{number:04}"


def is_cut_off(root: Path) -> bool:
    """Whether a transaction was started and not finished. Cheap to import and to call,
    because every command does."""
    return os.path.lexists(transaction_folder(root))
