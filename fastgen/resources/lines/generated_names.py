"""The names of variables in generated code, which must not hide something."""

import builtins
import keyword
from collections.abc import Collection

_VARIABLES = frozenset(
    """
    auth changes client found name new other owner_id page pair pairs query row router
    rows schemas service session sessions source status url user values visitor metadata
    health lifespan api app about settings config
    add_error_handlers configure_logging create_app get_settings operation_id
    problem_schemas
    """.split()  # noqa: SIM905
)


_IN_FUNCTIONS = frozenset(
    """
    check_found check_references col field flush paginate related select selectinload
    sent value
    """.split()  # noqa: SIM905
)
"""What functions with such a variable call or set: those of services (`related` with
SQLModel), and `sent` in the load test."""

_IN_MAIN = frozenset(
    """
    add_error_handlers components configure_logging create_app document get_settings
    operation_id problem_schemas route
    """.split()  # noqa: SIM905
)
"""What main.py has beside its routers."""

_OF_LOCUST = frozenset({"between", "wait_time"})


def variable_of(singular: str) -> str:
    """The name of a variable that holds one; none that hides something."""
    hides = (
        singular in _VARIABLES | _IN_FUNCTIONS
        or keyword.iskeyword(singular)
        or keyword.issoftkeyword(singular)
        or hasattr(builtins, singular)
    )
    return f"{singular}_row" if hides else singular


def router_name(plural: str, taken: Collection[str] = ()) -> str:
    """What main.py calls its router; `taken` are the names that modules bring there."""
    hides = (
        plural in _VARIABLES | _IN_MAIN or plural in taken or hasattr(builtins, plural)
    )
    return f"{plural}_router" if hides else plural


def task_name(plural: str, taken: Collection[str] = ()) -> str:
    """What the load test calls its task; `taken` are the names of other tasks."""
    hides = plural in _OF_LOCUST or plural in taken or hasattr(builtins, plural)
    return f"{plural}_task" if hides else plural
