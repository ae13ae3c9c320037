"""Kiosks in quarantine and test visits, whose taps are kept and count for nothing, with who said so and why.

What is worth knowing before changing them: rows are ended, never deleted; `visit_id` is no key, as a person who
is erased leaves another visit's id behind.
"""

from typing import Any

import sqlalchemy as sa
from alembic import op

from server.db import UtcMoment

revision = "0021"
down_revision = "0019"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Make both tables."""
    _make("quarantined_kiosk", sa.Column("kiosk_id", sa.String(length=64), nullable=False), "kiosk_id", window=True)
    _make("test_visit", sa.Column("visit_id", sa.Uuid(), nullable=False), "visit_id", window=False)


def _make(table: str, whom: sa.Column[Any], indexed: str, *, window: bool) -> None:
    since_until: tuple[Any, ...] = (
        sa.Column("since", UtcMoment(), nullable=False),
        sa.Column("until", UtcMoment(), nullable=True),
        sa.ForeignKeyConstraint(["kiosk_id"], ["kiosk.id"], name=op.f("fk_quarantined_kiosk_kiosk_id")),
    )
    op.create_table(
        table,
        sa.Column("id", sa.Uuid(), nullable=False),
        whom,
        sa.Column("store_id", sa.String(length=64), nullable=False),
        *(since_until if window else ()),
        sa.Column("reason", sa.String(length=300), nullable=False),
        sa.Column("made_by", sa.String(length=64), nullable=True),
        sa.Column("made_at", UtcMoment(), nullable=False),
        sa.Column("ended_by", sa.String(length=64), nullable=True),
        sa.Column("ended_at", UtcMoment(), nullable=True),
        sa.PrimaryKeyConstraint("id", name=op.f(f"pk_{table}")),
        sa.ForeignKeyConstraint(["store_id"], ["store.id"], name=op.f(f"fk_{table}_store_id")),
    )
    for column in (indexed, "store_id"):
        op.create_index(op.f(f"ix_{table}_{column}"), table, [column])


def downgrade() -> None:
    """Take them away again."""
    op.drop_table("test_visit")
    op.drop_table("quarantined_kiosk")
