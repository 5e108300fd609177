"""What the fixed words of packs mean: kinds, units and outcomes. A test keeps each list whole."""

from __future__ import annotations

from collections.abc import Mapping

from rules.language.schema_types import Outcome
from rules.values.facts import FactKind
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

OUTCOME_MEANINGS: Mapping[Outcome, str] = {
    "satisfied": "The control applies, and what it requires is so.",
    "breached": "The control applies, and what it requires is not so.",
    "not_applicable": "The control does not apply: by its days in force, by `when`, or by `except`.",
    "not_held": "The law may ask something of the case, and the packs hold no rule for it. It says what to read, only "
    "warns, and never opens a gate.",
    "undetermined": "Nobody can tell, because a fact is not stated or no figure is in force. The gate stays shut.",
}
