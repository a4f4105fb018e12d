"""Row-level security: a transaction that does not say for whom it reads sees no person's rows"""

from __future__ import annotations

from alembic import op

revision = "0002"
down_revision = "0001"
branch_labels = None
depends_on = None

IS_JOB = "current_setting('upshot.scope', true) = 'jobs'"
IS_TEAM_RELEASE = "current_setting('upshot.scope', true) = 'teams'"
ASKING_PERSON = "NULLIF(current_setting('upshot.person_id', true), '')::bigint"
ASKING_SLACK_USER = "NULLIF(current_setting('upshot.slack_user_id', true), '')"

OWN_ROWS = {
    "people": f"id = {ASKING_PERSON} OR slack_user_id = {ASKING_SLACK_USER}",
    "accounts": f"person_id = {ASKING_PERSON}",
    "usage_records": f"person_id = {ASKING_PERSON}",
    "outcomes": (
        "EXISTS (SELECT FROM outcome_credits c WHERE c.workspace_id = outcomes.workspace_id"
        " AND c.source = outcomes.source AND c.source_id = outcomes.source_id"
        f" AND c.person_id = {ASKING_PERSON})"
    ),
    "outcome_credits": f"person_id = {ASKING_PERSON}",
    "team_members": f"person_id = {ASKING_PERSON}",
    "deliveries": f"person_id = {ASKING_PERSON}",
}
READ_FOR_TEAM_RELEASES = (
    "people",
    "accounts",
    "usage_records",
    "outcomes",
    "outcome_credits",
    "team_members",
)
APPEND_ONLY = ("team_releases", "thresholds", "audit_log")


def upgrade() -> None:
    for table, own_rows in OWN_ROWS.items():
        op.execute(f"ALTER TABLE {table} ENABLE ROW LEVEL SECURITY")
        op.execute(f"ALTER TABLE {table} FORCE ROW LEVEL SECURITY")
        op.execute(f"CREATE POLICY jobs ON {table} USING ({IS_JOB})")
        op.execute(f"CREATE POLICY own_rows ON {table} FOR SELECT USING ({own_rows})")
    for table in READ_FOR_TEAM_RELEASES:
        op.execute(f"CREATE POLICY team_releases ON {table} FOR SELECT USING ({IS_TEAM_RELEASE})")
    op.execute(f"CREATE POLICY own_settings ON people FOR UPDATE USING (id = {ASKING_PERSON})")
    _make_append_only()


def downgrade() -> None:
    for table in APPEND_ONLY:
        op.execute(f"DROP TRIGGER append_only ON {table}")
    op.execute("DROP FUNCTION refuse_change()")
    op.execute("DROP POLICY own_settings ON people")
    for table in READ_FOR_TEAM_RELEASES:
        op.execute(f"DROP POLICY team_releases ON {table}")
    for table in OWN_ROWS:
        op.execute(f"DROP POLICY own_rows ON {table}")
        op.execute(f"DROP POLICY jobs ON {table}")
        op.execute(f"ALTER TABLE {table} NO FORCE ROW LEVEL SECURITY")
        op.execute(f"ALTER TABLE {table} DISABLE ROW LEVEL SECURITY")


def _make_append_only() -> None:
    op.execute(
        "CREATE FUNCTION refuse_change() RETURNS trigger LANGUAGE plpgsql AS $$"
        " BEGIN RAISE EXCEPTION 'rows of % are only ever added', TG_TABLE_NAME; END $$"
    )
    for table in APPEND_ONLY:
        op.execute(
            f"CREATE TRIGGER append_only BEFORE UPDATE OR DELETE ON {table}"
            " FOR EACH ROW EXECUTE FUNCTION refuse_change()"
        )
