"""ECMO missions, which begin with an offer that is bound.

Revision: 20261127_0771
Follows: 20261127_0770
"""

import sqlalchemy as sa
from alembic import op

revision = "20261127_0771"
down_revision = "20261127_0770"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "ecmo_missions",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("region", sa.Text(), nullable=False),
        sa.Column("request_id", sa.Uuid(), nullable=False),
        sa.Column("offer_id", sa.Uuid(), nullable=False),
        sa.Column("centre_id", sa.Uuid(), nullable=False),
        sa.Column("from_hospital_id", sa.Uuid(), nullable=True),
        sa.Column("to_hospital_id", sa.Uuid(), nullable=False),
        sa.Column("mode", sa.Text(), nullable=False),
        sa.Column("is_primary", sa.Boolean(), nullable=False),
        sa.Column("incident_id", sa.Uuid(), nullable=True),
        sa.Column("state", sa.Text(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("began_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("began_by", sa.Text(), nullable=False),
        sa.CheckConstraint("mode IN ('vv', 'va', 'ecpr')", name=op.f("ck_ecmo_missions_mode")),
        sa.CheckConstraint(
            "state IN ('preparing', 'outbound', 'at_patient', 'cannulating', 'on_circuit', 'returning', 'arrived', "
            "'handed_over', 'stood_down', 'died')",
            name=op.f("ck_ecmo_missions_state"),
        ),
        sa.CheckConstraint("began_by <> ''", name=op.f("ck_ecmo_missions_began_by_filled")),
        sa.CheckConstraint("version >= 1", name=op.f("ck_ecmo_missions_version")),
        sa.ForeignKeyConstraint(["region"], ["regions.name"], name=op.f("fk_ecmo_missions_region_regions")),
        sa.ForeignKeyConstraint(
            ["request_id"], ["ecmo_requests.id"], name=op.f("fk_ecmo_missions_request_id_ecmo_requests")
        ),
        sa.ForeignKeyConstraint(["offer_id"], ["ecmo_offers.id"], name=op.f("fk_ecmo_missions_offer_id_ecmo_offers")),
        sa.ForeignKeyConstraint(["centre_id"], ["hospitals.id"], name=op.f("fk_ecmo_missions_centre_id_hospitals")),
        sa.ForeignKeyConstraint(
            ["from_hospital_id"], ["hospitals.id"], name=op.f("fk_ecmo_missions_from_hospital_id_hospitals")
        ),
        sa.ForeignKeyConstraint(
            ["to_hospital_id"], ["hospitals.id"], name=op.f("fk_ecmo_missions_to_hospital_id_hospitals")
        ),
        sa.ForeignKeyConstraint(["incident_id"], ["incidents.id"], name=op.f("fk_ecmo_missions_incident_id_incidents")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_ecmo_missions")),
    )
    op.create_index(
        "uq_ecmo_missions_request_id",
        "ecmo_missions",
        ["request_id"],
        unique=True,
        postgresql_where=sa.text("state <> 'stood_down'"),
    )
    op.create_index("ix_ecmo_missions_region_began_at", "ecmo_missions", ["region", "began_at"])


def downgrade() -> None:
    op.drop_table("ecmo_missions")
