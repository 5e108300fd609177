"""The formats in which commands print, as --format names them."""

from __future__ import annotations

TABLE, JSON, JSON_LINES, CSV = "table", "json", "jsonl", "csv"
