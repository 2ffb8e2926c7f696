"""Entries copied from paper, and what organisations lend to each other.

Revision: 20261127_0010
Follows: 20261122_2140
"""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "20261127_0010"
down_revision = "20261122_2140"
branch_labels = None
depends_on = None

BEFORE = "('crew', 'auto', 'voice', 'dispatcher')"
AFTER = "('crew', 'auto', 'voice', 'paper', 'dispatcher')"
COLUMNS = (
    ("unit_statuses", "source"),
    ("unit_status_entries", "source"),
    ("crew_duties", "source"),
    ("unit_kit", "source"),
    ("unit_positions", "source"),
    ("unit_latest_positions", "source"),
    ("assignments", "source"),
    ("assignments", "end_source"),
    ("assignment_times", "source"),
)


def upgrade() -> None:
    _set_sources(AFTER)
    op.create_table(
        "sharing_policies",
        sa.Column("region", sa.Text(), nullable=False),
        sa.Column("version", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("actor", sa.Text(), nullable=False),
        sa.Column("rules", postgresql.JSONB(astext_type=sa.Text()), nullable=False),
        sa.CheckConstraint("actor <> ''", name=op.f("ck_sharing_policies_actor_filled")),
        sa.CheckConstraint("jsonb_typeof(rules) = 'array'", name=op.f("ck_sharing_policies_rules")),
        sa.CheckConstraint("version >= 1", name=op.f("ck_sharing_policies_version")),
        sa.ForeignKeyConstraint(["region"], ["regions.name"], name=op.f("fk_sharing_policies_region_regions")),
        sa.PrimaryKeyConstraint("region", "version", name=op.f("pk_sharing_policies")),
    )


def downgrade() -> None:
    op.drop_table("sharing_policies")
    _set_sources(BEFORE)


def _set_sources(words: str) -> None:
    for table, column in COLUMNS:
        name = op.f(f"ck_{table}_{column}")
        op.drop_constraint(name, table, type_="check")
        op.create_check_constraint(name, table, f"{column} IN {words}")
