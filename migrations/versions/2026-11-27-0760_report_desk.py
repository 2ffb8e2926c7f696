"""Which reports are made by themselves, and views of the figures that people keep.

Revision: 20261127_0760
Follows: 20261127_0772
"""

import sqlalchemy as sa
from alembic import op

revision = "20261127_0760"
down_revision = "20261127_0772"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "report_schedules",
        sa.Column("region", sa.Text(), nullable=False),
        sa.Column("step", sa.Text(), nullable=False),
        sa.Column("active", sa.Boolean(), nullable=False),
        sa.Column("targets", sa.Text(), nullable=False),
        sa.Column("language", sa.Text(), nullable=False),
        sa.Column("since", sa.DateTime(timezone=True), nullable=False),
        sa.Column("changed_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("changed_by", sa.Text(), nullable=False),
        sa.Column("failed_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("failed_code", sa.Text(), nullable=True),
        sa.CheckConstraint("step IN ('daily', 'weekly', 'monthly')", name=op.f("ck_report_schedules_step")),
        sa.CheckConstraint("language IN ('zh', 'en', 'ug')", name=op.f("ck_report_schedules_language")),
        sa.CheckConstraint("(failed_at IS NULL) = (failed_code IS NULL)", name=op.f("ck_report_schedules_failed")),
        sa.ForeignKeyConstraint(["region"], ["regions.name"], name=op.f("fk_report_schedules_region_regions")),
        sa.PrimaryKeyConstraint("region", "step", name=op.f("pk_report_schedules")),
    )
    op.create_table(
        "report_views",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("region", sa.Text(), nullable=False),
        sa.Column("person_id", sa.Uuid(), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("query", sa.Text(), nullable=False),
        sa.Column("shared", sa.Boolean(), nullable=False),
        sa.Column("saved_at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint("name <> ''", name=op.f("ck_report_views_name_filled")),
        sa.ForeignKeyConstraint(["person_id"], ["people.id"], name=op.f("fk_report_views_person_id_people")),
        sa.ForeignKeyConstraint(["region"], ["regions.name"], name=op.f("fk_report_views_region_regions")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_report_views")),
        sa.UniqueConstraint("region", "person_id", "name", name=op.f("uq_report_views_region_person_id_name")),
    )


def downgrade() -> None:
    op.drop_table("report_views")
    op.drop_table("report_schedules")
