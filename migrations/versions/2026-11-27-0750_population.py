"""How many people live where: one packed table of cells for each region.

Revision: 20261127_0750
Follows: 20261127_0732
"""

import sqlalchemy as sa
from alembic import op

revision = "20261127_0750"
down_revision = "20261127_0732"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "populations",
        sa.Column("region", sa.Text(), nullable=False),
        sa.Column("source", sa.Text(), nullable=False),
        sa.Column("estimate", sa.Boolean(), nullable=False),
        sa.Column("cells", sa.Integer(), nullable=False),
        sa.Column("people", sa.Double(), nullable=False),
        sa.Column("content", sa.LargeBinary(), nullable=False),
        sa.Column("digest", sa.Text(), nullable=False),
        sa.Column("imported_at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint("source <> ''", name=op.f("ck_populations_source_filled")),
        sa.CheckConstraint("cells > 0 AND people > 0", name=op.f("ck_populations_counts")),
        sa.CheckConstraint("digest ~ '^[0-9a-f]{64}$'", name=op.f("ck_populations_digest")),
        sa.ForeignKeyConstraint(["region"], ["regions.name"], name=op.f("fk_populations_region_regions")),
        sa.PrimaryKeyConstraint("region", name=op.f("pk_populations")),
    )


def downgrade() -> None:
    op.drop_table("populations")
