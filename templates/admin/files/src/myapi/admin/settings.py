from typing import Annotated

from pydantic import BaseModel, StringConstraints

Path = Annotated[str, StringConstraints(pattern=r"^(/[A-Za-z0-9_-]+)+$")]


class AdminSettings(BaseModel):
    enabled: bool = True
    path: Path = "/admin"
