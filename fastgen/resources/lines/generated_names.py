"""Variable names in generated code that do not shadow other names."""

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
"""Names that functions with such a variable use: in services (`related` with SQLModel)
and in the load test (`sent`)."""

_IN_MAIN = frozenset(
    """
    add_docs add_error_handlers components configure_logging create_app document
    document_operations get_settings operation_id problem_schemas route
    """.split()  # noqa: SIM905
)
"""Names in main.py besides its routers."""

_OF_LOCUST = frozenset({"between", "wait_time"})


def variable_of(singular: str) -> str:
    """The name of a variable with one row; never a shadowing name."""
    hides = (
        singular in _VARIABLES | _IN_FUNCTIONS
        or keyword.iskeyword(singular)
        or keyword.issoftkeyword(singular)
        or hasattr(builtins, singular)
    )
    return f"{singular}_row" if hides else singular


def router_name(plural: str, taken: Collection[str] = ()) -> str:
    """The name of the router in main.py. `taken` are the names of modules there."""
    hides = (
        plural in _VARIABLES | _IN_MAIN or plural in taken or hasattr(builtins, plural)
    )
    return f"{plural}_router" if hides else plural


def task_name(plural: str, taken: Collection[str] = ()) -> str:
    """The name of the task in the load test. `taken` are the names of other tasks."""
    hides = plural in _OF_LOCUST or plural in taken or hasattr(builtins, plural)
    return f"{plural}_task" if hides else plural
