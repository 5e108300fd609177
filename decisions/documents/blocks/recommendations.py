"""The recommendations to one body, as a list of one or two levels: the key `recommendations`."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

from decisions.documents.record_views import CaseRecord
from decisions.errors import DocumentError
from rules.packs.document_schema import RECOMMENDATION_BODY, BlockSpec
from rules.values.passages import Item, Listing, Paragraph

MAX_LETTER_LENGTH = 12
_TEXT = "recommendation.text"


def build_recommendations(spec: BlockSpec, record: CaseRecord) -> Iterator[Listing | Paragraph]:
    """Build the list of all recommendations to a body, if there are or may be any; 1a and 1b stand below the one numbered 1."""
    items: list[Item] = []
    last_number = None
    for number, _, letter, subject in sorted(_order_recommendations(spec.recommendations, record)):
        item = _build_item(number, letter, subject, record)
        if not letter:
            items.append(item)
        else:
            parent = items.pop() if number == last_number else Item("", f"{number}.")
            items.append(replace(parent, subitems=(*parent.subitems, item)))
        last_number = number
    if items:
        yield Listing(tuple(items))
    elif record.is_awaited(_TEXT):
        yield Paragraph(f"{spec.unstated}.")


def _build_item(number: int, letter: str, subject: str, record: CaseRecord) -> Item:
    verb, words = (record.format_line(f"recommendation.{fact}", subject) for fact in ("verb", "text"))
    label = f"{letter or number}." if letter or number else ""
    is_stated = record.value(_TEXT, subject) is not None
    return Item(words, label, verb, fact=record.editable_address(_TEXT, subject) if is_stated else "")


def _order_recommendations(body: str, record: CaseRecord) -> Iterator[tuple[int, int, str, str]]:
    """Yield each recommendation to a body as a key to sort by: number, length of its letter (so z before aa), letter.

    The subject comes last. Raises `DocumentError` if a letter is too long to cite a recommendation by.
    """
    for subject in record.subjects("recommendation"):
        if record.value(RECOMMENDATION_BODY, subject) == body:
            number = record.value("recommendation.number", subject)
            letter = record.format_line("recommendation.letter", subject)
            if len(letter) > MAX_LETTER_LENGTH:
                raise DocumentError(
                    f"the letter of {subject} has {len(letter):,} characters; a recommendation is cited by a few",
                    f"Amend the paper: give recommendation.letter at most {MAX_LETTER_LENGTH} characters.",
                )
            yield (number if isinstance(number, int) else 0), len(letter), letter, subject
