"""Who is on duty: people sign on for a shift.

Revision: 20261127_0540
Follows: 20261127_0530
"""

import sqlalchemy as sa
from alembic import op

revision = "20261127_0540"
down_revision = "20261127_0530"
branch_labels = None
depends_on = None

ROLES = "('dispatcher', 'crew', 'emergency_doctor', 'ecmo_coordinator', 'supervisor', 'administrator')"


def upgrade() -> None:
    op.create_table(
        "person_duties",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("person_id", sa.Uuid(), nullable=False),
        sa.Column("role", sa.Text(), nullable=False),
        sa.Column("organisation", sa.Text(), nullable=False),
        sa.Column("began_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("until_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("ended_at", sa.DateTime(timezone=True), nullable=True),
        sa.CheckConstraint(f"role IN {ROLES}", name=op.f("ck_person_duties_role")),
        sa.CheckConstraint("until_at > began_at AND ended_at >= began_at", name=op.f("ck_person_duties_times")),
        sa.CheckConstraint(
            "isfinite(began_at) AND isfinite(until_at) AND isfinite(ended_at)", name=op.f("ck_person_duties_finite")
        ),
        sa.ForeignKeyConstraint(["person_id"], ["people.id"], name=op.f("fk_person_duties_person_id_people")),
        sa.ForeignKeyConstraint(
            ["organisation"], ["organisations.code"], name=op.f("fk_person_duties_organisation_organisations")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_person_duties")),
    )
    op.create_index(
        "uq_person_duties_open",
        "person_duties",
        ["person_id", "role"],
        unique=True,
        postgresql_where=sa.text("ended_at IS NULL"),
    )


def downgrade() -> None:
    op.drop_table("person_duties")
