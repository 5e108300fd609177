"""What the fixed words of packs mean: kinds, units, subjects, gates and outcomes. A test keeps each list whole."""

from __future__ import annotations

from collections.abc import Mapping

from rules.language.pack_schema import Gate, Outcome
from rules.values.facts import FactKind, SubjectKind
from rules.values.units import Unit

FACT_KIND_MEANINGS: Mapping[FactKind, tuple[str, str]] = {
    "money": ("An amount, with or without VAT.", "£60,000 ex VAT"),
    "count": ("A whole number, never negative.", "12"),
    "flag": ("Yes or no.", "true"),
    "day": ("A day, written without quotes.", "2026-03-02"),
    "choice": ("One of the codes in `choices`.", "building"),
    "text": ("Text; paragraphs have an empty line between them.", "A pond is dug in the meadow."),
}
"""The kinds of fact, each with what it holds and how a value is written."""

UNIT_MEANINGS: Mapping[Unit, str] = {
    "percent": "Whole percent: 20 is 20%.",
    "tenths_of_a_percent": "Tenths of a percent: 175 is 17.5%.",
}

SUBJECT_KIND_MEANINGS: Mapping[SubjectKind, str] = {
    "exemption": "A ground on which something is withheld from publication.",
    "recommendation": "One thing that a body is to approve, note or accept.",
    "contract": "A lot, an option, a renewal or an earlier award.",
    "section": "A part of the paper.",
    "figure": "A figure that the paper states in its text.",
    "milestone": "A day that the paper promises in its text.",
}
"""What a case can have several of. Their facts are named after them: `exemption.section`."""

GATE_MEANINGS: Mapping[Gate, str] = {
    "amend": "Somebody changes the paper with `assent case amend`. No action names this gate: it is always there.",
    "submit": "The author sends the paper to those who advise or decide.",
    "support": "A board or an officer advises that the paper goes on.",
    "send_back": "The paper is returned, deferred, rejected or withdrawn.",
    "declare": "An officer makes the declaration that the form has.",
    "certify": "A senior officer certifies the paper, or gives prior approval.",
    "decide": "The decision is taken.",
    "publish": "The decision is published.",
    "review": "What is withheld is looked at again, with `assent review record`.",
    "audit": "An auditor looks at the case with `assent audit`. No action passes this gate.",
}

OUTCOME_MEANINGS: Mapping[Outcome, str] = {
    "satisfied": "The control applies, and what it requires is so.",
    "breached": "The control applies, and what it requires is not so.",
    "not_applicable": "The control does not apply: by its days in force, by `when`, or by `except`.",
    "undetermined": "Nobody can tell, because a fact is not stated or no figure is in force. The gate stays shut.",
}
