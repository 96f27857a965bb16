"""Types of columns that are the same on every database."""

from decimal import Decimal
from typing import Any

from sqlalchemy import Numeric, TypeDecorator
from sqlalchemy.engine import Dialect
from sqlalchemy.types import TypeEngine


class FixedDecimal(TypeDecorator[Decimal]):
    """Exact; on SQLite, which has floating point alone, up to 15 digits are."""

    impl = Numeric
    cache_ok = True

    def __init__(self, precision: int, scale: int) -> None:
        super().__init__(precision, scale)
        self.precision = precision
        self.scale = scale

    def load_dialect_impl(self, dialect: Dialect) -> TypeEngine[Any]:
        if dialect.name != "sqlite":
            return dialect.type_descriptor(Numeric(self.precision, self.scale))
        return dialect.type_descriptor(
            Numeric(self.precision, self.scale, asdecimal=False)
        )

    def process_result_value(
        self, value: float | Decimal | None, dialect: Dialect
    ) -> Decimal | None:
        if value is None or isinstance(value, Decimal):
            return value
        return Decimal(str(value)).quantize(Decimal(1).scaleb(-self.scale))
