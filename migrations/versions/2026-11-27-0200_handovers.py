"""Handover sheets, kept as they were signed.

Revision: 20261127_0200
Follows: 20261127_0100
"""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "20261127_0200"
down_revision = "20261127_0100"
branch_labels = None
depends_on = None

REFUSE = """
CREATE FUNCTION handovers_refuse_change() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF TG_OP = 'UPDATE' THEN
        IF OLD.state = 'waiting'
           AND to_jsonb(NEW) - ARRAY['state', 'coming_id', 'signed_at', 'own_seat']
             = to_jsonb(OLD) - ARRAY['state', 'coming_id', 'signed_at', 'own_seat'] THEN
            RETURN NEW;
        END IF;
    END IF;
    RAISE EXCEPTION 'A handover sheet stays as it was signed: % is refused.', TG_OP
        USING ERRCODE = 'insufficient_privilege';
END
$$
"""

SIGNED = """
CREATE TRIGGER handovers_signed_stays BEFORE UPDATE OR DELETE ON handovers
    FOR EACH ROW EXECUTE FUNCTION handovers_refuse_change()
"""

STAY = """
CREATE TRIGGER handovers_stay BEFORE TRUNCATE ON handovers
    FOR EACH STATEMENT EXECUTE FUNCTION handovers_refuse_change()
"""


def upgrade() -> None:
    op.create_table(
        "handovers",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("region", sa.Text(), nullable=False),
        sa.Column("state", sa.Text(), nullable=False),
        sa.Column("made_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("leaving_id", sa.Uuid(), nullable=False),
        sa.Column("coming_id", sa.Uuid(), nullable=True),
        sa.Column("signed_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("own_seat", sa.Boolean(), nullable=True),
        sa.Column("notes", sa.Text(), nullable=False),
        sa.Column("schema", sa.Integer(), nullable=False),
        sa.Column("body", postgresql.JSONB(astext_type=sa.Text()), nullable=False),
        sa.Column("digest", sa.Text(), nullable=False),
        sa.CheckConstraint("state IN ('waiting', 'signed')", name=op.f("ck_handovers_state")),
        sa.CheckConstraint("digest <> ''", name=op.f("ck_handovers_digest_filled")),
        sa.CheckConstraint('"schema" >= 1', name=op.f("ck_handovers_schema")),
        sa.CheckConstraint("char_length(notes) <= 5000", name=op.f("ck_handovers_notes")),
        sa.CheckConstraint("coming_id <> leaving_id", name=op.f("ck_handovers_two")),
        sa.CheckConstraint(
            "num_nonnulls(coming_id, signed_at, own_seat) = CASE WHEN state = 'signed' THEN 3 ELSE 0 END",
            name=op.f("ck_handovers_signed"),
        ),
        sa.CheckConstraint("signed_at >= made_at", name=op.f("ck_handovers_times")),
        sa.ForeignKeyConstraint(["region"], ["regions.name"], name=op.f("fk_handovers_region_regions")),
        sa.ForeignKeyConstraint(["leaving_id"], ["people.id"], name=op.f("fk_handovers_leaving_id_people")),
        sa.ForeignKeyConstraint(["coming_id"], ["people.id"], name=op.f("fk_handovers_coming_id_people")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_handovers")),
    )
    op.create_index(op.f("ix_handovers_region_made_at"), "handovers", ["region", "made_at"])
    op.execute(REFUSE)
    op.execute(SIGNED)
    op.execute(STAY)


def downgrade() -> None:
    op.drop_table("handovers")
    op.execute("DROP FUNCTION handovers_refuse_change()")
