"""What packs need of a scheme, and one fault for each pack whose scheme lacks something.

Invariants:
- A pack whose needs are not met has one fault, at the place where the scheme takes it. The faults that follow from it
  in the pack's own file are not shown: its author cannot cure them there.
- What only controls name that the scheme leaves out is not needed.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from typing import Any, NamedTuple

from rules.errors import Fault
from rules.language.pack_schema import Pack
from rules.packs.declared_words import WordSource
from rules.packs.pack_file import PackFile
from rules.packs.pack_use import PackUse
from rules.packs.scheme_schema import SchemeDeclaration
from rules.reading.yaml_reader import KeyPath, YamlFile
from rules.values.suggestions import did_you_mean
from rules.values.text import list_first

_MAX_LISTED_CONTROLS = 6
_SORTS = {
    "stages": ("a stage", "add it"),
    "tasks": ("a task", "add it to a stage"),
    "roles": ("a role", "add it"),
    "actions": ("an action", "add it"),
    "outcomes": ("an outcome", "add it to an action"),
    "gates": ("a gate", "declare it under gates"),
    "facts": ("a fact", "declare it in a pack of your own"),
}
"""Each sort of name in the order of messages: its words there, and the way for a scheme to supply one."""


class _Need(NamedTuple):
    """One thing that a pack needs and the scheme lacks: what it is, its name as the pack is read, ways to supply it."""

    thing: str
    name: str
    cures: tuple[str, ...]


def find_unmet_needs(
    packs: Sequence[PackFile], head: WordSource, facts: Iterable[str], gates: Iterable[str]
) -> dict[str, Fault]:
    """Return the fault of each pack whose needs the scheme does not meet, by the pack's file."""
    declaration = head.declaration
    if not isinstance(declaration, SchemeDeclaration):
        return {}
    supply: dict[str, Collection[str]] = {
        "stages": declaration.stages,
        "tasks": declaration.tasks(),
        "roles": declaration.roles,
        "actions": declaration.actions,
        "outcomes": {*declaration.outcomes, *(action.outcome for action in declaration.actions.values())},
        "gates": frozenset(gates),
        "facts": frozenset(facts),
        "packs": frozenset(each.pack.pack for each in packs),
    }
    uses = {use.file: (("packs", place), use) for place, use in enumerate(declaration.packs)}
    unmet: dict[str, Fault] = {}
    for pack_file in packs:
        source, pack = pack_file.source, pack_file.pack
        at, use = uses.get(source.name, (None, PackUse(pack=pack.pack)))
        lacking = [need for need in _lacking(pack, use, supply) if _is_still_named(source, pack, need.name)]
        if lacking:
            message = _describe(source, pack, lacking)
            unmet[source.name] = head.source.fault_at(at, message) if at else source.fault_at(("needs",), message)
    return unmet


def left_out_faults(packs: Sequence[PackFile], head: WordSource) -> Iterator[Fault]:
    """Yield a fault for each control that a scheme leaves out and the pack does not declare."""
    declaration = head.declaration
    sources = {pack_file.source.name: pack_file.source for pack_file in packs}
    for place, use in enumerate(declaration.packs if isinstance(declaration, SchemeDeclaration) else ()):
        declared: Mapping[str, Any] = sources[use.file].data.get("controls", {}) if use.file in sources else {}
        for name in use.leaves_out:
            if name not in declared:
                at: KeyPath = ("packs", place, "leaves_out", name)
                near = did_you_mean(name, declared)
                yield head.source.fault_at(at, f"is not a control of {use.pack}. {near}".strip())


def mapping_faults(packs: Sequence[PackFile], head: WordSource) -> Iterator[Fault]:
    """Yield a fault for each name that a scheme maps and the pack does not need.

    Packs with such a name can still be read, because ledgers may hold some; `scheme check` refuses them.
    """
    declaration = head.declaration
    by_file = {pack_file.source.name: pack_file.pack for pack_file in packs}
    for place, use in enumerate(declaration.packs if isinstance(declaration, SchemeDeclaration) else ()):
        if use.file not in by_file:
            continue
        for sort, names in use.names().items():
            needed: tuple[str, ...] = getattr(by_file[use.file].needs, sort)
            for name in names:
                if name not in needed:
                    advice = did_you_mean(name, needed) or f"Take it out, or add it under `needs` of {use.pack}."
                    message = f"is not among the {sort} that {use.pack} needs. {advice}"
                    yield head.source.fault_at(("packs", place, sort, name), message)


def _lacking(pack: Pack, use: PackUse, supply: Mapping[str, Collection[str]]) -> Iterator[_Need]:
    """Yield what a pack needs and a scheme lacks, whether or not a control still names it."""
    missing_packs = [name for name in pack.needs.packs if name not in supply["packs"]]
    yield from (_Need(f"the pack {name}", name, ("add it under packs",)) for name in missing_packs)
    for sort, (thing, cure) in _SORTS.items():
        if sort == "facts" and missing_packs:  # one of these packs may declare it
            continue
        own_names = use.names()[sort]
        for name in getattr(pack.needs, sort):
            own = own_names.get(name, name)
            if own in supply[sort]:
                continue
            if name in own_names:
                advice = f"you map it to {own}, which the scheme does not have. {did_you_mean(own, supply[sort])}"
                yield _Need(f"{thing} called {name}", own, (advice.strip(" ?."),))
            else:
                yield _Need(
                    f"{thing} called {name}", name, (cure, f"map one with `{sort}: {{{name}: YOURS}}` under packs")
                )


def _describe(source: YamlFile, pack: Pack, lacking: Sequence[_Need]) -> str:
    """Say in one sentence what a pack needs, and what to write."""
    parts = []
    for need in lacking:
        naming = [name for name in pack.controls if _names(source.data["controls"][name], need.name)]
        listed = list_first(naming, _MAX_LISTED_CONTROLS)
        leave_out = [f"leave out the controls that name it ({listed})"] if naming else []
        parts.append(f"{need.thing}: {_join_ways([*need.cures, *leave_out])}")
    return f"{pack.pack} needs {'; and '.join(parts)}"


def _join_ways(ways: Sequence[str]) -> str:
    *first, last = ways
    return f"{', '.join(first)}, or {last}" if first else last


def _is_still_named(source: YamlFile, pack: Pack, name: str) -> bool:
    """Whether a pack uses a name outside the controls that are left out; a name that it never uses counts, too."""
    controls: Mapping[str, Any] = source.data.get("controls", {})
    left_out = [control for key, control in controls.items() if key not in pack.controls]
    if not any(_names(control, name) for control in left_out):
        return True
    sections = {key: value for key, value in source.data.items() if key not in ("controls", "needs")}
    return _names([sections, *(controls[key] for key in pack.controls)], name)


def _names(data: Any, name: str) -> bool:  # noqa: ANN401 - any part of a file
    """Whether some data has a name as a key or a value, or the name of a fact that begins with it."""
    return any(text == name or text.startswith(f"{name}.") for text in _texts_in(data))


def _texts_in(data: Any) -> Iterator[str]:  # noqa: ANN401
    if isinstance(data, str):
        yield data
    elif isinstance(data, dict):
        for key, value in data.items():
            yield key
            yield from _texts_in(value)
    elif isinstance(data, list):
        for item in data:
            yield from _texts_in(item)
