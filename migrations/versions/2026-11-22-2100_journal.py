"""The journal: its table, its lock, and the triggers that keep it as it was written.

Revision: 20261122_2100
Follows: 20261122_2016
"""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "20261122_2100"
down_revision = "20261122_2016"
branch_labels = None
depends_on = None

# The lock's number is "journal" in ASCII. A volatile function looks at the table anew once the lock is held; a single
# statement would see it as it was before.
LOCK_HEAD = """
CREATE FUNCTION journal_lock_head(OUT seq bigint, OUT hash bytea) LANGUAGE plpgsql VOLATILE AS $$
BEGIN
    PERFORM pg_advisory_xact_lock(29958897753022828);
    SELECT line.seq, line.hash INTO seq, hash FROM journal AS line ORDER BY line.seq DESC LIMIT 1;
    IF NOT FOUND THEN
        seq := 0;
        hash := decode(repeat('00', 32), 'hex');
    END IF;
END
$$
"""

REFUSE = """
CREATE FUNCTION journal_refuse_change() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION 'The journal is append-only: % is refused.', TG_OP USING ERRCODE = 'insufficient_privilege';
END
$$
"""

TRIGGER = """
CREATE TRIGGER journal_append_only BEFORE UPDATE OR DELETE OR TRUNCATE ON journal
    FOR EACH STATEMENT EXECUTE FUNCTION journal_refuse_change()
"""

KEEP_WHAT_IS_WRITTEN = """
DO $$
BEGIN
    IF EXISTS (SELECT FROM journal) THEN
        RAISE EXCEPTION 'The journal holds lines: it is a legal record and is not dropped.';
    END IF;
END
$$
"""


def upgrade() -> None:
    op.create_table(
        "journal",
        sa.Column("seq", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("type", sa.Text(), nullable=False),
        sa.Column("occurred_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("recorded_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("subject", sa.Text(), nullable=False),
        sa.Column("organisation", sa.Text(), nullable=True),
        sa.Column("actor", sa.Text(), nullable=False),
        sa.Column("context_id", sa.Uuid(), nullable=False),
        sa.Column("parent_id", sa.Uuid(), nullable=True),
        sa.Column("payload", postgresql.JSONB(), nullable=False),
        sa.Column("prev_hash", sa.LargeBinary(), nullable=False),
        sa.Column("hash", sa.LargeBinary(), nullable=False),
        sa.CheckConstraint("seq >= 1", name=op.f("ck_journal_seq")),
        sa.CheckConstraint("type <> ''", name=op.f("ck_journal_type_filled")),
        sa.CheckConstraint("subject <> ''", name=op.f("ck_journal_subject_filled")),
        sa.CheckConstraint("actor <> ''", name=op.f("ck_journal_actor_filled")),
        sa.CheckConstraint("occurred_at <= recorded_at", name=op.f("ck_journal_times")),
        sa.CheckConstraint("isfinite(occurred_at) AND isfinite(recorded_at)", name=op.f("ck_journal_finite")),
        sa.CheckConstraint("jsonb_typeof(payload) = 'object'", name=op.f("ck_journal_payload")),
        sa.CheckConstraint("octet_length(prev_hash) = 32 AND octet_length(hash) = 32", name=op.f("ck_journal_hashes")),
        sa.PrimaryKeyConstraint("seq", name=op.f("pk_journal")),
    )
    op.create_index("ix_journal_subject_seq", "journal", ["subject", "seq"])
    op.create_index("ix_journal_actor_seq", "journal", ["actor", "seq"])
    op.create_index("ix_journal_context_id", "journal", ["context_id"])
    op.create_index(
        "ix_journal_occurred_at",
        "journal",
        ["occurred_at"],
        postgresql_using="brin",
        postgresql_with={"autosummarize": True},
    )
    op.execute(LOCK_HEAD)
    op.execute(REFUSE)
    op.execute(TRIGGER)
    # Also where a session asks for no triggers (session_replication_role).
    op.execute("ALTER TABLE journal ENABLE ALWAYS TRIGGER journal_append_only")


def downgrade() -> None:
    op.execute(KEEP_WHAT_IS_WRITTEN)
    op.drop_table("journal")
    op.execute("DROP FUNCTION journal_refuse_change()")
    op.execute("DROP FUNCTION journal_lock_head()")
