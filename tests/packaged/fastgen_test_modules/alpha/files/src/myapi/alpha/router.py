from fastapi import APIRouter

from myapi.alpha.service import first_letter

router = APIRouter(prefix="/alpha", tags=["alpha"])


@router.get("")
async def read_alpha() -> dict[str, str]:
    return {"letter": first_letter()}
