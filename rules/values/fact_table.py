"""The facts that a scheme declares, with the kinds of subject that they may belong to.

Invariants:
- A dotted name belongs to each subject of a kind only if that kind is declared; any other name belongs to the case.
- An address that an officer typed is checked here; addresses that were recorded are read by their form alone.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from contextlib import suppress

from rules.errors import InputError
from rules.values.facts import CASE, SUBJECT_KEY, FactDeclaration, FactValue, address_of, is_address, split_address
from rules.values.names import find_meant, find_meant_name
from rules.values.suggestions import did_you_mean


class FactTable(dict[str, FactDeclaration]):
    """Declarations of facts by name.

    `subject_kinds` are the declared kinds of subject, in the order in which they are judged.
    """

    def __init__(self, facts: Mapping[str, FactDeclaration], subject_kinds: Iterable[str] = ()) -> None:
        super().__init__(facts)
        self.subject_kinds = tuple(subject_kinds)
        self.choice_groups: dict[str, Mapping[str, tuple[str, ...]]] = {}
        """For each fact with `choices_by`: its choices by the choice of the other fact to which they belong."""

    def limiting_address(self, fact: str, key: str) -> str:
        """Return the address of the fact on which the choices of a fact depend; "" for any other fact."""
        limits = self[fact].choices_by if fact in self.choice_groups else None
        return self.address_of(limits.fact, key) if limits else ""

    def limit_choices(self, fact: str, limiting: object) -> FactDeclaration:
        """Return a fact with the choices that belong to a choice of the fact on which they depend.

        The section s43 leaves two limbs. An unknown choice leaves all.
        """
        return self._limit(fact, self[fact], limiting)

    def _limit(self, fact: str, declaration: FactDeclaration, limiting: object) -> FactDeclaration:
        other = declaration.choices_by
        if other is None or fact not in self.choice_groups or limiting not in self[other.fact].choices:
            return declaration
        group = self.choice_groups[fact].get(str(limiting), ())
        return declaration.model_copy(update={"choices": {code: declaration.choices[code] for code in group}})

    def parse_typed(self, fact: str, text: str, limiting: object = None) -> FactValue:
        """Parse the value of a fact as typed; an error lists the choices that a choice of the other fact leaves.

        A choice that belongs elsewhere is taken: the rules say what is wrong with it.
        """
        declaration = self[fact]
        limited = self._limit(fact, declaration, limiting)
        try:
            return limited.parse(text)
        except InputError as error:
            if limited is declaration:
                raise
            with suppress(InputError):
                return declaration.parse(text)
            advice = limited.choice_advice
            raise InputError(error.message, f"{advice[0].upper()}{advice[1:]}.") from None

    def subject_kind_of(self, fact: str) -> str:
        """Return the kind of subject that a fact belongs to: `exemption` for `exemption.section`.

        A fact of no declared kind belongs to the case.
        """
        kind, dot, _ = fact.partition(".")
        return kind if dot and kind in self.subject_kinds else CASE

    def address_of(self, fact: str, key: str) -> str:
        """Return the address of a fact as a subject with a key sees it; a fact of its case has no key."""
        return fact if self.subject_kind_of(fact) == CASE else address_of(fact, key)

    def find_address(self, typed: str) -> str:
        """Return the address of the fact that is meant, as `Estimated value` means `estimated_value`; or "".

        A fact is meant by its name or its label, in any case, with spaces, hyphens or underscores.
        """
        if is_address(typed) and split_address(typed)[0] in self:
            return typed
        typed_kind, colon, rest = typed.partition(":")
        if not colon:
            return find_meant(typed, self._labels_of(CASE))
        kind, (key, _, name) = find_meant_name(typed_kind, self.subject_kinds), rest.partition(".")
        key = key.strip().casefold()
        fact = self.find_fact_of(kind, name) if kind and SUBJECT_KEY.fullmatch(key) else ""
        return address_of(fact, key) if fact else ""

    def find_fact_of(self, kind: str, typed: str) -> str:
        """Return the fact of a kind of subject that is meant, as `Limb` means `exemption.limb`; or ""."""
        labels = {fact.partition(".")[2]: label for fact, label in self._labels_of(kind).items()}
        name = find_meant(typed, labels)
        return f"{kind}.{name}" if name else ""

    def _labels_of(self, kind: str) -> dict[str, str]:
        return {name: declared.label for name, declared in self.items() if self.subject_kind_of(name) == kind}

    def split_address(self, address: str) -> tuple[str, str]:
        """Split an address that somebody typed into fact name and subject key.

        Raises `InputError` if it is not an address, names an unknown kind of subject, or lacks the subject's key.
        """
        fact, key = split_address(address)
        kind = fact.partition(".")[0]
        if key and kind not in self.subject_kinds:
            advice = did_you_mean(kind, self.subject_kinds)
            known = ", ".join(self.subject_kinds)
            listed = f"the kinds are {known}" if known else "no pack declares one"
            raise InputError(f"{kind!r} is not a kind of subject; {listed}", advice)
        if not key and self.subject_kind_of(fact) != CASE:
            example = address_of(fact, "KEY")
            raise InputError(f"{address} is a fact of each {kind}; write {example}, with the key of one")
        return fact, key
