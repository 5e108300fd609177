"""Find withheld figures that a reader of Part 1 can work out, such as the one missing part of a published total.

A withheld amount or count is derivable if it is

- the sum or the difference of two published figures; or
- what remains of a total when all other figures of one group are taken away: a column or row of a table, a paragraph,
  or the facts that Part 1 states; or
- published as it is in a column of thousands or millions.

Rounded figures are not compared: they reveal a withheld figure no more closely than they are rounded.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from itertools import chain

from decisions.documents.record_views import ExemptRecord, PublicRecord
from decisions.documents.view import Document, texts_in
from rules.values.facts import FactValue
from rules.values.money import Money
from rules.values.passages import Table

MIN_FIGURE = 1_000_00
"""In pence. A smaller figure could be the sum or difference of unrelated figures by chance."""
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
_DIGIT = re.compile("[0-9]")
_FIGURE = re.compile(
    r"(?<![\w.,])(?P<sign>£?)(?P<whole>[0-9]{1,3}(?:,[0-9]{3})+|[0-9]{1,15})(?:\.(?P<part>[0-9]{1,6}))?"
    r"(?: ?(?P<scale>k|m|bn|thousand|million|billion)\b)?(?!\w|[.,][0-9])"
)


@dataclass(frozen=True, slots=True)
class CaseFigures:
    """The figures of a case that do not hang on a document: those withheld, with their facts, and those of Part 1."""

    withheld: Sequence[tuple[str, int]]
    public: Sequence[int]
    derived_facts: frozenset[str]

    @classmethod
    def of(cls, exempt_record: ExemptRecord, public_record: PublicRecord) -> CaseFigures:
        """Return the figures of a case."""
        public = _public_figures(public_record)
        derived_facts = frozenset(derived.name for derived in exempt_record.scheme.rulebook.derived_facts)
        return cls(_withheld_figures(exempt_record, set(public)), public, derived_facts)

    def find_derivable(self, document: Document) -> tuple[str, ...]:
        """Return the names of withheld facts that can be worked out from a Part 1 document and record.

        Derived facts are named only if no fact that Part 2 states is found: they would follow from it.
        """
        if not self.withheld:
            return ()
        groups = [self.public, *filter(None, _figure_groups(document))]
        published = set(chain.from_iterable(groups))
        remainders = set(chain.from_iterable(map(_total_and_remainders, groups)))
        derivable = {
            fact
            for fact, figure in self.withheld
            if figure in remainders or _is_published_or_pair_result(figure, published)
        }
        return tuple(sorted(derivable - self.derived_facts or derivable))


def figures_in(text: str, scale: str = "") -> list[int]:
    """Return the figures in a text, in hundredths of a unit (pence).

    A number is a figure if it has a pound sign, a comma between thousands or a scale such as "million", or if it is the
    whole text. `scale` (a key of `_MULTIPLIERS`) applies to figures without one, as in a column headed "£000".

    >>> figures_in("£1.5m of 12,000; in 2018")
    [150000000, 1200000]
    """
    if not _DIGIT.search(text):  # most texts: looking for a whole figure takes far longer
        return []
    return [_to_hundredths(match, scale) for match in _FIGURE.finditer(text) if _is_figure(match, text)]


def _is_figure(match: re.Match[str], text: str) -> bool:
    """Whether a number is an amount or a count, and not a year, a page or a section."""
    is_marked = match["sign"] or match["scale"] or "," in match["whole"]
    return bool(is_marked) or (match.group() == text.strip() and not _YEAR.fullmatch(match.group()))


def _to_hundredths(match: re.Match[str], scale: str) -> int:
    number = Decimal(match["whole"].replace(",", "") + "." + (match["part"] or "0"))
    return int(number * HUNDREDTHS_PER_UNIT * _MULTIPLIERS.get(match["scale"] or scale, 1))


def _withheld_figures(exempt_record: ExemptRecord, public: set[int]) -> list[tuple[str, int]]:
    """Return the figures that only Part 2 has, stated or derived, each with the name of its fact.

    A derived figure that rests on public figures and on days of Part 2 is not one: a day only chooses a row of the law.
    """
    evidence = exempt_record.evidence
    exempt_facts = [(fact, evidence.facts_of(subject)[fact]) for subject, fact in evidence.exempt]
    telling = {fact for fact, value in exempt_facts if not _is_public(value, public)}
    inputs = {derived.name: derived.inputs for derived in exempt_record.scheme.rulebook.derived_facts}
    withheld = [(fact, value) for fact, value in exempt_facts if telling.intersection(inputs.get(fact, [fact]))]
    figures = ((fact, figure) for fact, value in withheld for figure in _value_figures(value))
    return [(fact, figure) for fact, figure in figures if figure >= MIN_FIGURE and figure not in public]


def _is_public(value: FactValue, public: set[int]) -> bool:
    """Return whether a value of Part 2 is a day, or a figure that Part 1 has too."""
    figures = list(_value_figures(value))
    return public.issuperset(figures) if figures else isinstance(value, date)


def _public_figures(record: PublicRecord) -> list[int]:
    """Return the figures among the stated and derived facts of Part 1, each once."""
    evidence = record.evidence
    values = chain(evidence.case_facts.values(), *(facts.values() for facts in evidence.subjects.values()))
    return list(dict.fromkeys(chain.from_iterable(map(_value_figures, values))))


def _value_figures(value: FactValue) -> Iterator[int]:
    if isinstance(value, Money):
        yield abs(value.pence)  # a text shows the figures of a negative amount, and a word before them
    elif type(value) is int:
        yield value * HUNDREDTHS_PER_UNIT


def _figure_groups(document: Document) -> Iterator[list[int]]:
    """Yield the figures of each text, and of each column and row of a table."""
    yield from map(figures_in, (document.title, document.subtitle, document.reference))
    for block in document.blocks:
        yield from _table_figure_groups(block) if isinstance(block, Table) else map(figures_in, texts_in(block))


def _table_figure_groups(table: Table) -> Iterator[list[int]]:
    yield from (figures_in(cell.text) for cell in table.head)
    scales = [match["scale"].lower() if (match := _SCALED_HEADING.search(cell.text)) else "" for cell in table.head]
    rows = [[figures_in(cell.text, scale) for cell, scale in zip(row, scales, strict=True)] for row in table.rows]
    yield from (list(chain.from_iterable(group)) for group in (*rows, *zip(*rows, strict=True)))


def _is_published_or_pair_result(figure: int, published_figures: set[int]) -> bool:
    """Whether a figure is published, or is the sum or the difference of two published figures."""
    return figure in published_figures or any(
        figure + other in published_figures or (figure - other in published_figures and figure != 2 * other)
        for other in published_figures
    )


def _total_and_remainders(figures: Iterable[int]) -> Iterator[int]:
    """Yield the sum of a group; and, taking each figure in turn as the total, what the other figures leave of it."""
    group = list(figures)
    if len(group) > 1:
        group_sum = sum(group)
        yield group_sum
        yield from (total - (group_sum - total) for total in group)
