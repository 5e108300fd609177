"""Keys of blocks that packs had before they declared kinds of subject, as blocks write them today.

Ledgers keep packs with these keys, so they are read for ever and mean what they meant. Nothing else in assent names the
kinds of subject and the facts below.
"""

from __future__ import annotations

from typing import Any

_EXEMPTIONS, _RECOMMENDATIONS = "exemptions", "recommendations"
_POINTS = {"of": "recommendation", **{key: f"recommendation.{key}" for key in ("number", "letter", "verb", "text")}}


def write_as_today(raw: object) -> object:
    """Return a block as written, with what earlier keys say under the keys of today."""
    if not isinstance(raw, dict) or not {_EXEMPTIONS, _RECOMMENDATIONS}.intersection(raw):
        return raw
    block: dict[str, Any] = {**raw}
    if _EXEMPTIONS in block:
        block |= {"details_of": "exemption", "details": block.pop(_EXEMPTIONS)}
    if body := block.pop(_RECOMMENDATIONS, ""):
        block |= {"points": _POINTS, "where": {"recommendation.body": {"is": body}}}
    return block
