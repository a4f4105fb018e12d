"""A file of records is kept line by line, and whoever imports it hears what was left out."""

from __future__ import annotations

from datetime import UTC, datetime
from types import SimpleNamespace

import pytest

from bot.clock import SetClock
from bot.commands.importing import IMPORTERS, import_focus, import_neutral
from bot.domain.usage import ProviderDay
from bot.errors import SettingsError
from bot.ingest.files import files_in
from bot.services.receive import Receiver
from db.health import HealthStore
from db.received import ReceivedStore
from tests.ingest.neutral_lines import make_line, ndjson

NOW = datetime(2026, 11, 20, 6, tzinfo=UTC)


@pytest.fixture
def upshot(database):
    """As much of it as importing uses."""
    clock = SetClock(NOW)
    store, health = ReceivedStore(database), HealthStore(database)
    receiver = Receiver(store=store, health=health, clock=clock)
    return SimpleNamespace(receiver=receiver, clock=clock)


async def test_good_lines_are_kept_and_bad_ones_named(upshot, tmp_path):
    path = tmp_path / "usage.ndjson"
    path.write_bytes(ndjson(make_line(), {}, make_line(record_id="r2", requests=-1)))

    first, again = [await import_neutral(upshot, path) for _ in range(2)]

    assert (first.accepted, first.replaced, first.rejected) == (1, 0, 2)
    assert first.problems == [
        "line 2: Object missing required field `record_id`",
        "line 3: requests: Expected `int` >= 0",
    ]
    assert (again.accepted, again.replaced) == (1, 1)


async def test_a_file_that_is_something_else_is_one_problem(upshot, tmp_path):
    path = tmp_path / "usage.json"
    path.write_text("Dear all,")

    imported = await import_neutral(upshot, path)

    assert (imported.accepted, imported.rejected, len(imported.problems)) == (0, 1, 1)


async def test_days_to_come_are_left_out_and_told(tmp_path):
    kept: list[ProviderDay] = []

    async def keep(day: ProviderDay) -> None:
        kept.append(day)

    collector, settings = SimpleNamespace(keep=keep), SimpleNamespace(focus=None)
    upshot = SimpleNamespace(collector=collector, settings=settings, clock=SetClock(NOW))
    path = tmp_path / "focus.csv"
    path.write_text(
        "BilledCost,BillingCurrency,ChargeCategory,ChargePeriodStart,ChargePeriodEnd,"
        "ServiceCategory,ServiceName\n"
        "30,USD,Purchase,2026-11-01T00:00:00Z,2026-12-01T00:00:00Z,"
        "AI and Machine Learning,Acme Assistant\n"
        "1,USD,Usage,2099-01-01T00:00:00Z,2099-01-02T00:00:00Z,"
        "AI and Machine Learning,Acme Models\n"
    )

    imported = await import_focus(upshot, path)

    assert max(day.day for day in kept) == NOW.date()
    assert imported.warnings == ["left out what is in the future: 11 days"]


@pytest.mark.parametrize("name", ["nowhere.jsonl", "notes.txt", "empty"])
def test_what_cannot_be_read_is_said_before_anything_is_kept(tmp_path, name):
    (tmp_path / "notes.txt").write_text("hello")
    (tmp_path / "empty").mkdir()

    with pytest.raises(SettingsError, match=name):
        files_in(tmp_path / name, IMPORTERS)
