"""Real data that lies beside the checkout, and is not part of it."""

import os
from pathlib import Path

import pytest

SHARED = Path(__file__).resolve().parents[2] / "shared"


def shared(path: str) -> Path:
    """A file of ``../shared``; without it the test is skipped, or fails where all is required."""
    found = SHARED / path
    if not found.exists():
        complaint = f"needs ../shared/{path} beside the checkout"
        if os.environ.get("UPSHOT_REQUIRE_ALL"):
            pytest.fail(complaint, pytrace=False)
        pytest.skip(complaint)
    return found
