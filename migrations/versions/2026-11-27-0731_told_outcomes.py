"""What a hospital tells of a patient later.

Revision: 20261127_0731
Follows: 20261127_0730
"""

import sqlalchemy as sa
from alembic import op

revision = "20261127_0731"
down_revision = "20261127_0730"
branch_labels = None
depends_on = None


def _filled(column: str) -> sa.CheckConstraint:
    return sa.CheckConstraint(f"{column} <> ''", name=op.f(f"ck_told_outcomes_{column}_filled"))


def upgrade() -> None:
    op.create_table(
        "told_outcomes",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("patient_id", sa.Uuid(), nullable=False),
        sa.Column("hospital_id", sa.Uuid(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("disposition", sa.Text(), nullable=False),
        sa.Column("diagnosis", sa.Text(), nullable=True),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("actor", sa.Text(), nullable=False),
        *(_filled(name) for name in ("disposition", "diagnosis", "actor")),
        sa.CheckConstraint("version >= 1", name=op.f("ck_told_outcomes_version")),
        sa.ForeignKeyConstraint(["patient_id"], ["patients.id"], name=op.f("fk_told_outcomes_patient_id_patients")),
        sa.ForeignKeyConstraint(["hospital_id"], ["hospitals.id"], name=op.f("fk_told_outcomes_hospital_id_hospitals")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_told_outcomes")),
        sa.UniqueConstraint(
            "patient_id", "hospital_id", "version", name=op.f("uq_told_outcomes_patient_id_hospital_id_version")
        ),
    )


def downgrade() -> None:
    op.drop_table("told_outcomes")
