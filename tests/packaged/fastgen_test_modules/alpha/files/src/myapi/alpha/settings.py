from pydantic import BaseModel, SecretStr


class AlphaSettings(BaseModel):
    secret: SecretStr = SecretStr("")
    size: int = 3
