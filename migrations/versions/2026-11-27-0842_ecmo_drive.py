"""How long the drive of an ECMO mission still takes.

Revision: 20261127_0842
Follows: 20261127_0841
"""

import sqlalchemy as sa
from alembic import op

revision = "20261127_0842"
down_revision = "20261127_0841"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("ecmo_missions", sa.Column("drive_at", sa.DateTime(timezone=True), nullable=True))
    op.add_column("ecmo_missions", sa.Column("drive_s", sa.Double(), nullable=True))
    op.add_column("ecmo_missions", sa.Column("drive_slow_s", sa.Double(), nullable=True))
    op.add_column("ecmo_missions", sa.Column("drive_told", sa.DateTime(timezone=True), nullable=True))
    op.create_check_constraint(
        op.f("ck_ecmo_missions_drive"), "ecmo_missions", "num_nulls(drive_at, drive_s, drive_slow_s) IN (0, 3)"
    )


def downgrade() -> None:
    op.drop_constraint(op.f("ck_ecmo_missions_drive"), "ecmo_missions", type_="check")
    for name in ("drive_told", "drive_slow_s", "drive_s", "drive_at"):
        op.drop_column("ecmo_missions", name)
