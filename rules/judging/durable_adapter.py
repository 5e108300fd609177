"""The durable-rules adapter: compiles settled controls to rulesets, judges one subject at a time, fails closed.

It is the second of the two evaluators; `rules.language.conditions` defines them. When a control applies and what it
requires are each compiled as a condition and its negation, both in disjunctive form, one durable rule for each
conjunction; a condition of which neither fires is unknown. What durable_rules 2.0.28 does badly is kept away from
it: its Host with the background threads (rulesets are asked without one), more than one session or fact at a time,
joins, arithmetic, arrays, untyped or oversized values, names of ours, crowded rulesets (sharded at `MAX_SHARD_LEAVES`),
and rule bodies (none is run: which rules fired is read off the agenda). A catch-all rule in each ruleset proves
that it ran.
"""

from __future__ import annotations

import hashlib
import threading
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date
from functools import cache, lru_cache
from itertools import product
from typing import Any, NamedTuple, TypeAlias

import orjson
from durable.engine import (
    MessageNotHandledException,
    MessageObservedException,
    Ruleset,
    durable_rules_engine,
)

from rules.errors import EngineError
from rules.language.conditions import (
    AllOf,
    AnyOf,
    Condition,
    FactRef,
    Operand,
    Predicate,
    ResolvedValue,
    Truth,
    UnresolvedValue,
    ValueRef,
    negate,
    predicates_in,
)
from rules.language.pack_schema import Outcome
from rules.values.facts import Facts, FactValue
from rules.values.money import Money, Vat

MAX_SHARD_LEAVES = 56
MAX_CONJUNCTIONS = 64
MAX_NUMBER = 2**63 - 1
MAX_COMPARED_BYTES = 1_000
_CATCH_ALL = "~"
_SUBJECT_FIELD = "subject"
_SUBJECT_MESSAGE = '{"id":"subject"}'
_DURABLE_ERRORS = (
    durable_rules_engine.error,
    MessageNotHandledException,
    MessageObservedException,
    MemoryError,
    UnicodeError,
)
_EVALUATION_LOCK = threading.Lock()

DurableValue: TypeAlias = int | bool | str


class Column(NamedTuple):
    """What durable-rules compares: a fact, or whether it is known, or an amount as stated on one VAT basis."""

    fact: str
    variant: str = ""


class LeafTest(NamedTuple):
    """One test: a column, a word, and a literal or another column."""

    column: Column
    operator: str
    right: DurableValue | Column = True


Conjunction: TypeAlias = tuple[LeafTest, ...]


@dataclass(frozen=True)
class ResolvedControl:
    """A control whose dated values have been replaced by the figures in force.

    Two are the same only where their figures are of the same types, too: to Python the number 1 is the flag true.
    """

    id: str
    applies: Condition
    requires: Condition
    _types: tuple[type, ...] = field(init=False, repr=False)
    _hash: int = field(init=False, repr=False, compare=False)

    def __post_init__(self) -> None:
        """Reckon the hash once: compiled rulesets are found by it at every judgement."""
        tests = (*predicates_in(self.applies), *predicates_in(self.requires))
        object.__setattr__(self, "_types", tuple(kind for test in tests for kind in _figure_types(test.operand)))
        object.__setattr__(self, "_hash", hash((self.id, self.applies, self.requires)))

    def __hash__(self) -> int:
        return self._hash

    @property
    def has_unresolved_value(self) -> bool:
        """Whether a dated value of it could not be told."""
        return UnresolvedValue in self._types


def _figure_types(right: Operand) -> Iterator[type]:
    figure = right.figure if isinstance(right, ResolvedValue) else right
    yield from (type(part) for part in (figure if isinstance(figure, tuple) else (figure,)))


def durable_outcomes(controls: tuple[ResolvedControl, ...], facts: Facts) -> dict[str, Outcome]:
    """The outcome of each control of one subject, as durable-rules judges it; raises `EngineError`."""
    if not controls:
        return {}
    with _EVALUATION_LOCK:
        try:
            return _compile_rulesets(controls).judge(facts)
        except _DURABLE_ERRORS as error:
            raise EngineError(f"durable-rules failed: {getattr(error, 'message', error)!s:.200}") from error


