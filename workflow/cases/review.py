"""Looking at one subject again, such as at an exemption when its day of review has come: what that changes."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import replace
from datetime import date

from rules.errors import InputError
from rules.packs.scheme import ReviewAction, Scheme
from rules.values.facts import FactValue, address_of, split_address
from rules.values.suggestions import did_you_mean
from rules.values.text import quote
from workflow.cases.case import ExemptFacts, FullCase
from workflow.cases.events import FactChanges, RecordReview

IN_BOTH_PARTS = "is stated in both parts; a fact stands in one"


def find_review_changes(
    command: RecordReview, full_case: FullCase, scheme: Scheme, on: date
) -> tuple[FactChanges, FactChanges]:
    """What a look changes in Part 1 and in Part 2, if it is done; raises `InputError` for what cannot be meant.

    What the outcome asks for is stated anew. What the look records by itself stands where its subject is known:
    of a subject that only Part 2 knows, nothing is said in public.
    """
    review = scheme.review_action(command.outcome)
    key = _find_subject_key(command, review, full_case)
    _refuse_after_final_review(review, key, full_case, scheme)
    _refuse_unrequested_facts(command, review, key)
    kept: dict[str, FactValue] = {address_of(review.kept_in, key): review.outcome, address_of(review.dates, key): on}
    is_public = _is_subject_stated(command.subject, full_case.case.facts)
    if command.public and not is_public:
        raise InputError(
            "what is looked at is known in Part 2 only", "State what belongs to it in Part 2 too, with --set-exempt."
        )
    anew = frozenset(address_of(fact, key) for fact in review.asks) | kept.keys()
    public = FactChanges({**command.public, **(kept if is_public else {})}, anew & full_case.case.facts.keys())
    exempt = FactChanges({**command.exempt, **({} if is_public else kept)}, anew & full_case.exempt_part.facts.keys())
    return public, exempt


def apply_review(command: RecordReview, full_case: FullCase, scheme: Scheme, on: date) -> FullCase:
    """The case as a look is judged on it: with what the look changes, whether or not it may be done."""
    public, exempt = find_review_changes(command, full_case, scheme, on)
    case = replace(full_case.case, facts=public.apply_to(full_case.case.facts))
    return FullCase(case, ExemptFacts(exempt.apply_to(full_case.exempt_part.facts)))


def rebuild_review_command(
    outcome: str, public: Mapping[str, FactValue], exempt: Mapping[str, FactValue], scheme: Scheme
) -> RecordReview:
    """The look that states these facts in each part: its subject is that of the day which it records."""
    review = scheme.review_action(outcome)
    where = next(where for where in (*public, *exempt) if ":" in where and split_address(where)[0] == review.dates)

    def select_requested(facts: Mapping[str, FactValue]) -> dict[str, FactValue]:
        return {where: value for where, value in facts.items() if split_address(where)[0] in review.asks}

    return RecordReview(where.partition(".")[0], outcome, select_requested(public), select_requested(exempt))


def _find_subject_key(command: RecordReview, review: ReviewAction, full_case: FullCase) -> str:
    """The key of the subject that is looked at."""
    kind, _, key = command.subject.partition(":")
    known = [*full_case.case.facts, *full_case.exempt_part.facts]
    if kind != review.of or not _is_subject_stated(command.subject, known):
        there = dict.fromkeys(
            where.partition(".")[0] for where in full_case.case.facts if where.startswith(f"{review.of}:")
        )
        raise InputError(
            f"{quote(command.subject, 120)} is no {review.of} of {full_case.case.id}",
            did_you_mean(command.subject, list(there)),
        )
    return key


def _refuse_after_final_review(review: ReviewAction, subject_key: str, full_case: FullCase, scheme: Scheme) -> None:
    """Raise `InputError` where an earlier look at the subject came to an outcome that ends the matter."""
    outcome = {**full_case.exempt_part.facts, **full_case.case.facts}.get(address_of(review.kept_in, subject_key))
    for other in scheme.declaration.reviews.values():
        if other.ends and other.kept_in == review.kept_in and other.outcome == outcome:
            raise InputError(f"nothing is left to review there: the last outcome was “{other.label}”")


def _refuse_unrequested_facts(command: RecordReview, review: ReviewAction, subject_key: str) -> None:
    asked = [address_of(fact, subject_key) for fact in review.asks]
    for where in (*command.public, *command.exempt):
        if where not in asked:
            raise InputError(f"{command.outcome} does not ask for {where}", did_you_mean(where, asked))
        if where in command.public and where in command.exempt:
            raise InputError(f"{where} {IN_BOTH_PARTS}")


def _is_subject_stated(subject: str, addresses: Iterable[str]) -> bool:
    return any(where.startswith(f"{subject}.") for where in addresses)
