"""How to reach the workspace."""

from __future__ import annotations

from pydantic import BaseModel, ConfigDict, Field, SecretStr, model_validator


class Config(BaseModel):
    """With an ``app_token`` Upshot listens by Socket Mode, else at a URL with the secret."""

    model_config = ConfigDict(frozen=True, hide_input_in_errors=True, extra="forbid")

    bot_token: SecretStr = Field(description="the bot token (xoxb-…) of the installed app")
    signing_secret: SecretStr | None = Field(
        default=None, description="to listen at a URL: proves that a request comes from Slack"
    )
    app_token: SecretStr | None = Field(
        default=None, description="to listen by Socket Mode: an app-level token (xapp-…)"
    )
    api_url: str = Field(
        default="https://slack.com/api/", description="where Slack's Web API is reached"
    )

    @model_validator(mode="after")
    def _can_listen(self) -> Config:
        if self.signing_secret is None and self.app_token is None:
            raise ValueError("needs a signing_secret, or an app_token for Socket Mode")
        return self
