"""Read a document's view in tests: its values by label, its recommendations, the blocks below a heading."""

from __future__ import annotations

from datetime import date
from itertools import pairwise

from decisions.documents.blocks.fields import Fields
from decisions.documents.blocks.heading import Heading
from decisions.documents.blocks.registry import Block
from decisions.documents.blocks.signature import Signature
from decisions.documents.blocks.summary_box import SummaryBox
from decisions.documents.view import Document
from rules.values.passages import Item, Listing
from tests.decisions.cases import CERTIFIED_FACTS, OPENED_FACTS, act_facts

REJECTED_FACTS = {
    **CERTIFIED_FACTS,
    **act_facts("dmpc", "rejected", date(2018, 4, 16), "Deputy Mayor"),
    "send_back.reason": "Too dear.",
}
RETURNED_FACTS = {
    **OPENED_FACTS,
    **act_facts("dmpc", "returned", date(2018, 4, 16), "Deputy Mayor"),
    "send_back.reason": "No figures.",
}


def values_by_label(view: Document) -> dict[str, str]:
    """Return what stands beside each label; for a label that stands twice, the first."""
    values: dict[str, str] = {}
    for block in view.blocks:
        if isinstance(block, Fields | SummaryBox | Signature):
            for field in block.items:
                values.setdefault(field.label, field.value or field.placeholder)
    return values


def recommendation_items(view: Document) -> list[Item]:
    """Return every recommendation, each followed by its own parts."""
    listings = [block for block in view.blocks if isinstance(block, Listing)]
    recommendations = [item for listing in listings for item in listing.items if item.verb or item.subitems]
    return [each for item in recommendations for each in (item, *item.subitems)]


def blocks_below(view: Document, heading: str) -> list[Block]:
    """Return the blocks between a heading and the next one."""
    places = [place for place, block in enumerate(view.blocks) if isinstance(block, Heading | SummaryBox)]
    [start] = [n for n in places if isinstance(block := view.blocks[n], Heading) and block.text == heading]
    [stop] = [following for place, following in pairwise([*places, len(view.blocks)]) if place == start]
    return list(view.blocks[start + 1 : stop])


def all_text(view: Document) -> str:
    """Return all blocks as text, to search for words."""
    return "\n".join(repr(block) for block in view.blocks)
