"""The facts of a case and its subjects, and which of them are exempt.

Evidence is never changed: deriving facts gives new evidence. What is exempt stays exempt, however it is looked up.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field

from rules.values.bounds import plain_name
from rules.values.facts import CASE, Facts, group_by_subject, kind_of_subject, split_address, subject_of_address

IN_PART_2 = "held in Part 2"
_NO_SUBJECTS: Mapping[str, Facts] = {}


@dataclass(frozen=True, slots=True)
class Evidence:
    """The facts of a case and of each of its subjects.

    A subject is named as `exemption:s43`, and the case itself as `case`. `exempt` holds (subject, fact) for each fact
    that only Part 2 gives, or that is derived from one. `subjects_by_kind` is a cache of what `facts_of` gives, by kind
    and subject in order; it may be empty. `asked` are the facts and kinds of subject that the source of the case asks
    for; None for our own record, which asks for everything.
    """

    case_facts: Facts
    subjects: Mapping[str, Facts] = field(default_factory=dict)
    exempt: frozenset[tuple[str, str]] = frozenset()
    subjects_by_kind: Mapping[str, Mapping[str, Facts]] = field(default_factory=dict, repr=False, compare=False)
    asked: frozenset[str] | None = None

    @classmethod
    def from_parts(cls, public: Facts, exempt: Facts, asked: frozenset[str] | None = None) -> Evidence:
        """Build evidence from the public and the exempt facts, both by address."""
        case_facts, subjects = group_by_subject({**public, **exempt})
        hidden = frozenset(_subject_and_fact(name) for address in exempt for name in (address, plain_name(address)))
        return cls(case_facts, subjects, hidden, asked=asked)

    def facts_of(self, subject: str) -> Facts:
        """Return the facts of one subject together with those of its case."""
        if subject == CASE:
            return self.case_facts
        cached = self.subjects_by_kind.get(kind_of_subject(subject), _NO_SUBJECTS).get(subject)
        return cached or {**self.case_facts, **self.subjects[subject]}

    def subjects_of_kind(self, kind: str) -> Iterator[str]:
        """Yield the subjects of one kind, in order of name."""
        if kind == CASE:
            return iter([CASE])
        if self.subjects_by_kind:
            return iter(self.subjects_by_kind.get(kind, _NO_SUBJECTS))
        return (subject for subject in sorted(self.subjects) if kind_of_subject(subject) == kind)

    def is_exempt(self, subject: str, fact: str) -> bool:
        """Return whether a fact is known from Part 2 only."""
        return (subject, fact) in self.exempt or (CASE, fact) in self.exempt

    def is_wholly_exempt(self, subject: str) -> bool:
        """Return whether a subject is known from Part 2 only, so that its existence is exempt too."""
        return all((subject, fact) in self.exempt for fact in self.subjects[subject])

    def hidden_subjects(self, besides: frozenset[str] = frozenset()) -> frozenset[str]:
        """Return the subjects that are wholly exempt, whatever is known of some facts, such as the derived ones."""
        with_exempt_fact = {subject for subject, _ in self.exempt}
        candidates = [name for name, facts in self.subjects.items() if name in with_exempt_fact or not facts]
        return frozenset(
            name
            for name in candidates
            if all((name, fact) in self.exempt or fact in besides for fact in self.subjects[name])
        )

    def hidden_facts_by_subject(self) -> dict[str, frozenset[str]]:
        """Return the hidden facts of the case and of each subject.

        Those of a subject include those of its case.
        """
        hidden: dict[str, set[str]] = {CASE: set()}
        for subject, fact in self.exempt:
            hidden.setdefault(subject, set()).add(fact)
        return {subject: frozenset(facts | hidden[CASE]) for subject, facts in hidden.items()}


def _subject_and_fact(address: str) -> tuple[str, str]:
    return subject_of_address(address), split_address(address)[0]
