"""Officers: who acts for an authority, and in which roles.

No two officers look alike: an id is made from the name, and a name that mixes lookalike alphabets is refused.
"""

from __future__ import annotations

import unicodedata
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from rules.errors import InputError
from rules.packs.scheme import Scheme
from rules.values.facts import clean_text
from rules.values.suggestions import did_you_mean
from rules.values.text import quote
from workflow.errors import NotEntitled

MAX_NAME_LENGTH = 100
ANY_SCHEME = "any"
_CONFUSABLE_ALPHABETS = {"latin", "greek", "cyrillic", "armenian", "cherokee", "coptic"}


@dataclass(frozen=True, slots=True)
class Officer:
    """A person who acts in some roles.

    `id` is what others type for the name: `a-reed`, `олена-коваль`. `scheme` is that of the officer's authority; it is
    empty for an officer of every authority that has the roles.
    """

    id: str
    name: str
    scheme: str
    roles: tuple[str, ...]

    def acts_for(self, scheme_id: str) -> bool:
        """Return whether the officer acts for the authority of a scheme, in whatever role."""
        return self.scheme in ("", scheme_id)

    def require_authority(self, scheme_id: str, action: str) -> None:
        """Raise `NotEntitled` if the officer acts for another authority than that of a scheme."""
        if not self.acts_for(scheme_id):
            entitled = f"officers of {scheme_id} (not of {self.scheme})"
            raise NotEntitled(self.name, f"{action} under {scheme_id}", [entitled])

    def find_capacity(self, roles: Iterable[str]) -> str | None:
        """Return the first of some roles that the officer holds, or None."""
        return next((role for role in roles if role in self.roles), None)

    def as_json(self) -> dict[str, Any]:
        """Return the form that other programs read."""
        return {
            "officer": self.id,
            "name": self.name,
            "scheme": self.scheme or ANY_SCHEME,
            "roles": list(self.roles),
        }


def create_officer(name: str, scheme: Scheme, roles: Iterable[str]) -> Officer:
    """Return a new officer of a scheme.

    Raises `InputError` for a name that is empty, too long, without a letter or in several alphabets, for no role, and
    for a role that the scheme does not have.
    """
    if not name.strip():
        raise InputError("an officer needs a name", "Give it first: assent officer add 'Rosa Lee' --role author")
    clean_name = " ".join(clean_text(name).split())
    if not any(map(str.isalpha, clean_name)) or len(clean_name) > MAX_NAME_LENGTH:
        raise InputError(
            f"{quote(clean_name, 120)} is not a name: it needs a letter, and at most {MAX_NAME_LENGTH} characters"
        )
    if len(alphabets := _find_confusable_alphabets(clean_name)) > 1:
        raise InputError(
            f"{clean_name!r} mixes letters of several alphabets: {', '.join(sorted(alphabets))}",
            "Letters that look the same would make two officers look like one. Write the name in one alphabet.",
        )
    unique_roles = tuple(dict.fromkeys(roles))
    if not unique_roles:
        raise InputError("an officer needs at least one role", f"There are: {', '.join(scheme.declaration.roles)}.")
    for role in unique_roles:
        if role not in scheme.declaration.roles:
            raise InputError(f"{role!r} is not a role of {scheme.id}", did_you_mean(role, scheme.declaration.roles))
    return Officer(make_officer_id(clean_name), clean_name, scheme.id, unique_roles)


def make_officer_id(name: str) -> str:
    """Return what others type for a name: small letters and digits, joined by hyphens.

    Only a Latin name loses its accents: `Zoë` is typed `zoe`, but a mark can change the letter in another alphabet.
    """
    letters = unicodedata.normalize("NFKD", name).casefold()
    if _find_confusable_alphabets(name) == {"latin"}:
        letters = "".join(letter for letter in letters if not unicodedata.combining(letter))
    composed = unicodedata.normalize("NFC", letters)
    kept = (char if char.isalnum() or unicodedata.category(char).startswith("M") else " " for char in composed)
    return "-".join("".join(kept).split())


def _find_confusable_alphabets(name: str) -> set[str]:
    """Return the confusable alphabets that a name uses."""
    # A letter's Unicode name begins with its alphabet: LATIN SMALL LETTER A.
    first_words = {unicodedata.name(letter, "").partition(" ")[0].lower() for letter in name if letter.isalpha()}
    return first_words & _CONFUSABLE_ALPHABETS
