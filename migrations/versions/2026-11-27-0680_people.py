"""Incidents say how many people are concerned, as callers tell it.

Revision: 20261127_0680
Follows: 20261127_0650
"""

import sqlalchemy as sa
from alembic import op

revision = "20261127_0680"
down_revision = "20261127_0650"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("incidents", sa.Column("people", sa.Integer(), nullable=True))
    op.create_check_constraint("people", "incidents", "people >= 0 AND people <= 9999")


def downgrade() -> None:
    op.drop_column("incidents", "people")
