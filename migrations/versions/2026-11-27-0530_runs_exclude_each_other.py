"""A unit's runs exclude each other in time, also those entered afterwards.

Revision: 20261127_0530
Follows: 20261127_0525
"""

from alembic import op

revision = "20261127_0530"
down_revision = "20261127_0525"
branch_labels = None
depends_on = None

EXCLUDE = """
ALTER TABLE assignments ADD CONSTRAINT ex_assignments_unit EXCLUDE USING gist (
    int8range(uuid_hash_extended(unit_id, 0), uuid_hash_extended(unit_id, 0), '[]') WITH &&,
    tstzrange(assigned_at, ended_at) WITH &&
)
"""


def upgrade() -> None:
    op.execute(EXCLUDE)


def downgrade() -> None:
    op.drop_constraint("ex_assignments_unit", "assignments")
