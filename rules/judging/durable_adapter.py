"""The durable-rules adapter: the second evaluator, which must agree with the plain one, and fails closed.

Invariants, each because of something that durable-rules 2.0.28 does badly:
- no Host and so no threads of its own; rules have no bodies, and those that fired are read off the agenda;
- one fact in one session of each ruleset, retracted at once: no joins, no batches, no second session;
- rules of one ruleset have at most `MAX_SHARD_LEAVES` leaf tests together; a catch-all rule proves that it ran;
- all that is kept takes at most `MAX_KEPT_KIB`: durable-rules frees nothing by itself, so the rulesets that were not
  used for longest are freed here;
- a ruleset whose judgement failed is never used again.

Rules that compare no figure in force stand in rulesets of their own, since they stay the same from day to day. The
others are kept apart by pack, since schemes share the packs of the law. See docs/adr/compiled-rulesets.md.
"""

from __future__ import annotations

import threading
from collections import OrderedDict
from collections.abc import Iterable, Iterator, Mapping
from functools import lru_cache
from typing import Any, TypeAlias

import orjson
from durable.engine import durable_rules_engine

from rules.errors import EngineError
from rules.judging.resolved_control import ResolvedControl
from rules.judging.rule_compiler import (
    KNOWN,
    MAX_SHARD_LEAVES,
    Column,
    Conjunction,
    DurableValue,
    LeafTest,
    RuleMeaning,
    column_value,
    compile_control,
    count_leaves,
    is_dated,
    to_durable_value,
)
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
_CATCH_ALL = "~"
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

