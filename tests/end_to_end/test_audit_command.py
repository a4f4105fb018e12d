"""``upshot audit verify``, as an auditor runs it: it finds what the database's owner changed."""

from __future__ import annotations

import json

import psycopg
import pytest

from bot.domain.audit import Action, AuditEntry
from bot.domain.keyed import Key
from bot.domain.ledger_entries import entries_of
from db.audit import AuditStore
from db.database import Database
from db.ledger import LedgerStore
from db.migrate import driver_url
from tests.end_to_end.command import typed
from tests.factories import NOON, WEEK
from tests.releases import make_making, make_release, make_week_release

SECRET = "the secret of this installation"


@pytest.fixture
def upshot(tmp_path, urls):
    def run(*arguments: str, secret: str = SECRET):
        environ = {"UPSHOT_DATABASE_URL": urls.worker, "UPSHOT_SECRET": secret}
        return typed("audit", "verify", *arguments, environ=environ, folder=tmp_path)

    return run


@pytest.fixture
async def two_weeks(database) -> None:
    """Released, and an admin's deed."""
    ours = Database(database.engine, Key(SECRET.encode()))
    release = make_week_release(make_release(98_700))
    for week in (WEEK, WEEK.back(-1)):
        await LedgerStore(ours).keep(entries_of(release, make_making(week=week)))
    entry = AuditEntry(at=NOON, actor="UADA", action=Action.TEAM_ADDED, detail={"team": "A"})
    await AuditStore(ours).append(entry)


def as_owner(urls, statement: str) -> None:
    with psycopg.connect(driver_url(urls.owner)) as owner:
        for table in ("ledger", "audit_log"):
            owner.execute(f"ALTER TABLE {table} DISABLE TRIGGER append_only".encode())
        assert owner.execute(statement.encode()).rowcount > 0
        for table in ("ledger", "audit_log"):
            owner.execute(f"ALTER TABLE {table} ENABLE TRIGGER append_only".encode())


def test_of_nothing_is_fine(upshot):
    done = upshot()

    assert (done.returncode, done.stdout.splitlines()) == (
        0,
        [
            "ok   ledger: 0 entries hold; last seal none yet",
            "ok   audit: 0 entries hold; last seal none yet",
        ],
    )


def test_says_how_many_entries_hold_and_the_last_seals(upshot, two_weeks):
    done = upshot()
    told = json.loads(upshot("--json").stdout)

    ledger, audit = told["chains"]
    assert done.returncode == 0
    assert done.stdout.splitlines() == [
        f"ok   ledger: 8 entries hold; last seal {ledger['last_seal']}",
        f"ok   audit: 1 entry holds; last seal {audit['last_seal']}",
    ]
    assert [len(chain["last_seal"]) for chain in (ledger, audit)] == [16, 16]
    assert told["seals_not_found"] == []


def test_names_the_first_entry_that_was_changed_and_no_figure(upshot, two_weeks, urls):
    as_owner(urls, "UPDATE ledger SET body = replace(body, '98700', '99900') WHERE id = 5")

    done = upshot()

    assert done.returncode == 1
    assert done.stdout.splitlines()[0] == (
        "FAIL ledger: 4 entries hold; changed, or something before it is gone:"
        " week '2026-W13', scope 'team', team 1"
    )
    assert "99900" not in done.stdout + done.stderr
    assert json.loads(upshot("--json").stdout)["chains"][0]["entries"] == 4


def test_looks_at_the_audit_log_too(upshot, two_weeks, urls):
    as_owner(urls, "UPDATE audit_log SET action = 'team_removed'")

    done = upshot()

    assert done.returncode == 1
    assert done.stdout.splitlines()[1].startswith("FAIL audit: 0 entries hold")


def test_finds_by_a_kept_seal_that_the_end_was_cut_off(upshot, two_weeks, urls):
    kept = json.loads(upshot("--json").stdout)["chains"][0]["last_seal"]
    assert upshot("--kept", kept).returncode == 0

    as_owner(urls, "DELETE FROM ledger WHERE id > 4")

    assert upshot().returncode == 0
    done = upshot("--kept", kept.upper())
    assert done.returncode == 1
    assert f"no entry that holds has the seal {kept}" in done.stdout


def test_takes_no_few_digits_for_a_seal(upshot):
    done = upshot("--kept", "abc")

    assert done.returncode == 1
    assert "at least 16 hexadecimal digits" in done.stderr


def test_needs_the_secret_of_the_first_start(upshot):
    upshot()

    done = upshot(secret="the secret of somebody else")

    assert done.returncode == 1
    assert "UPSHOT_SECRET" in done.stderr
    assert "somebody else" not in done.stdout + done.stderr
