"""What became of patients of ECMO missions.

Revision: 20261127_0850
Follows: 20261127_0792
"""

import sqlalchemy as sa
from alembic import op

revision = "20261127_0850"
down_revision = "20261127_0792"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "ecmo_outcomes",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("mission_id", sa.Uuid(), nullable=False),
        sa.Column("moment", sa.Text(), nullable=False),
        sa.Column("outcome", sa.Text(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("entered_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("actor", sa.Text(), nullable=False),
        sa.CheckConstraint("actor <> ''", name=op.f("ck_ecmo_outcomes_actor_filled")),
        sa.CheckConstraint("moment IN ('h24', 'discharge')", name=op.f("ck_ecmo_outcomes_moment")),
        sa.CheckConstraint(
            "outcome IN ('on_circuit', 'off_circuit', 'home', 'transferred', 'died', 'unknown')",
            name=op.f("ck_ecmo_outcomes_outcome"),
        ),
        sa.ForeignKeyConstraint(
            ["mission_id"], ["ecmo_missions.id"], name=op.f("fk_ecmo_outcomes_mission_id_ecmo_missions")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_ecmo_outcomes")),
    )
    op.create_index(
        "ix_ecmo_outcomes_mission_id_entered_at", "ecmo_outcomes", ["mission_id", "entered_at"], unique=False
    )


def downgrade() -> None:
    op.drop_table("ecmo_outcomes")
