"""Whether the secret is the one that this database was begun with."""

from __future__ import annotations

import hmac

from sqlalchemy import text

from bot.errors import WrongSecretError
from db.database import Database

_REMEMBER = text("UPDATE workspaces SET secret_check = :tag WHERE id = 1 AND secret_check IS NULL")
_REMEMBERED = text("SELECT secret_check FROM workspaces WHERE id = 1")


async def require_same_secret(database: Database) -> None:
    """Raise where another key sealed the ledger: chains would break, and noise would change."""
    tag = database.key.tag("secret check")
    async with database.unscoped() as connection:
        await connection.execute(_REMEMBER, {"tag": tag})
        remembered: bytes = await connection.scalar(_REMEMBERED)
    if not hmac.compare_digest(remembered, tag):
        raise WrongSecretError
