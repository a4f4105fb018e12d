"""Teams with sources and dates, the ledger, accounts with a history, and what people may ask for"""

from __future__ import annotations

from typing import Any

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "0007"
down_revision = "0006"
branch_labels = None
depends_on = None

IS_JOB = "current_setting('upshot.scope', true) = 'jobs'"
IS_RETENTION = "current_setting('upshot.scope', true) = 'retention'"
IS_TEAM_RELEASE = "current_setting('upshot.scope', true) = 'teams'"
ASKING_PERSON = "NULLIF(current_setting('upshot.person_id', true), '')::bigint"

MOMENT = sa.DateTime(timezone=True)
EVER, STILL = "0001-01-01", "9999-12-31"
PERSONAL = ("account_links", "assertions")
APPEND_ONLY = ("ledger", "thresholds", "audit_log")


def upgrade() -> None:
    _create_tables()
    _change_teams()
    _change_people()
    for name in ("previous", "seal"):
        op.add_column("audit_log", sa.Column(name, sa.LargeBinary(), nullable=True))
    op.execute("DROP TRIGGER append_only ON team_releases")
    op.drop_table("team_releases")
    for table in PERSONAL:
        op.execute(f"ALTER TABLE {table} ENABLE ROW LEVEL SECURITY")
        op.execute(f"ALTER TABLE {table} FORCE ROW LEVEL SECURITY")
        op.execute(f"CREATE POLICY jobs ON {table} USING ({IS_JOB})")
        op.execute(
            f"CREATE POLICY own_rows ON {table} FOR SELECT USING (person_id = {ASKING_PERSON})"
        )
    op.execute(f"CREATE POLICY team_releases ON account_links FOR SELECT USING ({IS_TEAM_RELEASE})")
    op.execute(
        f"CREATE POLICY own_answer ON assertions FOR UPDATE USING (person_id = {ASKING_PERSON})"
    )
    _let_retention_delete()
    _begin_links()


def downgrade() -> None:
    _recreate_team_releases()
    _keep_everything()
    for name in ("seal", "previous"):
        op.drop_column("audit_log", name)
    op.drop_column("workspaces", "secret_check")
    for name in ("opted_out_on", "deactivated_on"):
        op.drop_column("people", name)
    _change_teams_back()
    for table in (
        "team_budget_steps",
        "refusals",
        "assertions",
        "account_links",
        "audit_names",
        "ledger",
    ):
        op.drop_table(table)


def _workspace() -> sa.Column[Any]:
    return sa.Column("workspace_id", sa.SmallInteger(), server_default="1", nullable=False)


def _words(name: str, *, nullable: bool = False) -> sa.Column[Any]:
    return sa.Column(name, sa.Text(), nullable=nullable)


def _person() -> sa.Column[Any]:
    owner = sa.ForeignKey("people.id", ondelete="CASCADE")
    return sa.Column("person_id", sa.BigInteger(), owner, nullable=False)


def _create_tables() -> None:
    op.create_table(
        "ledger",
        sa.Column("id", sa.BigInteger(), sa.Identity(always=True), nullable=False),
        _workspace(),
        sa.Column("week", sa.Date(), nullable=False),
        _words("scope"),
        sa.Column("team_id", sa.BigInteger(), nullable=False),
        sa.Column("released_at", MOMENT, nullable=False),
        _words("body"),
        sa.Column("previous", sa.LargeBinary(), nullable=False),
        sa.Column("seal", sa.LargeBinary(), nullable=False),
        sa.PrimaryKeyConstraint("id"),
    )
    op.create_index(
        "one_release_a_week",
        "ledger",
        ["workspace_id", "week", "scope", "team_id"],
        unique=True,
    )
    op.create_table(
        "audit_names",
        _workspace(),
        _words("token"),
        _words("slack_user_id"),
        sa.PrimaryKeyConstraint("workspace_id", "token"),
    )
    op.create_table(
        "account_links",
        _workspace(),
        _words("source"),
        _words("account"),
        _person(),
        _words("proof"),
        sa.Column("valid_from", sa.Date(), server_default=EVER, nullable=False),
        sa.Column("valid_to", sa.Date(), server_default=STILL, nullable=False),
        sa.PrimaryKeyConstraint("workspace_id", "source", "account", "valid_from"),
    )
    op.create_index("account_links_by_person", "account_links", ["person_id"], unique=False)
    op.create_index(
        "one_owner",
        "account_links",
        ["workspace_id", "source", "account"],
        unique=True,
        postgresql_where=sa.text(f"valid_to = '{STILL}'"),
    )
    op.create_table(
        "assertions",
        sa.Column("id", sa.Uuid(), nullable=False),
        _workspace(),
        _words("source"),
        _words("account"),
        _person(),
        _words("asserted_by"),
        sa.Column("asserted_at", MOMENT, nullable=False),
        sa.Column("effective_at", MOMENT, nullable=False),
        sa.Column("objected_at", MOMENT, nullable=True),
        sa.Column("linked_at", MOMENT, nullable=True),
        sa.PrimaryKeyConstraint("id"),
    )
    op.create_index("assertions_by_person", "assertions", ["person_id"], unique=False)
    op.create_table(
        "refusals",
        _workspace(),
        sa.Column("tag", sa.LargeBinary(), nullable=False),
        sa.Column("of_one", sa.Uuid(), nullable=False),
        _words("reason"),
        sa.Column("since", sa.Date(), nullable=False),
        sa.PrimaryKeyConstraint("workspace_id", "tag"),
    )
    op.create_table(
        "team_budget_steps",
        _workspace(),
        sa.Column("team_id", sa.BigInteger(), nullable=False),
        sa.Column("month", sa.Date(), nullable=False),
        sa.Column("step", sa.SmallInteger(), nullable=False),
        sa.Column("told_on", sa.Date(), nullable=False),
        sa.PrimaryKeyConstraint("workspace_id", "team_id", "month", "step"),
    )


