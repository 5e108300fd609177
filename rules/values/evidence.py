"""The facts that a judgement is given: the case's own and those of each subject, and which are held in Part 2."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field

from rules.values.facts import CASE, Facts, grouped, kind_of, split_address, subject_of

IN_PART_2 = "held in Part 2"
_NOBODY: Mapping[str, Facts] = {}


@dataclass(frozen=True, slots=True)
class Evidence:
    """What is known of a case. Subjects are called `exemption:s43`; `case` is the case itself.

    `exempt` holds (subject, fact) for every fact that is known from the confidential part only,
    or worked out from such a one. `everything` has the subjects by kind, in order, and what `of` gives of
    each, where that has been put together already.
    """

    own: Facts
    subjects: Mapping[str, Facts] = field(default_factory=dict)
    exempt: frozenset[tuple[str, str]] = frozenset()
    everything: Mapping[str, Mapping[str, Facts]] = field(default_factory=dict, repr=False, compare=False)

    @classmethod
    def gather(cls, public: Facts, exempt: Facts) -> Evidence:
        """The evidence in both parts of a record, each a mapping of addresses to values."""
        own, subjects = grouped({**public, **exempt})
        return cls(own, subjects, frozenset(_place(where) for where in exempt))

    def of(self, subject: str) -> Facts:
        """The facts of one subject together with those of its case."""
        if subject == CASE:
            return self.own
        together = self.everything.get(kind_of(subject), _NOBODY).get(subject)
        return together or {**self.own, **self.subjects[subject]}

    def named(self, kind: str) -> Iterator[str]:
        """The subjects of one kind, in order of name."""
        if kind == CASE:
            return iter([CASE])
        if self.everything:
            return iter(self.everything.get(kind, _NOBODY))
        return (subject for subject in sorted(self.subjects) if kind_of(subject) == kind)

    def is_exempt(self, subject: str, fact: str) -> bool:
        """Whether a fact of a subject is known from Part 2."""
        return (subject if subject_of(fact) != CASE else CASE, fact) in self.exempt

    def is_wholly_exempt(self, subject: str) -> bool:
        """Whether a subject is known from Part 2 only, so that its being there is exempt as well."""
        return all((subject, fact) in self.exempt for fact in self.subjects[subject])

    def hidden(self, subject: str) -> frozenset[str]:
        """The facts of one subject and of its case that may not be shown outside Part 2."""
        hidden = self.all_hidden()
        return hidden.get(subject, hidden[CASE])

    def all_hidden(self) -> dict[str, frozenset[str]]:
        """The same of the case, and of each subject with hidden facts of its own: those of its case are among them."""
        found: dict[str, set[str]] = {CASE: set()}
        for place, fact in self.exempt:
            found.setdefault(place, set()).add(fact)
        return {place: frozenset(facts | found[CASE]) for place, facts in found.items()}

    def shown(self, subject: str) -> Facts:
        """The facts of one subject that may be shown outside Part 2."""
        hidden = self.hidden(subject)
        return {fact: value for fact, value in self.of(subject).items() if fact not in hidden}


def _place(where: str) -> tuple[str, str]:
    fact, key = split_address(where)
    return (f"{subject_of(fact)}:{key}" if key else CASE), fact
