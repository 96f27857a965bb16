"""The names of variables in generated code, which must not hide something."""

import builtins
import keyword

_VARIABLES = frozenset(
    """
    after auth changes client found name new other owner_id page pair pairs queries
    query reader row router rows schemas service session sessions source status url user
    values visitor metadata health lifespan listing api app about settings config
    add_error_handlers configure_logging create_app get_settings operation_id
    problem_schemas
    """.split()  # noqa: SIM905
)


def variable_of(singular: str) -> str:
    """The name of a variable that holds one; none that hides something."""
    hides = (
        singular in _VARIABLES
        or keyword.iskeyword(singular)
        or keyword.issoftkeyword(singular)
        or hasattr(builtins, singular)
    )
    return f"{singular}_row" if hides else singular


def router_name(plural: str) -> str:
    """What main.py calls its router."""
    return f"{plural}_router" if plural in _VARIABLES else plural


def by_id(singular: str) -> str:
    """What the statement is called that reads one."""
    return f"{singular.upper()}_BY_ID"