def _change_teams() -> None:
    op.add_column("teams", sa.Column("source", sa.Text(), server_default="file", nullable=False))
    op.add_column("teams", sa.Column("position", sa.Integer(), server_default="0", nullable=False))
    op.add_column("teams", _words("slack_group", nullable=True))
    op.add_column("teams", _words("channel_problem", nullable=True))
    op.add_column("teams", sa.Column("ended_on", sa.Date(), nullable=True))
    for name, default in (("valid_from", EVER), ("valid_to", STILL)):
        column = sa.Column(name, sa.Date(), server_default=default, nullable=False)
        op.add_column("team_members", column)
    op.drop_constraint("team_members_pkey", "team_members")
    op.create_primary_key(
        "team_members_pkey", "team_members", ["team_id", "person_id", "role", "valid_from"]
    )
    op.drop_index("one_home_team", "team_members")
    op.create_index(
        "one_home_team",
        "team_members",
        ["person_id"],
        unique=True,
        postgresql_where=sa.text(f"role = 'member' AND valid_to = '{STILL}'"),
    )


def _change_teams_back() -> None:
    op.execute("SELECT set_config('upshot.scope', 'jobs', true)")
    op.execute(f"DELETE FROM team_members WHERE valid_to <> '{STILL}'")
    op.execute("SELECT set_config('upshot.scope', '', true)")
    op.drop_index("one_home_team", "team_members")
    op.create_index(
        "one_home_team",
        "team_members",
        ["person_id"],
        unique=True,
        postgresql_where=sa.text("role = 'member'"),
    )
    op.drop_constraint("team_members_pkey", "team_members")
    op.create_primary_key("team_members_pkey", "team_members", ["team_id", "person_id", "role"])
    for name in ("valid_to", "valid_from"):
        op.drop_column("team_members", name)
    for name in ("ended_on", "channel_problem", "slack_group", "position", "source"):
        op.drop_column("teams", name)


def _change_people() -> None:
    op.add_column("people", sa.Column("opted_out_on", sa.Date(), nullable=True))
    op.add_column("people", sa.Column("deactivated_on", sa.Date(), nullable=True))
    op.add_column("workspaces", sa.Column("secret_check", sa.LargeBinary(), nullable=True))


def _let_retention_delete() -> None:
    op.execute(
        "CREATE OR REPLACE FUNCTION refuse_change() RETURNS trigger LANGUAGE plpgsql AS $$"
        f" BEGIN IF TG_OP = 'DELETE' AND {IS_RETENTION} THEN RETURN OLD; END IF;"
        " RAISE EXCEPTION 'rows of % are only ever added', TG_TABLE_NAME; END $$"
    )
    op.execute(
        "CREATE TRIGGER append_only BEFORE UPDATE OR DELETE ON ledger"
        " FOR EACH ROW EXECUTE FUNCTION refuse_change()"
    )


def _keep_everything() -> None:
    op.execute(
        "CREATE OR REPLACE FUNCTION refuse_change() RETURNS trigger LANGUAGE plpgsql AS $$"
        " BEGIN RAISE EXCEPTION 'rows of % are only ever added', TG_TABLE_NAME; END $$"
    )
    op.execute(
        "CREATE TRIGGER append_only BEFORE UPDATE OR DELETE ON team_releases"
        " FOR EACH ROW EXECUTE FUNCTION refuse_change()"
    )


def _begin_links() -> None:
    """Whoever an account belongs to now has had it for as long as is known."""
    op.execute("SELECT set_config('upshot.scope', 'jobs', true)")
    op.execute(
        "INSERT INTO account_links (workspace_id, source, account, person_id, proof)"
        " SELECT workspace_id, source, account, person_id, coalesce(proof, 'admin_email')"
        " FROM accounts WHERE person_id IS NOT NULL"
    )
    op.execute("SELECT set_config('upshot.scope', '', true)")


def _recreate_team_releases() -> None:
    op.create_table(
        "team_releases",
        sa.Column("team_id", sa.BigInteger(), nullable=False),
        sa.Column("week", sa.Date(), nullable=False),
        _workspace(),
        sa.Column("released_at", MOMENT, nullable=False),
        sa.Column("figures", postgresql.JSONB(), nullable=True),
        sa.Column("rules", postgresql.JSONB(), nullable=False),
        sa.PrimaryKeyConstraint("team_id", "week"),
    )
