"""Officers: who acts for an authority, and in which roles."""

from __future__ import annotations

import unicodedata
from collections.abc import Iterable
from dataclasses import dataclass

from rules.errors import InputError
from rules.packs.scheme import Scheme
from rules.values.facts import clean_text
from rules.values.suggestions import did_you_mean
from rules.values.text import quote

MAX_NAME_LENGTH = 100
_CONFUSABLE_ALPHABETS = {"latin", "greek", "cyrillic", "armenian", "cherokee", "coptic"}


@dataclass(frozen=True, slots=True)
class Officer:
    """Somebody who acts in some roles. `id` is what is typed for the name: `a-reed`, `олена-коваль`.

    `scheme` is that of the one authority for which they act; empty for every authority that knows the roles.
    """

    id: str
    name: str
    scheme: str
    roles: tuple[str, ...]

    def acts_for(self, scheme_id: str) -> bool:
        """Whether they act for the authority of a scheme; what they may do there, their roles say."""
        return self.scheme in ("", scheme_id)

    def find_capacity(self, roles: Iterable[str]) -> str | None:
        """The first of some roles that the officer holds, or None."""
        return next((role for role in roles if role in self.roles), None)


def create_officer(name: str, scheme: Scheme, roles: Iterable[str]) -> Officer:
    """An officer of a scheme; raises `InputError` for an empty name, no role, or a role that the scheme has not."""
    if not name.strip():
        raise InputError("an officer needs a name", "Give it first: officer add 'Rosa Lee' --role author")
    shown = " ".join(clean_text(name).split())
    known = make_officer_id(shown)
    if not any(map(str.isalpha, shown)) or len(shown) > MAX_NAME_LENGTH:
        raise InputError(
            f"{quote(shown, 120)} is not a name: it needs a letter, and at most {MAX_NAME_LENGTH} characters"
        )
    if len(alphabets := _find_confusable_alphabets(shown)) > 1:
        raise InputError(
            f"{shown!r} mixes letters of several alphabets: {', '.join(sorted(alphabets))}",
            "Letters that look the same would make two officers look like one. Write the name in one alphabet.",
        )
    held = tuple(dict.fromkeys(roles))
    if not held:
        raise InputError("an officer needs at least one role", f"There are: {', '.join(scheme.declaration.roles)}.")
    for role in held:
        if role not in scheme.declaration.roles:
            raise InputError(f"{role!r} is not a role of {scheme.id}", did_you_mean(role, scheme.declaration.roles))
    return Officer(known, shown, scheme.id, held)


def make_officer_id(name: str) -> str:
    """What is typed for a name: its small letters and digits joined by hyphens, those of Latin without their marks."""
    bare = unicodedata.normalize("NFKD", name).casefold()
    if _find_confusable_alphabets(name) == {"latin"}:
        bare = "".join(letter for letter in bare if not unicodedata.combining(letter))
    whole = unicodedata.normalize("NFC", bare)
    kept = (sign if sign.isalnum() or unicodedata.category(sign).startswith("M") else " " for sign in whole)
    return "-".join("".join(kept).split())


def _find_confusable_alphabets(name: str) -> set[str]:
    """Those of the alphabets with letters that look the same of which a name has letters."""
    first_words = {unicodedata.name(letter, "").partition(" ")[0].lower() for letter in name if letter.isalpha()}
    return first_words & _CONFUSABLE_ALPHABETS
