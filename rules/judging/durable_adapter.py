"""The durable-rules adapter: the second evaluator, which must agree with the plain one, and fails closed.

Invariants, each because of something that durable-rules 2.0.28 does badly:
- no Host and so no threads of its own; rules have no bodies, and those that fired are read off the agenda;
- one fact in one session of each ruleset, retracted at once: no joins, no batches, no second session;
- the tests of one ruleset are few enough for its stack (`rules.judging.ruleset_shards`); a catch-all rule proves that
  it ran;
- all that is kept takes at most `MAX_KEPT_KIB`: durable-rules frees nothing by itself, so the rulesets that were not
  used for longest are freed here;
- a ruleset whose judgement failed is never used again.

Rules that compare no figure in force stand in rulesets of their own, since they stay the same from day to day. The
others are kept apart by the dated values that they compare. See docs/adr/compiled-rulesets.md.
"""

from __future__ import annotations

import threading
from collections import OrderedDict
from collections.abc import Iterable, Mapping
from functools import cached_property, lru_cache, reduce
from operator import or_
from typing import Any, NamedTuple, TypeAlias

import orjson
from durable.engine import durable_rules_engine

from rules.errors import EngineError
from rules.judging.resolved_control import ResolvedControl
from rules.judging.rule_compiler import (
    KNOWN,
    Column,
    Conjunction,
    DurableValue,
    LeafTest,
    RuleMeaning,
    column_value,
    compile_control,
    to_durable_value,
)
from rules.judging.ruleset_shards import RuleShard, split_into_shards
from rules.language.conditions import Truth
from rules.language.schema_types import Outcome
from rules.values.facts import Facts
from rules.values.money import Money

MAX_KEPT_KIB = 128 * 1024
"""What the compiled rulesets of a process may take."""
MAX_KEPT_PLANS = 256
# What durable-rules allocates, in KiB, as measured on version 2.0.28.
_KIB_PER_RULESET = 145
_KIB_PER_RULE = 15
_KIB_PER_LEAF = 4
_NAME_LENGTH = 4
_CATCH_ALL = "~" * _NAME_LENGTH
_SUBJECT_FIELD = "subject"
_SUBJECT_MESSAGE = '{"id":"subject"}'
_FACT_TAKEN = 0
_DURABLE_ERRORS = (durable_rules_engine.error, MemoryError, UnicodeError)
_EVALUATION_LOCK = threading.Lock()
_DURABLE_OPERATORS = {
    "known": "$ex",
    "not_known": "$nex",
    "is_not": "$neq",
    "at_least": "$gte",
    "on_or_after": "$gte",
    "more_than": "$gt",
    "after": "$gt",
    "at_most": "$lte",
    "on_or_before": "$lte",
    "less_than": "$lt",
    "before": "$lt",
}

_Rules: TypeAlias = tuple[tuple[Conjunction, ...], tuple[list[RuleMeaning], ...]]
"""Conjunctions, and what each of them shows."""


def durable_outcomes(controls: tuple[ResolvedControl, ...], facts: Facts) -> dict[str, Outcome]:
    """The outcome of each control of one subject, as durable-rules judges it; raises `EngineError`."""
    with _EVALUATION_LOCK:
        try:
            return _plan_judgement(controls).judge(facts)
        except _DURABLE_ERRORS as error:
            raise EngineError(f"durable-rules failed: {error!s:.200}") from error


@lru_cache(maxsize=MAX_KEPT_PLANS)
def _plan_judgement(controls: tuple[ResolvedControl, ...]) -> _Plan:
    return _Plan(controls)


class _Plan:
    """Which rulesets judge some controls, and what each of their rules means. Python objects only."""

    def __init__(self, controls: tuple[ResolvedControl, ...]) -> None:
        self._controls = tuple(control.id for control in controls)
        self._not_held = tuple((n, control.id) for n, control in enumerate(controls) if not control.is_held)
        self._columns = _ColumnReader()
        self._shards = [
            _PlannedShard(
                definition,
                [(name, self._columns.place_of(column)) for column, name in definition.columns.items()],
                {
                    _rule_name(number): reduce(or_, [self._bit_shown(one) for rule in same for one in meanings[rule]])
                    for number, same in enumerate(rules)
                },
            )
            for conjunctions, meanings in _group_rules(controls)
            for definition, rules in _define_shards(conjunctions)
        ]

    def _bit_shown(self, meaning: RuleMeaning) -> int:
        """The bit for what a rule shows. Of each control there are four, of which the first has the highest."""
        bit = (_APPLIES if meaning.applies else _REQUIRES)[meaning.holds]
        return bit << 4 * (len(self._controls) - 1 - self._place_of[meaning.control])

    @cached_property
    def _place_of(self) -> dict[str, int]:
        return {control: place for place, control in enumerate(self._controls)}

    def judge(self, facts: Facts) -> dict[str, Outcome]:
        """The outcome of each control; a condition is unknown if none of its rules fires."""
        shown = 0
        values, fired_rules = self._columns.read(facts), _RULESETS.fired_rules
        for definition, columns, bits in self._shards:
            message = {name: value for name, place in columns if (value := values[place]) is not None}
            for rule in fired_rules(definition, message):
                shown |= bits[rule]
        digits = f"{shown:0{len(self._controls)}x}" if self._controls else ""  # the bits of each control, in order
        if not _CONTRADICTIONS.isdisjoint(digits):
            control = next(c for c, digit in zip(self._controls, digits, strict=True) if digit in _CONTRADICTIONS)
            raise EngineError(f"durable-rules finds both that a condition of {control} holds and not")
        outcomes = dict(zip(self._controls, map(_OUTCOME_BY_DIGIT.__getitem__, digits), strict=True))
        for place, control in self._not_held:
            if int(digits[place], 16) & _APPLIES[True]:
                outcomes[control] = "not_held"
        return outcomes


