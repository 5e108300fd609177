"""The type of every text that the store keeps, the same in each database."""

from __future__ import annotations

from sqlalchemy import Dialect, String
from sqlalchemy.types import TypeDecorator, TypeEngine


class PlainText(TypeDecorator[str]):
    """A text that is compared and ordered sign by sign, whatever language the database is set to."""

    impl = String
    cache_ok = True

    def load_dialect_impl(self, dialect: Dialect) -> TypeEngine[str]:
        """Return a text in the order of its signs; SQLite has no other order."""
        return dialect.type_descriptor(String(collation="C") if dialect.name == "postgresql" else String())
