"""Handing patients over at hospitals.

Revision: 20261127_0642
Follows: 20261127_0651
"""

import sqlalchemy as sa
from alembic import op

revision = "20261127_0642"
down_revision = "20261127_0651"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "receptions",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("patient_id", sa.Uuid(), nullable=False),
        sa.Column("hospital_id", sa.Uuid(), nullable=False),
        sa.Column("assignment_id", sa.Uuid(), nullable=True),
        sa.Column("arrived_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("arrived_by", sa.Text(), nullable=True),
        sa.Column("off_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("off_by", sa.Text(), nullable=True),
        sa.Column("signed_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("signed_by", sa.Text(), nullable=True),
        sa.Column("closed_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("closed_by", sa.Text(), nullable=True),
        sa.Column("unsigned", sa.Text(), nullable=True),
        sa.Column("witness", sa.Text(), nullable=True),
        sa.Column("waits_told_at", sa.DateTime(timezone=True), nullable=True),
        sa.CheckConstraint("unsigned IN ('nobody_came', 'refused', 'other')", name=op.f("ck_receptions_unsigned")),
        sa.CheckConstraint("(arrived_at IS NULL) = (arrived_by IS NULL)", name=op.f("ck_receptions_arrived_by")),
        sa.CheckConstraint("(off_at IS NULL) = (off_by IS NULL)", name=op.f("ck_receptions_off_by")),
        sa.CheckConstraint("(signed_at IS NULL) = (signed_by IS NULL)", name=op.f("ck_receptions_signed_by")),
        sa.CheckConstraint("(closed_at IS NULL) = (closed_by IS NULL)", name=op.f("ck_receptions_closed_by")),
        sa.CheckConstraint(
            "(closed_at IS NULL) = (unsigned IS NULL) AND (closed_at IS NULL) = (witness IS NULL)",
            name=op.f("ck_receptions_closed"),
        ),
        sa.CheckConstraint("witness <> closed_by", name=op.f("ck_receptions_another")),
        sa.CheckConstraint("signed_at IS NULL OR closed_at IS NULL", name=op.f("ck_receptions_one_end")),
        sa.ForeignKeyConstraint(
            ["assignment_id"], ["assignments.id"], name=op.f("fk_receptions_assignment_id_assignments")
        ),
        sa.ForeignKeyConstraint(["hospital_id"], ["hospitals.id"], name=op.f("fk_receptions_hospital_id_hospitals")),
        sa.ForeignKeyConstraint(["patient_id"], ["patients.id"], name=op.f("fk_receptions_patient_id_patients")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_receptions")),
        sa.UniqueConstraint("patient_id", "hospital_id", name=op.f("uq_receptions_patient_id_hospital_id")),
    )
    op.create_index("ix_receptions_hospital_id", "receptions", ["hospital_id"])


def downgrade() -> None:
    op.drop_table("receptions")
