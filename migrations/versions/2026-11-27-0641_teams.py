"""Teams of a hospital's centres, activated for a patient, and what stopped their clocks.

Revision: 20261127_0641
Follows: 20261127_0680
"""

import sqlalchemy as sa
from alembic import op

revision = "20261127_0641"
down_revision = "20261127_0680"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "team_activations",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("patient_id", sa.Uuid(), nullable=False),
        sa.Column("hospital_id", sa.Uuid(), nullable=False),
        sa.Column("centre", sa.Text(), nullable=False),
        sa.Column("activated_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("activated_by", sa.Text(), nullable=False),
        sa.Column("entered_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("arrived_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("arrived_by", sa.Text(), nullable=True),
        sa.Column("ended_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("ended_by", sa.Text(), nullable=True),
        sa.Column("ending", sa.Text(), nullable=True),
        sa.CheckConstraint(
            "centre IN ('chest', 'stroke', 'trauma', 'maternal', 'neonatal')", name=op.f("ck_team_activations_centre")
        ),
        sa.CheckConstraint("ending IN ('stood_down', 'cancelled')", name=op.f("ck_team_activations_ending")),
        sa.CheckConstraint("activated_by <> ''", name=op.f("ck_team_activations_activated_by_filled")),
        sa.CheckConstraint("(arrived_at IS NULL) = (arrived_by IS NULL)", name=op.f("ck_team_activations_arrived")),
        sa.CheckConstraint("(ended_at IS NULL) = (ended_by IS NULL)", name=op.f("ck_team_activations_ended")),
        sa.CheckConstraint("(ended_at IS NULL) = (ending IS NULL)", name=op.f("ck_team_activations_ending_told")),
        sa.CheckConstraint(
            "arrived_at >= activated_at AND ended_at >= activated_at", name=op.f("ck_team_activations_times")
        ),
        sa.ForeignKeyConstraint(
            ["hospital_id"], ["hospitals.id"], name=op.f("fk_team_activations_hospital_id_hospitals")
        ),
        sa.ForeignKeyConstraint(["patient_id"], ["patients.id"], name=op.f("fk_team_activations_patient_id_patients")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_team_activations")),
    )
    op.create_index(
        "uq_team_activations_active",
        "team_activations",
        ["patient_id", "hospital_id", "centre"],
        unique=True,
        postgresql_where=sa.text("ended_at IS NULL"),
    )
    op.create_index("ix_team_activations_hospital_id_activated_at", "team_activations", ["hospital_id", "activated_at"])
    op.create_table(
        "team_stops",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("activation_id", sa.Uuid(), nullable=False),
        sa.Column("clock", sa.Text(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("entered_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("actor", sa.Text(), nullable=False),
        sa.Column("withdrawn_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("withdrawn_by", sa.Text(), nullable=True),
        sa.CheckConstraint("clock <> ''", name=op.f("ck_team_stops_clock_filled")),
        sa.CheckConstraint("actor <> ''", name=op.f("ck_team_stops_actor_filled")),
        sa.CheckConstraint("(withdrawn_at IS NULL) = (withdrawn_by IS NULL)", name=op.f("ck_team_stops_withdrawn")),
        sa.ForeignKeyConstraint(
            ["activation_id"], ["team_activations.id"], name=op.f("fk_team_stops_activation_id_team_activations")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_team_stops")),
    )
    op.create_index(
        "uq_team_stops_holding",
        "team_stops",
        ["activation_id", "clock"],
        unique=True,
        postgresql_where=sa.text("withdrawn_at IS NULL"),
    )


def downgrade() -> None:
    op.drop_table("team_stops")
    op.drop_table("team_activations")
