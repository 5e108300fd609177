"""The gate that every event of a case passes before it is recorded: does Part 1 stay silent about Part 2?

Invariants:
- No command reaches the ledger but through here; replay does not come here, so older entries stay as they are.
- A refusal by a rule is recorded with what the command stated, so these words pass the gate too.
- A migration changes the flow of a case and no word of it: it is not checked.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace
from typing import NamedTuple

from rules.packs.scheme import Scheme
from workflow.cases.case import FullCase
from workflow.cases.events import Act
from workflow.cases.life import AcceptedEvent
from workflow.cases.publication import (
    NOTHING_CONFIRMED,
    ConfirmedWords,
    Disclosure,
    FindWarnings,
    PublicationCheck,
    PublicationFindings,
    find_no_warnings,
    find_stated_words,
    judge_publication,
)
from workflow.cases.records import evolve_full_case
from workflow.errors import PublicationRefused
from workflow.history.serialization import parse_mapping
from workflow.ledger.canonical_json import deserialize_facts
from workflow.ledger.entries import UnsealedEntry


class PassedEvent(NamedTuple):
    """An event with its confirmations, the case after it, and how to find what its officer is warned of."""

    accepted: AcceptedEvent
    after: FullCase
    find_warnings: FindWarnings


@dataclass(frozen=True, slots=True)
class PublicationGate:
    """The check of Part 1, and the words that the officer confirms as already public."""

    check: PublicationCheck
    confirmed: ConfirmedWords = NOTHING_CONFIRMED

    def pass_event(self, before: FullCase | None, accepted: AcceptedEvent, scheme: Scheme) -> PassedEvent:
        """Return an event with its confirmations; raise `PublicationRefused` if it may not be recorded."""
        event = accepted.event
        after = evolve_full_case(before, event)
        if event.migration:
            return PassedEvent(accepted, after, find_no_warnings)
        verdict = judge_publication(self.check(after, scheme), before, event, self.confirmed, scheme)
        if verdict.already_public:
            event = replace(event, already_public=verdict.already_public)
            accepted, after = replace(accepted, event=event), evolve_full_case(before, event)
        return PassedEvent(accepted, after, verdict.find_warnings)

    def preview_act(self, full_case: FullCase, act: Act, scheme: Scheme) -> tuple[Disclosure, ...]:
        """Return the words for which an act would be refused, without doing it."""
        case = replace(full_case.case, facts={**full_case.case.facts, **act.stated})
        findings = self.check(FullCase(case, full_case.exempt_part), scheme)
        return _select_refused(findings, case.stage, act, scheme)

    def preview_actions(
        self, full_case: FullCase, actions: Iterable[str], scheme: Scheme
    ) -> dict[str, tuple[Disclosure, ...]]:
        """Return, for each action, the words for which it would be refused if nothing were stated with it."""
        if not full_case.exempt_part.facts:
            return dict.fromkeys(actions, ())
        findings, stage = self.check(full_case, scheme), full_case.case.stage
        return {name: _select_refused(findings, stage, Act(name), scheme) for name in actions}

    def refuse_stated_words(self, full_case: FullCase, refusal: UnsealedEntry, action: str, scheme: Scheme) -> None:
        """Raise `PublicationRefused` if what a refused command stated for Part 1 would give away Part 2.

        Words that its officer confirms as already public pass, so that the officer sees which rule refuses it.
        """
        stated = deserialize_facts(parse_mapping(refusal.body)["stated"])
        if not stated:
            return
        case = replace(full_case.case, facts={**full_case.case.facts, **stated})
        findings = self.check(FullCase(case, full_case.exempt_part), scheme)
        refused = [one for one in find_stated_words(findings, stated) if not self.confirmed.include(one.words)]
        if refused:
            raise PublicationRefused(full_case.case.id, action, refused, ())


def _select_refused(findings: PublicationFindings, stage: str, act: Act, scheme: Scheme) -> tuple[Disclosure, ...]:
    """Return the words for which an act at a stage would be refused; a draft may have some, its acts may not."""
    is_draft = scheme.action(act.action).leads_to(stage) == scheme.first_stage
    return tuple(found for found in findings.refused if not is_draft or found.address in act.stated)
