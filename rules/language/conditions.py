"""The condition language, and its plain evaluator, which is the definition of what a condition means.

A condition is `all`, `any` or `none` of conditions, or one test: a fact, a word and a right side (a literal,
another fact, or a dated value). `none` and `known: false` are written away when a condition is read, so that
only `All`, `Any` and tests remain. Truth is three-valued (Kleene): True, False, or None where a fact is missing.
"""

from __future__ import annotations

import operator
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any, ClassVar, TypeAlias

from rules.values.facts import FactDeclaration, Facts, FactValue
from rules.values.money import Money

Truth: TypeAlias = bool | None


@dataclass(frozen=True, slots=True)
class FactRef:
    """The right side is another fact, of one kind with the left, of the same subject or of its case."""

    fact: str
    is_money: bool = False


@dataclass(frozen=True, slots=True)
class ValueRef:
    """The right side is a dated value, to be settled by the day and the facts that it depends on."""

    value: str


@dataclass(frozen=True, slots=True)
class Settled:
    """A dated value as in force: its figure, its name for the trace, and the facts that picked the figure."""

    figure: FactValue
    value: str
    picked_by: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Unsettled:
    """A dated value that could not be settled: the facts that are missing to do so, or, where none is, why not.

    Two of one value are the same condition, whatever keeps them from being settled.
    """

    value: str
    missing: tuple[str, ...] = field(default=(), compare=False)
    why: str = field(default="", compare=False)
    picked_by: tuple[str, ...] = field(default=(), compare=False)


_REFERENCES = (FactRef, ValueRef, Settled, Unsettled)
Figures: TypeAlias = FactValue | tuple[FactValue, ...] | ValueRef | Settled | Unsettled
Right: TypeAlias = Figures | FactRef


@dataclass(frozen=True, slots=True)
class Term:
    """One fact, one word, one right side; the words are the keys of `OPPOSITE`.

    One that `is_dated` rests on a dated value, and has to be settled for each case.
    """

    fact: str
    word: str
    right: Right = True
    is_dated: bool = field(init=False, repr=False, compare=False)
    holds_of: Callable[[Facts], Truth] = field(init=False, repr=False, compare=False)

    def __post_init__(self) -> None:
        """See once whether there is anything to settle, and make the test a function: it is put to many facts."""
        object.__setattr__(self, "is_dated", isinstance(self.right, ValueRef))
        object.__setattr__(self, "holds_of", _asked(self.fact, self.word, self.right))

    def facts(self) -> tuple[str, ...]:
        """The facts that the term looks at."""
        return (self.fact, self.right.fact) if isinstance(self.right, FactRef) else (self.fact,)


@dataclass(frozen=True, slots=True)
class _Joined:
    """Several conditions, of which one that is `settled_by` settles the whole; `is_dated` where one is."""

    parts: tuple[Condition, ...]
    is_dated: bool = field(init=False, repr=False, compare=False)
    holds_of: Callable[[Facts], Truth] = field(init=False, repr=False, compare=False)
    settled_by: ClassVar[bool]

    def __post_init__(self) -> None:
        """See once whether there is anything to settle, and make the whole a function: it is put to many facts."""
        object.__setattr__(self, "is_dated", any(part.is_dated for part in self.parts))
        object.__setattr__(self, "holds_of", _joined([part.holds_of for part in self.parts], self.settled_by))


@dataclass(frozen=True, slots=True)
class All(_Joined):
    """True where every part is; false where one is false."""

    settled_by = False


@dataclass(frozen=True, slots=True)
class Any_(_Joined):  # noqa: N801 - beside `any` and `typing.Any`
    """True where one part is; false where every part is false."""

    settled_by = True


Condition: TypeAlias = All | Any_ | Term

