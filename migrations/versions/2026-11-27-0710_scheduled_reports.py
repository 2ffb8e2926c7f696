"""Reports made by themselves: one for each step and period, never two.

Revision: 20261127_0710
Follows: 20261127_0652
"""

import sqlalchemy as sa
from alembic import op

revision = "20261127_0710"
down_revision = "20261127_0652"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "scheduled_reports",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("region", sa.Text(), nullable=False),
        sa.Column("step", sa.Text(), nullable=False),
        sa.Column("begins", sa.DateTime(timezone=True), nullable=False),
        sa.Column("until", sa.DateTime(timezone=True), nullable=False),
        sa.Column("made_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("seq", sa.BigInteger(), nullable=False),
        sa.Column("digest", sa.Text(), nullable=False),
        sa.CheckConstraint("step IN ('daily', 'weekly', 'monthly')", name=op.f("ck_scheduled_reports_step")),
        sa.CheckConstraint("until > begins", name=op.f("ck_scheduled_reports_period")),
        sa.ForeignKeyConstraint(["region"], ["regions.name"], name=op.f("fk_scheduled_reports_region_regions")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_scheduled_reports")),
        sa.UniqueConstraint("region", "step", "begins", name=op.f("uq_scheduled_reports_region_step_begins")),
    )


def downgrade() -> None:
    op.drop_table("scheduled_reports")
