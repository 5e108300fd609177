"""Three digests of a bundle: of its law, of its flow, and of its layout.

Invariants:
- Every key that a pack or the head of a scheme may have belongs to one of the three; a test fails for a key without.
- They are computed from what the files declare, not from their bytes, but for pictures. Comments, spaces, the order of
  mappings and defaults that are written out do not count.
- They are compared, never sealed. Rulings and kept packs are named by `Bundle.digest`, which covers every byte, so a
  later version of assent may sort keys into other digests without touching a ledger.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from functools import lru_cache
from typing import Any, NamedTuple, TypeAlias

import orjson

from rules.language.coverage_schema import CoverageRow
from rules.language.dated_values import DatedFigure, DatedValue, KnownGap
from rules.language.derivation_schema import DerivedDeclaration
from rules.language.pack_schema import CitationOverride, ControlDeclaration, DiaryDeclaration, Pack, ValueSetting
from rules.language.vocabulary import GateDeclaration, SubjectKindDeclaration
from rules.packs.bundle import Bundle, ParsedBundle
from rules.packs.corrections_schema import CorrectionRules
from rules.packs.flow_schema import Action, PaperPermissions, ReviewAction, Role, Stage, Task
from rules.packs.officers_schema import AppointmentRules, LateRecording, OverrideRule, Separation
from rules.packs.scheme_schema import AuthorityFact, SchemeDeclaration
from rules.values.citation import Citation, Declaration
from rules.values.facts import FactDeclaration
from rules.values.money import Money


class Aspect(StrEnum):
    """What packs decide: what is judged (law), how cases move (flow), or wording and documents (layout)."""

    LAW = "law"
    FLOW = "flow"
    LAYOUT = "layout"


LAW, FLOW, LAYOUT = Aspect.LAW, Aspect.FLOW, Aspect.LAYOUT


class Split(NamedTuple):
    """A key that holds one declaration or a list of them, each divided by its own keys."""


class Named(NamedTuple):
    """A key that holds a mapping: its names belong to one aspect, its declarations are divided by their own keys.

    Texts in place of declarations are labels, and belong to the layout.
    """

    names: Aspect
    in_order: bool = False


Placement: TypeAlias = Aspect | Split | Named
_SPLIT = Split()
_CITATION_KEYS: Mapping[str, Placement] = {
    "instrument": LAW, "provision": LAW, "link": LAW, "basis": LAW, "note": LAYOUT,
    "kind": LAW,
    "signed_off": LAYOUT,  # says who checked, and changes nothing that is asked of a case
}  # fmt: skip
_DERIVED_FUNCTION_KEYS = frozenset(DerivedDeclaration.model_fields) - {"label", "choices", "governed_by"}

PLACEMENTS: Mapping[type[Declaration], Mapping[str, Placement]] = {
    Pack: {
        "language": LAW, "pack": LAW, "title": LAYOUT, "instrument": LAW, "link": LAW, "practice": LAW,
        "kind": LAYOUT,  # its citations take it over
        "needs": LAYOUT,
        "gates": Named(LAW), "subjects": Named(LAW),
        # How papers of others are read: nothing that is asked of a case here.
        "sources": LAYOUT, "without_scheme": LAYOUT,
        # Their citations take over the instrument of the pack, which is law.
        "code_tables": LAW, "record_forms": LAW,
        "facts": Named(LAW), "values": Named(LAW), "sets": Named(LAW), "derived": Named(LAW),
        "controls": Named(LAW), "coverage": Named(LAW), "diary": Named(LAW), "cites": Named(LAW),
        "staged": LAYOUT,  # it judges nothing, and names instruments of its own
    },
    GateDeclaration: {"label": LAYOUT, "about": LAYOUT},
    SubjectKindDeclaration: {"label": LAYOUT, "plural": LAYOUT, "about": LAYOUT},
    FactDeclaration: {
        "kind": LAW, "label": LAYOUT, "about": LAYOUT, "choices": Named(LAW), "choices_of": LAW, "choices_by": LAYOUT,
        "usually": LAYOUT, "unit": LAW, "negative": LAW, "names_case": LAW, "identifies": LAW,
        "from_case": LAW,
        "presumed": LAYOUT,  # as for sources
    },
    DatedValue: {
        "kind": LAW, "label": LAYOUT, "about": LAYOUT, "by": LAW, "unit": LAW,
        "history": _SPLIT, "not_found": _SPLIT,
    },
    DatedFigure: {"from": LAW, "to": LAW, "is": LAW, "operator": LAW, "for": LAW, "citation": _SPLIT},
    KnownGap: {"from": LAW, "to": LAW, "for": LAW, "why": LAYOUT},
    ValueSetting: {"history": _SPLIT},
    DerivedDeclaration: {
        "label": LAYOUT, "choices": Named(LAW), "governed_by": LAW, **dict.fromkeys(_DERIVED_FUNCTION_KEYS, LAW),
    },
    ControlDeclaration: {
        "of": LAW, "requirement": LAYOUT, "wrong": LAYOUT, "cure": LAYOUT, "when": LAW, "requires": LAW,
        "except": LAW, "severity": LAW, "gates": LAW, "governed_by": LAW, "in_force": LAW, "citation": _SPLIT,
    },
    CoverageRow: {
        "provisions": LAYOUT, "about": LAYOUT, "status": LAYOUT, "lacks": LAYOUT, "when": LAW, "of": LAW, "gates": LAW,
        "governed_by": LAW, "in_force": LAW, "citation": _SPLIT,
    },
    DiaryDeclaration: {"of": LAW, "label": LAYOUT, "day": LAW, "owner": LAW, "when": LAW, "citation": _SPLIT},
    Citation: _CITATION_KEYS,
    CitationOverride: {**_CITATION_KEYS, "in_force": LAW},
    SchemeDeclaration: {
        "language": FLOW, "scheme": FLOW, "name": LAYOUT, "short": LAYOUT, "about": LAYOUT, "citation": _SPLIT,
        "in_force": FLOW, "calendar": LAW, "packs": LAW, "given": Named(LAW), "shared": LAYOUT,
        "roles": Named(FLOW), "paper": _SPLIT,
        "gates": Named(FLOW), "subjects": Named(FLOW, in_order=True), "outcomes": Named(FLOW), "decision_day": LAW,
        "stages": Named(FLOW, in_order=True), "actions": Named(FLOW, in_order=True), "reviews": Named(FLOW),
        "diary": Named(LAW), "owners": FLOW, "numbering": FLOW, "documents": LAYOUT, "appointments": _SPLIT,
        "corrections": _SPLIT, "separation": Named(FLOW), "overrides": Named(FLOW), "late_recording": _SPLIT,
        "letterhead": LAYOUT, "withheld_as": LAYOUT, "also_called": LAYOUT, "flow_of": LAYOUT,
        "time_zone": FLOW, "sources": LAYOUT, "published_forms": LAYOUT, "form_readings": LAYOUT,
        "renamed": LAYOUT,  # says what was, and so changes nothing that the scheme asks for
    },
    PaperPermissions: {"open": FLOW, "amend": FLOW, "migrate": FLOW, "kind": LAYOUT, "value": LAYOUT},
    CorrectionRules: {"who": FLOW, "gate": FLOW, "stages": FLOW, "citation": _SPLIT},
    AppointmentRules: {"who": FLOW, "backdating": FLOW, "citation": _SPLIT},
    LateRecording: {"after_days": FLOW, "citation": _SPLIT},
    OverrideRule: {"who": FLOW, "citation": _SPLIT},
    Separation: {
        "requirement": LAYOUT, "apart": FLOW, "from": FLOW, "severity": FLOW, "in_force": FLOW, "citation": _SPLIT,
    },
    AuthorityFact: {"is": LAW, "citation": _SPLIT},
    Role: {"label": LAYOUT, "about": LAYOUT},
    Stage: {"label": LAYOUT, "about": LAYOUT, "last": FLOW, "tasks": Named(FLOW), "needed": FLOW},
    Task: {"label": LAYOUT, "done": FLOW},
    Action: {
        "label": LAYOUT, "stage": FLOW, "to": FLOW, "task": FLOW, "reopens": FLOW, "belongs_to": FLOW,
        "gate": FLOW, "who": FLOW, "outcome": FLOW, "dates": FLOW, "asks": FLOW, "own": FLOW, "sets": FLOW,
    },
    ReviewAction: {
        "label": LAYOUT, "of": FLOW, "gate": FLOW, "who": FLOW, "outcome": FLOW, "kept_in": FLOW, "dates": FLOW,
        "asks": FLOW, "ends": FLOW, "about": LAYOUT,
    },
}  # fmt: skip
"""The aspect of each key of each declaration. Everything below a key of one aspect belongs to that aspect."""
CASE_FLOW_KEYS = ("in_force", "roles", "paper", "stages", "actions", "reviews")
"""The keys of a scheme's head that decide how a case moves."""


