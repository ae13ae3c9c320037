"""What people may ask for: receipts that name nobody, and how long what is of a kind is kept.

What is worth knowing before changing them: the hashes of an erasure's receipt are the list that is gone through again
after an older backup was restored; without the key they were made with they find nobody.
"""

import sqlalchemy as sa
from alembic import op

from server.db import Json, UtcMoment

revision = "0010"
down_revision = "0009"
branch_labels = None
depends_on = None

KEPT = {"event": 395, "failed_event": 90, "quarantine": 90, "undone_link": 395, "receipt": 1095}
"""Days; 395 are 13 months, what the CNIL allows trackers that only count."""


def upgrade() -> None:
    """Make the tables, and keep each kind as long as is usual."""
    op.create_table(
        "person_request",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("kind", sa.String(length=20), nullable=False),
        sa.Column("hashes", Json, nullable=False),
        sa.Column("asked_by", sa.String(length=64), nullable=False),
        sa.Column("done_at", UtcMoment(), nullable=False),
        sa.Column("counts", Json, nullable=False),
        sa.Column("lifted_at", UtcMoment(), nullable=True),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_person_request")),
    )
    retention = op.create_table(
        "retention",
        sa.Column("kind", sa.String(length=64), nullable=False),
        sa.Column("days", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("kind", name=op.f("pk_retention")),
    )
    op.bulk_insert(retention, [{"kind": kind, "days": days} for kind, days in KEPT.items()])


def downgrade() -> None:
    """Take them away again."""
    op.drop_table("retention")
    op.drop_table("person_request")
