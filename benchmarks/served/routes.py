"""The answer that is measured, and the names of twelve routers of five routes each."""

NAMES = [f"things{number}" for number in range(12)]


async def answer() -> dict[str, str]:
    return {"status": "ok"}
