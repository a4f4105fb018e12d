"""Which database Upshot works with, and what is said when it refuses."""

from __future__ import annotations

import pytest
from pydantic import SecretStr
from sqlalchemy.exc import OperationalError

from bot.database import open_database
from bot.errors import BrokenDatabaseError
from bot.playground.world import WorldSettings


def test_the_words_of_hosting_companies_are_understood():
    settings = WorldSettings(database_url=SecretStr("postgres://u:secret@db.example.com/upshot"))

    with open_database(settings) as urls:
        assert urls.worker == urls.owner == "postgresql+psycopg://u:secret@db.example.com/upshot"
        assert "secret" not in repr(urls)


def test_what_it_refuses_is_a_sentence_without_what_was_asked():
    settings = WorldSettings(database_url=SecretStr("postgresql://db.example.com/upshot"))
    refusal = OperationalError("INSERT … ada@example.com", {}, Exception("No space left on device"))

    with pytest.raises(BrokenDatabaseError) as told, open_database(settings):
        raise refusal

    assert str(told.value) == "The database refused (OperationalError)."
    assert "disk" in told.value.hint
