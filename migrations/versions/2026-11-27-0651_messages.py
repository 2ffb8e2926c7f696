"""Messages between crew, receiving emergency room and dispatch centre, and who has read them.

Revision: 20261127_0651
Follows: 20261127_0641
"""

import sqlalchemy as sa
from alembic import op

revision = "20261127_0651"
down_revision = "20261127_0641"
branch_labels = None
depends_on = None

SIDES = "side IN ('crew', 'dispatch', 'hospital')"
KINDS = "'phone', 'name', 'id_number', 'address', 'note', {}'reason', 'recording', 'witness', 'destination'"
OWNERS = "'call', 'incident', 'patient', 'note'{}"


def _allow(kinds: str, owners: str) -> None:
    for name, allowed in (("kind", kinds), ("owner", owners)):
        op.drop_constraint(op.f(f"ck_personal_values_{name}"), "personal_values")
        op.create_check_constraint(op.f(f"ck_personal_values_{name}"), "personal_values", f"{name} IN ({allowed})")


def upgrade() -> None:
    _allow(KINDS.format("'message', "), OWNERS.format(", 'message'"))
    op.create_table(
        "messages",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("incident_id", sa.Uuid(), nullable=False),
        sa.Column("patient_id", sa.Uuid(), nullable=True),
        sa.Column("unit_id", sa.Uuid(), nullable=True),
        sa.Column("side", sa.Text(), nullable=False),
        sa.Column("organisation", sa.Text(), nullable=False),
        sa.Column("actor", sa.Text(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("entered_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("phrase", sa.Text(), nullable=True),
        sa.CheckConstraint(SIDES, name=op.f("ck_messages_side")),
        sa.CheckConstraint("actor <> ''", name=op.f("ck_messages_actor_filled")),
        sa.CheckConstraint("phrase <> ''", name=op.f("ck_messages_phrase_filled")),
        sa.CheckConstraint("at <= entered_at", name=op.f("ck_messages_times")),
        sa.ForeignKeyConstraint(["incident_id"], ["incidents.id"], name=op.f("fk_messages_incident_id_incidents")),
        sa.ForeignKeyConstraint(["patient_id"], ["patients.id"], name=op.f("fk_messages_patient_id_patients")),
        sa.ForeignKeyConstraint(["unit_id"], ["units.id"], name=op.f("fk_messages_unit_id_units")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_messages")),
    )
    op.create_index("ix_messages_incident_id_at", "messages", ["incident_id", "at"])
    op.create_table(
        "message_reads",
        sa.Column("message_id", sa.Uuid(), nullable=False),
        sa.Column("actor", sa.Text(), nullable=False),
        sa.Column("side", sa.Text(), nullable=False),
        sa.Column("organisation", sa.Text(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint(SIDES, name=op.f("ck_message_reads_side")),
        sa.CheckConstraint("actor <> ''", name=op.f("ck_message_reads_actor_filled")),
        sa.ForeignKeyConstraint(["message_id"], ["messages.id"], name=op.f("fk_message_reads_message_id_messages")),
        sa.PrimaryKeyConstraint("message_id", "actor", name=op.f("pk_message_reads")),
    )


def downgrade() -> None:
    op.drop_table("message_reads")
    op.drop_table("messages")
    op.execute("DELETE FROM personal_values WHERE owner = 'message'")
    _allow(KINDS.format(""), OWNERS.format(""))