@dataclass(frozen=True, slots=True)
class AspectDigests:
    """The three digests of a bundle, each 64 hexadecimal figures."""

    law: str
    flow: str
    layout: str

    def as_json(self) -> dict[str, str]:
        """The form that other programs read."""
        return {aspect: getattr(self, aspect) for aspect in Aspect}

    def changed_aspects(self, other: AspectDigests) -> tuple[Aspect, ...]:
        """The aspects that differ: law, flow, layout, in this order."""
        return tuple(aspect for aspect in Aspect if getattr(self, aspect) != getattr(other, aspect))


@lru_cache(maxsize=32)
def compute_digests(bundle: Bundle) -> AspectDigests:
    """The three digests of a bundle; raises `FileError` for files that cannot be read."""
    parsed = bundle.parse()
    return AspectDigests(*(_digest(aspect, _collect(parsed, aspect, bundle.images)) for aspect in Aspect))


@lru_cache(maxsize=64)
def compute_flow_digest(bundle: Bundle) -> str:
    """The digest of what decides how a case moves, from a scheme's head; raises `FileError` for a faulty head.

    Words that the head only declares do not count, nor the form of the numbers that new cases get.
    """
    _, declaration = bundle.head()
    flow = _divide(declaration)[FLOW]
    return _digest(FLOW, {key: flow[key] for key in CASE_FLOW_KEYS if key in flow})


