"""Handovers that a crew told and nobody of the hospital has signed.

Revision: 20261127_0732
Follows: 20261127_0720
"""

import sqlalchemy as sa
from alembic import op

revision = "20261127_0732"
down_revision = "20261127_0720"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("receptions", sa.Column("asked_at", sa.DateTime(timezone=True), nullable=True))
    op.add_column("receptions", sa.Column("unsigned_told_at", sa.DateTime(timezone=True), nullable=True))


def downgrade() -> None:
    op.drop_column("receptions", "unsigned_told_at")
    op.drop_column("receptions", "asked_at")
