"""Both, from one place."""

from myapi.alpha.service import first_letter
from myapi.gamma.greeting import greeting


def both() -> str:
    return f"{first_letter()}: {greeting()}"