class _PlannedShard(NamedTuple):
    """One ruleset of a plan: the names of its columns with their places, and the bits for what each rule shows."""

    definition: _ShardDefinition
    columns: list[tuple[str, int]]
    bits_shown: dict[str, int]


class _ColumnReader:
    """Reads what several rulesets compare of the same facts, once for all of them."""

    def __init__(self) -> None:
        self._places: dict[Column, int] = {}
        self._known: list[tuple[str, int]] = []
        self._plain: list[tuple[str, int]] = []
        self._amounts: dict[str, list[tuple[str, int]]] = {}

    def place_of(self, column: Column) -> int:
        """The place of a column among the values; it is read from now on."""
        if column not in self._places:
            place = self._places[column] = len(self._places)
            if column.variant == KNOWN:
                self._known.append((column.fact, place))
            elif column.variant:
                self._amounts.setdefault(column.fact, []).append((column.variant, place))
            else:
                self._plain.append((column.fact, place))
        return self._places[column]

    def read(self, facts: Facts) -> list[DurableValue | None]:
        """What stands in each column; None where nothing does."""
        values: list[DurableValue | None] = [None] * len(self._places)
        find = facts.get
        for fact, place in self._known:
            if fact in facts:
                values[place] = True
        for fact, place in self._plain:
            value = find(fact, Money)
            if value.__class__ is bool:
                values[place] = value
            elif value is not Money and value.__class__ is not Money:
                values[place] = to_durable_value(value)
        for fact, columns in self._amounts.items():
            if (amount := find(fact)) is not None:
                for variant, place in columns:
                    values[place] = column_value(amount, variant)
        return values


# The plain evaluator says the same in lines of its own: two evaluators that share a line share its faults.
_OUTCOMES: Mapping[tuple[Truth, Truth], Outcome] = {
    (False, False): "not_applicable",
    (False, None): "not_applicable",
    (False, True): "not_applicable",
    (None, False): "undetermined",
    (None, None): "undetermined",
    (None, True): "undetermined",
    (True, False): "breached",
    (True, None): "undetermined",
    (True, True): "satisfied",
}
"""The outcome of a control by whether it applies and whether its requirement holds."""


# The bits of one control for when it applies, and for its requirement.
_APPLIES: Mapping[Truth, int] = {None: 0, False: 1, True: 2}
_REQUIRES: Mapping[Truth, int] = {None: 0, False: 4, True: 8}
_OUTCOME_BY_DIGIT: Mapping[str, Outcome] = {
    f"{_APPLIES[applies] | _REQUIRES[requires]:x}": outcome for (applies, requires), outcome in _OUTCOMES.items()
}
_CONTRADICTIONS = frozenset("0123456789abcdef").difference(_OUTCOME_BY_DIGIT)


def _group_rules(controls: Iterable[ResolvedControl]) -> list[_Rules]:
    """The rules of some controls by what makes them change: nothing, or the figures of some dated values."""
    groups: dict[tuple[str, ...], dict[Conjunction, list[RuleMeaning]]] = {(): {}}
    for control in controls:
        for meaning, conjunction, dated_values in compile_control(control):
            rules = groups.setdefault(dated_values, {})
            rules.setdefault(conjunction, []).append(meaning)
    return [(tuple(rules), tuple(rules.values())) for rules in groups.values()]


@lru_cache(maxsize=MAX_KEPT_PLANS)
def _define_shards(
    conjunctions: tuple[Conjunction, ...],
) -> tuple[tuple[_ShardDefinition, tuple[tuple[int, ...], ...]], ...]:
    """The rulesets of some conjunctions, and of each rule the places of those that it stands for."""
    return tuple((_ShardDefinition(shard), shard.places) for shard in split_into_shards(conjunctions))


