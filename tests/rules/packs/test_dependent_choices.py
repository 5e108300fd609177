"""Choices that depend on another answer: which are offered, in errors and cures, and what a pack may not declare."""

from __future__ import annotations

from datetime import date

import pytest

from rules.errors import InputError
from rules.packs.library import Library
from rules.values.evidence import Evidence
from rules.values.facts import FactValue
from tests.gate_findings import gate_findings
from tests.rules.manual_packs import manual_scheme
from tests.rules.pack_builders import FACTS_YAML, PACK_HEADER, pack_faults, small_rulebook
from workflow.cases.redacted_errors import RedactingTable

SCHEME = Library.load([]).scheme("mopac")
LIMB = "exemption.limb"
LIMITED = (
    "  tint: {kind: choice, label: Tint, choices: {pink: Pink, lime: Lime}, choices_by: {fact: colour, value: hue}}\n"
)
VALUE = """
values:
  hue:
    kind: choice
    label: Hue of a tint
    by: [tint]
    history:
      - {from: 2018-01-01, for: {tint: pink}, is: red, citation: {provision: cl 1, basis: read}}
      - {from: 2018-01-01, for: {tint: lime}, is: green, citation: {provision: cl 1, basis: read}}
"""


def findings_on(facts: dict[str, FactValue], exempt: dict[str, FactValue] | None = None) -> dict[str, str]:
    evidence = Evidence.from_parts({"act.on": date(2018, 4, 16), **facts}, exempt or {})
    return {f.control: f.cure for f in gate_findings(SCHEME.rulebook, "submit", evidence) if f.outcome == "breached"}


class TestOfferedChoices:
    """Section 43 of the Freedom of Information Act 2000 has a limb on trade secrets and one on commercial interests."""

    def test_a_section_leaves_its_own_limbs(self) -> None:
        offered = SCHEME.rulebook.facts.limit_choices(LIMB, "s43")
        assert list(offered.choices) == ["trade_secret", "commercial_interests"]

    def test_each_limb_belongs_to_exactly_one_section(self) -> None:
        groups = SCHEME.rulebook.facts.choice_groups[LIMB]
        assert sorted(limb for limbs in groups.values() for limb in limbs) == sorted(
            SCHEME.rulebook.facts[LIMB].choices
        )

    @pytest.mark.parametrize("limiting", [None, "s99", 43])
    def test_an_unknown_answer_leaves_all(self, limiting: FactValue | None) -> None:
        assert SCHEME.rulebook.facts.limit_choices(LIMB, limiting) is SCHEME.rulebook.facts[LIMB]

    def test_a_section_without_limbs_leaves_none(self) -> None:
        offered = SCHEME.rulebook.facts.limit_choices(LIMB, "s21")
        assert not offered.choices
        assert offered.choice_advice == "take it out, because there is none to choose"

    def test_an_error_lists_what_is_offered(self) -> None:
        with pytest.raises(InputError) as refused:
            SCHEME.rulebook.facts.parse_typed(LIMB, "trade", "s43")
        assert refused.value.message == "'trade' is not one of trade_secret, commercial_interests"
        assert refused.value.advice() == (
            "Choose trade_secret (Subsection (1)) or commercial_interests (Subsection (2))."
        )

    def test_a_label_that_several_limbs_share_in_part_means_the_one_that_is_offered(self) -> None:
        assert SCHEME.rulebook.facts.parse_typed(LIMB, "Subsection (2)", "s43") == "commercial_interests"

    def test_a_limb_of_another_section_is_taken_for_the_rules_to_judge(self) -> None:
        assert SCHEME.rulebook.facts.parse_typed(LIMB, "crime", "s43") == "crime"


class TestCures:
    def test_a_wrong_pair_gets_the_two_choices(self) -> None:
        cure = findings_on({"exemption:a.section": "s43", "exemption:a.limb": "crime"})["foia.limb_belongs"]
        assert cure == (
            "Correct the limb, or the section if that is wrong. For the limb, "
            "choose trade_secret (Subsection (1)) or commercial_interests (Subsection (2))."
        )

    def test_a_missing_limb_gets_the_choices_of_its_section(self) -> None:
        cure = findings_on({"exemption:a.section": "s38"})["foia.limb_stated"]
        assert cure == (
            "Name the limb that you rely on: choose health (Section 38(1)(a)) or safety (Section 38(1)(b))."
        )

    def test_an_exempt_section_is_not_given_away_by_its_limbs(self) -> None:
        cure = findings_on({}, {"exemption:a.section": "s38"})["foia.limb_stated"]
        assert "health" not in cure
        assert "assent scheme facts SCHEME exemption.limb" in cure


class TestDeclaring:
    def test_a_pack_groups_choices_by_a_dated_value(self) -> None:
        rules = small_rulebook(facts=FACTS_YAML + LIMITED, values=VALUE)
        assert rules.facts.choice_groups["tint"] == {"red": ("pink",), "green": ("lime",)}

    def test_errors_about_part_2_list_the_same_choices(self) -> None:
        facts = RedactingTable(manual_scheme().rulebook.facts)
        with pytest.raises(InputError, match="this value, in Part 2, must be one of hedge, tree") as refused:
            facts.parse_typed("material", "okapi", "planting")
        assert refused.value.advice() == "Choose hedge (Hedges) or tree (Trees)."

    @pytest.mark.parametrize(
        ("old", "new", "key", "words"),
        [
            ("fact: colour", "fact: nobody", "fact", "must be another fact of kind choice"),
            ("fact: colour", "fact: number", "fact", "must be another fact of kind choice"),
            ("value: hue", "value: nothing", "value", "must be a value of kind choice that depends on tint alone"),
            ("value: hue", "value: other", "value", "must be a value of kind choice that depends on tint alone"),
            ("is: green", "is: lime", "value", "can be lime, which is not one of"),
        ],
    )
    def test_what_does_not_fit_is_refused_at_its_key(self, old: str, new: str, key: str, words: str) -> None:
        other = "  other: {kind: choice, label: Other, by: [colour]}\n"
        text = (PACK_HEADER + FACTS_YAML + LIMITED + VALUE + other).replace(old, new)
        faults = [fault for fault in pack_faults(text) if fault.key == f"facts.tint.choices_by.{key}"]
        assert [words in fault.message for fault in faults] == [True]
