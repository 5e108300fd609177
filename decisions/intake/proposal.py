"""What intake proposes: facts with their places, and what it could not take.

Invariants:
- `certain` means that a rule of the form gives the value letter by letter. Everything else is `check`, with the reason.
- An address is proposed once. A second value for it is a problem that names both places.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from decisions.intake.source_text import Place, Problem, quote_words
from rules.errors import InputError
from rules.packs.form_reading import FormReading, ReferenceForm
from rules.packs.published_forms import PublishedForm
from rules.packs.scheme import Scheme
from rules.values.facts import FactValue, split_address
from rules.values.text import quote

CERTAIN, CHECK = "certain", "check"


@dataclass(frozen=True, slots=True)
class ProposedFact:
    """A fact that a file seems to state: its address and value, where it stands, and why a person should check it.

    `words` are those of the file. `check` is empty for a fact that is certain.
    """

    address: str
    value: FactValue
    place: Place
    words: str
    check: str = ""

    @property
    def certainty(self) -> str:
        """Return `certain` or `check`."""
        return CHECK if self.check else CERTAIN


@dataclass(frozen=True, slots=True)
class Amount:
    """An amount in a text, where it stands, and the words before it that say what it is of."""

    value: FactValue
    place: Place
    words: str
    of: str

    def as_json(self) -> dict[str, Any]:
        """The form that other programs read."""
        return {"amount": str(self.value), **self.place.as_json(), "words": self.words, "of": self.of}


@dataclass(frozen=True, slots=True)
class FormChoice:
    """The form by which a file is read, and the reason to check it if others fit as well."""

    scheme: Scheme
    form: str
    check: str = ""

    @property
    def declaration(self) -> PublishedForm:
        """Return the form as its scheme declares it."""
        return self.scheme.declaration.published_forms[self.form]

    @property
    def reading(self) -> FormReading:
        """Return how the form is read; only forms that can be read are chosen."""
        return self.scheme.declaration.form_readings[self.declaration.reading]

    @property
    def references(self) -> tuple[ReferenceForm, ...]:
        """Return the ways in which the form writes its reference."""
        return self.declaration.references


@dataclass(frozen=True, slots=True)
class Proposal:
    """All that a file seems to state, by the rules of one form."""

    file: str
    sha256: str
    choice: FormChoice
    facts: tuple[ProposedFact, ...]
    amounts: tuple[Amount, ...]
    problems: tuple[Problem, ...]
    address: str = ""

    @property
    def stage(self) -> str:
        """Return the stage at which the case stands."""
        return self.choice.reading.stage

    @property
    def source_kind(self) -> str:
        """Return the kind of source."""
        return self.choice.declaration.source

    def part_of(self, address: str) -> str:
        """Return under which key of a paper a fact stands: `recorded` for what acts record, else `public`."""
        fact = split_address(address)[0]
        return "recorded" if fact in self.choice.scheme.act_recorded_facts else "public"

    def as_json(self) -> dict[str, Any]:
        """The form that other programs read."""
        return {
            "file": self.file,
            "sha256": self.sha256,
            "scheme": self.choice.scheme.id,
            "form": self.choice.form,
            "form_label": self.choice.declaration.label,
            "form_check": self.choice.check,
            "source": self.source_kind,
            "stage": self.stage,
            "facts": [self._fact_as_json(fact) for fact in self.facts],
            "amounts": [amount.as_json() for amount in self.amounts],
            "problems": [problem.as_json() for problem in self.problems],
        }

    def _fact_as_json(self, proposed: ProposedFact) -> dict[str, Any]:
        value = proposed.value
        return {
            "fact": proposed.address,
            "value": value if isinstance(value, (bool, int)) else str(value),
            "part": self.part_of(proposed.address),
            **proposed.place.as_json(),
            "words": proposed.words,
            "certainty": proposed.certainty,
            "check": proposed.check,
        }


@dataclass(slots=True)
class ProposalBuilder:
    """Collects the facts and problems of one file, each value checked as the scheme declares it."""

    scheme: Scheme
    facts: dict[str, ProposedFact] = field(default_factory=dict)
    problems: list[Problem] = field(default_factory=list)

    def state(self, address: str, text: str, place: Place, words: str = "", check: str = "") -> None:
        """Propose a fact as typed text; a value that its kind cannot have is a problem."""
        declarations = self.scheme.rulebook.facts
        fact = split_address(address)[0]
        try:
            self.propose(address, declarations[fact].parse(text), place, words or text, check)
        except InputError as error:
            self.problems.append(Problem(place, f"{address}: {error.message}", quote_words(words or text)))

    def state_all(self, shown: Mapping[str, Any], place: Place, words: str, check: str = "") -> None:
        """Propose facts whose values a form gives in the notation of packs."""
        for address, raw in shown.items():
            self.propose(address, self.scheme.rulebook.facts[address].coerce(raw), place, words, check)

    def propose(self, address: str, value: FactValue, place: Place, words: str, check: str = "") -> None:
        """Propose a value. The first one counts; another value for the same fact has to be checked by a person."""
        known = self.facts.get(address)
        if known is None:
            self.facts[address] = ProposedFact(address, value, place, quote_words(words), check)
        elif known.value != value:
            reason = f"{address}: {known.place} gives another value, {quote(str(known.value))}; one of them is wrong"
            self.problems.append(Problem(place, reason, quote_words(words)))
            self.facts[address] = ProposedFact(
                address, known.value, known.place, known.words, known.check or f"{place} gives another value"
            )
