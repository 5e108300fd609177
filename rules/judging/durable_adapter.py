"""The durable-rules adapter: compiles settled controls to rulesets, judges one subject at a time, fails closed.

It is the second of the two evaluators; `rules.language.conditions` defines them. When a control applies and what it
requires are each compiled as a condition and its negation, both in disjunctive form, one durable rule for each
conjunction; a condition of which neither fires is unknown. What durable_rules 2.0.28 does badly is kept away from
it: its Host with the background threads (rulesets are asked without one), more than one session or fact at a time,
joins, arithmetic, arrays, untyped or oversized values, names of ours, crowded rulesets (sharded at `SHARD_LEAVES`),
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
    All,
    Any_,
    Condition,
    FactRef,
    Right,
    Settled,
    Term,
    Truth,
    Unsettled,
    ValueRef,
    negate,
    terms,
)
from rules.language.pack_schema import Outcome
from rules.values.facts import Facts, FactValue
from rules.values.money import Money, Vat

SHARD_LEAVES = 56
MAX_CONJUNCTIONS = 64
MAX_NUMBER = 2**63 - 1
LONGEST_COMPARED = 1_000
_CATCH_ALL = "~"
_SUBJECT = "subject"
_THE_SUBJECT = '{"id":"subject"}'
_FAILURES = (
    durable_rules_engine.error,
    MessageNotHandledException,
    MessageObservedException,
    MemoryError,
    UnicodeError,
)
_ONE_AT_A_TIME = threading.Lock()

Plain: TypeAlias = int | bool | str


class Column(NamedTuple):
    """What durable-rules compares: a fact, or whether it is known, or an amount as stated on one VAT basis."""

    fact: str
    variant: str = ""


class Leaf(NamedTuple):
    """One test: a column, a word, and a literal or another column."""

    column: Column
    word: str
    right: Plain | Column = True


Conjunction: TypeAlias = tuple[Leaf, ...]


@dataclass(frozen=True)
class SettledControl:
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
        tests = (*terms(self.applies), *terms(self.requires))
        object.__setattr__(self, "_types", tuple(kind for test in tests for kind in _types_of(test.right)))
        object.__setattr__(self, "_hash", hash((self.id, self.applies, self.requires)))

    def __hash__(self) -> int:
        return self._hash

    @property
    def is_unsettled(self) -> bool:
        """Whether a dated value of it could not be told."""
        return Unsettled in self._types


def _types_of(right: Right) -> Iterator[type]:
    figure = right.figure if isinstance(right, Settled) else right
    yield from (type(part) for part in (figure if isinstance(figure, tuple) else (figure,)))


def outcomes(controls: tuple[SettledControl, ...], facts: Facts) -> dict[str, Outcome]:
    """The outcome of each control of one subject, as durable-rules judges it; raises `EngineError`."""
    if not controls:
        return {}
    with _ONE_AT_A_TIME:
        try:
            return _compiled(controls).judge(facts)
        except _FAILURES as error:
            raise EngineError(f"durable-rules failed: {getattr(error, 'message', error)!s:.200}") from error


def compilable(condition: Condition) -> None:
    """Raise `EngineError` for a condition that could not be compiled, whatever figures are in force."""
    _compilable(condition, tuple(kind for test in terms(condition) for kind in _types_of(test.right)))


@lru_cache(maxsize=4096)
def _compilable(condition: Condition, _types: tuple[type, ...]) -> None:
    """The same, remembered, as several schemes take the same law: of conditions whose figures are of the same types."""
    settled = _stood_in(condition)
    for side in (settled, negate(settled)):
        for conjunction in _disjunctive(side):
            _size(conjunction)


def _stood_in(condition: Condition) -> Condition:
    """The condition with a figure in the place of each dated value: with any word any figure makes one test.

    Each has a figure of its own, as two that happen to be the same today may differ on another day.
    """
    if isinstance(condition, Term):
        right = condition.right
        if not isinstance(right, ValueRef):
            return condition
        return Term(condition.fact, "is", Settled(f"{condition.word} {right.value}", right.value))
    parts = tuple(_stood_in(part) for part in condition.parts)
    return All(parts) if isinstance(condition, All) else Any_(parts)


@cache
def _compiled(controls: tuple[SettledControl, ...]) -> _Rulesets:
    """The rulesets of some controls, kept for good: durable-rules never gives back what a ruleset took."""
    return _Rulesets(controls)


class _Part(NamedTuple):
    """What a rule that fires tells: that a control applies (or what it requires holds), or that it does not."""

    control: str
    applies: bool
    holds: bool


class _Rulesets:
    """The rulesets of some controls; each rule is known by a number, which has its meaning here."""

    def __init__(self, controls: tuple[SettledControl, ...]) -> None:
        self._controls = tuple(control.id for control in controls)
        rules: dict[Conjunction, list[_Part]] = {}
        for control in controls:
            for part, conjunction in _rules_of(control):
                rules.setdefault(conjunction, []).append(part)
        self._meaning = {str(number): parts for number, parts in enumerate(rules.values())}
        self._shards = tuple(_Shard(members) for members in _sharded(enumerate(rules)))

    def judge(self, facts: Facts) -> dict[str, Outcome]:
        """The outcome of each control; what no rule tells is unknown."""
        told: dict[tuple[str, bool], bool] = {}
        for shard in self._shards:
            for number in shard.fired(facts):
                for control, applies, holds in self._meaning[number]:
                    if told.setdefault((control, applies), holds) is not holds:
                        raise EngineError(f"durable-rules finds both that a condition of {control} holds and not")
        return {name: _outcome(told.get((name, True)), told.get((name, False))) for name in self._controls}


def _outcome(applies: Truth, requires: Truth) -> Outcome:
    # As the plain evaluator has it, and told again here: two evaluators that share a line share its faults.
    if applies is False:
        return "not_applicable"
    if applies is None or requires is None:
        return "undetermined"
    return "satisfied" if requires else "breached"


def _sharded(rules: Iterable[tuple[int, Conjunction]]) -> Iterator[list[tuple[int, Conjunction]]]:
    """The rules in groups, none with more leaf tests than durable-rules can stand at once."""
    members: list[tuple[int, Conjunction]] = []
    leaves = 1
    for number, conjunction in rules:
        size = _size(conjunction)
        if leaves + size > SHARD_LEAVES:
            yield members
            members, leaves = [], 1
        members.append((number, conjunction))
        leaves += size
    if members:
        yield members


def _size(conjunction: Conjunction) -> int:
    if len(conjunction) >= SHARD_LEAVES:
        raise EngineError(f"a conjunction has {len(conjunction)} tests; at most {SHARD_LEAVES - 1} are safe")
    return max(1, len(conjunction))


class _Shard(Ruleset):  # type: ignore[misc]
    """One ruleset, asked without a Host, in one session for ever: one fact is asserted, seen to, and retracted."""

    def __init__(self, rules: Iterable[tuple[int, Conjunction]]) -> None:
        self._columns: dict[Column, str] = {}
        definition = {_CATCH_ALL: _rule(())}
        definition |= {str(number): _rule([self._test(leaf) for leaf in conjunction]) for number, conjunction in rules}
        super().__init__("shard", None, definition)

    def fired(self, facts: Facts) -> set[str]:
        """The numbers of the rules that fire for some facts; raises `EngineError` where the ruleset did not run."""
        message: dict[str, Plain] = {_SUBJECT: True, "id": _SUBJECT}
        for (fact, variant), name in self._columns.items():
            content = _content(facts[fact], variant) if fact in facts else None
            if content is not None:
                message[name] = content
        try:
            asserted = durable_rules_engine.assert_fact(self._handle, orjson.dumps(message).decode())
            fired = set(self._agenda(self._handle_result(asserted, message)))
        finally:
            durable_rules_engine.retract_fact(self._handle, _THE_SUBJECT)
        if _CATCH_ALL not in fired:
            raise EngineError("durable-rules did not run one of its rulesets")
        return fired - {_CATCH_ALL}

    def _agenda(self, state: int) -> Iterator[str]:
        """The name of each rule on the agenda, which reads `{"name": ...}`; each is completed, and no body is run."""
        started = durable_rules_engine.start_action_for_state(self._handle, state)
        action = started[1] if started else None
        while action:
            yield action.split('"', 2)[1]
            action = durable_rules_engine.complete_and_start_action(self._handle, state)

    def _test(self, leaf: Leaf) -> dict[str, Any]:
        right = {"$m": self._called(leaf.right)} if isinstance(leaf.right, Column) else leaf.right
        name = self._called(leaf.column)
        return {name: right} if leaf.word == "is" else {_WORDS[leaf.word]: {name: right}}

    def _called(self, column: Column) -> str:
        """A short name of our own: facts are called what they like, and durable-rules keeps `id`, `sid` and dots."""
        return self._columns.setdefault(column, f"c{len(self._columns)}")


def _rule(tests: Iterable[dict[str, Any]]) -> dict[str, Any]:
    return {"all": [{"m": {"$and": [{_SUBJECT: True}, *tests]}}], "run": _nothing}


def _nothing(_closure: object) -> None:
    """The body of every rule, which is never run."""


def _rules_of(control: SettledControl) -> Iterator[tuple[_Part, Conjunction]]:
    for applies, condition in ((True, control.applies), (False, control.requires)):
        for holds, side in ((True, condition), (False, negate(condition))):
            yield from ((_Part(control.id, applies, holds), conjunction) for conjunction in _disjunctive(side))


def _disjunctive(condition: Condition) -> list[Conjunction]:
    """The conjunctions of which one is true just where the condition is; none for what cannot be known."""
    if isinstance(condition, Term):
        return _term(condition)
    parts = [_disjunctive(part) for part in condition.parts]
    found = _either(parts) if isinstance(condition, Any_) else _together(parts)
    _narrow(len(found))
    return [tuple(dict.fromkeys(conjunction)) for conjunction in dict.fromkeys(found)]


def _either(parts: list[list[Conjunction]]) -> list[Conjunction]:
    return [conjunction for part in parts for conjunction in part]


def _together(parts: list[list[Conjunction]]) -> list[Conjunction]:
    found: list[Conjunction] = [()]
    for part in parts:
        _narrow(len(found) * len(part))
        found = [(*left, *right) for left, right in product(found, part)]
    return found


def _narrow(width: int) -> None:
    if width > MAX_CONJUNCTIONS:
        raise EngineError(f"a condition has {width} conjunctions; at most {MAX_CONJUNCTIONS} are compiled")


def _term(term: Term) -> list[Conjunction]:
    if term.word in ("known", "not_known"):
        return [(Leaf(Column(term.fact, "known"), term.word),)]
    if isinstance(term.right, FactRef):
        return _beside(term.fact, term.word, term.right)
    if isinstance(term.right, (ValueRef, Unsettled)):
        return []
    if isinstance(term.right, tuple):
        return _several(term, term.right)
    right = term.right.figure if isinstance(term.right, Settled) else term.right
    return [(_literal(term.fact, term.word, right),)]


def _beside(fact: str, word: str, other: FactRef) -> list[Conjunction]:
    """One fact beside another: amounts on either of the two VAT bases."""
    bases = (Vat.EXCLUDED.code, Vat.INCLUDED.code) if other.is_money else ("",)
    return [_side_by_side(Column(fact, basis), word, Column(other.fact, basis)) for basis in bases]


def _side_by_side(left: Column, word: str, right: Column) -> Conjunction:
    """One column beside another, where that is there: beside one that is not, durable-rules finds every test true."""
    return (Leaf(right, "known"), Leaf(left, word, right))


def _several(term: Term, right: tuple[FactValue, ...]) -> list[Conjunction]:
    if term.word == "one_of":
        return [(_literal(term.fact, "is", part),) for part in right]
    if term.word == "none_of":
        return [tuple(_literal(term.fact, "is_not", part) for part in right)]
    low, high = right
    if term.word == "within":
        return [(_literal(term.fact, "at_least", low), _literal(term.fact, "at_most", high))]
    return [(_literal(term.fact, "less_than", low),), (_literal(term.fact, "more_than", high),)]


_WORDS = {
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


def _literal(fact: str, word: str, right: FactValue) -> Leaf:
    """A fact beside a literal. "Is not" of a flag is the other flag: durable-rules orders no flags."""
    if isinstance(right, bool):
        return Leaf(Column(fact), "is", right is (word == "is"))
    return Leaf(Column(fact, right.vat.code if isinstance(right, Money) else ""), word, _plain(right))


def _content(value: FactValue, variant: str) -> Plain | None:
    """What stands of a fact in a column of some variant, if anything."""
    if variant == "known":
        return True
    if isinstance(value, Money):
        return value.pence if _stands_on(value.vat, variant) else None
    return None if variant else _plain(value)


def _stands_on(vat: Vat, basis: str) -> bool:
    """Whether an amount stands in the column of a VAT basis; one whose source states none stands in all."""
    return bool(basis) and (vat is Vat.UNSTATED or basis in (vat.code, Vat.UNSTATED.code))


def _plain(value: object) -> Plain:
    """A value as durable-rules compares it: pence, the ordinal of a day, a whole number, a flag, a code or a text.

    Texts are only asked whether they are the same, and a long one is stood for by its digest.
    """
    if type(value) not in _PLAINLY:
        raise EngineError(f"{value!r:.40} is not a value that can be judged")
    return _PLAINLY[type(value)](value)


def _bounded(number: int) -> int:
    if not -MAX_NUMBER <= number <= MAX_NUMBER:
        raise EngineError(f"{number} is beyond 64 bits")
    return number


def _bounded_text(text: str) -> str:
    whole = text.encode()
    return text if len(whole) <= LONGEST_COMPARED else hashlib.sha256(whole).hexdigest()


_PLAINLY: Mapping[type, Callable[[Any], Plain]] = {
    str: _bounded_text,
    bool: bool,
    int: _bounded,
    Money: lambda amount: amount.pence,
    date: date.toordinal,
}
