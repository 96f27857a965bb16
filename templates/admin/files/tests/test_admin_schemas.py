from typing import Self

import pytest
from pydantic import BaseModel, model_validator
from starlette_admin.exceptions import FormValidationError

from myapi.admin.schemas import checked


class PriceUpdate(BaseModel):
    name: str = ""
    lowest: int = 0
    highest: int = 0

    @model_validator(mode="after")
    def check_order(self) -> Self:
        if self.lowest > self.highest:
            raise ValueError("The lowest price is above the highest.")
        return self


def test_what_is_wrong_with_several_fields_is_said_at_the_first() -> None:
    with pytest.raises(FormValidationError) as refused:
        checked(PriceUpdate, {"lowest": 2, "highest": 1})
    ((name, message),) = refused.value.errors.items()
    assert name == "lowest"
    assert "above the highest" in str(message)