def check_compilable(condition: Condition) -> None:
    """Raise `EngineError` for a condition that could not be compiled, whatever figures are in force."""
    _check_compilable_cached(
        condition, tuple(kind for test in predicates_in(condition) for kind in _figure_types(test.operand))
    )


@lru_cache(maxsize=4096)
def _check_compilable_cached(condition: Condition, _figure_types_key: tuple[type, ...]) -> None:
    """The same, remembered, as several schemes take the same law: of conditions whose figures are of the same types."""
    settled = _replace_dated_values(condition)
    for side in (settled, negate(settled)):
        for conjunction in _disjunctive_form(side):
            _count_leaves(conjunction)


def _replace_dated_values(condition: Condition) -> Condition:
    """The condition with a figure in the place of each dated value: with any word any figure makes one test.

    Each has a figure of its own, as two that happen to be the same today may differ on another day.
    """
    if isinstance(condition, Predicate):
        right = condition.operand
        if not isinstance(right, ValueRef):
            return condition
        return Predicate(
            condition.fact, "is", ResolvedValue(f"{condition.comparator} {right.value_name}", right.value_name)
        )
    parts = tuple(_replace_dated_values(part) for part in condition.conditions)
    return AllOf(parts) if isinstance(condition, AllOf) else AnyOf(parts)


@cache
def _compile_rulesets(controls: tuple[ResolvedControl, ...]) -> _Rulesets:
    """The rulesets of some controls, kept for good: durable-rules never gives back what a ruleset took."""
    return _Rulesets(controls)


class _RuleMeaning(NamedTuple):
    """What a rule that fires tells: that a control applies (or what it requires holds), or that it does not."""

    control: str
    applies: bool
    holds: bool


class _Rulesets:
    """The rulesets of some controls; each rule is known by a number, which has its meaning here."""

    def __init__(self, controls: tuple[ResolvedControl, ...]) -> None:
        self._controls = tuple(control.id for control in controls)
        rules: dict[Conjunction, list[_RuleMeaning]] = {}
        for control in controls:
            for part, conjunction in _compile_control(control):
                rules.setdefault(conjunction, []).append(part)
        self._meanings = {str(number): parts for number, parts in enumerate(rules.values())}
        self._shards = tuple(_Shard(members) for members in _split_into_shards(enumerate(rules)))

    def judge(self, facts: Facts) -> dict[str, Outcome]:
        """The outcome of each control; what no rule tells is unknown."""
        told: dict[tuple[str, bool], bool] = {}
        for shard in self._shards:
            for number in shard.fired_rules(facts):
                for control, applies, holds in self._meanings[number]:
                    if told.setdefault((control, applies), holds) is not holds:
                        raise EngineError(f"durable-rules finds both that a condition of {control} holds and not")
        return {name: _combine_truths(told.get((name, True)), told.get((name, False))) for name in self._controls}


def _combine_truths(applies: Truth, requires: Truth) -> Outcome:
    # As the plain evaluator has it, and told again here: two evaluators that share a line share its faults.
    if applies is False:
        return "not_applicable"
    if applies is None or requires is None:
        return "undetermined"
    return "satisfied" if requires else "breached"


def _split_into_shards(rules: Iterable[tuple[int, Conjunction]]) -> Iterator[list[tuple[int, Conjunction]]]:
    """The rules in groups, none with more leaf tests than durable-rules can stand at once."""
    members: list[tuple[int, Conjunction]] = []
    leaves = 1
    for number, conjunction in rules:
        size = _count_leaves(conjunction)
        if leaves + size > MAX_SHARD_LEAVES:
            yield members
            members, leaves = [], 1
        members.append((number, conjunction))
        leaves += size
    if members:
        yield members


def _count_leaves(conjunction: Conjunction) -> int:
    if len(conjunction) >= MAX_SHARD_LEAVES:
        raise EngineError(f"a conjunction has {len(conjunction)} tests; at most {MAX_SHARD_LEAVES - 1} are safe")
    return max(1, len(conjunction))


