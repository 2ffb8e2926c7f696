"""What hospitals say of their services, and their free beds.

Revision: 20261127_0500
Follows: 20261127_0200
"""

import sqlalchemy as sa
from alembic import op

revision = "20261127_0500"
down_revision = "20261127_0200"
branch_labels = None
depends_on = None

SERVICES = (
    "('emergency', 'chest_pain', 'pci', 'stroke', 'trauma', 'obstetric', 'neonatal', 'ecmo', 'icu', 'surgery', "
    "'burns', 'paediatric', 'infectious', 'psychiatric', 'poisoning', 'hyperbaric', 'dialysis', 'helipad')"
)
REASONS = "('crowded', 'staff', 'beds', 'equipment', 'utilities', 'infection', 'disaster')"
BEDS = "('resuscitation', 'observation', 'icu', 'nicu', 'burns', 'isolation', 'ward')"
MOVES = "('counted', 'held', 'released', 'admitted', 'discharged')"


def _text(name: str, *, nullable: bool = False) -> sa.Column[str]:
    return sa.Column(name, sa.Text(), nullable=nullable)


def _moment(name: str, *, nullable: bool = False) -> sa.Column[object]:
    return sa.Column(name, sa.DateTime(timezone=True), nullable=nullable)


def _number(name: str) -> sa.Column[int]:
    return sa.Column(name, sa.Integer(), nullable=False)


def _hospital(table: str) -> sa.ForeignKeyConstraint:
    name = op.f(f"fk_{table}_hospital_id_hospitals")
    return sa.ForeignKeyConstraint(["hospital_id"], ["hospitals.id"], name=name, ondelete="CASCADE")


def upgrade() -> None:
    op.create_table(
        "hospital_limits",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("hospital_id", sa.Uuid(), nullable=False),
        _text("service"),
        _text("kind"),
        _text("reason"),
        sa.Column("doctor_id", sa.Uuid(), nullable=False),
        _moment("begins_at"),
        _moment("until_at"),
        _text("actor"),
        _moment("ended_at", nullable=True),
        _text("ended_by", nullable=True),
        sa.CheckConstraint(f"service IN {SERVICES}", name=op.f("ck_hospital_limits_service")),
        sa.CheckConstraint("kind IN ('diverted', 'closed')", name=op.f("ck_hospital_limits_kind")),
        sa.CheckConstraint(f"reason IN {REASONS}", name=op.f("ck_hospital_limits_reason")),
        sa.CheckConstraint("actor <> ''", name=op.f("ck_hospital_limits_actor_filled")),
        sa.CheckConstraint("until_at > begins_at", name=op.f("ck_hospital_limits_span")),
        sa.CheckConstraint(
            "kind <> 'diverted' OR until_at <= begins_at + interval '4 hours'",
            name=op.f("ck_hospital_limits_diversion"),
        ),
        sa.CheckConstraint("(ended_at IS NULL) = (ended_by IS NULL)", name=op.f("ck_hospital_limits_ended")),
        sa.CheckConstraint("ended_at >= begins_at", name=op.f("ck_hospital_limits_ended_at")),
        _hospital("hospital_limits"),
        sa.ForeignKeyConstraint(["doctor_id"], ["people.id"], name=op.f("fk_hospital_limits_doctor_id_people")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_hospital_limits")),
    )
    op.create_index(
        op.f("ix_hospital_limits_until_at"), "hospital_limits", ["until_at"],
        postgresql_where=sa.text("ended_at IS NULL"),
    )  # fmt: skip
    op.create_index(op.f("ix_hospital_limits_hospital_id_begins_at"), "hospital_limits", ["hospital_id", "begins_at"])
    op.create_table(
        "hospital_beds",
        sa.Column("hospital_id", sa.Uuid(), nullable=False),
        _text("kind"),
        _number("total"),
        _number("free"),
        _number("version"),
        _moment("at"),
        _text("side"),
        sa.CheckConstraint(f"kind IN {BEDS}", name=op.f("ck_hospital_beds_kind")),
        sa.CheckConstraint("total BETWEEN 0 AND 20000", name=op.f("ck_hospital_beds_total")),
        sa.CheckConstraint("free BETWEEN 0 AND total", name=op.f("ck_hospital_beds_free")),
        sa.CheckConstraint("version >= 1", name=op.f("ck_hospital_beds_version")),
        sa.CheckConstraint("side IN ('hospital', 'centre')", name=op.f("ck_hospital_beds_side")),
        _hospital("hospital_beds"),
        sa.PrimaryKeyConstraint("hospital_id", "kind", name=op.f("pk_hospital_beds")),
    )
    op.create_table(
        "hospital_bed_moves",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("hospital_id", sa.Uuid(), nullable=False),
        _text("kind"),
        _text("move"),
        _number("number"),
        _number("free"),
        _number("total"),
        _text("side"),
        _moment("at"),
        _text("actor"),
        sa.CheckConstraint(f"kind IN {BEDS}", name=op.f("ck_hospital_bed_moves_kind")),
        sa.CheckConstraint(f"move IN {MOVES}", name=op.f("ck_hospital_bed_moves_move")),
        sa.CheckConstraint("side IN ('hospital', 'centre')", name=op.f("ck_hospital_bed_moves_side")),
        sa.CheckConstraint("actor <> ''", name=op.f("ck_hospital_bed_moves_actor_filled")),
        sa.CheckConstraint("number BETWEEN 0 AND 20000", name=op.f("ck_hospital_bed_moves_number")),
        sa.CheckConstraint("free BETWEEN 0 AND total", name=op.f("ck_hospital_bed_moves_free")),
        _hospital("hospital_bed_moves"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_hospital_bed_moves")),
    )
    op.create_index(op.f("ix_hospital_bed_moves_hospital_id_at"), "hospital_bed_moves", ["hospital_id", "at"])


def downgrade() -> None:
    op.drop_table("hospital_bed_moves")
    op.drop_table("hospital_beds")
    op.drop_table("hospital_limits")