_Rules: TypeAlias = dict[Conjunction, list[RuleMeaning]]


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
        self._not_held = tuple((control.id, 2 * n) for n, control in enumerate(controls) if not control.is_held)
        # Of each control, whether it applies stands at an even place, and whether its requirement holds after it.
        places = {control: 2 * number for number, control in enumerate(self._controls)}
        self._shards = [
            (
                definition,
                {
                    str(number): tuple((places[one.control] + (not one.applies), one.holds) for one in rules[rule])
                    for number, rule in enumerate(definition.conjunctions)
                },
            )
            for rules in _group_rules(controls)
            for definition in _define_shards(tuple(rules))
        ]

    def judge(self, facts: Facts) -> dict[str, Outcome]:
        """The outcome of each control; a condition is unknown if none of its rules fires."""
        truths: list[Truth] = [None] * (2 * len(self._controls))
        for definition, meanings in self._shards:
            for rule in _RULESETS.fired_rules(definition, facts):
                for place, holds in meanings[rule]:
                    if truths[place] is None:
                        truths[place] = holds
                    elif truths[place] is not holds:
                        control = self._controls[place // 2]
                        raise EngineError(f"durable-rules finds both that a condition of {control} holds and not")
        pairs = zip(truths[::2], truths[1::2], strict=True)
        outcomes = dict(zip(self._controls, map(_OUTCOMES.__getitem__, pairs), strict=True))
        for control, place in self._not_held:
            if truths[place]:
                outcomes[control] = "not_held"
        return outcomes


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


def _group_rules(controls: Iterable[ResolvedControl]) -> Iterable[_Rules]:
    """The rules of some controls by what makes them change: nothing, or the figures of one pack."""
    groups: dict[str, _Rules] = {"": {}}
    for control in controls:
        pack = control.id.partition(".")[0]
        for meaning, conjunction in compile_control(control):
            rules = groups.setdefault(pack if is_dated(conjunction) else "", {})
            rules.setdefault(conjunction, []).append(meaning)
    return groups.values()


@lru_cache(maxsize=MAX_KEPT_PLANS)
def _define_shards(conjunctions: tuple[Conjunction, ...]) -> tuple[_ShardDefinition, ...]:
    return tuple(map(_ShardDefinition, _split_into_shards(conjunctions)))


def _split_into_shards(conjunctions: Iterable[Conjunction]) -> Iterator[tuple[Conjunction, ...]]:
    """The conjunctions in groups, none with more leaf tests than durable-rules can hold at once."""
    shard: list[Conjunction] = []
    leaves = 1
    for conjunction in conjunctions:
        size = count_leaves(conjunction)
        if leaves + size > MAX_SHARD_LEAVES:
            yield tuple(shard)
            shard, leaves = [], 1
        shard.append(conjunction)
        leaves += size
    if shard:
        yield tuple(shard)


class _ShardDefinition:
    """One ruleset as durable-rules reads it. Two with the same text and columns are one ruleset.

    Rules are named by their place, and columns by a short name of our own: facts may have any name, and durable-rules
    keeps `id`, `sid` and dots for itself.
    """

    __slots__ = ("_hash", "columns", "conjunctions", "kib", "text")

    def __init__(self, conjunctions: tuple[Conjunction, ...]) -> None:
        columns: dict[Column, str] = {}
        rules = {_CATCH_ALL: _rule_definition([])}
        for number, conjunction in enumerate(conjunctions):
            rules[str(number)] = _rule_definition([_define_test(leaf, columns) for leaf in conjunction])
        self.conjunctions = conjunctions
        self.columns = tuple((fact, variant, name) for (fact, variant), name in columns.items())
        self.text = orjson.dumps(rules).decode()
        self.kib = _KIB_PER_RULESET + _KIB_PER_RULE * len(rules) + _KIB_PER_LEAF * sum(map(len, conjunctions))
        self._hash = hash((self.text, self.columns))

    def __hash__(self) -> int:
        return self._hash

    def __eq__(self, other: object) -> bool:
        return isinstance(other, _ShardDefinition) and (self.text, self.columns) == (other.text, other.columns)


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
        self._known = [(fact, name) for fact, variant, name in definition.columns if variant == KNOWN]
        self._plain = [(fact, name) for fact, variant, name in definition.columns if not variant]
        amounts: dict[str, list[tuple[str, str]]] = {}
        for fact, variant, name in definition.columns:
            if variant not in ("", KNOWN):
                amounts.setdefault(fact, []).append((variant, name))
        self._amounts = list(amounts.items())
        self._handle = durable_rules_engine.create_ruleset("shard", definition.text)
        # Besides proving that the ruleset runs, this makes the session whole: durable-rules leaves two of its pointers
        # unset until an agenda has been read, and `free` would follow them.
        self.fired_rules({})

    def fired_rules(self, facts: Facts) -> set[str]:
        """The names of the rules that fire; raises `EngineError` where the ruleset did not run."""
        text = orjson.dumps(self._build_message(facts)).decode()
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

    def _build_message(self, facts: Facts) -> dict[str, DurableValue]:
        """What the rules compare of some facts, by column."""
        message: dict[str, DurableValue] = {_SUBJECT_FIELD: True, "id": _SUBJECT_FIELD}
        find = facts.get
        for fact, name in self._known:
            if fact in facts:
                message[name] = True
        for fact, name in self._plain:
            value = find(fact, Money)
            if value.__class__ is bool:
                message[name] = value
            elif value is not Money and value.__class__ is not Money:
                message[name] = to_durable_value(value)
        for fact, columns in self._amounts:
            if (amount := find(fact)) is not None:
                for variant, name in columns:
                    if (content := column_value(amount, variant)) is not None:
                        message[name] = content
        return message

    def _run_agenda(self, state: int) -> set[str]:
        """The names of the rules on the agenda, each of which reads `{"name": ...}`; each is completed."""
        handle, complete, names = self._handle, durable_rules_engine.complete_and_start_action, set[str]()
        started = durable_rules_engine.start_action_for_state(handle, state)
        action = started[1] if started else None
        while action:
            names.add(action.split('"', 2)[1])
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

    def fired_rules(self, definition: _ShardDefinition, facts: Facts) -> set[str]:
        """The names of the rules of one ruleset that fire, compiling it where it is not kept."""
        shard = self._shards.get(definition)
        if shard is None:
            shard = self._add(definition)
        else:
            self._shards.move_to_end(definition)
        try:
            return shard.fired_rules(facts)
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
