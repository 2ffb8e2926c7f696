"""Incidents say whether only unknown answers make them as urgent as they are.

Revision: 20261127_0510
Follows: 20261127_0500
"""

import sqlalchemy as sa
from alembic import op

revision = "20261127_0510"
down_revision = "20261127_0500"
branch_labels = None
depends_on = None

# Of what is under way; what is over keeps false: nobody asks there again.
KNOWN = """
UPDATE incidents SET provisional = true
FROM (
    SELECT DISTINCT ON (incident_id) incident_id, priority, provisional
    FROM incident_assessments ORDER BY incident_id, ordinal DESC
) AS said,
LATERAL (
    SELECT move FROM priority_steps WHERE incident_id = said.incident_id ORDER BY ordinal DESC LIMIT 1
) AS step
WHERE said.incident_id = incidents.id AND said.provisional AND said.priority = incidents.priority
  AND step.move IN ('initial', 'by_card') AND incidents.state IN ('open', 'dispatched', 'on_scene')
"""


def upgrade() -> None:
    op.add_column("incidents", sa.Column("provisional", sa.Boolean(), nullable=False, server_default=sa.false()))
    op.execute(KNOWN)
    op.alter_column("incidents", "provisional", server_default=None)


def downgrade() -> None:
    op.drop_column("incidents", "provisional")
