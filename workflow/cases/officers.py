"""Officers: who acts for an authority, and in which roles on which days.

No two officers look alike: an id is made from the name, and a name that mixes lookalike alphabets is refused. One
person under two names cannot be refused, since two people can have one name: `find_lookalikes` warns of it.
"""

from __future__ import annotations

import unicodedata
from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import date
from functools import lru_cache
from typing import Any

from rules.errors import InputError
from rules.packs.scheme import Scheme
from rules.values.facts import clean_text
from rules.values.names import find_meant_name
from rules.values.suggestions import did_you_mean
from rules.values.text import quote
from workflow.cases.appointments import Appointment, Capacity, Term, appointments_to, find_capacity
from workflow.errors import NotEntitled

MAX_NAME_LENGTH = 100
ANY_SCHEME = "any"
_LEAST_WORDS = 2
"""A name of two words keeps both: `Ma` and `The` can be names, too."""
# fmt: off
_TITLES = frozenset([
    "mr", "mrs", "ms", "miss", "mx", "dr", "prof", "professor", "sir", "dame", "lord", "lady", "baron", "baroness",
    "rev", "reverend", "cllr", "councillor", "ald", "alderman", "the", "rt", "right", "hon", "honourable",
])
_POST_NOMINALS = frozenset([
    "esq", "esquire", "obe", "mbe", "cbe", "kbe", "dbe", "gbe", "kcb", "dcb", "cb", "qpm", "kpm", "kc", "qc", "jp",
    "dl", "mp", "ms", "am", "phd", "dphil", "md", "ba", "bsc", "ma", "msc", "mba", "llb", "llm", "cpfa", "ipfa", "fca",
    "aca", "acca", "fcca", "frics", "mrics", "mcips", "fcips", "ceng", "cpa",
])
# fmt: on
_LOOK_LATIN = str.maketrans(
    "авсԁеԍнһіјкӏмоорԛѕтухѵԝүαβεζηικμνορτυχ",
    "abcdeghhijklmoopqstyxvwyabezhikmnoptyx",
)
"""Small Cyrillic and Greek letters that look like Latin ones, as small letters or as capitals."""
_CONFUSABLE_ALPHABETS = {"latin", "greek", "cyrillic", "armenian", "cherokee", "coptic"}


@dataclass(frozen=True, slots=True)
class Officer:
    """A person who holds appointments, own ones and those of a deputy.

    `id` is what others type for the name: `a-reed`, `олена-коваль`. A founder makes the first appointments of a store,
    and has no role in any scheme.
    """

    id: str
    name: str
    appointments: tuple[Appointment, ...] = ()
    is_founder: bool = False
    left_on: date | None = None

    @property
    def roles(self) -> tuple[str, ...]:
        """The roles of all own appointments, whatever their days."""
        return tuple(dict.fromkeys(held.role for held in self.appointments if not held.acts_for))

    @property
    def schemes(self) -> tuple[str, ...]:
        """The schemes of all appointments; an empty name stands for every scheme that has the role."""
        return tuple(dict.fromkeys(held.scheme for held in self.appointments))

    def acts_under(self, scheme_id: str) -> bool:
        """Return whether the officer is appointed under a scheme, to whatever role and on whatever days."""
        return any(held.is_under(scheme_id) for held in self.appointments)

    def require_authority(self, scheme_id: str, action: str) -> None:
        """Raise `NotEntitled` if the officer has no appointment under a scheme."""
        if not self.acts_under(scheme_id):
            others = f"not of {', '.join(self.schemes)}" if self.schemes else "this one has no appointment"
            raise NotEntitled(self.name, f"{action} under {scheme_id}", [f"officers of {scheme_id} ({others})"])

    def find_capacity(self, roles: Iterable[str], on: date, scheme_id: str) -> Capacity | None:
        """Return the first of some roles that the officer holds on a day under a scheme, or None."""
        return find_capacity(self.appointments, roles, on, scheme_id)

    def describe_appointments(self, roles: Iterable[str], scheme_id: str) -> str:
        """Return the days of the appointments to some roles, in words; empty if there are none."""
        held = appointments_to(self.appointments, roles, scheme_id)
        return "; ".join(appointment.describe() for appointment in held)

    def without_terms(self) -> Officer:
        """Return the officer as entries of format 1 bind: each role from ever and for ever, and no deputies."""
        own = (replace(held, term=Term()) for held in self.appointments if not held.acts_for)
        return replace(self, appointments=tuple(own))

    def as_json(self) -> dict[str, Any]:
        """Return the form that other programs read."""
        return {
            "officer": self.id,
            "name": self.name,
            "scheme": ", ".join(scheme or ANY_SCHEME for scheme in self.schemes) or "none",
            "roles": ["founding"] * self.is_founder + list(self.roles),
            "founder": self.is_founder,
            "left": self.left_on.isoformat() if self.left_on else None,
            "appointments": [held.as_json() for held in self.appointments],
        }


