import json
from typing import Annotated, Any

from pydantic import AfterValidator

DEPTH = 100


def is_deeper(value: object, levels: int) -> bool:
    parts: list[object] = []
    if isinstance(value, dict):
        parts = [*value.values()]
    elif isinstance(value, list):
        parts = value
    return levels == 0 or any(is_deeper(part, levels - 1) for part in parts)


def writable(value: dict[str, Any]) -> dict[str, Any]:
    """What came in as JSON is not always what can go out as JSON."""
    if is_deeper(value, DEPTH):
        raise ValueError(f"it is nested more than {DEPTH} levels deep")
    text = json.dumps(value, allow_nan=False, ensure_ascii=False)
    try:
        text.encode()
    except UnicodeEncodeError:
        raise ValueError("it has half a character") from None
    if r"\u0000" in text.replace("\\\\", ""):  # PostgreSQL keeps none
        raise ValueError("it has a character NUL")
    return value


JsonObject = Annotated[dict[str, Any], AfterValidator(writable)]
