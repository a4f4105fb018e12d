"""How Alembic reaches the tables: with the URL that ``db.migrate`` hands over."""

from __future__ import annotations

from typing import Any

from alembic import context
from sqlalchemy import create_engine, pool
from sqlmodel import SQLModel

import db.coaching_models
import db.models
import db.team_models
import db.work_models  # noqa: F401


def ours(_object: Any, name: str | None, kind: str, *_: Any) -> bool:
    """The job queue's tables are its own affair."""
    return not (kind == "table" and (name or "").startswith("procrastinate_"))


engine = create_engine(context.config.attributes["url"], poolclass=pool.NullPool)
with engine.connect() as connection:
    context.configure(
        connection=connection,
        target_metadata=SQLModel.metadata,
        include_object=ours,
        compare_server_default=True,
        transaction_per_migration=True,
    )
    with context.begin_transaction():
        context.run_migrations()