class _ShardDefinition:
    """One ruleset as durable-rules reads it. Two with the same text and columns are one ruleset.

    Rules are named by their place, and columns by a short name of our own: facts may have any name, and durable-rules
    keeps `id`, `sid` and dots for itself.
    """

    __slots__ = ("_hash", "columns", "kib", "text")

    def __init__(self, shard: RuleShard) -> None:
        columns: dict[Column, str] = {}
        rules = {_CATCH_ALL: _rule_definition([])}
        for number, conjunction in enumerate(shard.conjunctions):
            rules[_rule_name(number)] = _rule_definition([_define_test(leaf, columns) for leaf in conjunction])
        self.columns = columns
        self.text = orjson.dumps(rules).decode()
        self.kib = _KIB_PER_RULESET + _KIB_PER_RULE * len(rules) + _KIB_PER_LEAF * shard.tests
        self._hash = hash((self.text, tuple(columns)))

    def __hash__(self) -> int:
        return self._hash

    def __eq__(self, other: object) -> bool:
        return isinstance(other, _ShardDefinition) and (self.text, self.columns) == (other.text, other.columns)


def _rule_name(number: int) -> str:
    """The name of a rule by its place. All are of one length, so that they can be cut out of an action."""
    if number >= 10**_NAME_LENGTH:
        raise EngineError("a ruleset has more rules than there are names for them")
    return f"{number:0{_NAME_LENGTH}}"


def _rule_definition(tests: list[dict[str, Any]]) -> dict[str, Any]:
    return {"all": [{"m": {"$and": [{_SUBJECT_FIELD: True}, *tests]}}]}


def _define_test(leaf: LeafTest, columns: dict[Column, str]) -> dict[str, Any]:
    def name_column(column: Column) -> str:
        return columns.setdefault(column, f"c{len(columns)}")

    right = {"$m": name_column(leaf.right)} if isinstance(leaf.right, Column) else leaf.right
    name = name_column(leaf.column)
    if leaf.operator in ("is_true", "is_false"):
        return {name: leaf.operator == "is_true"}
    return {name: right} if leaf.operator == "is" else {_DURABLE_OPERATORS[leaf.operator]: {name: right}}


class _Shard:
    """One compiled ruleset: a fact is asserted, the rules that fire are noted, and the fact is retracted."""

    def __init__(self, definition: _ShardDefinition) -> None:
        self._handle = durable_rules_engine.create_ruleset("shard", definition.text)
        # Besides proving that the ruleset runs, this makes the session whole: durable-rules leaves two of its pointers
        # unset until an agenda has been read, and `free` would follow them.
        self.fired_rules({})

    def fired_rules(self, values: Mapping[str, DurableValue]) -> list[str]:
        """The names of the rules that fire for values by column; raises `EngineError` where the ruleset did not run."""
        text = orjson.dumps({_SUBJECT_FIELD: True, "id": _SUBJECT_FIELD, **values}).decode()
        try:
            code, state = durable_rules_engine.assert_fact(self._handle, text)
            if code != _FACT_TAKEN:
                raise EngineError(f"durable-rules did not take the facts (code {code})")
            fired = self._run_agenda(state)
        finally:
            durable_rules_engine.retract_fact(self._handle, _SUBJECT_MESSAGE)
        if _CATCH_ALL not in fired:
            raise EngineError("durable-rules did not run one of its rulesets")
        fired.remove(_CATCH_ALL)
        return fired

    def _run_agenda(self, state: int) -> list[str]:
        """The names of the rules on the agenda, each of which reads `{"name": ...}`; each is completed."""
        handle, complete, names = self._handle, durable_rules_engine.complete_and_start_action, list[str]()
        started = durable_rules_engine.start_action_for_state(handle, state)
        action = started[1] if started else None
        while action:
            names.append(action[2 : 2 + _NAME_LENGTH])
            action = complete(handle, state)
        return names

    def free(self) -> None:
        """Give back what the ruleset takes: its session first, as deleting a ruleset forgets where that is."""
        durable_rules_engine.delete_state(self._handle, None)
        durable_rules_engine.delete_ruleset(self._handle)


class _RulesetCache:
    """The compiled rulesets of the process, within a bound. Used only under `_EVALUATION_LOCK`."""

    def __init__(self, max_kib: int) -> None:
        self._max_kib = max_kib
        self._shards: OrderedDict[_ShardDefinition, _Shard] = OrderedDict()
        self.kept_kib = 0

    def fired_rules(self, definition: _ShardDefinition, values: Mapping[str, DurableValue]) -> list[str]:
        """The names of the rules of one ruleset that fire for the values by column; compile it if it is not kept."""
        shard = self._shards.get(definition)
        if shard is None:
            shard = self._add(definition)
        else:
            self._shards.move_to_end(definition)
        try:
            return shard.fired_rules(values)
        except BaseException:
            # What it would say of the next case cannot be relied on, also where the user interrupted it.
            self._free(definition)
            raise

    def clear(self) -> None:
        """Free every ruleset."""
        while self._shards:
            self._free(next(iter(self._shards)))

    def _add(self, definition: _ShardDefinition) -> _Shard:
        while self._shards and self.kept_kib + definition.kib > self._max_kib:
            self._free(next(iter(self._shards)))
        shard = self._shards[definition] = _Shard(definition)
        self.kept_kib += definition.kib
        return shard

    def _free(self, definition: _ShardDefinition) -> None:
        self.kept_kib -= definition.kib
        self._shards.pop(definition).free()


_RULESETS = _RulesetCache(MAX_KEPT_KIB)
