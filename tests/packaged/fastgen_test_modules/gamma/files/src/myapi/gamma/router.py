from fastapi import APIRouter

from myapi.gamma.greeting import greeting

router = APIRouter(prefix="/gamma", tags=["gamma"])


@router.get("")
async def read_gamma() -> dict[str, str]:
    return {"greeting": greeting()}
