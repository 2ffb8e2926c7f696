"""Kit of missions is taken off the list, and duties are taken back; a code can be had again by another piece.

Revision: 20261127_0870
Follows: 20261127_0860
"""

import sqlalchemy as sa
from alembic import op

revision = "20261127_0870"
down_revision = "20261127_0860"
branch_labels = None
depends_on = None

EXCLUDE = """
ALTER TABLE ecmo_duties ADD CONSTRAINT ex_ecmo_duties_person EXCLUDE USING gist (
    int8range(uuid_hash_extended(person_id, 0), uuid_hash_extended(person_id, 0), '[]') WITH &&,
    tstzrange(from_at, until_at) WITH &&
)"""


def upgrade() -> None:
    for table, word in (("ecmo_kit", "retired"), ("ecmo_duties", "withdrawn")):
        op.add_column(table, sa.Column(f"{word}_at", sa.DateTime(timezone=True), nullable=True))
        op.add_column(table, sa.Column(f"{word}_by", sa.Text(), nullable=True))
        op.create_check_constraint(op.f(f"ck_{table}_{word}"), table, f"({word}_at IS NULL) = ({word}_by IS NULL)")
    op.drop_constraint(op.f("uq_ecmo_kit_region_code"), "ecmo_kit")
    op.create_index(
        "uq_ecmo_kit_region_code", "ecmo_kit", ["region", "code"], unique=True,
        postgresql_where=sa.text("retired_at IS NULL"),
    )  # fmt: skip
    op.drop_constraint("ex_ecmo_duties_person", "ecmo_duties")
    op.execute(f"{EXCLUDE} WHERE (withdrawn_at IS NULL)")


def downgrade() -> None:
    op.execute("DELETE FROM ecmo_duties WHERE withdrawn_at IS NOT NULL")
    op.drop_constraint("ex_ecmo_duties_person", "ecmo_duties")
    op.execute(EXCLUDE)
    # What was booked once stays, under a code that nobody else has.
    op.execute("UPDATE ecmo_kit SET code = code || ' ' || id WHERE retired_at IS NOT NULL")
    op.drop_index("uq_ecmo_kit_region_code", "ecmo_kit")
    op.create_unique_constraint(op.f("uq_ecmo_kit_region_code"), "ecmo_kit", ["region", "code"])
    for table, word in (("ecmo_duties", "withdrawn"), ("ecmo_kit", "retired")):
        op.drop_constraint(op.f(f"ck_{table}_{word}"), table)
        op.drop_column(table, f"{word}_by")
        op.drop_column(table, f"{word}_at")
