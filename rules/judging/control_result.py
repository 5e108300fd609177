"""The outcome of one control, and the facts that gave it, shared by all subjects that are judged alike."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from functools import cached_property

from rules.judging.findings import ObservedFact
from rules.judging.resolved_control import ResolvedControl
from rules.judging.rulebook import Control
from rules.language.conditions import Predicate, decisive_predicates, evaluate
from rules.language.pack_schema import CHOICE_PLACEHOLDER
from rules.language.schema_types import Outcome
from rules.values.facts import Facts


@dataclass
class ControlResult:
    """The outcome of one control on subjects that are judged alike; `facts` are those of the first of them."""

    # Never changed, and yet not frozen, for the reason that a verdict is not.

    control: Control
    resolved: ResolvedControl
    outcome: Outcome
    facts: Facts

    @cached_property
    def _observed_by_hidden(self) -> dict[frozenset[str], tuple[ObservedFact, ...]]:
        return {}

    def observed_facts(
        self, hidden: frozenset[str], observe: Callable[[Predicate], ObservedFact]
    ) -> tuple[ObservedFact, ...]:
        """The facts that the deciding predicates saw, as `observe` puts them for one subject.

        Args: `hidden` are the subject's exempt facts.
        """
        if hidden in self._observed_by_hidden:
            return self._observed_by_hidden[hidden]
        observed = tuple(dict.fromkeys([observe(predicate) for predicate in self.deciding_predicates]))
        if not self.shown_facts:
            self._observed_by_hidden[hidden] = observed
        return observed

    @cached_property
    def shown_facts(self) -> tuple[str, ...]:
        """The facts that a finding shows and that subjects judged alike may have other values of.

        They have equal values, save of facts that are only tested for being known, and of what limits choices.
        """
        known = [each.fact for each in self.deciding_predicates if each.comparator in ("known", "not_known")]
        choices = [match["fact"] for match in CHOICE_PLACEHOLDER.finditer(self.control.declaration.cure)]
        return (*known, *choices)

    @cached_property
    def deciding_predicates(self) -> tuple[Predicate, ...]:
        """The predicates that gave the outcome: of `applies` where that is decisive, else of `requires`."""
        if self.outcome in ("not_applicable", "not_held"):
            return decisive_predicates(self.resolved.applies, self.facts)
        if self.outcome != "undetermined":
            return decisive_predicates(self.resolved.requires, self.facts)
        sides = (self.resolved.applies, self.resolved.requires) if self.resolved.is_held else (self.resolved.applies,)
        unknown = (side for side in sides if evaluate(side, self.facts) is None)
        return tuple(
            dict.fromkeys(predicate for side in unknown for predicate in decisive_predicates(side, self.facts))
        )
