"""Recommendations, assignments and the times that no status tells.

Revision: 20261122_2140
Follows: 20261122_2130
"""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "20261122_2140"
down_revision = "20261122_2130"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "recommendations",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("region", sa.Text(), nullable=False),
        sa.Column("incident_id", sa.Uuid(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("actor", sa.Text(), nullable=False),
        sa.Column("priority", sa.Text(), nullable=False),
        sa.Column("place_version", sa.Integer(), nullable=False),
        sa.Column("requester_organisation", sa.Text(), nullable=False),
        sa.Column("requester_system", sa.Text(), nullable=False),
        sa.Column("policy", sa.Text(), nullable=False),
        sa.Column("chosen", sa.Uuid(), nullable=True),
        sa.Column("network_version", sa.Text(), nullable=False),
        sa.Column("overlay_version", sa.Integer(), nullable=False),
        sa.Column("schema", sa.Integer(), nullable=False),
        sa.Column("body", postgresql.JSONB(astext_type=sa.Text()), nullable=False),
        sa.CheckConstraint("actor <> ''", name=op.f("ck_recommendations_actor_filled")),
        sa.CheckConstraint("policy <> ''", name=op.f("ck_recommendations_policy_filled")),
        sa.CheckConstraint("priority IN ('P1', 'P2', 'P3', 'P4')", name=op.f("ck_recommendations_priority")),
        sa.CheckConstraint('"schema" >= 1 AND place_version >= 1', name=op.f("ck_recommendations_versions")),
        sa.ForeignKeyConstraint(["chosen"], ["units.id"], name=op.f("fk_recommendations_chosen_units")),
        sa.ForeignKeyConstraint(
            ["incident_id"], ["incidents.id"], name=op.f("fk_recommendations_incident_id_incidents")
        ),
        sa.ForeignKeyConstraint(["region"], ["regions.name"], name=op.f("fk_recommendations_region_regions")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_recommendations")),
    )
    op.create_index("ix_recommendations_incident_id_at", "recommendations", ["incident_id", "at"], unique=False)
    op.create_table(
        "assignments",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("region", sa.Text(), nullable=False),
        sa.Column("incident_id", sa.Uuid(), nullable=False),
        sa.Column("unit_id", sa.Uuid(), nullable=False),
        sa.Column("organisation", sa.Text(), nullable=False),
        sa.Column("state", sa.Text(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("assigned_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("entered_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("source", sa.Text(), nullable=False),
        sa.Column("actor", sa.Text(), nullable=False),
        sa.Column("before_run", sa.Text(), nullable=False),
        sa.Column("recommendation_id", sa.Uuid(), nullable=True),
        sa.Column("recommended_rank", sa.Integer(), nullable=True),
        sa.Column("planned_s", sa.Double(), nullable=True),
        sa.Column("overridden", sa.Boolean(), nullable=False),
        sa.Column("override_reason", sa.Text(), nullable=True),
        sa.Column("override_note_id", sa.Uuid(), nullable=True),
        sa.Column("escalated_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("clear_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("clear_lat", sa.Double(), nullable=True),
        sa.Column("clear_lon", sa.Double(), nullable=True),
        sa.Column("destination_id", sa.Uuid(), nullable=True),
        sa.Column("ended_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("end_reason", sa.Text(), nullable=True),
        sa.Column("end_source", sa.Text(), nullable=True),
        sa.CheckConstraint("actor <> ''", name=op.f("ck_assignments_actor_filled")),
        sa.CheckConstraint(
            (
                "before_run IN ('unknown', 'at_station', 'returning_available', 'assigned', 'en_route', "
                "'staging', 'on_scene', 'at_patient', 'transporting', 'at_hospital', 'returning', 'relief', "
                "'standby', 'transfer', 'out_of_service')"
            ),
            name=op.f("ck_assignments_before_run"),
        ),
        sa.CheckConstraint(
            "end_reason IN ('completed', 'undone', 'cancelled', 'stood_down', 'diverted', 'broken_down')",
            name=op.f("ck_assignments_end_reason"),
        ),
        sa.CheckConstraint(
            "end_source IN ('crew', 'auto', 'voice', 'dispatcher')", name=op.f("ck_assignments_end_source")
        ),
        sa.CheckConstraint(
            "num_nonnulls(ended_at, end_reason, end_source) = CASE WHEN state = 'ended' THEN 3 ELSE 0 END",
            name=op.f("ck_assignments_ended"),
        ),
        sa.CheckConstraint(
            (
                "override_reason IN ('knows_better', 'road', 'capability', 'coverage', 'crew', "
                "'agreed_with_owner', 'no_answer', 'other')"
            ),
            name=op.f("ck_assignments_override_reason"),
        ),
        sa.CheckConstraint("source IN ('crew', 'auto', 'voice', 'dispatcher')", name=op.f("ck_assignments_source")),
        sa.CheckConstraint("state IN ('active', 'ended')", name=op.f("ck_assignments_state")),
        sa.CheckConstraint("clear_lat BETWEEN -90 AND 90", name=op.f("ck_assignments_clear_lat")),
        sa.CheckConstraint("clear_lon BETWEEN -180 AND 180", name=op.f("ck_assignments_clear_lon")),
        sa.CheckConstraint("ended_at >= assigned_at", name=op.f("ck_assignments_times")),
        sa.CheckConstraint(
            "isfinite(assigned_at) AND isfinite(ended_at) AND isfinite(clear_at)", name=op.f("ck_assignments_finite")
        ),
        sa.CheckConstraint("num_nonnulls(clear_lat, clear_lon) IN (0, 2)", name=op.f("ck_assignments_clear_point")),
        sa.CheckConstraint(
            "recommendation_id IS NOT NULL OR (recommended_rank IS NULL AND NOT overridden)",
            name=op.f("ck_assignments_rank"),
        ),
        sa.CheckConstraint("version >= 1 AND recommended_rank >= 1", name=op.f("ck_assignments_counts")),
        sa.ForeignKeyConstraint(
            ["destination_id"], ["hospitals.id"], name=op.f("fk_assignments_destination_id_hospitals")
        ),
        sa.ForeignKeyConstraint(["incident_id"], ["incidents.id"], name=op.f("fk_assignments_incident_id_incidents")),
        sa.ForeignKeyConstraint(["override_note_id"], ["notes.id"], name=op.f("fk_assignments_override_note_id_notes")),
        sa.ForeignKeyConstraint(
            ["recommendation_id"], ["recommendations.id"], name=op.f("fk_assignments_recommendation_id_recommendations")
        ),
        sa.ForeignKeyConstraint(["region"], ["regions.name"], name=op.f("fk_assignments_region_regions")),
        sa.ForeignKeyConstraint(["unit_id"], ["units.id"], name=op.f("fk_assignments_unit_id_units")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_assignments")),
    )
    op.create_index(
        "ix_assignments_active",
        "assignments",
        ["region", "assigned_at"],
        unique=False,
        postgresql_where=sa.text("state = 'active'"),
    )
    op.create_index("ix_assignments_incident_id", "assignments", ["incident_id"], unique=False)
    op.create_index(
        "ix_assignments_unexplained",
        "assignments",
        ["region", "assigned_at"],
        unique=False,
        postgresql_where=sa.text("overridden AND override_reason IS NULL"),
    )
    op.create_index("ix_assignments_unit_id_assigned_at", "assignments", ["unit_id", "assigned_at"], unique=False)
    op.create_index(
        "uq_assignments_active_unit",
        "assignments",
        ["unit_id"],
        unique=True,
        postgresql_where=sa.text("state = 'active'"),
    )
    op.create_table(
        "assignment_times",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("assignment_id", sa.Uuid(), nullable=False),
        sa.Column("point", sa.Text(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("device_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("entered_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("source", sa.Text(), nullable=False),
        sa.Column("actor", sa.Text(), nullable=False),
        sa.Column("corrects", sa.Uuid(), nullable=True),
        sa.CheckConstraint("actor <> ''", name=op.f("ck_assignment_times_actor_filled")),
        sa.CheckConstraint(
            "point IN ('T3', 'T4', 'T5', 'TS', 'T6', 'T7', 'T8', 'T9', 'T10', 'T11', 'T12', 'TX')",
            name=op.f("ck_assignment_times_point"),
        ),
        sa.CheckConstraint("point IN ('T4', 'T10')", name=op.f("ck_assignment_times_told")),
        sa.CheckConstraint(
            "source IN ('crew', 'auto', 'voice', 'dispatcher')", name=op.f("ck_assignment_times_source")
        ),
        sa.CheckConstraint("at <= entered_at AND isfinite(at)", name=op.f("ck_assignment_times_times")),
        sa.CheckConstraint("corrects <> id", name=op.f("ck_assignment_times_not_itself")),
        sa.ForeignKeyConstraint(
            ["assignment_id"], ["assignments.id"], name=op.f("fk_assignment_times_assignment_id_assignments")
        ),
        sa.ForeignKeyConstraint(
            ["corrects"], ["assignment_times.id"], name=op.f("fk_assignment_times_corrects_assignment_times")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_assignment_times")),
    )
    op.create_index("ix_assignment_times_assignment_id", "assignment_times", ["assignment_id"], unique=False)
    op.create_index(
        "uq_assignment_times_corrects",
        "assignment_times",
        ["corrects"],
        unique=True,
        postgresql_where=sa.text("corrects IS NOT NULL"),
    )
    op.create_index(
        "uq_assignment_times_first",
        "assignment_times",
        ["assignment_id", "point"],
        unique=True,
        postgresql_where=sa.text("corrects IS NULL"),
    )


def downgrade() -> None:
    op.drop_table("assignment_times")
    op.drop_table("assignments")
    op.drop_table("recommendations")
