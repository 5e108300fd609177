"""The Smarter Working case as it was published: the findings of an audit, each with its evidence.

The case is imported from the decision form and the board's report of 2018. Facts that these do not state are absent,
and a finding that needs one names it.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

import pytest

from rules.judging.findings import Finding
from rules.language.schema_types import Outcome
from rules.packs.scheme import Scheme
from rules.packs.stated_facts import parse_stated_facts
from rules.reading.yaml_reader import YamlFile, read_yaml
from rules.values.evidence import Evidence
from rules.values.facts import FactValue
from tests.gate_findings import gate_findings

PAPER = Path(__file__).parents[2] / "decisions" / "examples" / "smarter-working-as-it-was.yaml"
Found = Mapping[tuple[str, str], Finding]


@dataclass(frozen=True)
class Expected:
    """The finding of one control on one subject: its outcome, one fact with its value, and the missing facts."""

    control: str
    outcome: Outcome
    fact: str = ""
    actual: str | None = None
    subject: str = "case"
    missing: tuple[str, ...] = ()


S43 = "exemption:s43"
NO_GROUND = "Withheld with no ground"
# S1 to S25 were found by hand in the published papers, before any of this was written; S26 once article 2(2) was read.
EXPECTED: Mapping[str, tuple[Expected, ...]] = {
    "S1 signed after the day it was required by, without a reason": (
        Expected("decision.in_time", "breached", "decision.working_days_late", "10"),
        Expected("decision.lateness_explained", "breached", "decision.late_reason"),
    ),
    "S2 required by a bank holiday": (
        Expected("decision.required_by_working_day", "breached", "required_by.day_off", "Good Friday"),
    ),
    "S3 one body approves what the other notes": (
        Expected("recommendation.verbs_agree", "breached", "recommendation.verb", "Note", "recommendation:dmpc-1b"),
    ),
    "S4 a risk that one body accepts does not reach the next, which is asked what the first was not": (
        Expected("recommendation.carried_on", "breached", "recommendation.verb_at_iab", None, "recommendation:pib-2"),
        *(
            Expected(
                "recommendation.seen_before", "breached", "recommendation.verb_at_pib", None, f"recommendation:{key}"
            )
            for key in ("dmpc-2", "dmpc-3", "dmpc-4", "dmpc-5")
        ),
    ),
    "S5 no outcome of the first board": (Expected("stages.pib_supported", "breached", "pib.outcome"),),
    "S6 no value": (Expected("paper.value_stated", "breached", "estimated_value"),),
    "S7 neither a procurement route nor a ground for changing the contract": (
        Expected(
            "procurement.modification_ground", "undetermined", "procurement_route", missing=("procurement_route",)
        ),
        Expected("procurement.route_stated", "undetermined", "procurement_route", missing=("estimated_value",)),
        Expected(
            "procurement.limit_applied",
            "breached",
            "procurement.limit_quoted",
            "form.legal: “Public contracts for goods or services with a…”",
        ),
        Expected(
            "procurement.extension_explained",
            "breached",
            "procurement.extension",
            "report.financial: “As an extension of an existing service, this…”",
        ),
    ),
    "S8 advice is certified that the declaration says was not required": (
        Expected("certificate.matches_declaration", "breached", "declaration.legal", "Legal advice is not required"),
    ),
    "S9 a declaration without a name or a day": (
        Expected("declaration.signed", "breached", "declaration.by"),
        Expected("declaration.signed", "breached", "declaration.on"),
    ),
    "S10 section 43 without its limb, its prejudice or the public-interest test": (
        Expected("foia.limb_stated", "breached", "exemption.limb", None, S43),
        Expected("foia.prejudice_stated", "undetermined", "exemption.basis", None, S43, ("exemption.limb",)),
        Expected("foia.public_interest_test", "breached", "exemption.public_interest", None, S43),
    ),
    "S11 a section of one Act cited with another": (
        Expected(
            "wording.section_with_its_act",
            "breached",
            "wording.mispaired_section",
            "report.part_2_statement: “…Order 2011 (Data Protection Section 43 –…”",
        ),
    ),
    "S12 ceases to be exempt until": (
        Expected(
            "wording.end_is_clear",
            "breached",
            "wording.unclear_end",
            "report.part_2_statement: “…will cease to be exempt until 07/03/2023.”",
        ),
    ),
    "S13 one day for the end and for the review": (
        Expected("part_2.end_and_review_apart", "breached", "part_2.release_or_review_on", "7 March 2023"),
        Expected("foia.end_or_review_set", "breached", "exemption.review_on", None, S43),
    ),
    "S14 that day is not counted from any day in the papers": (
        Expected(
            "part_2.stated_day_fits", "undetermined", "part_2.release_or_review_on", "7 March 2023", S43,
            ("part_2.made_on",),
        ),
    ),
    "S15 a marking that is no classification": (
        Expected("marking.in_use", "breached", "report.marking", "OFFICIAL – PUBLIC"),
    ),
    "S16 a marking that was retired": (
        Expected(
            "wording.no_retired_marking",
            "breached",
            "wording.retired_marking",
            "report.financial: “…is in the restricted section of the report.”",
        ),
    ),
    "S17 no deferral, and neither a reason nor a day for one, which is right": (
        Expected("deferral.complete", "satisfied", "deferral.asked", "no"),
        Expected("deferral.complete", "satisfied", "deferral.until"),
    ),
    "S18 what is withheld has no legal rationale": (
        Expected("foia.rationale_stated", "breached", "exemption.rationale", None, S43),
        Expected("foia.section_grounded", "breached", "section.standing", NO_GROUND, "section:financial"),
        Expected("foia.section_grounded", "breached", "section.standing", NO_GROUND, "section:real-estate"),
    ),
    "S19 one hour of a shift is 5% of no shift that is stated": (
        Expected("figure.whole_stated", "breached", "figure.whole", None, "figure:hour-per-shift"),
        Expected("figure.adds_up", "undetermined", "figure.percent", "5%", "figure:hour-per-shift", ("figure.whole",)),
    ),
    "S20 no equality issues, and inequality": (
        Expected(
            "equality.comments_agree",
            "breached",
            "equality.raised",
            "report.issues: “…two: the inequality that our people feel in…”",
        ),
        Expected(
            "equality.comments_agree",
            "breached",
            "equality.nothing_found",
            "form.equality: “There are no equality and diversity issues…”",
        ),
        Expected("equality.comments_agree", "breached", "equality.assessment"),
    ),
    "S21 the author owns the programme": (
        Expected(
            "author.apart_from_owner",
            "breached",
            "author.owner",
            "author: “…Reed; Senior Responsible Owner; Smarter…”",
        ),
    ),
    "S22 a background paper that is not named; the numbering, lost in scanning, is whole on the web": (
        Expected(
            "background_papers.named", "breached", "background_papers.unnamed", "form.background_papers: “Report”"
        ),
        Expected("recommendations.numbered", "satisfied", "recommendations.gap_to_dmpc"),
    ),
    "S23 interests are recorded below, and nothing stands below": (
        Expected("interests.stated", "breached", "interests.declared"),
    ),
    "S24 no reference on the form": (Expected("decision.reference_assigned", "breached", "decision.reference"),),
    "S25 a day that is promised had passed": (
        Expected("milestone.ahead", "breached", "milestone.due_on", "1 April 2018", "milestone:rollout"),
        Expected("milestone.ahead", "satisfied", "milestone.due_on", "30 June 2018", "milestone:factory"),
    ),
    "S26 commercial interests claimed under an Order that has no such exception": (
        Expected(
            "wording.exception_of_the_order",
            "breached",
            "wording.missing_exception",
            "report.part_2_statement: “…Bodies (Specified Information) Order 2011…”",
        ),
    ),
}  # fmt: skip


def stated(source: YamlFile, part: str, scheme: Scheme) -> dict[str, FactValue]:
    """The facts under one key of the file, which has no faults."""
    facts, faults = parse_stated_facts(source, (part,), source.data[part], scheme.rulebook.facts)
    assert faults == []
    return facts


@pytest.fixture(scope="module")
def source() -> YamlFile:
    return read_yaml(PAPER.read_bytes(), PAPER.name)


@pytest.fixture(scope="module")
def found(source: YamlFile, scheme: Scheme) -> Found:
    """The findings of every control on the case as it stood when it was decided."""
    public = {**scheme.authority_facts, **stated(source, "public", scheme), **stated(source, "recorded", scheme)}
    act: dict[str, FactValue] = {"case.stage": "dmpc", "act.stage": "dmpc", "act.on": public["decided_on"]}
    evidence = Evidence.from_parts({**public, **act}, stated(source, "exempt", scheme))
    return {(one.control, one.subject): one for one in gate_findings(scheme.rulebook, None, evidence)}


CASES = [
    pytest.param(expected, id=f"{name} ({expected.control})")
    for name, several in EXPECTED.items()
    for expected in several
]


@pytest.mark.parametrize("expected", CASES)
def test_each_finding_has_its_evidence(found: Found, expected: Expected) -> None:
    finding = found[expected.control, expected.subject]
    assert finding.outcome == expected.outcome
    assert (expected.fact, expected.actual) in [(seen.fact, seen.actual) for seen in finding.observed_facts]
    assert set(expected.missing) <= set(finding.missing)
    assert bool(finding.missing) is (finding.outcome == "undetermined")


def test_there_are_twenty_six_findings() -> None:
    assert [name.partition(" ")[0] for name in EXPECTED] == [f"S{number}" for number in range(1, 27)]


def test_only_the_finding_that_is_right_in_the_papers_is_satisfied() -> None:
    right = {
        name.partition(" ")[0]
        for name, several in EXPECTED.items()
        if {one.outcome for one in several} == {"satisfied"}
    }
    assert right == {"S17"}


def test_the_file_names_its_scheme_and_stage_and_keeps_the_parts_apart(source: YamlFile) -> None:
    assert list(source.data) == ["scheme", "stage", "public", "exempt", "recorded"]
    assert (source.data["scheme"], source.data["stage"], source.data["exempt"]) == ("mopac", "published", {})


def test_the_paper_states_no_recorded_fact_and_the_record_no_stated_one(source: YamlFile, scheme: Scheme) -> None:
    assert [where for where in stated(source, "public", scheme) if not scheme.may_be_stated(where)] == []
    assert [where for where in stated(source, "recorded", scheme) if scheme.may_be_stated(where)] == []


@pytest.mark.parametrize("where", ["pib.outcome", "pib.on", "iab.outcome", "decision.reference", "declaration.on"])
def test_facts_that_the_papers_do_not_state_are_absent(source: YamlFile, scheme: Scheme, where: str) -> None:
    assert where not in stated(source, "recorded", scheme)


def test_no_control_is_named_after_a_finding_of_one_case(scheme: Scheme) -> None:
    """Ids name the matter; the numbers of findings stand in this test only."""
    for control in scheme.rulebook.controls.values():
        words = (control.id, control.declaration.requirement, control.declaration.citation.note)
        assert not any(f"S{number}" in f"{words}".split() for number in range(1, 27))
