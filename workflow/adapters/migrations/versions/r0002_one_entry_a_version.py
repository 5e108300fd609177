"""A stream has one entry of each version: the database refuses a second one, whoever writes it."""

from __future__ import annotations

from alembic import op

revision = "0002"
down_revision = "0001"


def upgrade() -> None:
    """Make the index of streams one of streams and versions, in which each pair stands once."""
    op.create_index("ix_ledger_stream_version", "ledger", ["stream", "version"], unique=True)
    op.drop_index("ix_ledger_stream", "ledger")
