"""Airports that are kept open at night by arrangement.

Revision: 20261128_0871
Follows: 20261128_0870
"""

import sqlalchemy as sa
from alembic import op

revision = "20261128_0871"
down_revision = "20261128_0870"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "ecmo_airport_holds",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("region", sa.Text(), nullable=False),
        sa.Column("mission_id", sa.Uuid(), nullable=True),
        sa.Column("airport", sa.Text(), nullable=False),
        sa.Column("held", sa.Boolean(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("until", sa.DateTime(timezone=True), nullable=False),
        sa.Column("actor", sa.Text(), nullable=False),
        sa.CheckConstraint("airport <> ''", name=op.f("ck_ecmo_airport_holds_airport_filled")),
        sa.CheckConstraint("actor <> ''", name=op.f("ck_ecmo_airport_holds_actor_filled")),
        sa.CheckConstraint("until > at", name=op.f("ck_ecmo_airport_holds_times")),
        sa.ForeignKeyConstraint(["region"], ["regions.name"], name=op.f("fk_ecmo_airport_holds_region_regions")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_ecmo_airport_holds")),
    )
    op.create_index("ix_ecmo_airport_holds_region_at", "ecmo_airport_holds", ["region", "at"])


def downgrade() -> None:
    op.drop_table("ecmo_airport_holds")
