"""Derived facts that look at other subjects, as columns: counts, counterparts, totals and gaps in numbers.

Each reads the rows of the related kind, grouped by case, and joins what it finds to the rows of its own kind.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Any, NamedTuple, TypeAlias

import ibis
import pyarrow as pa

from rules.columns.arithmetic import within_money_bounds
from rules.columns.cells import Cell
from rules.columns.condition_columns import truth_column
from rules.columns.engine import Table
from rules.columns.scopes import Scope
from rules.columns.stages import CASE_NUMBER, SUBJECT_NUMBER, CellNames, Stage, same_case, same_subject
from rules.columns.truths import Column, as_column
from rules.language.derivation_context import DerivedFact
from rules.language.derivation_schema import Counterpart, NumberingGap, SubjectCount, SubjectTotal
from rules.language.derived_text import find_numbering_gap

Joined: TypeAlias = Callable[[], Cell | None]
"""Gives the fact, once every join of its stage is made."""


class PendingCounts:
    """Counts of one kind's subjects in each case: all of a level are made by one group and one join."""

    def __init__(self, own: Stage, related: Stage) -> None:
        self._own, self._related = own, related
        self._truths: dict[str, Column] = {}
        self._names: dict[str, str] = {}

    def add(self, truth: Column) -> Joined:
        """Take one more condition; the function that is returned gives the number for which it holds, if known."""
        holds = f"holds{len(self._truths)}"
        self._truths[holds] = truth

        def column() -> Cell:
            number, known, held = (self._found(name) for name in ("number", f"known_{holds}", f"held_{holds}"))
            return Cell(ibis.cases((number == known, held)))

        return column

    def join(self) -> None:
        """Count, and join what was counted to the cases."""
        rows = self._related.kept.select(CASE_NUMBER, **self._truths)
        counted = {"number": rows.count()}
        for holds in self._truths:
            counted |= {f"known_{holds}": rows[holds].count(), f"held_{holds}": rows.count(where=rows[holds])}
        self._names = self._own.join(rows.group_by(CASE_NUMBER).aggregate(**counted), same_case, counted)

    def _found(self, name: str) -> Column:
        return ibis.coalesce(self._own.table[self._names[name]], 0)


class Related(NamedTuple):
    """What a function that looks at other subjects works on: its own kind, and the related one with its facts.

    `related` is None where the population has no such subjects. Its rows are those before any join of this level, which
    would be computed again for each function. `counts` takes the counts of a level that are made together.
    """

    own: Stage
    related: Stage | None
    scope_of: Callable[[Stage], Scope]
    counts: dict[str, PendingCounts]

    def related_scope(self) -> Scope:
        """Return the facts of the related subjects."""
        return Scope({}, {}, {}) if self.related is None else self.scope_of(self.related)


def _count(derived: DerivedFact, count: SubjectCount, at: Related) -> Joined:
    if at.related is None:
        return lambda: Cell(ibis.literal(0, "int64"))
    if count.same:
        return _count_sharing(derived, count, at)
    pending = at.counts.setdefault(at.related.kind, PendingCounts(at.own, at.related))
    return pending.add(_condition_of(derived, at.related_scope()))


def _condition_of(derived: DerivedFact, scope: Scope) -> Column:
    return as_column(truth_column(derived.conditions[0], scope, derived.governed_by) if derived.conditions else True)


def _count_sharing(derived: DerivedFact, count: SubjectCount, at: Related) -> Joined:
    """Count those that share a fact; unknown while another may be one more."""
    assert at.related is not None  # noqa: S101 - its caller saw to that
    scope = at.related_scope()
    paired, own = scope.cells.get(count.to), at.own.facts.get(count.same)
    truth = _condition_of(derived, scope)
    shared = {} if paired is None else _key_columns(paired)
    rows = at.related.kept.select(CASE_NUMBER, holds=truth, **(shared or {_KEY: ibis.null("string")}))
    rows = rows.filter(rows.holds.isnull() | rows.holds)
    by_case = rows.group_by(CASE_NUMBER).aggregate(possible=rows.count(), keyless=rows.count(where=rows[_KEY].isnull()))
    names = at.own.join(by_case, same_case, ["possible", "keyless"])
    if own is not None and shared:
        keyed = rows.filter(rows[_KEY].notnull())
        by_key = keyed.group_by(CASE_NUMBER, *shared).aggregate(
            held=keyed.count(where=keyed.holds), unknown=keyed.count(where=keyed.holds.isnull())
        )
        names |= at.own.join(by_key, _on_shared(own, shared), ["held", "unknown"])

    def column() -> Cell:
        table, zero = at.own.table, ibis.literal(0, "int64")
        found = {name: ibis.coalesce(table[column], zero) for name, column in names.items()}
        none_possible = ibis.cases((found["possible"] == 0, zero))
        if own is None:
            return Cell(none_possible)
        sure = (found["keyless"] == 0) & (found.get("unknown", zero) == 0)
        return Cell(ibis.cases((own.of(table).value.isnull(), none_possible), (sure, found.get("held", zero))))

    return column


