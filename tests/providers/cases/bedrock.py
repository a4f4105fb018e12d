"""Amazon Bedrock: an export of the cost and usage report, in a folder laid out like the bucket."""

from __future__ import annotations

from pathlib import Path

from bot.providers.bedrock import Bedrock
from tests.providers.case import SECRET, Case

CASE = Case(
    provider=Bedrock,
    config={
        "location": str(Path(__file__).parents[2] / "fixtures" / "bedrock"),
        "secret_access_key": SECRET,
    },
    required={},
    is_http=False,
)
