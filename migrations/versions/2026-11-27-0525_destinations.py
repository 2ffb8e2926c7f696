"""Where patients are taken: rankings as they were shown, what was chosen, what hospitals answered.

Revision: 20261127_0525
Follows: 20261127_0520
"""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "20261127_0525"
down_revision = "20261127_0520"
branch_labels = None
depends_on = None

PATHWAYS = (
    "('general', 'arrest', 'chest', 'stroke', 'trauma', 'maternal', 'neonatal', 'ecmo', 'burns', 'poisoning', "
    "'infectious', 'psychiatric', 'child')"
)
REASONS = "('patient_wish', 'family_wish', 'known_there', 'hospital_said', 'condition', 'road', 'other')"
PRESENT = sa.text("superseded_at IS NULL")


def _text(name: str, *, nullable: bool = False) -> sa.Column[str]:
    return sa.Column(name, sa.Text(), nullable=nullable)


def _id(name: str, *, nullable: bool = False) -> sa.Column[object]:
    return sa.Column(name, sa.Uuid(), nullable=nullable)


def _moment(name: str, *, nullable: bool = False) -> sa.Column[object]:
    return sa.Column(name, sa.DateTime(timezone=True), nullable=nullable)


def _to(table: str, column: str, other: str) -> sa.ForeignKeyConstraint:
    return sa.ForeignKeyConstraint([column], [f"{other}.id"], name=op.f(f"fk_{table}_{column}_{other}"))


def upgrade() -> None:
    op.create_table(
        "destination_rankings",
        _id("id"),
        _id("patient_id"),
        _id("unit_id", nullable=True),
        _moment("at"),
        _text("actor"),
        _text("pathway"),
        _text("unheld", nullable=True),
        _text("network_version"),
        sa.Column("overlay_version", sa.Integer(), nullable=False),
        sa.Column("body", postgresql.JSONB(astext_type=sa.Text()), nullable=False),
        sa.CheckConstraint(f"pathway IN {PATHWAYS}", name=op.f("ck_destination_rankings_pathway")),
        sa.CheckConstraint("unheld IN ('arrest', 'airway', 'bleeding')", name=op.f("ck_destination_rankings_unheld")),
        sa.CheckConstraint("actor <> ''", name=op.f("ck_destination_rankings_actor_filled")),
        _to("destination_rankings", "patient_id", "patients"),
        _to("destination_rankings", "unit_id", "units"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_destination_rankings")),
    )
    op.create_index(op.f("ix_destination_rankings_patient_id_at"), "destination_rankings", ["patient_id", "at"])
    op.create_table(
        "destination_choices",
        _id("id"),
        _id("patient_id"),
        _id("unit_id", nullable=True),
        _id("ranking_id"),
        _id("hospital_id"),
        sa.Column("place", sa.Integer(), nullable=False),
        _text("reason", nullable=True),
        _moment("at"),
        _text("actor"),
        _moment("superseded_at", nullable=True),
        sa.CheckConstraint(f"reason IN {REASONS}", name=op.f("ck_destination_choices_reason")),
        sa.CheckConstraint("actor <> ''", name=op.f("ck_destination_choices_actor_filled")),
        sa.CheckConstraint("place BETWEEN 1 AND 10000", name=op.f("ck_destination_choices_place")),
        sa.CheckConstraint("place = 1 OR reason IS NOT NULL", name=op.f("ck_destination_choices_explained")),
        _to("destination_choices", "patient_id", "patients"),
        _to("destination_choices", "unit_id", "units"),
        _to("destination_choices", "ranking_id", "destination_rankings"),
        _to("destination_choices", "hospital_id", "hospitals"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_destination_choices")),
    )
    op.create_index(
        op.f("uq_destination_choices_present"), "destination_choices", ["patient_id"], unique=True,
        postgresql_where=PRESENT,
    )  # fmt: skip
    op.create_index(
        op.f("ix_destination_choices_hospital_id"), "destination_choices", ["hospital_id"], postgresql_where=PRESENT
    )
    op.create_table(
        "destination_answers",
        _id("id"),
        _id("patient_id"),
        _id("hospital_id"),
        _text("answer"),
        _id("other_id", nullable=True),
        _moment("at"),
        _text("actor"),
        sa.CheckConstraint("answer IN ('accepted', 'advised', 'refused')", name=op.f("ck_destination_answers_answer")),
        sa.CheckConstraint("actor <> ''", name=op.f("ck_destination_answers_actor_filled")),
        sa.CheckConstraint("(answer = 'accepted') = (other_id IS NULL)", name=op.f("ck_destination_answers_other")),
        sa.CheckConstraint("other_id <> hospital_id", name=op.f("ck_destination_answers_another")),
        _to("destination_answers", "patient_id", "patients"),
        _to("destination_answers", "hospital_id", "hospitals"),
        _to("destination_answers", "other_id", "hospitals"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_destination_answers")),
    )
    op.create_index(op.f("ix_destination_answers_patient_id_at"), "destination_answers", ["patient_id", "at"])


def downgrade() -> None:
    op.drop_table("destination_answers")
    op.drop_table("destination_choices")
    op.drop_table("destination_rankings")
