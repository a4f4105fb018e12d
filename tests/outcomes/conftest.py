import gzip
import json
import subprocess

import pytest

from tests.outcomes.repositories import Repo
from tests.shared_data import shared


@pytest.fixture(scope="session")
def history(tmp_path_factory):
    """The real history, rebuilt as its README says."""
    stream = gzip.decompress(shared("data/history.fast-import.gz").read_bytes())
    folder = tmp_path_factory.mktemp("real") / "history.git"
    subprocess.run(["git", "init", "--quiet", "--bare", folder], check=True)
    git = ["git", "-C", folder]
    subprocess.run([*git, "fast-import", "--quiet"], input=stream, check=True)
    subprocess.run([*git, "symbolic-ref", "HEAD", "refs/heads/main"], check=True)
    return folder


@pytest.fixture(scope="session")
def truth():
    return json.loads(shared("data/history-truth.json").read_text())


@pytest.fixture
def repo(tmp_path):
    return Repo.create(tmp_path / "app")
