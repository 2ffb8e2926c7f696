"""What patients' circuits are judged by; the patient of an ECMO mission.

Revision: 20261127_0840
Follows: 20261127_0782
"""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "20261127_0840"
down_revision = "20261127_0782"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "detection_circuits",
        sa.Column("patient_id", sa.Uuid(), nullable=False),
        sa.Column("mode", sa.Text(), nullable=True),
        sa.Column("flow_set", sa.Double(), nullable=True),
        sa.Column("sweep_set", sa.Double(), nullable=True),
        sa.Column("limits", postgresql.JSONB(astext_type=sa.Text()), nullable=False),
        sa.Column("unplugged_until", sa.DateTime(timezone=True), nullable=True),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("set_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("set_by", sa.Text(), nullable=False),
        sa.CheckConstraint("set_by <> ''", name=op.f("ck_detection_circuits_set_by_filled")),
        sa.CheckConstraint("mode IN ('vv', 'va', 'ecpr')", name=op.f("ck_detection_circuits_mode")),
        sa.CheckConstraint("flow_set > 0 AND sweep_set >= 0", name=op.f("ck_detection_circuits_set")),
        sa.CheckConstraint("version >= 1", name=op.f("ck_detection_circuits_version")),
        sa.ForeignKeyConstraint(
            ["patient_id"], ["patients.id"], name=op.f("fk_detection_circuits_patient_id_patients")
        ),
        sa.PrimaryKeyConstraint("patient_id", name=op.f("pk_detection_circuits")),
    )
    op.add_column("ecmo_missions", sa.Column("patient_id", sa.Uuid(), nullable=True))
    op.create_foreign_key(
        op.f("fk_ecmo_missions_patient_id_patients"), "ecmo_missions", "patients", ["patient_id"], ["id"]
    )


def downgrade() -> None:
    op.drop_constraint(op.f("fk_ecmo_missions_patient_id_patients"), "ecmo_missions", type_="foreignkey")
    op.drop_column("ecmo_missions", "patient_id")
    op.drop_table("detection_circuits")
