"""What recommendations of one moment looked at is kept once for all of them.

Revision: 20261127_0630
Follows: 20261127_0620
"""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "20261127_0630"
down_revision = "20261127_0620"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "recommendation_fleets",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("region", sa.Text(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("units", postgresql.JSONB(astext_type=sa.Text()), nullable=False),
        sa.ForeignKeyConstraint(["region"], ["regions.name"], name=op.f("fk_recommendation_fleets_region_regions")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_recommendation_fleets")),
    )
    op.add_column("recommendations", sa.Column("fleet_id", sa.Uuid(), nullable=True))
    op.create_foreign_key(
        op.f("fk_recommendations_fleet_id_recommendation_fleets"),
        "recommendations",
        "recommendation_fleets",
        ["fleet_id"],
        ["id"],
    )
    op.create_check_constraint(
        op.f("ck_recommendations_fleet"), "recommendations", '("schema" >= 3) = (fleet_id IS NOT NULL)'
    )


def downgrade() -> None:
    op.drop_constraint(op.f("ck_recommendations_fleet"), "recommendations")
    op.execute(
        "UPDATE recommendations AS made SET schema = 2, body = body || jsonb_build_object('units', seen.units) "
        "FROM recommendation_fleets AS seen WHERE seen.id = made.fleet_id"
    )
    op.drop_column("recommendations", "fleet_id")
    op.drop_table("recommendation_fleets")
