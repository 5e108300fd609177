"""Overrides: an act that is done although a blocking control is not met, by who may, for a reason.

Invariants:
- Only what the scheme names can be overridden, by an officer in a role that it names for it, and never the order of
  stages. Whatever else blocks the act still refuses it.
- The finding stays breached, in the ruling and in the audit. The reason stands in the entry of the act.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date

from rules.errors import InputError
from rules.judging.findings import Ruling
from rules.packs.scheme import Scheme
from rules.values.suggestions import did_you_mean
from workflow.cases.officers import Officer, describe_roles
from workflow.errors import NotEntitled, Refusal


def refuse_unless_overridden(
    ruling: Ruling, overrides: Mapping[str, str], scheme: Scheme, officer: Officer, on: date
) -> None:
    """Raise `Refusal` if a control blocks an act and is not overridden.

    Raises `InputError` for an override of what does not block or cannot be overridden, and `NotEntitled` for one by an
    officer who may not.
    """
    if not overrides:
        if not ruling.is_open:
            raise Refusal(ruling)
        return
    blocking = ruling.blocking_controls()
    for control in overrides:
        _require_overridable(control, scheme, officer, on)
        if control not in blocking:
            message = f"{control} does not block {ruling.action}, so it cannot be overridden"
            raise InputError(message, "Leave out --override.")
    is_supported = any(verdict.supports_opening for verdict in ruling.judgement.verdicts)
    if not is_supported or not overrides.keys() >= set(blocking):
        raise Refusal(ruling)


def _require_overridable(control: str, scheme: Scheme, officer: Officer, on: date) -> None:
    declared = scheme.declaration.overrides
    if control not in declared:
        listed = did_you_mean(control, declared) or f"Those that can be: {', '.join(declared) or 'none'}."
        raise InputError(f"{control} cannot be overridden under {scheme.id}", listed)
    roles = declared[control].who
    if officer.find_capacity(roles, on, scheme.id) is None:
        raise NotEntitled(officer.name, f"override {control}", describe_roles(roles, scheme))
