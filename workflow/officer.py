"""Officers: who acts for an authority, and in which roles."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable
from dataclasses import dataclass

from rules.errors import InputError
from rules.facts import clean_text
from rules.names import did_you_mean
from rules.scheme import Scheme

MAX_NAME = 100


@dataclass(frozen=True, slots=True)
class Officer:
    """Somebody who acts for one authority. `id` is what is typed for the name: `a-reed`."""

    id: str
    name: str
    scheme: str
    roles: tuple[str, ...]

    def capacity(self, roles: Iterable[str]) -> str | None:
        """The first of some roles that the officer holds, or None."""
        return next((role for role in roles if role in self.roles), None)


def officer(name: str, scheme: Scheme, roles: Iterable[str]) -> Officer:
    """An officer of a scheme; raises `InputError` for an empty name, no role, or a role that the scheme has not."""
    shown = " ".join(clean_text(name).split())
    known = identifier(shown)
    if not known or len(shown) > MAX_NAME:
        raise InputError(f"{shown!r:.120} is not a name: it needs a letter, and at most {MAX_NAME} characters")
    held = tuple(dict.fromkeys(roles))
    if not held:
        raise InputError("an officer needs at least one role", f"There are: {', '.join(scheme.text.roles)}.")
    for role in held:
        if role not in scheme.text.roles:
            raise InputError(f"{role!r} is not a role of {scheme.id}", did_you_mean(role, scheme.text.roles))
    return Officer(known, shown, scheme.id, held)


def identifier(name: str) -> str:
    """What is typed for a name: small letters of the Latin alphabet and digits, joined by hyphens."""
    plain = unicodedata.normalize("NFKD", name).encode("ascii", "ignore").decode().lower()
    return re.sub(r"[^a-z0-9]+", "-", plain).strip("-")
