"""What the tests of faults share: how long they go on, a table of what they saw, a folder."""

from __future__ import annotations

import os
import tempfile
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from tests.db.server import TestUrls

HERE = Path(__file__).parent
IS_SOAK = bool(os.environ.get("UPSHOT_SOAK"))


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Lines are covered where they are tested by themselves: tracing doubles what a life takes."""
    for item in items:
        if item.path.is_relative_to(HERE):
            item.add_marker(pytest.mark.no_cover)


@pytest.fixture
def soak() -> bool:
    """Whether there is time for the long version."""
    return IS_SOAK


@pytest.fixture
def show(capsys: pytest.CaptureFixture[str]) -> Callable[[str], None]:
    """Print one line of the table: always in the long version, else with ``-s``."""

    def line(row: str) -> None:
        if IS_SOAK:
            with capsys.disabled():
                print(f"\n{row}", end="")  # noqa: T201 - it is what is asked for
        else:
            print(row)  # noqa: T201

    return line


@pytest.fixture
def folder() -> Iterator[Path]:
    """A short path: a socket's has little room."""
    with tempfile.TemporaryDirectory(prefix="upshot-", ignore_cleanup_errors=True) as path:
        yield Path(path)


@pytest.fixture
def given(urls: TestUrls) -> dict[str, str]:
    """The settings of a database that is there already."""
    return {"UPSHOT_DATABASE_URL": urls.worker, "UPSHOT_DATABASE_OWNER_URL": urls.owner}
