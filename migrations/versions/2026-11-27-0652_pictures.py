"""Pictures of patients, sent in pieces.

Revision: 20261127_0652
Follows: 20261127_0643
"""

import sqlalchemy as sa
from alembic import op

revision = "20261127_0652"
down_revision = "20261127_0643"
branch_labels = None
depends_on = None

GROUNDS = "('request', 'term_ended', 'consent_withdrawn', 'unlawful', 'court')"


def upgrade() -> None:
    op.create_table(
        "pictures",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("patient_id", sa.Uuid(), nullable=False),
        sa.Column("unit_id", sa.Uuid(), nullable=True),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("entered_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("actor", sa.Text(), nullable=False),
        sa.Column("total", sa.Integer(), nullable=False),
        sa.Column("sha256", sa.LargeBinary(), nullable=False),
        sa.Column("whole_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("data", sa.LargeBinary(), nullable=True),
        sa.Column("small", sa.LargeBinary(), nullable=True),
        sa.Column("erased_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("erased_by", sa.Text(), nullable=True),
        sa.Column("erasure_basis", sa.Text(), nullable=True),
        sa.CheckConstraint("kind IN ('photo', 'signature')", name=op.f("ck_pictures_kind")),
        sa.CheckConstraint(f"erasure_basis IN {GROUNDS}", name=op.f("ck_pictures_erasure_basis")),
        sa.CheckConstraint("actor <> ''", name=op.f("ck_pictures_actor_filled")),
        sa.CheckConstraint("total BETWEEN 1 AND 8000000", name=op.f("ck_pictures_total")),
        sa.CheckConstraint("at <= entered_at", name=op.f("ck_pictures_times")),
        sa.CheckConstraint("num_nonnulls(data, small) IN (0, 2)", name=op.f("ck_pictures_both")),
        sa.CheckConstraint(
            "data IS NULL OR (whole_at IS NOT NULL AND erased_at IS NULL)", name=op.f("ck_pictures_data")
        ),
        sa.CheckConstraint(
            "num_nonnulls(erased_at, erased_by, erasure_basis) IN (0, 3)", name=op.f("ck_pictures_erased")
        ),
        sa.ForeignKeyConstraint(["patient_id"], ["patients.id"], name=op.f("fk_pictures_patient_id_patients")),
        sa.ForeignKeyConstraint(["unit_id"], ["units.id"], name=op.f("fk_pictures_unit_id_units")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_pictures")),
    )
    op.create_index("ix_pictures_patient_id_at", "pictures", ["patient_id", "at"])
    op.create_index("ix_pictures_entered_at", "pictures", ["entered_at"])
    op.create_table(
        "picture_pieces",
        sa.Column("picture_id", sa.Uuid(), nullable=False),
        sa.Column("start", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("data", sa.LargeBinary(), nullable=False),
        sa.CheckConstraint("start >= 0", name=op.f("ck_picture_pieces_start")),
        sa.ForeignKeyConstraint(["picture_id"], ["pictures.id"], name=op.f("fk_picture_pieces_picture_id_pictures")),
        sa.PrimaryKeyConstraint("picture_id", "start", name=op.f("pk_picture_pieces")),
    )


def downgrade() -> None:
    op.drop_table("picture_pieces")
    op.drop_table("pictures")
