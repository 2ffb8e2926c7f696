"""What crews write down at patients: values measured by hand, and treatments.

Revision: 20261127_0650
Follows: 20261127_0640
"""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "20261127_0650"
down_revision = "20261127_0640"
branch_labels = None
depends_on = None

SOURCES = "('auto', 'exchange', 'manual', 'device', 'voice', 'paper', 'inferred')"


def upgrade() -> None:
    op.create_table(
        "chart_entries",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("patient_id", sa.Uuid(), nullable=False),
        sa.Column("unit_id", sa.Uuid(), nullable=True),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("entered_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("source", sa.Text(), nullable=False),
        sa.Column("actor", sa.Text(), nullable=False),
        sa.Column("measured", postgresql.JSONB(none_as_null=True, astext_type=sa.Text()), nullable=True),
        sa.Column("treatment", sa.Text(), nullable=True),
        sa.Column("amount", sa.Float(precision=53), nullable=True),
        sa.Column("corrects", sa.Uuid(), nullable=True),
        sa.Column("withdrawn_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("withdrawn_by", sa.Text(), nullable=True),
        sa.CheckConstraint(f"source IN {SOURCES}", name=op.f("ck_chart_entries_source")),
        sa.CheckConstraint("actor <> ''", name=op.f("ck_chart_entries_actor_filled")),
        sa.CheckConstraint("num_nonnulls(measured, treatment) = 1", name=op.f("ck_chart_entries_one_thing")),
        sa.CheckConstraint("amount IS NULL OR treatment IS NOT NULL", name=op.f("ck_chart_entries_amount")),
        sa.CheckConstraint("amount > 0 AND amount < 1e6", name=op.f("ck_chart_entries_amount_positive")),
        sa.CheckConstraint("at <= entered_at", name=op.f("ck_chart_entries_times")),
        sa.CheckConstraint("corrects <> id", name=op.f("ck_chart_entries_not_itself")),
        sa.CheckConstraint("(withdrawn_at IS NULL) = (withdrawn_by IS NULL)", name=op.f("ck_chart_entries_withdrawn")),
        sa.ForeignKeyConstraint(["patient_id"], ["patients.id"], name=op.f("fk_chart_entries_patient_id_patients")),
        sa.ForeignKeyConstraint(["unit_id"], ["units.id"], name=op.f("fk_chart_entries_unit_id_units")),
        sa.ForeignKeyConstraint(
            ["corrects"], ["chart_entries.id"], name=op.f("fk_chart_entries_corrects_chart_entries")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_chart_entries")),
    )
    op.create_index("ix_chart_entries_patient_id_at", "chart_entries", ["patient_id", "at"])
    op.create_index(
        "uq_chart_entries_corrects_present", "chart_entries", ["corrects"], unique=True,
        postgresql_where=sa.text("withdrawn_at IS NULL"),
    )  # fmt: skip


def downgrade() -> None:
    op.drop_table("chart_entries")
