"""Words of closures and of handover sheets can be erased by law; all else of a signed sheet stays.

Revision: 20261127_0550
Follows: 20261127_0540
"""

import sqlalchemy as sa
from alembic import op

revision = "20261127_0550"
down_revision = "20261127_0540"
branch_labels = None
depends_on = None

SIGN = """
        IF OLD.state = 'waiting'
           AND to_jsonb(NEW) - ARRAY['state', 'coming_id', 'signed_at', 'own_seat']
             = to_jsonb(OLD) - ARRAY['state', 'coming_id', 'signed_at', 'own_seat'] THEN
            RETURN NEW;
        END IF;
"""
# Of the words only: notes become empty, a closure's reason a dash.
ERASE = """
        IF NEW.erased_at IS NOT NULL
           AND to_jsonb(NEW) - ARRAY['notes', 'body', 'erased_at', 'erased_by', 'erasure_basis']
             = to_jsonb(OLD) - ARRAY['notes', 'body', 'erased_at', 'erased_by', 'erasure_basis']
           AND NEW.notes IN ('', OLD.notes)
           AND NEW.body - 'closures' = OLD.body - 'closures'
           AND jsonb_array_length(NEW.body -> 'closures') = jsonb_array_length(OLD.body -> 'closures')
           AND NOT EXISTS (
               SELECT FROM jsonb_array_elements(NEW.body -> 'closures') WITH ORDINALITY AS new_one (told, place)
               JOIN jsonb_array_elements(OLD.body -> 'closures') WITH ORDINALITY AS old_one (told, place) USING (place)
               WHERE new_one.told - 'reason' <> old_one.told - 'reason'
                  OR new_one.told ->> 'reason' NOT IN ('—', old_one.told ->> 'reason')
           ) THEN
            RETURN NEW;
        END IF;
"""
REFUSE = """
CREATE OR REPLACE FUNCTION handovers_refuse_change() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF TG_OP = 'UPDATE' THEN
%s    END IF;
    RAISE EXCEPTION 'A handover sheet stays as it was signed: %% is refused.', TG_OP
        USING ERRCODE = 'insufficient_privilege';
END
$$
"""
GROUNDS = "('request', 'term_ended', 'consent_withdrawn', 'unlawful', 'court')"


def upgrade() -> None:
    op.add_column("closures", sa.Column("reason_erased_at", sa.DateTime(timezone=True), nullable=True))
    op.add_column("closures", sa.Column("reason_erased_by", sa.Text(), nullable=True))
    op.create_check_constraint(
        op.f("ck_closures_reason_erased"), "closures", "(reason_erased_at IS NULL) = (reason_erased_by IS NULL)"
    )
    op.add_column("handovers", sa.Column("erased_at", sa.DateTime(timezone=True), nullable=True))
    op.add_column("handovers", sa.Column("erased_by", sa.Text(), nullable=True))
    op.add_column("handovers", sa.Column("erasure_basis", sa.Text(), nullable=True))
    op.create_check_constraint(
        op.f("ck_handovers_erased"), "handovers", "num_nonnulls(erased_at, erased_by, erasure_basis) IN (0, 3)"
    )
    op.create_check_constraint(op.f("ck_handovers_erasure_basis"), "handovers", f"erasure_basis IN {GROUNDS}")
    op.execute(REFUSE % (SIGN + ERASE))


def downgrade() -> None:
    op.execute(REFUSE % SIGN)
    op.drop_column("handovers", "erasure_basis")
    op.drop_column("handovers", "erased_by")
    op.drop_column("handovers", "erased_at")
    op.drop_column("closures", "reason_erased_by")
    op.drop_column("closures", "reason_erased_at")
