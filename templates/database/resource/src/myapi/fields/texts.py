from typing import Annotated

from pydantic import AfterValidator, Field


def without_nul(text: str) -> str:
    if "\0" in text:
        raise ValueError("it has a character NUL")
    return text


# PostgreSQL keeps none in a text.
WITHOUT_NUL = AfterValidator(without_nul)

Text = Annotated[str, Field(pattern=r"^[^\x00]*$")]
