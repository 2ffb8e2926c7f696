"""Positions of units: one partition for each day, and the newest of each unit.

Revision: 20261122_2115
Follows: 20261122_2110
"""

from typing import Any

import sqlalchemy as sa
from alembic import op

revision = "20261122_2115"
down_revision = "20261122_2110"
branch_labels = None
depends_on = None

SOURCES = "source IN ('crew', 'auto', 'voice', 'dispatcher')"

# Partitions lie in a schema of their own: what compares the tables in code with those of `public` never meets them.
DAYS = "CREATE SCHEMA unit_positions_days"

# The service owns nothing, so the function makes them with its owner's rights. A table is made first and attached
# then: that lock lets others go on writing, which PARTITION OF would not. Writers that miss one day wait here, one
# makes it, and the others find it. The lock's number is "fixes" in ASCII and a zero byte.
ENSURE = """
CREATE FUNCTION unit_positions_ensure(day date) RETURNS boolean
    LANGUAGE plpgsql VOLATILE SECURITY DEFINER SET search_path = pg_catalog, pg_temp SET timezone = 'UTC' AS $$
DECLARE
    child text := 'd' || to_char(day, 'YYYYMMDD');
BEGIN
    IF to_regclass('unit_positions_days.' || child) IS NOT NULL THEN
        RETURN false;
    END IF;
    PERFORM pg_advisory_xact_lock(x'666978657300'::bit(48)::bigint);
    -- Asked of the table itself: to_regclass may still remember that there was none before the wait.
    IF EXISTS (SELECT FROM pg_class
               WHERE relname = child AND relnamespace = 'unit_positions_days'::regnamespace) THEN
        RETURN false;
    END IF;
    EXECUTE format('CREATE TABLE unit_positions_days.%I (LIKE public.unit_positions INCLUDING ALL)', child);
    EXECUTE format('ALTER TABLE public.unit_positions ATTACH PARTITION unit_positions_days.%I'
                   ' FOR VALUES FROM (%L) TO (%L)', child, day::timestamp AT TIME ZONE 'UTC',
                   (day + 1)::timestamp AT TIME ZONE 'UTC');
    RETURN true;
END
$$
"""


def _place() -> tuple[sa.Column[Any], ...]:
    return (
        sa.Column("lat", sa.Double(), nullable=False),
        sa.Column("lon", sa.Double(), nullable=False),
        sa.Column("speed_mps", sa.Float(), nullable=True),
        sa.Column("heading_deg", sa.Float(), nullable=True),
        sa.Column("accuracy_m", sa.Float(), nullable=True),
        sa.Column("clock_off", sa.Boolean(), nullable=False),
    )


def _checks(table: str) -> tuple[sa.CheckConstraint, ...]:
    return (
        sa.CheckConstraint(SOURCES, name=op.f(f"ck_{table}_source")),
        sa.CheckConstraint("at <= received_at AND isfinite(at)", name=op.f(f"ck_{table}_times")),
        sa.CheckConstraint("lat BETWEEN -90 AND 90", name=op.f(f"ck_{table}_lat")),
        sa.CheckConstraint("lon BETWEEN -180 AND 180", name=op.f(f"ck_{table}_lon")),
    )


def upgrade() -> None:
    op.create_table(
        "unit_positions",
        sa.Column("unit_id", sa.Uuid(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("source", sa.Text(), nullable=False),
        sa.Column("fix_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("received_at", sa.DateTime(timezone=True), nullable=False),
        *_place(),
        *_checks("unit_positions"),
        sa.PrimaryKeyConstraint("unit_id", "at", "source", "fix_at", name=op.f("pk_unit_positions")),
        postgresql_partition_by="RANGE (at)",
    )
    op.create_table(
        "unit_latest_positions",
        sa.Column("unit_id", sa.Uuid(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("fix_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("received_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("source", sa.Text(), nullable=False),
        *_place(),
        sa.CheckConstraint(SOURCES, name=op.f("ck_unit_latest_positions_source")),
        sa.CheckConstraint("at <= received_at AND isfinite(at)", name=op.f("ck_unit_latest_positions_times")),
        sa.CheckConstraint("lat BETWEEN -90 AND 90", name=op.f("ck_unit_latest_positions_lat")),
        sa.CheckConstraint("lon BETWEEN -180 AND 180", name=op.f("ck_unit_latest_positions_lon")),
        sa.ForeignKeyConstraint(
            ["unit_id"], ["units.id"], name=op.f("fk_unit_latest_positions_unit_id_units"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("unit_id", name=op.f("pk_unit_latest_positions")),
        postgresql_with={"fillfactor": 50},
    )
    op.execute(DAYS)
    op.execute(ENSURE)


def downgrade() -> None:
    op.drop_table("unit_latest_positions")
    # With all its partitions.
    op.drop_table("unit_positions")
    op.execute("DROP FUNCTION unit_positions_ensure(date)")
    op.execute("DROP SCHEMA unit_positions_days")
