"""What Alembic runs for each upgrade: the migrations, on the connection and in the transaction of the caller.

Invariants:
- It opens no store and commits nothing: `workflow.adapters.schema_upgrade` does both.
"""

from __future__ import annotations

from alembic import context
from sqlmodel import SQLModel

from workflow.adapters import tables

assert tables  # noqa: S101 - the tables are in the metadata only once this module is loaded

context.configure(
    connection=context.config.attributes["connection"], target_metadata=SQLModel.metadata, render_as_batch=True
)
with context.begin_transaction():
    context.run_migrations()
