"""Whether a withheld figure can be worked out from what is published: a total and all that it is made of but one.

Sought are the withheld amounts and counts that are the sum or the difference of two published figures, or what makes
up a total together with all other figures of one column or row of a table, of one paragraph, or of the facts that
Part 1 states; and those that a column in thousands or millions gives as they are. Figures that were rounded are not:
they tell what is withheld no more closely than they are rounded.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from decimal import Decimal
from itertools import chain

from decisions.documents.record_views import ExemptRecord, PublicRecord
from decisions.documents.view import Document, texts_in
from rules.values.facts import FactValue
from rules.values.money import Money
from rules.values.passages import Table

MIN_FIGURE = 1_000_00
"""In pence: what is smaller could be the sum or difference of figures that have nothing to do with it."""
HUNDREDTHS_PER_UNIT = 100
_MULTIPLIERS = {
    "k": 10**3,
    "thousand": 10**3,
    "m": 10**6,
    "million": 10**6,
    "bn": 10**9,
    "billion": 10**9,
    "000": 10**3,
}
_SCALED_HEADING = re.compile(r"£ ?['’]?(?P<scale>0{3}|k|m|bn|thousand|million|billion)s?\b", re.IGNORECASE)
_YEAR = re.compile(r"(?:19|20)[0-9]{2}")
_FIGURE = re.compile(
    r"(?<![\w.,])(?P<sign>£?)(?P<whole>[0-9]{1,3}(?:,[0-9]{3})+|[0-9]{1,15})(?:\.(?P<part>[0-9]{1,6}))?"
    r"(?: ?(?P<scale>k|m|bn|thousand|million|billion)\b)?(?!\w|[.,][0-9])"
)


def find_derivable_facts(
    exempt_record: ExemptRecord, public_record: PublicRecord, document: Document
) -> tuple[str, ...]:
    """The withheld facts that can be worked out from the figures of a Part 1 document and record, by their names.

    Where that is so of any that Part 2 states, those that are worked out from it are not named.
    """
    withheld = _withheld_figures(exempt_record, public_record)
    if not withheld:
        return ()
    groups = [_public_figures(public_record), *_figure_groups(document)]
    published = set(chain.from_iterable(groups))
    left = set(chain.from_iterable(map(_total_and_remainders, groups)))
    worked_out = {derived.name for derived in exempt_record.scheme.rulebook.derived_facts}
    found = {fact for fact, figure in withheld if figure in left or _is_published_or_pair_result(figure, published)}
    return tuple(sorted(found - worked_out or found))


def figures_in(text: str, scale: str = "") -> list[int]:
    """The figures in a text, in hundredths: with a pound sign, by thousands, in words, or alone in a cell.

    `scale` is what those are given in that do not say it, as in a column of thousands: one of `_MULTIPLIERS`.

    >>> figures_in("£1.5m of 12,000; in 2018")
    [150000000, 1200000]
    """
    return [_to_hundredths(found, scale) for found in _FIGURE.finditer(text) if _is_figure(found, text)]


def _is_figure(match: re.Match[str], text: str) -> bool:
    """Whether a number is meant as a figure: not a year, a page or a section."""
    marked = match["sign"] or match["scale"] or "," in match["whole"]
    return bool(marked) or (match.group() == text.strip() and not _YEAR.fullmatch(match.group()))


def _to_hundredths(match: re.Match[str], scale: str) -> int:
    number = Decimal(match["whole"].replace(",", "") + "." + (match["part"] or "0"))
    return int(number * HUNDREDTHS_PER_UNIT * _MULTIPLIERS.get(match["scale"] or scale, 1))


def _withheld_figures(exempt_record: ExemptRecord, public_record: PublicRecord) -> list[tuple[str, int]]:
    """The figures that only Part 2 has, stated there or worked out, each with the name of its fact."""
    stated = set(_public_figures(public_record))
    exempt = ((fact, exempt_record.evidence.facts_of(subject)[fact]) for subject, fact in exempt_record.evidence.exempt)
    found = ((fact, hundredths) for fact, value in exempt for hundredths in _value_figures(value))
    return [(fact, hundredths) for fact, hundredths in found if hundredths >= MIN_FIGURE and hundredths not in stated]


def _public_figures(record: PublicRecord) -> list[int]:
    """The figures that Part 1 states or gives away, each once."""
    evidence = record.evidence
    values = chain(evidence.case_facts.values(), *(facts.values() for facts in evidence.subjects.values()))
    return list(dict.fromkeys(chain.from_iterable(map(_value_figures, values))))


def _value_figures(value: FactValue) -> Iterator[int]:
    if isinstance(value, Money):
        yield value.pence
    elif type(value) is int:
        yield value * HUNDREDTHS_PER_UNIT


def _figure_groups(document: Document) -> Iterator[list[int]]:
    """The figures that stand together in a document: in one text, or in one column or row of a table."""
    yield from map(figures_in, (document.title, document.subtitle, document.reference))
    for block in document.blocks:
        yield from _table_figure_groups(block) if isinstance(block, Table) else map(figures_in, texts_in(block))


def _table_figure_groups(table: Table) -> Iterator[list[int]]:
    yield from (figures_in(cell.text) for cell in table.head)
    scales = [found["scale"].lower() if (found := _SCALED_HEADING.search(cell.text)) else "" for cell in table.head]
    rows = [[figures_in(cell.text, scale) for cell, scale in zip(row, scales, strict=True)] for row in table.rows]
    yield from (list(chain.from_iterable(group)) for group in (*rows, *zip(*rows, strict=True)))


def _is_published_or_pair_result(figure: int, published_figures: set[int]) -> bool:
    """Whether a figure is published as it is, or is the sum or the difference of two figures that are."""
    return figure in published_figures or any(
        figure + one in published_figures or (figure - one in published_figures and figure != 2 * one)
        for one in published_figures
    )


def _total_and_remainders(figures: Iterable[int]) -> Iterator[int]:
    """The sum of some figures; and, taking each figure in turn for a total, what the others leave of it."""
    parts = list(figures)
    together = sum(parts)
    if len(parts) > 1:
        yield together
        yield from (total - (together - total) for total in parts)
