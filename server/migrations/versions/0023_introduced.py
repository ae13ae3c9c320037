"""Visits introduced by a phone: as a customer, by a number that proves nothing, or by a program that vouches.

What is worth knowing before changing them: of `card_id` and `customer_id` one is set at most, and neither once the
person was erased. What is there stays: whoever was introduced so far held a card.
"""

import sqlalchemy as sa
from alembic import op

revision = "0023"
down_revision = "0022"
branch_labels = None
depends_on = None

NAMED = ("introduction", "consent_choice", "hand_over")


def upgrade() -> None:
    """Let a visit be a customer's without a card, and a hand-over bring whose it is."""
    for table in NAMED:
        op.add_column(table, sa.Column("customer_id", sa.String(length=200), nullable=True))
    op.create_index("ix_consent_choice_customer_id", "consent_choice", ["customer_id"])
    op.add_column("introduction", sa.Column("proven", sa.Boolean(), nullable=False, server_default=sa.true()))
    op.add_column("hand_over", sa.Column("card_id", sa.String(length=200), nullable=True))
    op.add_column("hand_over", sa.Column("by", sa.String(length=64), nullable=True))
    op.add_column("hand_over", sa.Column("asks_who", sa.Boolean(), nullable=False, server_default=sa.false()))
    op.add_column("hand_over", sa.Column("tries", sa.Integer(), nullable=False, server_default="0"))


def downgrade() -> None:
    """Take it back."""
    for column in ("tries", "asks_who", "by", "card_id"):
        op.drop_column("hand_over", column)
    op.drop_column("introduction", "proven")
    op.drop_index("ix_consent_choice_customer_id", "consent_choice")
    for table in NAMED:
        op.drop_column(table, "customer_id")