_PAIRS = {
    "is": "is_not",
    "one_of": "none_of",
    "at_least": "less_than",
    "more_than": "at_most",
    "on_or_after": "before",
    "after": "on_or_before",
    "within": "outside",
    "known": "not_known",
    "reaches": "falls_short_of",
}
OPPOSITE: Mapping[str, str] = {**_PAIRS, **{there: here for here, there in _PAIRS.items()}}

_COMPARED: Mapping[str, Callable[[Any, Any], bool]] = {
    "is": operator.eq,
    "is_not": operator.ne,
    "at_least": operator.ge,
    "on_or_after": operator.ge,
    "more_than": operator.gt,
    "after": operator.gt,
    "at_most": operator.le,
    "on_or_before": operator.le,
    "less_than": operator.lt,
    "before": operator.lt,
}


def negate(condition: Condition) -> Condition:
    """The condition that is true just where this one is false, and unknown where it is unknown."""
    if isinstance(condition, Term):
        return Term(condition.fact, OPPOSITE[condition.word], condition.right)
    parts = tuple(negate(part) for part in condition.parts)
    return Any_(parts) if isinstance(condition, All) else All(parts)


def terms(condition: Condition) -> Iterator[Term]:
    """Every test in a condition, in order."""
    if isinstance(condition, Term):
        yield condition
    else:
        for part in condition.parts:
            yield from terms(part)


def values_in(*conditions: Condition) -> tuple[str, ...]:
    """The dated values that some conditions rest on."""
    found = (
        term.right.value for condition in conditions for term in terms(condition) if isinstance(term.right, ValueRef)
    )
    return tuple(dict.fromkeys(found))


def facts_in(*conditions: Condition) -> tuple[str, ...]:
    """Every fact that some conditions look at."""
    return tuple(dict.fromkeys(fact for condition in conditions for term in terms(condition) for fact in term.facts()))


def truth(condition: Condition, facts: Facts) -> Truth:
    """Whether a condition holds of some facts; None where that hangs on a missing one."""
    return condition.holds_of(facts)


def _joined(parts: list[Callable[[Facts], Truth]], settled_by: bool) -> Callable[[Facts], Truth]:  # noqa: FBT001 - a truth
    """Several tests as one: of which one truth settles the whole, else one that is not known leaves it unknown."""

    def holds_of(facts: Facts) -> Truth:
        found: Truth = not settled_by
        for part in parts:
            holds = part(facts)
            if holds is settled_by:
                return settled_by
            if holds is None:
                found = None
        return found

    return holds_of


def deciding(condition: Condition, facts: Facts) -> tuple[Term, ...]:
    """The tests that make a condition true, false or unknown, as it is; each once."""
    found = _deciding(condition, condition.holds_of(facts), facts)
    return tuple(dict.fromkeys(found) if len(found) > 1 else found)


def _deciding(condition: Condition, outcome: Truth, facts: Facts) -> list[Term]:
    if isinstance(condition, Term):
        return [condition]
    parts = [part for part in condition.parts if part.holds_of(facts) is outcome]
    return [term for part in parts for term in _deciding(part, outcome, facts)]


def missing(test: Term, facts: Facts) -> tuple[str, ...]:
    """What would have to be known to settle a test: facts, a dated value, or a fact on another VAT basis."""
    if test.word in ("known", "not_known"):
        return ()
    unknown = tuple(fact for fact in test.facts() if fact not in facts)
    if isinstance(test.right, Unsettled):
        return unknown + (test.right.missing or (test.right.value,))
    return unknown or (f"{test.fact} {_other_basis(test.right, facts)}",)


def _other_basis(right: Right, facts: Facts) -> str:
    """The VAT basis that a fact would have to be stated on to be compared with the right side."""
    if isinstance(right, FactRef):
        return f"on the VAT basis of {right.fact}"
    known = operand(right, facts)
    first = known[0] if isinstance(known, tuple) else known
    return first.vat.value if isinstance(first, Money) else ""


