"""What the commands of this package have in common."""

from sqlalchemy.exc import DBAPIError

from myapi.db.errors import is_unavailable


def what_is_wrong(error: DBAPIError) -> str:
    """One line for who runs a command, in the place of a traceback."""
    if is_unavailable(error):
        return "The database does not answer: is DATABASE_URL right?"
    return "The database lacks a table or a column: run `make migrate` first."
