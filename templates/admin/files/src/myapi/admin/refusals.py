"""What the database does not take, in words for people."""

import re

from sqlalchemy.exc import OperationalError, ProgrammingError, StatementError

MESSAGES = {
    "unique": "Another row has this value.",
    "foreign key": "There is no such row.",
    "not.null": "This field is required.",
    "": "The database does not take this value.",
}


def is_refusal(error: Exception) -> bool:
    """Whether the value is wrong, and not the statement: a table may be missing."""
    broken = isinstance(error, (OperationalError, ProgrammingError))
    # SQLite's driver has the latter of its own for a number that is too great.
    return isinstance(error, (StatementError, OverflowError)) and not broken


def message_of(cause: str) -> str:
    return next(
        message
        for words, message in MESSAGES.items()
        if re.search(words, cause, re.IGNORECASE)
    )
