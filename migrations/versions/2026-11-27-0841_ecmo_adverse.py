"""Adverse events of ECMO missions.

Revision: 20261127_0841
Follows: 20261127_0850
"""

import sqlalchemy as sa
from alembic import op

revision = "20261127_0841"
down_revision = "20261127_0850"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "ecmo_adverse",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("mission_id", sa.Uuid(), nullable=False),
        sa.Column("item", sa.Text(), nullable=False),
        sa.Column("category", sa.Text(), nullable=False),
        sa.Column("severity", sa.SmallInteger(), nullable=False),
        sa.Column("phase", sa.Text(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("entered_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("actor", sa.Text(), nullable=False),
        sa.Column("replaces", sa.Uuid(), nullable=True),
        sa.Column("withdrawn_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("withdrawn_by", sa.Text(), nullable=True),
        sa.CheckConstraint(
            "item IN ('flow_loss', 'tidal_volume_loss', 'bleeding', 'arrhythmia', 'cannula', 'air', 'clot', "
            "'oxygenator', 'pump', 'power', 'oxygen', 'vehicle', 'delay')",
            name=op.f("ck_ecmo_adverse_item"),
        ),
        sa.CheckConstraint(
            "category IN ('patient', 'equipment', 'staff', 'vehicle', 'environment')",
            name=op.f("ck_ecmo_adverse_category"),
        ),
        sa.CheckConstraint(
            "phase IN ('preparing', 'outbound', 'at_patient', 'cannulating', 'on_circuit', 'returning', 'arrived', "
            "'handed_over', 'stood_down', 'died')",
            name=op.f("ck_ecmo_adverse_phase"),
        ),
        sa.CheckConstraint("severity BETWEEN 1 AND 4", name=op.f("ck_ecmo_adverse_severity")),
        sa.CheckConstraint("actor <> ''", name=op.f("ck_ecmo_adverse_actor_filled")),
        sa.CheckConstraint("(withdrawn_at IS NULL) = (withdrawn_by IS NULL)", name=op.f("ck_ecmo_adverse_withdrawn")),
        sa.ForeignKeyConstraint(
            ["mission_id"], ["ecmo_missions.id"], name=op.f("fk_ecmo_adverse_mission_id_ecmo_missions")
        ),
        sa.ForeignKeyConstraint(["replaces"], ["ecmo_adverse.id"], name=op.f("fk_ecmo_adverse_replaces_ecmo_adverse")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_ecmo_adverse")),
    )
    op.create_index("ix_ecmo_adverse_mission_id_at", "ecmo_adverse", ["mission_id", "at"], unique=False)


def downgrade() -> None:
    op.drop_table("ecmo_adverse")