def operand(right: Right, facts: Facts) -> FactValue | tuple[FactValue, ...] | None:
    """The right side as a value, or None where it is not known."""
    if not isinstance(right, _REFERENCES):
        return right
    if isinstance(right, FactRef):
        return facts.get(right.fact)
    return right.figure if isinstance(right, Settled) else None


def _asked(fact: str, word: str, right: Right) -> Callable[[Facts], Truth]:
    """One test as a function of facts: none of it can be told while the fact, or the right side, is not known."""
    if word in ("known", "not_known"):
        return lambda facts: (fact in facts) is (word == "known")
    if isinstance(right, FactRef):
        return lambda facts: _compare_known(word, facts.get(fact), facts.get(right.fact))
    if isinstance(right, (ValueRef, Unsettled)):
        return lambda _: None
    figure = right.figure if isinstance(right, Settled) else right
    if isinstance(figure, (Money, tuple)):
        return lambda facts: _compare_known(word, facts.get(fact), figure)
    compared = _COMPARED[word]
    return lambda facts: None if (left := facts.get(fact)) is None else compared(left, figure)


def _compare_known(word: str, left: FactValue | None, right: FactValue | tuple[FactValue, ...] | None) -> Truth:
    if left is None or right is None or (isinstance(left, Money) and not _comparable(left, right)):
        return None
    return _compare(word, left, right)


def _compare(word: str, left: FactValue, right: FactValue | tuple[FactValue, ...]) -> bool:
    if isinstance(right, tuple):
        return _compare_several(word, left, right)
    return _COMPARED[word](_number(left), _number(right))


def _compare_several(word: str, left: FactValue, right: tuple[FactValue, ...]) -> bool:
    if word in ("one_of", "none_of"):
        return (left in right) is (word == "one_of")
    low, high = (_number(bound) for bound in right)
    return bool(low <= _number(left) <= high) is (word == "within")


def _comparable(left: Money, right: FactValue | tuple[FactValue, ...]) -> bool:
    """Two amounts can be compared where they are stated on the same VAT basis."""
    if isinstance(right, tuple):
        return all(_comparable(left, part) for part in right)
    return not isinstance(right, Money) or left.comparable(right)


def _number(value: FactValue) -> Any:  # noqa: ANN401 - one kind against itself
    """What order is judged by: an amount by its pence."""
    return value.pence if isinstance(value, Money) else value


_SPOKEN = {
    "one_of": "is one of",
    "none_of": "is none of",
    "at_least": "is at least",
    "less_than": "is less than",
    "more_than": "is more than",
    "at_most": "is at most",
    "on_or_after": "is on or after",
    "before": "is before",
    "after": "is after",
    "on_or_before": "is on or before",
    "within": "is within",
    "outside": "is outside",
    "is_not": "is not",
}


def expected(test: Term, declared: Mapping[str, FactDeclaration], facts: Facts) -> str:
    """What a test asks of its fact, in words: `is at least £181,302 ... (procurement.threshold)`."""
    if test.word in ("known", "not_known"):
        return "is known" if test.word == "known" else "is not stated"
    word = _SPOKEN.get(test.word, test.word.replace("_", " "))
    if isinstance(test.right, FactRef):
        known = facts.get(test.right.fact)
        return f"{word} {test.right.fact}" + ("" if known is None else f" ({declared[test.right.fact].say(known)})")
    return f"{word} {_said_figures(test.word, test.right, declared[test.fact])}"


def _said_figures(word: str, right: Figures, declaration: FactDeclaration) -> str:
    """A right side that is a figure, several, or the name of one that is not in force."""
    if isinstance(right, Settled):
        return f"{declaration.say(right.figure)} ({right.value})"
    if isinstance(right, (ValueRef, Unsettled)):
        return right.value
    if isinstance(right, tuple):
        joint = " to " if word in ("within", "outside") else ", "
        return joint.join(declaration.say(part) for part in right)
    return declaration.say(right)
