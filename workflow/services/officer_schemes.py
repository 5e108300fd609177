"""The schemes in which roles that were typed can be held."""

from __future__ import annotations

from collections.abc import Sequence

from rules.errors import InputError
from rules.packs.scheme import Scheme
from rules.values.suggestions import closest
from workflow.cases.officers import clean_roles
from workflow.ledger.ports import SchemeLibrary


def choose_schemes(library: SchemeLibrary, named: str, roles: Sequence[str]) -> list[Scheme]:
    """Return the named scheme, or else (empty) those with all of some roles; raise `InputError` if there is none."""
    if named:
        scheme = library.scheme(named)
        clean_roles(scheme, roles)
        return [scheme]
    schemes = [library.scheme(name) for name in library.schemes()]
    if not roles:
        raise InputError("an officer needs at least one role", f"Give --role ROLE. {_suggest_roles(schemes, roles)}")
    matching = [
        scheme for scheme in schemes if {scheme.find_role(role) for role in roles} <= scheme.declaration.roles.keys()
    ]
    if not matching:
        named = f"the role {roles[0]!r}" if len(roles) == 1 else f"the roles {', '.join(map(repr, roles))}"
        raise InputError(f"no scheme has {named}", _suggest_roles(schemes, roles))
    return matching


def _suggest_roles(schemes: Sequence[Scheme], roles: Sequence[str]) -> str:
    """Return the role that a misspelt one resembles, or else every role by scheme."""
    known = dict.fromkeys(role for scheme in schemes for role in scheme.declaration.roles)
    for role in roles:
        if role not in known and (near := closest(role, known)):
            return f"Did you mean {near}?"
    listed = "; ".join(f"{scheme.id}: {', '.join(scheme.declaration.roles)}" for scheme in schemes)
    return f"There are: {listed}."
