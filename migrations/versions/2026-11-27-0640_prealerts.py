"""Pre-alerts of hospitals: raised, acknowledged by name, escalated, withdrawn.

Revision: 20261127_0640
Follows: 20261127_0630
"""

import sqlalchemy as sa
from alembic import op

revision = "20261127_0640"
down_revision = "20261127_0630"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "prealerts",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("patient_id", sa.Uuid(), nullable=False),
        sa.Column("hospital_id", sa.Uuid(), nullable=False),
        sa.Column("raised_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("acknowledged_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("acknowledged_by", sa.Text(), nullable=True),
        sa.Column("escalated_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("withdrawn_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("withdrawal", sa.Text(), nullable=True),
        sa.CheckConstraint("withdrawal IN ('elsewhere', 'over')", name=op.f("ck_prealerts_withdrawal")),
        sa.CheckConstraint("acknowledged_by <> ''", name=op.f("ck_prealerts_acknowledged_by_filled")),
        sa.CheckConstraint(
            "(acknowledged_at IS NULL) = (acknowledged_by IS NULL)", name=op.f("ck_prealerts_acknowledged")
        ),
        sa.CheckConstraint("(withdrawn_at IS NULL) = (withdrawal IS NULL)", name=op.f("ck_prealerts_withdrawn")),
        sa.CheckConstraint(
            "acknowledged_at >= raised_at AND escalated_at >= raised_at AND withdrawn_at >= raised_at",
            name=op.f("ck_prealerts_times"),
        ),
        sa.ForeignKeyConstraint(["hospital_id"], ["hospitals.id"], name=op.f("fk_prealerts_hospital_id_hospitals")),
        sa.ForeignKeyConstraint(["patient_id"], ["patients.id"], name=op.f("fk_prealerts_patient_id_patients")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_prealerts")),
    )
    op.create_index(
        "uq_prealerts_holding",
        "prealerts",
        ["patient_id", "hospital_id"],
        unique=True,
        postgresql_where=sa.text("withdrawn_at IS NULL"),
    )
    op.create_index("ix_prealerts_hospital_id_raised_at", "prealerts", ["hospital_id", "raised_at"])


def downgrade() -> None:
    op.drop_table("prealerts")
