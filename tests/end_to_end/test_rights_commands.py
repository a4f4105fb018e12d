"""``upshot export`` and ``upshot forget``, as an operator runs them for somebody who asked."""

from __future__ import annotations

import io
import json
import stat
import sys
from zipfile import ZipFile

import psycopg
import pytest

from db.migrate import driver_url
from tests.db.everything_personal import fill
from tests.end_to_end.command import typed

SECRET = "the secret of this installation"


@pytest.fixture
def upshot(tmp_path, urls):
    def run(*arguments: str, **settings: str):
        environ = {"UPSHOT_DATABASE_URL": urls.worker, "UPSHOT_SECRET": SECRET, **settings}
        return typed(*arguments, environ=environ, folder=tmp_path)

    return run


@pytest.fixture
async def filled(database) -> None:
    await fill(database)


@pytest.fixture
def rows(urls):
    """What a statement finds, past every row's protection."""

    def rows(statement: str) -> list[tuple]:
        with psycopg.connect(driver_url(urls.superuser)) as connection:
            return connection.execute(statement.encode()).fetchall()

    return rows


ACCOUNTS = "SELECT DISTINCT account FROM usage_records ORDER BY account"


def test_export_writes_a_file_that_nobody_else_can_read(upshot, filled, rows, tmp_path):
    done = upshot("export", "--slack-user", "UADA", "--to", "ada.zip")

    file = tmp_path / "ada.zip"
    with ZipFile(file) as archive:
        everything = json.loads(archive.read("everything.json"))
    assert done.returncode == 0
    assert "Give it to nobody else" in done.stdout
    assert stat.S_IMODE(file.stat().st_mode) == 0o600
    assert {row["account"] for row in everything["usage_records"]} == {"ada"}
    assert rows("SELECT action, actor FROM audit_log") == [("exported", "")]


def test_export_writes_over_no_file(upshot, filled, tmp_path):
    (tmp_path / "ada.zip").write_text("mine")
    done = upshot("export", "--slack-user", "UADA", "--to", "ada.zip")

    assert done.returncode == 2
    assert (tmp_path / "ada.zip").read_text() == "mine"


@pytest.mark.parametrize("command", [("export",), ("forget", "--yes")])
def test_somebody_of_whom_nothing_is_kept_is_told_as_such(upshot, tmp_path, command):
    done = upshot(*command, "--slack-user", "UNOBODY")

    assert done.returncode == 1
    assert "Nothing is kept of a Slack user with the id 'UNOBODY'." in done.stderr
    assert list(tmp_path.glob("*.zip")) == []


def test_forget_deletes_one_person_and_nobody_else(upshot, filled, rows):
    done = upshot("forget", "--slack-user", "UADA", "--yes", UPSHOT_ADMINS='["UADA"]')

    assert done.returncode == 0
    assert "UPSHOT_ADMINS still names UADA" in done.stdout
    assert rows(ACCOUNTS) == [("bob",)]


@pytest.mark.parametrize(
    ("answer", "status", "left"), [("n\n", 1, [("ada",), ("bob",)]), ("y\n", 0, [("bob",)])]
)
def test_forget_asks_first(upshot, filled, rows, monkeypatch, answer, status, left):
    monkeypatch.setattr(sys, "stdin", io.StringIO(answer))
    done = upshot("forget", "--slack-user", "UADA")

    assert done.returncode == status
    assert rows(ACCOUNTS) == left
