"""Reviews: what changes when an officer reviews one subject again, such as an exemption on its review day.

A subject that only Part 2 names is never mentioned in public: everything about its review stays in Part 2.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import replace
from datetime import date

from rules.errors import InputError
from rules.packs.flow_schema import ReviewAction
from rules.packs.scheme import Scheme
from rules.values.facts import FactValue, address_of, split_address
from rules.values.suggestions import did_you_mean
from rules.values.text import quote
from workflow.cases.case import ExemptFacts, FullCase
from workflow.cases.events import FactChanges, RecordReview

IN_BOTH_PARTS = "is stated in both parts: state it in one"


def find_review_changes(
    command: RecordReview, full_case: FullCase, scheme: Scheme, on: date
) -> tuple[FactChanges, FactChanges]:
    """Return the changes that a review makes to Part 1 and to Part 2.

    The facts that the outcome asks for must be stated anew: earlier ones are removed. The outcome and the day are
    recorded in the part that names the subject. Raises `InputError` for a subject, outcome or fact that does not fit.
    """
    review = scheme.review_action(command.outcome)
    key = _find_subject_key(command, review, full_case)
    _refuse_after_final_review(review, key, full_case, scheme)
    _refuse_unrequested_facts(command, review, key)
    is_public = _is_subject_stated(command.subject, full_case.case.facts)
    if command.public and not is_public:
        raise InputError("only Part 2 names what you review", "State its facts in Part 2 too, with --set-exempt.")
    recorded: dict[str, FactValue] = {
        address_of(review.kept_in, key): review.outcome,
        address_of(review.dates, key): on,
    }
    replaced = frozenset(address_of(fact, key) for fact in review.asks) | recorded.keys()
    public = {**command.public, **(recorded if is_public else {})}
    exempt = {**command.exempt, **({} if is_public else recorded)}
    return (
        FactChanges(public, replaced & full_case.case.facts.keys()),
        FactChanges(exempt, replaced & full_case.exempt_part.facts.keys()),
    )


def apply_review(command: RecordReview, full_case: FullCase, scheme: Scheme, on: date) -> FullCase:
    """Return the case with the changes of a review, whether or not a rule forbids it."""
    public, exempt = find_review_changes(command, full_case, scheme, on)
    case = replace(full_case.case, facts=public.apply_to(full_case.case.facts))
    return FullCase(case, ExemptFacts(exempt.apply_to(full_case.exempt_part.facts)))


def rebuild_review_command(
    outcome: str, public: Mapping[str, FactValue], exempt: Mapping[str, FactValue], scheme: Scheme
) -> RecordReview:
    """Return the command of a recorded review, from the facts that it stated in each part.

    Its subject is that of the recorded day of the review.
    """
    review = scheme.review_action(outcome)
    day_address = next(
        address for address in (*public, *exempt) if ":" in address and split_address(address)[0] == review.dates
    )

    def select_requested(facts: Mapping[str, FactValue]) -> dict[str, FactValue]:
        return {address: value for address, value in facts.items() if split_address(address)[0] in review.asks}

    subject = day_address.partition(".")[0]
    return RecordReview(subject, outcome, select_requested(public), select_requested(exempt))


def _find_subject_key(command: RecordReview, review: ReviewAction, full_case: FullCase) -> str:
    """Return the key of the reviewed subject; raise `InputError` if the case has no such subject."""
    kind, _, key = command.subject.partition(":")
    addresses = [*full_case.case.facts, *full_case.exempt_part.facts]
    if kind != review.of or not _is_subject_stated(command.subject, addresses):
        # Suggestions come from the public part alone: an error must not name a subject of Part 2.
        public_subjects = dict.fromkeys(
            address.partition(".")[0] for address in full_case.case.facts if address.startswith(f"{review.of}:")
        )
        raise InputError(
            f"{quote(command.subject, 120)} is no {review.of} of {full_case.case.id}",
            did_you_mean(command.subject, list(public_subjects)),
        )
    return key


def _refuse_after_final_review(review: ReviewAction, subject_key: str, full_case: FullCase, scheme: Scheme) -> None:
    """Raise `InputError` if an earlier outcome on the subject was final."""
    facts = {**full_case.exempt_part.facts, **full_case.case.facts}
    outcome = facts.get(address_of(review.kept_in, subject_key))
    for other in scheme.declaration.reviews.values():
        if other.ends and other.kept_in == review.kept_in and other.outcome == outcome:
            raise InputError(f"nothing is left to review: the last outcome was “{other.label}”")


def _refuse_unrequested_facts(command: RecordReview, review: ReviewAction, subject_key: str) -> None:
    requested = [address_of(fact, subject_key) for fact in review.asks]
    for address in (*command.public, *command.exempt):
        if address not in requested:
            raise InputError(f"{command.outcome} does not ask for {address}", did_you_mean(address, requested))
        if address in command.public and address in command.exempt:
            raise InputError(f"{address} {IN_BOTH_PARTS}")


def _is_subject_stated(subject: str, addresses: Iterable[str]) -> bool:
    return any(address.startswith(f"{subject}.") for address in addresses)
