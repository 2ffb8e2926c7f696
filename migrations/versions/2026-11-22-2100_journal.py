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

# The lock's number is "journal" in ASCII. All happens in one call, so that the lock is held over as few round trips as
# can be; a volatile function looks at the table anew once the lock is held. The bytes hashed are those of
# `dispatch.kernel.journal_chain`: its heading and the length and bytes of each field, of which `heads` brings id and
# type, `tails` what stands from the subject to the payload's length. Without `enable_seqscan = off`, a plan made while
# the table was known to be empty reads all of it for its last line, until the next ANALYZE.
APPEND = r"""
CREATE FUNCTION journal_append(
    ids uuid[], types text[], occurred timestamptz[], subjects text[], organisations text[], payloads text[],
    heads bytea[], tails bytea[], moment timestamptz, by_actor text, in_context uuid, after_context uuid,
    OUT first_seq bigint, OUT stamped timestamptz
) LANGUAGE plpgsql VOLATILE SET enable_seqscan = off AS $$
DECLARE
    heading CONSTANT bytea := convert_to(E'tarim journal 1\n', 'UTF8') || '\x00000008';
    before bytea;
    befores bytea[] := '{}';
    hashes bytea[] := '{}';
    shared bytea;
BEGIN
    PERFORM pg_advisory_xact_lock(29958897753022828);
    SELECT line.seq + 1, line.hash, line.recorded_at INTO first_seq, before, stamped
        FROM journal AS line ORDER BY line.seq DESC LIMIT 1;
    IF NOT FOUND THEN
        first_seq := 1;
        before := decode(repeat('00', 32), 'hex');
    END IF;
    -- Whoever waited for the lock asked the clock before the one in front wrote: the order of lines is that of times.
    -- A larger step back is a clock that was set right, and is told as it is.
    IF stamped IS NULL OR stamped < moment OR stamped > moment + interval '10 seconds' THEN
        stamped := moment;
    END IF;
    shared := '\x00000008'::bytea || timestamptz_send(stamped);
    FOR n IN 1 .. cardinality(ids) LOOP
        befores[n] := before;
        before := sha256(
            heading || int8send(first_seq + n - 1) || heads[n]
            || '\x00000008' || timestamptz_send(coalesce(occurred[n], stamped)) || shared
            || tails[n] || convert_to(payloads[n], 'UTF8') || '\x00000020' || before
        );
        hashes[n] := before;
    END LOOP;
    INSERT INTO journal (seq, id, type, occurred_at, recorded_at, subject, organisation, actor, context_id, parent_id,
                         payload, prev_hash, hash)
    SELECT first_seq + n - 1, line.id, line.type, coalesce(line.occurred_at, stamped), stamped, line.subject,
           line.organisation, by_actor, in_context, after_context, line.payload::jsonb, line.before, line.hash
    FROM unnest(ids, types, occurred, subjects, organisations, payloads, befores, hashes) WITH ORDINALITY
         AS line (id, type, occurred_at, subject, organisation, payload, before, hash, n);
    PERFORM pg_notify('journal', (first_seq + cardinality(ids) - 1)::text);
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
    op.execute(APPEND)
    op.execute(REFUSE)
    op.execute(TRIGGER)
    # Also where a session asks for no triggers (session_replication_role).
    op.execute("ALTER TABLE journal ENABLE ALWAYS TRIGGER journal_append_only")


def downgrade() -> None:
    op.execute(KEEP_WHAT_IS_WRITTEN)
    op.drop_table("journal")
    op.execute("DROP FUNCTION journal_refuse_change()")
    op.execute("DROP FUNCTION journal_append")
