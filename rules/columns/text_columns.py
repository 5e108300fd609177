"""Derived facts that read texts: worked out outside the database by the plain functions, once for each set of texts.

Texts are pulled as codes of distinct texts. A text that a function cannot find anything in counts as one that is not
stated, so that few sets are left, however many cases there are.

Invariants:
- A pattern of `text_patterns` may let through too much, and never too little: the plain function decides.
- Subjects stand in the order in which the plain evaluator looks at them.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any, TypeAlias

import ibis
import numpy as np
import pyarrow as pa

from rules.columns.cells import Cell
from rules.columns.engine import Table
from rules.columns.stages import CASE_NUMBER, SUBJECT_KEY, SUBJECT_NUMBER, CellNames, Stage, same_case, same_subject
from rules.columns.text_patterns import find_relevant, relevance_of
from rules.language.derivation_context import DerivationContext, DerivedFact
from rules.language.law import Law
from rules.language.text_schema import OpeningVerb, PhraseSearch, TextArguments
from rules.values.fact_table import FactTable
from rules.values.facts import CASE, FactKind, Facts, FactValue
from rules.values.money import Money, Vat

Numbers: TypeAlias = np.ndarray[Any, np.dtype[Any]]
_NONE = -1
_LARGEST = 2**62


@dataclass(frozen=True, slots=True)
class CodedRows:
    """The rows of one kind by their number: the case of each, and its facts as codes of distinct values (-1: none)."""

    cases: Numbers
    codes: Mapping[str, Numbers]
    values: Mapping[str, list[FactValue]]

    def facts_at(self, row: int, codes: Mapping[str, Numbers]) -> dict[str, FactValue]:
        """Return the facts of a row, given their codes."""
        return {fact: self.values[fact][column[row]] for fact, column in codes.items() if column[row] != _NONE}


@dataclass(slots=True)
class TextReader:
    """Derives facts from texts at one level: of the subjects of `stage`, and of those that they look at.

    `keys` are the tables with the names of the subjects of each kind. `asked` is what the source asks for.
    """

    stage: Stage
    related: Mapping[str, Stage]
    keys: Mapping[str, Table]
    facts: FactTable
    law: Law
    asked: Collection[str] | None

    def derive(self, level: Iterable[DerivedFact]) -> dict[str, CellNames]:
        """Return each fact that some row has; joins them to the stage."""
        facts = [fact for fact in level if not self.stage.facts.keys().isdisjoint(fact.inputs) or self._reads(fact)]
        if not facts:
            return {}
        own = self._pull(self.stage, facts)
        others = {
            kind: self._pull(self.related[kind], facts)
            for kind in dict.fromkeys(fact.related_kind for fact in facts)
            if kind in self.related
        }
        found = {fact.name: self._derive(fact, own, others.get(fact.related_kind)) for fact in facts}
        return self._join({name: results for name, results in found.items() if results.any_found})

    def _reads(self, fact: DerivedFact) -> bool:
        """Return whether the related subjects state anything that a fact reads."""
        stage = self.related.get(fact.related_kind)
        return stage is not None and not stage.facts.keys().isdisjoint(fact.inputs)

    def _pull(self, stage: Stage, facts: Iterable[DerivedFact]) -> CodedRows:
        wanted = dict.fromkeys(name for fact in facts for name in self._inputs_of(fact, stage))
        columns = {f"t{place}": _as_pulled(stage.facts[fact].of(stage.kept)) for place, fact in enumerate(wanted)}
        pulled = _pull_coded(stage, stage.kept.select(*stage.keys, **columns))
        if stage.kind != CASE:
            keys = _pull_coded(stage, self.keys[stage.kind].select(*stage.keys, SUBJECT_KEY))
            pulled = pulled | {SUBJECT_KEY: keys[SUBJECT_KEY]}
        codes = {fact: pulled[f"t{place}"][0] for place, fact in enumerate(wanted)}
        values = {
            fact: [_as_value(self.facts[fact].kind, value) for value in pulled[f"t{place}"][1].to_pylist()]
            for place, fact in enumerate(wanted)
        }
        if SUBJECT_KEY in pulled:
            key_codes, keys_ = pulled[SUBJECT_KEY]
            ranked = sorted(keys_.to_pylist())
            rank = {key: place for place, key in enumerate(ranked)}
            ranks = np.array([rank[key] for key in keys_.to_pylist()], np.int64)
            codes[SUBJECT_KEY], values[SUBJECT_KEY] = ranks[key_codes], ranked
        return CodedRows(pulled[CASE_NUMBER][0], codes, values)

    def _derive(self, fact: DerivedFact, own: CodedRows, others: CodedRows | None) -> Results:
        arguments = getattr(fact.declaration, fact.declaration.function_names()[0]) if fact.declaration else None
        if isinstance(arguments, OpeningVerb):
            return self._derive_verbs(fact, arguments, own, others)
        read = _ReadTexts(fact, arguments)
        codes, is_hit = read.reduce(own, self._inputs_of(fact, self.stage))
        groups, states = None, np.zeros(len(own.cases), np.int64)
        if others is not None:
            other_codes, other_hit = read.reduce(others, self._inputs_of(fact, self.related[fact.related_kind]))
            other_codes[SUBJECT_KEY] = others.codes[SUBJECT_KEY]  # a place that is quoted has its name
            groups = _Groups(fact.related_kind, others, other_codes, other_hit)
            states = groups.states(own.cases)
            is_hit = is_hit | (states > 0)
        results, rows = Results(len(own.cases)), np.flatnonzero(is_hit)
        for members, first in _distinct([*(column[rows] for column in codes.values()), states[rows]], len(rows)):
            facts = own.facts_at(rows[first], codes)
            of_case = {name: value for name, value in facts.items() if self.facts.subject_kind_of(name) == CASE}
            subjects = groups.subjects_of(own.cases[rows[first]], of_case) if groups else {}
            results.note(rows[members], self._compute(fact, facts, subjects))
        return results

    def _inputs_of(self, fact: DerivedFact, stage: Stage) -> list[str]:
        """Return what a fact reads of one kind: of its own subject and the case, or of the subjects beside it."""
        kinds = {self.stage.kind, CASE} if stage is self.stage else {stage.kind}
        return [name for name in fact.inputs if name in stage.facts and self.facts.subject_kind_of(name) in kinds]

    def _derive_verbs(
        self, fact: DerivedFact, arguments: OpeningVerb, own: CodedRows, others: CodedRows | None
    ) -> Results:
        """Choose by each distinct text alone; only a text without a verb is looked at among the others of its case."""
        codes = {name: own.codes[name] for name in self._inputs_of(fact, self.stage)}
        for name in {arguments.number, arguments.letter} & codes.keys():
            codes[name] = np.where(codes[name] == _NONE, _NONE, 0)
        results, unsettled = Results(len(own.cases)), [np.zeros(0, np.int64)]
        for members, first in _distinct(codes.values(), len(own.cases)):
            facts = own.facts_at(first, codes)
            value = self._compute(fact, facts, {fact.related_kind: facts})
            results.note(members, value)
            if value == arguments.otherwise:
                unsettled.append(members)
        rows = np.concatenate(unsettled)
        if others is None or not len(rows):
            return results
        texts = {arguments.text: others.codes[arguments.text]}
        groups = _Groups(fact.related_kind, others, texts, np.isin(others.cases, own.cases[rows]))
        states = groups.states(own.cases[rows])
        for members, first in _distinct([*(column[rows] for column in codes.values()), states], len(rows)):
            subjects = groups.subjects_of(own.cases[rows[first]], {})
            results.note(rows[members], self._compute(fact, own.facts_at(rows[first], codes), subjects))
        return results

    def _compute(self, fact: DerivedFact, facts: Facts, subjects: dict[str, Facts]) -> FactValue | None:
        context = DerivationContext(
            {fact.related_kind: subjects}, self.law, fact.governed_by, fact.related_kind, asked=self.asked
        )
        return fact.compute(context, facts)

    def _join(self, found: Mapping[str, Results]) -> dict[str, CellNames]:
        """Load what was found, and join it to the stage."""
        if not found:
            return {}
        rows = np.flatnonzero(np.any([results.codes != _NONE for results in found.values()], axis=0))
        columns = {self.stage.keys[-1]: pa.array(rows, pa.int64())}
        columns |= {f"f{place}": results.as_array(rows) for place, results in enumerate(found.values())}
        columns |= {
            f"v{place}": results.bases_as_array(rows)
            for place, results in enumerate(found.values())
            if results.of_money
        }
        same = same_case if self.stage.kind == CASE else same_subject
        names = self.stage.join(self.stage.engine.load(pa.table(columns)), same, [*columns][1:])
        return {fact: CellNames(names[f"f{place}"], names.get(f"v{place}", "")) for place, fact in enumerate(found)}


class Results:
    """What was found in each row: codes of distinct values."""

    def __init__(self, rows: int) -> None:
        self.codes: Numbers = np.full(rows, _NONE, np.int64)
        self._values: dict[FactValue, int] = {}

    @property
    def any_found(self) -> bool:
        """Whether any row has a value."""
        return bool(self._values)

    def note(self, rows: Numbers, value: FactValue | None) -> None:
        """Note the value of some rows."""
        self.codes[rows] = _NONE if value is None else self._values.setdefault(value, len(self._values))

    def as_array(self, rows: Numbers) -> pa.Array:
        """Return the values of some rows: days as ordinals, amounts in pence."""
        return self._take([_plain(value) for value in self._values], rows)

    @property
    def of_money(self) -> bool:
        """Whether the values are amounts."""
        return any(isinstance(value, Money) for value in self._values)

    def bases_as_array(self, rows: Numbers) -> pa.Array:
        """Return the codes of the VAT bases of amounts in some rows."""
        return self._take([value.vat.code if isinstance(value, Money) else None for value in self._values], rows)

    def _take(self, values: Sequence[object], rows: Numbers) -> pa.Array:
        codes = self.codes[rows]
        return pa.array(values).take(pa.array(codes, pa.int64(), mask=codes == _NONE))


def _plain(value: FactValue) -> object:
    if isinstance(value, Money):
        return value.pence
    return value.toordinal() if isinstance(value, date) else value


class _ReadTexts:
    """The texts that a function reads, and which of them it can find anything in."""

    def __init__(self, fact: DerivedFact, arguments: object) -> None:
        self._texts = set(arguments.all_texts) if isinstance(arguments, TextArguments) else set()
        self._presence = set(arguments.unless_stated) if isinstance(arguments, PhraseSearch) else set[str]()
        self._relevance = relevance_of(fact)

    def reduce(self, rows: CodedRows, names: Iterable[str]) -> tuple[dict[str, Numbers], Numbers]:
        """Return the codes of facts without the texts that say nothing, and the rows where some text does."""
        is_hit: Numbers = np.zeros(len(rows.cases), bool)
        reduced: dict[str, Numbers] = {}
        for name in names:
            codes = reduced[name] = rows.codes[name]
            if name not in self._texts:
                continue
            relevant = np.append(find_relevant(self._relevance, rows.values[name]), False)
            hits = relevant[codes]
            is_hit |= hits
            present = np.where(codes == _NONE, _NONE, 0) if name in self._presence else _NONE
            reduced[name] = np.where(hits, codes, present)
        return reduced, is_hit


class _Groups:
    """The subjects of each case, in the order in which the plain evaluator looks at them; `codes` tell them apart."""

    def __init__(self, kind: str, others: CodedRows, codes: Mapping[str, Numbers], is_needed: Numbers) -> None:
        self._kind, self._others, self._codes = kind, others, codes
        rows = np.flatnonzero(is_needed)
        self._rows = rows[np.lexsort((others.codes[SUBJECT_KEY][rows], others.cases[rows]))]
        self._ids = _combine([column[self._rows] for column in codes.values()], len(rows))
        self._cases, self._starts, self._sizes = np.unique(
            others.cases[self._rows], return_index=True, return_counts=True
        )

    def states(self, cases: Numbers) -> Numbers:
        """Return a number for each of some cases: the same where their subjects are alike, and 0 without any."""
        last = max(int(cases.max(initial=_NONE)), int(self._cases.max(initial=_NONE)))
        states: Numbers = np.zeros(last + 1, np.int64)
        current: Numbers = np.zeros(len(self._cases), np.int64)
        used = 1
        for place in range(int(self._sizes.max(initial=0))):
            longer = np.flatnonzero(self._sizes > place)
            current[longer] = used + _combine([current[longer], self._ids[self._starts[longer] + place]], len(longer))
            used += len(longer)
        states[self._cases] = current
        return states[cases]

    def subjects_of(self, case: int, of_case: Facts) -> dict[str, Facts]:
        """Return the facts of each subject of a case, with those of the case."""
        others, keys = self._others, self._others.codes[SUBJECT_KEY]
        stated = {name: column for name, column in self._codes.items() if name != SUBJECT_KEY}
        return {
            f"{self._kind}:{others.values[SUBJECT_KEY][keys[row]]}": {**of_case, **others.facts_at(row, stated)}
            for row in self._rows_of(case)
        }

    def _rows_of(self, case: int) -> Numbers:
        """Return the rows of a case."""
        place = int(np.searchsorted(self._cases, case))
        if place == len(self._cases) or self._cases[place] != case:
            return self._rows[:0]
        return self._rows[self._starts[place] : self._starts[place] + self._sizes[place]]


def _combine(columns: Iterable[Numbers], rows: int) -> Numbers:
    """Return one number for each row: the same where all columns are."""
    ids: Numbers = np.zeros(rows, np.int64)
    size = 1
    for column in columns:
        width = int(column.max(initial=_NONE)) + 2
        if width == 1:
            continue
        if size * width > _LARGEST:
            ids = _encode(ids)
            size = int(ids.max(initial=0)) + 1
        if size * width > _LARGEST:
            column = _encode(column)  # noqa: PLW2901 - the same, by smaller numbers
            width = int(column.max(initial=_NONE)) + 2
        ids, size = ids * width + (column + 1), size * width
    return _encode(ids)


def _encode(numbers: Numbers) -> Numbers:
    encoded: Numbers = pa.array(numbers).dictionary_encode().indices.to_numpy(zero_copy_only=False).astype(np.int64)
    return encoded


def _distinct(columns: Iterable[Numbers], rows: int | None = None) -> Iterator[tuple[Numbers, int]]:
    """Yield the rows that are alike in all columns, and the first of them."""
    listed = list(columns)
    ids = _combine(listed, len(listed[0]) if rows is None else rows)
    order = np.argsort(ids, kind="stable")
    for members in np.split(order, np.flatnonzero(np.diff(ids[order])) + 1) if len(order) else ():
        yield members, int(members[0])


def _as_pulled(cell: Cell) -> Any:  # noqa: ANN401 - a column
    """Return a fact as one column: an amount as a text of its pence and its basis, a flag as a number."""
    if cell.value.type().is_boolean():
        return cell.value.cast("int64")
    return cell.value if cell.vat is None else cell.value.cast("string") + ibis.literal("|") + cell.vat


def _as_value(kind: FactKind, pulled: Any) -> FactValue:  # noqa: ANN401 - of any kind
    if kind == "day":
        return date.fromordinal(pulled)
    if kind == "money":
        pence, _, vat = pulled.partition("|")
        return Money(int(pence), next(basis for basis in Vat if basis.code == vat))
    value: FactValue = bool(pulled) if kind == "flag" else pulled
    return value


def _pull_coded(stage: Stage, table: Table) -> dict[str, tuple[Numbers, pa.Array]]:
    """Return each column by the numbers of its rows, as codes of distinct values; the case as its number."""
    schema = table.schema().to_pyarrow()
    nothing = pa.RecordBatch.from_pylist([], schema)
    batches = [
        pa.table(
            {
                name: column if name in (CASE_NUMBER, SUBJECT_NUMBER) else column.dictionary_encode()
                for name, column in zip(schema.names, batch.columns, strict=True)
            }
        )
        for batch in (nothing, *stage.engine.batches(table))
    ]
    whole = pa.concat_tables(batches).unify_dictionaries()
    order = np.argsort(whole[stage.keys[-1]].to_numpy())
    pulled: dict[str, tuple[Numbers, pa.Array]] = {}
    for name in whole.column_names:
        column = whole[name].combine_chunks()
        if pa.types.is_dictionary(column.type):
            codes = column.indices.fill_null(_NONE).to_numpy(zero_copy_only=False)
            pulled[name] = codes[order], column.dictionary
        else:
            pulled[name] = column.to_numpy()[order], column[:0]
    return pulled