class _Shard(Ruleset):  # type: ignore[misc]
    """One ruleset, asked without a Host, in one session for ever: one fact is asserted, seen to, and retracted."""

    def __init__(self, rules: Iterable[tuple[int, Conjunction]]) -> None:
        self._columns: dict[Column, str] = {}
        definition = {_CATCH_ALL: _rule_definition(())}
        definition |= {
            str(number): _rule_definition([self._compile_test(leaf) for leaf in conjunction])
            for number, conjunction in rules
        }
        super().__init__("shard", None, definition)

    def fired_rules(self, facts: Facts) -> set[str]:
        """The numbers of the rules that fire for some facts; raises `EngineError` where the ruleset did not run."""
        message: dict[str, DurableValue] = {_SUBJECT_FIELD: True, "id": _SUBJECT_FIELD}
        for (fact, variant), name in self._columns.items():
            content = _column_value(facts[fact], variant) if fact in facts else None
            if content is not None:
                message[name] = content
        try:
            asserted = durable_rules_engine.assert_fact(self._handle, orjson.dumps(message).decode())
            fired = set(self._run_agenda(self._handle_result(asserted, message)))
        finally:
            durable_rules_engine.retract_fact(self._handle, _SUBJECT_MESSAGE)
        if _CATCH_ALL not in fired:
            raise EngineError("durable-rules did not run one of its rulesets")
        return fired - {_CATCH_ALL}

    def _run_agenda(self, state: int) -> Iterator[str]:
        """The name of each rule on the agenda, which reads `{"name": ...}`; each is completed, and no body is run."""
        started = durable_rules_engine.start_action_for_state(self._handle, state)
        action = started[1] if started else None
        while action:
            yield action.split('"', 2)[1]
            action = durable_rules_engine.complete_and_start_action(self._handle, state)

    def _compile_test(self, leaf: LeafTest) -> dict[str, Any]:
        right = {"$m": self._column_name(leaf.right)} if isinstance(leaf.right, Column) else leaf.right
        name = self._column_name(leaf.column)
        return {name: right} if leaf.operator == "is" else {_DURABLE_OPERATORS[leaf.operator]: {name: right}}

    def _column_name(self, column: Column) -> str:
        """A short name of our own: facts are called what they like, and durable-rules keeps `id`, `sid` and dots."""
        return self._columns.setdefault(column, f"c{len(self._columns)}")


def _rule_definition(tests: Iterable[dict[str, Any]]) -> dict[str, Any]:
    return {"all": [{"m": {"$and": [{_SUBJECT_FIELD: True}, *tests]}}], "run": _no_action}


def _no_action(_closure: object) -> None:
    """The body of every rule, which is never run."""


def _compile_control(control: ResolvedControl) -> Iterator[tuple[_RuleMeaning, Conjunction]]:
    for applies, condition in ((True, control.applies), (False, control.requires)):
        for holds, side in ((True, condition), (False, negate(condition))):
            yield from (
                (_RuleMeaning(control.id, applies, holds), conjunction) for conjunction in _disjunctive_form(side)
            )


def _disjunctive_form(condition: Condition) -> list[Conjunction]:
    """The conjunctions of which one is true just where the condition is; none for what cannot be known."""
    if isinstance(condition, Predicate):
        return _compile_term(condition)
    parts = [_disjunctive_form(part) for part in condition.conditions]
    found = _concatenate(parts) if isinstance(condition, AnyOf) else _cross_product(parts)
    _check_width(len(found))
    return [tuple(dict.fromkeys(conjunction)) for conjunction in dict.fromkeys(found)]


def _concatenate(parts: list[list[Conjunction]]) -> list[Conjunction]:
    return [conjunction for part in parts for conjunction in part]


def _cross_product(parts: list[list[Conjunction]]) -> list[Conjunction]:
    found: list[Conjunction] = [()]
    for part in parts:
        _check_width(len(found) * len(part))
        found = [(*left, *right) for left, right in product(found, part)]
    return found


