"""A handover that nobody signs may have a witness without an account, by name.

Revision: 20261127_0790
Follows: 20261127_0840
"""

import sqlalchemy as sa
from alembic import op

revision = "20261127_0790"
down_revision = "20261127_0840"
branch_labels = None
depends_on = None

_BEFORE = "(closed_at IS NULL) = (unsigned IS NULL) AND (closed_at IS NULL) = (witness IS NULL)"
_AFTER = "(closed_at IS NULL) = (unsigned IS NULL) AND (closed_at IS NOT NULL)::int = num_nonnulls(witness, witness_id)"


def upgrade() -> None:
    op.add_column("receptions", sa.Column("witness_id", sa.Uuid(), nullable=True))
    op.create_foreign_key(
        op.f("fk_receptions_witness_id_personal_values"), "receptions", "personal_values", ["witness_id"], ["id"]
    )
    op.drop_constraint(op.f("ck_receptions_closed"), "receptions")
    op.create_check_constraint(op.f("ck_receptions_closed"), "receptions", _AFTER)


def downgrade() -> None:
    op.drop_constraint(op.f("ck_receptions_closed"), "receptions")
    op.create_check_constraint(op.f("ck_receptions_closed"), "receptions", _BEFORE)
    op.drop_column("receptions", "witness_id")
