"""National law judges papers without a scheme: the packs that say so, and what they need."""

from __future__ import annotations

import pytest

from rules.errors import PackError
from rules.packs.library import Library
from tests.workflow.walk import shipped_library

PACK = """
language: 2
pack: lamps-act
title: The law of lamps
instrument: Lamps Act 2020
without_scheme: england-and-wales
needs: {packs: [lamp-facts]}
sources: {lamp_notice: {label: Notice of lamps, asks: [watts]}}
code_tables:
  kinds:
    label: Kinds of lamps
    fact: kind
    codes: {L1: led}
    citation: {provision: s.1, basis: read}
record_forms:
  portal:
    label: Notice of the portal
    source: lamp_notice
    begins: {ocid: lamps-}
    name: id
    time_zone: Europe/London
    currency: GBP
    given: {public: true}
    facts: {kind: [{at: a.b, table: kinds}], watts: [{at: a.c}]}
    citation: {provision: s.2, basis: read}
controls:
  lamp.bright:
    requirement: A lamp is bright enough.
    wrong: The lamp is not bright enough.
    cure: Choose a brighter lamp.
    requires: {watts: {at_least: 5}}
    gates: [audit]
    in_force: {from: 2020-01-01}
    citation: {provision: s.3, basis: read}
"""
FACTS = """
language: 2
pack: lamp-facts
title: Facts of lamps
facts:
  watts: {kind: count, label: Watts}
  public: {kind: flag, label: Is it public?}
  lit_on: {kind: day, label: Day it was lit}
  kind: {kind: choice, label: Kind of lamp, choices: {led: LED, gas: Gas}}
"""
OTHER = "language: 2\npack: other-act\ntitle: Another law\nfacts: {colour: {kind: text, label: Colour}}\n"


def library_with(pack: str = PACK, **more: str) -> Library:
    """A library of the pack of lamps, its facts, and a pack that nothing needs."""
    shipped = shipped_library().files
    files = {"law/lamps.yaml": pack, "law/lamp-facts.yaml": FACTS, "law/other.yaml": OTHER, **more}
    days = {"days/england-and-wales.yaml": shipped["days/england-and-wales.yaml"]}
    return Library({**days, **{name: text.encode() for name, text in files.items()}})


def test_the_packs_that_say_so_and_what_they_need_judge() -> None:
    law = library_with().national_law
    assert set(law.rulebook.controls) == {"lamp.bright"}
    assert "watts" in law.rulebook.facts
    assert "colour" not in law.rulebook.facts
    assert law.given == {"portal": {"public": True}}
    assert law.asked_by("lamp_notice") == frozenset({"watts"})


@pytest.mark.parametrize(
    ("old", "new", "key", "message"),
    [
        ("fact: kind\n", "fact: watts\n", "code_tables.kinds.fact", "is not a declared fact of kind choice"),
        ("{L1: led}", "{L1: oil}", "code_tables.kinds.codes.L1", "is not one of led, gas"),
        ("source: lamp_notice", "source: lamp_note", "record_forms.portal.source", "Did you mean lamp_notice?"),
        ("{public: true}", "{publik: true}", "record_forms.portal.given.publik", "is not a declared fact"),
        ("{public: true}", "{public: 5}", "record_forms.portal.given.public", "is not true or false"),
        ("watts: [", "wats: [", "record_forms.portal.facts.wats", "is not a declared fact"),
        (", table: kinds}", "}", "record_forms.portal.facts.kind.0.table", "must be a table of codes of kind"),
        ("{at: a.c}", "{at: a.c, since: 2020-01-01}", "record_forms.portal.facts.watts.0.since", "of kind day"),
        ("{at: a.c}", '{at: "a..c"}', "record_forms.portal.facts.watts.0.at", ""),
    ],
)  # fmt: skip
def test_a_form_or_table_that_cannot_be_right_is_refused(old: str, new: str, key: str, message: str) -> None:
    assert old in PACK
    with pytest.raises(PackError) as caught:
        _ = library_with(PACK.replace(old, new)).national_law
    assert any(fault.key == key and message in fault.message for fault in caught.value.faults), str(caught.value)


def test_packs_name_one_table_of_days() -> None:
    other = OTHER + "without_scheme: scotland\n"
    with pytest.raises(PackError, match="names another table"):
        _ = library_with(**{"law/other.yaml": other}).national_law
    with pytest.raises(PackError, match=r"days/mars\.yaml: is not there"):
        _ = library_with(PACK.replace("england-and-wales", "mars")).national_law
    with pytest.raises(PackError, match="no pack has the key without_scheme"):
        _ = library_with(PACK.replace("without_scheme: england-and-wales\n", "")).national_law
