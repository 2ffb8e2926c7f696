"""Whose the data of a place in a vehicle are, and how long they are kept.

Revision: 20261127_0610
Follows: 20261127_0600
"""

import sqlalchemy as sa
from alembic import op

revision = "20261127_0610"
down_revision = "20261127_0600"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "telemetry_attachments",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("unit_id", sa.Uuid(), nullable=False),
        sa.Column("slot", sa.SmallInteger(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("patient_id", sa.Uuid(), nullable=True),
        sa.Column("entered_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("actor", sa.Text(), nullable=False),
        sa.Column("withdrawn_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("withdrawn_by", sa.Text(), nullable=True),
        sa.CheckConstraint("slot BETWEEN 1 AND 9", name=op.f("ck_telemetry_attachments_slot")),
        sa.CheckConstraint("at <= entered_at + interval '60 seconds'", name=op.f("ck_telemetry_attachments_times")),
        sa.CheckConstraint(
            "(withdrawn_at IS NULL) = (withdrawn_by IS NULL)", name=op.f("ck_telemetry_attachments_withdrawn")
        ),
        sa.ForeignKeyConstraint(
            ["patient_id"], ["patients.id"], name=op.f("fk_telemetry_attachments_patient_id_patients")
        ),
        sa.ForeignKeyConstraint(["unit_id"], ["units.id"], name=op.f("fk_telemetry_attachments_unit_id_units")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_telemetry_attachments")),
    )
    op.create_index(
        "uq_telemetry_attachments_present",
        "telemetry_attachments",
        ["unit_id", "slot", "at"],
        unique=True,
        postgresql_where=sa.text("withdrawn_at IS NULL"),
    )
    op.create_index(op.f("ix_telemetry_attachments_patient_id"), "telemetry_attachments", ["patient_id"])

    op.create_table(
        "telemetry_holds",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("incident_id", sa.Uuid(), nullable=False),
        sa.Column("held_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("held_by", sa.Text(), nullable=False),
        sa.Column("lifted_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("lifted_by", sa.Text(), nullable=True),
        sa.CheckConstraint("(lifted_at IS NULL) = (lifted_by IS NULL)", name=op.f("ck_telemetry_holds_lifted")),
        sa.ForeignKeyConstraint(
            ["incident_id"], ["incidents.id"], name=op.f("fk_telemetry_holds_incident_id_incidents")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_telemetry_holds")),
    )
    op.create_index(
        "uq_telemetry_holds_present",
        "telemetry_holds",
        ["incident_id"],
        unique=True,
        postgresql_where=sa.text("lifted_at IS NULL"),
    )
    op.create_table(
        "telemetry_forgotten",
        sa.Column("kind", sa.SmallInteger(), autoincrement=False, nullable=False),
        sa.Column("before", sa.Date(), nullable=False),
        sa.CheckConstraint("kind BETWEEN 1 AND 7", name=op.f("ck_telemetry_forgotten_kind")),
        sa.PrimaryKeyConstraint("kind", name=op.f("pk_telemetry_forgotten")),
    )


def downgrade() -> None:
    op.drop_table("telemetry_forgotten")
    op.drop_table("telemetry_holds")
    op.drop_table("telemetry_attachments")
