"""Usage that in-house agent platforms send: neutral records, by HTTP or as a file."""

from __future__ import annotations

from pathlib import Path

from pydantic import BaseModel, ConfigDict, Field, SecretStr


class Config(BaseModel):
    """What turns it on."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    token: SecretStr = Field(
        min_length=24, description="the bearer token of POST /ingest/usage, 24 characters or more"
    )
    folder: Path | None = Field(
        default=None, description="what `upshot import` reads when no file is named"
    )
