"""The facts that a judgement is given: the case's own and those of each subject, and which are held in Part 2."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field

from rules.values.facts import CASE, Facts, group_by_subject, kind_of_subject, split_address, subject_kind_of

IN_PART_2 = "held in Part 2"
_NO_SUBJECTS: Mapping[str, Facts] = {}


@dataclass(frozen=True, slots=True)
class Evidence:
    """What is known of a case. Subjects are called `exemption:s43`; `case` is the case itself.

    `exempt` holds (subject, fact) for every fact that is known from the confidential part only,
    or worked out from such a one. `everything` has the subjects by kind, in order, and what `of` gives of
    each, where that has been put together already.
    """

    case_facts: Facts
    subjects: Mapping[str, Facts] = field(default_factory=dict)
    exempt: frozenset[tuple[str, str]] = frozenset()
    subjects_by_kind: Mapping[str, Mapping[str, Facts]] = field(default_factory=dict, repr=False, compare=False)

    @classmethod
    def from_parts(cls, public: Facts, exempt: Facts) -> Evidence:
        """The evidence in both parts of a record, each a mapping of addresses to values."""
        own, subjects = group_by_subject({**public, **exempt})
        return cls(own, subjects, frozenset(_subject_and_fact(where) for where in exempt))

    def facts_of(self, subject: str) -> Facts:
        """The facts of one subject together with those of its case."""
        if subject == CASE:
            return self.case_facts
        together = self.subjects_by_kind.get(kind_of_subject(subject), _NO_SUBJECTS).get(subject)
        return together or {**self.case_facts, **self.subjects[subject]}

    def subjects_of_kind(self, kind: str) -> Iterator[str]:
        """The subjects of one kind, in order of name."""
        if kind == CASE:
            return iter([CASE])
        if self.subjects_by_kind:
            return iter(self.subjects_by_kind.get(kind, _NO_SUBJECTS))
        return (subject for subject in sorted(self.subjects) if kind_of_subject(subject) == kind)

    def is_exempt(self, subject: str, fact: str) -> bool:
        """Whether a fact of a subject is known from Part 2."""
        return (subject if subject_kind_of(fact) != CASE else CASE, fact) in self.exempt

    def is_wholly_exempt(self, subject: str) -> bool:
        """Whether a subject is known from Part 2 only, so that its being there is exempt as well."""
        return all((subject, fact) in self.exempt for fact in self.subjects[subject])

    def hidden_facts(self, subject: str) -> frozenset[str]:
        """The facts of one subject and of its case that may not be shown outside Part 2."""
        hidden = self.hidden_facts_by_subject()
        return hidden.get(subject, hidden[CASE])

    def hidden_facts_by_subject(self) -> dict[str, frozenset[str]]:
        """The same of the case, and of each subject with hidden facts of its own: those of its case are among them."""
        found: dict[str, set[str]] = {CASE: set()}
        for place, fact in self.exempt:
            found.setdefault(place, set()).add(fact)
        return {place: frozenset(facts | found[CASE]) for place, facts in found.items()}

    def visible_facts(self, subject: str) -> Facts:
        """The facts of one subject that may be shown outside Part 2."""
        hidden = self.hidden_facts(subject)
        return {fact: value for fact, value in self.facts_of(subject).items() if fact not in hidden}


def _subject_and_fact(address: str) -> tuple[str, str]:
    fact, key = split_address(address)
    return (f"{subject_kind_of(fact)}:{key}" if key else CASE), fact
