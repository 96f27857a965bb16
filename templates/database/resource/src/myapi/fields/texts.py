from typing import Annotated
from unicodedata import category

from pydantic import AfterValidator, Field

# Control, zero-width and direction characters, and spaces.
INVISIBLE = ("Cc", "Cf", "Zl", "Zp", "Zs")
# Letters and signs without a picture.
FILLERS = "\u034f\u115f\u1160\u2800\u3164\uffa0"


def without_nul(text: str) -> str:
    if "\0" in text:
        raise ValueError("it has a character NUL")
    return text


def visible(text: str) -> str:
    if all(category(c) in INVISIBLE or c in FILLERS for c in text):
        raise ValueError("it has no character that can be seen")
    return text


# PostgreSQL keeps none in a text.
WITHOUT_NUL = AfterValidator(without_nul)

Text = Annotated[str, Field(pattern=r"^[^\x00]*$")]
ShortText = Annotated[Text, Field(max_length=200)]
VisibleText = Annotated[
    str, Field(pattern=r"^[^\x00]*[^\s\x00][^\x00]*$"), AfterValidator(visible)
]
