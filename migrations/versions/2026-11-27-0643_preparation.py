"""What hospitals have prepared for patients.

Revision: 20261127_0643
Follows: 20261127_0642
"""

import sqlalchemy as sa
from alembic import op

revision = "20261127_0643"
down_revision = "20261127_0642"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "preparation_ticks",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("patient_id", sa.Uuid(), nullable=False),
        sa.Column("hospital_id", sa.Uuid(), nullable=False),
        sa.Column("item", sa.Text(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("actor", sa.Text(), nullable=False),
        sa.Column("withdrawn_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("withdrawn_by", sa.Text(), nullable=True),
        sa.CheckConstraint("item <> ''", name=op.f("ck_preparation_ticks_item_filled")),
        sa.CheckConstraint("actor <> ''", name=op.f("ck_preparation_ticks_actor_filled")),
        sa.CheckConstraint(
            "(withdrawn_at IS NULL) = (withdrawn_by IS NULL)", name=op.f("ck_preparation_ticks_withdrawn")
        ),
        sa.ForeignKeyConstraint(
            ["hospital_id"], ["hospitals.id"], name=op.f("fk_preparation_ticks_hospital_id_hospitals")
        ),
        sa.ForeignKeyConstraint(["patient_id"], ["patients.id"], name=op.f("fk_preparation_ticks_patient_id_patients")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_preparation_ticks")),
    )
    op.create_index(
        "uq_preparation_ticks_holding",
        "preparation_ticks",
        ["patient_id", "hospital_id", "item"],
        unique=True,
        postgresql_where=sa.text("withdrawn_at IS NULL"),
    )


def downgrade() -> None:
    op.drop_table("preparation_ticks")
