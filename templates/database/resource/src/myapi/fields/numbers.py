"""Numbers of JSON: neither texts nor booleans are taken for them."""

from typing import Annotated

from pydantic import Field

Int32 = Annotated[int, Field(strict=True, gt=-(2**31), lt=2**31)]
# Greater numbers are not exact in JavaScript.
Int53 = Annotated[int, Field(strict=True, gt=-(2**53), lt=2**53)]
Float = Annotated[float, Field(strict=True, allow_inf_nan=False)]
