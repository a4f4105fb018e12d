"""People may have their digest on a weekday of their own"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0008"
down_revision = "0007"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("people", sa.Column("digest_day", sa.SmallInteger(), nullable=True))


def downgrade() -> None:
    op.drop_column("people", "digest_day")
