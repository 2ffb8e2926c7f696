"""Frames of vehicles' streams: one partition for each day, and what is held of each stream.

Revision: 20261127_0600
Follows: 20261127_0560
"""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "20261127_0600"
down_revision = "20261127_0560"
branch_labels = None
depends_on = None

DAYS = "CREATE SCHEMA telemetry_frames_days"

# As unit_positions_ensure. The lock's number is "frames" in ASCII. Rows stay on their page up to 8 KB and are not
# compressed: samples are packed already.
ENSURE = """
CREATE FUNCTION telemetry_frames_ensure(day date) RETURNS boolean
    LANGUAGE plpgsql VOLATILE SECURITY DEFINER SET search_path = pg_catalog, pg_temp SET timezone = 'UTC' AS $$
DECLARE
    child text := 'd' || to_char(day, 'YYYYMMDD');
BEGIN
    IF to_regclass('telemetry_frames_days.' || child) IS NOT NULL THEN
        RETURN false;
    END IF;
    PERFORM pg_advisory_xact_lock(x'6672616d6573'::bit(48)::bigint);
    IF EXISTS (SELECT FROM pg_class
               WHERE relname = child AND relnamespace = 'telemetry_frames_days'::regnamespace) THEN
        RETURN false;
    END IF;
    EXECUTE format('CREATE TABLE telemetry_frames_days.%I (LIKE public.telemetry_frames INCLUDING ALL)'
                   ' WITH (toast_tuple_target = 8160)', child);
    EXECUTE format('ALTER TABLE public.telemetry_frames ATTACH PARTITION telemetry_frames_days.%I'
                   ' FOR VALUES FROM (%L) TO (%L)', child, day::timestamp AT TIME ZONE 'UTC',
                   (day + 1)::timestamp AT TIME ZONE 'UTC');
    RETURN true;
END
$$
"""

# Only what is empty goes, and never a day that is still written to. Its lock is on the whole table: whoever reads is
# not waited for, because writers would wait behind.
DROP = """
CREATE FUNCTION telemetry_frames_drop(day date) RETURNS boolean
    LANGUAGE plpgsql VOLATILE SECURITY DEFINER SET search_path = pg_catalog, pg_temp SET timezone = 'UTC'
    SET lock_timeout = '200ms' AS $$
DECLARE
    child text := 'd' || to_char(day, 'YYYYMMDD');
    is_empty boolean;
BEGIN
    IF day > current_date - 2 OR to_regclass('telemetry_frames_days.' || child) IS NULL THEN
        RETURN false;
    END IF;
    EXECUTE format('SELECT NOT EXISTS (SELECT FROM telemetry_frames_days.%I)', child) INTO is_empty;
    IF is_empty THEN
        EXECUTE format('DROP TABLE telemetry_frames_days.%I', child);
    END IF;
    RETURN is_empty;
EXCEPTION
    WHEN lock_not_available THEN RETURN false;
END
$$
"""


def upgrade() -> None:
    op.create_table(
        "telemetry_streams",
        sa.Column("id", sa.BigInteger(), sa.Identity(always=True), nullable=False),
        sa.Column("unit_id", sa.Uuid(), nullable=False),
        sa.Column("log", sa.Uuid(), nullable=False),
        sa.Column("kind", sa.SmallInteger(), nullable=False),
        sa.Column("slot", sa.SmallInteger(), nullable=False),
        sa.Column("made_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("held", postgresql.INT8MULTIRANGE(), nullable=False),
        sa.Column("lost", postgresql.INT8MULTIRANGE(), nullable=False),
        sa.CheckConstraint("kind BETWEEN 1 AND 7", name=op.f("ck_telemetry_streams_kind")),
        sa.CheckConstraint("slot BETWEEN 0 AND 9", name=op.f("ck_telemetry_streams_slot")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_telemetry_streams")),
        sa.UniqueConstraint("unit_id", "log", "kind", "slot", name=op.f("uq_telemetry_streams_unit_id_log_kind_slot")),
        postgresql_with={"fillfactor": 50},
    )
    op.create_table(
        "telemetry_frames",
        sa.Column("stream_id", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("seq", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("received_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("device_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("sure", sa.Boolean(), nullable=False),
        sa.Column("coding", sa.SmallInteger(), nullable=False),
        sa.Column("payload", sa.LargeBinary(), nullable=False),
        sa.CheckConstraint("at <= received_at AND isfinite(at)", name=op.f("ck_telemetry_frames_times")),
        sa.CheckConstraint("seq >= 1", name=op.f("ck_telemetry_frames_seq")),
        sa.PrimaryKeyConstraint("stream_id", "seq", "received_at", name=op.f("pk_telemetry_frames")),
        postgresql_partition_by="RANGE (received_at)",
    )
    op.create_index(op.f("ix_telemetry_frames_stream_id_at"), "telemetry_frames", ["stream_id", "at"])
    op.execute("ALTER TABLE telemetry_frames ALTER COLUMN payload SET STORAGE EXTERNAL")
    op.create_table(
        "telemetry_connections",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("unit_id", sa.Uuid(), nullable=False),
        sa.Column("device_id", sa.Uuid(), nullable=False),
        sa.Column("log", sa.Uuid(), nullable=False),
        sa.Column("client", sa.Text(), nullable=False),
        sa.Column("opened_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("clock_offset_us", sa.BigInteger(), nullable=True),
        sa.Column("clock_error_us", sa.BigInteger(), nullable=True),
        sa.Column("closed_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("closed_because", sa.Text(), nullable=True),
        sa.CheckConstraint(
            "(closed_at IS NULL) = (closed_because IS NULL)", name=op.f("ck_telemetry_connections_closed")
        ),
        sa.CheckConstraint(
            "(clock_offset_us IS NULL) = (clock_error_us IS NULL)", name=op.f("ck_telemetry_connections_clock")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_telemetry_connections")),
    )
    op.create_index(
        op.f("ix_telemetry_connections_unit_id_opened_at"), "telemetry_connections", ["unit_id", "opened_at"]
    )
    op.execute(DAYS)
    op.execute(ENSURE)
    op.execute(DROP)


def downgrade() -> None:
    op.drop_table("telemetry_connections")
    # With all its partitions.
    op.drop_table("telemetry_frames")
    op.drop_table("telemetry_streams")
    op.execute("DROP FUNCTION telemetry_frames_drop(date)")
    op.execute("DROP FUNCTION telemetry_frames_ensure(date)")
    op.execute("DROP SCHEMA telemetry_frames_days")
