"""Everything of one kind in the case, as a numbered list of one or two levels: the key `points`."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from typing import NamedTuple

from decisions.documents.record_views import CaseRecord
from decisions.errors import DocumentError
from rules.packs.document_schema import BlockSpec, PointList
from rules.values.passages import Item, Listing, Paragraph

MAX_LETTER_LENGTH = 12


class _Point(NamedTuple):
    """One point, in the order in which points are sorted: by number, length of the letter (z before aa), letter."""

    number: int
    letter_length: int
    letter: str
    subject: str


def build_point_list(spec: BlockSpec, record: CaseRecord) -> Iterator[Listing | Paragraph]:
    """Build the list of all points of a block, if there are or may be any; 1a and 1b stand below the one numbered 1."""
    if spec.points is None:
        return
    items: list[Item] = []
    last_number = None
    for point in sorted(_collect_points(spec, spec.points, record)):
        item = _build_item(point, spec.points, record)
        if not point.letter:
            items.append(item)
        else:
            parent = items.pop() if point.number == last_number else Item("", f"{point.number}.")
            items.append(replace(parent, subitems=(*parent.subitems, item)))
        last_number = point.number
    if items:
        yield Listing(tuple(items))
    else:
        unstated = spec.unstated if record.is_awaited(spec.points.text) else ""
        if words := record.words_for_none(spec.points.of, spec.where, unstated):
            yield Paragraph(f"{words}.")


def _build_item(point: _Point, points: PointList, record: CaseRecord) -> Item:
    verb, words = (record.format_line(fact, point.subject) if fact else "" for fact in (points.verb, points.text))
    words = words or record.words_for_unknown(points.text, "", point.subject)
    label = f"{point.letter or point.number}." if point.letter or point.number else ""
    is_stated = record.value(points.text, point.subject) is not None
    return Item(words, label, verb, fact=record.editable_address(points.text, point.subject) if is_stated else "")


def _collect_points(spec: BlockSpec, points: PointList, record: CaseRecord) -> Iterator[_Point]:
    """Yield each point; raise `DocumentError` if a letter is too long to cite a point by."""
    for subject in record.selected_subjects(points.of, spec.where):
        number = record.value(points.number, subject) if points.number else None
        letter = record.format_line(points.letter, subject) if points.letter else ""
        if len(letter) > MAX_LETTER_LENGTH:
            raise DocumentError(
                f"the letter of {subject} has {len(letter):,} characters; a point is cited by a few",
                f"Amend the paper: give {points.letter} at most {MAX_LETTER_LENGTH} characters.",
            )
        yield _Point(number if isinstance(number, int) else 0, len(letter), letter, subject)
