"""Seats, credits and other currencies; and when a day is final"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "0003"
down_revision = "0002"
branch_labels = None
depends_on = None

KEY = ("workspace_id", "provider", "day", "account", "product", "model", "cost_type")


def upgrade() -> None:
    _add_key("charge_category", "usage")
    _add_key("currency", "USD")
    op.add_column("usage_records", sa.Column("foreign_cost", sa.Numeric(), nullable=True))
    _replace_key(*KEY, "charge_category", "currency")
    moment = sa.DateTime(timezone=True)
    op.add_column("provider_days", sa.Column("unchanged_since", moment, nullable=True))
    op.execute("UPDATE provider_days SET unchanged_since = fetched_at")
    op.alter_column("provider_days", "unchanged_since", nullable=False)
    for name, kind in (
        ("foreign_bills", postgresql.JSONB(astext_type=sa.Text())),
        ("oddities", postgresql.ARRAY(sa.Text())),
    ):
        column = sa.Column(name, kind, server_default="{}", nullable=False)
        op.add_column("provider_days", column)


def downgrade() -> None:
    # What the older key cannot tell apart would collide.
    op.execute("SELECT set_config('upshot.scope', 'jobs', true)")
    op.execute("DELETE FROM usage_records WHERE charge_category <> 'usage' OR currency <> 'USD'")
    for name in ("oddities", "foreign_bills", "unchanged_since"):
        op.drop_column("provider_days", name)
    _replace_key(*KEY)
    for name in ("foreign_cost", "currency", "charge_category"):
        op.drop_column("usage_records", name)


def _add_key(name: str, of_the_known: str) -> None:
    column = sa.Column(name, sa.Text(), server_default=of_the_known, nullable=False)
    op.add_column("usage_records", column)
    op.alter_column("usage_records", name, server_default=None)


def _replace_key(*columns: str) -> None:
    op.drop_constraint("usage_records_pkey", "usage_records")
    op.create_primary_key("usage_records_pkey", "usage_records", list(columns))
