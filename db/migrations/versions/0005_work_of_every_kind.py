"""Work of every kind: its names, links and tiers, and what people log themselves"""

from __future__ import annotations

from typing import Any

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "0005"
down_revision = "0004"
branch_labels = None
depends_on = None

IS_JOB = "current_setting('upshot.scope', true) = 'jobs'"
IS_TEAM_RELEASE = "current_setting('upshot.scope', true) = 'teams'"
ASKING_PERSON = "NULLIF(current_setting('upshot.person_id', true), '')::bigint"

MOMENT = sa.DateTime(timezone=True)
OWN_TO_CHANGE = ("logged_outcomes", "tags")
OWN_TO_READ = ("first_uses", "session_counts")
READ_FOR_TEAM_RELEASES = ("logged_outcomes", "tags", "first_uses")


def upgrade() -> None:
    for column in _of_outcomes():
        op.add_column("outcomes", column)
    for column in _of_credits():
        op.add_column("outcome_credits", column)
    _create_tables()
    for table in (*OWN_TO_CHANGE, *OWN_TO_READ):
        op.execute(f"ALTER TABLE {table} ENABLE ROW LEVEL SECURITY")
        op.execute(f"ALTER TABLE {table} FORCE ROW LEVEL SECURITY")
        op.execute(f"CREATE POLICY jobs ON {table} USING ({IS_JOB})")
        what = "ALL" if table in OWN_TO_CHANGE else "SELECT"
        own = f"person_id = {ASKING_PERSON}"
        op.execute(f"CREATE POLICY own_rows ON {table} FOR {what} USING ({own})")
    for table in READ_FOR_TEAM_RELEASES:
        op.execute(f"CREATE POLICY team_releases ON {table} FOR SELECT USING ({IS_TEAM_RELEASE})")
    own = f"person_id = {ASKING_PERSON}"
    op.execute(f"CREATE POLICY own_tiers ON outcome_credits FOR UPDATE USING ({own})")


def downgrade() -> None:
    op.execute("DROP POLICY own_tiers ON outcome_credits")
    for table in ("price_levels", "session_counts", "first_uses", "tags", "logged_outcomes"):
        op.drop_table(table)
    op.drop_table("source_projects")
    for column in _of_credits():
        op.drop_column("outcome_credits", column.name)
    for column in _of_outcomes():
        op.drop_column("outcomes", column.name)


def _of_outcomes() -> tuple[sa.Column[Any], ...]:
    return (
        sa.Column("restored_at", MOMENT, nullable=True),
        sa.Column("reopened_at", MOMENT, nullable=True),
        sa.Column("project", sa.Text(), nullable=True),
        sa.Column("names", postgresql.ARRAY(sa.Text()), server_default="{}", nullable=False),
        sa.Column("closes", postgresql.ARRAY(sa.Text()), server_default="{}", nullable=False),
        sa.Column("closed_by", postgresql.ARRAY(sa.Text()), server_default="{}", nullable=False),
        sa.Column("part_of_source", sa.Text(), nullable=True),
        sa.Column("part_of_id", sa.Text(), nullable=True),
    )


def _of_credits() -> tuple[sa.Column[Any], ...]:
    return (
        sa.Column("title", sa.Text(), nullable=True),
        sa.Column("url", sa.Text(), nullable=True),
        sa.Column("counts", sa.Boolean(), server_default="true", nullable=False),
        sa.Column("share", sa.Numeric(), server_default="1", nullable=False),
        sa.Column("level", sa.SmallInteger(), nullable=True),
        sa.Column("tier", sa.Text(), nullable=True),
        sa.Column("tools", postgresql.ARRAY(sa.Text()), server_default="{}", nullable=False),
        sa.Column("also_in", postgresql.ARRAY(sa.Text()), server_default="{}", nullable=False),
    )


def _create_tables() -> None:
    op.create_table(
        "source_projects",
        _workspace(),
        _words("source"),
        _words("project"),
        sa.Column("forbidden_since", MOMENT, nullable=True),
        sa.PrimaryKeyConstraint("workspace_id", "source", "project"),
    )
    op.create_table(
        "logged_outcomes",
        sa.Column("id", sa.Uuid(), nullable=False),
        _workspace(),
        sa.Column("person_id", sa.BigInteger(), nullable=False),
        _words("kind"),
        _words("what"),
        sa.Column("link", sa.Text(), nullable=True),
        sa.Column("helped_by", postgresql.ARRAY(sa.Text()), nullable=False),
        sa.Column("benefit", sa.Text(), nullable=True),
        _words("tier"),
        _words("visibility"),
        sa.Column("done_on", sa.Date(), nullable=False),
        sa.Column("logged_at", MOMENT, nullable=False),
        sa.Column("edited_at", MOMENT, nullable=True),
        sa.ForeignKeyConstraint(["person_id"], ["people.id"], ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("id"),
    )
    op.create_index("logged_by_person", "logged_outcomes", ["person_id", "done_on"], unique=False)
    op.create_table(
        "tags",
        sa.Column("id", sa.BigInteger(), sa.Identity(always=True), nullable=False),
        _workspace(),
        sa.Column("person_id", sa.BigInteger(), nullable=False),
        _words("tier"),
        _words("provider"),
        sa.Column("first_day", sa.Date(), nullable=False),
        sa.Column("last_day", sa.Date(), nullable=False),
        sa.Column("tagged_at", MOMENT, nullable=False),
        sa.ForeignKeyConstraint(["person_id"], ["people.id"], ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("id"),
    )
    op.create_index("tags_by_person", "tags", ["person_id", "first_day"], unique=False)
    op.create_table(
        "first_uses",
        _workspace(),
        sa.Column("person_id", sa.BigInteger(), nullable=False),
        _words("provider"),
        sa.Column("first_day", sa.Date(), nullable=False),
        sa.PrimaryKeyConstraint("workspace_id", "person_id", "provider"),
    )
    op.create_table(
        "session_counts",
        _workspace(),
        _words("provider"),
        sa.Column("day", sa.Date(), nullable=False),
        _words("account"),
        _words("tool"),
        sa.Column("person_id", sa.BigInteger(), nullable=True),
        *(sa.Column(n, sa.BigInteger(), nullable=True) for n in ("sessions", "commits")),
        sa.Column("pull_requests", sa.BigInteger(), nullable=True),
        sa.PrimaryKeyConstraint("workspace_id", "provider", "day", "account", "tool"),
    )
    op.create_index(
        "session_counts_by_person", "session_counts", ["person_id", "day"], unique=False
    )
    op.create_table(
        "price_levels",
        _workspace(),
        _words("provider"),
        _words("model"),
        sa.Column("first_day", sa.Date(), nullable=False),
        sa.Column("level", sa.Numeric(), nullable=False),
        sa.PrimaryKeyConstraint("workspace_id", "provider", "model", "first_day"),
    )


def _workspace() -> sa.Column[int]:
    return sa.Column("workspace_id", sa.SmallInteger(), server_default="1", nullable=False)


def _words(name: str) -> sa.Column[str]:
    return sa.Column(name, sa.Text(), nullable=False)
