"""Patients are registered at a hospital under a visit's number, before they arrive.

Revision: 20261127_0791
Follows: 20261127_0790
"""

import sqlalchemy as sa
from alembic import op

revision = "20261127_0791"
down_revision = "20261127_0790"
branch_labels = None
depends_on = None

KINDS = (
    "'phone', 'name', 'id_number', 'address', 'note', 'message', 'reason', 'recording', 'witness', 'contact', "
    "'destination'"
)


def _allow(kinds: str) -> None:
    op.drop_constraint(op.f("ck_personal_values_kind"), "personal_values")
    op.create_check_constraint(op.f("ck_personal_values_kind"), "personal_values", f"kind IN ({kinds})")


def upgrade() -> None:
    _allow(f"{KINDS}, 'visit_number'")
    op.create_table(
        "registrations",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("patient_id", sa.Uuid(), nullable=False),
        sa.Column("hospital_id", sa.Uuid(), nullable=False),
        sa.Column("number_id", sa.Uuid(), nullable=False),
        sa.Column("day", sa.Date(), nullable=False),
        sa.Column("digest", sa.Text(), nullable=False),
        sa.Column("sex", sa.Text(), nullable=False),
        sa.Column("age_years", sa.Integer(), nullable=True),
        sa.Column("registered_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("registered_by", sa.Text(), nullable=False),
        sa.Column("accepted_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("accepted_by", sa.Text(), nullable=False),
        sa.CheckConstraint("sex IN ('male', 'female', 'unstated', 'unknown')", name=op.f("ck_registrations_sex")),
        sa.CheckConstraint("age_years BETWEEN 0 AND 130", name=op.f("ck_registrations_age_years")),
        *(
            sa.CheckConstraint(f"{name} <> ''", name=op.f(f"ck_registrations_{name}_filled"))
            for name in ("digest", "registered_by", "accepted_by")
        ),
        sa.ForeignKeyConstraint(["patient_id"], ["patients.id"], name=op.f("fk_registrations_patient_id_patients")),
        sa.ForeignKeyConstraint(["hospital_id"], ["hospitals.id"], name=op.f("fk_registrations_hospital_id_hospitals")),
        sa.ForeignKeyConstraint(
            ["number_id"], ["personal_values.id"], name=op.f("fk_registrations_number_id_personal_values")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_registrations")),
        sa.UniqueConstraint("patient_id", "hospital_id", name=op.f("uq_registrations_patient_id_hospital_id")),
        sa.UniqueConstraint("hospital_id", "day", "digest", name=op.f("uq_registrations_hospital_id_day_digest")),
    )


def downgrade() -> None:
    op.drop_table("registrations")
    op.execute("DELETE FROM personal_values WHERE kind = 'visit_number'")
    _allow(KINDS)
