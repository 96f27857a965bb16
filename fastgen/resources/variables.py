"""The names of variables in generated code, which must not hide something."""

import builtins
import keyword

_VARIABLES = frozenset(
    """
    after auth changes client found new page pairs queries query row router rows schemas
    service session sessions status user values metadata health lifespan api app about
    settings config
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
