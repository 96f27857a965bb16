from fastapi import Request
from fastapi.exceptions import RequestValidationError


async def each_once(request: Request) -> None:
    """Refuse what is given twice: only the last of it would count."""
    seen: set[str] = set()
    for name, _ in request.query_params.multi_items():
        if name in seen:
            message = "Given more than once"
            error = {"loc": ("query", name), "msg": message, "type": "repeated"}
            raise RequestValidationError([error])
        seen.add(name)
