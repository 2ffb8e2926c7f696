"""Complaint cards of a region's own, answers kept with incidents, and drafts of calls.

Revision: 20261127_0100
Follows: 20261127_0010
"""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "20261127_0100"
down_revision = "20261127_0010"
branch_labels = None
depends_on = None

SOURCES = "('auto', 'exchange', 'manual', 'device', 'voice', 'paper', 'inferred')"
PRIORITIES = "('P1', 'P2', 'P3', 'P4')"
MOVE = "ck_priority_steps_move"


def _moment(name: str) -> sa.Column[object]:
    return sa.Column(name, sa.DateTime(timezone=True), nullable=False)


def _text(name: str) -> sa.Column[str]:
    return sa.Column(name, sa.Text(), nullable=False)


def _number(name: str) -> sa.Column[int]:
    return sa.Column(name, sa.Integer(), nullable=False)


def _json(name: str) -> sa.Column[object]:
    return sa.Column(name, postgresql.JSONB(astext_type=sa.Text()), nullable=False)


def upgrade() -> None:
    op.drop_constraint(op.f(MOVE), "priority_steps", type_="check")
    op.create_check_constraint(op.f(MOVE), "priority_steps", "move IN ('initial', 'raised', 'lowered', 'by_card')")
    op.create_table(
        "card_sets",
        _text("region"),
        sa.Column("version", sa.Integer(), autoincrement=False, nullable=False),
        _text("text"),
        _text("digest"),
        _text("cards_version"),
        _moment("at"),
        _text("actor"),
        sa.CheckConstraint("actor <> ''", name=op.f("ck_card_sets_actor_filled")),
        sa.CheckConstraint("version >= 1", name=op.f("ck_card_sets_version")),
        sa.CheckConstraint("(text = '') = (digest = '')", name=op.f("ck_card_sets_digest")),
        sa.ForeignKeyConstraint(["region"], ["regions.name"], name=op.f("fk_card_sets_region_regions")),
        sa.PrimaryKeyConstraint("region", "version", name=op.f("pk_card_sets")),
    )
    op.create_table(
        "incident_answers",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("incident_id", sa.Uuid(), nullable=False),
        _text("question"),
        _number("version"),
        _json("value"),
        _text("card"),
        _text("cards_version"),
        _text("cards_digest"),
        _moment("occurred_at"),
        _moment("entered_at"),
        _text("source"),
        _text("actor"),
        sa.CheckConstraint(f"source IN {SOURCES}", name=op.f("ck_incident_answers_source")),
        sa.CheckConstraint("question <> ''", name=op.f("ck_incident_answers_question_filled")),
        sa.CheckConstraint("version >= 1", name=op.f("ck_incident_answers_version")),
        sa.ForeignKeyConstraint(
            ["incident_id"], ["incidents.id"], name=op.f("fk_incident_answers_incident_id_incidents")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_incident_answers")),
        sa.UniqueConstraint(
            "incident_id", "question", "version", name=op.f("uq_incident_answers_incident_id_question_version")
        ),
    )
    op.create_table(
        "incident_assessments",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("incident_id", sa.Uuid(), nullable=False),
        _number("ordinal"),
        _text("card"),
        _text("cards_version"),
        _text("cards_digest"),
        _text("priority"),
        sa.Column("provisional", sa.Boolean(), nullable=False),
        _text("rule"),
        _json("held"),
        _text("capabilities"),
        _text("alerts"),
        _text("path"),
        _moment("at"),
        _text("actor"),
        sa.CheckConstraint(f"priority IN {PRIORITIES}", name=op.f("ck_incident_assessments_priority")),
        sa.CheckConstraint("rule <> ''", name=op.f("ck_incident_assessments_rule_filled")),
        sa.CheckConstraint(
            "capabilities ~ '^B?A?E?N?O?G?R?P?$' AND alerts ~ '^B?A?E?N?O?G?R?P?$'",
            name=op.f("ck_incident_assessments_letters"),
        ),
        sa.CheckConstraint("ordinal >= 1", name=op.f("ck_incident_assessments_ordinal")),
        sa.ForeignKeyConstraint(
            ["incident_id"], ["incidents.id"], name=op.f("fk_incident_assessments_incident_id_incidents")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_incident_assessments")),
        sa.UniqueConstraint("incident_id", "ordinal", name=op.f("uq_incident_assessments_incident_id_ordinal")),
    )
    op.create_table(
        "call_drafts",
        sa.Column("call_id", sa.Uuid(), nullable=False),
        _text("region"),
        _number("version"),
        _text("holder"),
        _text("seat"),
        _json("body"),
        _moment("started_at"),
        _moment("saved_at"),
        _moment("heard_at"),
        sa.CheckConstraint("holder <> ''", name=op.f("ck_call_drafts_holder_filled")),
        sa.CheckConstraint("seat <> ''", name=op.f("ck_call_drafts_seat_filled")),
        sa.CheckConstraint("version >= 1", name=op.f("ck_call_drafts_version")),
        sa.CheckConstraint("jsonb_typeof(body) = 'object'", name=op.f("ck_call_drafts_body")),
        sa.ForeignKeyConstraint(["call_id"], ["calls.id"], name=op.f("fk_call_drafts_call_id_calls")),
        sa.ForeignKeyConstraint(["region"], ["regions.name"], name=op.f("fk_call_drafts_region_regions")),
        sa.PrimaryKeyConstraint("call_id", name=op.f("pk_call_drafts")),
    )
    op.create_index(op.f("ix_call_drafts_heard"), "call_drafts", ["region", "heard_at"])


def downgrade() -> None:
    op.drop_table("call_drafts")
    op.drop_table("incident_assessments")
    op.drop_table("incident_answers")
    op.drop_table("card_sets")
    # Steps that only this revision knows become what they would have been called before.
    op.execute("UPDATE priority_steps SET move = 'raised' WHERE move = 'by_card'")
    op.drop_constraint(op.f(MOVE), "priority_steps", type_="check")
    op.create_check_constraint(op.f(MOVE), "priority_steps", "move IN ('initial', 'raised', 'lowered')")
