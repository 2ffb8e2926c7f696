"""Since when no open road leads to where a mission's vehicle drives.

Revision: 20261128_0872
Follows: 20261128_0871
"""

import sqlalchemy as sa
from alembic import op

revision = "20261128_0872"
down_revision = "20261128_0871"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("ecmo_missions", sa.Column("no_way_at", sa.DateTime(timezone=True), nullable=True))


def downgrade() -> None:
    op.drop_column("ecmo_missions", "no_way_at")