_KEY, _KEY_VAT = "key", "key_vat"


def _key_columns(cell: Cell) -> dict[str, Column]:
    return {_KEY: cell.value} | ({} if cell.vat is None else {_KEY_VAT: cell.vat})


def _on_shared(own: CellNames, shared: Mapping[str, Column]) -> Callable[[Table, Table], list[Column]]:
    def predicate(left: Table, right: Table) -> list[Column]:
        cell = own.of(left)
        same = [*same_case(left, right), cell.value == right[_KEY]]
        return [*same, cell.vat == right[_KEY_VAT]] if _KEY_VAT in shared else same

    return predicate


def _counterpart(derived: DerivedFact, other: Counterpart, at: Related) -> Joined:
    """Take a fact of the one other subject that shares a fact and meets the condition."""
    if at.related is None or at.own is not at.related or SUBJECT_NUMBER not in at.own.keys:
        return lambda: None
    scope = at.related_scope()
    wanted, shared = scope.cells.get(other.take), scope.cells.get(other.same)
    if wanted is None or shared is None:
        return lambda: None
    truth = _condition_of(derived, scope)
    keys = _key_columns(shared)
    rows = at.related.kept.select(CASE_NUMBER, SUBJECT_NUMBER, holds=truth, **keys, **_wanted_columns(wanted))
    rows = rows.filter((rows.holds.isnull() | rows.holds) & rows[_KEY].notnull())
    two = rows.view()
    mine = at.related.kept.select(CASE_NUMBER, SUBJECT_NUMBER, **keys)
    pairs = mine.join(
        two,
        [
            mine[CASE_NUMBER] == two[CASE_NUMBER],
            mine[SUBJECT_NUMBER] != two[SUBJECT_NUMBER],
            *(mine[key] == two[key] for key in keys),
        ],
        rname="other_{name}",
    )
    found = pairs.group_by(SUBJECT_NUMBER).aggregate(
        number=pairs.count(),
        sure=pairs.count(where=pairs.holds),
        wanted=pairs.wanted.max() if not wanted.value.type().is_boolean() else pairs.wanted.any(),
        **({} if wanted.vat is None else {"wanted_vat": pairs.wanted_vat.max()}),
    )
    columns = ["number", "sure", "wanted", *(["wanted_vat"] if wanted.vat is not None else [])]
    names = at.own.join(found, same_subject, columns)

    def column() -> Cell:
        table = at.own.table
        vat = table[names["wanted_vat"]] if "wanted_vat" in names else None
        is_only = (table[names["number"]] == 1) & (table[names["sure"]] == 1)
        return Cell(table[names["wanted"]], vat).where(is_only)

    return column


def _wanted_columns(wanted: Cell) -> dict[str, Column]:
    return {"wanted": wanted.value} | ({} if wanted.vat is None else {"wanted_vat": wanted.vat})


