"""Suggestions for the name of a fact: by its spelling, its words, its label, or the label that a document gives it."""

from __future__ import annotations

import pytest

from rules.packs.library import Library

SCHEME = Library.load([]).scheme("mopac")


@pytest.mark.parametrize(
    ("typed", "suggestion"),
    [
        ("titel", "Did you mean title?"),
        ("estimated_valeu", "Did you mean estimated_value?"),
        ("date_signed", "Did you mean dmpc.on? dmpc.on is recorded by approve, dmpc-return or reject."),
        ("Date signed", "Did you mean dmpc.on? dmpc.on is recorded by approve, dmpc-return or reject."),
        ("value", "Did you mean estimated_value, subsidy.value or contract.value?"),
        ("qwxzv", ""),
    ],
)
def test_a_name_that_is_no_fact_gets_what_may_be_meant(typed: str, suggestion: str) -> None:
    assert SCHEME.suggest_fact(typed) == suggestion


def test_only_facts_that_somebody_states_are_suggested() -> None:
    stated = SCHEME.stated_facts()
    assert "procurement.value" not in stated, "it is derived"
    assert "body.kind" not in stated, "the scheme gives it"
    assert {"estimated_value", "dmpc.on", "exemption.limb"} <= stated.keys()


@pytest.mark.parametrize(
    ("typed", "address"),
    [
        ("estimated_value", "estimated_value"), ("Estimated value", "estimated_value"),
        ("ESTIMATED-VALUE", "estimated_value"), ("matter kind", "matter.kind"), ("Kind of matter", "matter.kind"),
        ("exemption:S43.Limb", "exemption:s43.limb"), ("Exemption:s43.Limb of the section", "exemption:s43.limb"),
        ("recommendation:1.verb", "recommendation:1.verb"), ("value", ""), ("exemption:s43", ""), ("", ""),
        ("exemption:a b.limb", ""), ("nothing:s43.limb", ""),
    ],
)  # fmt: skip
def test_an_address_is_found_in_each_form_that_means_one(typed: str, address: str) -> None:
    assert SCHEME.rulebook.facts.find_address(typed) == address