def _check_width(width: int) -> None:
    if width > MAX_CONJUNCTIONS:
        raise EngineError(f"a condition has {width} conjunctions; at most {MAX_CONJUNCTIONS} are compiled")


def _compile_term(term: Predicate) -> list[Conjunction]:
    if term.comparator in ("known", "not_known"):
        return [(LeafTest(Column(term.fact, "known"), term.comparator),)]
    if isinstance(term.operand, FactRef):
        return _compare_facts(term.fact, term.comparator, term.operand)
    if isinstance(term.operand, (ValueRef, UnresolvedValue)):
        return []
    if isinstance(term.operand, tuple):
        return _compare_with_list(term, term.operand)
    right = term.operand.figure if isinstance(term.operand, ResolvedValue) else term.operand
    return [(_compare_with_literal(term.fact, term.comparator, right),)]


def _compare_facts(fact: str, operator: str, other: FactRef) -> list[Conjunction]:
    """One fact beside another: amounts on either of the two VAT bases."""
    bases = (Vat.EXCLUDED.code, Vat.INCLUDED.code) if other.is_money else ("",)
    return [_compare_columns(Column(fact, basis), operator, Column(other.fact, basis)) for basis in bases]


def _compare_columns(left: Column, operator: str, right: Column) -> Conjunction:
    """One column beside another, where that is there: beside one that is not, durable-rules finds every test true."""
    return (LeafTest(right, "known"), LeafTest(left, operator, right))


def _compare_with_list(term: Predicate, right: tuple[FactValue, ...]) -> list[Conjunction]:
    if term.comparator == "one_of":
        return [(_compare_with_literal(term.fact, "is", part),) for part in right]
    if term.comparator == "none_of":
        return [tuple(_compare_with_literal(term.fact, "is_not", part) for part in right)]
    low, high = right
    if term.comparator == "within":
        return [(_compare_with_literal(term.fact, "at_least", low), _compare_with_literal(term.fact, "at_most", high))]
    return [
        (_compare_with_literal(term.fact, "less_than", low),),
        (_compare_with_literal(term.fact, "more_than", high),),
    ]


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


def _compare_with_literal(fact: str, operator: str, right: FactValue) -> LeafTest:
    """A fact beside a literal. "Is not" of a flag is the other flag: durable-rules orders no flags."""
    if isinstance(right, bool):
        return LeafTest(Column(fact), "is", right is (operator == "is"))
    return LeafTest(
        Column(fact, right.vat.code if isinstance(right, Money) else ""), operator, _to_durable_value(right)
    )


def _column_value(value: FactValue, variant: str) -> DurableValue | None:
    """What stands of a fact in a column of some variant, if anything."""
    if variant == "known":
        return True
    if isinstance(value, Money):
        return value.pence if _is_on_vat_basis(value.vat, variant) else None
    return None if variant else _to_durable_value(value)


def _is_on_vat_basis(vat: Vat, basis: str) -> bool:
    """Whether an amount stands in the column of a VAT basis; one whose source states none stands in all."""
    return bool(basis) and (vat is Vat.UNSTATED or basis in (vat.code, Vat.UNSTATED.code))


def _to_durable_value(value: object) -> DurableValue:
    """A value as durable-rules compares it: pence, the ordinal of a day, a whole number, a flag, a code or a text.

    Texts are only asked whether they are the same, and a long one is stood for by its digest.
    """
    if type(value) not in _CONVERTERS:
        raise EngineError(f"{value!r:.40} is not a value that can be judged")
    return _CONVERTERS[type(value)](value)


def _check_64_bits(number: int) -> int:
    if not -MAX_NUMBER <= number <= MAX_NUMBER:
        raise EngineError(f"{number} is beyond 64 bits")
    return number


def _digest_long_text(text: str) -> str:
    whole = text.encode()
    return text if len(whole) <= MAX_COMPARED_BYTES else hashlib.sha256(whole).hexdigest()


_CONVERTERS: Mapping[type, Callable[[Any], DurableValue]] = {
    str: _digest_long_text,
    bool: bool,
    int: _check_64_bits,
    Money: lambda amount: amount.pence,
    date: date.toordinal,
}
