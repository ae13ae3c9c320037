"""Hand-overs to phones are purged like everything else that has an age: after a day."""

import sqlalchemy as sa
from alembic import op

revision = "0018"
down_revision = "0021"
branch_labels = None
depends_on = None

KEPT = sa.table("retention", sa.column("kind", sa.String), sa.column("days", sa.Integer))


def upgrade() -> None:
    """Say how long they are kept, and find the offers of a visit."""
    op.bulk_insert(KEPT, [{"kind": "hand_over", "days": 1}])
    op.create_index(op.f("ix_hand_over_visit_id"), "hand_over", ["visit_id"])


def downgrade() -> None:
    """Forget it again."""
    op.drop_index(op.f("ix_hand_over_visit_id"), "hand_over")
    op.execute(KEPT.delete().where(KEPT.c.kind == "hand_over"))
