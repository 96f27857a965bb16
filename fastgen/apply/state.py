"""Where fastgen keeps its own records in a project."""

import os
from pathlib import Path

STATE = ".fastgen"


def transaction_folder(root: Path) -> Path:
    """There while a transaction is under way, or was cut off."""
    return root / STATE / "transaction"


def history_folder(root: Path, number: int) -> Path:
    return root / STATE / "history" / f"{number:04}"


def is_cut_off(root: Path) -> bool:
    """Whether a transaction was begun and has not ended. Cheap to ask, and to import:
    every command does."""
    return os.path.lexists(transaction_folder(root))
