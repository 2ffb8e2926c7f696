"""Whether a patient is on a circuit under way, and until when he needs it.

Revision: 20261128_0870
Follows: 20261127_0870
"""

import sqlalchemy as sa
from alembic import op

revision = "20261128_0870"
down_revision = "20261127_0870"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column(
        "detection_circuits", sa.Column("on_circuit", sa.Boolean(), nullable=False, server_default=sa.false())
    )
    op.alter_column("detection_circuits", "on_circuit", server_default=None)
    op.add_column("detection_circuits", sa.Column("needed_until", sa.DateTime(timezone=True), nullable=True))


def downgrade() -> None:
    op.drop_column("detection_circuits", "needed_until")
    op.drop_column("detection_circuits", "on_circuit")