def _together(_: DerivedFact, total: SubjectTotal, at: Related) -> Joined:
    """Add the amounts of a kind's subjects to the case's own."""
    own = at.own.facts.get(total.own)
    if own is None:
        return lambda: None
    if at.related is None:
        return lambda: own.of(at.own.table)
    amount = at.related_scope().cells.get(total.take)
    if amount is None or amount.vat is None:
        amount = Cell(ibis.null("int64"), ibis.null("string"))
    rows = at.related.kept.select(CASE_NUMBER, pence=amount.value, vat=amount.vat)
    totals = rows.group_by(CASE_NUMBER).aggregate(
        pence=rows.pence.sum().cast("decimal(38, 0)").cast("int64"),  # a sum is wider than what it adds
        lowest=rows.vat.min(),
        highest=rows.vat.max(),
        unknown=rows.count(where=rows.pence.isnull()),
        number=rows.count(),
    )
    columns = ["pence", "lowest", "highest", "unknown", "number"]
    names = at.own.join(totals, same_case, columns)

    def column() -> Cell:
        table = at.own.table
        stated = own.of(table)
        found = {name: table[column] for name, column in names.items()}
        alone = found["number"].isnull()
        same = (found["lowest"] == stated.vat) & (found["highest"] == stated.vat) & (found["unknown"] == 0)
        pence = ibis.cases((alone, stated.value), (same, within_money_bounds(stated.value + found["pence"])))
        return Cell(pence, ibis.cases((pence.notnull(), stated.vat)))

    return column


def _numbering_gap(derived: DerivedFact, gap: NumberingGap, at: Related) -> Joined:
    """Find the first gap in numbers: the database finds the cases that have one, and the plain function says which."""
    if at.related is None:
        return lambda: None
    scope = at.related_scope()
    number, letter = scope.cells.get(gap.number), scope.cells.get(gap.letter)
    if number is None:
        return lambda: None
    rows = at.related.kept.select(
        CASE_NUMBER,
        holds=_condition_of(derived, scope),
        number=number.value,
        letter=ibis.literal("") if letter is None else ibis.coalesce(letter.value, ""),
    )
    unsure = rows.filter(rows.holds.isnull() | (rows.holds & rows.number.isnull())).select(CASE_NUMBER).distinct()
    held = rows.filter(rows.holds)
    # PostgreSQL has no joins that only filter, and Ibis writes them all the same.
    selected = held.filter(held[CASE_NUMBER].notin(unsure[CASE_NUMBER]))
    faulty = _cases_to_look_at(selected)[CASE_NUMBER]
    numbered: dict[int, list[tuple[int, str]]] = {}
    for row in at.own.engine.pull(selected.filter(selected[CASE_NUMBER].isin(faulty))):
        numbered.setdefault(row[CASE_NUMBER], []).append((row["number"], row["letter"].casefold()))
    found = [(case, text) for case, pairs in numbered.items() if (text := find_numbering_gap(pairs)) is not None]
    if not found:
        return lambda: None
    names = at.own.join(load_texts(at.own, found), same_case, ["text"])
    return lambda: Cell(at.own.table[names["text"]])


def _cases_to_look_at(rows: Table) -> Table:
    """The cases whose numbers or letters may have a gap, or stand twice."""
    letters = rows.mutate(small=rows.letter.lower())
    letters = letters.mutate(place=ibis.cases((letters.letter.re_search("^[a-zA-Z]$"), letters.small.ascii_str() - 96)))
    by_number = letters.group_by(CASE_NUMBER, "number").aggregate(
        doubled=letters.count() - letters.small.nunique(),
        missing=ibis.coalesce(letters.place.max(), 0) - letters.place.nunique(),
        odd=letters.count(where=~letters.letter.re_search("^[a-zA-Z]?$")),
    )
    by_case = by_number.group_by(CASE_NUMBER).aggregate(
        faults=(by_number.doubled + by_number.missing + by_number.odd).sum(),
        missing=by_number.number.max() - by_number.count(where=by_number.number >= 1),
    )
    return by_case.filter((by_case.faults != 0) | (by_case.missing != 0)).select(CASE_NUMBER)


def load_texts(stage: Stage, found: Sequence[tuple[int, str]]) -> Table:
    """Return texts by the last key of a stage, as a table that can be joined to it."""
    numbers, texts = zip(*found, strict=True)
    return stage.engine.load(
        pa.table({stage.keys[-1]: pa.array(numbers, pa.int64()), "text": pa.array(texts, pa.string())})
    )


RELATED_FUNCTIONS: Mapping[str, Callable[[DerivedFact, Any, Related], Joined]] = {
    "count": _count,
    "counterpart": _counterpart,
    "together": _together,
    "numbering_gap": _numbering_gap,
}
"""The functions that look at other subjects, by their key in a pack."""
