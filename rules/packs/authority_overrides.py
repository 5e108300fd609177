"""What an authority gives for itself: figures for values that have none, and its own sources for what is practice.

Invariants:
- A value is set only where no figure of it is from a source that was checked; a source is given for packs of practice
  and for policy alone, since the law is the same for everybody.
- Policy of others blocks only for an authority that has a source of its own for it. Elsewhere it warns.
- Each is given once among the packs of a scheme.
"""

from __future__ import annotations

from collections.abc import Sequence

from rules.errors import Fault
from rules.language.dated_values import DatedValue
from rules.language.pack_schema import CitationOverride, ControlDeclaration
from rules.packs.pack_file import PackFile
from rules.reading.yaml_reader import LocatedFault
from rules.values.suggestions import did_you_mean


def apply_settings(pack_files: Sequence[PackFile], values: dict[str, DatedValue]) -> list[Fault]:
    """Give values the histories that packs set, and return a fault for each that may not be set so."""
    first_setting: dict[str, PackFile] = {}
    faults: list[Fault] = []
    for pack_file in pack_files:
        for name, setting in pack_file.pack.sets.items():
            value, first = values.get(name), first_setting.setdefault(name, pack_file)
            if value is None:
                message = f"is a value that nobody declares. {did_you_mean(name, values)}".strip()
            elif first is not pack_file:
                message = f"is set more than once, first in {first.source.name}"
            elif not value.can_be_set:
                message = "is set already from a source that was checked, so it cannot be set here"
            else:
                values[name] = value.model_copy(update={"history": setting.history, "not_found": ()})
                continue
            faults.append(pack_file.source.fault_at(("sets", name), message))
    return faults


def collect_citations(pack_files: Sequence[PackFile]) -> tuple[dict[str, CitationOverride], list[Fault]]:
    """Return the sources that packs give to controls and days of packs of practice, and every fault in them."""
    citations: dict[str, CitationOverride] = {}
    faults: list[Fault] = []
    for pack_file in pack_files:
        for name, citing in pack_file.pack.cites.items():
            at, message = _citation_problem(pack_files, name, citing, is_cited=name in citations)
            if message:
                faults.append(pack_file.source.fault_at(("cites", name, *at), message))
            else:
                citations[name] = citing
    return citations, faults


def limit_policy(pack_file: PackFile, declaration: ControlDeclaration, *, has_own_source: bool) -> ControlDeclaration:
    """Return a control as it binds an authority: what is neither law nor its own rule only warns."""
    if has_own_source or not is_policy_of_others(pack_file, declaration):
        return declaration
    return declaration.model_copy(update={"severity": "warning"})


def is_policy_of_others(pack_file: PackFile, declaration: ControlDeclaration) -> bool:
    """Return whether no law asks it of everybody, and no scheme has it as a rule of its own.

    Older packs do not say what they cite, and bind as they did.
    """
    kind = declaration.citation.kind
    return not pack_file.is_of_scheme and (kind == "policy" or (kind is not None and pack_file.pack.practice))


def _citation_problem(
    pack_files: Sequence[PackFile], name: str, citing: CitationOverride, *, is_cited: bool
) -> LocatedFault:
    """Return why something may not be cited so, and the key at fault within the citation; empty if it may."""
    homes = [pack_file.pack for pack_file in pack_files if name in pack_file.pack.citable_names]
    law = [home.pack for home in homes if not home.may_be_cited_otherwise(name)]
    if not homes:
        near = did_you_mean(name, (known for pack_file in pack_files for known in pack_file.pack.citable_names))
        return (), f"is a control or a kind of day that nobody declares. {near}".strip()
    if law:
        return (), f"is law in {law[0]}, and the law cannot be cited otherwise"
    if is_cited:
        first = next(pack_file.source.name for pack_file in pack_files if name in pack_file.pack.cites)
        return (), (
            f"is cited more than once, first in {first}: take one out (a folder's own file stands in the place of a"
            " shipped one of its name)"
        )
    return _citation_period_problem(homes[0].controls.get(name), citing)


def _citation_period_problem(control: ControlDeclaration | None, citing: CitationOverride) -> LocatedFault:
    """Return the fault of a citation for days on which the control itself is not in force; empty if there is none."""
    if citing.in_force is None or (control and control.in_force.contains(citing.in_force)):
        return (), ""
    if control is None:
        return ("in_force",), "can be given for a control alone: a kind of day has no days in force"
    return ("in_force",), (
        f"must lie within {control.in_force}, the days on which the control is in force where it is declared; "
        "leave in_force out to take these"
    )
