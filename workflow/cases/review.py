"""Looking at one subject again, such as at an exemption when its day of review has come: what that changes."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import replace
from datetime import date

from rules.errors import InputError
from rules.packs.scheme import Review, Scheme
from rules.values.facts import FactValue, address, split_address
from rules.values.suggestions import did_you_mean
from rules.values.text import quoted
from workflow.cases.case import Confidential, Matter
from workflow.cases.events import Changes, Look

IN_BOTH_PARTS = "is stated in both parts; a fact stands in one"


def changed_by(look: Look, matter: Matter, scheme: Scheme, on: date) -> tuple[Changes, Changes]:
    """What a look changes in Part 1 and in Part 2, if it is done; raises `InputError` for what cannot be meant.

    What the outcome asks for is stated anew. What the look records by itself stands where its subject is known:
    of a subject that only Part 2 knows, nothing is said in public.
    """
    review = scheme.review(look.outcome)
    key = _key(look, review, matter)
    _refuse_ended(review, key, matter, scheme)
    _refuse_unasked(look, review, key)
    kept: dict[str, FactValue] = {address(review.kept_in, key): review.outcome, address(review.dates, key): on}
    is_public = _is_told(look.subject, matter.case.facts)
    if look.public and not is_public:
        raise InputError(
            "what is looked at is known in Part 2 only", "State what belongs to it in Part 2 too, with --set-exempt."
        )
    anew = frozenset(address(fact, key) for fact in review.asks) | kept.keys()
    public = Changes({**look.public, **(kept if is_public else {})}, anew & matter.case.facts.keys())
    exempt = Changes({**look.exempt, **({} if is_public else kept)}, anew & matter.confidential.facts.keys())
    return public, exempt


def looked_at(look: Look, matter: Matter, scheme: Scheme, on: date) -> Matter:
    """The case as a look is judged on it: with what the look changes, whether or not it may be done."""
    public, exempt = changed_by(look, matter, scheme, on)
    case = replace(matter.case, facts=public.applied_to(matter.case.facts))
    return Matter(case, Confidential(exempt.applied_to(matter.confidential.facts)))


def look_told_by(
    outcome: str, public: Mapping[str, FactValue], exempt: Mapping[str, FactValue], scheme: Scheme
) -> Look:
    """The look that states these facts in each part: its subject is that of the day which it records."""
    review = scheme.review(outcome)
    where = next(where for where in (*public, *exempt) if ":" in where and split_address(where)[0] == review.dates)

    def asked(facts: Mapping[str, FactValue]) -> dict[str, FactValue]:
        return {where: value for where, value in facts.items() if split_address(where)[0] in review.asks}

    return Look(where.partition(".")[0], outcome, asked(public), asked(exempt))


def _key(look: Look, review: Review, matter: Matter) -> str:
    """The key of the subject that is looked at."""
    kind, _, key = look.subject.partition(":")
    known = [*matter.case.facts, *matter.confidential.facts]
    if kind != review.of or not _is_told(look.subject, known):
        there = dict.fromkeys(
            where.partition(".")[0] for where in matter.case.facts if where.startswith(f"{review.of}:")
        )
        raise InputError(
            f"{quoted(look.subject, 120)} is no {review.of} of {matter.case.id}",
            did_you_mean(look.subject, list(there)),
        )
    return key


def _refuse_ended(review: Review, key: str, matter: Matter, scheme: Scheme) -> None:
    """Raise `InputError` where an earlier look at the subject came to an outcome that ends the matter."""
    outcome = {**matter.confidential.facts, **matter.case.facts}.get(address(review.kept_in, key))
    for other in scheme.text.reviews.values():
        if other.ends and other.kept_in == review.kept_in and other.outcome == outcome:
            raise InputError(f"nothing is left to review there: the last outcome was “{other.label}”")


def _refuse_unasked(look: Look, review: Review, key: str) -> None:
    asked = [address(fact, key) for fact in review.asks]
    for where in (*look.public, *look.exempt):
        if where not in asked:
            raise InputError(f"{look.outcome} does not ask for {where}", did_you_mean(where, asked))
        if where in look.public and where in look.exempt:
            raise InputError(f"{where} {IN_BOTH_PARTS}")


def _is_told(subject: str, facts: Iterable[str]) -> bool:
    return any(where.startswith(f"{subject}.") for where in facts)
