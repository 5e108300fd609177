"""Judge a population: every control of a gate on every case at once, as columns of tables.

The stages are the facts as stated, one for each level of derived facts, then the conditions with the figures in force,
and the outcomes. The findings equal those of the plain evaluator on each case by itself, which defines them; a property
test compares both.

Invariants:
- A case judged here has the facts of its rows and no others. Where the source does not ask for a fact, it is unknown
  whether it was left out; the plain evaluator may then find bounds, and these columns only that it is unknown. So a
  finding is never surer here than there.
- A control whose outcome is the same for every row is not computed.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any, TypeAlias

import ibis

from rules.columns.condition_columns import truth_column
from rules.columns.day_columns import calendar_rows
from rules.columns.derived_columns import ROW_FUNCTIONS
from rules.columns.engine import Engine, Table
from rules.columns.looked_up_columns import LOOKED_UP_FUNCTIONS, LookUp
from rules.columns.population import Population
from rules.columns.related_columns import RELATED_FUNCTIONS, Joined, PendingCounts, Related
from rules.columns.scopes import Scope
from rules.columns.stages import (
    CASE_ID,
    CASE_NUMBER,
    SUBJECT_KEY,
    SUBJECT_NUMBER,
    CellNames,
    ColumnNames,
    Needs,
    Stage,
)
from rules.columns.text_columns import TextReader
from rules.columns.truths import Column, TruthColumn, as_column, is_constant
from rules.errors import EngineError
from rules.judging.rulebook import Control, GateRules, Rulebook
from rules.language.conditions import Condition
from rules.language.derivation_context import DerivedFact
from rules.language.schema_types import Outcome
from rules.values.calendar import Calendar
from rules.values.facts import CASE

OUTCOMES: tuple[Outcome, ...] = ("not_applicable", "satisfied", "breached", "undetermined", "not_held")
"""The outcomes by their code in the columns of outcomes."""
_NOT_APPLICABLE, _SATISFIED, _BREACHED, _UNDETERMINED, _NOT_HELD = range(5)
OutcomeColumn: TypeAlias = Column | int
"""A column of codes, or the code where it is the same in every row."""


@dataclass(frozen=True, slots=True)
class JudgedKind:
    """The outcomes of the controls of one kind of subject: a table with a column for each that differs by row.

    `columns` gives the column of a control by its id, and `constants` the outcome of each other control. `subjects`
    says which case, and which subject, the numbers in the `keys` of a row stand for.
    """

    kind: str
    table: Table
    keys: tuple[str, ...]
    columns: Mapping[str, str]
    constants: Mapping[str, Outcome]
    subjects: Table

    def with_names(self, columns: Iterable[str] | None = None) -> Table:
        """Return some outcomes, or all, in order, with the names of cases and subjects in place of their numbers."""
        names = [CASE_ID] if self.kind == CASE else [CASE_ID, SUBJECT_KEY]
        joined = self.table.inner_join(self.subjects.select(self.keys[-1], *names), self.keys[-1])
        return joined.order_by(self.keys[-1]).select(*names, *(self.columns.values() if columns is None else columns))


@dataclass(slots=True)
class ColumnJudge:
    """Judges one population by the controls of a gate; by every control where `gate` is None.

    `watch` is called with the words for each stage that begins.
    """

    rulebook: Rulebook
    engine: Engine
    population: Population
    gate: str | None = None
    watch: Callable[[str], object] = lambda _: None
    _names: ColumnNames = field(default_factory=ColumnNames)
    _stages: dict[str, Stage] = field(default_factory=dict)
    _subjects: dict[str, Table] = field(default_factory=dict)
    _calendars: dict[Calendar, Table] = field(default_factory=dict)
    _asked: set[str] | None = None

    def judge(self) -> list[JudgedKind]:
        """Return the outcomes for each kind of subject that has controls and rows."""
        rules = self.rulebook.gate_rules(self.gate)
        self._open_stages(rules)
        self._derive(rules)
        kinds = [kind for kind in (CASE, *self.rulebook.facts.subject_kinds) if kind in rules.by_subject_kind]
        return [self._judge_kind(kind, rules) for kind in kinds if kind in self._stages]

    def _open_stages(self, rules: GateRules) -> None:
        """Begin with the facts as stated, as far as anything reads them, and number the cases and subjects."""
        self.watch("the facts as stated")
        derived = {fact.name for fact in rules.derived_facts}
        if self.population.asked is not None:
            self._asked = set(self.population.asked - derived)
        for kind in (CASE, *sorted(rules.subject_kinds)):
            if kind in self.population.tables:
                self._open_stage(kind, rules.relevant_facts - derived)

    def _open_stage(self, kind: str, wanted: frozenset[str]) -> None:
        table, is_case = self.population.tables[kind], kind == CASE
        columns: dict[str, Column] = {}
        facts: dict[str, CellNames] = {}
        for fact, cell in self.population.cells_of(kind).items():
            if fact in wanted:
                facts[fact] = self._names.name_cell(cell)
                columns |= dict(zip(facts[fact].names, (cell.value, cell.vat), strict=False))
        number = CASE_NUMBER if is_case else SUBJECT_NUMBER
        keys = (number,) if is_case else (CASE_NUMBER, SUBJECT_NUMBER)
        names = [CASE_ID] if is_case else [CASE_ID, SUBJECT_KEY]
        if number in table.columns:
            self._subjects[kind] = self.engine.name_stage(table.select(*keys, *names, **columns))
        elif is_case:
            self._subjects[kind] = self.engine.number(table.select(*names, **columns), number)
        else:
            stated, cases = table.select(*names, **columns), self._subjects[CASE].select(CASE_ID, CASE_NUMBER)
            joined = stated.inner_join(cases, CASE_ID).select(CASE_NUMBER, *names, *columns)
            self._subjects[kind] = self.engine.number(joined, number)
        self._stages[kind] = Stage(kind, self._subjects[kind], keys, self.engine, self._names, facts)

    def _scope_of(self, stage: Stage) -> Scope:
        return Scope(stage.cells(), stage.figure_cells(), self.rulebook.law.values, self._asked)

    def _kept_scope_of(self, stage: Stage) -> Scope:
        return Scope(stage.kept_cells(), stage.kept_figure_cells(), self.rulebook.law.values, self._asked)

    def _derive(self, rules: GateRules) -> None:
        """Add derived facts level by level: each level needs only those before it."""
        pending = {fact.name: fact for fact in rules.derived_facts}
        while pending:
            ready = [fact for fact in pending.values() if pending.keys().isdisjoint(fact.inputs)]
            if not ready:
                raise EngineError("derived facts depend on each other in a circle")
            self.watch(f"{len(pending)} derived facts")
            self._import_inputs(ready)
            # Those of this level count, too: one kind is written before another has read it.
            needs = self._needs_of(rules.controls, pending.values())
            for fact in ready:
                self._note_if_asked(fact)
                del pending[fact.name]
            for kind in dict.fromkeys(fact.subject_kind for fact in ready):
                if kind in self._stages:
                    self._add_level(self._stages[kind], [fact for fact in ready if fact.subject_kind == kind], needs)

    def _note_if_asked(self, fact: DerivedFact) -> None:
        """Note a derived fact as asked for if everything that it rests on is: then its absence has a reason."""
        if self._asked is not None and self._asked.issuperset(filter(None, (*fact.inputs, fact.related_kind))):
            self._asked.add(fact.name)

    def _needs_of(self, controls: Iterable[Control], pending: Iterable[DerivedFact]) -> Needs:
        """Return what the controls, and the derived facts that are still to come, read."""
        compared = {name for fact in pending for name in fact.inputs}
        figures = {(value, fact.governed_by) for fact in pending for value in fact.values}
        presence: set[str] = set()
        for control in controls:
            selectors = self._facts_read_by(control)[len(control.facts) :]
            compared.update(selectors)
            for predicate in control.predicates:
                is_tested = predicate.comparator in ("known", "not_known")
                (presence if is_tested else compared).update(predicate.fact_names())
            figures.update((value, control.declaration.governed_by) for value in control.values)
        return Needs(frozenset(compared), frozenset(presence), frozenset(figures))

    def _import_inputs(self, ready: Iterable[DerivedFact]) -> None:
        """Bring the facts and figures that a level needs to each kind that it looks at."""
        needed: dict[str, list[DerivedFact]] = {}
        for fact in ready:
            # What texts need of a case is put together outside the database.
            kinds = {fact.subject_kind} if fact.is_evidence else {fact.subject_kind, fact.related_kind}
            for kind in kinds & self._stages.keys():
                needed.setdefault(kind, []).append(fact)
        for kind, facts in needed.items():
            stage = self._stages[kind]
            self._import(stage, (name for fact in facts for name in fact.inputs))
            stage.add_figures(
                self.rulebook.law.values, ((value, fact.governed_by) for fact in facts for value in fact.values)
            )
            if any(fact.related_kind == kind for fact in facts):
                stage.compute()

    def _import(self, stage: Stage, facts: Iterable[str]) -> None:
        if stage.kind != CASE:
            stage.import_facts(self._stages[CASE], facts)

    def _add_level(self, stage: Stage, level: list[DerivedFact], needs: Needs) -> None:
        found = self._read_texts(stage, [fact for fact in level if fact.is_evidence])
        counts: dict[str, PendingCounts] = {}
        joined = {fact.name: self._prepare(stage, fact, counts) for fact in level if not fact.is_evidence}
        for pending in counts.values():
            pending.join()
        # All joins are made by now: the columns are those of the table with all of them.
        cells = {name: column() for name, column in joined.items()}
        cells |= {name: names.of(stage.table) for name, names in found.items()}
        stage.add({name: cell for name, cell in cells.items() if cell is not None}, needs)

    def _read_texts(self, stage: Stage, level: list[DerivedFact]) -> dict[str, CellNames]:
        rulebook = self.rulebook
        reader = TextReader(stage, self._stages, self._subjects, rulebook.facts, rulebook.law, self._asked)
        return reader.derive(level)

    def _prepare(self, stage: Stage, fact: DerivedFact, counts: dict[str, PendingCounts]) -> Joined:
        """Make the joins that a derived fact needs, or note it among the counts that are joined together.

        The function that is returned gives its column.
        """
        if fact.declaration is None:
            raise EngineError(f"{fact.name} has no declaration")
        (name,) = fact.declaration.function_names()
        arguments = getattr(fact.declaration, name)
        if name in ROW_FUNCTIONS:
            return lambda: ROW_FUNCTIONS[name](fact, arguments, self._scope_of(stage))
        if name in RELATED_FUNCTIONS:
            if self._asked is not None and fact.related_kind not in self._asked:
                return lambda: None  # there may be subjects that the source does not list
            related = self._stages.get(fact.related_kind)
            if related is not None and related is not stage:
                related.compute()
            return RELATED_FUNCTIONS[name](fact, arguments, Related(stage, related, self._kept_scope_of, counts))
        look_up = LookUp(stage, self._scope_of, self._calendar_table, self.rulebook.law)
        return LOOKED_UP_FUNCTIONS[name](fact, arguments, look_up)

    def _calendar_table(self, calendar: Calendar) -> Table:
        if calendar not in self._calendars:
            self._calendars[calendar] = self.engine.load(calendar_rows(calendar))
        return self._calendars[calendar]

    def _judge_kind(self, kind: str, rules: GateRules) -> JudgedKind:
        """Write the conditions of each control as one stage, and the outcomes as the next."""
        controls = rules.by_subject_kind[kind].controls
        stage = self._stages[kind]
        self.watch(f"{len(controls)} controls of each {kind}")
        self._import(stage, (fact for control in controls for fact in self._facts_read_by(control)))
        figures = ((value, control.declaration.governed_by) for control in controls for value in control.values)
        stage.add_figures(self.rulebook.law.values, figures)
        conditions = _ConditionColumns(self._scope_of(stage))
        outcomes = {control.id: conditions.outcome_of(control) for control in controls}
        table = self.engine.name_stage(stage.table.select(*stage.keys, **conditions.columns))
        names = {control: f"o{place}" for place, (control, make) in enumerate(outcomes.items()) if callable(make)}
        columns = {name: outcomes[control](table) for control, name in names.items()}
        judged = self.engine.keep_results(table.select(*stage.keys, **columns))
        if kind == CASE:
            self._reduce_case(rules)
        constants = {control: OUTCOMES[code] for control, code in outcomes.items() if not callable(code)}
        return JudgedKind(kind, judged, stage.keys, names, constants, self._subjects[kind])

    def _reduce_case(self, rules: GateRules) -> None:
        """Keep of the judged case what controls of other subjects read of it."""
        others = [control for control in rules.controls if control.declaration.of in self._stages.keys() - {CASE}]
        if others:
            self._stages[CASE].reduce_to({fact for control in others for fact in self._facts_read_by(control)})

    def _facts_read_by(self, control: Control) -> tuple[str, ...]:
        """Return the facts that a control compares, and then those that select the law for it."""
        by = (fact for value in control.values for fact in self.rulebook.law.values[value].by)
        return (*control.facts, control.declaration.governed_by, *by)


class _ConditionColumns:
    """The conditions of controls as columns, each once however many controls have it."""

    def __init__(self, scope: Scope) -> None:
        self.columns: dict[str, Column] = {}
        self._scope = scope
        self._names: dict[tuple[Condition, str], TruthColumn | str] = {}

    def outcome_of(self, control: Control) -> Any:  # noqa: ANN401 - a code, or a function that gives its column
        """Return the code of a control's outcome, or a function that gives it as a column of the conditions' table."""
        day = control.declaration.governed_by
        applies = self._truth(control.applies, day)
        if not control.is_held:
            return self._outcome_of_not_held(applies)
        requires = self._truth(control.requires, day)
        if not isinstance(applies, str) and not isinstance(requires, str):
            return _constant_outcome(applies, requires)
        if applies is False or applies is None:
            return _constant_outcome(applies, None)
        return lambda table: _outcome_column(_bound(applies, table), _bound(requires, table))

    @staticmethod
    def _outcome_of_not_held(applies: TruthColumn | str) -> Any:  # noqa: ANN401
        if isinstance(applies, str):
            return lambda table: _not_held_column(_bound(applies, table))
        return _NOT_HELD if applies else _constant_outcome(applies, None)

    def _truth(self, condition: Condition, governed_by: str) -> TruthColumn | str:
        """Return a constant truth, or the name of the column of a condition."""
        key = condition, governed_by
        if key not in self._names:
            truth = truth_column(condition, self._scope, governed_by)
            if is_constant(truth):
                self._names[key] = truth
            else:
                self._names[key] = f"t{len(self.columns)}"
                self.columns[f"t{len(self.columns)}"] = truth
        return self._names[key]


def _bound(truth: TruthColumn | str, table: Table) -> Column:
    return table[truth] if isinstance(truth, str) else as_column(truth)


def _constant_outcome(applies: bool | None, requires: bool | None) -> int:  # noqa: FBT001 - truths
    if applies is False:
        return _NOT_APPLICABLE
    if applies is None or requires is None:
        return _UNDETERMINED
    return _SATISFIED if requires else _BREACHED


def _code(number: int) -> Column:
    return ibis.literal(number, "int16")


def _not_held_column(applies: Column) -> Column:
    """Return the outcomes of law that is not held, by whether it may ask something."""
    return ibis.cases(
        (~applies, _code(_NOT_APPLICABLE)), (applies.isnull(), _code(_UNDETERMINED)), else_=_code(_NOT_HELD)
    )


def _outcome_column(applies: Column, requires: Column) -> Column:
    return ibis.cases(
        (~applies, _code(_NOT_APPLICABLE)),
        (applies.isnull() | requires.isnull(), _code(_UNDETERMINED)),
        (requires, _code(_SATISFIED)),
        else_=_code(_BREACHED),
    )