def _collect(parsed: ParsedBundle, aspect: Aspect, images: Mapping[str, bytes]) -> dict[str, Any]:
    """All that a bundle declares of one aspect, as plain data."""
    packs = {file.pack.pack: _divide(file.pack)[aspect] for file in parsed.pack_files}
    pictures = {file: hashlib.sha256(data).hexdigest() for file, data in images.items() if aspect is LAYOUT}
    return {
        "scheme": _divide(parsed.declaration)[aspect],
        "packs": {name: part for name, part in packs.items() if part},
        "calendar": _collect_calendar(parsed, aspect),
        **({"images": pictures} if pictures else {}),
    }


def _collect_calendar(parsed: ParsedBundle, aspect: Aspect) -> object:
    """The days off are law; what they are called, and where the list comes from, is layout."""
    days = parsed.calendar
    if aspect is LAW:
        elsewhere = [] if days.elsewhere is None else [sorted(days.elsewhere)]
        return _as_plain([days.division, days.first_year, days.last_year, sorted(days.holidays), *elsewhere])
    return _as_plain(parsed.calendar_source.data) if aspect is LAYOUT else None


def _divide(declaration: Declaration) -> dict[Aspect, dict[str, Any]]:
    """The keys of a declaration, divided by aspect; an aspect without keys has an empty mapping."""
    divided: dict[Aspect, dict[str, Any]] = {aspect: {} for aspect in Aspect}
    placements = PLACEMENTS[type(declaration)]
    for key, value in stated_keys(declaration):
        placement = placements[key]
        if isinstance(placement, Aspect):
            divided[placement][key] = _as_plain(value)
            continue
        parts = _divide_named(value, placement) if isinstance(placement, Named) else _divide_split(value)
        for aspect, part in parts.items():
            if part:
                divided[aspect][key] = part
    return divided


def _divide_named(declared: Mapping[str, Declaration | str], placement: Named) -> dict[Aspect, Any]:
    """The entries of a mapping, divided; the aspect of the names has every name, even without any key."""
    divided = _divide_entries(declared.items())
    named = {name: divided[placement.names].get(name, {}) for name in declared}
    ordered = [list(declared), named] if placement.in_order else named
    return {**divided, placement.names: ordered}


def _divide_split(value: Declaration | tuple[Declaration, ...]) -> dict[Aspect, Any]:
    """One declaration, or each of several by its place, divided."""
    if isinstance(value, Declaration):
        return dict(_divide(value))
    return _divide_entries((str(place), one) for place, one in enumerate(value))


def _divide_entries(entries: Iterable[tuple[str, Declaration | str]]) -> dict[Aspect, Any]:
    divided: dict[Aspect, Any] = {aspect: {} for aspect in Aspect}
    for name, declared in entries:
        parts = _divide(declared) if isinstance(declared, Declaration) else {LAYOUT: declared}
        for aspect, part in parts.items():
            if part:
                divided[aspect][name] = part
    return divided


def stated_keys(declaration: Declaration) -> Iterator[tuple[str, Any]]:
    """Each key that does not have its default, as YAML writes it, with its value."""
    for name, field in type(declaration).model_fields.items():
        value = getattr(declaration, name)
        if field.is_required() or value != field.get_default(call_default_factory=True):
            yield field.alias or name, value


def _as_plain(value: object) -> object:
    """A value as plain data that JSON can hold, with the kind of what JSON has no kind for."""
    if isinstance(value, Declaration):
        return {key: _as_plain(inner) for key, inner in stated_keys(value)}
    if isinstance(value, Mapping):
        return {str(key): _as_plain(inner) for key, inner in value.items()}
    if isinstance(value, (list, tuple)):
        return [_as_plain(inner) for inner in value]
    if isinstance(value, Money):
        return {"pence": value.pence, "vat": value.vat.code}
    return {"day": value.isoformat()} if isinstance(value, date) else value


def _digest(aspect: Aspect, content: Mapping[str, Any]) -> str:
    return hashlib.sha256(
        f"assent {aspect} 1\n".encode() + orjson.dumps(content, option=orjson.OPT_SORT_KEYS)
    ).hexdigest()