def clean_name(name: str) -> str:
    """Return a name as it is recorded.

    Raises `InputError` for a name that is empty, too long, without a letter or in several alphabets.
    """
    if not name.strip():
        raise InputError("an officer needs a name", "Give it first: assent officer add 'Rosa Lee' --role author")
    cleaned = " ".join(clean_text(name).split())
    if not any(map(str.isalpha, cleaned)) or len(cleaned) > MAX_NAME_LENGTH:
        raise InputError(
            f"{quote(cleaned, 120)} is not a name: it needs a letter, and at most {MAX_NAME_LENGTH} characters"
        )
    if len(alphabets := _find_confusable_alphabets(cleaned)) > 1:
        raise InputError(
            f"{cleaned!r} mixes letters of several alphabets: {', '.join(sorted(alphabets))}",
            "Letters that look the same would make two officers look like one. Write the name in one alphabet.",
        )
    return cleaned


def clean_roles(scheme: Scheme, roles: Iterable[str]) -> tuple[str, ...]:
    """Return roles of a scheme, each once; raise `InputError` for none, and for one that the scheme does not have."""
    unique_roles = tuple(dict.fromkeys(map(scheme.find_role, roles)))
    if not unique_roles:
        raise InputError("an officer needs at least one role", f"There are: {', '.join(scheme.declaration.roles)}.")
    for role in unique_roles:
        if role not in scheme.declaration.roles:
            raise InputError(f"{role!r} is not a role of {scheme.id}", did_you_mean(role, scheme.declaration.roles))
    return unique_roles


def name_roles_as_held(roles: Iterable[str], officer: Officer) -> tuple[str, ...]:
    """Return some typed roles by the names that an officer holds them under; what is not held stays as typed."""
    held = dict.fromkeys(appointment.role for appointment in officer.appointments)
    return tuple(find_meant_name(role, held) or role for role in roles)


def carry_over_roles(officer: Officer, scheme: Scheme) -> Officer:
    """Return an officer who also holds the roles of a scheme that had other names at the time of the appointment.

    A case may run under an earlier flow, or an appointment be older than the new name: `renamed` leads both ways.
    """
    renamed = scheme.declaration.renamed.roles
    held = officer.appointments
    carried = (
        replace(appointment, role=renamed[appointment.role])
        for appointment in held
        if appointment.is_under(scheme.id) and appointment.role in renamed
    )
    return replace(officer, appointments=(*held, *carried)) if renamed else officer


def describe_roles(roles: Iterable[str], scheme: Scheme) -> list[str]:
    """Return each of some roles of a scheme as an officer reads it: `Report author (author)`."""
    return [f"{scheme.declaration.roles[role].label} ({role})" for role in roles]


def find_lookalikes(name: str, others: Iterable[str]) -> tuple[str, ...]:
    """Return those of other names that may be the same person's as a name.

    Titles, letters after the name, capitals, accents and the order of the words do not count: `One Person Esq` is
    `person, One`. Nor does the alphabet of letters that look alike.
    """
    key = _person_key(name)
    return tuple(other for other in others if other != name and _person_key(other) == key)


@lru_cache(maxsize=1024)  # an audit compares the same few officers in each case
def _person_key(name: str) -> tuple[str, ...]:
    """Return the words that make a name, in order of the alphabet."""
    words = make_officer_id(name.replace(".", "")).translate(_LOOK_LATIN).split("-")
    while len(words) > _LEAST_WORDS and words[0] in _TITLES:
        words = words[1:]
    while len(words) > _LEAST_WORDS and words[-1] in _POST_NOMINALS:
        words = words[:-1]
    return tuple(sorted(words))


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
