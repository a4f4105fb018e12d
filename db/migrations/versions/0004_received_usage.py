"""Usage that is sent to us, and which events were counted"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0004"
down_revision = "0003"
branch_labels = None
depends_on = None

IS_JOB = "current_setting('upshot.scope', true) = 'jobs'"
ASKING_PERSON = "NULLIF(current_setting('upshot.person_id', true), '')::bigint"
NAMED = ("account", "product", "model", "cost_type", "charge_category", "currency", "signal")
COUNTED = ("input_uncached", "cache_read", "cache_write", "output", "reasoning", "requests")


def upgrade() -> None:
    op.create_table(
        "received_usage",
        sa.Column("workspace_id", sa.SmallInteger(), server_default="1", nullable=False),
        sa.Column("provider", sa.Text(), nullable=False),
        sa.Column("record_id", sa.Text(), nullable=False),
        sa.Column("day", sa.Date(), nullable=False),
        *(sa.Column(name, sa.Text(), nullable=False) for name in NAMED),
        sa.Column("person_id", sa.BigInteger(), nullable=True),
        *(sa.Column(name, sa.BigInteger(), nullable=True) for name in COUNTED),
        sa.Column("cost", sa.Numeric(), nullable=True),
        sa.Column("cost_basis", sa.Text(), nullable=True),
        sa.Column("foreign_cost", sa.Numeric(), nullable=True),
        sa.PrimaryKeyConstraint("workspace_id", "provider", "record_id"),
    )
    op.create_index(
        "received_by_account_day",
        "received_usage",
        ["account", "day", "provider"],
        unique=False,
    )
    op.create_table(
        "seen_events",
        sa.Column("provider", sa.Text(), nullable=False),
        sa.Column("event", sa.LargeBinary(), nullable=False),
        sa.Column("seen_at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("provider", "event"),
    )
    op.create_index(op.f("ix_seen_events_seen_at"), "seen_events", ["seen_at"], unique=False)
    _secure("received_usage")


def downgrade() -> None:
    op.drop_table("seen_events")
    op.drop_table("received_usage")


def _secure(table: str) -> None:
    op.execute(f"ALTER TABLE {table} ENABLE ROW LEVEL SECURITY")
    op.execute(f"ALTER TABLE {table} FORCE ROW LEVEL SECURITY")
    op.execute(f"CREATE POLICY jobs ON {table} USING ({IS_JOB})")
    op.execute(f"CREATE POLICY own_rows ON {table} FOR SELECT USING (person_id = {ASKING_PERSON})")
