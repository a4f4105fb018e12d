"""How to reach the workspace."""

from __future__ import annotations

from pydantic import BaseModel, ConfigDict, SecretStr, model_validator


class Config(BaseModel):
    """With an ``app_token`` Upshot listens by Socket Mode, else at a URL with the secret."""

    model_config = ConfigDict(frozen=True, hide_input_in_errors=True, extra="forbid")

    bot_token: SecretStr
    signing_secret: SecretStr | None = None
    app_token: SecretStr | None = None
    api_url: str = "https://slack.com/api/"

    @model_validator(mode="after")
    def _can_listen(self) -> Config:
        if self.signing_secret is None and self.app_token is None:
            raise ValueError("needs a signing_secret, or an app_token for Socket Mode")
        return self
