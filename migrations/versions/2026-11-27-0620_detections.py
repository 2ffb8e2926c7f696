"""What is found in vehicles' streams, who acknowledged it, and what is to be watched.

Revision: 20261127_0620
Follows: 20261127_0610
"""

import sqlalchemy as sa
from alembic import op

revision = "20261127_0620"
down_revision = "20261127_0610"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "detections",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("code", sa.Text(), nullable=False),
        sa.Column("priority", sa.Text(), nullable=True),
        sa.Column("unit_id", sa.Uuid(), nullable=False),
        sa.Column("organisation", sa.Text(), nullable=False),
        sa.Column("slot", sa.SmallInteger(), nullable=False),
        sa.Column("incident_id", sa.Uuid(), nullable=False),
        sa.Column("patient_id", sa.Uuid(), nullable=True),
        sa.Column("assignment_id", sa.Uuid(), nullable=True),
        sa.Column("value", sa.Double(), nullable=True),
        sa.Column("bound", sa.Double(), nullable=True),
        sa.Column("began_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("raised_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("recorded_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("ended_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("late", sa.Boolean(), nullable=False),
        sa.Column("times", sa.Integer(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.CheckConstraint("kind IN ('alarm', 'offer')", name=op.f("ck_detections_kind")),
        sa.CheckConstraint("priority IN ('high', 'medium', 'low')", name=op.f("ck_detections_priority")),
        sa.CheckConstraint("code <> ''", name=op.f("ck_detections_code_filled")),
        sa.CheckConstraint("organisation <> ''", name=op.f("ck_detections_organisation_filled")),
        sa.CheckConstraint("(kind = 'alarm') = (priority IS NOT NULL)", name=op.f("ck_detections_ranked")),
        sa.CheckConstraint("slot BETWEEN 0 AND 9", name=op.f("ck_detections_slot")),
        sa.CheckConstraint("began_at <= raised_at AND ended_at >= began_at", name=op.f("ck_detections_times_in_order")),
        sa.CheckConstraint("version >= 1 AND times >= 1", name=op.f("ck_detections_counts")),
        sa.ForeignKeyConstraint(["unit_id"], ["units.id"], name=op.f("fk_detections_unit_id_units")),
        sa.ForeignKeyConstraint(["incident_id"], ["incidents.id"], name=op.f("fk_detections_incident_id_incidents")),
        sa.ForeignKeyConstraint(["patient_id"], ["patients.id"], name=op.f("fk_detections_patient_id_patients")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_detections")),
    )
    op.create_index(
        "uq_detections_running",
        "detections",
        ["unit_id", "slot", "code", "patient_id", "assignment_id"],
        unique=True,
        postgresql_nulls_not_distinct=True,
        postgresql_where=sa.text("ended_at IS NULL AND NOT late"),
    )
    op.create_index("ix_detections_incident_id_began_at", "detections", ["incident_id", "began_at"])
    op.create_index("ix_detections_patient_id", "detections", ["patient_id"])

    op.create_table(
        "detection_acknowledgements",
        sa.Column("detection_id", sa.Uuid(), nullable=False),
        sa.Column("side", sa.Text(), nullable=False),
        sa.Column("organisation", sa.Text(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("actor", sa.Text(), nullable=False),
        sa.CheckConstraint("side IN ('crew', 'dispatch', 'hospital')", name=op.f("ck_detection_acknowledgements_side")),
        sa.CheckConstraint("actor <> ''", name=op.f("ck_detection_acknowledgements_actor_filled")),
        sa.CheckConstraint(
            "(side = 'hospital') = (organisation <> '')", name=op.f("ck_detection_acknowledgements_organisation")
        ),
        sa.ForeignKeyConstraint(
            ["detection_id"], ["detections.id"], name=op.f("fk_detection_acknowledgements_detection_id_detections")
        ),
        sa.PrimaryKeyConstraint("detection_id", "side", "organisation", name=op.f("pk_detection_acknowledgements")),
    )

    op.create_table(
        "telemetry_watches",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("unit_id", sa.Uuid(), nullable=False),
        sa.Column("assignment_id", sa.Uuid(), nullable=False),
        sa.Column("incident_id", sa.Uuid(), nullable=False),
        sa.Column("goal", sa.Text(), nullable=False),
        sa.Column("lat", sa.Double(), nullable=False),
        sa.Column("lon", sa.Double(), nullable=False),
        sa.Column("radius_m", sa.Double(), nullable=False),
        sa.Column("off_route_m", sa.Double(), nullable=True),
        sa.Column("stopped_s", sa.Double(), nullable=True),
        sa.Column("set_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("ended_at", sa.DateTime(timezone=True), nullable=True),
        sa.CheckConstraint("goal IN ('scene', 'hospital')", name=op.f("ck_telemetry_watches_goal")),
        sa.CheckConstraint("lat BETWEEN -90 AND 90", name=op.f("ck_telemetry_watches_lat")),
        sa.CheckConstraint("lon BETWEEN -180 AND 180", name=op.f("ck_telemetry_watches_lon")),
        sa.CheckConstraint("radius_m > 0", name=op.f("ck_telemetry_watches_radius")),
        sa.CheckConstraint("off_route_m > 0", name=op.f("ck_telemetry_watches_off_route")),
        sa.CheckConstraint("stopped_s > 0", name=op.f("ck_telemetry_watches_stopped")),
        sa.CheckConstraint("ended_at >= set_at", name=op.f("ck_telemetry_watches_times")),
        sa.ForeignKeyConstraint(["unit_id"], ["units.id"], name=op.f("fk_telemetry_watches_unit_id_units")),
        sa.ForeignKeyConstraint(
            ["incident_id"], ["incidents.id"], name=op.f("fk_telemetry_watches_incident_id_incidents")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_telemetry_watches")),
    )
    op.create_index(
        "uq_telemetry_watches_running",
        "telemetry_watches",
        ["assignment_id", "goal"],
        unique=True,
        postgresql_where=sa.text("ended_at IS NULL"),
    )
    op.create_index(
        "ix_telemetry_watches_unit_id",
        "telemetry_watches",
        ["unit_id"],
        postgresql_where=sa.text("ended_at IS NULL"),
    )


def downgrade() -> None:
    op.drop_table("telemetry_watches")
    op.drop_table("detection_acknowledgements")
    op.drop_table("detections")
