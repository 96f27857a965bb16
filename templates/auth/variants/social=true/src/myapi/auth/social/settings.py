from typing import Annotated, Literal, Self

from pydantic import BaseModel, SecretStr, StringConstraints, model_validator

URL = Annotated[str, StringConstraints(pattern=r"^https?://[^\s/#]+[^\s#]*$")]


class SocialSettings(BaseModel):
    """A provider is on as soon as it has a client id and a client secret."""

    # Where browsers reach this API, and where they go with a login.
    api_url: URL = "http://localhost:8000"
    return_url: URL = "http://localhost:8000/docs"

    google_client_id: str = ""
    google_client_secret: SecretStr = SecretStr("")
    github_client_id: str = ""
    github_client_secret: SecretStr = SecretStr("")
    # Any other provider that speaks OpenID Connect.
    oidc_issuer: URL | Literal[""] = ""
    oidc_client_id: str = ""
    oidc_client_secret: SecretStr = SecretStr("")

    @model_validator(mode="after")
    def refuse_half_a_provider(self) -> Self:
        for name, id_, secret in (
            ("GOOGLE", self.google_client_id, self.google_client_secret),
            ("GITHUB", self.github_client_id, self.github_client_secret),
            ("OIDC", self.oidc_client_id, self.oidc_client_secret),
        ):
            if bool(id_) != bool(secret.get_secret_value()):
                raise ValueError(
                    f"SOCIAL_{name}_CLIENT_ID and SOCIAL_{name}_CLIENT_SECRET "
                    "go together: one of them is empty"
                )
        if self.oidc_client_id and not self.oidc_issuer:
            raise ValueError("SOCIAL_OIDC_CLIENT_ID needs SOCIAL_OIDC_ISSUER")
        return self

    def production_problems(self) -> list[str]:
        if not (self.google_client_id or self.github_client_id or self.oidc_client_id):
            return []
        urls = {
            "SOCIAL_API_URL": self.api_url,
            "SOCIAL_RETURN_URL": self.return_url,
            "SOCIAL_OIDC_ISSUER": self.oidc_issuer,
        }
        return [
            f"{name} is {url}: in production it has to be https://"
            for name, url in urls.items()
            if url and not url.startswith("https://")
        ]
