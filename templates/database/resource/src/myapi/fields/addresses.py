from typing import Annotated

from pydantic import AfterValidator, EmailStr, Field

EmailAddress = Annotated[EmailStr, AfterValidator(str.lower)]
WebAddress = Annotated[
    str,
    Field(
        max_length=2048,
        pattern=r"^https?://[A-Za-z0-9-]+(\.[A-Za-z0-9-]+)*(:[0-9]{1,5})?([/?#][!-~]*)?$",
        examples=["https://example.com"],
    ),
]
