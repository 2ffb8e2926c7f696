"""Who carries a patient now is found by an index of its own, however many were carried before.

Revision: 20261127_0520
Follows: 20261127_0510
"""

import sqlalchemy as sa
from alembic import op

revision = "20261127_0520"
down_revision = "20261127_0510"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Make the index."""
    op.create_index(
        "ix_patient_care_carrying",
        "patient_care",
        ["unit_id"],
        unique=False,
        postgresql_where=sa.text("ends_at IS NULL AND care = 'carries'"),
    )


def downgrade() -> None:
    """Take it away."""
    op.drop_index("ix_patient_care_carrying", table_name="patient_care")
