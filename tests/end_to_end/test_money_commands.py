"""Bills, files and providers, as an operator asks about them on the command line."""

from __future__ import annotations

import asyncio
import csv
import json
from datetime import date, timedelta
from decimal import Decimal
from itertools import pairwise
from pathlib import Path

import pytest
from sqlalchemy import text
from typer.testing import CliRunner

from bot.cli import app
from bot.domain.usage import CostBasis
from bot.errors import SettingsError
from bot.http import real_now
from bot.playground.company import make_company
from bot.playground.providers.cursor import CURSOR_KEY, cursor_app
from bot.playground.serving import serving
from bot.sources import NAMES
from db.usage import UsageStore
from tests.end_to_end.command import typed, typed_apart
from tests.factories import MONDAY, NOON, make_day, make_record
from tests.ingest.neutral_lines import make_line, ndjson

MONTH = f"{MONDAY:%Y-%m}"
FOCUS = {
    "BilledCost": "1.25",
    "BillingCurrency": "USD",
    "ChargeCategory": "Usage",
    "ChargePeriodStart": f"{MONDAY}T00:00:00Z",
    "ChargePeriodEnd": f"{MONDAY + timedelta(days=1)}T00:00:00Z",
    "ServiceCategory": "AI and Machine Learning",
    "ServiceName": "Acme Models",
    "Tags": '{"user.email": "ada@example.com"}',
}


@pytest.fixture
def upshot(tmp_path, urls):
    folder = tmp_path / "work"
    folder.mkdir()

    def run(*arguments: str, **environ: str):
        given = {"UPSHOT_DATABASE_URL": urls.worker, **environ}
        return typed(*arguments, environ=given, folder=folder)

    return run


def line_of(record_id: str, **changes: object) -> dict[str, object]:
    start, end = (f"{day}T00:00:00Z" for day in (MONDAY, MONDAY + timedelta(days=1)))
    times = {"period_start": start, "period_end": end}
    return make_line(record_id=record_id, **times, **changes)


def write_focus(path: Path, *lines: dict[str, str]) -> None:
    with path.open("w", newline="") as file:
        rows = csv.DictWriter(file, FOCUS)
        rows.writeheader()
        rows.writerows(lines)


class TestInvoice:
    @pytest.fixture
    async def billed(self, database) -> None:
        estimate = {
            "cost": Decimal(3),
            "cost_basis": CostBasis.PROVIDER_ESTIMATE,
            "product": "chat",
        }
        unpriced = {"cost": None, "cost_basis": None, "model": "house-model"}
        records = (make_record(), make_record("bob", **estimate), make_record("cid", **unpriced))
        euros = {"EUR": Decimal("7.50")}
        answer = make_day(*records, billed=Decimal("1.75"), foreign_billed=euros)
        await UsageStore(database).replace_day(answer, NOON)

    async def test_sets_the_bill_beside_what_is_known(self, upshot, billed):
        said = await asyncio.to_thread(upshot, "invoice", "--month", MONTH)
        as_json = await asyncio.to_thread(upshot, "invoice", "--month", MONTH, "--json")

        assert (said.returncode, as_json.returncode) == (0, 0), said.stderr
        [row] = [line.split() for line in said.stdout.splitlines() if "$1.75" in line]
        assert row == ["Anthropic", "1", "(0)", "$1.75", "$1.25", "$0.50", "$3.00", "1"]
        assert "Anthropic also billed" in said.stdout
        [told] = json.loads(as_json.stdout)["invoices"]
        assert (told["provider"], told["days"], told["unpriced"]) == ("anthropic", 1, 1)
        amounts = {name: Decimal(told[name]) for name in ("billed", "unattributed", "difference")}
        assert list(amounts.values()) == [Decimal("1.75"), Decimal("0.50"), 0]
        assert Decimal(told["foreign"]["EUR"]["billed"]) == Decimal("7.50")

    async def test_fails_where_they_differ(self, upshot, billed, database):
        async with database.for_jobs() as connection:
            await connection.execute(text("UPDATE provider_days SET billed = billed + 0.01"))

        done = await asyncio.to_thread(upshot, "invoice", "--month", MONTH)

        assert done.returncode == 1
        assert "anthropic do not add up" in done.stderr

    def test_of_a_month_without_data_says_so(self, upshot):
        done = upshot("invoice", "--month", "2025-01")

        assert (done.returncode, done.stdout.strip()) == (0, "Nothing came in for that month yet.")


