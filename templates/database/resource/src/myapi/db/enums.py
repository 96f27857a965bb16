from enum import StrEnum

from sqlalchemy import Enum


def text_enum(members: type[StrEnum], name: str) -> Enum:
    """A text column with a CHECK constraint, which a migration can change."""
    values = [member.value for member in members]
    return Enum(
        members,
        name=name,
        length=50,
        native_enum=False,
        create_constraint=True,
        values_callable=lambda _: values,
    )
