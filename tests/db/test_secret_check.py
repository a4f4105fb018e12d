"""A database belongs to the secret that it was begun with."""

from __future__ import annotations

import pytest

from bot.domain.keyed import Key
from bot.errors import WrongSecretError
from db.database import Database
from db.secret_check import require_same_secret

FIRST, SECOND = (Key(f"secret number {n} of the tests".encode()) for n in (1, 2))


async def test_is_taken_with_the_secret_of_the_first_start(database):
    mine = Database(database.engine, FIRST)

    await require_same_secret(mine)
    await require_same_secret(mine)


async def test_is_refused_with_another(database):
    await require_same_secret(Database(database.engine, FIRST))

    with pytest.raises(WrongSecretError) as refused:
        await require_same_secret(Database(database.engine, SECOND))

    assert "UPSHOT_SECRET" in refused.value.hint
    assert "secret number" not in f"{refused.value}{refused.value.hint}"
    await require_same_secret(Database(database.engine, FIRST))
