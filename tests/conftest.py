"""What every test may ask for: a database of its own, and an environment without settings."""

from __future__ import annotations

import gc
import logging
import os
from collections.abc import AsyncIterator, Iterator
from pathlib import Path

import pytest
import structlog
from hypothesis import settings
from xdist.scheduler import LoadGroupScheduling
from xdist.workermanage import WorkerController

from bot.logs import Writer
from bot.settings import KNOWN_ELSEWHERE
from db.database import Database, make_engine
from tests.db.server import Server, TestUrls, running_server
from tests.living_threads import share_threads

gc.disable()
share_threads()
settings.register_profile("test", max_examples=50, deadline=None)
settings.register_profile("soak", max_examples=1_000, deadline=None)
settings.load_profile("soak" if os.environ.get("UPSHOT_SOAK") else "test")


def pytest_collection_finish() -> None:
    """What is loaded by now stays to the end: nobody has to look through it again and again."""
    gc.freeze()
    gc.enable()


@pytest.fixture(scope="session")
def server() -> Iterator[Server]:
    with running_server() as running:
        yield running


@pytest.fixture
def urls(server: Server) -> Iterator[TestUrls]:
    """A migrated database of its own, for whoever starts the bot in another process."""
    with server.database() as fresh:
        yield fresh


@pytest.fixture
async def database(urls: TestUrls) -> AsyncIterator[Database]:
    """The same as the bot works with it: in the worker's role."""
    opened = Database(make_engine(urls.worker))
    yield opened
    await opened.close()


@pytest.fixture(autouse=True)
def _no_settings(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in (*os.environ, "PORT"):
        if name == "PORT" or (name.startswith("UPSHOT_") and name not in KNOWN_ELSEWHERE):
            monkeypatch.delenv(name, raising=False)


@pytest.fixture
def empty_folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The working folder, so that no ``.env`` is found."""
    monkeypatch.chdir(tmp_path)
    return tmp_path


@pytest.fixture(autouse=True)
def _quiet_logs() -> Iterator[None]:
    """Nothing on the terminal; a test that looks at logs configures them, and is cleaned up."""
    level = logging.root.level
    structlog.configure(
        processors=[structlog.processors.KeyValueRenderer()],
        logger_factory=structlog.ReturnLoggerFactory(),
    )
    yield
    structlog.reset_defaults()
    logging.root.handlers = [h for h in logging.root.handlers if not isinstance(h, Writer)]
    logging.root.setLevel(level)


TOGETHER = {
    "tests/browser/": "browser",
    "tests/playground/page/test_page_in_chromium.py": "browser",
    "tests/domain/disclosure/test_attacks.py": "attacks",
    "tests/end_to_end/test_where_numbers_flow.py": "town",
    "tests/end_to_end/test_what_people_read.py": "town",
}
"""What shares something that takes long to start, and so runs in one process."""


class Together(LoadGroupScheduling):
    """xdist's own groups go by a name within an item's id, which pytest 9.2 does not let it add.

    A test with many cases is one piece of work, and what is done is forgotten: xdist counts all
    that it ever handed out after each test, which took longer than most of the tests.
    """

    def _split_scope(self, nodeid: str) -> str:
        test = nodeid.partition("[")[0]
        return next((group for place, group in TOGETHER.items() if test.startswith(place)), test)

    def mark_test_complete(
        self, node: WorkerController, item_index: int, duration: float = 0
    ) -> None:
        super().mark_test_complete(node, item_index, duration)
        handed_out = self.assigned_work[node]
        scope = self._split_scope(self.registered_collections[node][item_index])
        if all(handed_out[scope].values()):
            del handed_out[scope]


@pytest.hookimpl(optionalhook=True)
def pytest_xdist_make_scheduler(config: pytest.Config, log: object) -> LoadGroupScheduling:
    return Together(config, log)
