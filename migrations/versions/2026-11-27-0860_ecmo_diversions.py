"""Missions that went to another hospital.

Revision: 20261127_0860
Follows: 20261127_0842
"""

import sqlalchemy as sa
from alembic import op

revision = "20261127_0860"
down_revision = "20261127_0842"
branch_labels = None
depends_on = None

_REASONS = ("worsens", "circuit", "oxygen", "power", "vehicle", "road", "bed_taken", "other")


def upgrade() -> None:
    op.create_table(
        "ecmo_diversions",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("mission_id", sa.Uuid(), nullable=False),
        sa.Column("was_to_id", sa.Uuid(), nullable=False),
        sa.Column("to_hospital_id", sa.Uuid(), nullable=False),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("actor", sa.Text(), nullable=False),
        sa.CheckConstraint(
            "reason IN ({})".format(", ".join(f"'{one}'" for one in _REASONS)), name=op.f("ck_ecmo_diversions_reason")
        ),
        sa.CheckConstraint("actor <> ''", name=op.f("ck_ecmo_diversions_actor_filled")),
        sa.CheckConstraint("was_to_id <> to_hospital_id", name=op.f("ck_ecmo_diversions_elsewhere")),
        sa.ForeignKeyConstraint(
            ["mission_id"], ["ecmo_missions.id"], name=op.f("fk_ecmo_diversions_mission_id_ecmo_missions")
        ),
        sa.ForeignKeyConstraint(["was_to_id"], ["hospitals.id"], name=op.f("fk_ecmo_diversions_was_to_id_hospitals")),
        sa.ForeignKeyConstraint(
            ["to_hospital_id"], ["hospitals.id"], name=op.f("fk_ecmo_diversions_to_hospital_id_hospitals")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_ecmo_diversions")),
    )
    op.create_index("ix_ecmo_diversions_mission_id_at", "ecmo_diversions", ["mission_id", "at"])


def downgrade() -> None:
    op.drop_table("ecmo_diversions")
