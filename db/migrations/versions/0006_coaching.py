"""Coaching: what each person chose, was told and answered, and what tools say was accepted"""

from __future__ import annotations

from typing import Any

import sqlalchemy as sa
from alembic import op

revision = "0006"
down_revision = "0005"
branch_labels = None
depends_on = None

IS_JOB = "current_setting('upshot.scope', true) = 'jobs'"
ASKING_PERSON = "NULLIF(current_setting('upshot.person_id', true), '')::bigint"

MOMENT = sa.DateTime(timezone=True)
OWN_TO_CHANGE = ("preferences", "muted_tips", "nudges")
OWN_TO_READ = ("shown_tips", "budget_steps")


def upgrade() -> None:
    op.add_column("people", sa.Column("watched_through", sa.Date(), nullable=True))
    for name in ("offered", "accepted"):
        op.add_column("session_counts", sa.Column(name, sa.BigInteger(), nullable=True))
    _create_tables()
    for table in (*OWN_TO_CHANGE, *OWN_TO_READ):
        op.execute(f"ALTER TABLE {table} ENABLE ROW LEVEL SECURITY")
        op.execute(f"ALTER TABLE {table} FORCE ROW LEVEL SECURITY")
        op.execute(f"CREATE POLICY jobs ON {table} USING ({IS_JOB})")
        what = "ALL" if table in OWN_TO_CHANGE else "SELECT"
        own = f"person_id = {ASKING_PERSON}"
        op.execute(f"CREATE POLICY own_rows ON {table} FOR {what} USING ({own})")
    _keep_stopped()


def _keep_stopped() -> None:
    """Whoever pressed Stop before there was more to stop wants none of it."""
    op.execute("SELECT set_config('upshot.scope', 'jobs', true)")
    op.execute(
        "INSERT INTO preferences (workspace_id, person_id, nudges, budget_notes, tips)"
        " SELECT workspace_id, id, false, false, false FROM people WHERE digest_cadence = 'off'"
    )
    op.execute("SELECT set_config('upshot.scope', '', true)")


def downgrade() -> None:
    for table in (*OWN_TO_READ, *OWN_TO_CHANGE):
        op.drop_table(table)
    for name in ("accepted", "offered"):
        op.drop_column("session_counts", name)
    op.drop_column("people", "watched_through")


def _workspace() -> sa.Column[Any]:
    return sa.Column("workspace_id", sa.SmallInteger(), server_default="1", nullable=False)


def _person() -> sa.Column[Any]:
    owner = sa.ForeignKey("people.id", ondelete="CASCADE")
    return sa.Column("person_id", sa.BigInteger(), owner, nullable=False)


def _switch(name: str) -> sa.Column[Any]:
    return sa.Column(name, sa.Boolean(), server_default="true", nullable=False)


def _create_tables() -> None:
    op.create_table(
        "preferences",
        _workspace(),
        _person(),
        _switch("nudges"),
        _switch("budget_notes"),
        _switch("tips"),
        sa.Column("budget", sa.Integer(), nullable=True),
        sa.Column("usual_since", sa.Date(), nullable=True),
        sa.Column("muted_until", sa.Date(), nullable=True),
        sa.PrimaryKeyConstraint("workspace_id", "person_id"),
    )
    op.create_table(
        "shown_tips",
        _workspace(),
        _person(),
        sa.Column("week", sa.Date(), nullable=False),
        sa.Column("rule", sa.Text(), nullable=False),
        sa.Column("saving", sa.Numeric(), nullable=True),
        sa.Column("measure", sa.Numeric(), nullable=True),
        sa.Column("goal", sa.Numeric(), nullable=True),
        sa.Column("after", sa.Numeric(), nullable=True),
        sa.Column("verdict", sa.Text(), nullable=True),
        sa.Column("judged_in", sa.Date(), nullable=True),
        sa.PrimaryKeyConstraint("workspace_id", "person_id", "week"),
    )
    op.create_table(
        "muted_tips",
        _workspace(),
        _person(),
        sa.Column("rule", sa.Text(), nullable=False),
        sa.Column("muted_at", MOMENT, nullable=False),
        sa.PrimaryKeyConstraint("workspace_id", "person_id", "rule"),
    )
    op.create_table(
        "nudges",
        _workspace(),
        _person(),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("first_day", sa.Date(), nullable=False),
        sa.Column("last_day", sa.Date(), nullable=False),
        sa.Column("told_on", sa.Date(), nullable=False),
        sa.Column("answer", sa.Text(), nullable=True),
        sa.Column("answered_at", MOMENT, nullable=True),
        sa.PrimaryKeyConstraint("workspace_id", "person_id", "kind", "first_day"),
    )
    op.create_table(
        "budget_steps",
        _workspace(),
        _person(),
        sa.Column("month", sa.Date(), nullable=False),
        sa.Column("step", sa.SmallInteger(), nullable=False),
        sa.Column("told_on", sa.Date(), nullable=False),
        sa.PrimaryKeyConstraint("workspace_id", "person_id", "month", "step"),
    )