class TestImport:
    def test_names_the_line_that_is_wrong_and_keeps_the_others(self, upshot, tmp_path):
        path = tmp_path / "usage.ndjson"
        path.write_bytes(ndjson(line_of("r1"), line_of("r2", requests=-1), line_of("r3")))

        done = upshot("import", str(path))

        assert done.returncode == 1
        assert done.stdout.strip() == "usage.ndjson: 2 accepted (0 replaced), 1 rejected"
        assert done.stderr.strip() == "usage.ndjson: line 2: requests: Expected `int` >= 0"

    def test_reads_a_folder_of_both_kinds_which_the_invoice_then_shows(self, upshot, tmp_path):
        folder = tmp_path / "usage"
        folder.mkdir()
        (folder / "agents.jsonl").write_bytes(ndjson(line_of("r1")))
        (folder / "notes.txt").write_text("not for Upshot")
        write_focus(folder / "focus.csv", FOCUS, FOCUS | {"BilledCost": "0.75", "Tags": "{}"})
        token = "a-token-of-twenty-four-characters"
        ingest = {"UPSHOT_INGEST__TOKEN": token, "UPSHOT_INGEST__FOLDER": str(folder)}

        done = upshot("import", **ingest)
        told = json.loads(upshot("invoice", "--month", MONTH, "--json").stdout)["invoices"]

        assert done.returncode == 0, done.stderr
        assert done.stdout.splitlines() == [
            "agents.jsonl: 1 accepted (0 replaced), 0 rejected",
            "focus.csv: 2 accepted (0 replaced), 0 rejected",
        ]
        billed = {each["provider"]: Decimal(each["billed"] or 0) for each in told}
        assert billed == {"focus": 2, "ingest:acme-agents": 0}

    def test_says_which_line_of_a_focus_file_is_wrong(self, upshot, tmp_path):
        write_focus(tmp_path / "focus.csv", FOCUS, FOCUS | {"BilledCost": "1,25"})

        done = upshot("import", str(tmp_path / "focus.csv"))

        assert done.returncode == 1
        assert done.stderr.startswith("focus.csv: line 3")
        assert "billedcost" in done.stderr

    def test_says_that_there_is_no_such_file(self, upshot, tmp_path):
        done = upshot("import", str(tmp_path / "nowhere.ndjson"))

        assert done.returncode == 2
        assert "there is no such file or folder" in done.stderr


def test_check_says_what_each_provider_can_tell_whether_or_not_it_answers(upshot):
    company = make_company(people=30, weeks=1, ends=date(2026, 11, 16))
    with serving(cursor_app(company, now=real_now)) as url:
        done = upshot(
            "check",
            UPSHOT_CURSOR__API_KEY=CURSOR_KEY,
            UPSHOT_CURSOR__BASE_URL=url,
            UPSHOT_LITELLM__ADMIN_KEY="sk-not-a-real-key",
            UPSHOT_LITELLM__BASE_URL="http://127.0.0.1:9",
        )

    lines = done.stdout.splitlines()
    by_name = {line.split()[1]: below for line, below in pairwise(lines)}
    cursor = next(line for line in lines if " cursor:" in line)
    assert done.returncode == 1
    assert cursor.startswith("ok")
    assert next(line for line in lines if " litellm:" in line).startswith("FAIL")
    assert "cost: billed; freshness: within hours" in by_name["cursor:"]
    assert "cost: its estimate; freshness: within minutes" in by_name["litellm:"]
    assert "sk-not-a-real-key" not in done.stdout + done.stderr


class TestCollect:
    def test_says_which_sources_there_are(self):
        shown = CliRunner().invoke(app, ["collect", "--help"]).stdout

        words = shown.replace(",", " ").replace(".", " ").split()
        assert set(NAMES) <= set(words)

    def test_knows_no_other(self):
        done = CliRunner().invoke(app, ["collect", "--source", "slack"])

        assert isinstance(done.exception, SettingsError)
        assert all(name in str(done.exception) for name in NAMES)


def test_a_wrong_file_of_prices_is_told_at_the_start(upshot, tmp_path):
    (tmp_path / "prices.toml").write_text("[[price]]\nprovider = 'anthropic'\nmodel = 'm'\n")

    done = upshot("tick", UPSHOT_PRICES_FILE=str(tmp_path / "prices.toml"))

    assert done.returncode == 2
    assert "UPSHOT_PRICES_FILE" in done.stderr
    assert "price.0.input" in done.stderr
    assert "Traceback" not in done.stderr


def test_a_library_that_is_not_installed_is_a_sentence(urls, tmp_path):
    (tmp_path / "sitecustomize.py").write_text("import sys\nsys.modules['boto3'] = None\n")
    given = {"UPSHOT_DATABASE_URL": urls.worker, "UPSHOT_KIRO__LOCATION": "s3://reports"}

    done = typed_apart("check", environ={**given, "PYTHONPATH": str(tmp_path)}, folder=tmp_path)

    assert done.returncode == 2
    assert "requirements-extras.txt" in done.stderr
    assert "Traceback" not in done.stderr
