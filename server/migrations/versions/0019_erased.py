"""What is remembered of those erased, and told of them to other systems; when choices were made.

Until now each choice was told of at once, so that it was made when it was received; the kiosk's clock may have been
wrong.
"""

import sqlalchemy as sa
from alembic import op

from server.db import UtcMoment

revision = "0019"
down_revision = "0017"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Make the tables, let a delivery hold what is no event, let choices have been made when they were received."""
    op.execute("UPDATE consent_choice SET chosen_at = received_at")
    op.create_table(
        "erased_id",
        sa.Column("hash", sa.String(length=200), nullable=False),
        sa.Column("erased_at", UtcMoment(), nullable=False),
        sa.PrimaryKeyConstraint("hash", name=op.f("pk_erased_id")),
    )
    op.create_table(
        "erasure_notice",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("at", UtcMoment(), nullable=False),
        sa.Column("sealed", sa.LargeBinary(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_erasure_notice")),
    )
    op.add_column("webhook_delivery", sa.Column("sealed", sa.LargeBinary(), nullable=True))
    kept = sa.table("retention", sa.column("kind"), sa.column("days"))
    op.bulk_insert(kept, [{"kind": "erasure_notice", "days": 30}])
    _remember_before()


def _remember_before() -> None:
    """Remember those whose erasure has a receipt already."""
    receipt = sa.table("person_request", sa.column("kind"), sa.column("hashes", sa.JSON), sa.column("done_at"))
    erased = sa.table("erased_id", sa.column("hash"), sa.column("erased_at"))
    rows = op.get_bind().execute(sa.select(receipt.c.hashes, receipt.c.done_at).where(receipt.c.kind == "erase"))
    known = {one: at for hashes, at in rows.all() for one in hashes}
    if known:
        op.bulk_insert(erased, [{"hash": one, "erased_at": at} for one, at in known.items()])


def downgrade() -> None:
    """Take the tables away again."""
    op.execute("DELETE FROM retention WHERE kind = 'erasure_notice'")
    with op.batch_alter_table("webhook_delivery") as table:
        table.drop_column("sealed")
    op.drop_table("erasure_notice")
    op.drop_table("erased_id")
