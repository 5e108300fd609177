"""The answers without which a control does not apply: what it asks was not looked at.

A control with `known: true` in its `when` waits for an answer. While nobody gives it, the control is not applicable,
and that says nothing about the law. With the answer, it may ask something.
"""

from __future__ import annotations

from rules.judging.resolved_control import ResolvedControl
from rules.language.conditions import Condition, Consensus, Predicate, Truth, decisive_predicates
from rules.values.facts import Facts


def find_unanswered(control: ResolvedControl, facts: Facts) -> tuple[str, ...]:
    """Return the facts that would have to be stated before a control can apply.

    Empty if it applies, if a fact that it waits for is not what keeps it from applying, or if it can never apply.
    """
    if control.applies.evaluate(facts) is not False or _evaluate_as_answered(control.applies, facts) is False:
        return ()
    deciding = decisive_predicates(control.applies, facts)
    return tuple(dict.fromkeys(predicate.fact for predicate in deciding if _waits(predicate, facts)))


def _waits(predicate: Predicate, facts: Facts) -> bool:
    return predicate.comparator == "known" and predicate.fact not in facts


def _evaluate_as_answered(condition: Condition, facts: Facts) -> Truth:
    """Return the truth of a condition if every fact that it waits for were known, with an answer not yet known."""
    if isinstance(condition, Predicate):
        return True if _waits(condition, facts) else condition.evaluate(facts)
    if isinstance(condition, Consensus):
        return condition.evaluate(facts)
    truths = {_evaluate_as_answered(part, facts) for part in condition.conditions}
    if condition.short_circuits_on in truths:
        return condition.short_circuits_on
    return None if None in truths else not condition.short_circuits_on
