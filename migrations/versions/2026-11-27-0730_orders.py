"""What a doctor of the receiving hospital orders a crew to do, and what became of it.

Revision: 20261127_0730
Follows: 20261127_0771
"""

import sqlalchemy as sa
from alembic import op

revision = "20261127_0730"
down_revision = "20261127_0771"
branch_labels = None
depends_on = None

OWNERS = "owner IN ('call', 'incident', 'patient', 'note', 'message', 'ecmo'{})"


def _allow(owners: str) -> None:
    op.drop_constraint(op.f("ck_personal_values_owner"), "personal_values")
    op.create_check_constraint(op.f("ck_personal_values_owner"), "personal_values", owners)


def _pair(step: str) -> sa.CheckConstraint:
    return sa.CheckConstraint(f"({step}_at IS NULL) = ({step}_by IS NULL)", name=op.f(f"ck_orders_{step}_by"))


def _filled(column: str) -> sa.CheckConstraint:
    return sa.CheckConstraint(f"{column} <> ''", name=op.f(f"ck_orders_{column}_filled"))


def upgrade() -> None:
    _allow(OWNERS.format(", 'order'"))
    op.create_table(
        "orders",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("incident_id", sa.Uuid(), nullable=False),
        sa.Column("patient_id", sa.Uuid(), nullable=False),
        sa.Column("hospital_id", sa.Uuid(), nullable=False),
        sa.Column("organisation", sa.Text(), nullable=False),
        sa.Column("actor", sa.Text(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("entered_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("treatment", sa.Text(), nullable=False),
        sa.Column("amount", sa.Float(53), nullable=True),
        sa.Column("route", sa.Text(), nullable=True),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("seen_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("seen_by", sa.Text(), nullable=True),
        sa.Column("confirmed_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("confirmed_by", sa.Text(), nullable=True),
        sa.Column("ended_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("ended_entered_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("ended_by", sa.Text(), nullable=True),
        sa.Column("given_amount", sa.Float(53), nullable=True),
        sa.Column("reason", sa.Text(), nullable=True),
        sa.Column("cancelled_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("cancelled_by", sa.Text(), nullable=True),
        *(_filled(name) for name in ("actor", "organisation", "treatment", "route", "reason")),
        *(_pair(step) for step in ("seen", "confirmed", "ended", "cancelled")),
        sa.CheckConstraint("at <= entered_at", name=op.f("ck_orders_times")),
        sa.CheckConstraint("amount > 0 AND amount < 1e6", name=op.f("ck_orders_amount")),
        sa.CheckConstraint("given_amount > 0 AND given_amount < 1e6", name=op.f("ck_orders_given_amount")),
        sa.CheckConstraint("(ended_at IS NULL) = (ended_entered_at IS NULL)", name=op.f("ck_orders_ended")),
        sa.CheckConstraint(
            "ended_at IS NOT NULL OR num_nonnulls(reason, given_amount) = 0", name=op.f("ck_orders_end_told")
        ),
        sa.CheckConstraint("num_nonnulls(reason, given_amount) <= 1", name=op.f("ck_orders_one_end")),
        sa.ForeignKeyConstraint(["incident_id"], ["incidents.id"], name=op.f("fk_orders_incident_id_incidents")),
        sa.ForeignKeyConstraint(["patient_id"], ["patients.id"], name=op.f("fk_orders_patient_id_patients")),
        sa.ForeignKeyConstraint(["hospital_id"], ["hospitals.id"], name=op.f("fk_orders_hospital_id_hospitals")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_orders")),
    )
    op.create_index("ix_orders_incident_id_at", "orders", ["incident_id", "at"])
    op.create_index("ix_orders_patient_id", "orders", ["patient_id"])


def downgrade() -> None:
    op.drop_table("orders")
    op.execute("DELETE FROM personal_values WHERE owner = 'order'")
    _allow(OWNERS.format(""))
