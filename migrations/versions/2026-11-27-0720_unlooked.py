"""What vehicles sent and nobody has looked at for alarms yet, and the times in which that fell behind.

Revision: 20261127_0720
Follows: 20261127_0731
"""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "20261127_0720"
down_revision = "20261127_0731"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "telemetry_unlooked",
        sa.Column("id", sa.BigInteger(), sa.Identity(always=True), nullable=False),
        sa.Column("kept_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("frames", sa.Integer(), nullable=False),
        sa.Column("stream_ids", postgresql.ARRAY(sa.BigInteger()), nullable=False),
        sa.Column("seqs", postgresql.ARRAY(sa.BigInteger()), nullable=False),
        sa.Column("received_from", sa.DateTime(timezone=True), nullable=False),
        sa.Column("received_until", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint("frames >= 1", name=op.f("ck_telemetry_unlooked_frames")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_telemetry_unlooked")),
    )
    # A row lives for a second: it stays on its page.
    op.execute("ALTER TABLE telemetry_unlooked ALTER COLUMN stream_ids SET STORAGE MAIN")
    op.execute("ALTER TABLE telemetry_unlooked ALTER COLUMN seqs SET STORAGE MAIN")
    op.create_table(
        "detection_gaps",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("began_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("told_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("ended_at", sa.DateTime(timezone=True), nullable=True),
        sa.CheckConstraint("told_at >= began_at AND ended_at >= told_at", name=op.f("ck_detection_gaps_times")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_detection_gaps")),
    )
    op.create_index(
        op.f("uq_detection_gaps_present"),
        "detection_gaps",
        [sa.text("(true)")],
        unique=True,
        postgresql_where=sa.text("ended_at IS NULL"),
    )


def downgrade() -> None:
    op.drop_table("detection_gaps")
    op.drop_table("telemetry_unlooked")
